/** Every statement the writer uses, prepared once: puts and drops by table, guards, the log's head, and the jobs. */
import type Database from "better-sqlite3";
import type { Table } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { genesis, type Said } from "../chain.ts";
import { innerKinds } from "../outgoing.ts";
import { planTable, type TablePlan } from "../columns.ts";
import { tables } from "../schema.sqlite.ts";
import type { Row, Store, TableName } from "../store.ts";

type Which = NonNullable<Parameters<Store["claimJobs"]>[3]>;

/** Every table's columns and primary key. */
export function tablePlans(): Record<TableName, TablePlan> {
  const primaryOf = (table: Table) => {
    const config = getTableConfig(table as SQLiteTable);
    return (
      config.primaryKeys[0]?.columns.map((c) => c.name) ?? config.columns.filter((c) => c.primary).map((c) => c.name)
    );
  };
  return Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [name, planTable(table as unknown as Table, primaryOf)]),
  ) as Record<TableName, TablePlan>;
}

export function statementsFor(db: Database.Database) {
  const plans = tablePlans();
  const q = (name: string) => `"${name}"`;
  /** `values` is filled anew for each row: the driver has copied it when it returns. */
  type Put = { statement: Database.Statement; columns: TablePlan["columns"]; values: unknown[] };
  const puts = new Map<TableName, Put>();
  const drops = new Map<TableName, Database.Statement>();
  const putFor = (name: TableName) => {
    let put = puts.get(name);
    if (!put) {
      const plan = plans[name];
      const others = plan.columns.filter((c) => !plan.primary.includes(c));
      const statement = db.prepare(
        `insert into ${q(plan.name)} (${plan.columns.map((c) => q(c.name)).join(",")}) values (${plan.columns.map(() => "?").join(",")})` +
          (name === "event"
            ? ""
            : ` on conflict (${plan.primary.map((c) => q(c.name)).join(",")}) do ${others.length ? `update set ${others.map((c) => `${q(c.name)}=excluded.${q(c.name)}`).join(",")}` : "nothing"}`),
      );
      puts.set(name, (put = { statement, columns: plan.columns, values: [] }));
    }
    return put;
  };
  const write = ({ statement, columns, values }: Put, row: Record<string, unknown>): number => {
    for (let i = 0; i < columns.length; i++) {
      const { key, encode } = columns[i]!;
      const value = row[key];
      values[i] = value === undefined || value === null ? null : encode ? encode(value) : value;
    }
    return statement.run(values).changes;
  };
  const appendEvent = db.prepare(
    `insert into event (workspace_id, seq, stream_kind, stream_id, version, type, at, due, actor, cause, data, hash)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  // What no index of runs is made of. SQLite writes an index anew when a column of it is named, whether it changed or not.
  const indexed = plans.run.columns.filter(({ key }) => ["process", "recordId", "startedAt", "endedAt"].includes(key));
  const unindexed = plans.run.columns.filter((c) => !indexed.includes(c) && !plans.run.primary.includes(c));
  const stands = [...plans.run.primary, ...indexed];
  const goOn: Put = {
    columns: [...unindexed, ...stands],
    statement: db.prepare(
      `update run set ${unindexed.map((c) => `${q(c.name)} = ?`).join(", ")}
       where ${stands.map((c) => `${q(c.name)} is ?`).join(" and ")} and rev = ?`,
    ),
    values: [],
  };
  const head = db.prepare("select seq, hash from log_head where workspace_id = ?");
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
      plans.job.columns.map((c) => [c.key, row[c.name] === null ? null : c.column.mapFromDriverValue(row[c.name])]),
    ) as Row<"job">;
  return {
    guard: {
      run: db.prepare<unknown[], { v: number }>("select rev v from run where workspace_id = ? and id = ?"),
      record: db.prepare<unknown[], { v: number }>("select version v from record where workspace_id = ? and id = ?"),
      job: db.prepare<unknown[], { v: number }>("select lease v from job where workspace_id = ? and id = ?"),
      importJob: db.prepare<unknown[], { v: number }>(
        "select lease v from import_job where workspace_id = ? and id = ?",
      ),
      turn: db.prepare<unknown[], { v: number | null }>(
        "select max(turn) v from pick where workspace_id = ? and queue = ? and turn is not null",
      ),
      draft: db.prepare<unknown[], { v: number }>(
        "select revision v from draft where workspace_id = ? and process_id = ? and member_id = ?",
      ),
    },
    put: (name: TableName, row: Record<string, unknown>) => void write(putFor(name), row),
    /**
     * Writes a run that goes on from revision `was`, and says whether it did: false, with nothing written, when another revision
     * is stored, or when the run has ended or otherwise moved in an index.
     */
    goOn(row: Row<"run">, was: number): boolean {
      goOn.values[goOn.columns.length] = was;
      return write(goOn, row) === 1;
    },
    /** A new event, with what it says as the text that was hashed. */
    append({ workspaceId, seq, streamKind, streamId, version, type, at, due, cause, hash }: Row<"event">, said: Said) {
      appendEvent.run(
        workspaceId,
        seq,
        streamKind,
        streamId,
        version,
        type,
        at,
        due,
        said.actor,
        cause ?? null,
        said.data,
        hash,
      );
    },
    drop(name: TableName, keys: (string | number)[]) {
      let statement = drops.get(name);
      if (!statement)
        drops.set(
          name,
          (statement = db.prepare(
            `delete from ${q(plans[name].name)} where ${plans[name].primary.map((c) => `${q(c.name)} = ?`).join(" and ")}`,
          )),
        );
      statement.run(keys);
    },
    clear(name: TableName, workspaceId: string) {
      db.prepare(`delete from ${q(plans[name].name)} where workspace_id = ?`).run(workspaceId);
    },
    head: (workspaceId: string) =>
      (head.get(workspaceId) as { seq: number; hash: string } | undefined) ?? { seq: 0, hash: genesis },
    claim: (now: number, most: number, holdMs: number, which: Which) =>
      (due(now, most, which) as { id: string }[]).map(({ id }) =>
        decode(claim.get(now + holdMs, id) as Record<string, unknown>),
      ),
    finish(job: Parameters<Store["finishJobs"]>[0][number]) {
      if (!job.again) finish.run(job.id, job.lease);
      else if ("dueAt" in job.again) again.run(job.again.dueAt, job.again.error, job.id, job.lease);
      else bury.run(job.again.at, job.again.dead, job.id, job.lease);
    },
  };
}
