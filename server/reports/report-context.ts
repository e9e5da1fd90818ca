/** What every report needs before it counts: the process, its calendars, what a record without a value is worth. */
import { and, desc, eq } from "drizzle-orm";
import { findRecords } from "@/db/queries/records.ts";
import { teamCalendars } from "@/db/queries/report-facts.ts";
import type { Row, Store } from "@/db/store.ts";
import type { Contexts, WorkspaceContext } from "@/server/commands/workspace-context.ts";
import type { Process } from "@/server/engine/process.ts";
import { localDay, weekdayOf } from "@/server/engine/calendar/zone.ts";
import type { Segment } from "./drivers.ts";
import type { VisitFacts } from "./measure.ts";
import { type CalendarOf, visitCalendars } from "./visit-calendars.ts";

export type ReportQuery = {
  process: string;
  from: number;
  to: number;
  versions?: number[] | undefined;
  weighting?: "value" | "time" | undefined;
  time?: "work" | "wall" | undefined;
  /** Only visits of this owner: what a rep may see. */
  owner?: string | undefined;
  /** Only visits with this label: one owner, one weekday of entry … */
  segment?: Segment | undefined;
};
export type ReportDeps = { store: Store; contexts: Contexts };
export type ReportContext = {
  context: WorkspaceContext;
  document: Process;
  calendarOf: CalendarOf;
  defaultValue: number;
};

/** Null when there is no such process with a published version. */
export async function reportContext(
  deps: ReportDeps,
  workspaceId: string,
  query: Pick<ReportQuery, "process" | "time">,
  now: number,
): Promise<ReportContext | null> {
  const context = await deps.contexts.get(workspaceId, now);
  const document = await documentOf(deps, workspaceId, query.process, context);
  if (!document) return null;
  const calendarOf = visitCalendars(
    context,
    document,
    query.time ?? "work",
    await teamCalendars(deps.store, workspaceId),
  );
  return { context, document, calendarOf, defaultValue: defaultValueOf(context, document.recordType) };
}

async function documentOf(
  { store, contexts }: ReportDeps,
  workspaceId: string,
  key: string,
  context: WorkspaceContext,
): Promise<Process | null> {
  const live = context.live.get(key);
  if (live) return live.compiled.document;
  const { t, read } = store;
  const [row] = await read
    .select({ version: t.processVersion.version })
    .from(t.processVersion)
    .innerJoin(
      t.process,
      and(eq(t.process.workspaceId, t.processVersion.workspaceId), eq(t.process.id, t.processVersion.processId)),
    )
    .where(and(eq(t.process.workspaceId, workspaceId), eq(t.process.key, key)))
    .orderBy(desc(t.processVersion.version))
    .limit(1);
  return row ? ((await contexts.version(workspaceId, key, row.version))?.document ?? null) : null;
}

/** Value of a record that has none, by type: a setting of the workspace, else 0 (the row is flagged "assumed"). */
function defaultValueOf(context: WorkspaceContext, type: string): number {
  const defaults = context.settings.default_value_at_risk;
  const value =
    typeof defaults === "object" && defaults !== null ? (defaults as Record<string, unknown>)[type] : undefined;
  return typeof value === "number" ? value : 0;
}

export const visitFacts = (v: Row<"stepVisit">): VisitFacts => ({
  runId: v.runId,
  visit: v.visit,
  recordId: v.recordId,
  node: v.node,
  kind: v.kind,
  version: v.version,
  owner: v.owner ?? null,
  enteredAt: v.enteredAt,
  startedAt: v.startedAt ?? null,
  leftAt: v.leftAt ?? null,
  pausedAt: v.pausedAt ?? null,
  pauses: v.pauses,
  touchMs: v.touchMs,
  skipped: v.skipped,
  cancelled: v.cancelled,
  rework: v.rework,
  startRecorded: v.startRecorded,
  valueAtRisk: v.valueAtRisk ?? null,
  breachedAt: v.breachedAt ?? null,
  dueAt: v.dueAt ?? null,
  calendar: v.calendar ?? null,
  zone: v.zone ?? null,
  outcome: v.outcome ?? null,
});

export type LabelsOf = (visit: VisitFacts) => Record<string, string | null>;
/** Fields of the record that split a report, where its type has them. */
const recordDimensions = ["source", "type", "segment", "region"];

/** What a visit is split by: who, whose team, when it came in, which version, first pass or not, size, origin of the record. */
export async function labelling(
  { store }: ReportDeps,
  workspaceId: string,
  { context }: ReportContext,
  visits: readonly VisitFacts[],
): Promise<LabelsOf> {
  const ids = [...new Set(visits.map((v) => v.recordId))];
  const records = new Map((await findRecords(store, workspaceId, ids)).map((r) => [r.id, r.values]));
  const values = visits.flatMap((v) => v.valueAtRisk ?? []).sort((a, b) => a - b);
  const middle = values[Math.floor(values.length / 2)] ?? 0;
  return (visit) => {
    const values = records.get(visit.recordId) ?? {};
    const person = visit.owner ? context.directory.people.get(visit.owner) : undefined;
    return {
      owner: visit.owner,
      team: person?.teamId ?? null,
      weekday: String(weekdayOf(localDay(visit.zone ?? context.zone, visit.enteredAt))),
      version: String(visit.version),
      pass: visit.rework ? "rework" : "first",
      value: visit.valueAtRisk === null ? null : visit.valueAtRisk > middle ? "above" : "below",
      ...Object.fromEntries(
        recordDimensions.map((field) => [field, typeof values[field] === "string" ? values[field] : null]),
      ),
    };
  };
}

export const hasLabel = (segment: Segment | undefined, labelsOf: LabelsOf) => (visit: VisitFacts) =>
  !segment || labelsOf(visit)[segment.dimension] === segment.value;
