/** Collects what a group of commands writes. Commands that touch the same run or record share a set: they win or lose together. */
import { hash } from "node:crypto";
import type { Row, TableName, WriteSet } from "@/db/store.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Event } from "@/server/engine/events.ts";
import type { EngineRecord, Plain, Run } from "@/server/engine/model.ts";
import { keyRows, linkRows, recordRow, runRow } from "@/server/engine/rows.ts";
import { emptyTally, type Tally } from "@/server/engine/tally.ts";
import type { RecordRules } from "@/server/engine/world.ts";

/** `gone`: it was taken away; `after` is what its row still holds. */
export type Changed = {
  id: string;
  was: number;
  before: EngineRecord | undefined;
  after: EngineRecord;
  gone?: true;
};
type Rows = Pick<WriteSet, "put" | "drop" | "add">;
type Part = {
  keys: Set<string>;
  commands: string[];
  guards: Map<string, WriteSet["guards"][number]>;
  events: Event[];
  put: Map<TableName, Map<string, unknown>>;
  drop: Map<TableName, Map<string, (string | number)[]>>;
  add: Tally;
};
/** What one command writes of one run and no record: most sets are no more than that, and need no merging. */
type Single = { command: string; set: WriteSet };

export type Batch = ReturnType<typeof newBatch>;

export function newBatch(workspaceId: string) {
  const parts = new Set<Part | Single>();
  const partOf = new Map<string, Part | Single>();

  /** A part that others can join: a single one takes this form when a second command comes to it. */
  function joinable(key: string): Part | null {
    const found = partOf.get(key);
    if (!found || "keys" in found) return found ?? null;
    const part = newPart();
    parts.delete(found);
    parts.add(part);
    part.keys.add(key);
    partOf.set(key, part);
    put(part, found.command, found.set);
    return part;
  }

  /** The one part of all these keys; parts that had some of them become one. */
  function join(keys: string[]): Part {
    const touching = [...new Set(keys.flatMap((k) => joinable(k) ?? []))];
    const part = touching[0] ?? newPart();
    parts.add(part);
    for (const other of touching.slice(1)) {
      parts.delete(other);
      absorb(part, other);
    }
    for (const key of [...keys, ...part.keys]) {
      part.keys.add(key);
      partOf.set(key, part);
    }
    return part;
  }

  return {
    /** What `command` writes. Sets that guard one run or record become one: they win or lose together. */
    add(command: RunCommand, set: WriteSet): void {
      const keys = set.guards.flatMap(({ table, id }) =>
        table === "run" || table === "record" ? [`${table}/${id}`] : [],
      );
      if (keys.length === 1 && command.type !== "undoWork" && !partOf.has(keys[0]!)) {
        const single = { command: command.id, set };
        parts.add(single);
        partOf.set(keys[0]!, single);
      } else put(join(keys), command.id, set);
    },
    /** The sets, and which set each command's writes are in. */
    sets(): { sets: WriteSet[]; setOf: Map<string, number> } {
      const setOf = new Map<string, number>();
      const sets = [...parts].map((part, i): WriteSet => {
        if (!("keys" in part)) {
          setOf.set(part.command, i);
          return part.set;
        }
        for (const id of part.commands) setOf.set(id, i);
        return {
          workspaceId,
          guards: [...part.guards.values()],
          events: part.events,
          put: Object.fromEntries([...part.put].map(([table, rows]) => [table, [...rows.values()]])) as WriteSet["put"],
          drop: Object.fromEntries(
            [...part.drop].map(([table, keys]) => [table, [...keys.values()]]),
          ) as WriteSet["drop"],
          add: part.add,
        };
      });
      return { sets, setOf };
    },
  };
}

/** What one command writes: the run, the records it changed, their rows and facts. */
export function setOf(
  command: RunCommand,
  before: Run | null,
  run: Run,
  events: Event[],
  rows: Rows,
  changed: Changed[],
  model: RecordRules,
  /** null where none is kept; see keepsReceipt */
  receipt: { body: string; answer: Plain } | null,
): WriteSet {
  const { workspaceId } = command;
  const guards: WriteSet["guards"] = [
    { table: "run", id: run.id, was: before?.rev ?? 0 },
    ...changed.map(({ id, was }) => ({ table: "record" as const, id, was })),
    ...turnGuards(rows.put.pick),
  ];
  // What is taken back must not be on its way already.
  if (command.type === "undoWork") for (const id of command.leaving ?? []) guards.push({ table: "job", id, was: 0 });
  const put: WriteSet["put"] = { ...rows.put, run: [runRow(run)] };
  if (receipt) {
    const answer = { ok: true, value: receipt.answer, seq: 0 };
    put.receipt = [{ workspaceId, commandId: command.id, body: receipt.body, answer, at: command.at }];
  }
  const { add = {} } = rows;
  if (changed.length === 0) return { workspaceId, guards, events, put, drop: rows.drop, add };
  const stay = changed.filter(({ gone }) => !gone);
  put.record = changed.map(({ after, gone }) => {
    const row = recordRow(workspaceId, after, model, run.lastAt);
    return gone ? { ...row, externalId: null, deletedAt: row.updatedAt } : row;
  });
  put.recordLink = stay.flatMap((c) => linkRows(workspaceId, c.after, model));
  put.recordKey = stay.flatMap((c) => keyRows(workspaceId, c.after, model));
  return { workspaceId, guards, events, put, drop: { ...rows.drop, ...goneRows(workspaceId, changed, model) }, add };
}

const newPart = (): Part => ({
  keys: new Set(),
  commands: [],
  guards: new Map(),
  events: [],
  put: new Map(),
  drop: new Map(),
  add: emptyTally(),
});

/** Two servers that hand work out of one queue at the same moment must not give the same turn: the second decides again. */
function turnGuards(picks: Iterable<Row<"pick">> = []): WriteSet["guards"] {
  const first = new Map<string, number>();
  for (const { queue, turn } of picks) {
    if (queue && typeof turn === "number") first.set(queue, Math.min(first.get(queue) ?? turn, turn));
  }
  return [...first].map(([id, turn]) => ({ table: "turn" as const, id, was: turn - 1 }));
}

function put(part: Part, command: string, set: WriteSet): void {
  part.commands.push(command);
  for (const own of set.guards) guard(part, own);
  part.events.push(...set.events);
  merge(part, set);
}

function guard(part: Part, own: WriteSet["guards"][number]): void {
  const key = `${own.table}/${own.id}`;
  if (!part.guards.has(key)) part.guards.set(key, own);
}

function absorb(part: Part, other: Part): void {
  for (const own of other.guards.values()) guard(part, own);
  part.events.push(...other.events);
  part.commands.push(...other.commands);
  for (const key of other.keys) part.keys.add(key);
  for (const [table, rows] of other.put) for (const [key, row] of rows) putOne(part, table, key, row);
  merge(part, { put: {}, drop: {}, add: other.add });
  for (const [table, keys] of other.drop) for (const [key, value] of keys) dropOne(part, table, key, value);
}

/** Later rows win: a put takes a drop of the same key back, and the other way round. */
function merge(part: Part, rows: Rows): void {
  for (const [table, keys] of Object.entries(rows.drop) as [TableName, (string | number)[][]][])
    for (const key of keys) dropOne(part, table, key.join("\u0000"), key);
  for (const [table, list] of Object.entries(rows.put) as [TableName, Row<TableName>[]][])
    for (const row of list) putOne(part, table, keyOf(table, row as Record<string, unknown>), row);
  part.add.stepDay.push(...(rows.add?.stepDay ?? []));
  part.add.stepTime.push(...(rows.add?.stepTime ?? []));
}

function putOne(part: Part, table: TableName, key: string, row: unknown): void {
  part.drop.get(table)?.delete(key);
  const rows = part.put.get(table) ?? new Map<string, unknown>();
  rows.set(key, row);
  part.put.set(table, rows);
}

function dropOne(part: Part, table: TableName, key: string, value: (string | number)[]): void {
  part.put.get(table)?.delete(key);
  const keys = part.drop.get(table) ?? new Map<string, (string | number)[]>();
  keys.set(key, value);
  part.drop.set(table, keys);
}

/** Primary keys in table order, of the tables that commands of runs write. */
const primary: Partial<Record<TableName, string[]>> = {
  run: ["workspaceId", "id"],
  record: ["workspaceId", "id"],
  recordLink: ["workspaceId", "fromId", "field"],
  recordKey: ["workspaceId", "key", "recordId"],
  receipt: ["workspaceId", "commandId"],
  stepVisit: ["workspaceId", "runId", "visit"],
  workItem: ["workspaceId", "runId", "work"],
  slaClock: ["workspaceId", "runId", "clock"],
  incident: ["workspaceId", "runId", "incident"],
  tableHit: ["workspaceId", "runId", "no"],
  pick: ["workspaceId", "runId", "no"],
  job: ["id"],
  runLink: ["workspaceId", "recordId", "runId"],
  notice: ["workspaceId", "id"],
};
function keyOf(table: TableName, row: Record<string, unknown>): string {
  const columns = primary[table];
  if (!columns) throw new Error(`no primary key is known for ${table}`);
  let key = "";
  for (const column of columns) key += `${key && "\u0000"}${String(row[column])}`;
  return key;
}

/** Links and keys that a changed record had and has no more. */
export function goneRows(workspaceId: string, changed: Changed[], model: RecordRules): WriteSet["drop"] {
  const links: string[][] = [];
  const keys: string[][] = [];
  for (const { before, after, gone } of changed) {
    if (!before) continue;
    const fields = new Set(gone ? [] : linkRows(workspaceId, after, model).map((l) => l.field));
    for (const link of linkRows(workspaceId, before, model))
      if (!fields.has(link.field)) links.push([workspaceId, link.fromId, link.field]);
    const now = new Set(gone ? [] : model.matchKeys(after.type, after.values));
    for (const key of model.matchKeys(before.type, before.values))
      if (!now.has(key)) keys.push([workspaceId, key, after.id]);
  }
  return { recordLink: links, recordKey: keys };
}

/**
 * Whether a second time must be told from the first by its receipt: what people ask, and news for a run, which could find it
 * waiting for the same news again, or lead to a second incident. Every other command of the system is told by what it finds (a timer that is gone).
 */
export const keepsReceipt = ({ actor, type }: RunCommand): boolean =>
  actor.kind === "member" || actor.kind === "api" || type === "recordChanged" || type === "effectAnswered";

/** What a command asks for, without when and without what was looked up for it: a retry with the same id must ask the same. */
export function bodyHash(command: RunCommand): string {
  const { at: _at, ...body } = command;
  const asked = body.type === "startRun" ? { ...body, version: null, trigger: body.trigger.event } : body;
  return hash("sha256", JSON.stringify(asked), "hex");
}
