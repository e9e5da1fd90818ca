/**
 * Durable steps a second through the public engine on SQLite with `synchronous=FULL`, 64 and 256 clients waiting, beside raw
 * better-sqlite3 writing the very same rows in the same batches, and beside xstate in memory. Runs are interleaved; the
 * median counts.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { chain, genesis } from "@/db/chain.ts";
import { statementsFor } from "@/db/sqlite/statements.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import type { TableName, WriteSet } from "@/db/store.ts";
import { xstateSteps } from "./core.ts";
import { type Figure, median } from "./figure.ts";
import { type How, openClients } from "./through-engine.ts";

const stepsInAll = 5120;
/** Interleaved, engine and raw by turns; the first pair warms up and does not count. */
const rounds = 3;
const parts = [
  { how: "whole", clients: 64 },
  { how: "whole", clients: 256 },
  { how: "bare", clients: 64 },
  { how: "bare", clients: 256 },
] as const;
const goals = { whole: 0.4, bare: 0.7 };
const names = {
  whole: "with authorisation, SLA clocks, assignment and the visits of the reports",
  bare: "the commands alone, no authorisation and no clocks",
};

export async function durable(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-bench-"));
  const figures: Figure[] = [];
  let fastest = 0;
  try {
    for (const { how, clients } of parts) {
      const measured: { rate: number; p99: number; raw: number }[] = [];
      for (let round = 0; round <= rounds; round++) {
        const { rate, p99, batches, steps } = await throughEngine(path.join(folder, `engine${round}.db`), how, clients);
        const raw = steps / (await rawly(path.join(folder, `raw${round}.db`), batches));
        if (round > 0) measured.push({ rate, p99, raw });
        for (const name of [`engine${round}.db`, `raw${round}.db`])
          for (const end of ["", "-wal", "-shm", ".lock"]) rmSync(path.join(folder, name + end), { force: true });
      }
      const rate = median(measured.map((one) => one.rate));
      const raw = median(measured.map((one) => one.raw));
      const ratio = median(measured.map((one) => one.rate / one.raw));
      fastest = Math.max(fastest, rate);
      figures.push({
        name: `durable steps, SQLite FULL, ${clients} clients, ${names[how]}`,
        value: rate,
        unit: "steps/s",
        reference: { name: "raw SQLite, same rows and batches", value: raw },
        ratio,
        goal: `≥ ${goals[how] * 100} % of raw`,
        ok: ratio >= goals[how],
      });
      if (clients < 256) continue;
      const p99 = median(measured.map((one) => one.p99));
      const turn = (clients / raw) * 1000;
      figures.push({
        name: `p99 of a durable step at ${clients} waiting clients, ${names[how]}`,
        value: p99,
        unit: "ms",
        reference: { name: `a turn of the raw limit with ${clients} steps in it`, value: turn },
        ratio: p99 / turn,
        goal: "≤ 10 ms",
        ok: p99 <= 10,
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const peer = xstateSteps();
  figures.push({
    name: "durable steps beside transitions of xstate in memory, nothing stored",
    value: fastest,
    unit: "steps/s",
    reference: { name: "xstate in memory, a CPU second", value: peer },
    ratio: fastest / peer,
    goal: null,
    ok: null,
  });
  return figures;
}

async function throughEngine(file: string, how: How, clients: number) {
  const store = openSqlite({ file });
  const { go } = await openClients(store, how, clients);
  // The first turns prepare statements and read what is kept afterwards.
  await go(2);
  const measured = await go(Math.round(stepsInAll / clients));
  await store.close();
  return measured;
}

/** The same rows put and dropped in the same batches through prepared statements, hashes worked out before: nothing else. In s. */
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
  return seconds;
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
