/** The counters of a process's steps over days. Primary keys of `step_day` and `step_time`, along the days asked for. */
import { and, eq, gte, inArray, lt, lte, sql, sum } from "drizzle-orm";
import type { Store } from "../store.ts";

/** Local days since 1970-01-01, both included. */
export type FlowFilter = { process: string; first: number; last: number; versions?: readonly number[] | undefined };

const ofProcess = (
  table: Store["t"]["stepDay"] | Store["t"]["stepTime"],
  workspaceId: string,
  { process, versions }: FlowFilter,
) => [
  eq(table.workspaceId, workspaceId),
  eq(table.process, process),
  versions?.length ? inArray(table.version, [...versions]) : undefined,
];

/** What came in before a day less what left: in progress when it began, by step. */
export async function inProgressBefore(
  { read, t: { stepDay } }: Store,
  workspaceId: string,
  filter: FlowFilter,
): Promise<Map<string, number>> {
  const { arrivals, completions, skips, cancellations } = stepDay;
  const rows = await read
    .select({
      node: stepDay.node,
      wip: sql`sum(${arrivals} - ${completions} - ${skips} - ${cancellations})`.mapWith(Number),
    })
    .from(stepDay)
    .where(and(...ofProcess(stepDay, workspaceId, filter), lt(stepDay.day, filter.first)))
    .groupBy(stepDay.node);
  return new Map(rows.map(({ node, wip }) => [node, wip]));
}

/** Sums of the versions, by step and day. */
export async function stepDays({ read, t: { stepDay } }: Store, workspaceId: string, filter: FlowFilter) {
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
      and(...ofProcess(stepDay, workspaceId, filter), gte(stepDay.day, filter.first), lte(stepDay.day, filter.last)),
    )
    .groupBy(stepDay.node, stepDay.day);
}

/** How many completions of the days took how long, by step and bucket. */
export async function stepTimes({ read, t: { stepTime } }: Store, workspaceId: string, filter: FlowFilter) {
  return read
    .select({ node: stepTime.node, bucket: stepTime.bucket, n: sum(stepTime.n).mapWith(Number) })
    .from(stepTime)
    .where(
      and(...ofProcess(stepTime, workspaceId, filter), gte(stepTime.day, filter.first), lte(stepTime.day, filter.last)),
    )
    .groupBy(stepTime.node, stepTime.bucket);
}
