/** Batches over runs: what was ordered, how far it is, and what came of each run. */
import { and, asc, count, desc, eq, gt, max } from "drizzle-orm";
import type { Row, Store } from "../store.ts";

export async function findBatch({ read, t }: Store, workspaceId: string, id: string): Promise<Row<"batch"> | null> {
  const [row] = await read
    .select()
    .from(t.batch)
    .where(and(eq(t.batch.workspaceId, workspaceId), eq(t.batch.id, id)));
  return row ?? null;
}

/** Newest first. Index `batch_list`. */
export async function listBatches({ read, t }: Store, workspaceId: string, limit: number): Promise<Row<"batch">[]> {
  return read
    .select()
    .from(t.batch)
    .where(eq(t.batch.workspaceId, workspaceId))
    .orderBy(desc(t.batch.createdAt), desc(t.batch.id))
    .limit(limit);
}

export type BatchCounts = { total: number; waiting: number; done: number; skipped: number; refused: number };

/** How many items of a batch stand how. Index `batch_item_status`. */
export async function batchCounts({ read, t }: Store, workspaceId: string, batchId: string): Promise<BatchCounts> {
  const rows = await read
    .select({ status: t.batchItem.status, n: count() })
    .from(t.batchItem)
    .where(and(eq(t.batchItem.workspaceId, workspaceId), eq(t.batchItem.batchId, batchId)))
    .groupBy(t.batchItem.status);
  const counts: BatchCounts = { total: 0, waiting: 0, done: 0, skipped: 0, refused: 0 };
  for (const { status, n } of rows) {
    counts[status] += Number(n);
    counts.total += Number(n);
  }
  return counts;
}

/** The next items that are not done yet, in the order of their runs' ids. Index `batch_item_status`. */
export async function waitingItems(
  { read, t }: Store,
  workspaceId: string,
  batchId: string,
  limit: number,
): Promise<Row<"batchItem">[]> {
  return read
    .select()
    .from(t.batchItem)
    .where(
      and(
        eq(t.batchItem.workspaceId, workspaceId),
        eq(t.batchItem.batchId, batchId),
        eq(t.batchItem.status, "waiting"),
      ),
    )
    .orderBy(asc(t.batchItem.runId))
    .limit(limit);
}

/** The run that was written down last; empty when none was. */
export async function lastGathered({ read, t }: Store, workspaceId: string, batchId: string): Promise<string> {
  const [row] = await read
    .select({ last: max(t.batchItem.runId) })
    .from(t.batchItem)
    .where(and(eq(t.batchItem.workspaceId, workspaceId), eq(t.batchItem.batchId, batchId)));
  return row?.last ?? "";
}

/** Why runs were skipped or refused, and how many of each. */
export async function batchReasons({ read, t }: Store, workspaceId: string, batchId: string) {
  const rows = await read
    .select({ status: t.batchItem.status, text: t.batchItem.text, n: count() })
    .from(t.batchItem)
    .where(and(eq(t.batchItem.workspaceId, workspaceId), eq(t.batchItem.batchId, batchId)))
    .groupBy(t.batchItem.status, t.batchItem.text)
    .orderBy(desc(count()))
    .limit(100);
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

/** One page of a batch's items with the records they are about, by run id. */
export async function itemsOfBatch(
  { read, t }: Store,
  workspaceId: string,
  batchId: string,
  page: { status?: Row<"batchItem">["status"] | undefined; after: string; limit: number },
) {
  return read
    .select({
      runId: t.batchItem.runId,
      status: t.batchItem.status,
      text: t.batchItem.text,
      at: t.batchItem.at,
      recordId: t.run.recordId,
      title: t.record.title,
    })
    .from(t.batchItem)
    .leftJoin(t.run, and(eq(t.run.workspaceId, t.batchItem.workspaceId), eq(t.run.id, t.batchItem.runId)))
    .leftJoin(t.record, and(eq(t.record.workspaceId, t.run.workspaceId), eq(t.record.id, t.run.recordId)))
    .where(
      and(
        eq(t.batchItem.workspaceId, workspaceId),
        eq(t.batchItem.batchId, batchId),
        page.status ? eq(t.batchItem.status, page.status) : undefined,
        gt(t.batchItem.runId, page.after),
      ),
    )
    .orderBy(asc(t.batchItem.runId))
    .limit(page.limit);
}
