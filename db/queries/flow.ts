/** The counters of a process's steps over days. Primary keys of `step_day` and `step_time`, along the days asked for. */
import { and, eq, gte, inArray, lt, lte, sql, sum } from "drizzle-orm";
import type { Store } from "../store.ts";

/** Local days since 1970-01-01, both included. */
export type FlowFilter = { process: string; first: number; last: number; versions?: readonly number[] | undefined };

/** What came in before a day less what left: in progress when it began, by step. */
export async function inProgressBefore(
  { read, t: { stepDay } }: Store,
  workspaceId: string,
  { process, first, versions }: FlowFilter,
): Promise<Map<string, number>> {
  const { arrivals, completions, skips, cancellations } = stepDay;
  const rows = await read
    .select({
      node: stepDay.node,
      wip: sql`sum(${arrivals} - ${completions} - ${skips} - ${cancellations})`.mapWith(Number),
    })
    .from(stepDay)
    .where(
      and(
        eq(stepDay.workspaceId, workspaceId),
        eq(stepDay.process, process),
        lt(stepDay.day, first),
        versions?.length ? inArray(stepDay.version, [...versions]) : undefined,
      ),
    )
    .groupBy(stepDay.node);
  return new Map(rows.map(({ node, wip }) => [node, wip]));
}

/** Sums of the versions, by step and day. */
export async function stepDays(
  { read, t: { stepDay } }: Store,
  workspaceId: string,
  { process, first, last, versions }: FlowFilter,
) {
  return read
    .select({
      node: stepDay.node,
      day: stepDay.day,
      arrivals: sum(stepDay.arrivals).mapWith(Number),
      reworks: sum(stepDay.reworks).mapWith(Number),
      completions: sum(stepDay.completions).mapWith(Number),
      skips: sum(stepDay.skips).mapWith(Number),
      cancellations: sum(stepDay.cancellations).mapWith(Number),
      sojournMs: sum(stepDay.sojournMs).mapWith(Number),
      blockedMs: sum(stepDay.blockedMs).mapWith(Number),
      touchMs: sum(stepDay.touchMs).mapWith(Number),
    })
    .from(stepDay)
    .where(
      and(
        eq(stepDay.workspaceId, workspaceId),
        eq(stepDay.process, process),
        gte(stepDay.day, first),
        lte(stepDay.day, last),
        versions?.length ? inArray(stepDay.version, [...versions]) : undefined,
      ),
    )
    .groupBy(stepDay.node, stepDay.day);
}

/** How many completions of the days took how long, by step and bucket. */
export async function stepTimes(
  { read, t: { stepTime } }: Store,
  workspaceId: string,
  { process, first, last, versions }: FlowFilter,
) {
  return read
    .select({ node: stepTime.node, bucket: stepTime.bucket, n: sum(stepTime.n).mapWith(Number) })
    .from(stepTime)
    .where(
      and(
        eq(stepTime.workspaceId, workspaceId),
        eq(stepTime.process, process),
        gte(stepTime.day, first),
        lte(stepTime.day, last),
        versions?.length ? inArray(stepTime.version, [...versions]) : undefined,
      ),
    )
    .groupBy(stepTime.node, stepTime.bucket);
}
