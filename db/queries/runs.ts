/** Runs and their histories. */
import { and, asc, count, desc, eq, gt, inArray, sql } from "drizzle-orm";
import type { StoredEvent } from "@/server/engine/events.ts";
import type { Run } from "@/server/engine/model.ts";
import { storedEvent } from "../chain.ts";
import type { Row, Store } from "../store.ts";
import { runStates } from "./world.ts";

export async function findRun(store: Store, workspaceId: string, runId: string): Promise<Run | null> {
  const [row] = await runStates(store, { workspaceId, runs: [runId] });
  return row?.state ?? null;
}

/** Runs of a record, newest first. Index `run_record`. */
export async function runsOfRecord({ read, t }: Store, workspaceId: string, recordId: string): Promise<Row<"run">[]> {
  return read
    .select()
    .from(t.run)
    .where(and(eq(t.run.workspaceId, workspaceId), eq(t.run.recordId, recordId)))
    .orderBy(desc(t.run.startedAt))
    .limit(200);
}

/** How many runs of a process began for a record since then. Index `run_record`. */
export async function startsOfRecord(
  { read, t }: Store,
  { workspaceId, process, record, since }: { workspaceId: string; process: string; record: string; since: number },
): Promise<number> {
  const rows = await read
    .select({ n: count() })
    .from(t.run)
    .where(
      and(
        eq(t.run.workspaceId, workspaceId),
        eq(t.run.recordId, record),
        eq(t.run.process, process),
        gt(t.run.startedAt, since),
      ),
    );
  return Number(rows[0]?.n ?? 0);
}

/** Of which process and record some runs are, and how they stand. */
export async function runsByIds({ read, t }: Store, workspaceId: string, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return read
    .select({ id: t.run.id, process: t.run.process, recordId: t.run.recordId, status: t.run.status })
    .from(t.run)
    .where(and(eq(t.run.workspaceId, workspaceId), inArray(t.run.id, [...new Set(ids)])));
}

/** The facts of some streams in order of the log. Index `event_stream`. */
export async function eventsOf(
  { read, t }: Store,
  workspaceId: string,
  kind: StoredEvent["stream"]["kind"],
  ids: readonly string[],
  limit = 5000,
): Promise<StoredEvent[]> {
  if (ids.length === 0) return [];
  const rows = await read
    .select()
    .from(t.event)
    .where(and(eq(t.event.workspaceId, workspaceId), eq(t.event.streamKind, kind), inArray(t.event.streamId, [...ids])))
    // The plus keeps SQLite from walking the whole log in the order of `seq` instead of looking the streams up.
    .orderBy(sql`+${t.event.seq}`)
    .limit(limit);
  return rows.map(storedEvent);
}

/** The log from a sequence number on, in pages: for verifying and rebuilding. */
export async function* logPages({ read, t }: Store, workspaceId: string, size = 2000): AsyncGenerator<Row<"event">[]> {
  for (let after = 0; ; ) {
    const rows = await read
      .select()
      .from(t.event)
      .where(and(eq(t.event.workspaceId, workspaceId), gt(t.event.seq, after)))
      .orderBy(asc(t.event.seq))
      .limit(size);
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)!.seq;
  }
}

export async function visitsOfRuns(
  { read, t }: Store,
  workspaceId: string,
  runIds: readonly string[],
): Promise<Row<"stepVisit">[]> {
  if (runIds.length === 0) return [];
  return read
    .select()
    .from(t.stepVisit)
    .where(and(eq(t.stepVisit.workspaceId, workspaceId), inArray(t.stepVisit.runId, [...runIds])))
    .orderBy(asc(t.stepVisit.enteredAt));
}

export async function clocksOfRuns(
  { read, t }: Store,
  workspaceId: string,
  runIds: readonly string[],
): Promise<Row<"slaClock">[]> {
  if (runIds.length === 0) return [];
  return read
    .select()
    .from(t.slaClock)
    .where(and(eq(t.slaClock.workspaceId, workspaceId), inArray(t.slaClock.runId, [...runIds])))
    .orderBy(asc(t.slaClock.startedAt));
}
