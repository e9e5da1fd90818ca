/**
 * The limit of a durable step on SQLite: the rows of the engine's own batches, each row written whole by the one prepared statement
 * of its table, each batch one synced transaction, and nothing else. Hashes are worked out before.
 */
import Database from "better-sqlite3";
import { adding, counterNames } from "@/db/adding.ts";
import { chain, genesis } from "@/db/chain.ts";
import type { ColumnPlan } from "@/db/columns.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import { plans } from "@/db/sqlite/script.ts";
import { writerPragmas } from "@/db/sqlite/writer.ts";
import type { TableName, WriteSet } from "@/db/store.ts";

type Written = { table: TableName; row: Record<string, unknown>; key?: (string | number)[]; adds?: true };

/** Seconds in all, and the 99th percentile in ms of what a step of `clients` waiting ones would take. */
export async function writeRaw(
  file: string,
  batches: readonly WriteSet[][],
  clients: number,
): Promise<{ seconds: number; p99: number }> {
  await openSqlite({ file, threads: false }).close();
  const db = new Database(file);
  for (const pragma of [...writerPragmas, "wal_autocheckpoint = 0"]) db.pragma(pragma);
  const write = plainWrites(db);
  const head = { seq: 0, hash: genesis };
  const ready = batches.map((sets) => ({
    rows: [...sets.flatMap((set) => rowsOf(set, head)), ...counted(sets)],
    steps: stepsOf(sets),
  }));
  const ends: { end: number; steps: number }[] = [];
  const start = performance.now();
  for (const { rows, steps } of ready) {
    db.exec("begin immediate");
    for (const one of rows) write(one);
    db.exec("commit");
    ends.push({ end: performance.now() - start, steps });
  }
  const seconds = (performance.now() - start) / 1000;
  db.close();
  return { seconds, p99: slowest(ends, clients) };
}

/** Every client waits for one step after the other: a step takes as long as the batches in which each of them had one. */
function slowest(ends: readonly { end: number; steps: number }[], clients: number): number {
  const took: number[] = [];
  for (const [i, { end, steps }] of ends.entries()) {
    let first = i;
    for (let held = steps; first > 0 && held + ends[first - 1]!.steps <= clients; ) held += ends[--first]!.steps;
    for (let n = 0; n < steps; n++) took.push(end - (ends[first - 1]?.end ?? 0));
  }
  took.sort((a, b) => a - b);
  return took[Math.floor(took.length * 0.99)] ?? 0;
}

function plainWrites(db: Database.Database) {
  const puts = new Map<TableName, Database.Statement>();
  const drops = new Map<TableName, Database.Statement>();
  const q = (name: string) => `"${name}"`;
  const adds = new Map<TableName, Database.Statement>();
  const put = (name: TableName, grow = "") => {
    const { columns, primary } = plans[name];
    const others = columns.filter((column) => !primary.includes(column));
    const known = `on conflict (${primary.map((c) => q(c.name)).join(",")}) do update set ${others.map((c) => `${q(c.name)}=${grow && q(c.name) + grow}excluded.${q(c.name)}`).join(",")}`;
    return db.prepare(
      `insert into ${q(plans[name].name)} (${columns.map((c) => q(c.name)).join(",")}) values (${columns.map(() => "?").join(",")}) ${others.length ? known : "on conflict do nothing"}`,
    );
  };
  const drop = (name: TableName) =>
    db.prepare(
      `delete from ${q(plans[name].name)} where ${plans[name].primary.map((c) => `${q(c.name)} = ?`).join(" and ")}`,
    );
  const prepared = (
    of: Map<TableName, Database.Statement>,
    name: TableName,
    make: (name: TableName) => Database.Statement,
  ) => {
    let statement = of.get(name);
    if (!statement) of.set(name, (statement = make(name)));
    return statement;
  };
  const add = (name: TableName) => put(name, " + ");
  return ({ table, row, key, adds: grows }: Written) => {
    if (key) prepared(drops, table, drop).run(key);
    else if (grows) prepared(adds, table, add).run(plans[table].columns.map((column) => encoded(column, row)));
    else prepared(puts, table, put).run(plans[table].columns.map((column) => encoded(column, row)));
  };
}

function encoded({ key, encode }: ColumnPlan, row: Record<string, unknown>): unknown {
  const value = row[key] ?? null;
  return value === null || !encode ? value : encode(value);
}

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

/** What the counters of a batch grow by, one row a key. */
function counted(sets: readonly WriteSet[]): Written[] {
  const counters = adding();
  for (const { add } of sets) counters.add(add);
  return counterNames.flatMap((table) => counters.rows(table).map((row): Written => ({ table, row, adds: true })));
}

/** Each step of these runs writes its receipt. */
const stepsOf = (sets: readonly WriteSet[]) => sets.reduce((sum, { put }) => sum + (put.receipt?.length ?? 0), 0);
