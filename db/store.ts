/**
 * The port between the product and a database. Reads are drizzle queries on `read`, the same text for both dialects.
 * Writes are data: a write set says what must hold, which rows to put, which to drop and which facts to append; `commit`
 * writes all given sets in one synced transaction.
 */
import type { PgDatabase } from "drizzle-orm/pg-core";
import type { PgQueryResultHKT } from "drizzle-orm/pg-core";
import type { InferInsertModel } from "drizzle-orm";
import type { Event } from "@/server/engine/events.ts";
import type { Tables } from "./tables.ts";

/** What shared code may call on a database: builders only, always awaited. */
export type Q = Pick<
  PgDatabase<PgQueryResultHKT, Record<string, never>>,
  "select" | "selectDistinct" | "insert" | "update" | "delete" | "$count"
>;

export type TableName = keyof Tables;
export type Row<T extends TableName> = InferInsertModel<Tables[T]>;

/** Tables that are counters. */
export type CounterName = "stepDay" | "stepTime";

export type WriteSet = {
  workspaceId: string;
  /**
   * Versions that were loaded (0 = the row must not exist yet). If one does not hold any more, nothing of the set is written.
   * The guarded table's row is in `put` with its new version, but for a run that was only looked at. Of a `turn`, `id` is a queue: no turn of it after `was` may have been
   * given yet. Of a `job` or an `importJob`, `was` is the lease that it must still have.
   */
  guards: { table: "run" | "record" | "draft" | "turn" | "job" | "importJob"; id: string; was: number }[];
  events: Event[];
  /** Rows to insert, or to replace where the primary key exists. */
  put: { [T in TableName]?: Row<T>[] };
  /** Primary keys (in the table's key order, workspace first; a job's is its id) of rows to delete. */
  drop: { [T in TableName]?: (string | number)[][] };
  /** Every row of the workspace in these tables goes before anything of the set is written; without its `logHead` the log begins anew. */
  clear?: readonly TableName[];
  /** Increments: what is stored under a row's key grows by its other columns, from nothing where there is no such row. */
  add?: { [T in CounterName]?: Row<T>[] };
};

export type Committed = {
  /** Indexes of the sets of which nothing was written, because a guard did not hold. */
  lost: number[];
  /** Sequence number of the last fact that was appended; 0 when there was none. */
  seq: number;
};

/** A transaction that is being written. `commit` throws, with nothing written, when a guard of any set did not hold. */
export type Writing = { add(set: WriteSet): void; commit(): Promise<Committed>; abandon(): void };

/**
 * A transaction that is sent in pieces, in one log and on what is stored as this server left it. `commit` is null, with nothing
 * written, when a guard of any set did not hold. Either it or `abandon` ends it.
 */
export type Piecewise = { send(sets: WriteSet[]): Promise<void>; commit(): Promise<Committed | null>; abandon(): void };

/** `missed`: another server wrote, and nobody here knows what. */
export type Change = {
  workspaceId: string;
  seq: number;
  types: string[];
  jobsDue: number | null;
  missed?: boolean;
};

export type JobsOf = { only: string } | { except: readonly string[] };

/**
 * Where several servers write, each decides on what is stored while nobody else can change it. Who has written last, twice in a row,
 * decides first and asks afterwards whether it still was alone; else it takes the workspace's log before it decides.
 */
export type Turns = {
  /** Whether this server seems to be alone with a workspace's log. */
  isMine(workspaceId: string): boolean;
  /** A commit; null, with nothing written, when somebody else has written to a log of theirs since this server last did. */
  commit(sets: WriteSet[]): Promise<Committed | null>;
  /** The same in pieces, while the sets are still being made; nobody else writes to the log until it ends. */
  begin(workspaceId: string): Promise<Piecewise | null>;
  /**
   * Nobody else writes to the workspace's log until `work` has ended, and what others wrote before is known here. What is given to its
   * `commit` is written when it has: all of it, or nothing if it throws.
   */
  hold<T>(workspaceId: string, work: (commit: Store["commit"]) => Promise<T>): Promise<T>;
};

export interface Store {
  readonly dialect: "sqlite" | "postgres";
  readonly t: Tables;
  /** Reads only; never sees half of a transaction. */
  readonly read: Q;
  /** All sets in one transaction; within it a later set sees the rows of an earlier one. Resolves after the sync. */
  commit(sets: WriteSet[]): Promise<Committed>;
  /** Where several servers write. */
  readonly turns?: Turns;
  /**
   * The same piece by piece, while the sets are still being made: all of them or none. Null where that gains nothing; what is
   * begun must be ended before anything is awaited.
   */
  begin?(): Writing | null;
  /**
   * Writes what `make` has counted, and nothing else is written to the workspace's log meanwhile: where one process writes, the
   * caller sees to it.
   */
  recount(workspaceId: string, make: () => Promise<WriteSet>): Promise<void>;
  /**
   * Claims due jobs: at most `most`, due at or before `now`, held for `holdMs`. `of`: only this workspace's, or all but those
   * of some, whose time is another. `kinds`: all, or timers alone.
   */
  claimJobs(
    now: number,
    most: number,
    holdMs: number,
    which?: { of?: JobsOf | undefined; kinds?: "all" | "timers" },
  ): Promise<Row<"job">[]>;
  /** Ends or postpones claimed jobs; a job whose lease has moved on is left alone. */
  finishJobs(
    ended: {
      id: string;
      lease: number;
      again?: { dueAt: number; error: string | null } | { dead: string; at: number };
    }[],
  ): Promise<void>;
  /** Called in this process after a commit, and through LISTEN/NOTIFY for other nodes' commits. Returns the unsubscriber. */
  onCommit(listener: (change: Change) => void): () => void;
  backup(file: string): Promise<void>;
  /** True when writes are refused to keep the last of the disk free. */
  isNearlyFull(): boolean;
  /** Bytes the database takes, and bytes free on its disk (null where that is another machine's). */
  space(): Promise<{ bytes: number; free: number | null }>;
  close(): Promise<void>;
}
