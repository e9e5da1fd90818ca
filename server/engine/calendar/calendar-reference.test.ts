/**
 * The clock against a reference that knows nothing of ours: it asks Intl for the offset of every quarter of an hour, marks each
 * minute open or closed, and walks second by second.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BusinessCalendar, compileCalendar, isOpen, nextOpening, openTime } from "./calendar.ts";
import { type MinuteMap, minuteMap, places } from "../../../tests/support/minute-map.ts";
import { type CalendarDefinition, type Interval, weekdays } from "./calendar-hours.ts";
import { elapsed, pauseClock, resumeClock, type SlaClock, startClock, status } from "../clocks/sla.ts";

const [second, day] = [1000, 86_400_000];

type Reference = MinuteMap;
const reference = minuteMap;

const clockTime = fc.integer({ min: 0, max: 96 }).map((q) => q * 15);
const text = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
/** Up to three disjoint intervals of a day. */
const intervals: fc.Arbitrary<Interval[]> = fc.uniqueArray(clockTime, { minLength: 0, maxLength: 6 }).map((times) => {
  const sorted = times.toSorted((a, b) => a - b);
  return Array.from({ length: Math.floor(sorted.length / 2) }, (_, i) => ({
    from: text(sorted[2 * i]!),
    to: text(sorted[2 * i + 1]!),
  }));
});
const dayNear = fc.integer({ min: -6, max: 6 });

/** Longest history in days. */
const longest = process.env.TEST_LONG ? 10 : 4;

const history = fc.record({
  place: fc.constantFrom(...places),
  week: fc.record(Object.fromEntries(weekdays.map((name) => [name, intervals]))),
  holidays: fc.array(dayNear, { maxLength: 2 }),
  special: fc.array(fc.tuple(dayNear, intervals), { maxLength: 2 }),
  /** Seconds from four days before the change. */
  start: fc.integer({ min: 0, max: (6 * day) / second }),
  length: fc.integer({ min: 0, max: (longest * day) / second }),
  target: fc.integer({ min: 1, max: (2 * day) / second }),
  pauses: fc.array(
    fc.tuple(fc.integer({ min: 0, max: (4 * day) / second }), fc.integer({ min: 1, max: day / second })),
    {
      maxLength: 3,
    },
  ),
});

type Case = { calendar: BusinessCalendar; truth: Reference; from: number; to: number; pauses: [number, number][] };

function build({
  place: [zone, date],
  ...given
}: typeof history extends fc.Arbitrary<infer T> ? T : never): Case | null {
  const change = Date.parse(date);
  const near = (days: number) => new Date(change + days * day).toISOString().slice(0, 10);
  const definition: CalendarDefinition = {
    week: given.week,
    holidays: given.holidays.map(near),
    special: Object.fromEntries(given.special.map(([days, hours]) => [near(days), hours])),
  };
  const compiled = compileCalendar(definition, zone);
  if (!compiled.ok) return null; // no hours at all: refused, and nothing to compare
  const from = change - 4 * day + given.start * second;
  const to = from + given.length * second;
  let last = from - second;
  const pauses: [number, number][] = [];
  for (const [start, length] of given.pauses.toSorted(([a], [b]) => a - b)) {
    const begin = Math.max(last + second, from + start * second);
    const end = begin + length * second;
    if (end <= to) pauses.push([begin, end]);
    last = Math.max(last, end);
  }
  return { calendar: compiled.calendar, truth: reference(definition, zone, from, to), from, to, pauses };
}

const numRuns = process.env.TEST_LONG ? 20_000 : 500;

describe("a clock agrees with one that walks second by second", () => {
  it(`on ${numRuns} random calendars, zones and histories around changes of the clocks`, () => {
    fc.assert(
      fc.property(history, (given) => {
        const built = build(given);
        if (!built) return;
        const { calendar, truth, from, to, pauses } = built;
        const walked = walk(truth, from, to, pauses, given.target);
        expect(openTime(calendar, from, to) / second).toBe(walked.open);
        expect(isOpen(calendar, to)).toBe(truth.open(to));
        if (walked.firstOpen !== null) expect(nextOpening(calendar, from)).toBe(walked.firstOpen);
        const clock = play(calendar, from, given.target, pauses);
        expect(elapsed(clock, calendar, to).business / second).toBe(walked.running);
        expect(clock.dueAt !== undefined && clock.dueAt <= to ? clock.dueAt : null).toBe(walked.due);
        expect(status(clock, to) === "breached").toBe(walked.due !== null && walked.due < to);
      }),
      { numRuns },
    );
  }, 600_000);
});

function play(calendar: BusinessCalendar, startedAt: number, target: number, pauses: [number, number][]): SlaClock {
  let clock = startClock(
    { policy: "p", cycle: 1, startedAt, target: { kind: "open_time", ms: target * second }, rungs: [], calendar: null },
    calendar,
  );
  for (const [from, to] of pauses) clock = resumeClock(pauseClock(clock, from), calendar, to);
  return clock;
}

/** Seconds open and seconds running in [from, to), and the instant at which `target` of the running ones had passed. */
function walk(truth: Reference, from: number, to: number, pauses: [number, number][], target: number) {
  let [open, running] = [0, 0];
  let due: number | null = null;
  let firstOpen: number | null = null;
  for (let at = from; at < to; at += second) {
    if (!truth.open(at)) continue;
    firstOpen ??= at;
    open++;
    if (pauses.some(([start, end]) => start <= at && at < end)) continue;
    running++;
    if (running === target) due = at + second;
  }
  return { open, running, due, firstOpen };
}
