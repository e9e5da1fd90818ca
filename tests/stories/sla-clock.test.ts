/** Semantics, section 1, one story each: six conditions, precedence, pauses, cycles. Targets are in sla-targets.test.ts. */
import { describe, expect, it } from "vitest";
import { figures, status } from "@/server/engine/clocks/sla.ts";
import { resolveCalendar } from "@/server/commands/resolve-calendar.ts";
import { always } from "@/server/engine/calendar/calendar.ts";
import { at, clockBench, iso, week } from "../support/clock-bench.ts";
import { calendars, ends, h, ofRun, one, text } from "./sla-clock.ts";

describe("golden vectors", () => {
  const compiled = (key: keyof typeof calendars) =>
    resolveCalendar(key, { ...calendars[key], holidays: "none" }, "UTC", "");
  it("(a) Mon–Fri 09–17 from 14:00 to 09:00 of the next weekday: 3 h of business, 19 h of wall", () => {
    const bench = one({ target: "8h", calendar: "office" }, { start: "2026-03-02T14:00" });
    expect(figures(bench.clock(), compiled("office"), at("2026-03-03T09:00"))).toMatchObject({
      businessMs: 3 * h,
      wallMs: 19 * h,
    });
  });
  it("(b) Mon–Fri 08–17 from Fri 21:00 to Mon 09:30 on 8 h: 18.75 % of business, 756.25 % of wall", () => {
    const bench = one({ target: "8h", calendar: "eightToFive" }, { start: "2026-03-06T21:00" });
    expect(figures(bench.clock(), compiled("eightToFive"), at("2026-03-09T09:30"))).toMatchObject({
      businessMs: 1.5 * h,
      wallMs: 60.5 * h,
      businessPercent: 18.75,
      wallPercent: 756.25,
    });
  });
  it("(c) without a calendar ten hours from 10:30 end at 20:30", () =>
    expect(iso(one({ target: "10h" }, { start: "2026-03-02T10:30" }).clock().dueAt)).toBe("2026-03-02T20:30"));
  it("(d) on 08–16 what is due Wednesday 20:30 is due Thursday 08:00", () => {
    const bench = one(
      { target: "lead.consent_at", calendar: "eightToFour" },
      { values: { consent_at: at("2026-03-04T20:30") } },
    );
    expect(iso(bench.clock().dueAt)).toBe("2026-03-05T08:00");
  });
});

describe("start", () => {
  it("by a condition: it counts from the instant at which that comes to hold", () => {
    const bench = one({ startWhen: 'lead.priority = "hot"' });
    expect(bench.clocks()).toEqual([]);
    bench.to("2026-03-02T11:30").change({ priority: "hot" });
    expect([iso(bench.clock().startedAt), iso(bench.clock().dueAt)]).toEqual(["2026-03-02T11:30", "2026-03-02T15:30"]);
  });
  it("`applies when` is part of the start, which stays the start event's", () => {
    const bench = one({ appliesWhen: 'lead.priority = "hot"' });
    bench.to("2026-03-02T11:30").change({ priority: "hot" });
    expect(iso(bench.clock().startedAt)).toBe("2026-03-02T10:00");
  });
  it("by an event of the step: from the assignment, not from the entry", () => {
    const bench = one({ starts: "work_item.started" });
    bench.to("2026-03-02T12:00").work("startWork");
    expect(iso(bench.clock().startedAt)).toBe("2026-03-02T12:00");
  });
  it("does not attach where stop or cancel hold already", () => {
    expect(one({ stopWhen: "lead.fit_score > 5" }, { values: { fit_score: 9 } }).clocks()).toEqual([]);
    expect(
      one({ cancel: "cancel_matches", cancelWhen: "lead.fit_score > 5" }, { values: { fit_score: 9 } }).clocks(),
    ).toEqual([]);
  });
  it("an event that stopped it before it could start keeps it from attaching; a start of the run that is newer does not", () => {
    const graph = "ask:task\nnext:task\nstart -> ask -> next -> done";
    const touched = (sla: object) =>
      clockBench(
        graph,
        {
          slas: { p: { name: "P", target: "4h", stops: "activity.first_touch", ...sla } },
          nodes: { next: { slas: ["p"] } },
        },
        { start: "2026-03-02T10:00" },
      );
    expect(touched({}).tell("activity.first_touch").finish("ask").clocks()).toEqual([]);
    expect(
      touched({ starts: "invoice.overdue" })
        .tell("activity.first_touch")
        .to("2026-03-02T11:00")
        .tell("invoice.overdue")
        .clocks(),
    ).toHaveLength(1);
  });
  it("what stopped it at this stay before its condition came to hold keeps it from attaching there, also one that reopens", () => {
    const given = { stops: "work_item.started", appliesWhen: "lead.fit_score > 5" };
    for (const reopens of [false, true]) {
      const cold = one({ ...given, reopens }, { values: { fit_score: 1 } }).work("startWork");
      expect(cold.to("2026-03-02T12:00").change({ fit_score: 9 }).clocks()).toEqual([]);
      const hot = one({ ...given, reopens }, { values: { fit_score: 9 } })
        .to("2026-03-02T11:00")
        .work("startWork");
      expect(hot.to("2026-03-02T12:00").change({ fit_score: 8 }).clocks().map(ends)).toEqual([
        [1, "completed", "2026-03-02T10:00", "2026-03-02T11:00"],
      ]);
    }
  });
  it("at a midnight of its own zone, where `today()` says so", () => {
    const hanoi = { zone: "Asia/Ho_Chi_Minh", week: week("00:00", "24:00", true), holidays: "none" };
    const bench = clockBench(
      text,
      {
        slas: { p: { name: "P", target: "4h", calendar: "hanoi", startWhen: "lead.recycle_until <= today()" } },
        calendars: { hanoi },
        nodes: { ask: { slas: ["p"] } },
      },
      { start: "2026-03-02T10:00", values: { recycle_until: "2026-03-04" } },
    );
    bench.to("2026-03-03T16:59");
    expect(bench.clocks()).toEqual([]);
    bench.to("2026-03-03T17:00");
    expect(iso(bench.clock().startedAt)).toBe("2026-03-03T17:00");
  });
  it("at the very instant of a date-time field, where `now()` says so", () => {
    const values = { next_meeting_at: at("2026-03-03T09:17") };
    expect(
      iso(one({ startWhen: "now() >= lead.next_meeting_at" }, { values }).to("2026-03-04").clock().startedAt),
    ).toBe("2026-03-03T09:17");
    expect(one({ startWhen: "now() > lead.next_meeting_at" }, { values }).to("2026-03-04").clock().startedAt).toBe(
      at("2026-03-03T09:17") + 1,
    );
  });
});

describe("stop, cancel, reset", () => {
  it("stops by a condition, in time or not", () => {
    const met = one({ stopWhen: "lead.fit_score > 5" }).to("2026-03-02T12:00").change({ fit_score: 9 });
    const missed = one({ stopWhen: "lead.fit_score > 5" }).to("2026-03-02T15:00").change({ fit_score: 9 });
    expect([met, missed].map((bench) => status(bench.clock(), bench.now()))).toEqual(["met", "missed"]);
    expect(iso(missed.clock().breachedAt)).toBe("2026-03-02T14:00");
  });
  it("is cancelled when its start no longer holds, and attaches again when it does", () => {
    const bench = one({ appliesWhen: 'lead.priority = "hot"' }, { values: { priority: "hot" } });
    bench.to("2026-03-02T11:00").change({ priority: "warm" }).to("2026-03-02T12:00").change({ priority: "hot" });
    expect(bench.clocks().map(ends)).toEqual([
      [1, "cancelled", "2026-03-02T10:00", "2026-03-02T11:00"],
      [2, "in_progress", "2026-03-02T10:00", null],
    ]);
  });
  it("only when its cancel condition or event matches, or never, as the setting says", () => {
    const given = { appliesWhen: 'lead.priority = "hot"', cancels: "lead.recycled", cancelWhen: "lead.fit_score < 0" };
    const states = (cancel: string, act: (bench: ReturnType<typeof one>) => unknown) => {
      const bench = one({ ...given, cancel }, { values: { priority: "hot", fit_score: 1 } });
      act(bench);
      return bench.clock().state;
    };
    const cold = (bench: ReturnType<typeof one>) => bench.change({ priority: "warm" });
    const told = (bench: ReturnType<typeof one>) => bench.tell("lead.recycled");
    const low = (bench: ReturnType<typeof one>) => bench.change({ fit_score: -1 });
    expect([cold, told, low].map((act) => states("cancel_matches", act))).toEqual([
      "in_progress",
      "cancelled",
      "cancelled",
    ]);
    expect([cold, told, low].map((act) => states("never", act))).toEqual(["in_progress", "in_progress", "in_progress"]);
    expect([cold, told, low].map((act) => states("start_no_longer_holds", act))).toEqual([
      "cancelled",
      "in_progress",
      "in_progress",
    ]);
  });
  it("stop wins over cancel, in whatever order both are told", () => {
    for (const news of [
      ["lead.recycled", "lead.converted"],
      ["lead.converted", "lead.recycled"],
    ]) {
      const bench = ofRun({
        starts: "run.started",
        stops: "lead.converted",
        cancel: "cancel_matches",
        cancels: "lead.recycled",
      });
      expect(bench.tell(...news).clock().state).toBe("completed");
    }
    const both = one({ stopWhen: "lead.fit_score > 5", cancel: "cancel_matches", cancelWhen: "lead.fit_score > 5" });
    expect(both.change({ fit_score: 9 }).clock().state).toBe("completed");
  });
  it("stop wins over pause, pause over start", () => {
    const bench = one({ stopWhen: "lead.fit_score > 5", pauseWhen: "lead.fit_score > 5" });
    expect(bench.change({ fit_score: 9 }).clock().state).toBe("completed");
    expect(one({ pauseWhen: "lead.fit_score > 5" }, { values: { fit_score: 9 } }).clock().state).toBe("paused");
  });
  it("a reset completes the cycle and begins the next; a condition that goes on holding resets once", () => {
    const bench = one({ resetWhen: "lead.do_not_contact = true" });
    bench.to("2026-03-02T11:00").change({ do_not_contact: true });
    bench.to("2026-03-02T12:00").change({ fit_score: 1 });
    bench.to("2026-03-02T12:30").change({ do_not_contact: false });
    bench.to("2026-03-02T13:00").change({ do_not_contact: true });
    expect(bench.clocks().map(ends)).toEqual([
      [1, "completed", "2026-03-02T10:00", "2026-03-02T11:00"],
      [2, "completed", "2026-03-02T11:00", "2026-03-02T13:00"],
      [3, "in_progress", "2026-03-02T13:00", null],
    ]);
    expect(iso(bench.clock().dueAt)).toBe("2026-03-02T17:00");
  });
  it("a reset that held from the start counts once it has not", () => {
    const bench = one({ resetWhen: "lead.do_not_contact = true" }, { values: { do_not_contact: true } });
    bench.change({ fit_score: 1 });
    expect(bench.clocks()).toHaveLength(1);
  });
  it("the reset comes before the stop only where the definition says so", () => {
    const given = { starts: "run.started", stops: "quote.accepted", resets: "quote.accepted" };
    expect(
      ofRun(given)
        .tell("quote.accepted")
        .clocks()
        .map(({ state }) => state),
    ).toEqual(["completed"]);
    expect(
      ofRun({ ...given, resetBeforeStop: true })
        .tell("quote.accepted")
        .clocks()
        .map(({ state }) => state),
    ).toEqual(["completed", "in_progress"]);
  });
});

describe("pause and resume", () => {
  it("goes on as soon as the pause condition no longer holds", () => {
    const bench = one({ pauseWhen: "lead.do_not_contact = true" });
    bench.to("2026-03-02T11:00").change({ do_not_contact: true });
    expect([bench.clock().dueAt, status(bench.clock(), at("2026-03-05T00:00"))]).toEqual([undefined, "paused"]);
    bench.to("2026-03-02T13:00").change({ do_not_contact: false });
    expect(iso(bench.clock().dueAt)).toBe("2026-03-02T16:00");
    expect(figures(bench.clock(), always, bench.now())).toMatchObject({ pausedWallMs: 2 * h, businessMs: h });
  });
  it("or only when the resume condition matches", () => {
    const bench = one({
      pauseWhen: "lead.do_not_contact = true",
      resume: "resume_matches",
      resumeWhen: "lead.fit_score > 5",
    });
    bench.to("2026-03-02T11:00").change({ do_not_contact: true });
    bench.to("2026-03-02T12:00").change({ do_not_contact: false });
    expect(bench.clock().state).toBe("paused");
    bench.to("2026-03-02T13:00").change({ fit_score: 9 });
    expect(iso(bench.clock().dueAt)).toBe("2026-03-02T16:00");
  });
  it("by events: a blocked task stands still until it is taken up again", () => {
    const bench = one({ pauses: "step.paused", resumes: "step.resumed" });
    bench.to("2026-03-02T11:00").work("pauseWork").to("2026-03-02T11:30").change({ fit_score: 3 });
    expect(bench.clock().state).toBe("paused");
    bench.to("2026-03-02T12:00").work("resumeWork");
    expect(iso(bench.clock().dueAt)).toBe("2026-03-02T15:00");
  });
  it("counts from when the record changed, also where the run hears of it hours later", () => {
    const bench = one({ pauseWhen: "lead.do_not_contact = true", warnAt: [50] });
    bench.to("2026-03-02T11:00").change({ do_not_contact: true }, [], "2026-03-02T15:00");
    // Had it heard in time, neither the warning at 12:00 nor the breach at 14:00 would have rung.
    expect(bench.story()).toEqual(["03-02T10:00 Started", "03-02T11:00 Paused"]);
    bench.to("2026-03-02T16:00").change({ do_not_contact: false });
    expect(iso(bench.clock().dueAt)).toBe("2026-03-02T19:00");
  });
  it("across a weekend costs only hours that counted", () => {
    const bench = one({ calendar: "office", pauseWhen: "lead.do_not_contact = true" }, { start: "2026-03-06T15:00" });
    bench.to("2026-03-06T16:00").change({ do_not_contact: true });
    bench.to("2026-03-09T12:00").change({ do_not_contact: false });
    expect([iso(bench.clock().dueAt), iso(bench.clock().originalDueAt)]).toEqual([
      "2026-03-09T15:00",
      "2026-03-09T11:00",
    ]);
    expect(bench.clock()).toMatchObject({ pausedWall: 68 * h, pausedOpen: 4 * h });
  });
  it("a pause of before it was attached holds from the start", () => {
    const bench = ofRun({ starts: "quote.sent", pauses: "customer.waits", resumes: "customer.answers" });
    bench.tell("customer.waits").to("2026-03-02T11:00").tell("quote.sent");
    expect(bench.clock().state).toBe("paused");
    bench.to("2026-03-02T12:00").tell("customer.answers");
    expect(iso(bench.clock().dueAt)).toBe("2026-03-02T16:00");
  });
});

describe("between two points, end to end, several at once", () => {
  const graph =
    "a:task\nb:task\nc:task\nmore:decision\nstart -> a -> b -> c -> more\nmore -> a [lead.fit_score > 5]\nmore -> done otherwise";
  const between = { name: "B", target: "8h", startStep: "a", stopStep: "c" };
  it("from the entry of one step to the completion of another", () => {
    const bench = clockBench(graph, { slas: { p: between } }, { start: "2026-03-02T10:00" });
    bench.to("2026-03-02T12:00").finish("a").finish("b").to("2026-03-02T13:00");
    expect(bench.clock().state).toBe("in_progress");
    bench.finish("c");
    expect(bench.clocks().map(ends)).toEqual([[1, "completed", "2026-03-02T10:00", "2026-03-02T13:00"]]);
  });
  it("reopened it begins the next cycle, and the one before keeps its result", () => {
    const walk = (sla: object) => {
      const bench = clockBench(
        graph,
        { slas: { p: { ...between, ...sla } } },
        { start: "2026-03-02T10:00", values: { fit_score: 9 } },
      );
      for (const step of ["a", "b", "c", "a", "b"]) bench.to(bench.now() + h).finish(step);
      return bench.clocks().map(ends);
    };
    expect(walk({})).toEqual([[1, "completed", "2026-03-02T10:00", "2026-03-02T13:00"]]);
    expect(walk({ reopens: true })).toEqual([
      [1, "completed", "2026-03-02T10:00", "2026-03-02T13:00"],
      [2, "in_progress", "2026-03-02T13:00", null],
    ]);
  });
  it("end to end: from the start of the run to its completion", () => {
    const bench = ofRun({ starts: "run.started", target: "2h" }).to("2026-03-02T11:00");
    expect(bench.finish("ask").clocks().map(ends)).toEqual([[1, "completed", "2026-03-02T10:00", "2026-03-02T11:00"]]);
  });
  it("a clock of the run that nothing stopped is cancelled with the run, one of a cancelled stay with the stay", () => {
    const bench = clockBench(
      text,
      {
        slas: {
          p: { name: "P", target: "4h", starts: "run.started", stops: "quote.accepted" },
          q: { name: "Q", target: "9h" },
        },
        nodes: { ask: { slas: ["q"] } },
      },
      { start: "2026-03-02T10:00" },
    );
    bench.send({ type: "cancelRun", reason: "over" });
    expect(bench.clocks().map(({ state }) => state)).toEqual(["cancelled", "cancelled"]);
  });
  it("several run side by side, each by its own target", () => {
    const bench = clockBench(
      text,
      {
        slas: {
          p: { name: "P", target: "1h" },
          q: { name: "Q", target: "2h", calendar: "office" },
          r: { ...between, startStep: "ask", stopStep: "ask" },
        },
        calendars,
        nodes: { ask: { slas: ["p", "q"] } },
      },
      { start: "2026-03-02T16:00" },
    );
    expect(bench.clocks().map((c) => [c.sla, iso(c.dueAt)])).toEqual([
      ["r", "2026-03-03T00:00"],
      ["p", "2026-03-02T17:00"],
      ["q", "2026-03-03T10:00"],
    ]);
  });
});

it("a condition that cannot be computed counts as not holding, and everything else goes on", () => {
  const bench = one({ pauseWhen: "lead.fit_score / 0 > 1", stopWhen: "lead.message.nothing > 1" });
  expect(bench.change({ fit_score: 9 }).clock().state).toBe("in_progress");
  expect(bench.finish("ask").clock().state).toBe("completed");
});
