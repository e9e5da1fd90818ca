import { describe, expect, it } from "vitest";
import { always, compileCalendar } from "./calendar.ts";
import type { Target } from "./calendar-target.ts";
import {
  breachClock,
  cancelClock,
  elapsed,
  nextTimers,
  pauseClock,
  resumeClock,
  type SlaClock,
  startClock,
  status,
  stopClock,
  warnClock,
} from "./sla.ts";

const at = (text: string) => Date.parse(`${text}Z`);
const iso = (instant: number | undefined) =>
  instant === undefined ? undefined : new Date(instant).toISOString().slice(0, -1);
const h = 3_600_000;
const nineToFive = [{ from: "09:00", to: "17:00" }];
const compiled = compileCalendar(
  { week: { mon: nineToFive, tue: nineToFive, wed: nineToFive, thu: nineToFive, fri: nineToFive } },
  "UTC",
);
if (!compiled.ok) throw new Error("refused");
const { calendar } = compiled;
const start = (
  startedAt: string,
  target: Target = { kind: "open_time", ms: 4 * h },
  rungs: number[] = [],
  cycle = 1,
): SlaClock =>
  startClock({ policy: "first_touch", cycle, startedAt: at(startedAt), target, rungs, calendar: null }, calendar);
const rings = (clock: SlaClock) => nextTimers(clock, calendar).map((timer) => [timer.rung, iso(timer.at)]);

describe("four hours on 09–17 from Friday 15:00", () => {
  const clock = start("2026-03-06T15:00", undefined, [75, 50]);
  it("are due Monday 11:00 and ring at 50 %, 75 % and a millisecond after due", () =>
    expect(rings(clock)).toEqual([
      [50, "2026-03-06T17:00:00.000"],
      [75, "2026-03-09T10:00:00.000"],
      ["breach", "2026-03-09T11:00:00.001"],
    ]));
  it("a warning rings once", () => expect(rings(warnClock(clock, 50)).map(([rung]) => rung)).toEqual([75, "breach"]));
  it("on track, from 80 % at risk, at the due instant still at risk, a millisecond later breached", () => {
    const risk = at("2026-03-09T10:12");
    expect(
      [risk - 1, risk, at("2026-03-09T11:00"), at("2026-03-09T11:00") + 1].map((now) => status(clock, now)),
    ).toEqual(["on_track", "at_risk", "at_risk", "breached"]);
  });
  it("count on after the breach, whenever somebody looked, and the flag carries the due instant", () => {
    const breached = breachClock(clock);
    expect([breached.state, iso(breached.breachedAt)]).toEqual(["in_progress", "2026-03-09T11:00:00.000"]);
    expect(elapsed(breached, calendar, at("2026-03-09T15:00"))).toEqual({ wall: 72 * h, business: 8 * h });
    expect(rings(breached).map(([rung]) => rung)).toEqual([50, 75]);
    expect(rings(start("2026-03-06T15:00", undefined, [150]))).toEqual([
      ["breach", "2026-03-09T11:00:00.001"],
      [150, "2026-03-09T13:00:00.000"],
    ]);
  });
  it("stopped in time are met, late missed, and stay what they were", () => {
    const [met, missed] = ["2026-03-09T11:00", "2026-03-09T12:00"].map((now) => stopClock(clock, calendar, at(now)));
    expect([met, missed].map((ended) => status(ended!, at("2026-04-01T00:00")))).toEqual(["met", "missed"]);
    expect(iso(missed!.breachedAt)).toBe("2026-03-09T11:00:00.000");
    expect(elapsed(met!, calendar, at("2026-04-01T00:00")).business).toBe(4 * h);
    expect([nextTimers(met!, calendar), stopClock(met!, calendar, at("2026-05-01T00:00"))]).toEqual([[], met]);
  });
  it("cancelled late are not breached", () => {
    const cancelled = cancelClock(clock, calendar, at("2026-03-10T12:00"));
    expect([status(cancelled, at("2026-03-11T00:00")), cancelled.breachedAt]).toEqual(["cancelled", undefined]);
  });
});

describe("a pause", () => {
  const clock = start("2026-03-06T15:00", undefined, [50]);
  const paused = pauseClock(clock, at("2026-03-06T16:00"));
  it("takes the due instant and every ring away, and stops elapsed", () => {
    expect([paused.dueAt, nextTimers(paused, calendar), status(paused, at("2026-03-20T00:00"))]).toEqual([
      undefined,
      [],
      "paused",
    ]);
    expect(elapsed(paused, calendar, at("2026-03-20T00:00"))).toEqual({ wall: h, business: h });
  });
  it("across a weekend moves what is left by the open time of the pause", () => {
    const resumed = resumeClock(paused, calendar, at("2026-03-09T12:00"));
    expect(rings(resumed)).toEqual([
      [50, "2026-03-09T13:00:00.000"],
      ["breach", "2026-03-09T15:00:00.001"],
    ]);
    expect(elapsed(resumed, calendar, at("2026-03-09T13:00"))).toEqual({ wall: 2 * h, business: 2 * h });
    expect([resumed.pausedWall, resumed.pausedOpen]).toEqual([68 * h, 4 * h]);
    expect(iso(resumed.originalDueAt)).toBe("2026-03-09T11:00:00.000");
  });
  it("outside hours costs nothing", () =>
    expect(resumeClock(pauseClock(clock, at("2026-03-06T18:00")), calendar, at("2026-03-09T08:00")).dueAt).toBe(
      clock.dueAt,
    ));
  it("several add up", () => {
    const twice = pauseClock(resumeClock(paused, calendar, at("2026-03-09T12:00")), at("2026-03-09T14:00"));
    expect(iso(resumeClock(twice, calendar, at("2026-03-10T09:00")).dueAt)).toBe("2026-03-10T10:00:00.000");
  });
  it("stopped during it the clock is met with what it had", () => {
    const ended = stopClock(paused, calendar, at("2026-03-30T12:00"));
    expect([status(ended, at("2026-04-01T00:00")), elapsed(ended, calendar, 0).business]).toEqual(["met", h]);
  });
  it("after the target is used up changes nothing of the due instant, and its breach still rings", () => {
    const late = pauseClock(clock, clock.dueAt!);
    expect(rings(late)).toEqual([["breach", "2026-03-09T11:00:00.001"]]);
    expect([status(late, clock.dueAt!), status(late, clock.dueAt! + 1)]).toEqual(["paused", "breached"]);
    const breached = breachClock(pauseClock(clock, at("2026-03-09T13:00")));
    const resumed = resumeClock(breached, calendar, at("2026-03-10T13:00"));
    expect([resumed.dueAt, resumed.breachedAt]).toEqual([clock.dueAt, clock.dueAt]);
    expect(elapsed(resumed, calendar, at("2026-03-10T14:00")).business).toBe(7 * h);
  });
  it("a breach after a pause is due when the pause had moved it to", () => {
    const breached = breachClock(resumeClock(paused, calendar, at("2026-03-09T12:00")));
    const again = resumeClock(pauseClock(breached, at("2026-03-10T10:00")), calendar, at("2026-03-10T12:00"));
    expect([iso(again.breachedAt), iso(again.dueAt)]).toEqual(["2026-03-09T15:00:00.000", "2026-03-09T15:00:00.000"]);
  });
  it("of a clock that does not run, or a resume of one that does, changes nothing", () => {
    expect([pauseClock(paused, at("2026-03-07T00:00")), resumeClock(clock, calendar, at("2026-03-07T00:00"))]).toEqual([
      paused,
      clock,
    ]);
  });
});

describe("targets", () => {
  it("two business days become open time once, at the start, and pauses move them like hours", () => {
    const clock = start("2026-03-05T10:00", { kind: "business_days", days: 2 });
    expect([iso(clock.dueAt), clock.targetMs]).toEqual(["2026-03-09T10:00:00.000", 16 * h]);
    const paused = pauseClock(clock, at("2026-03-05T12:00"));
    expect(iso(resumeClock(paused, calendar, at("2026-03-06T12:00")).dueAt)).toBe("2026-03-10T10:00:00.000");
  });
  it("an instant that was past at the start is due one second after it", () => {
    const clock = start("2026-03-05T10:00", { kind: "instant", at: at("2026-03-04T10:00") });
    expect([iso(clock.dueAt), status(clock, at("2026-03-05T10:00") + 1001)]).toEqual([
      "2026-03-05T10:00:01.000",
      "breached",
    ]);
  });
  it("rings at whole milliseconds, at the share and not after it", () => {
    const odd = start("2026-03-05T10:00", { kind: "open_time", ms: 1001 }, [33]);
    expect(rings(odd)[0]).toEqual([33, "2026-03-05T10:00:00.331"]);
    for (const hours of [0.1, 0.7, 3.3, 10])
      expect(start("2026-03-05T09:00", { kind: "open_time", ms: hours * h }).atRiskAt).toBe(
        startClock(
          {
            policy: "p",
            cycle: 1,
            startedAt: at("2026-03-05T09:00"),
            target: { kind: "open_time", ms: Math.round(hours * h * 0.8) },
            rungs: [],
            calendar: null,
          },
          calendar,
        ).dueAt,
      );
  });
  it("without a calendar business time is wall time", () => {
    const clock = startClock(
      {
        policy: "p",
        cycle: 1,
        startedAt: at("2026-03-07T10:30"),
        target: { kind: "open_time", ms: 10 * h },
        rungs: [],
        calendar: null,
      },
      always,
    );
    expect(iso(clock.dueAt)).toBe("2026-03-07T20:30:00.000");
    expect(elapsed(clock, always, at("2026-03-07T12:30"))).toEqual({ wall: 2 * h, business: 2 * h });
  });
});

it("reopening starts another cycle; the one before keeps its result", () => {
  const first = stopClock(start("2026-03-06T15:00"), calendar, at("2026-03-09T12:00"));
  const second = start("2026-03-10T09:00", undefined, [], first.cycle + 1);
  expect([status(first, at("2026-03-10T10:00")), status(second, at("2026-03-10T10:00"))]).toEqual([
    "missed",
    "on_track",
  ]);
  expect([second.cycle, iso(second.dueAt)]).toEqual([2, "2026-03-10T13:00:00.000"]);
});
