/** Versions in flight in a whole Millrace, on both databases. */
import { and, eq, isNull } from "drizzle-orm";
import { expect, it } from "vitest";
import { batchCounts, batchReasons, findBatch } from "@/db/queries/batches.ts";
import { doBatchSlice } from "@/server/commands/batches/do-batch.ts";
import { previewBatch, startBatch } from "@/server/commands/batches/start-batch.ts";
import { previewMigration } from "@/server/commands/preview-migration.ts";
import { adoptClocks, previewClocks } from "@/server/commands/recompute-clocks.ts";
import { findUndoable, undoMigration } from "@/server/commands/undo-migration.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { createHash } from "node:crypto";
import { canonical } from "@/db/chain.ts";
import type { Plain, Run } from "@/server/engine/model.ts";
import { describeOnBoth } from "../support/databases.ts";
import { drawn, stateOf } from "../support/move-on.ts";
import { type Bench, openBench } from "./bench.ts";

const hour = 3_600_000;
const key = "care";
const slas = (target: string) => ({
  answer: { name: "Answer", target, warnAt: [50], onBreach: [{ verb: "reassign" }] },
});
const parts = { recordType: "account", runPolicy: "many" };
/** A task with a clock and an event at its edge; the second version has a check after it and other times. */
const first = {
  text: `call:task
    start -> call -> done
    call.late -> gone`,
  more: {
    ...parts,
    slas: slas("PT8H"),
    nodes: { call: { slas: ["answer"], boundary: [{ id: "late", kind: "timer", after: "PT40H" }] } },
  },
};
const second = {
  text: `phone:task
    check:task
    start -> phone -> check -> done
    phone.late -> gone`,
  more: {
    ...parts,
    slas: { ...slas("PT2H"), reach: { name: "Reach", target: "PT3H" } },
    nodes: { phone: { slas: ["answer", "reach"], boundary: [{ id: "late", kind: "timer", after: "PT10H" }] } },
  },
};
const plan = {
  nodes: [
    { from: "start", to: "start" },
    { from: "call", to: "phone" },
    { from: "done", to: "done" },
    { from: "gone", to: "gone" },
  ],
};
const between = { from: { process: key, version: 1 }, to: { process: key, version: 2 } };

async function withRuns(bench: Bench, n: number): Promise<string[]> {
  await bench.publish(drawn(key, first));
  const runs: string[] = [];
  for (let from = 0; from < n; from += 200)
    runs.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(200, n - from) }, async (_, i) =>
          bench.start(key, await bench.record("account", { name: `Account ${from + i}` }), "account"),
        ),
      )),
    );
  await bench.engine.worker.drain();
  await bench.publish(drawn(key, second));
  return runs.sort();
}

const move = async (bench: Bench, runId: string) =>
  bench.send({ type: "migrateRun", runId, to: between.to, plan, reason: "the new way is shorter" }, "linh");
const by = (bench: Bench) => ({ ...bench.ask(), memberId: "linh" });
const hashOf = (run: Run) =>
  createHash("sha256")
    .update(canonical(stateOf(run) as Plain))
    .digest("hex");
const whole = async (bench: Bench) =>
  expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });

describeOnBoth("versions in flight", (open) => {
  it("a run is moved with its clock, its timer and its task, and the log rebuilds all of it", async () => {
    const bench = await openBench(await open());
    const [run = ""] = await withRuns(bench, 1);
    await bench.advance(hour);
    const before = await bench.run(run);
    expect(await move(bench, run)).toMatchObject({ ok: true });
    const after = await bench.run(run);
    expect(
      Object.values(after.clocks).map(({ sla, clock }) => [sla, ((clock.dueAt ?? 0) - before.startedAt) / hour]),
    ).toEqual([
      ["answer", 8],
      ["reach", 4],
    ]);
    expect(Object.values(after.timers).find(({ name }) => name === "boundary:late")?.due).toBe(
      before.startedAt + 40 * hour,
    );
    // Lists, inbox and reports find it where it stands now.
    const { t, read } = bench.store;
    const open_ = and(eq(t.stepVisit.runId, run), isNull(t.stepVisit.leftAt));
    expect(
      await read.select({ node: t.stepVisit.node, version: t.stepVisit.version }).from(t.stepVisit).where(open_),
    ).toEqual([{ node: "phone", version: 2 }]);
    expect(await read.select({ node: t.workItem.node, version: t.workItem.version }).from(t.workItem)).toEqual([
      { node: "phone", version: 2 },
    ]);
    await whole(bench);
    // It is done under the new version, and what it was under the old one stays in its log.
    const work = Object.values(after.work)[0]!;
    await bench.send({ type: "completeWork", runId: run, work: work.id, outcome: null, values: {} }, work.assignee!);
    expect(Object.values((await bench.run(run)).tokens)).toMatchObject([{ node: "check" }]);
    const nodes = (await bench.factsOf(run)).flatMap((fact) => (fact.type === "TokenEntered" ? fact.data.node : []));
    expect(nodes).toEqual(["start", "call", "check"]);
    await whole(bench);
  });

  it("its clocks are computed anew across the migration, and come out the same", async () => {
    const bench = await openBench(await open());
    const [run = ""] = await withRuns(bench, 1);
    await bench.advance(hour);
    await move(bench, run);
    await bench.advance(hour);
    const preview = await previewClocks(bench.engine, bench.ask(), run, "own");
    if (!preview.ok) throw new Error(preview.text);
    expect(preview.differences.map(({ sla, differs }) => [sla, differs])).toEqual([
      ["answer", false],
      ["reach", false],
    ]);
    // By the definitions of today the first would be due after two hours; that is adopted on top.
    const live = await previewClocks(bench.engine, bench.ask(), run, "live");
    if (!live.ok) throw new Error(live.text);
    expect(live.differences.find(({ sla }) => sla === "answer")).toMatchObject({ differs: true, adoptable: true });
    expect(
      await adoptClocks(bench.engine, bench.ask(), {
        runId: run,
        under: "live",
        clocks: ["c1"],
        reason: "fair",
        rev: live.rev,
      }),
    ).toEqual({ ok: true, adopted: 1 });
    await whole(bench);
  });

  it("taken back within a day, its state is what it was to the last letter; after that, or once it has moved on, it is refused", async () => {
    const bench = await openBench(await open());
    const { engine } = bench;
    const [one = "", two = "", three = ""] = await withRuns(bench, 3);
    await bench.advance(hour);
    const before = await bench.run(one);
    for (const run of [one, two, three]) await move(bench, run);
    expect(hashOf(await bench.run(one))).not.toBe(hashOf(before));
    bench.clock.advance(hour / 2);
    expect(await findUndoable(engine, bench.ask(), one)).toMatchObject({ ok: true });
    expect(await undoMigration(engine, bench.ask(), one, "it was too early")).toEqual({ ok: true });
    expect(hashOf(await bench.run(one))).toBe(hashOf(before));
    expect((await bench.factsOf(one)).at(-1)).toMatchObject({
      type: "RunMigrated",
      data: { how: "undone", from: between.to, to: between.from, reason: "it was too early" },
    });
    await whole(bench);
    expect(await undoMigration(engine, bench.ask(), one, "again")).toMatchObject({
      code: "UNDO_REFUSED",
      text: "This run was not moved to another version, or that was undone. Nothing was undone.",
    });
    const work = Object.values((await bench.run(two)).work)[0]!;
    await bench.send({ type: "startWork", runId: two, work: work.id }, work.assignee!);
    expect(await undoMigration(engine, bench.ask(), two, "too late")).toMatchObject({
      text: "The run has moved on since. Nothing was undone.",
    });
    bench.clock.advance(25 * hour);
    expect(await undoMigration(engine, bench.ask(), three, "too late")).toMatchObject({
      text: "The time in which this could be undone has passed. Nothing was undone.",
    });
    // What was taken back runs on: its clock rings when it would have.
    await bench.advance(0);
    expect(Object.values((await bench.run(one)).clocks)[0]?.clock.breachedAt).toBe(before.startedAt + 8 * hour);
    await whole(bench);
  });

  it("a preview tells for each run what would become of it and of each clock, and changes nothing", async () => {
    const bench = await openBench(await open());
    const runs = await withRuns(bench, 3);
    const [done = "", stuck = ""] = runs;
    const work = Object.values((await bench.run(done)).work)[0]!;
    await bench.send({ type: "completeWork", runId: done, work: work.id, outcome: null, values: {} }, work.assignee!);
    await bench.send({ type: "suspendRun", runId: stuck, reason: "wait" }, "linh");
    const { contexts } = bench.engine;
    const source = (await contexts.version(bench.workspaceId, key, 1))!;
    const target = (await contexts.version(bench.workspaceId, key, 2))!;
    const asked = { ...between, plan: { ...plan, rebase: ["answer"] }, after: "", limit: 10 };
    const versions = { source, target };
    const { runs: rows } = await previewMigration(bench.engine, bench.ask(), versions, asked);
    expect(rows.map(({ id, verdict }) => [id, verdict])).toEqual(runs.slice(1).map((id) => [id, "ok"]));
    const { startedAt } = await bench.run(runs[2]!);
    expect(rows[1]).toMatchObject({
      stands: ["call"],
      reasons: [],
      clocks: [
        { name: "Answer", fate: "retargeted", dueBefore: startedAt + 8 * hour, dueAfter: startedAt + 2 * hour },
        { name: "Reach", fate: "opened", dueBefore: null, dueAfter: bench.clock.now() + 3 * hour },
      ],
      timers: [{ name: "late", fate: "kept", due: startedAt + 40 * hour }],
      goesOn: false,
    });
    const none = await previewMigration(bench.engine, bench.ask(), versions, { ...asked, plan: { nodes: [] } });
    expect(none.runs[0]).toMatchObject({
      verdict: "refused",
      reasons: [{ code: "NOT_MAPPED", text: "It stands at “call”, which becomes no step." }],
    });
    expect(await bench.run(runs[2]!)).toMatchObject({ version: 1 });
  });

  it("two hundred are moved by a batch that is cut off on the way, each told of, and moved back by another", async () => {
    await batchOf(await openBench(await open()), 200);
  });

  it.runIf(globalThis.process.env.TEST_LONG)(
    "ten thousand, the same",
    async () => {
      await batchOf(await openBench(await open()), 10_000);
    },
    3_600_000,
  );

  it("runs of several versions go to one, each by its own version's map, and all of them back", async () => {
    const bench = await openBench(await open());
    const runs = await withRuns(bench, 2);
    const late = await bench.start(key, await bench.record("account", { name: "Later" }), "account");
    await bench.engine.worker.drain();
    const third = { process: key, version: await bench.publish(drawn(key, { ...second, text: `${second.text} ` })) };
    const own = { nodes: ["start", "phone", "check", "done", "gone"].map((id) => ({ from: id, to: id })) };
    const params = { from: between.from, to: third, plan, also: [{ from: between.to, plan: own }] };
    const filter = { process: key, versions: [1, 2] };
    expect(
      await previewBatch(bench.engine, bench.ask(), { kind: "migrate", params, filter, reason: "-" }),
    ).toMatchObject({ total: 3, outcomes: [{ result: "done", n: 3 }] });
    const order = { kind: "migrate" as const, params, filter, reason: "all on the newest" };
    const started = await startBatch(bench.engine, by(bench), order);
    await bench.engine.worker.drain();
    for (const id of [...runs, late]) expect((await bench.run(id)).version).toBe(third.version);
    const undo = {
      kind: "undo_migration" as const,
      params: { batch: started.ok ? started.id : "" },
      filter: third,
      reason: "too early",
    };
    expect(await startBatch(bench.engine, by(bench), undo)).toMatchObject({ ok: true });
    await bench.engine.worker.drain();
    expect(await Promise.all([...runs, late].map(async (id) => (await bench.run(id)).version))).toEqual([1, 1, 2]);
    await whole(bench);
  });

  it("a record that is in the other process already stays where it is", async () => {
    const bench = await openBench(await open());
    const once = { recordType: "account", runPolicy: "one_active_per_record" };
    const text = `call:task\n start -> call -> done`;
    await bench.publish(drawn("sales", { text, more: once }));
    await bench.publish(drawn("renewals", { text, more: once }));
    const account = await bench.record("account", { name: "Both" });
    const run = await bench.start("sales", account, "account");
    const other = await bench.start("renewals", account, "account");
    const command = {
      type: "migrateRun",
      runId: run,
      to: { process: "renewals", version: 1 },
      plan: { nodes: ["start", "call", "done"].map((id) => ({ from: id, to: id })) },
      reason: "it renews",
    } as const;
    expect(await bench.send(command, "linh")).toMatchObject({
      code: "ALREADY_RUNNING",
      text: "This record is already in that process. Nothing was moved.",
    });
    await bench.send({ type: "cancelRun", runId: other, reason: "twice" }, "linh");
    expect(await bench.send(command, "linh")).toMatchObject({ ok: true });
    expect(await bench.run(run)).toMatchObject({ process: "renewals", version: 1 });
    await whole(bench);
  });
});

/** Moved, cut off after the first slices, gone on with by another server, and moved back. */
async function batchOf(bench: Bench, n: number): Promise<void> {
  const { store, workspaceId, engine, clock } = bench;
  const runs = await withRuns(bench, n);
  const states = new Map<string, string>();
  for (const id of [runs[0]!, runs[n - 1]!]) states.set(id, hashOf(await bench.run(id)));
  const work = Object.values((await bench.run(runs[1]!)).work)[0]!;
  await bench.send({ type: "completeWork", runId: runs[1]!, work: work.id, outcome: null, values: {} }, work.assignee!);
  const order = {
    kind: "migrate",
    params: { ...between, plan, except: [runs[2]!] },
    filter: { process: key, version: 1 },
    reason: "the new way is shorter",
  } as const;
  const preview = await previewBatch(engine, bench.ask(), order);
  expect(preview).toMatchObject({ ok: true, total: n });
  const began = performance.now();
  const started = await startBatch(engine, by(bench), order);
  if (!started.ok) throw new Error(started.text);
  for (let slice = 0; slice < 2 + Math.ceil(n / 1000); slice++)
    await doBatchSlice(engine, { workspaceId, id: started.id }, clock.now());
  expect((await batchCounts(store, workspaceId, started.id)).done).toBeGreaterThan(0);
  await engine.worker.drain();
  if (n > 1000) console.log(`${n} runs moved in ${Math.round(performance.now() - began)} ms on ${store.dialect}`);
  expect(await findBatch(store, workspaceId, started.id)).toMatchObject({ status: "done" });
  expect(await batchReasons(store, workspaceId, started.id)).toEqual([
    { status: "done", text: null, n: n - 2 },
    { status: "skipped", text: "It was left out.", n: 1 },
    { status: "skipped", text: "This run has ended already.", n: 1 },
  ]);
  expect(await bench.run(runs[0]!)).toMatchObject({ version: 2 });
  expect(await bench.run(runs[2]!)).toMatchObject({ version: 1 });
  const back = await startBatch(engine, by(bench), {
    kind: "undo_migration",
    params: { batch: started.id },
    filter: { process: key, version: 2 },
    reason: "it was too early",
  });
  if (!back.ok) throw new Error(back.text);
  await engine.worker.drain();
  expect(await batchCounts(store, workspaceId, back.id)).toMatchObject({ total: n - 2, done: n - 2 });
  for (const [id, hash] of states) expect(hashOf(await bench.run(id))).toBe(hash);
  if (n <= 1000) await whole(bench);
}
