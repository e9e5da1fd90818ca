/** An SLA definition, compiled once: whose clock it is, its six conditions, and what has to be looked at when. */
import type { Compiled } from "../expression/index.ts";
import type { Sla } from "../process.ts";
import { isFieldTarget, isRelative, parseTarget } from "../calendar/read-target.ts";
import { readRung, type Rung } from "./rung.ts";
import { timeUse } from "./time-conditions.ts";

/** One of the six conditions: an event (`step.completed:review` = of that step), a FEEL condition, or both. */
export type Clause = { event: string | null; when: Compiled | null };

export type CompiledSla = {
  key: string;
  sla: Sla;
  /** Whose clock it is, by its events (semantics, section 1): one visit's, or the whole run's. */
  subject: "visit" | "run";
  start: Clause;
  /** Part of the start: the clock still counts from the start event. */
  applies: Compiled | null;
  from: Compiled | null;
  stop: Clause;
  pause: Clause;
  resume: Clause;
  reset: Clause;
  cancel: Clause;
  targets: readonly { when: Compiled | null; target: string; calendar: string | undefined }[];
  ladder: readonly Rung[];
  /** Every event it names. */
  events: ReadonlySet<string>;
  /** Some condition of it has to be looked at when a record changes. */
  looks: boolean;
  /**
   * Conditions that change by time alone: at midnights, or when `now()` passes one of these fields. `reads`: every name they read,
   * among which may be a count of days.
   */
  time: { today: boolean; fields: readonly Compiled[]; reads: readonly string[] };
};

type Optional = (text: string | undefined) => Compiled | null;

export function compileSla(key: string, sla: Sla, compiled: Optional): CompiledSla {
  const condition = (text: string | undefined) => (text?.trim() === "false" ? null : compiled(text));
  const event = (name: string | undefined, step?: string) => (name ? (step ? `${name}:${step}` : name) : null);
  const relative = isRelativeSla(sla);
  const start: Clause = { event: event(sla.starts, sla.startStep), when: compiled(sla.startWhen) };
  const stop: Clause = { event: event(sla.stops, sla.stopStep), when: condition(sla.stopWhen) };
  // Refused while drawing; a version of an older release may still have it.
  const pause: Clause = relative
    ? { event: null, when: null }
    : { event: event(sla.pauses), when: condition(sla.pauseWhen) };
  const resume: Clause = { event: event(sla.resumes), when: condition(sla.resumeWhen) };
  const reset: Clause = { event: event(sla.resets), when: condition(sla.resetWhen) };
  const byMatch = sla.cancel === "cancel_matches";
  const cancel: Clause = {
    event: byMatch ? event(sla.cancels) : null,
    when: byMatch ? condition(sla.cancelWhen) : null,
  };
  const targets = (sla.targets ?? []).map(({ when, target, calendar }) => ({ when: compiled(when), target, calendar }));
  const clauses = [start, stop, pause, resume, reset, cancel];
  const texts = [
    sla.startWhen,
    sla.appliesWhen,
    sla.stopWhen,
    sla.pauseWhen,
    sla.resumeWhen,
    sla.resetWhen,
    byMatch ? sla.cancelWhen : undefined,
    ...(sla.targets ?? []).map(({ when }) => when),
  ].filter((text) => text !== undefined);
  const uses = texts.map(timeUse);
  const applies = compiled(sla.appliesWhen);
  const subject =
    !sla.stopStep &&
    !(sla.startStep && !isVisitEvent(sla.stops)) &&
    (sla.stops === "step.completed" || sla.stops.startsWith("work_item."))
      ? "visit"
      : "run";
  return {
    key,
    sla,
    subject,
    start,
    applies,
    from: compiled(sla.startFrom),
    stop,
    pause,
    resume,
    reset,
    cancel,
    targets,
    ladder: (sla.ladder ?? []).flatMap(({ at }) => {
      const read = readRung(at);
      return read.ok ? read.rung : [];
    }),
    events: new Set(clauses.flatMap(({ event: name }) => name ?? [])),
    looks: applies !== null || targets.length > 0 || clauses.some(({ when }) => when !== null) || needsDate(sla),
    time: {
      today: uses.some(({ today }) => today),
      fields: [...new Set(uses.flatMap(({ fields }) => fields))].flatMap((field) => compiled(field) ?? []),
      reads: [applies, ...clauses.map(({ when }) => when), ...targets.map(({ when }) => when)].flatMap(
        (condition) => condition?.reads ?? [],
      ),
    },
  };
}

/** An event of one stay in a step. */
export const isVisitEvent = (event: string): boolean => event.startsWith("step.") || event.startsWith("work_item.");

/** Every target of a definition with the calendar it is read in. */
export const targetsOf = (sla: Sla): { target: string; calendar: string | undefined }[] => [
  ...(sla.targets ?? []).map(({ target, calendar }) => ({ target, calendar: calendar ?? sla.calendar })),
  { target: sla.target, calendar: sla.calendar },
];

/** Whether it is due at a point in time rather than after an amount: such a clock cannot be paused. */
export const isRelativeSla = (sla: Sla): boolean =>
  targetsOf(sla).some(({ target, calendar }) => {
    if (isFieldTarget(target)) return true;
    const read = parseTarget(target, calendar !== undefined);
    return "kind" in read && isRelative(read);
  });

/** A target that is a date of the record waits until there is one. */
const needsDate = (sla: Sla): boolean => targetsOf(sla).some(({ target }) => isFieldTarget(target));
