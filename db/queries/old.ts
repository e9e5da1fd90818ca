/** What is older than it need be, page by page along the primary key: no index of its own slows every command down for it. */
import { and, asc, eq, gt, inArray, lt } from "drizzle-orm";
import type { Row, Store } from "../store.ts";

type Page = { workspaceId: string; after: string; before: number; limit: number };

export async function workspaceIds({ read, t }: Store): Promise<string[]> {
  return (await read.select({ id: t.workspace.id }).from(t.workspace)).map(({ id }) => id);
}

/** Of the next `limit` receipts, those of before an instant; `last`: where to go on, null at the end. */
export async function receiptsBefore(
  { read, t }: Store,
  { workspaceId, after, before, limit }: Page,
): Promise<{ ids: string[]; last: string | null }> {
  const rows = await read
    .select({ id: t.receipt.commandId, at: t.receipt.at })
    .from(t.receipt)
    .where(and(eq(t.receipt.workspaceId, workspaceId), gt(t.receipt.commandId, after)))
    .orderBy(asc(t.receipt.commandId))
    .limit(limit);
  const ids = rows.filter(({ at }) => at < before).map(({ id }) => id);
  return { ids, last: rows.length === limit ? rows.at(-1)!.id : null };
}

/** Messages that came in before an instant, `limit` of them after an id. */
export async function messagesBefore(
  { read, t }: Store,
  { workspaceId, after, before, limit }: Page,
): Promise<Row<"webhookReceipt">[]> {
  const { webhookReceipt: one } = t;
  return read
    .select()
    .from(one)
    .where(and(eq(one.workspaceId, workspaceId), gt(one.id, after), lt(one.at, before)))
    .orderBy(asc(one.id))
    .limit(limit);
}

/** Which of these jobs are still there, given up or not. */
export async function livingJobs(
  { read, t }: Store,
  workspaceId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await read
    .select({ id: t.job.id })
    .from(t.job)
    .where(and(eq(t.job.workspaceId, workspaceId), inArray(t.job.id, [...ids])));
  return new Set(rows.map(({ id }) => id));
}
