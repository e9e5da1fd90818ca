/** The statements of a write: guards, heads, and rows put and dropped as arrays, one statement a table. */
import type { Table } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import { type chain, genesis } from "../chain.ts";
import { planTable, type TablePlan } from "../columns.ts";
import { tables } from "../schema.postgres.ts";
import type { Row, TableName, WriteSet } from "../store.ts";
import type { Sql } from "./connections.ts";

const guardKeys = {
  run: { version: "rev", keys: ["workspace_id", "id"] },
  record: { version: "version", keys: ["workspace_id", "id"] },
  draft: { version: "revision", keys: ["workspace_id", "process_id", "member_id"] },
  job: { version: "lease", keys: ["workspace_id", "id"] },
  importJob: { version: "lease", keys: ["workspace_id", "id"] },
} as const;

/** The workspace's head, made if there is none yet, locked until the commit. */
export async function headOf(tx: Sql, workspaceId: string): Promise<Head> {
  const [, head] = await Promise.all([
    tx("insert into log_head (workspace_id, seq, hash) values ($1, 0, $2) on conflict do nothing", [
      workspaceId,
      genesis,
    ]),
    lockHead(tx, workspaceId),
  ]);
  return head!;
}

/** The workspace's head, locked until the commit, if there is one. */
export async function lockHead(tx: Sql, workspaceId: string): Promise<Head | undefined> {
  const { rows } = await tx<Head>("select seq, hash from log_head where workspace_id = $1 for update", [workspaceId]);
  return rows[0];
}

/** How far a workspace's log goes: the number and the hash of its newest fact. */
export type Head = { seq: number; hash: string };

/**
 * Indexes of the sets whose guards do not hold. First the rows that are there are locked in key order, then queues whose turns are
 * given; what is to be born comes last, so that nothing of a set is written that another of its guards refuses.
 */
export async function guard(tx: Sql, sets: readonly WriteSet[]): Promise<Set<number>> {
  const lost = new Set<number>();
  const births: Birth[] = [];
  for (const table of ["draft", "importJob", "record", "run", "job"] as const) {
    const asked = sets.flatMap((set, index) =>
      set.guards
        .filter((g) => g.table === table)
        .map((g) => ({ index, was: g.was, key: [set.workspaceId, ...g.id.split("\u0000")] })),
    );
    if (asked.length === 0) continue;
    const { keys, version } = guardKeys[table];
    const columns = keys.map((_, i) => asked.map((a) => a.key[i]!));
    const { rows: found } = await tx(
      `select t.${version} v, ${keys.map((k) => `t.${k}`).join(", ")} from "${plans[table].name}" t join (select distinct * from unnest(${keys.map((_, i) => `$${i + 1}::text[]`).join(", ")}) as k(${keys.join(", ")})) k using (${keys.join(", ")}) order by ${keys.map((k) => `t.${k}`).join(", ")} for update of t`,
      columns,
    );
    const versions = new Map(found.map((row) => [keys.map((k) => String(row[k])).join("\u0000"), Number(row.v)]));
    // A job that is gone was done; of the others nothing is what there was before the first version.
    const absent = table === "job" || table === "importJob" ? null : 0;
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
async function bear(tx: Sql, sets: readonly WriteSet[], births: readonly Birth[], lost: Set<number>): Promise<void> {
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
async function guardTurns(tx: Sql, sets: readonly WriteSet[], lost: Set<number>): Promise<void> {
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
  const [, { rows: found }] = await Promise.all([
    tx(`select pg_advisory_xact_lock(hashtextextended(k, ${turnLock})) from unnest($1::text[]) k`, [queues.map(keyOf)]),
    // Sent after it, it sees what was committed by the time it has the lock.
    tx<{ workspace_id: string; queue: string; turn: number | null }>(
      `select k.workspace_id, k.queue, (select max(turn) from pick p
        where p.workspace_id = k.workspace_id and p.queue = k.queue and p.turn is not null) turn
      from unnest($1::text[], $2::text[]) k(workspace_id, queue)`,
      [queues.map((q) => q.workspaceId), queues.map((q) => q.queue)],
    ),
  ]);
  const given = new Map(
    found.map((row) => [keyOf({ workspaceId: row.workspace_id, queue: row.queue }), row.turn ?? 0]),
  );
  for (const one of asked) if ((given.get(keyOf(one)) ?? 0) > one.was) lost.add(one.index);
}

export const plans = Object.fromEntries(
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
export const latest = (name: TableName, rows: Record<string, unknown>[]) => [
  ...new Map(rows.map((row) => [keyOf(name, row), row])).values(),
];

/** The statement that puts rows of a table, one array a column, and the types of its columns. */
type Put = { text: string; types: string[] };
/** What becomes of a row that is there: it is replaced, left, or grows by the new one's columns. */
type OnConflict = "update" | "nothing" | "add";
const puts = new Map<string, Put>();
function putOf(name: TableName, conflict: OnConflict): Put {
  const known = puts.get(`${name} ${conflict}`);
  if (known) return known;
  const plan = plans[name];
  const others = plan.columns.filter((c) => !plan.primary.includes(c));
  const q = (n: string) => `"${n}"`;
  const kinds = plan.columns.map((c) => c.column.getSQLType());
  // jsonb and boolean columns travel as text: an array of JSON arrays would be read as a matrix.
  const types = kinds.map((kind) => (kind === "jsonb" || kind === "boolean" ? "text" : kind));
  const text =
    `insert into ${q(plan.name)} (${plan.columns.map((c) => q(c.name)).join(",")}) select ${kinds.map((kind, i) => (types[i] === kind ? `c${i}` : `c${i}::${kind}`)).join(",")} from unnest(${types.map((t, i) => `$${i + 1}::${t}[]`).join(",")}) as u(${plan.columns.map((_, i) => `c${i}`).join(",")})` +
    (name === "event"
      ? ""
      : ` on conflict (${plan.primary.map((c) => q(c.name)).join(",")}) do ${conflict !== "nothing" && others.length ? `update set ${others.map((c) => `${q(c.name)} = ${conflict === "add" ? `${q(plan.name)}.${q(c.name)} + ` : ""}excluded.${q(c.name)}`).join(",")}` : "nothing"}`);
  const put = { text, types: kinds };
  puts.set(`${name} ${conflict}`, put);
  return put;
}

/** One insert over arrays, prepared once a connection. Returns how many rows were written. */
export async function putRows(
  tx: Sql,
  name: TableName,
  rows: readonly Record<string, unknown>[],
  conflict: OnConflict = "update",
): Promise<number> {
  const { text, types } = putOf(name, conflict);
  const columns = plans[name].columns.map(({ key }, i) => rows.map((row) => pgValue(types[i]!, row[key])));
  return (await tx(text, columns)).count;
}

/** Writes runs that go on from the revisions that `guards` name, each run with its own, and says whether every one was still there. */
export async function goOnRuns(
  tx: Sql,
  runs: readonly Row<"run">[],
  guards: readonly WriteSet["guards"][number][],
): Promise<boolean> {
  if (runs.length === 0) return true;
  const { types } = putOf("run", "update");
  const plan = plans.run;
  const was = new Map(guards.map((guard) => [guard.id, guard.was]));
  const columns = plan.columns.map(({ key }, i) => runs.map((run) => pgValue(types[i]!, run[key as keyof Row<"run">])));
  const { count } = await tx(goOn, [...columns, runs.map(({ id }) => String(was.get(id)))]);
  return count === runs.length;
}

/** As in `putOf`: jsonb travels as text. */
const goOn = ((plan) => {
  const kinds = plan.columns.map((c) => c.column.getSQLType());
  const cast = (i: number) => (kinds[i] === "jsonb" ? `u.c${i}::jsonb` : `u.c${i}`);
  const given = [...kinds.map((kind) => (kind === "jsonb" ? "text" : kind)), "integer"];
  const set = plan.columns.flatMap((column, i) =>
    plan.primary.includes(column) ? [] : [`"${column.name}" = ${cast(i)}`],
  );
  const key = plan.columns.flatMap((column, i) =>
    plan.primary.includes(column) ? [`t."${column.name}" = u.c${i}`] : [],
  );
  return `update "${plan.name}" t set ${set.join(", ")} from unnest(${given.map((type, i) => `$${i + 1}::${type}[]`).join(", ")}) as u(${given.map((_, i) => `c${i}`).join(", ")}) where ${key.join(" and ")} and t.rev = u.c${kinds.length}`;
})(plans.run);

/** New events, with what they say as the text that was hashed. */
export async function putEvents(tx: Sql, { rows, said }: ReturnType<typeof chain>): Promise<void> {
  const { text, types } = putOf("event", "nothing");
  const columns = plans.event.columns.map(({ key }, i) =>
    key === "data" || key === "actor"
      ? said.map((one) => one[key])
      : rows.map((row) => pgValue(types[i]!, row[key as keyof typeof row])),
  );
  await tx(text, columns);
}

/** Values as texts that PostgreSQL casts to the column's type. */
function pgValue(type: string, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return type === "jsonb" ? JSON.stringify(value) : String(value);
}

export const clearRows = async (tx: Sql, name: TableName, workspaceId: string): Promise<unknown> =>
  tx(`delete from "${plans[name].name}" where workspace_id = $1`, [workspaceId]);

export async function dropRows(tx: Sql, name: TableName, keys: (string | number)[][]): Promise<void> {
  const plan = plans[name];
  const columns = plan.primary.map((_, i) => keys.map((k) => String(k[i])));
  await tx(
    `delete from "${plan.name}" t using unnest(${plan.primary.map((c, i) => `$${i + 1}::${c.column.getSQLType()}[]`).join(",")}) as k(${plan.primary.map((_, i) => `k${i}`).join(",")}) where ${plan.primary.map((c, i) => `t."${c.name}" = k.k${i}`).join(" and ")}`,
    columns,
  );
}
