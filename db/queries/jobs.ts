/** Jobs as those see them who run the product: what waits, what is late, what was given up. */
import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lte,
  max,
  min,
  notInArray,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { Row, Store } from "../store.ts";
import { innerKinds } from "../outgoing.ts";

/** `due`: its time has come. `later`: it has not. `retrying`: it failed before and is tried again. `dead`: given up. */
export type JobState = "due" | "later" | "retrying" | "dead";
export type JobFilter = {
  state?: JobState | undefined;
  kind?: string | undefined;
  process?: string | undefined;
  runId?: string | undefined;
};
export type JobKey = { at: number; id: string };

/** Per kind: how many wait, are due, failed before, were given up; since when the oldest is due, and the next to come. */
export async function jobTotals({ read, t }: Store, workspaceId: string, now: number) {
  const { job } = t;
  const alive = isNull(job.deadAt);
  const rows = await read
    .select({
      kind: job.kind,
      waiting: sum(alive),
      due: sum(and(alive, lte(job.dueAt, now))),
      retrying: sum(and(alive, isNotNull(job.lastError))),
      dead: sum(isNotNull(job.deadAt)),
      oldestDue: sql<number | null>`min(case when ${and(alive, lte(job.dueAt, now))} then ${job.dueAt} end)`,
      nextDue: sql<number | null>`min(case when ${and(alive, gt(job.dueAt, now))} then ${job.dueAt} end)`,
      mostTries: sql<number | null>`max(case when ${and(alive, isNotNull(job.lastError))} then ${job.attempts} end)`,
    })
    .from(job)
    .where(eq(job.workspaceId, workspaceId))
    .groupBy(job.kind)
    .orderBy(asc(job.kind));
  return rows.map(({ kind, ...figures }) => ({
    kind,
    waiting: Number(figures.waiting),
    due: Number(figures.due),
    retrying: Number(figures.retrying),
    dead: Number(figures.dead),
    oldestDue: numberOr(figures.oldestDue),
    nextDue: numberOr(figures.nextDue),
    mostTries: Number(figures.mostTries ?? 0),
  }));
}

const sum = (condition: SQL | undefined) => sql<number>`sum(case when ${condition} then 1 else 0 end)`;
const numberOr = (value: number | null) => (value === null ? null : Number(value));

/** Timers per process: how many wait, how many are late, the next to come. */
export async function timersByProcess({ read, t }: Store, workspaceId: string, now: number) {
  const { job, run } = t;
  const rows = await read
    .select({
      process: run.process,
      waiting: count(),
      late: sum(lte(job.dueAt, now)),
      nextDue: min(job.dueAt),
      lastDue: max(job.dueAt),
    })
    .from(job)
    .innerJoin(run, and(eq(run.workspaceId, job.workspaceId), eq(run.id, job.runId)))
    .where(and(eq(job.workspaceId, workspaceId), eq(job.kind, "timer"), isNull(job.deadAt)))
    .groupBy(run.process)
    .orderBy(desc(count()));
  return rows.map((row) => ({
    ...row,
    waiting: Number(row.waiting),
    late: Number(row.late),
    nextDue: numberOr(row.nextDue),
    lastDue: numberOr(row.lastDue),
  }));
}

/** One page: the given-up ones newest first, the others by when they are due. Indexes `job_due`, `job_dead`. */
export async function listJobs(
  { read, t }: Store,
  workspaceId: string,
  filter: JobFilter,
  now: number,
  page: { after: JobKey | null; limit: number },
) {
  const { job, run, record } = t;
  const dead = filter.state === "dead";
  const by = dead ? job.deadAt : job.dueAt;
  const { after } = page;
  const next =
    after &&
    (dead
      ? sql`(${by} < ${after.at} or (${by} = ${after.at} and ${job.id} > ${after.id}))`
      : sql`(${by} > ${after.at} or (${by} = ${after.at} and ${job.id} > ${after.id}))`);
  return read
    .select({
      id: job.id,
      kind: job.kind,
      runId: job.runId,
      payload: job.payload,
      dueAt: job.dueAt,
      attempts: job.attempts,
      deadAt: job.deadAt,
      lastError: job.lastError,
      process: run.process,
      version: run.version,
      status: run.status,
      recordId: run.recordId,
      title: record.title,
    })
    .from(job)
    .leftJoin(run, and(eq(run.workspaceId, job.workspaceId), eq(run.id, job.runId)))
    .leftJoin(record, and(eq(record.workspaceId, run.workspaceId), eq(record.id, run.recordId)))
    .where(
      and(
        eq(job.workspaceId, workspaceId),
        filter.kind ? eq(job.kind, filter.kind) : undefined,
        filter.process ? eq(run.process, filter.process) : undefined,
        filter.runId ? eq(job.runId, filter.runId) : undefined,
        stateIs(job, filter.state, now),
        next ?? undefined,
      ),
    )
    .orderBy(dead ? desc(by) : asc(by), asc(job.id))
    .limit(page.limit);
}

function stateIs(job: Store["t"]["job"], state: JobState | undefined, now: number): SQL | undefined {
  const alive = isNull(job.deadAt);
  switch (state) {
    case undefined:
      return undefined;
    case "dead":
      return isNotNull(job.deadAt);
    case "due":
      return and(alive, lte(job.dueAt, now));
    case "later":
      return and(alive, gt(job.dueAt, now));
    case "retrying":
      return and(alive, isNotNull(job.lastError));
    default:
      return state satisfies never;
  }
}

/** A job that is not done, whatever became of it. */
export async function findJob({ read, t }: Store, workspaceId: string, id: string): Promise<Row<"job"> | null> {
  const [row] = await read
    .select()
    .from(t.job)
    .where(and(eq(t.job.workspaceId, workspaceId), eq(t.job.id, id)));
  return row ?? null;
}

/** Jobs that were given up, by id. */
export async function deadJobs({ read, t }: Store, workspaceId: string, ids: readonly string[]): Promise<Row<"job">[]> {
  if (ids.length === 0) return [];
  return read
    .select()
    .from(t.job)
    .where(and(eq(t.job.workspaceId, workspaceId), inArray(t.job.id, [...ids]), isNotNull(t.job.deadAt)));
}

export async function deadJobIds({ read, t }: Store, workspaceId: string): Promise<string[]> {
  const rows = await read
    .select({ id: t.job.id })
    .from(t.job)
    .where(and(eq(t.job.workspaceId, workspaceId), isNotNull(t.job.deadAt)));
  return rows.map(({ id }) => id);
}

/** The incident that a given-up effect led to; null when the run took the error another way. Index `event_stream`. */
export async function incidentOfJob(
  { read, t }: Store,
  { workspaceId, runId, id }: Row<"job">,
): Promise<string | null> {
  if (!runId) return null;
  const [row] = await read
    .select({ data: t.event.data })
    .from(t.event)
    .where(
      and(
        eq(t.event.workspaceId, workspaceId),
        eq(t.event.streamKind, "run"),
        eq(t.event.streamId, runId),
        eq(t.event.type, "IncidentRaised"),
        eq(t.event.cause, `${id}/answer`),
      ),
    )
    .limit(1);
  const data = row?.data;
  return typeof data === "object" && data !== null && !Array.isArray(data) && typeof data.id === "string"
    ? data.id
    : null;
}

/** What would go out by kind: everything that is not between runs of this product. */
export async function outgoingByKind({ read, t }: Store, workspaceId: string) {
  const { job } = t;
  const rows = await read
    .select({ kind: job.kind, n: count(), oldest: min(job.dueAt) })
    .from(job)
    .where(and(eq(job.workspaceId, workspaceId), isNull(job.deadAt), notInArray(job.kind, [...innerKinds])))
    .groupBy(job.kind)
    .orderBy(asc(job.kind));
  return rows.map((row) => ({ ...row, n: Number(row.n), oldest: numberOr(row.oldest) }));
}

/** What is held back and was due by an instant, or tried before: what a restored copy may have sent already. */
export async function outgoingUntil(
  { read, t }: Store,
  workspaceId: string,
  until: number,
  limit: number,
): Promise<Row<"job">[]> {
  const { job } = t;
  return read
    .select()
    .from(job)
    .where(
      and(
        eq(job.workspaceId, workspaceId),
        isNull(job.deadAt),
        notInArray(job.kind, [...innerKinds]),
        or(lte(job.dueAt, until), gt(job.attempts, 0)),
      ),
    )
    .limit(limit);
}

export async function findHold({ read, t }: Store, workspaceId: string): Promise<Row<"outgoingHold"> | null> {
  const [row] = await read.select().from(t.outgoingHold).where(eq(t.outgoingHold.workspaceId, workspaceId));
  return row ?? null;
}
