/** The flow of a process: the same from its counters by days as from its visits, whatever was moved or taken back. */
import { expect, it } from "vitest";
import { type Flow, readFlow } from "@/server/reports/read-flow.ts";
import type { ReportQuery } from "@/server/reports/report-context.ts";
import { changeWorkspace } from "@/server/commands/change-workspace.ts";
import { undoWork } from "@/server/commands/undo-work.ts";
import { describeOnBoth } from "../support/databases.ts";
import { textGraph } from "../support/text-graph.ts";
import { type Bench, openBench } from "./bench.ts";

const hour = 3_600_000;
const day = 24 * hour;
const drawing = () =>
  textGraph("care", "call:task\ncheck:task\nstart -> call -> check -> done", {
    recordType: "account",
    runPolicy: "many",
  });
const complete = (bench: Bench, runId: string, work: string) =>
  bench.send({ type: "completeWork", runId, work, outcome: null, values: {} }, "lan");

/** A week and a half: eight begin, some move on, one is taken back, one cancelled, one goes to another version. */
async function worked(bench: Bench): Promise<string[]> {
  await bench.publish(drawing());
  const account = await bench.record("account", { name: "Sen" });
  const runs = await Promise.all([1, 2, 3, 4].map(() => bench.start("care", account, "account")));
  await bench.advance(5 * hour);
  for (const run of runs) await complete(bench, run, "w1");
  expect(await undoWork(bench.engine, bench.ask("lan"), `${runs[0]}.w1`)).toEqual({ ok: true });
  await bench.advance(2 * day);
  await complete(bench, runs[1]!, "w2");
  runs.push(...(await Promise.all([5, 6, 7, 8].map(() => bench.start("care", account, "account")))));
  await bench.advance(30 * hour);
  for (const run of runs.slice(4, 7)) await complete(bench, run, "w1");
  await bench.send({ type: "cancelRun", runId: runs[2]!, reason: "not wanted" }, "linh");
  await bench.publish({ ...drawing(), name: "Care anew" });
  const plan = { nodes: ["start", "call", "check", "done"].map((id) => ({ from: id, to: id })) };
  const to = { process: "care", version: 2 };
  expect(await bench.send({ type: "migrateRun", runId: runs[3]!, to, plan, reason: "new" }, "linh")).toMatchObject({
    ok: true,
  });
  await bench.advance(6 * day);
  return runs;
}

async function read(bench: Bench, more: Partial<ReportQuery> = {}): Promise<Flow> {
  const { store, engine, clock, workspaceId } = bench;
  const now = clock.now();
  const query = { process: "care", from: now - 30 * day, to: now, ...more };
  return (await readFlow({ store, contexts: engine.contexts }, workspaceId, query, now))!;
}
const told = ({ steps }: Flow) =>
  steps.map((s) => `${s.node}: ${s.wipStart} + ${s.arrivals} − ${s.completions} − ${s.cancellations} = ${s.wipEnd}`);

describeOnBoth("flow of a process", (open) => {
  it("is the same from the counters and from the visits, in any part of its time and version", async () => {
    const bench = await openBench(await open());
    await worked(bench);
    const now = bench.clock.now();
    const questions: Partial<ReportQuery>[] = [
      {},
      { versions: [1] },
      { versions: [2] },
      { versions: [1, 2] },
      { from: now - 8 * day },
      { from: now - 9 * day, to: now - 6 * day },
      { from: now + day, to: now + 2 * day },
    ];
    const counted = await Promise.all(questions.map((question) => read(bench, question)));
    expect(counted.every(({ recounting }) => !recounting)).toBe(true);
    expect(told(counted[0]!)).toEqual(["call: 0 + 8 − 6 − 0 = 2", "check: 0 + 6 − 1 − 1 = 4"]);
    expect(counted[0]!.steps[0]!.wip.slice(-10)).toEqual([1, 1, 5, 2, 2, 2, 2, 2, 2, 2]);
    expect(counted[0]!.steps[0]!.p50).not.toBeNull();
    expect(told(counted[1]!)).toEqual(["call: 0 + 8 − 6 − 0 = 2", "check: 0 + 5 − 1 − 1 = 3"]);
    expect(told(counted[2]!)).toEqual(["check: 0 + 1 − 0 − 0 = 1"]);
    expect(told(counted[4]!)).toEqual(["call: 1 + 4 − 3 − 0 = 2", "check: 3 + 3 − 1 − 1 = 4"]);

    // As if they were not counted yet.
    const { workspaceId } = bench;
    await bench.store.commit([{ workspaceId, guards: [], events: [], put: {}, drop: {}, clear: ["dayCount"] }]);
    const visited = await Promise.all(questions.map((question) => read(bench, question)));
    expect(visited).toEqual(counted.map((flow) => ({ ...flow, recounting: true })));
  });

  it("of one owner or segment is counted from their visits", async () => {
    const bench = await openBench(await open());
    await worked(bench);
    const whole = await read(bench);
    const lan = await read(bench, { owner: "lan" });
    expect(lan.recounting).toBe(false);
    const tom = await read(bench, { owner: "tom" });
    const sum = (of: (flow: Flow) => number) => of(lan) + of(tom);
    const arrivals = (flow: Flow) => flow.steps.reduce((n, s) => n + s.arrivals, 0);
    expect(arrivals(lan)).toBeGreaterThan(0);
    expect(sum(arrivals)).toBeLessThanOrEqual(arrivals(whole));
    const first = await read(bench, { segment: { dimension: "version", value: "2" } });
    expect(told(first)).toEqual(told(await read(bench, { versions: [2] })));
  });

  it("is read from the visits while the days are counted in another zone, and from the counters again afterwards", async () => {
    const bench = await openBench(await open());
    await worked(bench);
    expect(await changeWorkspace(bench.engine, bench.ask(), { zone: "Pacific/Honolulu" })).toEqual({ ok: true });
    const meanwhile = await read(bench);
    expect(meanwhile).toMatchObject({ recounting: true, zone: "Pacific/Honolulu" });
    await bench.engine.worker.drain();
    expect(await read(bench)).toEqual({ ...meanwhile, recounting: false });
    expect(bench.errors).toEqual([]);
  });

  it("there is none of a process that was never published", async () => {
    const { store, engine, clock, workspaceId } = await openBench(await open());
    const query = { process: "nothing", from: 0, to: clock.now() };
    expect(await readFlow({ store, contexts: engine.contexts }, workspaceId, query, clock.now())).toBeNull();
  });
});
