/**
 * The same durable steps on PostgreSQL (a real server from the package's binaries, with every sync on), beside the very same
 * statements of the same batches through the same driver, each batch one transaction.
 */
import { adding, counterNames } from "@/db/adding.ts";
import { chain, genesis } from "@/db/chain.ts";
import { dropRows, putRows } from "@/db/postgres/statements.ts";
import { openPostgres } from "@/db/postgres/store.ts";
import { tables } from "@/db/schema.postgres.ts";
import type { TableName, WriteSet } from "@/db/store.ts";
import { inTransaction } from "@/db/postgres/transaction.ts";
import { run, startPostgres } from "@/tests/support/postgres.ts";
import { type Figure, median } from "./figure.ts";
import { type How, openClients } from "./through-engine.ts";

const clients = 64;
const stepsEach = 20;
const rounds = 3;
const warming = 1500;

export async function onPostgres(): Promise<Figure[]> {
  const server = await startPostgres({ fsync: "on", synchronous_commit: "on", full_page_writes: "on" });
  try {
    const figures: Figure[] = [];
    for (const how of ["whole", "bare"] as const) {
      const measured: { rate: number; raw: number }[] = [];
      for (let round = 0; round <= rounds; round++) {
        const one = await oneRound(server.url, how, `${how}${round}`);
        if (round > 0) measured.push(one);
      }
      const ratio = median(measured.map(({ rate, raw }) => rate / raw));
      figures.push({
        name: `durable steps, PostgreSQL, ${clients} clients, ${how === "whole" ? "with authorisation and SLA clocks" : "the commands alone"}`,
        value: median(measured.map(({ rate }) => rate)),
        unit: "steps/s",
        reference: {
          name: "raw PostgreSQL, same statements and batches",
          value: median(measured.map(({ raw }) => raw)),
        },
        ratio,
        goal: "≥ 60 % of raw",
        ok: ratio >= 0.6,
      });
    }
    return figures;
  } finally {
    await server.stop();
  }
}

async function oneRound(url: string, how: How, name: string): Promise<{ rate: number; raw: number }> {
  const store = await openPostgres({ url: await newDatabase(url, `engine_${name}`) });
  const { go } = await openClients(store, how, clients);
  // As on SQLite: statements are prepared, and the engine is shown what its code is used for.
  await go(Math.ceil(warming / clients));
  const { rate } = await go(stepsEach);
  const { steps, batches } = await go(stepsEach, { keep: true });
  await store.close();

  const plain = await openPostgres({ url: await newDatabase(url, `raw_${name}`) });
  const head = { seq: 0, hash: genesis };
  const ready = batches.map((sets) => writesOf(sets, head));
  const start = performance.now();
  for (const writes of ready)
    await inTransaction(plain.pool, (tx) =>
      Promise.all(
        writes.map(({ table, rows, keys, conflict }) =>
          keys ? dropRows(tx, table, keys) : putRows(tx, table, rows, conflict),
        ),
      ),
    );
  const seconds = (performance.now() - start) / 1000;
  await plain.close();
  return { rate, raw: steps / seconds };
}

/** An empty database of this name on the server. */
async function newDatabase(url: string, name: string): Promise<string> {
  await run(url, `create database ${name}`);
  const made = new URL(url);
  made.pathname = `/${name}`;
  return made.href;
}

type Writes = {
  table: TableName;
  rows: Record<string, unknown>[];
  keys?: (string | number)[][];
  conflict?: "add";
};

/** What the store writes of a batch: for each table the keys that go, then the rows that come; at last the facts. */
function writesOf(sets: WriteSet[], head: { seq: number; hash: string }): Writes[] {
  const writes: Writes[] = [];
  for (const table of Object.keys(tables) as TableName[]) {
    const keys = sets.flatMap((set) => set.drop[table] ?? []);
    if (keys.length) writes.push({ table, rows: [], keys });
    const rows = sets.flatMap((set) => (set.put[table] ?? []) as Record<string, unknown>[]);
    if (rows.length) writes.push({ table, rows });
  }
  const chained = chain(
    sets[0]!.workspaceId,
    head,
    sets.flatMap((set) => set.events),
  );
  Object.assign(head, chained.head);
  const counters = adding();
  for (const set of sets) counters.add(set.add);
  for (const table of counterNames) writes.push({ table, rows: counters.rows(table), conflict: "add" });
  writes.push(
    { table: "event", rows: chained.rows },
    { table: "logHead", rows: [{ workspaceId: sets[0]!.workspaceId, ...head }] },
  );
  return writes;
}
