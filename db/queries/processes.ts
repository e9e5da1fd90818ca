/** What the screens of a process read besides its document. */
import { and, count, eq, isNull } from "drizzle-orm";
import type { Store } from "../store.ts";

/** How many records are in each step now, all versions together. Index `visit_open`. */
export async function openVisitsByNode(
  { read, t }: Store,
  workspaceId: string,
  process: string,
): Promise<Record<string, number>> {
  const rows = await read
    .select({ node: t.stepVisit.node, n: count() })
    .from(t.stepVisit)
    .where(and(eq(t.stepVisit.workspaceId, workspaceId), eq(t.stepVisit.process, process), isNull(t.stepVisit.leftAt)))
    .groupBy(t.stepVisit.node);
  return Object.fromEntries(rows.map((row) => [row.node, Number(row.n)]));
}

/** Who has a draft of it, and how it looks. */
export async function draftsOfProcess({ read, t }: Store, workspaceId: string, processId: string) {
  return read
    .select({ memberId: t.draft.memberId, savedAt: t.draft.savedAt, document: t.draft.document })
    .from(t.draft)
    .where(and(eq(t.draft.workspaceId, workspaceId), eq(t.draft.processId, processId)));
}
