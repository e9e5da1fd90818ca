/**
 * Answers a file of SLA cases: calendars by name, and lists of questions about due instants, elapsed time and status. The rules
 * are the `semantics` list of such a file. A case that cannot be answered says why; the others go on.
 */
import { z } from "zod";
import {
  addOpenTime,
  type BusinessCalendar,
  compileCalendar,
  nextOpening,
  openTime,
} from "@/server/engine/calendar/calendar.ts";
import type { Target } from "@/server/engine/calendar/calendar-target.ts";
import { elapsed, pauseClock, resumeClock, type SlaClock, startClock, status } from "@/server/engine/clocks/sla.ts";
import { wallAt } from "@/server/engine/calendar/zone.ts";
import { readNamedJson } from "./read-file.ts";
import { refuse, type Verb } from "./verb.ts";

const instant = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (Number.isNaN(at)) context.addIssue({ code: "custom", message: `“${text}” is not an instant.` });
  return at;
});
const day = z.array(z.tuple([z.string(), z.string()]).transform(([from, to]) => ({ from, to })));
const calendarForm = z.object({
  timezone: z.string(),
  hours: z.partialRecord(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), day),
  holidays: z.array(z.string()).default([]),
  special_hours: z.record(z.string(), day).default({}),
});
/** The name of one of the file's calendars, or a calendar of the case's own. */
const calendarOfCase = z.union([z.string(), z.record(z.string(), z.unknown())]);
const pauses = z.array(z.object({ from: instant, to: instant.nullable() })).default([]);

const dueCase = z.object({
  id: z.string(),
  calendar: calendarOfCase,
  start_utc: instant,
  unit: z.enum(["business_seconds", "business_days_eod", "calendar_seconds"]),
  amount: z.number().nonnegative(),
  pauses,
});
const instantCase = z.discriminatedUnion("op", [
  z.object({
    id: z.string(),
    calendar: calendarOfCase,
    op: z.literal("add_seconds"),
    start: instant,
    seconds: z.number(),
  }),
  z.object({ id: z.string(), calendar: calendarOfCase, op: z.literal("next_working_instant"), start: instant }),
]);
const elapsedCase = z.object({ id: z.string(), calendar: calendarOfCase, from_utc: instant, to_utc: instant, pauses });
const statusCase = z.object({
  id: z.string(),
  calendar: calendarOfCase,
  start_utc: instant,
  target_seconds: z.number().nonnegative(),
  pauses,
  now_utc: instant,
});
const file = z.object({
  calendars: z.record(z.string(), z.unknown()).default({}),
  cases: z.array(z.unknown()).default([]),
  elapsed_cases: z.array(z.unknown()).default([]),
  status_cases: z.array(z.unknown()).default([]),
});

/** Instants as `2026-03-09T09:10:00Z`, times in seconds; `due` is the due instant in the calendar's zone. */
export type SlaAnswer = { id: string } & (
  | { due_utc: string | null; due: string | null; state: "due" | "paused"; remaining_seconds?: number }
  | { instant: string }
  | { business_seconds: number }
  | { due_utc: string | null; consumed_seconds: number; status: string }
  | { error: string }
);

/** One answer a case, in the order of the file; refused when it is no such file. */
export function runSlaCases(json: unknown): { ok: true; answers: SlaAnswer[] } | { ok: false; text: string } {
  const read = file.safeParse(json);
  const lists = read.success && [...read.data.cases, ...read.data.elapsed_cases, ...read.data.status_cases];
  if (!lists || !lists.length)
    return {
      ok: false,
      text: "This is not a file of SLA cases: it needs a list cases, elapsed_cases or status_cases.",
    };
  const calendarOf = calendarsOf(read.data.calendars);
  const { cases, elapsed_cases, status_cases } = read.data;
  return {
    ok: true,
    answers: [
      ...cases.map((each) =>
        isInstantCase(each)
          ? answer(instantCase, each, calendarOf, answerInstant)
          : answer(dueCase, each, calendarOf, answerDue),
      ),
      ...elapsed_cases.map((each) => answer(elapsedCase, each, calendarOf, answerElapsed)),
      ...status_cases.map((each) => answer(statusCase, each, calendarOf, answerStatus)),
    ],
  };
}

const largest = 50_000_000;

export const verb: Verb = {
  usage: "sla run CASES.json",
  about: "Answer a file of SLA cases, one JSON line a case: when it is due, what has elapsed, how it stands",
  arguments: { least: 1, most: 1 },
  async run({ files: [name = ""] }) {
    const read = await readNamedJson(name, largest);
    if (!read.ok) return refuse(read.text);
    const result = runSlaCases(read.json);
    if (!result.ok) return refuse(`${name}: ${result.text}`);
    return { text: result.answers.map((answer) => JSON.stringify(answer)).join("\n") };
  },
};

type CalendarRead = { ok: true; calendar: BusinessCalendar } | { ok: false; text: string };
type CalendarOf = (calendar: z.infer<typeof calendarOfCase>) => CalendarRead;

function calendarsOf(named: Record<string, unknown>): CalendarOf {
  const compiled = new Map<string, CalendarRead>();
  const compile = (form: unknown): CalendarRead => {
    const read = calendarForm.safeParse(form);
    if (!read.success) return { ok: false, text: sentence(read.error) };
    const { timezone, hours, holidays, special_hours } = read.data;
    const result = compileCalendar({ week: hours, holidays, special: special_hours }, timezone);
    return result.ok ? result : { ok: false, text: result.problems.map(({ text }) => text).join(" ") };
  };
  return (calendar) => {
    if (typeof calendar !== "string") return compile(calendar);
    let known = compiled.get(calendar);
    if (!known) {
      const own = Object.hasOwn(named, calendar);
      compiled.set(
        calendar,
        (known = own ? compile(named[calendar]) : { ok: false, text: `There is no calendar “${calendar}”.` }),
      );
    }
    return known;
  };
}

const isInstantCase = (each: unknown): boolean => typeof each === "object" && each !== null && "op" in each;

function answer<Case extends { id: string; calendar: z.infer<typeof calendarOfCase> }>(
  form: z.ZodType<Case>,
  each: unknown,
  calendarOf: CalendarOf,
  reply: (question: Case, calendar: BusinessCalendar) => SlaAnswer,
): SlaAnswer {
  const read = form.safeParse(each);
  if (!read.success) return { id: idOf(each), error: sentence(read.error) };
  const found = calendarOf(read.data.calendar);
  return found.ok ? reply(read.data, found.calendar) : { id: read.data.id, error: found.text };
}

const idOf = (each: unknown): string =>
  typeof each === "object" && each !== null && "id" in each && typeof each.id === "string" ? each.id : "";

const sentence = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${path.length ? `${path.join(".")}: ` : ""}${message}`).join(" ");

function answerDue(question: z.infer<typeof dueCase>, calendar: BusinessCalendar): SlaAnswer {
  const { id, start_utc: start, unit, amount } = question;
  const found = (at: number): SlaAnswer => ({ id, due_utc: utc(at), due: local(calendar.zone, at), state: "due" });
  if (unit === "calendar_seconds") return found(start + amount * 1000);
  if (unit === "business_days_eod")
    return found(begin(calendar, start, { kind: "end_of_business_day", days: amount }).originalDueAt);
  const clock = run(calendar, start, amount, question.pauses, Number.POSITIVE_INFINITY);
  if (clock.dueAt !== undefined) return found(clock.dueAt);
  const left = clock.targetMs - elapsed(clock, calendar, start).business;
  return { id, due_utc: null, due: null, state: "paused", remaining_seconds: left / 1000 };
}

function answerInstant(question: z.infer<typeof instantCase>, calendar: BusinessCalendar): SlaAnswer {
  switch (question.op) {
    case "add_seconds":
      return { id: question.id, instant: utc(addOpenTime(calendar, question.start, question.seconds * 1000)) };
    case "next_working_instant":
      return { id: question.id, instant: utc(nextOpening(calendar, question.start)) };
    default:
      return question satisfies never;
  }
}

function answerElapsed(
  { id, from_utc: from, to_utc: to, ...question }: z.infer<typeof elapsedCase>,
  calendar: BusinessCalendar,
): SlaAnswer {
  const paused = disjoint(question.pauses, from, to).reduce(
    (sum, [start, end]) => sum + openTime(calendar, start, end),
    0,
  );
  return { id, business_seconds: (openTime(calendar, from, to) - paused) / 1000 };
}

function answerStatus(question: z.infer<typeof statusCase>, calendar: BusinessCalendar): SlaAnswer {
  const { id, start_utc: start, target_seconds: target, now_utc: now } = question;
  const clock = run(calendar, start, target, question.pauses, now);
  const whole = run(calendar, start, target, question.pauses, Number.POSITIVE_INFINITY);
  return {
    id,
    due_utc: whole.dueAt === undefined ? null : utc(whole.dueAt),
    consumed_seconds: elapsed(clock, calendar, now).business / 1000,
    status: status(clock, now),
  };
}

const begin = (calendar: BusinessCalendar, startedAt: number, target: Target): SlaClock =>
  startClock({ policy: "case", cycle: 1, startedAt, target, rungs: [], calendar: null }, calendar);

/** A clock with every pause up to an instant behind it. */
function run(
  calendar: BusinessCalendar,
  start: number,
  seconds: number,
  list: z.infer<typeof pauses>,
  until: number,
): SlaClock {
  let clock = begin(calendar, start, { kind: "open_time", ms: seconds * 1000 });
  for (const [from, to] of disjoint(list, start, Number.POSITIVE_INFINITY)) {
    if (from > until) break;
    clock = pauseClock(clock, from);
    if (to <= until && to < Number.POSITIVE_INFINITY) clock = resumeClock(clock, calendar, to);
  }
  return clock;
}

/** Pauses inside [from, to) in order, those that touch or overlap as one; one without an end lasts for ever. */
function disjoint(list: z.infer<typeof pauses>, from: number, to: number): [number, number][] {
  const spans = list
    .map((pause): [number, number] => [Math.max(from, pause.from), Math.min(to, pause.to ?? Number.POSITIVE_INFINITY)])
    .filter(([start, end]) => end > start)
    .sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [start, end] of spans) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

const utc = (at: number): string => new Date(at).toISOString().replace(/\.000Z$/, "Z");

/** `2026-03-09T09:10:00+01:00`: what the wall clock shows in the zone, and how far that is from UTC. */
function local(zone: string, at: number): string {
  const wall = wallAt(zone, at);
  const minutes = Math.round((wall - at) / 60_000);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  return `${new Date(wall).toISOString().slice(0, 19)}${minutes < 0 ? "-" : "+"}${two(hours)}:${two(rest)}`;
}
