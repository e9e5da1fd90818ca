/**
 * What is to be written, as one flat list of plain values that costs little to hand to another thread: a code, then what it takes.
 * Values are encoded for the driver where the rows are made; whoever runs the script (`writer.ts`) only binds them.
 */
import { chain, genesis } from "../chain.ts";
import { adding, counterNames } from "../adding.ts";
import { planTable, type TablePlan } from "../columns.ts";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { tables } from "../schema.sqlite.ts";
import type { Row, TableName, WriteSet } from "../store.ts";

export const op = {
  /** `index`: what follows belongs to this set. */
  set: 0,
  /** `workspace, seq, hash`: the log ends here. */
  head: 1,
  /** `kind, was, n, n values`: this row stands at this version (`guardKinds`). */
  guard: 2,
  /** `was, values`: a run that goes on from this revision; guard and row in one. */
  run: 3,
  /** `table, values`: a row, new or in place of the one with its key. */
  put: 4,
  /** `table, key`: a row goes. */
  drop: 5,
  /** The columns of `appendEvent`. */
  event: 6,
  /** `table, values`: the row of that key grows by these. */
  add: 7,
  /** `table, workspace`: all of its rows go. */
  clear: 8,
} as const;

export type Value = string | number | bigint | Uint8Array | null;
export type Script = Value[];
export type Head = { seq: number; hash: string };

export const guardKinds = [
  "run",
  "record",
  "draft",
  "turn",
  "job",
  "importJob",
] as const satisfies WriteSet["guards"][0]["table"][];
export const eventColumns = 12;

function tablePlans(): Record<TableName, TablePlan> {
  const primaryOf = (table: SQLiteTable) => {
    const config = getTableConfig(table);
    return (
      config.primaryKeys[0]?.columns.map((c) => c.name) ?? config.columns.filter((c) => c.primary).map((c) => c.name)
    );
  };
  return Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [name, planTable<SQLiteTable>(table, primaryOf)]),
  ) as Record<TableName, TablePlan>;
}

/** Both sides count the tables alike. */
export const tableNames = Object.keys(tables) as TableName[];

/** Every table's columns and primary key. */
export const plans = tablePlans();
const numberOf = new Map(tableNames.map((name, i) => [name, i]));

function row(script: Script, name: TableName, values: Record<string, unknown>): void {
  for (const { key, encode } of plans[name].columns) {
    const value = values[key];
    script.push(value === undefined || value === null ? null : ((encode ? encode(value) : value) as Value));
  }
}

/** Writes sets into scripts, each in its turn; the log's events are numbered and chained from the heads on that it is given. */
export function scriptWriter(headOf: (workspaceId: string) => Head) {
  const heads = new Map<string, Head>();
  const events: Row<"event">[] = [];
  let jobsDue: number | null = null;
  const counters = adding();
  return {
    /** The heads after what was written, the events, and when the first of its jobs is due. */
    heads,
    events,
    jobsDue: () => jobsDue,
    set(script: Script, index: number, set: WriteSet): void {
      const { workspaceId, guards, put, drop } = set;
      script.push(op.set, index);
      const run = put.run?.[0];
      const guard = guards[0];
      // Most sets change one run and nothing else that is guarded.
      const goesOn =
        guards.length === 1 && put.run?.length === 1 && guard?.table === "run" && guard.id === run?.id && guard.was > 0;
      if (goesOn) {
        script.push(op.run, guard.was);
        row(script, "run", run!);
      } else
        for (const { table, id, was } of guards) {
          const key = [workspaceId, ...id.split("\u0000")];
          script.push(op.guard, guardKinds.indexOf(table), was, key.length, ...key);
        }
      for (const name of set.clear ?? []) script.push(op.clear, numberOf.get(name)!, workspaceId);
      if (set.clear?.includes("logHead")) heads.set(workspaceId, { seq: 0, hash: genesis });
      // Drops come first, as on PostgreSQL: what is put may take the place of what goes.
      for (const name in drop)
        for (const key of drop[name as TableName] ?? []) script.push(op.drop, numberOf.get(name as TableName)!, ...key);
      for (const name in put)
        if (name !== "run" || !goesOn)
          for (const values of put[name as TableName] ?? []) {
            script.push(op.put, numberOf.get(name as TableName)!);
            row(script, name as TableName, values);
          }
      counters.add(set.add);
      for (const { dueAt } of put.job ?? []) jobsDue = Math.min(jobsDue ?? dueAt, dueAt);
      if (set.events.length === 0) return;
      let head = heads.get(workspaceId);
      if (!head) {
        head = headOf(workspaceId);
        script.push(op.head, workspaceId, head.seq, head.hash);
      }
      const chained = chain(workspaceId, head, set.events);
      for (const [i, event] of chained.rows.entries()) {
        const { seq, streamKind, streamId, version, type, at, due, cause, hash } = event;
        const { actor, data } = chained.said[i]!;
        script.push(op.event, workspaceId, seq, streamKind, streamId, version, type, at, due ?? null);
        script.push(actor, cause ?? null, data, hash);
        events.push(event);
      }
      heads.set(workspaceId, chained.head);
    },
    /** What comes last: what the counters grow by, and where the logs end now. */
    end(script: Script): void {
      for (const name of counterNames)
        for (const values of counters.rows(name)) {
          script.push(op.add, numberOf.get(name)!);
          row(script, name, values);
        }
      for (const [workspaceId, head] of heads) {
        script.push(op.put, numberOf.get("logHead")!);
        row(script, "logHead", { workspaceId, ...head });
      }
    },
  };
}
