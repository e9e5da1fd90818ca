/** Whom the news of a record reaches: what the dispatcher asks for every one of them. */
import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import type { Plain, Values } from "@/server/engine/model.ts";
import { kept } from "./kept.ts";

type OfRecord = { workspaceId: string; record: string };

/** A record's values, also when it is deleted. */
export const valuesOfRecord = kept<OfRecord, { values: Values }>(({ read, t }, { given }) =>
  read
    .select({ values: t.record.values })
    .from(t.record)
    .where(and(eq(t.record.workspaceId, given("workspaceId")), eq(t.record.id, given("record")))),
);

/** Open runs that look at the record: its own and those that have it as a related one. */
export const runsWatching = kept<OfRecord, { runId: string }>(({ read, t }, { given }) =>
  read
    .select({ runId: t.runLink.runId })
    .from(t.runLink)
    .innerJoin(t.run, and(eq(t.run.workspaceId, t.runLink.workspaceId), eq(t.run.id, t.runLink.runId)))
    .where(
      and(
        eq(t.runLink.workspaceId, given("workspaceId")),
        eq(t.runLink.recordId, given("record")),
        isNull(t.run.endedAt),
      ),
    ),
);

/**
 * Open runs that look at something this record refers to. Its references come from a query of their own: joined in one go,
 * SQLite would begin with every run of the workspace.
 */
export const runsWatchingReferences = kept<OfRecord, { runId: string; process: string; version: number }>(
  ({ read, t }, { given }) =>
    read
      .selectDistinct({ runId: t.run.id, process: t.run.process, version: t.run.version })
      .from(t.runLink)
      .innerJoin(t.run, and(eq(t.run.workspaceId, t.runLink.workspaceId), eq(t.run.id, t.runLink.runId)))
      .where(
        and(
          eq(t.runLink.workspaceId, given("workspaceId")),
          inArray(
            t.runLink.recordId,
            read
              .select({ id: t.recordLink.toId })
              .from(t.recordLink)
              .where(and(eq(t.recordLink.workspaceId, given("workspaceId")), eq(t.recordLink.fromId, given("record")))),
          ),
          isNull(t.run.endedAt),
        ),
      )
      .orderBy(asc(t.run.id)),
);

/** Processes that a run has called or started, as long as they have not begun. Index `job_run`. */
export const callsUnderWay = kept<{ workspaceId: string; run: string }, { payload: Plain }>(({ read, t }, { given }) =>
  read
    .select({ payload: t.job.payload })
    .from(t.job)
    .where(
      and(
        eq(t.job.workspaceId, given("workspaceId")),
        eq(t.job.runId, given("run")),
        eq(t.job.kind, "start_process"),
        isNull(t.job.deadAt),
      ),
    ),
);
