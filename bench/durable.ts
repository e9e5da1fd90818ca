/**
 * Durable steps a second through the public engine on SQLite with `synchronous=FULL`, 64 clients waiting, beside raw
 * better-sqlite3 writing the very same rows in the same batches, and beside xstate in memory. Runs are interleaved; the
 * median counts.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { openSqlite } from "@/db/sqlite/store.ts";
import { statementsFor } from "@/db/sqlite/statements.ts";
import type { Store, TableName, WriteSet } from "@/db/store.ts";
import { chain, genesis } from "@/db/chain.ts";
import { openBench } from "@/tests/stories/bench.ts";
import { xstateSteps } from "./core.ts";
import { type Figure, median } from "./figure.ts";

const clients = 64;
const stepsEach = 60;
/** Interleaved, engine and raw by turns; the first pair warms up and does not count. */
const rounds = 5;

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
  const ratios: number[] = [];
  let late: number;
  try {
    for (let round = 0; round <= rounds; round++) {
      const { rate, batches } = await throughEngine(path.join(folder, `engine${round}.db`), clients);
      const limit = await rawly(path.join(folder, `raw${round}.db`), batches);
      if (round === 0) continue;
      engine.push(rate);
      raw.push(limit);
      ratios.push(rate / limit);
    }
    ({ p99: late } = await throughEngine(path.join(folder, "many.db"), 256));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const ours = median(engine);
  const ratio = median(ratios);
  const peer = xstateSteps();
  return [
    {
      name: `durable steps, SQLite FULL, ${clients} clients, with SLA clocks and assignment`,
      value: ours,
      unit: "steps/s",
      reference: { name: "raw SQLite, same rows and batches", value: median(raw) },
      ratio,
      goal: "≥ 40 % of raw",
      ok: ratio >= 0.4,
    },
    {
      name: "durable steps beside transitions of xstate in memory, nothing stored",
      value: ours,
      unit: "steps/s",
      reference: { name: "xstate in memory", value: peer },
      ratio: ours / peer,
      goal: null,
      ok: null,
    },
    {
      name: "p99 of a durable step at 256 waiting clients",
      value: late,
      unit: "ms",
      reference: { name: "a turn of the raw limit with 256 steps in it", value: (256 / median(raw)) * 1000 },
      ratio: late / ((256 / median(raw)) * 1000),
      goal: null,
      ok: null,
    },
  ];
}

/** Each client completes one task after the other of its own run. Keeps what was written, batch by batch. */
async function throughEngine(
  file: string,
  waiting: number,
): Promise<{ rate: number; p99: number; batches: WriteSet[][] }> {
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
  for (let i = 0; i < waiting; i++) {
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
  const took: number[] = [];
  const start = performance.now();
  const each = Math.round((clients * stepsEach) / waiting);
  await Promise.all(
    runs.map(async (runId) => {
      for (let step = 1; step <= each; step++) {
        const asked = performance.now();
        const answer = await bench.send(
          { type: "completeWork", runId, work: `w${step}`, outcome: step % 2 ? null : "again", values: {} },
          "lan",
        );
        if (!answer.ok) throw new Error(answer.text);
        took.push(performance.now() - asked);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  await opened.close();
  took.sort((a, b) => a - b);
  return { rate: took.length / seconds, p99: took[Math.floor(took.length * 0.99)] ?? 0, batches };
}

/** The same rows put and dropped in the same batches through prepared statements, hashes worked out before: nothing else. */
async function rawly(file: string, batches: WriteSet[][]): Promise<number> {
  await openSqlite({ file, checkpointer: false }).close();
  const db = new Database(file);
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 0"]) db.pragma(pragma);
  const statements = statementsFor(db);
  const head = { seq: 0, hash: genesis };
  const ready = batches.map((sets) => sets.flatMap((set) => rowsOf(set, head)));
  const start = performance.now();
  for (const rows of ready) {
    db.exec("begin immediate");
    for (const { table, row, key } of rows) {
      if (key) statements.drop(table, key);
      else statements.put(table, row);
    }
    db.exec("commit");
  }
  const seconds = (performance.now() - start) / 1000;
  db.close();
  return (clients * stepsEach) / seconds;
}

type Written = { table: TableName; row: Record<string, unknown>; key?: (string | number)[] };
function rowsOf(set: WriteSet, head: { seq: number; hash: string }): Written[] {
  const chained = chain(set.workspaceId, head, set.events);
  Object.assign(head, chained.head);
  const drops = Object.entries(set.drop).flatMap(([table, keys]) =>
    keys.map((key) => ({ table: table as TableName, row: {}, key })),
  );
  const puts = Object.entries(set.put).flatMap(([table, rows]) =>
    (rows as Record<string, unknown>[]).map((row) => ({ table: table as TableName, row })),
  );
  const events = chained.rows.map((row) => ({ table: "event" as const, row: row as Record<string, unknown> }));
  return [...drops, ...puts, ...events];
}
