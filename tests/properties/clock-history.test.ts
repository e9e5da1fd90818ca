/**
 * Whole clocks against a reference that knows nothing of ours: random calendars with holidays and special hours, zones around
 * their changes of the clock, and histories of pauses, resets, stops and goal switches of up to ten days. The reference walks
 * minute by minute (and to the second where something happens) and counts; the engine decides, fires its timers and computes.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { compileCalendar } from "@/server/engine/calendar/calendar.ts";
import { type CalendarDefinition, type Interval, weekdays } from "@/server/engine/calendar/calendar-hours.ts";
import { elapsed } from "@/server/engine/clocks/sla.ts";
import { type ClockBench, clockBench, iso } from "../support/clock-bench.ts";
import { replayed } from "../support/replayed.ts";
import { type MinuteMap, minuteMap, places } from "../support/minute-map.ts";

const [second, minute, day] = [1000, 60_000, 86_400_000];
const longestSeconds = (10 * day) / second;
const numRuns = process.env.TEST_LONG ? 20_000 : process.env.TEST_SHORT ? 100 : 500;

const text = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
const intervals: fc.Arbitrary<Interval[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 288 }), { minLength: 0, maxLength: 6 })
  .map((times) => {
    const sorted = times.toSorted((a, b) => a - b);
    return Array.from({ length: Math.floor(sorted.length / 2) }, (_, i) => ({
      from: text(sorted[2 * i]! * 5),
      to: text(sorted[2 * i + 1]! * 5),
    }));
  });
const whats = ["pause", "resume", "reset", "stop", "hot", "cold"] as const;
const history = fc.record({
  place: fc.constantFrom(...places),
  week: fc.record(Object.fromEntries(weekdays.map((name) => [name, intervals]))),
  holidays: fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 2 }),
  special: fc.array(fc.tuple(fc.integer({ min: -6, max: 6 }), intervals), { maxLength: 2 }),
  start: fc.integer({ min: 0, max: (4 * day) / second }),
  length: fc.integer({ min: 0, max: longestSeconds }),
  target: fc.integer({ min: 1, max: (2 * day) / second }),
  hotTarget: fc.integer({ min: 1, max: day / second }),
  happenings: fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: longestSeconds }),
      // A stop ends it all: seldom.
      fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...whats) },
        { weight: 1, arbitrary: fc.constant("stop" as const) },
      ),
    ),
    { maxLength: 12 },
  ),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

/** One cycle as both tell it; ms and instants. */
type Cycle = {
  startedAt: number;
  state: string;
  stoppedAt: number | null;
  business: number;
  wall: number;
  breachedAt: number | null;
  warnedAt: number | null;
};

function build({ place: [zone, date], ...given }: History) {
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
  const happenings = [...new Map(given.happenings.map(([s, what]) => [from + s * second, what])).entries()]
    .filter(([at]) => at <= to)
    .sort(([a], [b]) => a - b);
  return { zone, definition, calendar: compiled.calendar, from, to, happenings, given };
}
type Built = NonNullable<ReturnType<typeof build>>;

/** The engine: one promise on one step, its conditions read fields of the lead. */
function decided({ zone, definition, calendar, from, to, happenings, given }: Built): Cycle[] {
  const bench = clockBench(
    "ask:task\nstart -> ask -> done",
    {
      slas: {
        p: {
          name: "P",
          target: `PT${given.target}S`,
          targets: [{ when: "lead.fit_score = 1", target: `PT${given.hotTarget}S` }],
          calendar: "own",
          pauseWhen: "lead.do_not_contact = true",
          resets: "lead.recycled",
          stopWhen: 'lead.need_summary = "done"',
          warnAt: [50],
        },
      },
      calendars: {
        own: {
          zone,
          week: given.week,
          holidays: "none",
          closed: [...new Set(definition.holidays)].map((date) => ({ date })),
          special: Object.entries(definition.special ?? {}).map(([date, hours]) => ({ date, hours })),
        },
      },
      nodes: { ask: { slas: ["p"] } },
    },
    { start: iso(from)! },
  );
  for (const [at, what] of happenings) {
    bench.to(at);
    if (what === "pause") bench.change({ do_not_contact: true });
    else if (what === "resume") bench.change({ do_not_contact: false });
    else if (what === "hot") bench.change({ fit_score: 1 });
    else if (what === "cold") bench.change({ fit_score: 0 });
    else if (what === "stop") bench.change({ need_summary: "done" });
    else bench.tell("lead.recycled");
  }
  bench.to(to);
  sameAgain(bench);
  const warned = new Map<string, number>();
  for (const event of bench.events)
    if (event.type === "ClockWarned" && !warned.has(event.data.id)) warned.set(event.data.id, event.due ?? event.at);
  return bench.clocks().map((clock) => ({
    startedAt: clock.startedAt,
    state: clock.state,
    stoppedAt: clock.stoppedAt ?? null,
    ...elapsed(clock, calendar, to),
    breachedAt: clock.breachedAt ?? null,
    warnedAt: warned.get(clock.id) ?? null,
  }));
}

/** Computed anew from the log the same clocks come out, to the last field. */
function sameAgain(bench: ClockBench): void {
  const plain = (clocks: readonly object[]): unknown => JSON.parse(JSON.stringify(clocks));
  const stand = bench.clocks().map(({ id, sla, visit: _visit, ...clock }) => ({ id, sla, clock }));
  expect(plain(replayed(bench).map(({ id, sla, clock }) => ({ id, sla, clock })))).toEqual(plain(stand));
}

/** The reference: it counts what passes, and looks at nothing but the minute map and the list of what happened. */
function walked({ zone, definition, from, to, happenings, given }: Built): Cycle[] {
  const map = minuteMap(definition, zone, from, to);
  const cycles: Cycle[] = [];
  let paused = false;
  let hot = false;
  let stopped = false;
  const begin = (at: number) =>
    cycles.push({
      startedAt: at,
      state: "in_progress",
      stoppedAt: null,
      business: 0,
      wall: 0,
      breachedAt: null,
      warnedAt: null,
    });
  const end = (at: number) => Object.assign(cycles.at(-1)!, { state: "completed", stoppedAt: at });
  begin(from);
  let last = from;
  for (const [at, what] of [...happenings, [to, "end"] as const]) {
    pass(map, cycles.at(-1)!, last, at, paused || stopped, (hot ? given.hotTarget : given.target) * second);
    last = at;
    if (stopped || what === "end") continue;
    if (what === "pause" || what === "resume") {
      paused = what === "pause";
      cycles.at(-1)!.state = paused ? "paused" : "in_progress";
    } else if (what === "stop") {
      end(at);
      stopped = true;
    } else if (what === "reset") {
      end(at);
      begin(at);
      if (paused) cycles.at(-1)!.state = "paused";
    } else hot = what === "hot";
    const clock = cycles.at(-1)!;
    const target = (hot ? given.hotTarget : given.target) * second;
    // A switch to a goal that is used up: it was breached when the work reached it, and warns now if it is not paused.
    if (!stopped && (what === "hot" || what === "cold")) {
      if (clock.breachedAt === at) clock.breachedAt = null; // due now is not breached yet, and the switch moves it
      if (clock.breachedAt === null && clock.business >= target)
        clock.breachedAt = reachedAt(map, cycles.at(-1)!, at, target, happenings);
      if (clock.warnedAt === null && !paused && clock.business >= Math.ceil(target / 2)) clock.warnedAt = at;
    }
    // What was reached while it stood still rings when it goes on.
    if (what === "resume" && clock.warnedAt === null && clock.business >= Math.ceil(target / 2)) clock.warnedAt = at;
  }
  return cycles;
}

/** Lets time pass in steps within which the calendar neither opens nor closes. */
function pass(map: MinuteMap, clock: Cycle, from: number, to: number, still: boolean, target: number): void {
  if (still) return;
  const half = Math.ceil(target / 2);
  for (let at = from; at < to; ) {
    const next = Math.min(to, (Math.floor(at / minute) + 1) * minute);
    clock.wall += next - at;
    if (map.open(at)) {
      const before = clock.business;
      clock.business += next - at;
      if (clock.warnedAt === null && before < half && clock.business >= half) clock.warnedAt = at + half - before;
      // Due when the last of it is used; breached a millisecond later, whatever the calendar does then.
      if (clock.breachedAt === null && before < target && clock.business >= target)
        clock.breachedAt = at + target - before;
    }
    at = next;
  }
}

/** When this cycle's work had reached that much: it is walked again from its start. */
function reachedAt(map: MinuteMap, cycle: Cycle, to: number, target: number, happenings: Built["happenings"]): number {
  const again: Cycle = { ...cycle, business: 0, wall: 0, breachedAt: null, warnedAt: 0 };
  let paused =
    happenings.findLast(([at, what]) => at <= cycle.startedAt && (what === "pause" || what === "resume"))?.[1] ===
    "pause";
  let last = cycle.startedAt;
  for (const [at, what] of [...happenings.filter(([at]) => at > cycle.startedAt && at <= to), [to, "end"] as const]) {
    pass(map, again, last, at, paused, target);
    last = at;
    if (what === "pause" || what === "resume") paused = what === "pause";
  }
  return again.breachedAt!;
}

/** A breach that is due exactly at the end, or at the stop, has not happened: now = due is in time. */
function told(cycle: Cycle, to: number): Cycle {
  const last = cycle.stoppedAt ?? to;
  return cycle.breachedAt !== null && cycle.breachedAt >= last ? { ...cycle, breachedAt: null } : cycle;
}

it(`a clock agrees with a reference on ${numRuns} random histories of up to ten days`, () => {
  fc.assert(
    fc.property(history, (given) => {
      const built = build(given);
      if (!built) return;
      expect(decided(built)).toEqual(walked(built).map((cycle) => told(cycle, built.to)));
    }),
    { numRuns },
  );
}, 3_600_000);
