/** What is wrong with the promises of a drawn process and with the calendars they count in. */
import { isRelativeSla, isVisitEvent, targetsOf } from "../clocks/compile-sla.ts";
import { implies, neverTogether } from "./condition-solver.ts";
import { compile, type TypeScope } from "../expression/index.ts";
import { readHours } from "../calendar/calendar-hours.ts";
import { holidayCountries, hoursOf } from "../calendar/holidays.ts";
import type { CheckContext, Problem } from "./problems.ts";
import { isHuman, isStep, type Process, type ProcessCalendar, sameHours, type Sla } from "../process.ts";
import { isFieldTarget, parseTarget } from "../calendar/read-target.ts";
import { readRung } from "../clocks/rung.ts";
import { timeUse } from "../clocks/time-conditions.ts";
import { isZone } from "../calendar/zone.ts";

/** Whose zone counts when it is not a fixed one; "" is the workspace's. */
const zoneRules: readonly string[] = ["", "record", "owner", "team"];

type Say = (severity: Problem["severity"], code: string, text: string, field?: string) => void;

export function slaProblems(document: Process, context: CheckContext): Problem[] {
  const types = context.types?.(document);
  return Object.entries(document.slas).flatMap(([key, sla]) => {
    const problems: Problem[] = [];
    const node = document.nodes.find((n) => n.slas?.includes(key))?.id ?? sla.startStep;
    const at = node && document.nodes.some((n) => n.id === node) ? { node } : {};
    const say: Say = (severity, code, text, field) =>
      problems.push({ severity, code, text, ...at, field: `slas.${key}${field ? `.${field}` : ""}` });
    targets(document, sla, context, say);
    const readable = conditions(sla, types, say);
    points(document, key, sla, say);
    ladder(sla, say);
    settings(sla, say);
    if (readable) traps(sla, say);
    return problems;
  });
}

function targets(document: Process, sla: Sla, { hasField }: CheckContext, say: Say): void {
  const all = targetsOf(sla);
  all.forEach(({ target, calendar }, i) => {
    const field = i < all.length - 1 ? `targets.${i}` : undefined;
    if (isFieldTarget(target)) {
      const [object = "", name = ""] = target.trim().split(".");
      const known =
        object === "run"
          ? Object.hasOwn(document.variables, name)
          : (hasField?.(document.related[object]?.newest ?? object, name) ?? true);
      if (!known) say("error", "UNKNOWN_FIELD", `There is no field ${target.trim()}.`, field);
    } else if (!("kind" in parseTarget(target, calendar !== undefined)))
      say(
        "error",
        "BAD_DURATION",
        `The target “${target}” of “${sla.name}” is not a duration. Write 8h, 2bd or PT8H.`,
        field,
      );
    const own = sla.targets?.[i]?.calendar;
    if (own && !Object.hasOwn(document.calendars, own))
      say("error", "UNKNOWN_REFERENCE", `The calendar ${own} of the SLA ${sla.name} is not in this process.`, field);
  });
  if (!sla.calendar) say("warning", "NO_CALENDAR", `“${sla.name}” has no calendar: nights and weekends count.`);
  sla.targets?.forEach(({ when }, i) => {
    const before = sla.targets!.slice(0, i).find((earlier) => implies([when], earlier.when));
    if (before)
      say(
        "warning",
        "SLA_RULE_NEVER",
        `Target ${i + 1} of “${sla.name}” never counts: wherever it fits, an earlier one does.`,
        `targets.${i}`,
      );
  });
}

const named = ["startWhen", "appliesWhen", "stopWhen", "pauseWhen", "resumeWhen", "resetWhen", "cancelWhen"] as const;

/** Whether every condition can be read; each that cannot, or that asks for the time of day, is told. */
function conditions(sla: Sla, types: TypeScope | undefined, say: Say): boolean {
  let readable = true;
  const check = (text: string | undefined, field: string) => {
    if (!text?.trim()) return;
    const result = compile(text, types ? { types } : {});
    if (result.ok) return;
    readable = false;
    for (const problem of result.problems.slice(0, 3)) say("error", "BAD_EXPRESSION", problem.text, field);
  };
  for (const field of [...named, "startFrom" as const]) check(sla[field], field);
  sla.targets?.forEach(({ when }, i) => check(when, `targets.${i}.when`));
  const timed = [
    ...named.map((field) => [field, sla[field]] as const),
    ...(sla.targets ?? []).map(({ when }, i) => [`targets.${i}.when`, when] as const),
  ];
  for (const [field, text] of timed)
    if (text?.trim() && timeUse(text).free)
      say(
        "error",
        "SLA_USES_NOW",
        `“${sla.name}” asks for now() without comparing it with a date and time field. Use such a field, or today(): nobody could say when to look again.`,
        field,
      );
  return readable;
}

/** The steps it starts and stops at: they exist, can be reached from each other, and have the events it waits for. */
function points(document: Process, key: string, sla: Sla, say: Say): void {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const own = document.nodes.filter((node) => node.slas?.includes(key));
  for (const [field, id] of [
    ["startStep", sla.startStep],
    ["stopStep", sla.stopStep],
  ] as const) {
    const node = id === undefined ? undefined : nodes.get(id);
    if (id === undefined || (node && isStep(node.kind))) continue;
    say("error", "UNKNOWN_REFERENCE", `“${sla.name}” names the step ${id}, which is not in this process.`, field);
  }
  const samePoint = sla.starts === sla.stops && (sla.startStep ?? "") === (sla.stopStep ?? "");
  if (samePoint && !sla.resetBeforeStop)
    say("error", "SLA_NEVER_RUNS", `“${sla.name}” stops with the event that starts it, so it never runs.`);
  if (!own.length && !sla.startStep && isVisitEvent(sla.starts))
    say(
      "warning",
      "SLA_NEVER_STARTS",
      `“${sla.name}” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.`,
      "startStep",
    );
  const stopAt = sla.stopStep ? [sla.stopStep] : sla.startStep && isVisitEvent(sla.stops) ? [sla.startStep] : [];
  const stopNodes = (stopAt.length ? stopAt : own.map(({ id }) => id)).flatMap((id) => nodes.get(id) ?? []);
  if (isVisitEvent(sla.stops) && stopNodes.length && !sla.stopWhen) {
    // An automation hands work out too.
    const work = sla.stops.startsWith("work_item.") && sla.stops !== "work_item.assigned";
    if (work && stopNodes.every(({ kind }) => !isHuman(kind)))
      say(
        "error",
        "SLA_NEVER_STOPS",
        `“${sla.name}” stops with ${sla.stops}, but no person works at “${stopNodes[0]!.name || stopNodes[0]!.id}”.`,
        "stops",
      );
  }
  if (sla.startStep && sla.stopStep && nodes.has(sla.startStep) && nodes.has(sla.stopStep) && !sla.stopWhen) {
    const reached = new Set([sla.startStep]);
    for (const id of reached) for (const edge of document.edges) if (edge.from === id) reached.add(edge.to);
    if (!reached.has(sla.stopStep))
      say(
        "error",
        "SLA_NEVER_STOPS",
        `“${sla.name}” can never stop: no way leads from “${nodes.get(sla.startStep)!.name}” to “${nodes.get(sla.stopStep)!.name}”.`,
        "stopStep",
      );
  }
}

function ladder(sla: Sla, say: Say): void {
  const seen = new Set<string>();
  sla.ladder?.forEach(({ at }, i) => {
    const read = readRung(at);
    if (!read.ok) say("error", "BAD_RUNG", read.text, `ladder.${i}`);
    if (seen.has(at.trim()))
      say(
        "error",
        "BAD_RUNG",
        `“${sla.name}” has the rung ${at.trim()} twice. Put what it does into one.`,
        `ladder.${i}`,
      );
    seen.add(at.trim());
  });
}

/** Settings that contradict each other. */
function settings(sla: Sla, say: Say): void {
  const pauses = Boolean(sla.pauses) || given(sla.pauseWhen);
  if (pauses && isRelativeSla(sla))
    say(
      "error",
      "SLA_RELATIVE_PAUSE",
      `“${sla.name}” is due at a point in time, which no pause moves. Take the pause away, or give it a duration.`,
      "pauseWhen",
    );
  const resumes = Boolean(sla.resumes) || given(sla.resumeWhen);
  if ((sla.resume === "resume_matches" || (sla.pauses && !given(sla.pauseWhen))) && pauses && !resumes)
    say(
      "error",
      "SLA_NEVER_RESUMES",
      `“${sla.name}” can be paused but never goes on. Say what makes it go on.`,
      "resumes",
    );
  const cancels = Boolean(sla.cancels) || given(sla.cancelWhen);
  if (cancels && sla.cancel !== "cancel_matches")
    say(
      "warning",
      "SLA_CANCEL_UNUSED",
      `“${sla.name}” has a cancel condition that is not used: it is set to be cancelled in another way.`,
      "cancel",
    );
  if (!cancels && sla.cancel === "cancel_matches")
    say(
      "warning",
      "SLA_NEVER_CANCELS",
      `“${sla.name}” is to be cancelled by a condition, but there is none.`,
      "cancel",
    );
}

const given = (text: string | undefined): text is string => Boolean(text?.trim()) && text!.trim() !== "false";

/**
 * The traps of its conditions (semantics, section 1), as far as they can be proved: `start: open`, `pause: open and waiting` is
 * the normal case and none of them.
 */
function traps(sla: Sla, say: Say): void {
  const start = [sla.appliesWhen, sla.startWhen].filter((text) => text?.trim()) as string[];
  const asked = start.map((text) => ({ text }));
  const byStart = (sla.cancel ?? "start_no_longer_holds") === "start_no_longer_holds";
  if (start.length && neverTogether(asked)) {
    say(
      "error",
      "SLA_NEVER_STARTS",
      `“${sla.name}” never starts: its start conditions cannot hold together.`,
      "startWhen",
    );
    return;
  }
  if (given(sla.stopWhen)) {
    if (neverTogether([{ text: sla.stopWhen }])) {
      if (sla.stops === "run.completed" || sla.stops === "step.completed")
        say("warning", "SLA_NEVER_STOPS", `The stop condition of “${sla.name}” can never hold.`, "stopWhen");
      else say("error", "SLA_NEVER_STOPS", `The stop condition of “${sla.name}” can never hold.`, "stopWhen");
    } else if (implies(start, sla.stopWhen))
      say(
        "error",
        "SLA_START_STOPS",
        `“${sla.name}” never attaches: whenever its start holds, its stop condition holds too.`,
        "stopWhen",
      );
  }
  if (given(sla.pauseWhen)) {
    if (neverTogether([{ text: sla.pauseWhen }]))
      say("error", "SLA_NEVER_PAUSES", `The pause condition of “${sla.name}” can never hold.`, "pauseWhen");
    else if ((byStart || start.length === 0) && implies(start, sla.pauseWhen))
      say(
        "error",
        "SLA_START_PAUSES",
        start.length
          ? `“${sla.name}” never runs: whenever its start holds it is paused, and when that ends it is cancelled.`
          : `“${sla.name}” never runs: its pause condition always holds.`,
        "pauseWhen",
      );
    else if (byStart && start.length && neverTogether([...asked, { text: sla.pauseWhen }]))
      say(
        "error",
        "SLA_NEVER_PAUSES",
        `“${sla.name}” never pauses: its pause condition cannot hold while its start does, so it is cancelled instead. Choose another way to cancel it, or change one of the two.`,
        "pauseWhen",
      );
  }
  if (given(sla.resetWhen) && start.length && neverTogether([...asked, { text: sla.resetWhen }]))
    say(
      "error",
      "SLA_NEVER_RESETS",
      `“${sla.name}” is never reset: that needs its start to hold too, and both cannot.`,
      "resetWhen",
    );
}

export function calendarProblems(document: Process, context: CheckContext): Problem[] {
  return Object.entries(document.calendars).flatMap(([key, drawn]) => {
    const problems: Problem[] = [];
    const field = `calendars.${key}`;
    const wrong = calendarProblem(drawn);
    if (wrong) problems.push({ severity: "error", code: "BAD_CALENDAR", text: wrong, field });
    const shared = context.sharedCalendar?.(document.key, key);
    if (shared && !sameHours(shared, drawn))
      problems.push({
        severity: "warning",
        code: "SHARED_CALENDAR",
        text: `The workspace has a calendar “${key}” of its own: its hours count, not those drawn here. Change it in the settings, or give this one another key.`,
        field,
      });
    return problems;
  });
}

/** Why this calendar cannot be used, in one sentence; null when it can. */
export function calendarProblem(definition: ProcessCalendar): string | null {
  const { holidays, zone } = definition;
  if (holidays !== "none" && holidays !== "by_country" && !holidayCountries.includes(holidays))
    return `There are no public holidays for “${holidays}”. Choose a country of the list.`;
  if (!zoneRules.includes(zone) && !isZone(zone)) return `There is no time zone “${zone}”.`;
  const read = readHours(hoursOf(definition, holidays));
  return read.ok ? null : (read.problems[0]?.text ?? "This calendar cannot be used.");
}
