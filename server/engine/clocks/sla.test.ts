import { describe, expect, it } from "vitest";
import { always, compileCalendar } from "../calendar/calendar.ts";
import type { Target } from "../calendar/calendar-target.ts";
import {
  breachClock,
  cancelClock,
  elapsed,
  figures,
  nextTimers,
  pauseClock,
  resumeClock,
  type SlaClock,
  startClock,
  status,
  stopClock,
  switchGoal,
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

describe("another goal fits", () => {
  const clock = start("2026-03-06T15:00", undefined, [50]);
  const two = { target: { kind: "open_time", ms: 2 * h } as Target, calendar: null, rule: 1, text: "2h" };
  const monday = at("2026-03-09T10:00");
  it("what has elapsed counts against it from the start, and nothing rings before the switch", () => {
    const kept = switchGoal(clock, calendar, monday, two, "keep");
    expect([iso(kept.dueAt), kept.targetMs, kept.rule, kept.target]).toEqual([
      "2026-03-06T17:00:00.000",
      2 * h,
      1,
      "2h",
    ]);
    expect(rings(kept)).toEqual([
      [50, "2026-03-09T10:00:00.000"],
      ["breach", "2026-03-09T10:00:00.000"],
    ]);
    expect(elapsed(kept, calendar, monday).business).toBe(3 * h);
  });
  it("or elapsed begins anew", () => {
    const anew = switchGoal(clock, calendar, monday, two, "restart");
    expect([iso(anew.dueAt), anew.countsFrom, elapsed(anew, calendar, monday + h).business]).toEqual([
      "2026-03-09T12:00:00.000",
      monday,
      h,
    ]);
    expect(iso(anew.originalDueAt)).toBe("2026-03-09T11:00:00.000");
    const again = switchGoal(anew, calendar, monday + h, { ...two, target: { kind: "open_time", ms: 3 * h } }, "keep");
    expect(iso(again.dueAt)).toBe("2026-03-09T13:00:00.000");
  });
  it("with its pauses: kept they count, anew they do not", () => {
    const resumed = resumeClock(pauseClock(clock, at("2026-03-06T16:00")), calendar, monday);
    const kept = switchGoal(resumed, calendar, monday + h, two, "keep");
    expect([iso(kept.dueAt), kept.pausedWall, kept.pausedOpen]).toEqual(["2026-03-09T11:00:00.000", 66 * h, 2 * h]);
    const anew = switchGoal(resumed, calendar, monday + h, two, "restart");
    expect([iso(anew.dueAt), anew.pausedWall, anew.pausedOpen, anew.pauses]).toEqual([
      "2026-03-09T13:00:00.000",
      0,
      0,
      [],
    ]);
  });
  it("of a clock of an older release, that only knows the sum of its pauses", () => {
    const { pauses: _, ...old } = resumeClock(pauseClock(clock, at("2026-03-06T16:00")), calendar, monday);
    const kept = switchGoal(old, calendar, monday + h, two, "keep");
    expect([iso(kept.dueAt), kept.pausedWall, kept.pausedOpen, kept.pauses]).toEqual([
      "2026-03-09T11:00:00.000",
      66 * h,
      2 * h,
      undefined,
    ]);
    const paused = resumeClock(pauseClock(old, monday + h), calendar, monday + 2 * h);
    expect([paused.pauses, paused.pausedOpen, iso(paused.dueAt)]).toEqual([
      undefined,
      3 * h,
      "2026-03-09T14:00:00.000",
    ]);
    const { pauses: __, ...unpaused } = clock;
    expect(resumeClock(pauseClock(unpaused, monday), calendar, monday + h).pauses).toEqual([[monday, monday + h]]);
  });
  it("while it stands still: due again when it goes on", () => {
    const paused = pauseClock(clock, at("2026-03-06T16:00"));
    expect(switchGoal(paused, calendar, monday, two, "keep").dueAt).toBe(undefined);
    const anew = switchGoal(paused, calendar, monday, two, "restart");
    expect([anew.pausedAt, anew.dueAt, iso(resumeClock(anew, calendar, monday + h).dueAt)]).toEqual([
      monday,
      undefined,
      "2026-03-09T13:00:00.000",
    ]);
  });
  it("a breach that has happened stays, and an ended clock is what it was", () => {
    const breached = breachClock(clock);
    expect([
      switchGoal(breached, calendar, monday, { ...two, target: { kind: "open_time", ms: 9 * h } }, "keep").dueAt,
    ]).toEqual([clock.dueAt]);
    const ended = stopClock(clock, calendar, monday);
    expect(switchGoal(ended, calendar, monday, two, "keep")).toBe(ended);
  });
  it("without a rule or words of its own it keeps those it had", () => {
    const bare = { target: two.target, calendar: null };
    const kept = switchGoal(switchGoal(clock, calendar, monday, two, "keep"), calendar, monday, bare, "keep");
    expect([kept.rule, kept.target]).toEqual([1, "2h"]);
    expect("rule" in switchGoal(clock, calendar, monday, bare, "keep")).toBe(false);
  });
});

describe("what a clock is given at its start", () => {
  const from = at("2026-03-06T15:00");
  const given = (more: Partial<Parameters<typeof startClock>[0]>) =>
    startClock(
      {
        policy: "p",
        cycle: 1,
        startedAt: from,
        target: { kind: "open_time", ms: 4 * h },
        rungs: [],
        calendar: null,
        ...more,
      },
      calendar,
    );
  it("is kept only where it says something", () => {
    expect(Object.keys(given({ attachedAt: from, riskAt: 80, ladder: [] })).sort()).toEqual(
      Object.keys(given({})).sort(),
    );
    expect(
      given({
        attachedAt: from + 1,
        riskAt: 50,
        ladder: [{ at: "1h left", kind: "left", value: h }],
        definition: 3,
        rule: 0,
        text: "4h",
      }),
    ).toMatchObject({ attachedAt: from + 1, riskAt: 50, rang: [], definition: 3, rule: 0, target: "4h" });
  });
  it("is at risk from its own share", () => {
    expect(iso(given({ riskAt: 50 }).atRiskAt)).toBe("2026-03-06T17:00:00.000");
    expect(iso(given({}).atRiskAt)).toBe("2026-03-09T10:12:00.000");
  });
  it("pauses before it was attached move what is due", () => {
    const clock = given({ pauses: [[from, from + h]], attachedAt: at("2026-03-09T09:00") });
    expect([iso(clock.dueAt), clock.pausedWall, clock.pausedOpen]).toEqual(["2026-03-09T12:00:00.000", h, h]);
  });
  it("rings of a ladder: before, at a share and after, each once, none before it was attached", () => {
    const ladder = [
      { at: "1h left", kind: "left", value: h } as const,
      { at: "1h late", kind: "late", value: h } as const,
      { at: "25%", kind: "percent", value: 25 } as const,
    ];
    const clock = given({ ladder, attachedAt: at("2026-03-06T16:30") });
    expect(rings(clock)).toEqual([
      ["25%", "2026-03-06T16:30:00.000"],
      ["1h left", "2026-03-09T10:00:00.000"],
      ["breach", "2026-03-09T11:00:00.001"],
      ["1h late", "2026-03-09T12:00:00.000"],
    ]);
    expect(rings(warnClock(warnClock(clock, "25%"), "1h late")).map(([rung]) => rung)).toEqual(["1h left", "breach"]);
    const { rang: _, ...old } = clock;
    expect(warnClock(old, "25%").rang).toEqual(["25%"]);
  });
  it("rings of one instant go by when they were reached", () => {
    const clock = given({ rungs: [75, 50, 25], attachedAt: at("2026-03-09T16:00") });
    expect(nextTimers(clock, calendar).map(({ rung }) => rung)).toEqual([25, 50, 75, "breach"]);
  });
  it("a goal that is never reached keeps its open time", () => {
    const once = compileCalendar({ week: {}, special: { "2020-01-02": nineToFive } }, "UTC");
    if (!once.ok) throw new Error("refused");
    const clock = startClock(
      { policy: "p", cycle: 1, startedAt: from, target: { kind: "business_days", days: 1 }, rungs: [], calendar: null },
      once.calendar,
    );
    expect([iso(clock.originalDueAt), clock.targetMs]).toEqual([
      "9999-12-31T23:59:59.999",
      Date.UTC(9999, 11, 31, 23, 59, 59, 999) - from,
    ]);
  });
});

describe("what is shown", () => {
  const clock = start("2026-03-06T15:00");
  it("shares of the target, what is left, and pauses with the one that is open", () => {
    expect(figures(clock, calendar, at("2026-03-06T16:00"))).toEqual({
      wallMs: h,
      businessMs: h,
      wallPercent: 25,
      businessPercent: 25,
      pausedWallMs: 0,
      pausedBusinessMs: 0,
      leftMs: 3 * h,
    });
    expect(figures(clock, calendar, at("2026-03-09T12:00"))).toMatchObject({ businessPercent: 125, leftMs: -h });
    const paused = pauseClock(clock, at("2026-03-06T16:00"));
    expect(figures(paused, calendar, at("2026-03-09T10:00"))).toEqual({
      wallMs: h,
      businessMs: h,
      wallPercent: 25,
      businessPercent: 25,
      pausedWallMs: 66 * h,
      pausedBusinessMs: 2 * h,
      leftMs: null,
    });
    const resumed = resumeClock(paused, calendar, at("2026-03-09T10:00"));
    expect(figures(resumed, calendar, at("2026-03-09T11:00"))).toMatchObject({
      wallMs: 2 * h,
      businessMs: 2 * h,
      pausedWallMs: 66 * h,
      pausedBusinessMs: 2 * h,
      leftMs: 2 * h,
    });
  });
  it("once it ended nothing moves", () => {
    const ended = stopClock(clock, calendar, at("2026-03-06T16:00"));
    expect(figures(ended, calendar, at("2026-04-06T16:00"))).toEqual(figures(ended, calendar, at("2026-03-06T16:00")));
  });
  it("a target of nothing is used up by anything", () => {
    const none = start("2026-03-06T15:00", { kind: "open_time", ms: 0 });
    expect(figures(none, calendar, at("2026-03-06T15:00"))).toMatchObject({ wallPercent: 0, businessPercent: 0 });
    expect(figures(none, calendar, at("2026-03-06T16:00"))).toMatchObject({ wallPercent: 100, businessPercent: 100 });
  });
});
