/** Semantics, section 1, one story each: targets and their rules, ladders, relative targets, late starts. */
import { describe, expect, it } from "vitest";
import { figures, status } from "@/server/engine/clocks/sla.ts";
import { always } from "@/server/engine/calendar/calendar.ts";
import type { Values } from "@/server/engine/model.ts";
import { at, clockBench, iso } from "../support/clock-bench.ts";
import { h, one, text } from "./sla-clock.ts";

describe("targets by first matching rule", () => {
  const rules = {
    target: "3h",
    targets: [
      { when: 'lead.priority = "hot"', target: "2h" },
      { when: "lead.fit_score > 50", target: "1h" },
    ],
  };
  it("the first whose condition holds, else the definition's own", () => {
    const due = (values: Values) => iso(one(rules, { values }).clock().dueAt);
    expect([{}, { priority: "hot", fit_score: 90 }, { fit_score: 90 }].map((values) => due(values as Values))).toEqual([
      "2026-03-02T13:00",
      "2026-03-02T12:00",
      "2026-03-02T11:00",
    ]);
  });
  it("keep: Medium 3 h at 10:00 → High 2 h at 11:00 is due at 12:00", () => {
    const bench = one(rules).to("2026-03-02T11:00").change({ priority: "hot" });
    expect([iso(bench.clock().dueAt), iso(bench.clock().originalDueAt), bench.clock().rule]).toEqual([
      "2026-03-02T12:00",
      "2026-03-02T13:00",
      0,
    ]);
    expect(bench.to("2026-03-02T11:30").change({ priority: "cold" }).clock()).toMatchObject({
      rule: -1,
      dueAt: at("2026-03-02T13:00"),
    });
  });
  it("restart: elapsed begins anew, so that it is due at 13:00", () => {
    const bench = one({ ...rules, goalSwitch: "restart" })
      .to("2026-03-02T11:00")
      .change({ priority: "hot" });
    expect(iso(bench.clock().dueAt)).toBe("2026-03-02T13:00");
    expect(figures(bench.clock(), always, at("2026-03-02T12:00")).businessMs).toBe(h);
  });
  it("a switch to a goal that is used up breaches at the instant it was, and rings at the switch", () => {
    const bench = one(rules).to("2026-03-02T12:30").change({ priority: "hot" }).to("2026-03-02T12:30");
    expect(iso(bench.clock().breachedAt)).toBe("2026-03-02T12:00");
    expect(bench.story().slice(-2)).toEqual(["03-02T12:30 Retargeted", "03-02T12:30 Breached"]);
  });
  it("keeps pauses out, and while it stands still only the target changes", () => {
    const bench = one({ ...rules, pauseWhen: "lead.do_not_contact = true" });
    bench.to("2026-03-02T10:30").change({ do_not_contact: true }).to("2026-03-02T11:00").change({ priority: "hot" });
    expect([bench.clock().state, bench.clock().dueAt]).toEqual(["paused", undefined]);
    bench.to("2026-03-02T12:00").change({ do_not_contact: false });
    expect(iso(bench.clock().dueAt)).toBe("2026-03-02T13:30");
  });
  it("a rule may bring its own calendar", () => {
    const bench = one(
      { target: "3h", targets: [{ when: "lead.fit_score > 50", target: "3h", calendar: "office" }] },
      { start: "2026-03-02T15:00" },
    );
    expect(iso(bench.clock().dueAt)).toBe("2026-03-02T18:00");
    expect(iso(bench.change({ fit_score: 60 }).clock().dueAt)).toBe("2026-03-03T10:00");
  });
});

describe("the ladder", () => {
  const ladder = [
    { at: "150%", do: [{ verb: "log", text: "150" }] },
    { at: "1h left", do: [{ verb: "log", text: "left" }] },
    { at: "30m late", do: [{ verb: "log", text: "late" }] },
  ];
  it("rings each rung once, exactly when its time is used: before, at and after the breach", () => {
    const bench = one({ warnAt: [50], ladder }).to("2026-03-03");
    expect(
      bench.events
        .filter((event) => event.type === "ClockWarned" || event.type === "ClockBreached")
        .map((event) => [
          iso(event.due ?? event.at),
          event.type === "ClockWarned" ? (event.data.rung ?? event.data.percent) : "breach",
        ]),
    ).toEqual([
      ["2026-03-02T12:00", 50],
      ["2026-03-02T13:00", "1h left"],
      ["2026-03-02T14:00:00.001", "breach"],
      ["2026-03-02T14:30", "30m late"],
      ["2026-03-02T16:00", "150%"],
    ]);
  });
  it("whenever a worker came: what it finds overdue counts at its own instant", () => {
    const bench = one({ warnAt: [50], ladder }).asleep("2026-03-04T00:00");
    bench.send({ type: "fireTimer", timer: "m0" });
    expect(bench.story().map((line) => line.slice(6))).toEqual([
      "10:00 Started",
      "12:00 Warned",
      "13:00 Warned",
      "14:00:00.001 Breached",
      "14:30 Warned",
      "16:00 Warned",
    ]);
  });
  it("a rung that was rung stays so in its cycle, also after a switch of the goal; the next cycle rings anew", () => {
    const bench = one({
      warnAt: [50],
      target: "4h",
      targets: [{ when: "lead.fit_score > 5", target: "8h" }],
      resets: "lead.recycled",
    });
    bench.to("2026-03-02T12:30").change({ fit_score: 9 }).to("2026-03-02T15:00");
    const warned = () => bench.events.filter(({ type }) => type === "ClockWarned").length;
    expect(warned()).toBe(1);
    bench.tell("lead.recycled").to("2026-03-02T20:00");
    expect(warned()).toBe(2);
  });
  it("at risk from the percent that is set", () => {
    const clock = one({ riskAt: 50 }).clock();
    expect([at("2026-03-02T11:59"), at("2026-03-02T12:00")].map((now) => status(clock, now))).toEqual([
      "on_track",
      "at_risk",
    ]);
  });
});

describe("relative targets", () => {
  const due = (target: string, start: string, values: Values = {}) =>
    iso(one({ target, calendar: "office" }, { start, values }).clock().dueAt);
  it("the end of the next business day, four in the afternoon of it, in words or in short", () => {
    expect(due("end of next business day", "2026-03-06T10:00")).toBe("2026-03-09T17:00");
    expect(due("eod", "2026-03-06T10:00")).toBe("2026-03-06T17:00");
    expect(due("next business day 16:00", "2026-03-06T10:00")).toBe("2026-03-09T16:00");
    expect(due("1bd 16:00", "2026-03-06T10:00")).toBe("2026-03-09T16:00");
  });
  it("a date of the record; past at the start it is due a second after it", () => {
    expect(due("lead.recycle_until", "2026-03-02T10:00", { recycle_until: "2026-03-07" })).toBe("2026-03-09T09:00");
    expect(due("lead.recycle_until", "2026-03-10T10:00", { recycle_until: "2026-03-07" })).toBe("2026-03-10T10:00:01");
  });
  it("waits while that date is empty, and attaches when it is filled", () => {
    const bench = one({ target: "lead.recycle_until", calendar: "office" });
    expect(bench.clocks()).toEqual([]);
    expect(iso(bench.change({ recycle_until: "2026-03-04" }).clock().dueAt)).toBe("2026-03-04T09:00");
  });
});

describe("late starts", () => {
  const retro = { startFrom: "lead.consent_at", target: "4h" };
  it("counts from a date of the record", () => {
    const bench = one(retro, { values: { consent_at: at("2026-03-02T08:00") } });
    expect([iso(bench.clock().startedAt), iso(bench.clock().dueAt)]).toEqual(["2026-03-02T08:00", "2026-03-02T12:00"]);
  });
  it("a date that is empty or still to come is the start itself", () => {
    expect(iso(one(retro).clock().startedAt)).toBe("2026-03-02T10:00");
    expect(iso(one(retro, { values: { consent_at: at("2026-03-05T08:00") } }).clock().startedAt)).toBe(
      "2026-03-02T10:00",
    );
  });
  it("already late when it attaches: the breach is recorded, the ladder is run or suppressed as set", () => {
    const values = { consent_at: at("2026-03-01T08:00") };
    const given = {
      ...retro,
      warnAt: [50],
      onBreach: [{ verb: "notify", to: "process_owner" }],
      ladder: [{ at: "2d late", do: [] }],
    };
    for (const [lateAttach, notices] of [
      ["fire", 1],
      ["suppress", 0],
    ] as const) {
      const bench = one({ ...given, lateAttach }, { values }).to("2026-03-02T10:01");
      expect(iso(bench.clock().breachedAt)).toBe("2026-03-01T12:00");
      expect(bench.story()).toEqual(["03-02T10:00 Started", "03-02T10:00 Warned", "03-02T10:00 Breached"]);
      expect(bench.events.filter(({ type }) => type === "EffectRequested")).toHaveLength(notices);
    }
  });
  it("pauses that had happened by then count, by the values of then", () => {
    const bench = one(
      { ...retro, pauseWhen: "lead.do_not_contact = true", startWhen: 'lead.priority = "hot"', retroPause: true },
      { values: { consent_at: at("2026-03-02T10:00") } },
    );
    bench.to("2026-03-02T10:30").change({ do_not_contact: true });
    bench.to("2026-03-02T11:30").change({ do_not_contact: false });
    bench.to("2026-03-02T12:00").change({ priority: "hot" });
    expect([iso(bench.clock().startedAt), iso(bench.clock().dueAt), bench.clock().pausedWall]).toEqual([
      "2026-03-02T10:00",
      "2026-03-02T15:00",
      h,
    ]);
  });
  it("also one that goes on: it is one pause", () => {
    const bench = one(
      { ...retro, pauseWhen: "lead.do_not_contact = true", startWhen: 'lead.priority = "hot"', retroPause: true },
      { values: { consent_at: at("2026-03-02T10:00") } },
    );
    bench.to("2026-03-02T10:30").change({ do_not_contact: true });
    bench.to("2026-03-02T12:00").change({ priority: "hot" });
    expect(bench.clock().state).toBe("paused");
    bench.to("2026-03-02T13:00").change({ do_not_contact: false });
    expect(iso(bench.clock().dueAt)).toBe("2026-03-02T16:30");
  });
});

it("a calendar that never holds as much leaves the target what it is, and the clock is never due", () => {
  const none = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
  const once = {
    zone: "UTC",
    week: none,
    holidays: "none",
    special: [{ date: "2026-03-08", hours: [{ from: "00:00", to: "00:05" }] }],
  };
  const bench = clockBench(
    text,
    {
      slas: { p: { name: "P", target: "PT301S", calendar: "once", warnAt: [50] } },
      calendars: { once },
      nodes: { ask: { slas: ["p"] } },
    },
    { start: "2026-03-02T10:00" },
  );
  expect([bench.clock().targetMs, iso(bench.clock().dueAt)?.slice(0, 4)]).toEqual([301_000, "9999"]);
  expect(bench.to("2026-04-01").story().at(-1)).toBe("03-08T00:02:30.500 Warned");
});

it("now = due is not breached, a millisecond later it is", () => {
  const clock = one({}).clock();
  expect([at("2026-03-02T14:00"), at("2026-03-02T14:00") + 1].map((now) => status(clock, now))).toEqual([
    "at_risk",
    "breached",
  ]);
});
