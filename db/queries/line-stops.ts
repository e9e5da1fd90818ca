/** Steps and processes that their operators have stopped. */
import { and, asc, eq, isNotNull, isNull, or } from "drizzle-orm";
import type { Row, Store } from "../store.ts";

export async function lineStops({ read, t }: Store, workspaceId: string, process?: string): Promise<Row<"lineStop">[]> {
  const { lineStop } = t;
  return read
    .select()
    .from(lineStop)
    .where(and(eq(lineStop.workspaceId, workspaceId), process ? eq(lineStop.process, process) : undefined))
    .orderBy(asc(lineStop.at));
}

/** Active runs with a clock that counts in a step whose stop holds clocks, at most `limit`. Index `clock_open`; nothing where nothing is stopped. */
export async function runningWhereStopped({ read, t }: Store, workspaceId: string, limit = 500): Promise<string[]> {
  const { lineStop, slaClock, run } = t;
  const rows = await read
    .selectDistinct({ id: slaClock.runId })
    .from(lineStop)
    .innerJoin(
      slaClock,
      and(
        eq(slaClock.workspaceId, lineStop.workspaceId),
        eq(slaClock.process, lineStop.process),
        isNull(slaClock.stoppedAt),
        isNotNull(slaClock.node),
        or(eq(lineStop.node, ""), eq(slaClock.node, lineStop.node)),
      ),
    )
    .innerJoin(run, and(eq(run.workspaceId, slaClock.workspaceId), eq(run.id, slaClock.runId)))
    .where(
      and(
        eq(lineStop.workspaceId, workspaceId),
        eq(lineStop.clocks, "pause"),
        eq(slaClock.state, "in_progress"),
        eq(run.status, "active"),
      ),
    )
    .limit(limit);
  return rows.map(({ id }) => id);
}
