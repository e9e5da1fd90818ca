/** What a group of commands has to know: a handful of reads for the whole group, each written down once. */
import { and, desc, eq, isNotNull, isNull, max, min, or } from "drizzle-orm";
import type { Run } from "@/server/engine/model.ts";
import type { Row } from "../store.ts";
import { kept } from "./kept.ts";

type Of = { workspaceId: string };

export const runStates = kept<Of & { runs: readonly string[] }, { state: Run }>(({ read, t }, { given, among }) =>
  read
    .select({ state: t.run.state })
    .from(t.run)
    .where(and(eq(t.run.workspaceId, given("workspaceId")), among(t.run.id, "runs"))),
);

/** How far these runs have come, without what they are made of. */
export const runRevisions = kept<Of & { runs: readonly string[] }, { id: string; rev: number }>(
  ({ read, t }, { given, among }) =>
    read
      .select({ id: t.run.id, rev: t.run.rev })
      .from(t.run)
      .where(and(eq(t.run.workspaceId, given("workspaceId")), among(t.run.id, "runs"))),
);

/** Records that are not deleted. */
export const recordsById = kept<Of & { ids: readonly string[] }, Row<"record">>(({ read, t }, { given, among }) =>
  read
    .select()
    .from(t.record)
    .where(and(eq(t.record.workspaceId, given("workspaceId")), among(t.record.id, "ids"), isNull(t.record.deletedAt))),
);

/** Records of a type that refer to some others, newest first; `by`: the field that does. Index `link_to`. */
export const recordsReferring = kept<
  Of & { type: string; to: readonly string[] },
  { record: Row<"record">; to: string; by: string }
>(({ read, t }, { given, among }) =>
  read
    .select({ record: t.record, to: t.recordLink.toId, by: t.recordLink.field })
    .from(t.recordLink)
    .innerJoin(t.record, and(eq(t.record.workspaceId, t.recordLink.workspaceId), eq(t.record.id, t.recordLink.fromId)))
    .where(
      and(
        eq(t.recordLink.workspaceId, given("workspaceId")),
        among(t.recordLink.toId, "to"),
        eq(t.recordLink.fromType, given("type")),
        isNull(t.record.deletedAt),
      ),
    )
    .orderBy(desc(t.record.createdAt)),
);

/** Records that have one of these match keys. */
export const recordsWithKeys = kept<Of & { keys: readonly string[] }, { record: Row<"record"> }>(
  ({ read, t }, { given, among }) =>
    read
      .selectDistinct({ record: t.record })
      .from(t.recordKey)
      .innerJoin(
        t.record,
        and(eq(t.record.workspaceId, t.recordKey.workspaceId), eq(t.record.id, t.recordKey.recordId)),
      )
      .where(
        and(
          eq(t.recordKey.workspaceId, given("workspaceId")),
          among(t.recordKey.key, "keys"),
          isNull(t.record.deletedAt),
        ),
      ),
);

/** The first and the last open run that looks at each record: an account may have thousands, and two tell whether there is another. */
export const watchersOfRecords = kept<
  Of & { records: readonly string[] },
  { recordId: string; first: string | null; last: string | null }
>(({ read, t }, { given, among }) =>
  read
    .select({ recordId: t.runLink.recordId, first: min(t.runLink.runId), last: max(t.runLink.runId) })
    .from(t.runLink)
    .innerJoin(t.run, and(eq(t.run.workspaceId, t.runLink.workspaceId), eq(t.run.id, t.runLink.runId)))
    .where(
      and(eq(t.runLink.workspaceId, given("workspaceId")), among(t.runLink.recordId, "records"), isNull(t.run.endedAt)),
    )
    .groupBy(t.runLink.recordId),
);

/** Which processes these records are in. */
export const openRunsOfRecords = kept<Of & { records: readonly string[] }, { process: string; recordId: string }>(
  ({ read, t }, { given, among }) =>
    read
      .select({ process: t.run.process, recordId: t.run.recordId })
      .from(t.run)
      .where(and(eq(t.run.workspaceId, given("workspaceId")), among(t.run.recordId, "records"), isNull(t.run.endedAt))),
);

/** Runs of a record that have not ended, the oldest first. Index `run_record`. */
export const runsAtWork = kept<Of & { record: string }, { id: string }>(({ read, t }, { given }) =>
  read
    .select({ id: t.run.id })
    .from(t.run)
    .where(and(eq(t.run.workspaceId, given("workspaceId")), eq(t.run.recordId, given("record")), isNull(t.run.endedAt)))
    .orderBy(t.run.startedAt, t.run.id),
);

/** When the last ended run of each of these records in each process ended. */
export const lastEndsOfRecords = kept<
  Of & { records: readonly string[] },
  { process: string; recordId: string; endedAt: number | null }
>(({ read, t }, { given, among }) =>
  read
    .select({ process: t.run.process, recordId: t.run.recordId, endedAt: t.run.endedAt })
    .from(t.run)
    .where(
      and(eq(t.run.workspaceId, given("workspaceId")), among(t.run.recordId, "records"), isNotNull(t.run.endedAt)),
    ),
);

/** Rows of visits that are open, and every row of the runs in `whole`. */
export const visitsToChange = kept<Of & { runs: readonly string[]; whole: readonly string[] }, Row<"stepVisit">>(
  ({ read, t }, { given, among }) =>
    read
      .select()
      .from(t.stepVisit)
      .where(
        and(
          eq(t.stepVisit.workspaceId, given("workspaceId")),
          among(t.stepVisit.runId, "runs"),
          or(isNull(t.stepVisit.leftAt), among(t.stepVisit.runId, "whole")),
        ),
      ),
);

/** The same of work. */
export const workToChange = kept<Of & { runs: readonly string[]; whole: readonly string[] }, Row<"workItem">>(
  ({ read, t }, { given, among }) =>
    read
      .select()
      .from(t.workItem)
      .where(
        and(
          eq(t.workItem.workspaceId, given("workspaceId")),
          among(t.workItem.runId, "runs"),
          or(isNull(t.workItem.completedAt), among(t.workItem.runId, "whole")),
        ),
      ),
);

/** Answers that were given to these commands before. */
export const receiptsOf = kept<Of & { commands: readonly string[] }, Row<"receipt">>(({ read, t }, { given, among }) =>
  read
    .select()
    .from(t.receipt)
    .where(and(eq(t.receipt.workspaceId, given("workspaceId")), among(t.receipt.commandId, "commands"))),
);
