/** Clocks computed anew across what happens to the record and to the run: the same clocks come out, with the same ends. */
import { describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { type ClockBench, clockBench, iso, nineToFive } from "@/tests/support/clock-bench.ts";
import { replayed } from "@/tests/support/replayed.ts";
import { adopted, isAdoptable, pairClocks } from "./replay-clocks.ts";
import type { RunClock } from "../model.ts";
import type { SlaClock } from "./sla.ts";

const text = `ask:task
  next:task
  start -> ask -> next -> done`;
const calendars = { office: { zone: "UTC", week: nineToFive, holidays: "none" } };
const bench = (slas: Record<string, object>, keys: string[], values: Values = {}, graph = text) =>
  clockBench(
    graph,
    {
      slas: Object.fromEntries(Object.entries(slas).map(([key, sla]) => [key, { name: key, target: "4h", ...sla }])),
      calendars,
      nodes: { ask: { slas: keys } },
    },
    { start: "2026-03-02T10:00", values },
  );
const ofRun = { starts: "run.started", stops: "run.completed" };
const held = (run: ClockBench, to = "held") => run.change({ meeting_status: to }, ["meeting.concluded"]);

/** The same clocks, and how they stand: `p#1 in_progress 10:00–`. */
function again(run: ClockBench): string[] {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const had = run.clocks().map(({ id, sla, visit, ...clock }) => ({ id, sla, visit, clock }));
  const computed = replayed(run).map(({ id, sla, visit, clock }) => ({ id, sla, visit, clock }));
  expect(plain(computed)).toEqual(plain(had));
  for (const one of replayed(run))
    if (one.clock.stoppedAt === undefined) expect(plain(one)).toEqual(plain(run.run().clocks[one.id]));
  return run
    .clocks()
    .map(
      ({ sla, cycle, state, startedAt, stoppedAt }) =>
        `${sla}#${cycle} ${state} ${iso(startedAt)?.slice(8)}–${iso(stoppedAt)?.slice(8) ?? ""}`,
    );
}

describe("what happens to the record", () => {
  it("one piece of news resets once, though the record and the run both tell of it", () => {
    const run = bench({ p: { resets: "meeting.concluded" } }, ["p"]);
    held(run.to("2026-03-02T11:00"));
    held(run.to("2026-03-02T12:00"), "no_show");
    expect(again(run)).toEqual([
      "p#1 completed 02T10:00–02T11:00",
      "p#2 completed 02T11:00–02T12:00",
      "p#3 in_progress 02T12:00–",
    ]);
  });

  it("what the run was told late counts when the record changed", () => {
    const run = bench({ p: { pauseWhen: "lead.do_not_contact = true", warnAt: [50] } }, ["p"]);
    run.to("2026-03-02T11:00").change({ do_not_contact: true }, [], "2026-03-02T15:00");
    run.to("2026-03-02T16:00").change({ do_not_contact: false });
    run.to("2026-03-03T00:00");
    expect(again(run)).toEqual(["p#1 in_progress 02T10:00–"]);
    expect(run.story()).toEqual([
      "03-02T10:00 Started",
      "03-02T11:00 Paused",
      "03-02T16:00 Resumed",
      "03-02T17:00 Warned",
      "03-02T19:00:00.001 Breached",
    ]);
  });

  it("news that only the run hears, what it starts and what it resets", () => {
    const run = bench(
      { p: { starts: "quote.sent", stops: "quote.accepted", reopens: true }, q: { ...ofRun, resets: "quote.sent" } },
      [],
    );
    run.to("2026-03-02T11:00").tell("quote.sent").to("2026-03-02T12:00").tell("quote.accepted");
    run.to("2026-03-02T13:00").tell("quote.sent", "invoice.paid");
    expect(again(run)).toEqual([
      "q#1 completed 02T10:00–02T11:00",
      "p#1 completed 02T11:00–02T12:00",
      "q#2 completed 02T11:00–02T13:00",
      "p#2 in_progress 02T13:00–",
      "q#3 in_progress 02T13:00–",
    ]);
  });

  it("a condition that turns within one command is looked at when all of it is done", () => {
    const run = bench({ p: { stopWhen: "lead.fit_score > 5" }, q: { startWhen: "lead.fit_score > 5" } }, ["p", "q"]);
    run.to("2026-03-02T11:00").change({ fit_score: 9 });
    run.to("2026-03-02T12:00").change({ fit_score: 1 });
    run.to("2026-03-02T13:00").change({ fit_score: 7 });
    expect(again(run)).toEqual([
      "p#1 completed 02T10:00–02T11:00",
      "q#1 cancelled 02T11:00–02T12:00",
      "q#2 in_progress 02T13:00–",
    ]);
  });

  it("midnights and instants of the record pass in a replay as they did", () => {
    const run = bench(
      {
        day: { startWhen: "lead.recycle_until <= today()", target: "20h" },
        hour: { pauseWhen: "now() >= lead.next_meeting_at", target: "20h" },
      },
      ["day", "hour"],
      { recycle_until: "2026-03-04", next_meeting_at: Date.UTC(2026, 2, 2, 12, 17) },
    );
    run.to("2026-03-05T01:00");
    expect(again(run)).toEqual(["hour#1 paused 02T10:00–", "day#1 in_progress 04T00:00–"]);
  });

  it("with a calendar of its own, warnings and rungs fired as they did, up to the last hour", () => {
    const ladder = [{ at: "50%" }, { at: "1h left" }, { at: "2h late" }];
    const run = bench({ p: { calendar: "office", warnAt: [25, 75], ladder } }, ["p"]);
    for (const until of ["2026-03-02T12:30", "2026-03-02T14:00", "2026-03-02T16:30", "2026-03-03T10:00"])
      again(run.to(until));
    expect(run.clock()).toMatchObject({ fired: [25, 75], rang: ["50%", "1h left", "2h late"] });
  });
});

describe("what happens to the run", () => {
  it("suspended with its clocks, or without", () => {
    for (const clocks of ["pause", "go_on"] as const) {
      const run = bench({ p: {}, q: ofRun }, ["p"]);
      run.to("2026-03-02T11:00").send({ type: "suspendRun", reason: "audit", clocks });
      again(run.asleep("2026-03-02T12:00"));
      run.send({ type: "resumeRun" });
      run.to("2026-03-02T13:00");
      expect(again(run)).toEqual(["q#1 in_progress 02T10:00–", "p#1 in_progress 02T10:00–"]);
      expect(run.clocks().map(({ pausedWall }) => pausedWall)).toEqual(
        clocks === "pause" ? [3_600_000, 3_600_000] : [0, 0],
      );
    }
  });

  it("a step that is stopped holds its own clocks and no other", () => {
    const run = bench({ p: {}, p2: {}, q: ofRun }, ["p", "p2"]);
    run.to("2026-03-02T11:00").stop("ask", "pause");
    expect(run.clocks().map(({ sla, state }) => `${sla} ${state}`)).toEqual(["q in_progress", "p paused", "p2 paused"]);
    again(run);
    run.to("2026-03-02T13:00").stop("ask", null).to("2026-03-02T14:00");
    expect(run.clocks().map(({ pausedWall }) => pausedWall / 3_600_000)).toEqual([0, 2, 2]);
    again(run);
  });

  it("a step that is stopped while its clocks go on holds none", () => {
    const run = bench({ p: {} }, ["p"]);
    run.to("2026-03-02T11:00").stop("ask", "go_on");
    expect(run.clock().state).toBe("in_progress");
    again(run);
  });

  it("ended, by its own end or by hand: what runs still is completed or cancelled", () => {
    const slas = {
      p: {},
      whole: ofRun,
      gone: { starts: "run.started", stops: "run.cancelled" },
      never: { starts: "run.started", stops: "quote.accepted" },
    };
    const done = bench(slas, ["p"]).to("2026-03-02T11:00").finish("ask").finish("next");
    expect(again(done)).toEqual([
      "whole#1 completed 02T10:00–02T11:00",
      "gone#1 cancelled 02T10:00–02T11:00",
      "never#1 cancelled 02T10:00–02T11:00",
      "p#1 completed 02T10:00–02T11:00",
    ]);
    const cancelled = bench(slas, ["p"]).to("2026-03-02T11:00");
    cancelled.send({ type: "cancelRun", reason: "over" });
    expect(again(cancelled)).toEqual([
      "whole#1 cancelled 02T10:00–02T11:00",
      "gone#1 completed 02T10:00–02T11:00",
      "never#1 cancelled 02T10:00–02T11:00",
      "p#1 cancelled 02T10:00–02T11:00",
    ]);
    // Nothing goes on after its end.
    again(done.asleep("2026-03-04T00:00"));
  });

  it("a completion that was undone has never been: neither its clocks nor what it ended", () => {
    const run = bench({ p: {}, n: { startStep: "next", stopStep: "next" } }, ["p"]);
    run.to("2026-03-02T11:00");
    const before = structuredClone(run.run());
    const { id: work } = Object.values(before.work)[0]!;
    run.finish("ask");
    expect(run.clocks().map(({ sla, state }) => `${sla} ${state}`)).toEqual(["p completed", "n in_progress"]);
    run.send({ type: "undoWork", work, before, records: [], undone: 3 }, true);
    run.to("2026-03-02T12:00");
    const shown = () => replayed(run).map(({ sla, clock }) => `${sla} ${clock.state} ${iso(clock.stoppedAt)}`);
    expect(shown()).toEqual(["p in_progress null"]);
    run.finish("ask");
    expect(shown()).toEqual(["p completed 2026-03-02T12:00", "n in_progress null"]);
  });

  it("a log that does not begin with the run has no clocks", () => {
    const run = bench({ p: {} }, ["p"]);
    run.log.splice(0, run.log.length, ...run.log.filter(({ type }) => type !== "RunStarted"));
    expect(replayed(run)).toEqual([]);
  });

  it("it begins late where its trigger did: from the trigger, and its first news counts once", () => {
    const run = bench(
      { p: { starts: "manual", stops: "run.completed", resets: "run.started" }, q: { ...ofRun, resets: "manual" } },
      [],
    );
    expect(again(run.to("2026-03-02T11:00"))).toEqual([
      "p#1 completed 02T10:00–02T10:00",
      "q#1 in_progress 02T10:00–",
      "p#2 in_progress 02T10:00–",
    ]);
  });
});

describe("what stands beside what was computed", () => {
  const clock = (id: string, sla: string, visit: string | null, more: Partial<SlaClock> = {}): RunClock => ({
    id,
    sla,
    node: visit ? "ask" : null,
    visit,
    clock: {
      policy: sla,
      cycle: 1,
      state: "in_progress",
      startedAt: 0,
      targetMs: 1,
      originalDueAt: 1,
      pausedWall: 0,
      pausedOpen: 0,
      rungs: [],
      fired: [],
      calendar: null,
      ...more,
    },
  });
  it("the n-th of a promise on a stay, or on the run, with the n-th", () => {
    const pairs = pairClocks(
      [clock("c1", "p", "v1"), clock("c2", "p", "v1"), clock("c3", "p", null), clock("c4", "q", "v1")],
      [clock("c1", "p", null), clock("c2", "p", "v1"), clock("c3", "p", null), clock("c4", "p", "v2")],
    );
    expect(pairs.map(({ sla, node, visit, was, now }) => [sla, node, visit, was?.id ?? null, now?.id ?? null])).toEqual(
      [
        ["p", "ask", "v1", "c1", "c2"],
        ["p", "ask", "v1", "c2", null],
        ["p", null, null, "c3", "c1"],
        ["q", "ask", "v1", "c4", null],
        ["p", null, null, null, "c3"],
        ["p", "ask", "v2", null, "c4"],
      ],
    );
  });
  it("only a pair can be adopted, and an ended clock never goes on again", () => {
    const open = clock("c1", "p", null);
    const ended = clock("c1", "p", null, { stoppedAt: 5, state: "completed" });
    const pair = (was: RunClock | null, now: RunClock | null) =>
      isAdoptable({ sla: "p", node: null, visit: null, was, now });
    expect([
      pair(open, open),
      pair(open, ended),
      pair(ended, ended),
      pair(ended, open),
      pair(null, open),
      pair(open, null),
    ]).toEqual([true, true, true, false, false, false]);
  });
  it("what has rung stays rung, the cycle keeps its number, and it tells how often it was computed", () => {
    const was = clock("c1", "p", null, { cycle: 3, fired: [75], rang: ["50%"], breachedAt: 9 }).clock;
    const now = clock("c1", "p", null, { fired: [50, 75, 9], rang: ["2h late"] }).clock;
    expect(adopted(was, now)).toMatchObject({
      cycle: 3,
      fired: [9, 50, 75],
      rang: ["2h late", "50%", "breach"],
      revision: 1,
    });
    expect(adopted(was, now).breachedAt).toBeUndefined();
    const plain = clock("c1", "p", null).clock;
    expect(adopted({ ...plain, revision: 4 }, plain)).toEqual({ ...plain, revision: 5 });
  });
});
