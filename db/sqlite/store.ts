/**
 * The SQLite store: one writer connection used only inside `commit`, one read-only connection for queries. WAL with
 * `synchronous=FULL`: what was answered is on the disk. Checkpoints run in a worker, because they are the p99. In memory there is
 * no file for a second connection to open, and none to sync: reads go to the writer, between its transactions.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { chain } from "../chain.ts";
import { tables } from "../schema.sqlite.ts";
import type { Committed, Row, Store, TableName, WriteSet } from "../store.ts";
import { readingQ } from "./reads.ts";
import { statementsFor } from "./statements.ts";
import { diskFull, isNearlyFull, isOutOfSpace, spaceOf } from "../disk.ts";
import { refuseNewerSchema, refuseUnsafeSqlite } from "../versions.ts";

export type SqliteOptions = {
  /** `:memory:` for a database that is gone with its store; `backup` makes a file of it. */
  file: string;
  /** Tests and command-line tools that end soon need no worker. */
  checkpointer?: boolean;
  migrations?: string;
  /** Bytes of free disk below which writes are refused; null for the usual reserve. */
  reserve?: number | null;
};

const inMemory = ":memory:";

/** The cache is 64 MB: a batch touches more pages than the usual 2 MB hold, and would read them again and again. */
export const writerPragmas = [
  "journal_mode = WAL",
  "synchronous = FULL",
  "foreign_keys = ON",
  "busy_timeout = 5000",
  "mmap_size = 0",
  "journal_size_limit = 67108864",
  "cache_size = -65536",
];

export function openSqlite({
  file,
  checkpointer = file !== inMemory,
  migrations = path.join(process.cwd(), "db/migrations/sqlite"),
  reserve = null,
}: SqliteOptions): Store & { file: string; writer: Database.Database } {
  const unlock = lockFile(file);
  const writer = new Database(file);
  refuseUnsafeSqlite(writer.prepare("select sqlite_version()").pluck().get() as string);
  for (const pragma of writerPragmas) writer.pragma(pragma);
  if (checkpointer) writer.pragma("wal_autocheckpoint = 0");
  refuseNewerSchema(
    migrations,
    () =>
      (
        writer.prepare("select count(*) n from sqlite_master where name = '__drizzle_migrations'").get() as {
          n: number;
        }
      ).n && (writer.prepare("select count(*) n from __drizzle_migrations").get() as { n: number }).n,
  );
  migrate(drizzle(writer), { migrationsFolder: migrations });
  // Nobody else can have this file, so a job that is still held was held by a server that died: it is due at once.
  if (!isNearlyFull(file, reserve))
    writer.exec("update job set due_at = 0 where lease > 0 and last_error is null and dead_at is null");
  const reader = file === inMemory ? writer : new Database(file, { readonly: true });
  reader.pragma("busy_timeout = 5000");
  const worker = checkpointer
    ? new Worker(path.join(process.cwd(), "db/sqlite/checkpoint.worker.mjs"), { workerData: { file } })
    : null;
  let broken: Error | null = null;
  // A copy that could not be synced: what the disk holds is as doubtful as after a failed commit.
  worker?.on("message", ({ code, text }: { code: string; text: string }) => {
    broken ??= Object.assign(new Error(text), { code });
  });
  worker?.unref();

  const statements = statementsFor(writer);
  const listeners = new Set<Parameters<Store["onCommit"]>[0]>();
  const begin = writer.prepare("begin immediate");
  const end = writer.prepare("commit");
  const back = writer.prepare("rollback");

  function transaction<T>(body: () => T): T {
    if (broken) throw broken;
    begin.run();
    try {
      const value = body();
      end.run();
      return value;
    } catch (error) {
      if (writer.inTransaction) back.run();
      if (isOutOfSpace(error)) throw diskFull();
      const code = (error as { code?: string }).code ?? "";
      // After a failed sync nobody knows what is on the disk: stop, and recover from it.
      if (code.startsWith("SQLITE_IOERR")) broken = error as Error;
      throw error;
    }
  }

  /** Whether what the set was built on is still what is stored. */
  const isCurrent = ({ workspaceId, guards }: WriteSet): boolean =>
    guards.every((guard) => {
      const found = statements.guard[guard.table].get(workspaceId, ...guard.id.split("\u0000"));
      return holds(guard, found?.v ?? null);
    });

  /** Most sets change one run and nothing else that is guarded: guard and row are one statement then. False where they are not. */
  function goesOn({ guards, put }: WriteSet): boolean {
    const [guard, run] = [guards[0], put.run?.[0]];
    if (guards.length !== 1 || put.run?.length !== 1 || guard?.table !== "run" || guard.id !== run?.id) return false;
    return guard.was > 0 && statements.goOn(run, guard.was);
  }

  function commit(sets: WriteSet[]): Committed {
    const lost: number[] = [];
    const rows: Row<"event">[] = [];
    let jobsDue: number | null = null;
    if (isNearlyFull(file, reserve)) throw diskFull();
    transaction(() => {
      const heads = new Map<string, { seq: number; hash: string }>();
      sets.forEach((set, index) => {
        const written = goesOn(set);
        if (!written && !isCurrent(set)) return void lost.push(index);
        // Drops come first, as on PostgreSQL: what is put may take the place of what goes.
        for (const name in set.drop)
          for (const key of set.drop[name as TableName] ?? []) statements.drop(name as TableName, key);
        for (const name in set.put)
          if (name !== "run" || !written)
            for (const row of set.put[name as TableName] ?? []) statements.put(name as TableName, row);
        for (const row of set.put.job ?? []) jobsDue = Math.min(jobsDue ?? row.dueAt, row.dueAt);
        if (set.events.length === 0) return;
        const head = heads.get(set.workspaceId) ?? statements.head(set.workspaceId);
        const chained = chain(set.workspaceId, head, set.events);
        for (const [i, row] of chained.rows.entries()) statements.append(row, chained.said[i]!);
        for (const row of chained.rows) rows.push(row);
        heads.set(set.workspaceId, chained.head);
      });
      for (const [workspaceId, head] of heads) statements.put("logHead", { workspaceId, ...head });
    });
    for (const workspaceId of new Set(sets.map((s) => s.workspaceId))) {
      const own = rows.filter((r) => r.workspaceId === workspaceId);
      for (const listener of listeners)
        listener({ workspaceId, seq: own.at(-1)?.seq ?? 0, types: [...new Set(own.map((r) => r.type))], jobsDue });
    }
    return { lost, seq: rows.at(-1)?.seq ?? 0 };
  }

  return {
    file,
    writer,
    dialect: "sqlite",
    t: tables,
    read: readingQ(reader),
    commit: async (sets) => commit(sets),
    clear: async (workspaceId, names) =>
      transaction(() => {
        for (const name of names) statements.clear(name, workspaceId);
      }),
    // On a full disk what is due waits: it could not be finished.
    claimJobs: async (now, most, holdMs, which = {}) =>
      isNearlyFull(file, reserve) ? [] : transaction(() => statements.claim(now, most, holdMs, which)),
    finishJobs: async (ended) =>
      transaction(() => {
        for (const job of ended) statements.finish(job);
      }),
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async backup(to) {
      try {
        await writer.backup(to);
      } catch (error) {
        throw isOutOfSpace(error) ? diskFull() : error;
      }
    },
    isNearlyFull: () => isNearlyFull(file, reserve),
    space: async () => spaceOf(file),
    async close() {
      await worker?.terminate();
      if (reader !== writer) reader.close();
      writer.pragma("wal_checkpoint(TRUNCATE)");
      writer.close();
      unlock();
    },
  };
}

/** `is`: the version that is stored, or what stands for it; null where there is no such row. */
function holds({ table, was }: WriteSet["guards"][number], is: number | null): boolean {
  switch (table) {
    case "turn":
      return (is ?? 0) <= was;
    // One that is gone was done.
    case "job":
    case "importJob":
      return is === was;
    case "run":
    case "record":
    case "draft":
      return (is ?? 0) === was;
    default:
      return table satisfies never;
  }
}

/** One server a file (throws when there is one already): the lock dies with the process, so a crash leaves none behind. */
export function lockFile(file: string): () => void {
  if (file === inMemory) return () => {};
  mkdirSync(path.dirname(file), { recursive: true });
  const lock = new Database(`${file}.lock`);
  try {
    lock.pragma("busy_timeout = 0");
    lock.exec("begin exclusive");
  } catch {
    lock.close();
    throw new Error(
      `Another Millrace is running on ${file}. Stop it first, or choose another data folder with MILLRACE_DATA.`,
    );
  }
  return () => lock.close();
}
