/** Why a promise has no clock on a run: the first thing that keeps it from attaching, with what was read. */
import { describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { type ClockBench, clockBench } from "@/tests/support/clock-bench.ts";
import { whyNotAttached } from "./explain-clocks.ts";

const line = `ask:task
  next:task
  start -> ask -> next -> done`;
const bench = (
  sla: object,
  { at = ["ask"], values = {}, graph = line }: { at?: string[]; values?: Values; graph?: string } = {},
) =>
  clockBench(
    graph,
    {
      slas: { p: { name: "P", target: "4h", ...sla } },
      nodes: Object.fromEntries(at.map((id) => [id, { slas: ["p"] }])),
    },
    { start: "2026-03-02T10:00", values },
  );
const why = (run: ClockBench) =>
  whyNotAttached(run.turn()).map(({ sla: _sla, seen, ...said }) => ({
    ...said,
    ...(seen && { seen: seen.map(({ text, inputs }) => ({ text, inputs })) }),
  }));
const ofRun = { starts: "run.started", stops: "run.completed" };

describe("a promise of a step", () => {
  it("that has a clock is not spoken of, nor one whose clock came to its end where the run has gone on", () => {
    const run = bench({});
    expect(why(run)).toEqual([]);
    expect(why(run.finish("ask"))).toEqual([]);
  });
  it("waits for its step", () =>
    expect(why(bench({}, { at: ["next"] }))).toEqual([{ visit: null, reason: "step_not_reached" }]));
  it("waits for the event it starts with", () =>
    expect(why(bench({ starts: "work_item.started" }))).toEqual([
      { visit: "v1", reason: "event_missing", event: "work_item.started" },
    ]));
  it("does not apply: what was read is told", () =>
    expect(why(bench({ appliesWhen: 'lead.priority = "hot"' }, { values: { priority: "cold" } }))).toEqual([
      {
        visit: "v1",
        reason: "condition_false",
        seen: [{ text: 'lead.priority = "hot"', inputs: { "lead.priority": "cold" } }],
      },
    ]));
  it("would stop at once, or be cancelled at once", () => {
    const values = { fit_score: 9 };
    const seen = [{ text: "lead.fit_score > 5", inputs: { "lead.fit_score": 9 } }];
    expect(why(bench({ stopWhen: "lead.fit_score > 5" }, { values }))).toEqual([
      { visit: "v1", reason: "ends_at_once", seen },
    ]);
    expect(why(bench({ cancel: "cancel_matches", cancelWhen: "lead.fit_score > 5" }, { values }))).toEqual([
      { visit: "v1", reason: "ends_at_once", seen },
    ]);
  });
  it("is cancelled by news that came before it", () => {
    const run = bench({ cancel: "cancel_matches", cancels: "lead.recycled" }, { at: ["next"] });
    expect(why(run.tell("lead.recycled").finish("ask"))).toEqual([{ visit: "v2", reason: "ends_at_once", seen: [] }]);
  });
  it("has run its course at this stay, and says nothing of one that has not", () => {
    const run = bench({ stops: "work_item.started" });
    expect(why(run.work("startWork"))).toEqual([{ visit: "v1", reason: "ran_once" }]);
    expect(why(bench({ stops: "work_item.started", reopens: true }).work("startWork"))).toEqual([
      { visit: "v1", reason: "stopped_already", event: "work_item.started" },
    ]);
  });
  it("is due at a date that is empty", () =>
    expect(why(bench({ target: "lead.next_meeting_at" }))).toEqual([{ visit: "v1", reason: "no_date" }]));
  it("of each stay of its step, where several stand there", () => {
    const graph = `all:parallel
      ask:task
      next:task
      both:join mode=all
      start -> all -> ask -> both -> done
      all -> next -> both`;
    const run = bench({ starts: "work_item.started" }, { at: ["ask", "next"], graph });
    expect(why(run).map(({ visit, reason }) => [visit, reason])).toEqual([
      ["v1", "event_missing"],
      ["v2", "event_missing"],
    ]);
  });
  it("that begins when a step is entered waits for that step, whichever names it", () => {
    const between = { startStep: "next", stopStep: "next", appliesWhen: "lead.fit_score > 5" };
    const run = bench(between, { at: [], values: { fit_score: 1 } });
    expect(why(run)).toEqual([{ visit: null, reason: "event_missing", event: "step.entered:next" }]);
    expect(why(run.finish("ask"))).toMatchObject([{ visit: null, reason: "condition_false" }]);
  });
});

describe("a promise of the run", () => {
  it("waits for its event", () =>
    expect(why(bench({ starts: "quote.sent", stops: "quote.accepted" }, { at: [] }))).toEqual([
      { visit: null, reason: "event_missing", event: "quote.sent" },
    ]));
  it("was stopped before it could start", () => {
    const run = bench(
      { starts: "quote.sent", stops: "quote.accepted", appliesWhen: "lead.fit_score > 5" },
      { at: [], values: { fit_score: 1 } },
    );
    run.tell("quote.sent").to("2026-03-02T11:00").tell("quote.accepted");
    expect(why(run)).toEqual([{ visit: null, reason: "stopped_already", event: "quote.accepted" }]);
  });
  it("ran once", () => {
    const run = bench({ starts: "run.started", stops: "quote.accepted" }, { at: [] }).tell("quote.accepted");
    expect(why(run)).toEqual([{ visit: null, reason: "ran_once" }]);
  });
  it("was cancelled while its start did not hold, and may come back", () => {
    const run = bench({ ...ofRun, appliesWhen: "lead.fit_score > 5" }, { at: [], values: { fit_score: 9 } });
    expect(why(run.change({ fit_score: 1 }))).toMatchObject([{ visit: null, reason: "condition_false" }]);
  });
  it("is held by nothing: it begins with the next change", () => {
    const run = bench({ ...ofRun, startWhen: "lead.fit_score > 5" }, { at: [], values: { fit_score: 1 } });
    const turn = run.turn();
    const lead = turn.world.records.get("lead")!;
    turn.world.records.set("lead", { ...lead, values: { ...lead.values, fit_score: 9 } });
    expect(whyNotAttached(turn)).toEqual([{ sla: "p", visit: null, reason: "none" }]);
  });
});
