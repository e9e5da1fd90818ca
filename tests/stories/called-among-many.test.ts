/** Called processes that others get in the way of. */
import { expect, it } from "vitest";
import type { Row, Store, WriteSet } from "@/db/store.ts";
import { describeOnBoth } from "../support/databases.ts";
import { playOn } from "../support/flow-play.ts";
import { textGraph } from "../support/text-graph.ts";
import { openBench } from "./bench.ts";

describeOnBoth("a call among many", (open) => {
  it("is not refused because too many others wrote at once", async () => {
    let faster = 0;
    /** Somebody else is faster than what begins a run of the called process, so many times. */
    const contended = ({ turns, ...store }: Store): Store => {
      const losing =
        <T>(commit: (sets: WriteSet[]) => Promise<T>) =>
        async (sets: WriteSet[]) => {
          const starts = sets.some(({ put }) => put.run?.some(({ process }) => process === "called"));
          if (!starts || faster === 0) return commit(sets);
          faster--;
          return { lost: sets.map((_set, i) => i), seq: 0 };
        };
      return {
        ...store,
        begin: () => null,
        commit: losing(store.commit),
        ...(turns && {
          turns: {
            ...turns,
            commit: losing(turns.commit),
            begin: async () => null,
            hold: (workspaceId, work) => turns.hold(workspaceId, (commit) => work(losing(commit))),
          },
        }),
      };
    };
    const bench = await openBench(contended(await open()));
    await bench.publish(textGraph("called", "ask:task\nstart -> ask -> done"));
    const run = await playOn(
      bench,
      "caller",
      "first:task\ncall:subprocess process=called record=same\nlast:task\nstart -> first -> call -> last -> done",
    );
    faster = 5;
    await run.done("first");
    expect(faster).toBe(0);
    await bench.advance(120_000);
    const nodesOf = async (id: string) => Object.values((await bench.run(id)).tokens).map(({ node }) => node);
    const child = (await bench.runsOf(run.id)).find(({ process }) => process === "called");
    expect(await nodesOf(run.runId)).toEqual(["call"]);
    expect(await nodesOf(child!.id)).toEqual(["ask"]);
    expect((await bench.run(run.runId)).incidents).toEqual({});
  });

  it("begins the one run that a record may have, though what its caller did would have begun it, too", async () => {
    const { bench, run, desks: found } = await sellerOn(await open());
    await run.done("first");
    await bench.advance(10_000);
    const desks = await found();
    expect(desks).toHaveLength(1);
    expect((await bench.run(desks[0]!.id)).parent).toMatchObject({ run: run.runId });
    expect((await bench.run(run.runId)).incidents).toEqual({});
  });

  it("begins that run by what its caller did, where the caller has left before it was called", async () => {
    const calls = { held: true };
    const { bench, run, desks } = await sellerOn(await open(), calls);
    await run.done("first");
    expect(await desks()).toEqual([]);
    const { id: token } = await run.token("call");
    expect(await run.jump({ kind: "jump", token, to: "last" })).toMatchObject({ ok: true });
    calls.held = false;
    await bench.advance(10_000);
    const [desk, ...others] = await desks();
    expect(others).toEqual([]);
    expect((await bench.run(desk!.id)).parent).toBeNull();
    expect(await bench.store.read.select().from(bench.store.t.job)).toEqual([]);
  });
});

/** A process that tells of an event and then calls what begins with that event; calls are seen to after everything else, or not while held. */
async function sellerOn(store: Store, calls: { held: boolean } = { held: false }) {
  let waiting: Row<"job">[] = [];
  const lateCalls: Store = {
    ...store,
    async claimJobs(...asked) {
      const jobs = await store.claimJobs(...asked);
      const others = jobs.filter(({ kind }) => kind !== "start_process");
      const late = calls.held || others.length ? [] : waiting;
      waiting = [
        ...waiting.filter((job) => !late.includes(job)),
        ...jobs.filter(({ kind }) => kind === "start_process"),
      ];
      return others.length ? others : late;
    },
  };
  const bench = await openBench(lateCalls);
  await bench.publish(
    textGraph("desk", "ask:task\nstart -> ask -> done", {
      runPolicy: "one_active_per_record",
      nodes: { start: { config: { trigger: "event", event: "quote.sent" } } },
    }),
  );
  const run = await playOn(
    bench,
    "seller",
    "first:task\ntell:automation\ncall:subprocess process=desk record=same\nlast:task\nstart -> first -> tell -> call -> last -> done",
    { nodes: { tell: { actions: [{ verb: "emit", event: "quote.sent" }] } } },
  );
  const desks = async () => (await bench.runsOf(run.id)).filter(({ process }) => process === "desk");
  return { bench, run, desks };
}
