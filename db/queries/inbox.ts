/** What the inbox shows: a person's open work and what waits unassigned in the queues they take from. */
import { and, asc, desc, eq, gte, inArray, isNull, or } from "drizzle-orm";
import type { Row, Store } from "../store.ts";

export type InboxItem = Row<"workItem"> & { recordTitle: string; recordAmount: number | null };

/** Open work of the person, and unassigned work of the roles they have. Indexes `work_mine` and `work_queue`. */
export async function openWork(
  { read, t }: Store,
  workspaceId: string,
  memberId: string,
  roles: readonly string[],
): Promise<InboxItem[]> {
  const rows = await read
    .select({ item: t.workItem, title: t.record.title, amount: t.record.amount })
    .from(t.workItem)
    .innerJoin(t.record, and(eq(t.record.workspaceId, t.workItem.workspaceId), eq(t.record.id, t.workItem.recordId)))
    .where(
      and(
        eq(t.workItem.workspaceId, workspaceId),
        isNull(t.workItem.completedAt),
        or(
          eq(t.workItem.assignee, memberId),
          roles.length ? and(isNull(t.workItem.assignee), inArray(t.workItem.role, [...roles])) : undefined,
        ),
      ),
    )
    .orderBy(asc(t.workItem.offeredAt))
    .limit(2000);
  return rows.map(({ item, title, amount }) => ({ ...item, recordTitle: title, recordAmount: amount }));
}

/** What the person finished since then, newest first. Index `work_done`. */
export async function doneWork(
  { read, t }: Store,
  workspaceId: string,
  memberId: string,
  since: number,
): Promise<InboxItem[]> {
  const rows = await read
    .select({ item: t.workItem, title: t.record.title, amount: t.record.amount })
    .from(t.workItem)
    .innerJoin(t.record, and(eq(t.record.workspaceId, t.workItem.workspaceId), eq(t.record.id, t.workItem.recordId)))
    .where(
      and(
        eq(t.workItem.workspaceId, workspaceId),
        eq(t.workItem.completedBy, memberId),
        gte(t.workItem.completedAt, since),
      ),
    )
    .orderBy(desc(t.workItem.completedAt))
    .limit(200);
  return rows.map(({ item, title, amount }) => ({ ...item, recordTitle: title, recordAmount: amount }));
}

/** One task, whoever has it and whether or not it is done: the second of two people is told who and when. */
export async function findWork(
  { read, t }: Store,
  workspaceId: string,
  runId: string,
  work: string,
): Promise<Row<"workItem"> | null> {
  const [row] = await read
    .select()
    .from(t.workItem)
    .where(and(eq(t.workItem.workspaceId, workspaceId), eq(t.workItem.runId, runId), eq(t.workItem.work, work)));
  return row ?? null;
}

/** Clocks of these runs that are still counting or paused. Key `sla_clock` (workspace, run, clock). */
export async function openClocks(
  { read, t }: Store,
  workspaceId: string,
  runIds: readonly string[],
): Promise<Row<"slaClock">[]> {
  if (runIds.length === 0) return [];
  return read
    .select()
    .from(t.slaClock)
    .where(
      and(
        eq(t.slaClock.workspaceId, workspaceId),
        inArray(t.slaClock.runId, [...new Set(runIds)]),
        isNull(t.slaClock.stoppedAt),
      ),
    );
}
