/**
 * Durable steps a second through the public engine on SQLite with `synchronous=FULL`, 64 clients waiting, beside raw
 * better-sqlite3 writing the very same rows in the same batches, and beside xstate in memory. Runs are interleaved; the
 * median counts.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { createActor, createMachine } from "xstate";
import { openSqlite } from "@/db/sqlite/store.ts";
import { statementsFor } from "@/db/sqlite/statements.ts";
import type { Row, Store, TableName, WriteSet } from "@/db/store.ts";
import { chain, genesis } from "@/db/chain.ts";
import { openBench } from "@/tests/stories/bench.ts";
import { type Figure, median } from "./figure.ts";

const clients = 64;
const stepsEach = 60;
const rounds = 3;

const loop = {
  key: "loop",
  name: "Loop",
  recordType: "opportunity",
  runPolicy: "many",
  valueAtRisk: "opportunity.amount",
  roles: { ae: { name: "Account executive" } },
  slas: { reply: { name: "Reply", target: "PT8H", warnAt: [50] } },
  nodes: [
    { id: "start", kind: "start", name: "Start" },
    { id: "a", kind: "task", name: "A", role: "ae", slas: ["reply"] },
    {
      id: "b",
      kind: "task",
      name: "B",
      role: "ae",
      slas: ["reply"],
      config: {
        outcomes: [
          { id: "again", label: "Again" },
          { id: "stop", label: "Stop" },
        ],
      },
    },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "a" },
    { id: "e2", from: "a", to: "b" },
    { id: "e3", from: "b", port: "again", to: "a", rework: true },
    { id: "e4", from: "b", port: "stop", to: "done" },
  ],
};

export async function durable(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-bench-"));
  const engine: number[] = [];
  const raw: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const { rate, batches } = await throughEngine(path.join(folder, `engine${round}.db`));
      engine.push(rate);
      raw.push(rawly(path.join(folder, `raw${round}.db`), batches));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const [ours, limit] = [median(engine), median(raw)];
  const ratio = ours / limit;
  const peer = inMemory();
  return [
    {
      name: `durable steps, SQLite FULL, ${clients} clients, with SLA clocks and assignment`,
      value: ours,
      unit: "steps/s",
      reference: { name: "raw SQLite, same rows and batches", value: limit },
      ratio,
      goal: "≥ 40 % of raw",
      ok: ratio >= 0.4,
    },
    {
      name: "the same loop in xstate, in memory, nothing stored",
      value: peer,
      unit: "steps/s",
      reference: null,
      ratio: ours / peer,
      goal: null,
      ok: null,
    },
  ];
}

/** Each client completes one task after the other of its own run. Keeps what was written, batch by batch. */
async function throughEngine(file: string): Promise<{ rate: number; batches: WriteSet[][] }> {
  const opened = openSqlite({ file });
  const batches: WriteSet[][] = [];
  let counting = false;
  const store: Store = {
    ...opened,
    commit: (sets) => {
      if (counting) batches.push(sets);
      return opened.commit(sets);
    },
  };
  const bench = await openBench(store);
  await bench.publish(loop);
  const account = await bench.record("account", { name: "Acme" });
  const runs: string[] = [];
  for (let i = 0; i < clients; i++) {
    const deal = await bench.record("opportunity", {
      name: `Deal ${i}`,
      account_id: account,
      type: "new_business",
      stage: "qualification",
      amount: 100_000,
      currency: "USD",
      owner_id: "lan",
      close_date: "2026-06-30",
      source: "inbound_web",
    });
    runs.push(await bench.start("loop", deal, "opportunity"));
  }
  counting = true;
  const start = performance.now();
  await Promise.all(
    runs.map(async (runId) => {
      for (let step = 1; step <= stepsEach; step++) {
        const answer = await bench.send(
          { type: "completeWork", runId, work: `w${step}`, outcome: step % 2 ? null : "again", values: {} },
          "lan",
        );
        if (!answer.ok) throw new Error(answer.text);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  await opened.close();
  return { rate: (clients * stepsEach) / seconds, batches };
}

/** The same rows in the same batches through prepared statements, nothing else. */
function rawly(file: string, batches: WriteSet[][]): number {
  const made = openSqlite({ file, checkpointer: false });
  void made.close();
  const db = new Database(file);
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL"]) db.pragma(pragma);
  const statements = statementsFor(db);
  const ready = batches.map((sets) => sets.flatMap((set) => rowsOf(set)));
  const start = performance.now();
  for (const rows of ready) {
    db.exec("begin immediate");
    for (const { table, row } of rows) statements.put(table, row);
    db.exec("commit");
  }
  const seconds = (performance.now() - start) / 1000;
  db.close();
  return (clients * stepsEach) / seconds;
}

let seq = 0;
function rowsOf(set: WriteSet): { table: TableName; row: Record<string, unknown> }[] {
  const events: Row<"event">[] = chain(set.workspaceId, { seq, hash: genesis }, set.events).rows;
  seq += events.length;
  const put = Object.entries(set.put).flatMap(([table, rows]) =>
    (rows as Record<string, unknown>[]).map((row) => ({ table: table as TableName, row })),
  );
  return [...put, ...events.map((row) => ({ table: "event" as const, row: row as Record<string, unknown> }))];
}

function inMemory(): number {
  const actor = createActor(
    createMachine({
      initial: "a",
      context: { steps: 0 },
      states: { a: { on: { DONE: "b" } }, b: { on: { DONE: "a" } } },
    }),
  );
  actor.start();
  for (let i = 0; i < 20_000; i++) actor.send({ type: "DONE" });
  const start = performance.now();
  for (let i = 0; i < 200_000; i++) actor.send({ type: "DONE" });
  return 200_000 / ((performance.now() - start) / 1000);
}
