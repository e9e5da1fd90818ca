/** Figures of how the product runs, each from an index: they are asked for again and again. */
import { and, type Column, count, eq, isNotNull, isNull, lte, min, sql } from "drizzle-orm";
import type { Store } from "../store.ts";

export type Depths = {
  /** Jobs that wait for their time or their turn. */
  jobs: number;
  due: number;
  /** Since when the oldest is due. */
  oldestDue: number | null;
  oldestTimer: number | null;
  dead: number;
  incidents: number;
  runningBatches: number;
  /** Facts in the log. */
  events: number;
  /** Since when nothing goes out, where it is held back. */
  heldSince: number | null;
};

/** Of one workspace, or of all. */
export async function readDepths({ read, t }: Store, workspaceId: string | null, now: number): Promise<Depths> {
  const { job, incident, batch, logHead, outgoingHold } = t;
  const own = (column: Column) => (workspaceId === null ? undefined : eq(column, workspaceId));
  const one = async <T>(rows: PromiseLike<T[]>) => (await rows)[0];
  const due = and(own(job.workspaceId), isNull(job.deadAt), lte(job.dueAt, now));
  const [all, late, timer, dead, open, batches, log, hold] = await Promise.all([
    one(read.select({ n: count() }).from(job).where(own(job.workspaceId))),
    one(
      read
        .select({ n: count(), oldest: min(job.dueAt) })
        .from(job)
        .where(due),
    ),
    one(
      read
        .select({ oldest: min(job.dueAt) })
        .from(job)
        .where(and(due, eq(job.kind, "timer"))),
    ),
    one(
      read
        .select({ n: count() })
        .from(job)
        .where(and(own(job.workspaceId), isNotNull(job.deadAt))),
    ),
    one(
      read
        .select({ n: count() })
        .from(incident)
        .where(and(own(incident.workspaceId), isNull(incident.resolvedAt))),
    ),
    one(
      read
        .select({ n: count() })
        .from(batch)
        .where(and(own(batch.workspaceId), eq(batch.status, "running"))),
    ),
    one(
      read
        .select({ n: sql<number | null>`sum(${logHead.seq})` })
        .from(logHead)
        .where(own(logHead.workspaceId)),
    ),
    one(
      read
        .select({ since: min(outgoingHold.since) })
        .from(outgoingHold)
        .where(own(outgoingHold.workspaceId)),
    ),
  ]);
  const instant = (at: number | null | undefined) => (at === null || at === undefined ? null : Number(at));
  const deadCount = Number(dead?.n ?? 0);
  return {
    jobs: Number(all?.n ?? 0) - deadCount,
    due: Number(late?.n ?? 0),
    oldestDue: instant(late?.oldest),
    oldestTimer: instant(timer?.oldest),
    dead: deadCount,
    incidents: Number(open?.n ?? 0),
    runningBatches: Number(batches?.n ?? 0),
    events: Number(log?.n ?? 0),
    heldSince: instant(hold?.since),
  };
}
