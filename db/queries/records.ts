/** Lists and single records. */
import { and, asc, count, desc, eq, inArray, isNull, like, or, type SQL } from "drizzle-orm";
import type { Row, Store } from "../store.ts";
import { recordsById } from "./world.ts";

export type RecordFilter = {
  type: string;
  search?: string | undefined;
  ownerId?: string | undefined;
  status?: string | undefined;
  sort?: RecordSort | undefined;
  descending?: boolean | undefined;
};
export type RecordSort = "title" | "amount" | "status" | "createdAt" | "updatedAt" | "ownerId";

const escapeLike = (text: string) => text.replaceAll(/[\\%_]/g, "\\$&");

/** One page of a list, and how many there are in all. `scope`: owners whose records may be seen; null = everybody's. */
export async function listRecords(
  { read, t }: Store,
  workspaceId: string,
  filter: RecordFilter,
  scope: readonly string[] | null,
  page: { offset: number; limit: number },
): Promise<{ rows: Row<"record">[]; total: number }> {
  const columns = {
    title: t.record.title,
    amount: t.record.amount,
    status: t.record.status,
    createdAt: t.record.createdAt,
    updatedAt: t.record.updatedAt,
    ownerId: t.record.ownerId,
  };
  const where: (SQL | undefined)[] = [
    eq(t.record.workspaceId, workspaceId),
    eq(t.record.type, filter.type),
    isNull(t.record.deletedAt),
    filter.search ? like(t.record.search, `%${escapeLike(filter.search)}%`) : undefined,
    filter.ownerId ? eq(t.record.ownerId, filter.ownerId) : undefined,
    filter.status ? eq(t.record.status, filter.status) : undefined,
    scope ? or(inArray(t.record.ownerId, [...scope]), isNull(t.record.ownerId)) : undefined,
  ];
  const column = columns[filter.sort ?? "createdAt"];
  const [{ total } = { total: 0 }] = await read
    .select({ total: count() })
    .from(t.record)
    .where(and(...where));
  const rows = await read
    .select()
    .from(t.record)
    .where(and(...where))
    .orderBy(filter.descending === false ? asc(column) : desc(column), asc(t.record.id))
    .limit(page.limit)
    .offset(page.offset);
  return { rows, total: Number(total) };
}

export async function findRecord(store: Store, workspaceId: string, id: string): Promise<Row<"record"> | null> {
  const [row] = await recordsById(store, { workspaceId, ids: [id] });
  return row ?? null;
}

export async function findRecords(store: Store, workspaceId: string, ids: readonly string[]): Promise<Row<"record">[]> {
  return ids.length ? recordsById(store, { workspaceId, ids }) : [];
}

/** Records that refer to this one, newest first. Index `link_to`. */
export async function referringRecords(
  { read, t }: Store,
  workspaceId: string,
  id: string,
  limit = 50,
): Promise<Row<"record">[]> {
  const rows = await read
    .selectDistinct({ record: t.record })
    .from(t.recordLink)
    .innerJoin(t.record, and(eq(t.record.workspaceId, t.recordLink.workspaceId), eq(t.record.id, t.recordLink.fromId)))
    .where(and(eq(t.recordLink.workspaceId, workspaceId), eq(t.recordLink.toId, id), isNull(t.record.deletedAt)))
    .limit(limit);
  return rows.map((r) => r.record).sort((a, b) => b.createdAt - a.createdAt);
}

export async function recordsByExternalId(
  { read, t }: Store,
  workspaceId: string,
  type: string,
  ids: readonly string[],
): Promise<Row<"record">[]> {
  if (ids.length === 0) return [];
  return read
    .select()
    .from(t.record)
    .where(and(eq(t.record.workspaceId, workspaceId), eq(t.record.type, type), inArray(t.record.externalId, [...ids])));
}

export async function recordsOfType({ read, t }: Store, workspaceId: string, type: string): Promise<Row<"record">[]> {
  return read
    .select()
    .from(t.record)
    .where(and(eq(t.record.workspaceId, workspaceId), eq(t.record.type, type), isNull(t.record.deletedAt)));
}
