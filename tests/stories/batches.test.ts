import { expect, it } from "vitest";
import { eq } from "drizzle-orm";
import { batchCounts, batchReasons, findBatch, itemsOfBatch } from "@/db/queries/batches.ts";
import { searchRuns } from "@/db/queries/run-search.ts";
import { doBatchSlice } from "@/server/commands/batches/do-batch.ts";
import { goOnWithBatch, previewBatch, startBatch, stopBatch } from "@/server/commands/batches/start-batch.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { describeOnBoth } from "../support/databases.ts";
import { type Bench, openBench } from "./bench.ts";

const callProcess = {
  key: "call",
  name: "Call",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    { id: "call", kind: "task", name: "Call", role: "ae" },
    { id: "write", kind: "task", name: "Write", role: "ae" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "call" },
    { id: "e2", from: "call", to: "write" },
    { id: "e3", from: "write", to: "done" },
  ],
};

/** Who asks, and in whose name it is done. */
const by = (bench: Bench, memberId = "linh") => ({ ...bench.ask(memberId), memberId });

async function withRuns(bench: Bench, n: number): Promise<string[]> {
  await bench.publish(callProcess);
  const runs = [];
  for (let i = 0; i < n; i++) {
    const account = await bench.record("account", { name: `Account ${i}` });
    runs.push(await bench.start("call", account, "account"));
  }
  return runs.sort();
}

const ordered = async (bench: Bench, order: Partial<Parameters<typeof startBatch>[2]>) => {
  const started = await startBatch(bench.engine, by(bench), {
    kind: "cancel",
    params: {},
    filter: { process: "call" },
    reason: "sent by mistake",
    ...order,
  });
  if (!started.ok) throw new Error(started.text);
  return started.id;
};

describeOnBoth("a batch", (open) => {
  it("tells beforehand what becomes of each run, and does exactly that", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId, engine } = bench;
    const [first, second, third] = await withRuns(bench, 3);
    await bench.send({ type: "cancelRun", runId: first!, reason: "gone" }, "linh");
    await bench.send({ type: "suspendRun", runId: second!, reason: "wait" }, "linh");
    const order = { kind: "move", params: { from: "call", to: "write" }, filter: { process: "call" } } as const;
    const preview = await previewBatch(engine, bench.ask(), { ...order, reason: "called already" });
    const suspended = "This run is suspended. Resume it first; nothing was moved.";
    expect(preview).toMatchObject({ ok: true, total: 3, looked: 3, next: null });
    // Where many are looked at in several goes, each begins where the last one ended.
    const rest = await previewBatch(engine, bench.ask(), { ...order, reason: "called already" }, first);
    expect(rest).toMatchObject({ ok: true, total: 3, looked: 2, next: null });
    expect(preview.ok && preview.outcomes.toSorted((a, b) => (a.result < b.result ? -1 : 1))).toEqual([
      { result: "done", text: null, n: 1 },
      { result: "refused", text: suspended, n: 1 },
      { result: "skipped", text: "This run has ended already.", n: 1 },
    ]);
    expect(Object.values((await bench.run(third!)).tokens)).toMatchObject([{ node: "call" }]);

    const id = await ordered(bench, order);
    await engine.worker.drain();
    expect(await findBatch(store, workspaceId, id)).toMatchObject({ status: "done", askedBy: "linh" });
    expect(await itemsOfBatch(store, workspaceId, id, { after: "", limit: 10 })).toMatchObject([
      { runId: first, status: "skipped", text: "This run has ended already." },
      { runId: second, status: "refused", text: suspended, title: "Account 1" },
      { runId: third, status: "done", text: null },
    ]);
    expect(Object.values((await bench.run(third!)).tokens)).toMatchObject([{ node: "write" }]);
    const [moved] = (await bench.factsOf(third!)).filter(({ type }) => type === "RunJumped");
    expect(moved).toMatchObject({ actor: { kind: "member", id: "linh" }, data: { reason: "sent by mistake" } });
    expect(await verifyWorkspace(engine, workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("is stopped half-way, and goes on where it was", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId, engine, clock } = bench;
    const runs = await withRuns(bench, 130);
    const id = await ordered(bench, {});
    const slice = async () => doBatchSlice(engine, { workspaceId, id }, clock.now());
    expect(await slice()).toBe(false); // all are written down
    expect(await slice()).toBe(false); // a hundred are done
    expect(await stopBatch(engine, bench.ask(), id)).toEqual({ ok: true });
    await engine.worker.drain();
    expect(await batchCounts(store, workspaceId, id)).toEqual({
      total: 130,
      waiting: 30,
      done: 100,
      skipped: 0,
      refused: 0,
    });
    expect(await stopBatch(engine, bench.ask(), id)).toMatchObject({ ok: false, code: "CONFLICT" });
    // A run that began since is none of its.
    clock.advance(60_000);
    await bench.start("call", await bench.record("account", { name: "Later" }), "account");
    expect(await goOnWithBatch(engine, by(bench), id)).toEqual({ ok: true });
    await engine.worker.drain();
    expect(await findBatch(store, workspaceId, id)).toMatchObject({ status: "done", gathered: true });
    expect(await batchCounts(store, workspaceId, id)).toMatchObject({ total: 130, done: 130 });
    const still = await searchRuns(store, workspaceId, { status: ["active"] }, clock.now(), {
      sort: "started",
      after: null,
      limit: 10,
    });
    expect(still.map(({ title }) => title)).toEqual(["Later"]);
    expect((await bench.run(runs[0]!)).status).toBe("cancelled");
  });

  it("that is stopped while its last runs are done has nothing left to stop, and is done", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId, engine, clock } = bench;
    await withRuns(bench, 3);
    const id = await ordered(bench, {});
    await doBatchSlice(engine, { workspaceId, id }, clock.now());
    const last = doBatchSlice(engine, { workspaceId, id }, clock.now());
    await stopBatch(engine, bench.ask(), id);
    expect(await last).toBe(true);
    expect(await findBatch(store, workspaceId, id)).toMatchObject({ status: "done" });
    expect(await batchCounts(store, workspaceId, id)).toMatchObject({ total: 3, waiting: 0, done: 3 });
  });

  it("does nothing twice when its server died between the runs and its notes of them", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId, engine, clock } = bench;
    const runs = await withRuns(bench, 5);
    const id = await ordered(bench, { kind: "move", params: { from: "call", to: "write" } });
    await doBatchSlice(engine, { workspaceId, id }, clock.now());
    await doBatchSlice(engine, { workspaceId, id }, clock.now());
    // The notes are as they were before the slice: only the runs' own facts were written.
    const { batchItem } = store.t;
    const batch = (await findBatch(store, workspaceId, id))!;
    await store.commit([
      {
        workspaceId,
        guards: [],
        events: [],
        put: {
          batch: [{ ...batch, status: "running", endedAt: null }],
          batchItem: (await store.read.select().from(batchItem).where(eq(batchItem.batchId, id))).map((row) => ({
            ...row,
            status: "waiting" as const,
            text: null,
            at: null,
          })),
        },
        drop: {},
      },
    ]);
    await engine.worker.drain();
    expect(await batchCounts(store, workspaceId, id)).toMatchObject({ total: 5, done: 5 });
    for (const run of runs)
      expect((await bench.factsOf(run)).filter(({ type }) => type === "RunJumped")).toHaveLength(1);
  });

  it("stops when whoever asked for it may not do it any more, and somebody else lets it go on", async () => {
    const bench = await openBench(await open(), undefined, [
      { id: "lan", name: "Lan Phạm", roles: ["rep"], processRoles: ["ae"], managerId: null },
      { id: "linh", name: "Linh Trần", roles: ["ops"], processRoles: [], managerId: null },
      { id: "ana", name: "Ana Silva", roles: ["admin"], processRoles: [], managerId: null },
    ]);
    const { store, workspaceId, engine } = bench;
    await withRuns(bench, 3);
    const id = await ordered(bench, {});
    const { member } = store.t;
    const [linh] = await store.read.select().from(member).where(eq(member.id, "linh"));
    await store.commit([
      { workspaceId, guards: [], events: [], put: { member: [{ ...linh!, status: "inactive" }] }, drop: {} },
    ]);
    await engine.worker.drain();
    expect(await findBatch(store, workspaceId, id)).toMatchObject({
      status: "stopped",
      text: "Whoever asked for it may not do this any more. Somebody else can go on.",
    });
    await goOnWithBatch(engine, by(bench, "ana"), id);
    await engine.worker.drain();
    expect(await findBatch(store, workspaceId, id)).toMatchObject({ status: "done", askedBy: "ana" });
    expect(await batchReasons(store, workspaceId, id)).toEqual([{ status: "done", text: null, n: 3 }]);
  });

  it("suspends and resumes a whole process, and is refused when no run fits", async () => {
    const bench = await openBench(await open());
    const { engine } = bench;
    const [run] = await withRuns(bench, 2);
    await ordered(bench, { kind: "suspend", reason: "prices are wrong" });
    await engine.worker.drain();
    expect((await bench.run(run!)).status).toBe("suspended");
    await ordered(bench, { kind: "resume", filter: { status: ["suspended"] } });
    await engine.worker.drain();
    expect((await bench.run(run!)).status).toBe("active");
    const none = { kind: "cancel", params: {}, filter: { process: "none" }, reason: "x" } as const;
    expect(await startBatch(engine, by(bench), none)).toMatchObject({
      ok: false,
      text: "No run fits this filter. Nothing was started.",
    });
    expect(
      await startBatch(engine, by(bench), { ...none, kind: "move", filter: {}, params: { to: "call" } }),
    ).toMatchObject({ ok: false, code: "INVALID" });
  });
});
