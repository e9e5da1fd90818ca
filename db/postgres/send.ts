/** What a transaction sends of write sets, one statement after the other without waiting for an answer between. */
import { adding, counterNames } from "../adding.ts";
import type { chain } from "../chain.ts";
import { tables } from "../schema.postgres.ts";
import type { Change, TableName, WriteSet } from "../store.ts";
import type { Sql } from "./connections.ts";
import { clearRows, dropRows, type Head, latest, putRows } from "./statements.ts";

export const moveHead = (tx: Sql, workspaceId: string, { seq, hash }: Head): Promise<unknown> =>
  tx("update log_head set seq = $2, hash = $3 where workspace_id = $1", [workspaceId, seq, hash]);

/** Sends what all these sets clear, drop and put, table by table. */
export function putSets(tx: Sql, sets: readonly WriteSet[], but: readonly TableName[] = []): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  // The log's head stays, as whoever waits for its turn waits for that row.
  for (const { workspaceId, clear = [] } of sets)
    for (const name of clear) if (name !== "logHead") sent.push(clearRows(tx, name, workspaceId));
  for (const name of Object.keys(tables) as TableName[]) {
    if (but.includes(name)) continue;
    const keys = sets.flatMap((s) => s.drop[name] ?? []);
    if (keys.length) sent.push(dropRows(tx, name, keys));
    const rows = latest(
      name,
      sets.flatMap((s) => (s.put[name] ?? []) as Record<string, unknown>[]),
    );
    if (rows.length) sent.push(putRows(tx, name, rows));
  }
  return sent;
}

/** Sends what the counters grow by. */
export function addSets(tx: Sql, sets: readonly WriteSet[]): Promise<unknown>[] {
  const counters = adding();
  for (const { add } of sets) counters.add(add);
  return counterNames.flatMap((name) => {
    const rows = counters.rows(name);
    return rows.length ? [putRows(tx, name, rows, "add")] : [];
  });
}

/** What listeners are told of each workspace. */
export const changesOf = (
  sets: readonly WriteSet[],
  chains: readonly { workspaceId: string; rows: ReturnType<typeof chain>["rows"] }[],
): Change[] =>
  [...new Set(sets.map((s) => s.workspaceId))].map((workspaceId) => {
    const rows = chains.find((chained) => chained.workspaceId === workspaceId)?.rows ?? [];
    const dues = sets
      .filter((s) => s.workspaceId === workspaceId)
      .flatMap((s) => (s.put.job ?? []).map((j) => j.dueAt));
    return {
      workspaceId,
      seq: rows.at(-1)?.seq ?? 0,
      types: [...new Set(rows.map((r) => r.type))],
      jobsDue: dues.length ? Math.min(...dues) : null,
    };
  });

export const notify = (tx: Sql, change: Change): Promise<unknown> =>
  tx("select pg_notify('millrace', $1)", [JSON.stringify(change)]);
