/** How what is in each step stands against its clocks. */
import { and, eq, isNull } from "drizzle-orm";
import type { Store } from "../store.ts";

export type StepState = "breached" | "blocked" | "paused" | "at_risk" | "on_track";
const order: readonly StepState[] = ["breached", "blocked", "at_risk", "paused", "on_track"];

/** By step: the worst state of anything in it, and how many are in that state. Index `visit_open`. */
export async function worstStates(
  { read, t }: Store,
  workspaceId: string,
  process: string,
  now: number,
): Promise<Record<string, { state: StepState; n: number }>> {
  const rows = await read
    .select({
      node: t.stepVisit.node,
      pausedAt: t.stepVisit.pausedAt,
      breachedAt: t.stepVisit.breachedAt,
      dueAt: t.stepVisit.dueAt,
      atRiskAt: t.workItem.atRiskAt,
      blockedReason: t.workItem.blockedReason,
    })
    .from(t.stepVisit)
    .leftJoin(
      t.workItem,
      and(
        eq(t.workItem.workspaceId, t.stepVisit.workspaceId),
        eq(t.workItem.runId, t.stepVisit.runId),
        eq(t.workItem.visit, t.stepVisit.visit),
        isNull(t.workItem.completedAt),
      ),
    )
    .where(and(eq(t.stepVisit.workspaceId, workspaceId), eq(t.stepVisit.process, process), isNull(t.stepVisit.leftAt)));
  const worst: Record<string, { state: StepState; n: number }> = {};
  for (const row of rows) {
    const late = row.breachedAt !== null || (row.dueAt !== null && row.dueAt < now);
    if (!late && row.pausedAt === null && row.dueAt === null) continue; // no clock, nothing to say
    const state: StepState = late
      ? "breached"
      : row.blockedReason !== null
        ? "blocked"
        : row.pausedAt !== null
          ? "paused"
          : row.atRiskAt !== null && row.atRiskAt <= now
            ? "at_risk"
            : "on_track";
    const known = worst[row.node];
    if (known?.state === state) known.n++;
    else if (!known || order.indexOf(state) < order.indexOf(known.state)) worst[row.node] = { state, n: 1 };
  }
  return worst;
}
