/**
 * The SQLite store: one writer, one read-only connection for queries. WAL with `synchronous=FULL`: what was answered is on the
 * disk. A server's writer and its checkpoints have threads of their own, so that nobody waits for the disk but who asked. In memory
 * there is no file for a second connection to open, and none to sync: reads go to the writer, between its transactions.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";
import { genesis } from "../chain.ts";
import { tables } from "../schema.sqlite.ts";
import type { Committed, Store, WriteSet, Writing } from "../store.ts";
import { readingQ } from "./reads.ts";
import { type Head, type Script, scriptWriter } from "./script.ts";
import { sqliteWriter, writerPragmas } from "./writer.ts";
import { writerHere, writerThread } from "./writer-thread.ts";
import { isNearlyFull, isOutOfSpace, spaceOf } from "../disk.ts";
import { diskFull } from "../trouble.ts";
import { refuseNewerSchema, refuseUnsafeSqlite } from "../versions.ts";

export type SqliteOptions = {
  /** `:memory:` for a database that is gone with its store; `backup` makes a file of it. */
  file: string;
  /** Whether writing and checkpoints have threads: tests and command-line tools that end soon need none. */
  threads?: boolean;
  migrations?: string;
  /** Bytes of free disk below which writes are refused; null for the usual reserve. */
  reserve?: number | null;
};

const inMemory = ":memory:";

export function openSqlite({
  file,
  threads = file !== inMemory,
  migrations = path.join(process.cwd(), "db/migrations/sqlite"),
  reserve = null,
}: SqliteOptions): Store & { file: string; writer: Database.Database } {
  const unlock = lockFile(file);
  const writer = new Database(file);
  refuseUnsafeSqlite(writer.prepare("select sqlite_version()").pluck().get() as string);
  for (const pragma of writerPragmas) writer.pragma(pragma);
  if (threads) writer.pragma("wal_autocheckpoint = 0");
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
  const worker = threads
    ? new Worker(path.join(process.cwd(), "db/sqlite/checkpoint.worker.mjs"), { workerData: { file } })
    : null;
  let broken: Error | null = null;
  // A copy that could not be synced: what the disk holds is as doubtful as after a failed commit.
  worker?.on("message", ({ code, text }: { code: string; text: string }) => {
    broken ??= Object.assign(new Error(text), { code });
  });
  worker?.unref();

  const pen = threads
    ? // As doubtful as a failed sync: nobody knows what it has done last.
      writerThread(file, (error) => (broken ??= Object.assign(error, { code: "SQLITE_IOERR" })))
    : writerHere(sqliteWriter(writer));
  const listeners = new Set<Parameters<Store["onCommit"]>[0]>();
  const heads = new Map<string, Head>();
  const storedHead = writer.prepare<[string], Head>("select seq, hash from log_head where workspace_id = ?");
  const headOf = (workspaceId: string): Head =>
    heads.get(workspaceId) ?? storedHead.get(workspaceId) ?? { seq: 0, hash: genesis };
  /** A copy goes on between pieces of work, and must find no transaction half done. */
  let copying = 0;

  /** Refuses while the disk is nearly full or after it has failed. */
  function mayWrite(): void {
    if (broken) throw broken;
    if (isNearlyFull(file, reserve)) throw diskFull();
  }

  async function written<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      heads.clear();
      if (isOutOfSpace(error)) throw diskFull();
      const code = (error as { code?: string }).code ?? "";
      // After a failed sync nobody knows what is on the disk: stop, and recover from it.
      if (code.startsWith("SQLITE_IOERR")) broken = error as Error;
      throw error;
    }
  }

  function tell(sets: ReturnType<typeof scriptWriter>, workspaces: ReadonlySet<string>): Committed {
    const { events } = sets;
    for (const [workspaceId, head] of sets.heads) heads.set(workspaceId, head);
    for (const workspaceId of workspaces) {
      const own = events.filter((r) => r.workspaceId === workspaceId);
      const types = [...new Set(own.map((r) => r.type))];
      for (const listener of listeners)
        listener({ workspaceId, seq: own.at(-1)?.seq ?? 0, types, jobsDue: sets.jobsDue() });
    }
    return { lost: [], seq: events.at(-1)?.seq ?? 0 };
  }

  async function commit(sets: WriteSet[]): Promise<Committed> {
    mayWrite();
    const lost = new Set<number>();
    for (;;) {
      const script: Script = [];
      const making = scriptWriter(headOf);
      for (const [i, set] of sets.entries()) if (!lost.has(i)) making.set(script, i, set);
      making.end(script);
      const outcome = await written(pen.end(script));
      if (outcome.written)
        return { ...tell(making, new Set(sets.map((s) => s.workspaceId))), lost: [...lost].sort((a, b) => a - b) };
      // All or nothing was asked of the writer: what does not hold is left out.
      if ("lost" in outcome) lost.add(outcome.lost);
      else heads.delete(outcome.head);
    }
  }

  /** Values in a piece, some ten steps: shorter ones cost a message each, longer ones leave the writer idle. */
  const piece = 1500;

  function begin(): Writing | null {
    if (copying || !threads) return null;
    mayWrite();
    const making = scriptWriter(headOf);
    const workspaces = new Set<string>();
    let script: Script = [];
    let sets = 0;
    return {
      add(set) {
        making.set(script, sets++, set);
        workspaces.add(set.workspaceId);
        if (script.length < piece) return;
        pen.write(script);
        script = [];
      },
      abandon: () => pen.abandon(),
      async commit() {
        if (sets === 0) return { lost: [], seq: 0 };
        making.end(script);
        const outcome = await written(pen.end(script));
        if (outcome.written) return tell(making, workspaces);
        heads.clear();
        throw new Error("what was stored is not what the commands were decided on");
      },
    };
  }

  return {
    file,
    writer,
    dialect: "sqlite",
    t: tables,
    read: readingQ(reader),
    commit,
    begin,
    async recount(_workspaceId, make) {
      await commit([await make()]);
    },
    // On a full disk what is due waits: it could not be finished.
    async claimJobs(now, most, holdMs, which = {}) {
      if (broken) throw broken;
      return isNearlyFull(file, reserve) ? [] : written(pen.claim(now, most, holdMs, which));
    },
    async finishJobs(ended) {
      if (broken) throw broken;
      await written(pen.finish(ended));
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async backup(to) {
      copying++;
      try {
        await pen.backup(to);
      } catch (error) {
        throw isOutOfSpace(error) ? diskFull() : error;
      } finally {
        copying--;
      }
    },
    isNearlyFull: () => isNearlyFull(file, reserve),
    space: async () => spaceOf(file),
    async close() {
      await pen.close();
      await worker?.terminate();
      if (reader !== writer) reader.close();
      writer.pragma("wal_checkpoint(TRUNCATE)");
      writer.close();
      unlock();
    },
  };
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
