/** A worker that is behind: what other runs do to a record counts when they did it, not when the news came. */
import { expect, it } from "vitest";
import { eventsOf } from "@/db/queries/runs.ts";
import { changeRecord } from "@/server/commands/change-record.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { describeOnBoth } from "../support/databases.ts";
import { playOn } from "../support/flow-play.ts";
import { openBench } from "./bench.ts";

const hour = 3_600_000;

describeOnBoth("late news", (open) => {
  it("pauses a clock from the change on, although the run hears of it an hour later", async () => {
    const bench = await openBench(await open());
    const run = await playOn(bench, "late_news", "ask:task\nstart -> ask -> done", {
      nodes: { ask: { slas: ["answer"] } },
      slas: { answer: { name: "Answer", target: "8h", pauseWhen: "lead.fit_score > 50" } },
    });
    await bench.advance(hour);
    const changed = bench.clock.now();
    await bench.change(run.id, { fit_score: 80 });
    bench.clock.advance(hour);
    await bench.engine.worker.drain();
    const { clock } = Object.values((await run.run()).clocks)[0]!;
    expect(clock).toMatchObject({ state: "paused", pausedAt: changed });
    await run.change({ fit_score: 10 });
    const going = Object.values((await run.run()).clocks)[0]!.clock;
    expect(going).toMatchObject({ state: "in_progress", pausedWall: hour });
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});

describeOnBoth("an answer from outside", (open) => {
  it("counts from when it came, not from when it was asked for: others have gone on meanwhile", async () => {
    const store = await open();
    let late = async (): Promise<void> => {};
    const bench = await openBench(store, undefined, undefined, {
      send: async () => {
        await late();
        return { ok: true, result: null };
      },
    });
    await bench.publish({
      key: "post",
      name: "Post",
      recordType: "account",
      nodes: [
        { id: "start", kind: "start", name: "By hand", config: { trigger: "manual" } },
        {
          id: "post",
          kind: "automation",
          name: "Post",
          actions: [
            { verb: "connector", connector: "books", operation: "post" },
            { verb: "set", field: "account.website", value: '"https://posted.example"' },
          ],
        },
        { id: "done", kind: "end", name: "Done" },
      ],
      edges: [
        { id: "e1", from: "start", to: "post" },
        { id: "e2", from: "post", to: "done" },
      ],
    });
    const account = await bench.record("account", { name: "Lotus" });
    const runId = await bench.start("post", account, "account");
    late = async () => {
      bench.clock.advance(7000);
      await bench.change(account, { name: "Lotus Foods" });
    };
    // What leaves the house waits until nothing is undone any more.
    const asked = bench.clock.now() + 10_000;
    bench.clock.advance(10_000);
    await bench.engine.worker.drain();
    expect((await bench.run(runId)).endedAt).toBe(asked + 7000);
    const story = await eventsOf(store, bench.workspaceId, "record", [account]);
    expect(story.map(({ type, at }) => [type, at - asked])).toEqual([
      ["RecordCreated", -10_000],
      ["RecordChanged", 7000],
      ["RecordChanged", 7000],
    ]);
  });
});

describeOnBoth("a command that waited its turn while a timer was rung late", (open) => {
  it("writes no earlier time than what was written before it, neither of the run nor of its record", async () => {
    const bench = await openBench(await open());
    const run = await playOn(bench, "waited_turn", "ask:task\nmark:automation\nstart -> ask -> mark -> done", {
      nodes: {
        ask: { slas: ["answer"] },
        mark: { actions: [{ verb: "set", field: "lead.fit_score", value: "70" }] },
      },
      slas: {
        answer: {
          name: "Answer",
          target: "1h",
          onBreach: [{ verb: "set", field: "lead.fit_score", value: "90" }],
        },
      },
    });
    const begun = bench.clock.now();
    bench.clock.advance(3 * hour);
    await bench.engine.worker.drain();
    const waited = { ...bench.ask("linh"), now: begun + 2 * hour };
    expect(
      await changeRecord(bench.engine, waited, { id: run.id, values: { job_title: "Head of sales" } }),
    ).toMatchObject({
      ok: true,
    });
    const done = await bench.engine.loop.submit({
      id: "waited",
      workspaceId: bench.workspaceId,
      at: begun + 2 * hour,
      actor: { kind: "member", id: "lan" },
      runId: run.runId,
      type: "completeWork",
      work: "w1",
      outcome: null,
      values: {},
    });
    expect(done).toMatchObject({ ok: true });
    const told = async (kind: "run" | "record", id: string, from: string) => {
      const facts = await eventsOf(bench.store, bench.workspaceId, kind, [id]);
      const first = facts.findIndex(({ type }) => type === from);
      return facts
        .slice(first)
        .map(({ type, at, due }) => [type, (at - begun) / hour, due && Math.round((due - begun) / hour)]);
    };
    expect(await told("run", run.runId, "TimerFired")).toEqual([
      ["TimerFired", 3, 1],
      ["ClockBreached", 3, 1],
      ["WorkCompleted", 3, undefined],
      ["ClockCompleted", 3, undefined],
      ["TokenLeft", 3, undefined],
      ["TokenEntered", 3, undefined],
      ["TokenLeft", 3, undefined],
      ["TokenEntered", 3, undefined],
      ["TokenLeft", 3, undefined],
      ["RunCompleted", 3, undefined],
    ]);
    expect(await told("record", run.id, "RecordChanged")).toEqual([
      ["RecordChanged", 3, 1],
      ["RecordChanged", 3, undefined],
      ["RecordChanged", 3, undefined],
    ]);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});
