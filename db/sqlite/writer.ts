/**
 * The one connection that writes. It is given scripts (`script.ts`), a transaction in one or more pieces, and runs them where it
 * stands: in the thread of its own that a server gives it (`writing.thread.ts`), or in that of a test or a command.
 */
import type Database from "better-sqlite3";
import { innerKinds } from "../outgoing.ts";
import type { TablePlan } from "../columns.ts";
import { counterNames } from "../adding.ts";
import type { CounterName, Row, Store, TableName, WriteSet } from "../store.ts";
import { eventColumns, guardKinds, op, type Script, plans, tableNames } from "./script.ts";

type Which = NonNullable<Parameters<Store["claimJobs"]>[3]>;
type Ended = Parameters<Store["finishJobs"]>[0];

/** How a transaction ended; anything but `written` left nothing behind. `head`: the log has gone on since the script was made. */
export type Outcome = { written: true } | { written: false; lost: number } | { written: false; head: string };

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

export type SqliteWriter = ReturnType<typeof sqliteWriter>;

export function sqliteWriter(db: Database.Database) {
  const begin = db.prepare("begin immediate");
  const commit = db.prepare("commit");
  const back = db.prepare("rollback");
  const statements = statementsFor(db);
  /** What went wrong with the transaction that is open: the rest of it is passed over. */
  let failed: { outcome: Outcome } | { error: unknown } | null = null;

  function transaction<T>(body: () => T): T {
    begin.run();
    try {
      const value = body();
      commit.run();
      return value;
    } catch (error) {
      if (db.inTransaction) back.run();
      throw error;
    }
  }

  /** A piece of a transaction, which begins with its first. */
  function write(script: Script): void {
    if (failed) return;
    try {
      if (!db.inTransaction) begin.run();
      const outcome = run(statements, script);
      if (!outcome.written) failed = { outcome };
    } catch (error) {
      failed = { error };
    }
  }

  function abandon(): void {
    failed = null;
    if (db.inTransaction) back.run();
  }

  return {
    write,
    abandon,
    /** The last piece. What was begun is committed and synced, or nothing of it is left. Throws what SQLite threw. */
    end(script: Script): Outcome {
      write(script);
      const how = failed;
      try {
        if (how === null) commit.run();
      } finally {
        abandon();
      }
      if (how === null) return { written: true };
      if ("error" in how) throw how.error;
      return how.outcome;
    },
    claim: (now: number, most: number, holdMs: number, which: Which) =>
      transaction(() => statements.claim(now, most, holdMs, which)),
    finish: (ended: Ended) =>
      transaction(() => {
        for (const job of ended) statements.finish(job);
      }),
    backup: async (to: string): Promise<void> => void (await db.backup(to)),
  };
}

/** Runs a script inside the open transaction, up to what does not hold. */
function run(statements: ReturnType<typeof statementsFor>, script: Script): Outcome {
  let set = 0;
  for (let i = 0; i < script.length; ) {
    switch (script[i++]) {
      case op.set:
        set = script[i++] as number;
        break;
      case op.head: {
        const [workspace, seq, hash] = [script[i++] as string, script[i++], script[i++]];
        const head = statements.head(workspace);
        if ((head?.seq ?? 0) !== seq || (head && head.hash !== hash)) return { written: false, head: workspace };
        break;
      }
      case op.guard: {
        const kind = guardKinds[script[i++] as number]!;
        const was = script[i++] as number;
        const n = script[i++] as number;
        const key = script.slice(i, (i += n));
        if (!holds(kind, was, statements.version(kind, key))) return { written: false, lost: set };
        break;
      }
      case op.run: {
        const was = script[i++] as number;
        const values = script.slice(i, (i += statements.width("run")));
        if (statements.goOn(values, was)) break;
        if (!holds("run", was, statements.version("run", statements.keyOf("run", values))))
          return { written: false, lost: set };
        statements.put("run", values);
        break;
      }
      case op.put: {
        const name = tableNames[script[i++] as number]!;
        statements.put(name, script.slice(i, (i += statements.width(name))));
        break;
      }
      case op.add: {
        const name = tableNames[script[i++] as number] as CounterName;
        statements.add(name, script.slice(i, (i += statements.width(name))));
        break;
      }
      case op.clear:
        statements.clear(tableNames[script[i++] as number]!, script[i++] as string);
        break;
      case op.drop: {
        const name = tableNames[script[i++] as number]!;
        statements.drop(name, script.slice(i, (i += statements.keyWidth(name))));
        break;
      }
      case op.event:
        statements.append(script.slice(i, (i += eventColumns)));
        break;
      default:
        throw new Error(`a script has no operation ${String(script[i - 1])}`);
    }
  }
  return { written: true };
}

/** `is`: the version that is stored, or what stands for it; null where there is no such row. */
function holds(table: WriteSet["guards"][number]["table"], was: number, is: number | null): boolean {
  switch (table) {
    case "turn":
      return (is ?? 0) <= was;
    // A job that is gone was done.
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

/** Every statement, prepared once: puts and drops by table, guards, the log's head, and the jobs. */
function statementsFor(db: Database.Database) {
  const q = (name: string) => `"${name}"`;
  const puts = new Map<TableName, Database.Statement>();
  const drops = new Map<TableName, Database.Statement>();
  const putFor = (name: TableName): Database.Statement => {
    let put = puts.get(name);
    if (!put) {
      const plan = plans[name];
      const others = plan.columns.filter((c) => !plan.primary.includes(c));
      put = db.prepare(
        `insert into ${q(plan.name)} (${plan.columns.map((c) => q(c.name)).join(",")}) values (${plan.columns.map(() => "?").join(",")})` +
          ` on conflict (${plan.primary.map((c) => q(c.name)).join(",")}) do ${others.length ? `update set ${others.map((c) => `${q(c.name)}=excluded.${q(c.name)}`).join(",")}` : "nothing"}`,
      );
      puts.set(name, put);
    }
    return put;
  };
  const dropFor = (name: TableName): Database.Statement => {
    let drop = drops.get(name);
    if (!drop) {
      const { name: table, primary } = plans[name];
      drop = db.prepare(`delete from ${q(table)} where ${primary.map((c) => `${q(c.name)} = ?`).join(" and ")}`);
      drops.set(name, drop);
    }
    return drop;
  };
  const adds = Object.fromEntries(
    counterNames.map((name) => {
      const { name: table, columns, primary } = plans[name];
      const sums = columns
        .filter((c) => !primary.includes(c))
        .map((c) => `${q(c.name)} = ${q(table)}.${q(c.name)} + excluded.${q(c.name)}`);
      return [
        name,
        db.prepare(
          `insert into ${q(table)} (${columns.map((c) => q(c.name)).join(",")}) values (${columns.map(() => "?").join(",")})` +
            ` on conflict (${primary.map((c) => q(c.name)).join(",")}) do update set ${sums.join(", ")}`,
        ),
      ];
    }),
  ) as Record<CounterName, Database.Statement>;
  const appendEvent = db.prepare(
    `insert into event (workspace_id, seq, stream_kind, stream_id, version, type, at, due, actor, cause, data, hash)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  // What no index of runs is made of. SQLite writes an index anew when a column of it is named, whether it changed or not.
  const indexed = plans.run.columns.filter(({ key }) => ["process", "recordId", "startedAt", "endedAt"].includes(key));
  const unindexed = plans.run.columns.filter((c) => !indexed.includes(c) && !plans.run.primary.includes(c));
  const stands = [...plans.run.primary, ...indexed];
  const order = [...unindexed, ...stands].map((column) => plans.run.columns.indexOf(column));
  const goOn = db.prepare(
    `update run set ${unindexed.map((c) => `${q(c.name)} = ?`).join(", ")}
     where ${stands.map((c) => `${q(c.name)} is ?`).join(" and ")} and rev = ?`,
  );
  const versions = {
    run: "select rev v from run where workspace_id = ? and id = ?",
    record: "select version v from record where workspace_id = ? and id = ?",
    job: "select lease v from job where workspace_id = ? and id = ?",
    importJob: "select lease v from import_job where workspace_id = ? and id = ?",
    turn: "select max(turn) v from pick where workspace_id = ? and queue = ? and turn is not null",
    draft: "select revision v from draft where workspace_id = ? and process_id = ? and member_id = ?",
  };
  const version = Object.fromEntries(
    Object.entries(versions).map(([table, text]) => [table, db.prepare(text)]),
  ) as Record<keyof typeof versions, Database.Statement<unknown[], { v: number | null }>>;
  const head = db.prepare<[string], { seq: number; hash: string }>(
    "select seq, hash from log_head where workspace_id = ?",
  );
  const jobs = jobStatements(db, plans.job);
  return {
    /** How many values a row has, and a key. */
    width: (name: TableName): number => plans[name].columns.length,
    keyWidth: (name: TableName): number => plans[name].primary.length,
    keyOf: (name: TableName, values: Script): Script =>
      plans[name].primary.map((column) => values[plans[name].columns.indexOf(column)]!),
    version: (table: keyof typeof versions, key: Script): number | null => version[table].get(...key)?.v ?? null,
    add: (name: CounterName, values: Script) => void adds[name].run(values),
    put: (name: TableName, values: Script) => void putFor(name).run(values),
    /**
     * Writes a run that goes on from revision `was`, and says whether it did: false, with nothing written, when another revision
     * is stored, or when the run has ended or otherwise moved in an index.
     */
    goOn: (values: Script, was: number): boolean => goOn.run([...order.map((i) => values[i]), was]).changes === 1,
    append: (values: Script) => void appendEvent.run(values),
    drop: (name: TableName, key: Script) => void dropFor(name).run(key),
    clear(name: TableName, workspaceId: string) {
      db.prepare(`delete from ${q(plans[name].name)} where workspace_id = ?`).run(workspaceId);
    },
    head: (workspaceId: string) => head.get(workspaceId),
    ...jobs,
  };
}

function jobStatements(db: Database.Database, plan: TablePlan) {
  const dueWhere = new Map<string, Database.Statement>();
  const dueIds = (where: string): Database.Statement => {
    let found = dueWhere.get(where);
    if (!found) {
      found = db.prepare(
        `select id from job where due_at <= ? and dead_at is null and ${where} order by due_at, id limit ?`,
      );
      dueWhere.set(where, found);
    }
    return found;
  };
  // What would leave a workspace that holds it back stays where it is, without a try.
  const ofKinds = {
    all: `(kind in (${innerKinds.map((kind) => `'${kind}'`).join(",")}) or workspace_id not in (select workspace_id from outgoing_hold))`,
    timers: "kind = 'timer'",
  };
  const due = (now: number, most: number, { of, kinds = "all" }: Which): unknown[] =>
    of && "only" in of
      ? dueIds(`${ofKinds[kinds]} and workspace_id = ?`).all(now, of.only, most)
      : of?.except.length
        ? dueIds(`${ofKinds[kinds]} and workspace_id not in (select value from json_each(?))`).all(
            now,
            JSON.stringify(of.except),
            most,
          )
        : dueIds(ofKinds[kinds]).all(now, most);
  const claim = db.prepare(
    "update job set due_at = ?, lease = lease + 1, attempts = attempts + 1 where id = ? returning *",
  );
  const finish = db.prepare("delete from job where id = ? and lease = ?");
  const again = db.prepare("update job set due_at = ?, last_error = ? where id = ? and lease = ?");
  const bury = db.prepare("update job set dead_at = ?, last_error = ? where id = ? and lease = ?");
  const decode = (row: Record<string, unknown>) =>
    Object.fromEntries(
      plan.columns.map((c) => [c.key, row[c.name] === null ? null : c.column.mapFromDriverValue(row[c.name])]),
    ) as Row<"job">;
  return {
    claim: (now: number, most: number, holdMs: number, which: Which) =>
      (due(now, most, which) as { id: string }[]).map(({ id }) =>
        decode(claim.get(now + holdMs, id) as Record<string, unknown>),
      ),
    finish(job: Ended[number]) {
      if (!job.again) finish.run(job.id, job.lease);
      else if ("dueAt" in job.again) again.run(job.again.dueAt, job.again.error, job.id, job.lease);
      else bury.run(job.again.at, job.again.dead, job.id, job.lease);
    },
  };
}
