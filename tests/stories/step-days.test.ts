/** Counters of steps by days: added to with every step, taken back with every undo, and the same as counted anew. */
import { and, eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { countedIn, storedCounters } from "@/db/queries/step-days.ts";
import { changeWorkspace } from "@/server/commands/change-workspace.ts";
import { orderRecounts } from "@/server/commands/recount.ts";
import { undoWork } from "@/server/commands/undo-work.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { timeOfBucket } from "@/server/engine/tally.ts";
import { describeOnBoth } from "../support/databases.ts";
import { textGraph } from "../support/text-graph.ts";
import { type Bench, openBench } from "./bench.ts";

const hour = 3_600_000;
const drawing = (key = "care") =>
  textGraph(key, "call:task\ncheck:task\nstart -> call -> check -> done", { recordType: "account", runPolicy: "many" });

/** `day step: arrivals in, completions out` of what has been counted, by day and step. */
async function told({ store, workspaceId }: Bench): Promise<string[]> {
  const { stepDay } = await storedCounters(store, workspaceId);
  const date = (day: number) => new Date(day * 24 * hour).toISOString().slice(5, 10);
  return stepDay
    .filter(({ node }) => node === "call" || node === "check")
    .filter(({ arrivals, completions, cancellations }) => arrivals || completions || cancellations)
    .map(
      ({ day, node, version, arrivals, completions, cancellations }) =>
        `${date(day)} ${node}@${version}: ${arrivals} in, ${completions} out${cancellations ? `, ${cancellations} away` : ""}`,
    )
    .sort();
}
const problems = async (bench: Bench) => (await verifyWorkspace(bench.engine, bench.workspaceId)).problems;
const complete = (bench: Bench, runId: string, work: string) =>
  bench.send({ type: "completeWork", runId, work, outcome: null, values: {} }, "lan");

describeOnBoth("steps counted by days", (open) => {
  it("are counted with each step, and what is taken back is not counted any more", async () => {
    const bench = await openBench(await open());
    await bench.publish(drawing());
    const account = await bench.record("account", { name: "Sen" });
    const runs = await Promise.all([1, 2, 3].map(() => bench.start("care", account, "account")));
    const begun = ["03-02 call@1: 3 in, 0 out"];
    expect(await told(bench)).toEqual(begun);
    await bench.advance(2 * hour);
    await complete(bench, runs[0]!, "w1");
    const stepped = ["03-02 call@1: 3 in, 1 out", "03-02 check@1: 1 in, 0 out"];
    expect(await told(bench)).toEqual(stepped);
    const { stepTime } = await storedCounters(bench.store, bench.workspaceId);
    const times = stepTime.filter(({ node, n }) => node === "call" && n !== 0);
    expect(times.map(({ n }) => n)).toEqual([1]);
    expect(Math.abs(timeOfBucket(times[0]!.bucket) / (2 * hour) - 1)).toBeLessThanOrEqual(0.01);

    expect(await undoWork(bench.engine, bench.ask("lan"), `${runs[0]}.w1`)).toEqual({ ok: true });
    expect(await told(bench)).toEqual(begun);
    expect(
      (await storedCounters(bench.store, bench.workspaceId)).stepTime.filter((row) => row.node === "call" && row.n),
    ).toEqual([]);

    // All at once, and both steps of one of them.
    await Promise.all([complete(bench, runs[0]!, "w1"), complete(bench, runs[1]!, "w1")]);
    await bench.advance(24 * hour);
    await complete(bench, runs[0]!, "w2");
    await bench.send({ type: "cancelRun", runId: runs[2]!, reason: "not wanted" }, "linh");
    expect(await told(bench)).toEqual([
      "03-02 call@1: 3 in, 2 out",
      "03-02 check@1: 2 in, 0 out",
      "03-03 call@1: 0 in, 0 out, 1 away",
      "03-03 check@1: 0 in, 1 out",
    ]);
    expect(await problems(bench)).toEqual([]);
  });

  it("go with a run to another version, and come back with it", async () => {
    const bench = await openBench(await open());
    await bench.publish(drawing());
    const run = await bench.start("care", await bench.record("account", { name: "Sen" }), "account");
    await bench.publish({ ...drawing(), name: "Care anew" });
    const plan = { nodes: ["start", "call", "check", "done"].map((id) => ({ from: id, to: id })) };
    const to = { process: "care", version: 2 };
    const before = await bench.run(run);
    expect(await bench.send({ type: "migrateRun", runId: run, to, plan, reason: "new" }, "linh")).toMatchObject({
      ok: true,
    });
    expect(await told(bench)).toEqual(["03-02 call@2: 1 in, 0 out"]);
    const { rev } = await bench.run(run);
    expect(
      await bench.send({ type: "undoMigration", runId: run, before, seen: rev, reason: "back" }, "linh"),
    ).toMatchObject({ ok: true });
    expect(await told(bench)).toEqual(["03-02 call@1: 1 in, 0 out"]);
    expect(await problems(bench)).toEqual([]);
  });

  it("of an earlier release are counted when a server starts, and again when the workspace's days begin at another hour", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId, clock, engine } = bench;
    await bench.publish(drawing());
    const account = await bench.record("account", { name: "Sen" });
    const runs = await Promise.all([1, 2].map(() => bench.start("care", account, "account")));
    await bench.advance(9 * hour);
    await complete(bench, runs[0]!, "w1");
    const counted = await told(bench);
    const stored = await storedCounters(store, workspaceId);

    // As an earlier release left it.
    const clear = ["stepDay", "stepTime", "dayCount"] as const;
    await store.commit([{ workspaceId, guards: [], events: [], put: {}, drop: {}, clear }]);
    expect(await problems(bench)).toEqual([]);
    await orderRecounts(store, () => clock.now());
    await orderRecounts(store, () => clock.now());
    await engine.worker.drain();
    expect(await told(bench)).toEqual(counted);
    expect(await storedCounters(store, workspaceId)).toEqual(stored);
    await orderRecounts(store, () => clock.now());
    const { job } = store.t;
    expect(
      await store.read
        .select()
        .from(job)
        .where(and(eq(job.workspaceId, workspaceId), eq(job.kind, "recount"))),
    ).toEqual([]);

    expect(await changeWorkspace(engine, bench.ask(), { zone: "Pacific/Honolulu" })).toEqual({ ok: true });
    expect(await countedIn(store, workspaceId)).toBeNull();
    await engine.worker.drain();
    expect(await countedIn(store, workspaceId)).toBe("Pacific/Honolulu");
    expect(await told(bench)).toEqual([
      "03-01 call@1: 2 in, 0 out",
      "03-02 call@1: 0 in, 1 out",
      "03-02 check@1: 1 in, 0 out",
    ]);
    await complete(bench, runs[1]!, "w1");
    expect(await problems(bench)).toEqual([]);
    expect(bench.errors).toEqual([]);
  });

  it("a counter that is not the sum of its visits is named by the proof", async () => {
    const bench = await openBench(await open());
    await bench.publish(drawing());
    await bench.start("care", await bench.record("account", { name: "Sen" }), "account");
    const { workspaceId, store } = bench;
    const { stepDay } = await storedCounters(store, workspaceId);
    const wrong = { ...stepDay.find(({ node }) => node === "call")!, arrivals: 7 };
    await store.commit([{ workspaceId, guards: [], events: [], put: { stepDay: [wrong] }, drop: {} }]);
    expect(await problems(bench)).toEqual([
      `The counter {"bucket":null,"day":${wrong.day},"node":"call","process":"care","version":1} is not the sum of its visits.`,
    ]);
  });
});
