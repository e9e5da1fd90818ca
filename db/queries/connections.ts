/** Connections of a workspace and what came in by them. */
import { and, asc, count, desc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import type { Run } from "@/server/engine/model.ts";
import type { Row, Store } from "../store.ts";

export async function connectionsOf({ read, t }: Store, workspaceId: string): Promise<Row<"connection">[]> {
  return read
    .select()
    .from(t.connection)
    .where(eq(t.connection.workspaceId, workspaceId))
    .orderBy(asc(t.connection.name));
}

export async function findConnection(
  { read, t }: Store,
  workspaceId: string,
  id: string,
): Promise<Row<"connection"> | null> {
  const [row] = await read
    .select()
    .from(t.connection)
    .where(and(eq(t.connection.workspaceId, workspaceId), eq(t.connection.id, id)));
  return row ?? null;
}

/** A connection by its id alone, of whichever workspace: a message from outside names no other thing. */
export async function connectionAnywhere({ read, t }: Store, id: string): Promise<Row<"connection"> | null> {
  const [row] = await read.select().from(t.connection).where(eq(t.connection.id, id)).limit(1);
  return row ?? null;
}

/** What came in by a connection, the newest first. Index `receipt_at`. */
export async function receiptsOfConnection(
  { read, t }: Store,
  { workspaceId, id, limit }: { workspaceId: string; id: string; limit: number },
): Promise<Row<"webhookReceipt">[]> {
  return read
    .select()
    .from(t.webhookReceipt)
    .where(and(eq(t.webhookReceipt.workspaceId, workspaceId), eq(t.webhookReceipt.connectionId, id)))
    .orderBy(desc(t.webhookReceipt.at), desc(t.webhookReceipt.id))
    .limit(limit);
}

export async function findReceipt(
  { read, t }: Store,
  workspaceId: string,
  id: string,
): Promise<Row<"webhookReceipt"> | null> {
  const [row] = await read
    .select()
    .from(t.webhookReceipt)
    .where(and(eq(t.webhookReceipt.workspaceId, workspaceId), eq(t.webhookReceipt.id, id)));
  return row ?? null;
}

/** How many messages came by a connection since then. Index `receipt_at`. */
export async function messagesSince(
  { read, t }: Store,
  { workspaceId, id, since }: { workspaceId: string; id: string; since: number },
): Promise<number> {
  const rows = await read
    .select({ n: count() })
    .from(t.webhookReceipt)
    .where(
      and(
        eq(t.webhookReceipt.workspaceId, workspaceId),
        eq(t.webhookReceipt.connectionId, id),
        gt(t.webhookReceipt.at, since),
      ),
    );
  return Number(rows[0]?.n ?? 0);
}

/**
 * Records of a type whose field holds this text, at most `limit`, the oldest first. By id and by the id of the system it came from
 * through an index; any other field is looked for among the type's records.
 */
export async function recordsWhere(
  { read, t }: Store,
  {
    workspaceId,
    type,
    field,
    value,
    limit,
  }: { workspaceId: string; type: string; field: string; value: string; limit: number },
): Promise<Row<"record">[]> {
  const is =
    field === "id"
      ? eq(t.record.id, value)
      : field === "external_id"
        ? eq(t.record.externalId, value)
        : sql`cast(${t.record.values} ->> cast(${field} as text) as text) = ${value}`;
  return read
    .select()
    .from(t.record)
    .where(and(eq(t.record.workspaceId, workspaceId), eq(t.record.type, type), isNull(t.record.deletedAt), is))
    .orderBy(asc(t.record.createdAt))
    .limit(limit);
}

/** Whether a record of this id is or was there: one that was deleted keeps its id. */
export async function isTaken({ read, t }: Store, workspaceId: string, id: string): Promise<boolean> {
  const rows = await read
    .select({ id: t.record.id })
    .from(t.record)
    .where(and(eq(t.record.workspaceId, workspaceId), eq(t.record.id, id)));
  return rows.length > 0;
}

/** Open runs of some processes, the oldest first, so many after `after`. Index `run_open`. */
export async function openRunsOf(
  { read, t }: Store,
  {
    workspaceId,
    processes,
    after,
    limit,
  }: { workspaceId: string; processes: readonly string[]; after: string; limit: number },
): Promise<{ id: string; state: Run }[]> {
  return read
    .select({ id: t.run.id, state: t.run.state })
    .from(t.run)
    .where(
      and(
        eq(t.run.workspaceId, workspaceId),
        inArray(t.run.process, [...processes]),
        isNull(t.run.endedAt),
        gt(t.run.id, after),
      ),
    )
    .orderBy(asc(t.run.id))
    .limit(limit);
}
