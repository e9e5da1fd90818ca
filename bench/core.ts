/** The engine's arithmetic alone, in memory: decide and evolve, nothing loaded, projected or stored. Beside xstate's transition. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { cpuUsage, memoryUsage } from "node:process";
import { createActor, createMachine } from "xstate";
import { openSqlite } from "@/db/sqlite/store.ts";
import { loadWorld, mapRecords } from "@/server/commands/load-world.ts";
import { versionKey } from "@/server/commands/version-of.ts";
import { overlay } from "@/server/commands/overlay.ts";
import { warmRuns } from "@/server/commands/warm-runs.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import { decide } from "@/server/engine/decide.ts";
import type { Run } from "@/server/engine/model.ts";
import { processSchema } from "@/server/engine/process.ts";
import { newToken, newVisit } from "@/server/engine/run-shape.ts";
import { compileVersion } from "@/server/steps/index.ts";
import { openBench } from "@/tests/stories/bench.ts";
import { bareWorld } from "@/tests/support/bare-world.ts";
import { type Figure, median } from "./figure.ts";

/**
 * Twelve nodes: a task, a choice of two automations, a parallel split of two, their join, one more, and a choice to go round. One
 * event takes a run through nine of them: `a`, `size`, `b` or `c`, `split`, `d`, `e`, `meet`, `f`, `again`.
 */
const ring = {
  key: "ring",
  name: "Ring",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start" },
    { id: "a", kind: "task", name: "A", role: "ae" },
    { id: "size", kind: "decision", name: "Size?" },
    { id: "b", kind: "automation", name: "B" },
    { id: "c", kind: "automation", name: "C" },
    { id: "split", kind: "parallel", name: "Both" },
    { id: "d", kind: "automation", name: "D" },
    { id: "e", kind: "automation", name: "E" },
    { id: "meet", kind: "join", name: "Meet" },
    { id: "f", kind: "automation", name: "F" },
    { id: "again", kind: "decision", name: "Again?" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "a" },
    { id: "e2", from: "a", to: "size" },
    { id: "e3", from: "size", to: "b", when: 'account.name = "big"' },
    { id: "e4", from: "size", to: "c", otherwise: true },
    { id: "e5", from: "b", to: "split" },
    { id: "e6", from: "c", to: "split" },
    { id: "e7", from: "split", to: "d" },
    { id: "e8", from: "split", to: "e" },
    { id: "e9", from: "d", to: "meet" },
    { id: "e10", from: "e", to: "meet" },
    { id: "e11", from: "meet", to: "f" },
    { id: "e12", from: "f", to: "again" },
    { id: "e13", from: "again", to: "done", when: 'account.name = "over"' },
    { id: "e14", from: "again", to: "a", otherwise: true, rework: true },
  ],
};
const perRound = 9;

/** The same twelve, as a machine: what does not wait goes on by itself. */
const machine = createMachine({
  initial: "start",
  context: { name: "Acme" },
  states: {
    start: { always: "a" },
    a: { on: { DONE: "size" } },
    size: { always: [{ guard: ({ context }) => context.name === "big", target: "b" }, { target: "c" }] },
    b: { always: "split" },
    c: { always: "split" },
    split: {
      type: "parallel",
      states: {
        d: { initial: "at", states: { at: { always: "done" }, done: { type: "final" } } },
        e: { initial: "at", states: { at: { always: "done" }, done: { type: "final" } } },
      },
      onDone: "f",
    },
    f: { always: "again" },
    again: { always: [{ guard: ({ context }) => context.name === "over", target: "done" }, { target: "a" }] },
    done: { type: "final" },
  },
});

/** Steps a CPU second of the machine. */
export function xstateSteps(rounds = 40_000): number {
  const actor = createActor(machine);
  actor.start();
  for (let i = 0; i < 5_000; i++) actor.send({ type: "DONE" });
  const rate = stepsPerCpuSecond(rounds, () => actor.send({ type: "DONE" }));
  if (actor.getSnapshot().value !== "a") throw new Error("the machine did not go round");
  return rate;
}

/** CPU time, so that others on the machine count for as little as may be. */
function stepsPerCpuSecond(rounds: number, round: () => void): number {
  const before = cpuUsage();
  for (let i = 0; i < rounds; i++) round();
  const { user, system } = cpuUsage(before);
  return (rounds * perRound) / ((user + system) / 1e6);
}

export async function core(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-bench-"));
  const store = openSqlite({ file: path.join(folder, "core.db"), threads: false });
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
  const loaded = await loadWorld(store, contexts, bench.workspaceId, [complete(1)], at, warmRuns(true));
  const process = loaded.processes.get(versionKey("ring", 1))!;
  const world = loaded.worldFor(process, overlay(loaded.records));
  const first = loaded.runs.get(id)!;
  /** Each run goes round 30 times, then a new one begins: a run's own history is not what is measured. */
  let run = first;
  let step = 0;
  const round = () => {
    if (step === 30) {
      run = first;
      step = 0;
    }
    const decided = decide(process, run, complete(++step), world);
    if (!decided.ok) throw new Error(decided.text);
    ({ run } = decided);
  };
  for (let i = 0; i < 6000; i++) round();
  // By turns, so that both have the same machine.
  const rates: number[] = [];
  const peers: number[] = [];
  const ratios: number[] = [];
  for (let i = 0; i < 7; i++) {
    const rate = stepsPerCpuSecond(20_000, round);
    const other = xstateSteps(10_000);
    rates.push(rate);
    peers.push(other);
    ratios.push(rate / other);
  }
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  return [
    {
      name: "steps of the in-memory core on twelve nodes: decide and evolve, with assignment and the log's events",
      value: median(rates),
      unit: "steps a CPU second",
      reference: { name: "xstate on the same twelve, transitions without a log or assignment", value: median(peers) },
      ratio: median(ratios),
      goal: "≥ 20 times the peer",
      ok: median(ratios) >= 20,
    },
    justFacts(median(rates)),
    liveRun(),
  ];
}

/**
 * The limit: the facts of the same steps and what the run keeps of them, put together by hand, and nothing else. No rule is looked
 * at, nothing is looked up, nobody is picked.
 */
function justFacts(ours: number): Figure {
  const actor = { kind: "member", id: "lan" };
  const stream = { kind: "run", id: "run" };
  const edges = ["e1"];
  const at = 5;
  const fact = (type: string, version: number, data: object) => ({
    type,
    stream,
    version,
    at,
    actor,
    cause: "cmd",
    data,
    due: undefined,
  });
  let rev = 0;
  let kept: unknown[] = [];
  const round = () => {
    const facts: object[] = [];
    for (let i = 0; i < perRound; i++) {
      facts.push(
        fact("TokenLeft", ++rev, {
          token: "t1",
          node: "a",
          port: "done",
          edges,
          visit: "v1",
          outcome: null,
          skipped: undefined,
          cancelled: undefined,
          conditions: undefined,
          merged: undefined,
          ended: undefined,
          end: undefined,
          compensable: undefined,
        }),
        fact("TokenEntered", ++rev, {
          token: "t1",
          node: "b",
          edge: "e1",
          from: "a",
          scope: undefined,
          alone: undefined,
          visit: { id: "v2", no: 1, valueAtRisk: null, assumed: true, rework: false, calendar: undefined },
        }),
      );
      const visit = { id: "v2", no: 1, valueAtRisk: null, assumed: true, rework: false };
      kept = [newToken("t1", "b", "e1", "in", at, "v2"), newVisit(visit, "b", "t1", at)];
    }
    // The task of the round: completed, offered, assigned, and the way back.
    for (const type of ["WorkCompleted", "WorkOffered", "WorkAssigned", "ReworkStarted"])
      facts.push(fact(type, ++rev, { work: "w1", token: "t1", visit: "v2", node: "a", role: "ae" }));
    kept.push(facts);
  };
  for (let i = 0; i < 20_000; i++) round();
  const value = stepsPerCpuSecond(100_000, round);
  if (kept.length !== 3) throw new Error("nothing was kept");
  return {
    name: "the limit of the in-memory core: only the facts of a step and the token and visit it leaves, put together by hand",
    value,
    unit: "steps a CPU second",
    reference: { name: "the engine, which decides them", value: ours },
    ratio: value / ours,
    goal: null,
    ok: null,
  };
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
