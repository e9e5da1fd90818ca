/** The facts a report stands on: visits and clocks that touch a period. */
import { and, eq, gte, inArray, isNull, lt, max, or, sum } from "drizzle-orm";
import type { Row, Store } from "../store.ts";

export type ReportFilter = { process: string; from: number; to: number; versions?: readonly number[] | undefined };

/** Visits that overlap the period: open ones by `visit_open`, ended ones by `visit_left`. */
export async function visitsInPeriod(
  { read, t }: Store,
  workspaceId: string,
  { process, from, to, versions }: ReportFilter,
): Promise<Row<"stepVisit">[]> {
  return read
    .select()
    .from(t.stepVisit)
    .where(
      and(
        eq(t.stepVisit.workspaceId, workspaceId),
        eq(t.stepVisit.process, process),
        lt(t.stepVisit.enteredAt, to),
        or(isNull(t.stepVisit.leftAt), gte(t.stepVisit.leftAt, from)),
        versions?.length ? inArray(t.stepVisit.version, [...versions]) : undefined,
      ),
    );
}

/** Clocks that stopped in the period or still run. */
export async function clocksInPeriod(
  { read, t }: Store,
  workspaceId: string,
  { process, from, to, versions }: ReportFilter,
): Promise<Row<"slaClock">[]> {
  return read
    .select()
    .from(t.slaClock)
    .where(
      and(
        eq(t.slaClock.workspaceId, workspaceId),
        eq(t.slaClock.process, process),
        lt(t.slaClock.startedAt, to),
        or(isNull(t.slaClock.stoppedAt), gte(t.slaClock.stoppedAt, from)),
        versions?.length ? inArray(t.slaClock.version, [...versions]) : undefined,
      ),
    );
}

/** Runs that ended in the period, and those that were open in it. */
export async function runsInPeriod(
  { read, t }: Store,
  workspaceId: string,
  { process, from, to, versions }: ReportFilter,
) {
  return read
    .select({
      id: t.run.id,
      recordId: t.run.recordId,
      version: t.run.version,
      startedAt: t.run.startedAt,
      endedAt: t.run.endedAt,
      outcome: t.run.outcome,
      endNode: t.run.endNode,
      status: t.run.status,
    })
    .from(t.run)
    .where(
      and(
        eq(t.run.workspaceId, workspaceId),
        eq(t.run.process, process),
        lt(t.run.startedAt, to),
        or(isNull(t.run.endedAt), gte(t.run.endedAt, from)),
        versions?.length ? inArray(t.run.version, [...versions]) : undefined,
      ),
    );
}

/** Value at risk in open steps by process. Index `visit_open`. */
export async function valueWaiting({ read, t }: Store, workspaceId: string): Promise<Map<string, number>> {
  const rows = await read
    .select({ process: t.stepVisit.process, value: sum(t.stepVisit.valueAtRisk) })
    .from(t.stepVisit)
    .where(and(eq(t.stepVisit.workspaceId, workspaceId), isNull(t.stepVisit.leftAt)))
    .groupBy(t.stepVisit.process);
  // PostgreSQL gives sums as text.
  return new Map(rows.map((row) => [row.process, Number(row.value ?? 0)]));
}

/** When a run of the process last changed; null when it has none. */
export async function lastAtOf({ read, t }: Store, workspaceId: string, process: string): Promise<number | null> {
  const [row] = await read
    .select({ at: max(t.run.lastAt) })
    .from(t.run)
    .where(and(eq(t.run.workspaceId, workspaceId), eq(t.run.process, process)));
  return row?.at == null ? null : Number(row.at);
}
