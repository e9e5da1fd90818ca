/** The engine's arithmetic alone, in memory: decide and evolve, nothing loaded, projected or stored. Beside xstate's transition. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { memoryUsage } from "node:process";
import { createActor, createMachine } from "xstate";
import { openSqlite } from "@/db/sqlite/store.ts";
import { loadWorld, mapRecords, versionKey } from "@/server/commands/load-world.ts";
import { overlay } from "@/server/commands/overlay.ts";
import { warmRuns } from "@/server/commands/warm-runs.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import { decide } from "@/server/engine/decide.ts";
import type { Run } from "@/server/engine/model.ts";
import { processSchema } from "@/server/engine/process.ts";
import { compileVersion } from "@/server/steps/index.ts";
import { openBench } from "@/tests/stories/bench.ts";
import { bareWorld } from "@/tests/support/bare-world.ts";
import type { Figure } from "./figure.ts";

const machine = createMachine({
  initial: "a",
  context: { steps: 0 },
  states: { a: { on: { DONE: "b" } }, b: { on: { DONE: "a" } } },
});

/** Two tasks in a ring, as the machine has two states. */
const ring = {
  key: "ring",
  name: "Ring",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start" },
    { id: "a", kind: "task", name: "A", role: "ae" },
    { id: "b", kind: "task", name: "B", role: "ae" },
    { id: "c", kind: "decision", name: "Again?" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "a" },
    { id: "e2", from: "a", to: "b" },
    { id: "e3", from: "b", to: "c" },
    { id: "e4", from: "c", to: "done", when: 'account.name = "over"' },
    { id: "e5", from: "c", to: "a", otherwise: true, rework: true },
  ],
};

/** Steps a second of the machine. */
export function xstateSteps(): number {
  const actor = createActor(machine);
  actor.start();
  for (let i = 0; i < 20_000; i++) actor.send({ type: "DONE" });
  const start = performance.now();
  for (let i = 0; i < 200_000; i++) actor.send({ type: "DONE" });
  return 200_000 / ((performance.now() - start) / 1000);
}

export async function core(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-bench-"));
  const store = openSqlite({ file: path.join(folder, "core.db"), checkpointer: false });
  const bench = await openBench(store);
  await bench.publish(ring);
  const record = await bench.record("account", { name: "Acme", owner_id: "lan" });
  const id = await bench.start("ring", record, "account");
  const at = bench.clock.now();
  const complete = (work: number): RunCommand => ({
    id: `cmd_${work}`,
    workspaceId: bench.workspaceId,
    runId: id,
    at,
    actor: { kind: "member", id: "lan" },
    type: "completeWork",
    work: `w${work}`,
    outcome: null,
    values: {},
  });
  const { contexts } = bench.engine;
  const loaded = await loadWorld(store, contexts, bench.workspaceId, [complete(1)], at, warmRuns(store));
  const process = loaded.processes.get(versionKey("ring", 1))!;
  const world = loaded.worldFor(process, overlay(loaded.records));
  const first = loaded.runs.get(id)!;
  /** Each run goes round 30 times, then a new one begins: a run's own history is not what is measured. */
  const round = () => {
    let run = first;
    for (let step = 1; step <= 60; step++) {
      const decided = decide(process, run, complete(step), world);
      if (!decided.ok) throw new Error(decided.text);
      ({ run } = decided);
    }
  };
  for (let i = 0; i < 500; i++) round();
  const start = performance.now();
  for (let i = 0; i < 3000; i++) round();
  const ours = 180_000 / ((performance.now() - start) / 1000);
  const peer = xstateSteps();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  return [
    {
      name: "steps of the in-memory core: decide and evolve, with assignment and the log's events",
      value: ours,
      unit: "steps/s",
      reference: { name: "xstate in memory, transitions without events or assignment", value: peer },
      ratio: ours / peer,
      goal: null,
      ok: null,
    },
    liveRun(),
  ];
}

/** What one live run takes: started, standing at a task. */
function liveRun(): Figure {
  const process = compileVersion(processSchema.parse(ring), 1);
  const records = new Map([["acc", { type: "account", id: "acc", version: 1, createdAt: 0, values: {} }]]);
  const world = bareWorld(mapRecords(records));
  const begin = (n: number): Run => {
    const decided = decide(
      process,
      null,
      {
        id: `cmd_${n}`,
        workspaceId: "ws",
        runId: `run_${n}`,
        at: 0,
        actor: { kind: "system" },
        type: "startRun",
        process: "ring",
        version: 1,
        recordType: "account",
        recordId: "acc",
        trigger: { event: "manual", at: 0 },
      },
      world,
    );
    if (!decided.ok) throw new Error(decided.text);
    return decided.run;
  };
  const count = 20_000;
  const runs: Run[] = [];
  for (let n = 0; n < 1000; n++) begin(n);
  globalThis.gc?.();
  const before = memoryUsage().heapUsed;
  for (let n = 0; n < count; n++) runs.push(begin(n));
  globalThis.gc?.();
  const value = (memoryUsage().heapUsed - before) / runs.length;
  return {
    name: "a live run in memory",
    value,
    unit: "bytes",
    reference: null,
    ratio: null,
    goal: "≤ 1,500 bytes",
    ok: value <= 1500,
  };
}
