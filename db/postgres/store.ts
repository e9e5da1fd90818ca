/**
 * The PostgreSQL store, for several servers on one database. Guarded rows are locked in id order, so two nodes never wait for
 * each other in a ring; the workspace's log head is taken last and numbers the events then. Every table of a batch is one
 * statement over arrays.
 */
import path from "node:path";
import type { Table } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import postgres from "postgres";
import { chain, genesis } from "../chain.ts";
import { planTable, type TablePlan } from "../columns.ts";
import { innerKinds } from "../outgoing.ts";
import { tables } from "../schema.postgres.ts";
import type { Change, Committed, Q, Row, Store, TableName, WriteSet } from "../store.ts";
import { diskFull, isOutOfSpace } from "../disk.ts";
import { refuseNewerSchema } from "../versions.ts";

type Sql = postgres.Sql | postgres.TransactionSql;
const guardKeys = {
  run: { version: "rev", keys: ["workspace_id", "id"] },
  record: { version: "version", keys: ["workspace_id", "id"] },
  draft: { version: "revision", keys: ["workspace_id", "process_id", "member_id"] },
  job: { version: "lease", keys: ["workspace_id", "id"] },
} as const;

export async function openPostgres({
  url,
  migrations = path.join(process.cwd(), "db/migrations/postgres"),
}: {
  url: string;
  migrations?: string;
}): Promise<Store & { sql: postgres.Sql }> {
  const sql = postgres(url, {
    max: 10,
    onnotice: () => {},
    types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
  });
  await oneAtATime(sql, () => bringUpToDate(sql, migrations));
  const listeners = new Set<Parameters<Store["onCommit"]>[0]>();
  const [me] = await sql<{ name: string }[]>`select gen_random_uuid()::text name`;
  const { unlisten } = await sql.listen("millrace", (payload) => {
    const { by, ...change } = JSON.parse(payload) as Change & { by?: string };
    for (const listener of listeners) listener({ ...change, elsewhere: by !== me!.name });
  });

  async function commit(sets: WriteSet[]): Promise<Committed> {
    const outcome = await sql.begin(async (tx) => {
      const lost = await guard(tx, sets);
      const kept = sets.filter((_, i) => !lost.has(i));
      // Sent one after the other without waiting for an answer between: a round trip takes longer than most statements.
      const sent: Promise<unknown>[] = [];
      for (const name of Object.keys(tables) as TableName[]) {
        const keys = kept.flatMap((s) => s.drop[name] ?? []);
        if (keys.length) sent.push(dropRows(tx, name, keys));
        const rows = latest(
          name,
          kept.flatMap((s) => (s.put[name] ?? []) as Record<string, unknown>[]),
        );
        if (rows.length) sent.push(putRows(tx, name, rows));
      }
      const stored: Row<"event">[] = [];
      for (const workspaceId of [...new Set(kept.filter((s) => s.events.length).map((s) => s.workspaceId))].sort()) {
        const [[head]] = await Promise.all([
          headOf(tx, workspaceId),
          // After the rows, so that the head is taken last.
          ...sent.splice(0),
        ]);
        const chained = chain(
          workspaceId,
          head!,
          kept.filter((s) => s.workspaceId === workspaceId).flatMap((s) => s.events),
        );
        sent.push(
          putRows(tx, "event", chained.rows),
          tx`update log_head set seq = ${chained.head.seq}, hash = ${chained.head.hash} where workspace_id = ${workspaceId}`.execute(),
        );
        stored.push(...chained.rows);
      }
      for (const workspaceId of new Set(kept.map((s) => s.workspaceId))) {
        const own = stored.filter((r) => r.workspaceId === workspaceId);
        const dues = kept
          .filter((s) => s.workspaceId === workspaceId)
          .flatMap((s) => (s.put.job ?? []).map((j) => j.dueAt));
        const change = {
          by: me!.name,
          workspaceId,
          seq: own.at(-1)?.seq ?? 0,
          types: [...new Set(own.map((r) => r.type))],
          jobsDue: dues.length ? Math.min(...dues) : null,
        };
        sent.push(tx`select pg_notify('millrace', ${JSON.stringify(change)})`.execute());
      }
      await Promise.all(sent);
      return { lost: [...lost], stored };
    });
    return { lost: outcome.lost, seq: outcome.stored.at(-1)?.seq ?? 0 };
  }

  return {
    sql,
    dialect: "postgres",
    t: tables,
    read: drizzle(preparing(sql)) as unknown as Q,
    commit: (sets) =>
      commit(sets).catch((error: unknown) => {
        throw isOutOfSpace(error) ? diskFull() : error;
      }),
    async clear(workspaceId, names) {
      await sql.begin(async (tx) => {
        for (const name of names) await tx`delete from ${tx(plans[name].name)} where workspace_id = ${workspaceId}`;
      });
    },
    async claimJobs(now, most, holdMs, { of, kinds = "all" } = {}) {
      const whose =
        of && "only" in of
          ? sql`and workspace_id = ${of.only}`
          : of?.except.length
            ? sql`and workspace_id not in ${sql(of.except)}`
            : sql``;
      const what =
        kinds === "timers"
          ? sql`and kind = 'timer'`
          : sql`and (kind = any (${[...innerKinds]}) or workspace_id not in (select workspace_id from outgoing_hold))`;
      const rows = await sql`update job j set due_at = ${now + holdMs}, lease = lease + 1, attempts = attempts + 1
        from (select id from job where due_at <= ${now} and dead_at is null ${what} ${whose} order by due_at, id limit ${most} for update skip locked) d where j.id = d.id returning j.*`;
      return rows.map((row) => decode("job", row) as Row<"job">).sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async finishJobs(ended) {
      await sql.begin(async (tx) => {
        for (const { id, lease, again } of ended) {
          if (!again) await tx`delete from job where id = ${id} and lease = ${lease}`;
          else if ("dueAt" in again)
            await tx`update job set due_at = ${again.dueAt}, last_error = ${again.error} where id = ${id} and lease = ${lease}`;
          else
            await tx`update job set dead_at = ${again.at}, last_error = ${again.dead} where id = ${id} and lease = ${lease}`;
        }
      });
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async backup() {
      throw new Error(
        "Back a PostgreSQL database up with pg_dump: it knows how to do it while the database is in use.",
      );
    },
    isNearlyFull: () => false,
    async space() {
      const [row] = await sql<{ bytes: number }[]>`select pg_database_size(current_database())::bigint bytes`;
      return { bytes: Number(row!.bytes), free: null };
    },
    async close() {
      await unlisten();
      await sql.end({ timeout: 5 });
    },
  };
}

/** Texts that are asked again and again, as the product's reads are; lists of other lengths are other texts. */
const mostPrepared = 300;

/** The same connections; what drizzle asks a second time is prepared, so that PostgreSQL need not parse and plan it each time. */
function preparing(sql: postgres.Sql): postgres.Sql {
  const asked = new Set<string>();
  const prepared = new Set<string>();
  const isKnown = (text: string): boolean => {
    if (prepared.has(text)) return true;
    if (prepared.size >= mostPrepared) return false;
    if (asked.has(text)) prepared.add(text);
    if (asked.size >= 10 * mostPrepared) asked.clear();
    asked.add(text);
    return prepared.has(text);
  };
  return new Proxy(sql, {
    get: (of, name) =>
      name === "unsafe"
        ? (...[text, values, how]: Parameters<typeof sql.unsafe>) =>
            of.unsafe(text, values, { ...how, prepare: how?.prepare ?? isKnown(text) })
        : (Reflect.get(of, name) as unknown),
  });
}

/** The workspace's head, made if there is none yet, locked until the commit. */
async function headOf(tx: Sql, workspaceId: string): Promise<{ seq: number; hash: string }[]> {
  const [, head] = await Promise.all([
    tx`insert into log_head (workspace_id, seq, hash) values (${workspaceId}, 0, ${genesis}) on conflict do nothing`,
    tx<{ seq: number; hash: string }[]>`select seq, hash from log_head where workspace_id = ${workspaceId} for update`,
  ]);
  return head;
}

/** Brings the tables up to this release. Throws when they are of a newer one. */
async function bringUpToDate(sql: postgres.Sql, migrations: string): Promise<void> {
  const applied = await sql<
    { n: number }[]
  >`select count(*)::int n from information_schema.tables where table_schema = 'drizzle' and table_name = '__drizzle_migrations'`;
  const count = applied[0]!.n
    ? (await sql<{ n: number }[]>`select count(*)::int n from drizzle.__drizzle_migrations`)[0]!.n
    : 0;
  refuseNewerSchema(migrations, () => count);
  await migrate(drizzle(sql), { migrationsFolder: migrations });
}

/** Any number that nobody else uses: servers that start together wait for each other by it. */
const startLock = 71_774;

async function oneAtATime(sql: postgres.Sql, work: () => Promise<void>): Promise<void> {
  const own = await sql.reserve();
  try {
    await own`select pg_advisory_lock(${startLock})`;
    await work();
  } finally {
    // Released with the connection as well, should this server die meanwhile.
    await own`select pg_advisory_unlock(${startLock})`;
    own.release();
  }
}

/**
 * Indexes of the sets whose guards do not hold. First the rows that are there are locked in key order, then queues whose turns are
 * given; what is to be born comes last, so that nothing of a set is written that another of its guards refuses.
 */
async function guard(tx: Sql, sets: WriteSet[]): Promise<Set<number>> {
  const lost = new Set<number>();
  const births: Birth[] = [];
  for (const table of ["draft", "record", "run", "job"] as const) {
    const asked = sets.flatMap((set, index) =>
      set.guards
        .filter((g) => g.table === table)
        .map((g) => ({ index, was: g.was, key: [set.workspaceId, ...g.id.split("\u0000")] })),
    );
    if (asked.length === 0) continue;
    const { keys, version } = guardKeys[table];
    const columns = keys.map((_, i) => asked.map((a) => a.key[i]!));
    const found = await tx.unsafe(
      `select t.${version} v, ${keys.map((k) => `t.${k}`).join(", ")} from "${table}" t join (select distinct * from unnest(${keys.map((_, i) => `$${i + 1}::text[]`).join(", ")}) as k(${keys.join(", ")})) k using (${keys.join(", ")}) order by ${keys.map((k) => `t.${k}`).join(", ")} for update of t`,
      columns as string[][],
      { prepare: true },
    );
    const versions = new Map(found.map((row) => [keys.map((k) => String(row[k])).join("\u0000"), Number(row.v)]));
    // A job that is gone was done; of the others nothing is what there was before the first version.
    const absent = table === "job" ? null : 0;
    for (const a of asked) if ((versions.get(a.key.join("\u0000")) ?? absent) !== a.was) lost.add(a.index);
    if (table === "record" || table === "run")
      for (const { index, was, key } of asked) if (was === 0) births.push({ table, index, key: key as Birth["key"] });
  }
  await guardTurns(tx, sets, lost);
  await bear(tx, sets, births, lost);
  return lost;
}

/** A row that is to be there for the first time. */
type Birth = { table: "record" | "run"; index: number; key: [workspaceId: string, id: string] };

/** Inserts them now, so that a second node that tries the same sees it. What comes too late takes the rest of its set with it. */
async function bear(tx: Sql, sets: WriteSet[], births: readonly Birth[], lost: Set<number>): Promise<void> {
  const born: Birth[] = [];
  for (const birth of births) {
    const { table, index, key } = birth;
    if (lost.has(index)) continue;
    const row = ((sets[index]!.put[table] ?? []) as Record<string, unknown>[]).find((r) => r.id === key[1]);
    if (!row) continue;
    if (await putRows(tx, table, [row], "nothing")) born.push(birth);
    else lost.add(index);
  }
  for (const { table, index, key } of born) if (lost.has(index)) await dropRows(tx, table, [key]);
}

/** Any number that nobody else uses: whose turn it is in a queue is settled by one server after the other. */
const turnLock = 71_775;

/** Turns that another server has given in the meantime. The lock is held until the commit; queues are taken in the order of their names. */
async function guardTurns(tx: Sql, sets: WriteSet[], lost: Set<number>): Promise<void> {
  const asked = sets.flatMap(({ workspaceId, guards }, index) =>
    lost.has(index)
      ? []
      : guards.flatMap(({ table, id, was }) => (table === "turn" ? [{ index, was, workspaceId, queue: id }] : [])),
  );
  if (asked.length === 0) return;
  const keyOf = (one: { workspaceId: string; queue: string }) => `${one.workspaceId}/${one.queue}`;
  const queues = [...new Map(asked.map((one) => [keyOf(one), one])).values()].sort((a, b) =>
    keyOf(a) < keyOf(b) ? -1 : 1,
  );
  const [, found] = await Promise.all([
    tx`select pg_advisory_xact_lock(hashtextextended(k, ${turnLock})) from unnest(${queues.map(keyOf)}::text[]) k`,
    // Sent after it, it sees what was committed by the time it has the lock.
    tx<{ workspace_id: string; queue: string; turn: number | null }[]>`
      select k.workspace_id, k.queue, (select max(turn) from pick p
        where p.workspace_id = k.workspace_id and p.queue = k.queue and p.turn is not null) turn
      from unnest(${queues.map((q) => q.workspaceId)}::text[], ${queues.map((q) => q.queue)}::text[]) k(workspace_id, queue)`,
  ]);
  const given = new Map(
    found.map((row) => [keyOf({ workspaceId: row.workspace_id, queue: row.queue }), row.turn ?? 0]),
  );
  for (const one of asked) if ((given.get(keyOf(one)) ?? 0) > one.was) lost.add(one.index);
}

const plans = Object.fromEntries(
  Object.entries(tables).map(([name, table]) => [
    name,
    planTable(table as unknown as Table, (t) => {
      const config = getTableConfig(t as PgTable);
      return (
        config.primaryKeys[0]?.columns.map((c) => c.name) ?? config.columns.filter((c) => c.primary).map((c) => c.name)
      );
    }),
  ]),
) as Record<TableName, TablePlan>;

const keyOf = (name: TableName, row: Record<string, unknown>) =>
  plans[name].primary.map((c) => String(row[c.key])).join("\u0000");

/** A statement may name a row once: the last put of each key. */
const latest = (name: TableName, rows: Record<string, unknown>[]) => [
  ...new Map(rows.map((row) => [keyOf(name, row), row])).values(),
];

/** One insert over arrays, prepared once a connection; on conflict the row is replaced, or left. Returns how many rows were written. */
export async function putRows(
  tx: Sql,
  name: TableName,
  rows: Record<string, unknown>[],
  conflict: "update" | "nothing" = "update",
): Promise<number> {
  const plan = plans[name];
  const others = plan.columns.filter((c) => !plan.primary.includes(c));
  const q = (n: string) => `"${n}"`;
  // jsonb and boolean columns travel as text: an array of JSON arrays would be read as a matrix, and the driver reads "false" as true.
  const columns = plan.columns.map((c) => rows.map((row) => pgValue(c.column.getSQLType(), row[c.key])));
  const kinds = plan.columns.map((c) => c.column.getSQLType());
  const types = kinds.map((kind) => (kind === "jsonb" || kind === "boolean" ? "text" : kind));
  const result = await tx.unsafe(
    `insert into ${q(plan.name)} (${plan.columns.map((c) => q(c.name)).join(",")}) select ${kinds.map((kind, i) => (types[i] === kind ? `c${i}` : `c${i}::${kind}`)).join(",")} from unnest(${types.map((t, i) => `$${i + 1}::${t}[]`).join(",")}) as u(${plan.columns.map((_, i) => `c${i}`).join(",")})` +
      (name === "event"
        ? ""
        : ` on conflict (${plan.primary.map((c) => q(c.name)).join(",")}) do ${conflict === "update" && others.length ? `update set ${others.map((c) => `${q(c.name)} = excluded.${q(c.name)}`).join(",")}` : "nothing"}`),
    columns as (string | null)[][],
    { prepare: true },
  );
  return result.count;
}

/** Values as texts that PostgreSQL casts to the column's type. */
function pgValue(type: string, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return type === "jsonb" ? JSON.stringify(value) : String(value);
}

export async function dropRows(tx: Sql, name: TableName, keys: (string | number)[][]): Promise<void> {
  const plan = plans[name];
  const columns = plan.primary.map((_, i) => keys.map((k) => String(k[i])));
  await tx.unsafe(
    `delete from "${plan.name}" t using unnest(${plan.primary.map((c, i) => `$${i + 1}::${c.column.getSQLType()}[]`).join(",")}) as k(${plan.primary.map((_, i) => `k${i}`).join(",")}) where ${plan.primary.map((c, i) => `t."${c.name}" = k.k${i}`).join(" and ")}`,
    columns as string[][],
    { prepare: true },
  );
}

const decode = (name: TableName, row: Record<string, unknown>) =>
  Object.fromEntries(
    plans[name].columns.map((c) => [c.key, row[c.name] === null ? null : c.column.mapFromDriverValue(row[c.name])]),
  );
