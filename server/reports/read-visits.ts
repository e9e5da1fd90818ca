/** The visits behind a figure, measured as the report measures them. */
import { findRecords } from "@/db/queries/records.ts";
import { visitsInPeriod } from "@/db/queries/reports.ts";
import { measureVisits } from "./bottlenecks.ts";
import { hasLabel, labelling, type ReportDeps, type ReportQuery, reportContext, visitFacts } from "./report-context.ts";

export type VisitRow = {
  runId: string;
  recordId: string;
  visit: string;
  node: string;
  owner: string | null;
  enteredAt: number;
  startedAt: number | null;
  leftAt: number | null;
  outcome: string | null;
  /** Business days. */
  wait: number;
  cycle: number;
  blocked: number;
  value: number;
  assumed: boolean;
  delay: number;
  breached: boolean;
  rework: boolean;
  title: string;
};
export type VisitPage = { rows: VisitRow[]; total: number; delay: number };

/** The costliest first. Their delays add up to the row's. */
export async function visitsBehind(
  deps: ReportDeps,
  workspaceId: string,
  query: ReportQuery & { node: string },
  now: number,
  most = 500,
): Promise<VisitPage | null> {
  const found = await reportContext(deps, workspaceId, query, now);
  if (!found) return null;
  const { context, calendarOf, defaultValue } = found;
  const every = (await visitsInPeriod(deps.store, workspaceId, query))
    .map(visitFacts)
    .filter((v) => !query.owner || v.owner === query.owner);
  const visits = every.filter(hasLabel(query.segment, await labelling(deps, workspaceId, found, every)));
  const measured = measureVisits({
    visits: visits.filter((v) => v.node === query.node),
    clocks: [],
    calendarOf,
    from: query.from,
    to: query.to,
    now,
    defaultValue,
    ...(query.weighting && { weighting: query.weighting }),
  }).sort((a, b) => b.delay - a.delay || b.times.wait / b.times.businessDay - a.times.wait / a.times.businessDay);
  const shown = measured.slice(0, most);
  const ids = [...new Set(shown.map((m) => m.visit.recordId))];
  const titles = new Map((await findRecords(deps.store, workspaceId, ids)).map((r) => [r.id, r.title]));
  return {
    total: measured.length,
    delay: measured.reduce((sum, m) => sum + m.delay, 0),
    rows: shown.map(({ visit, times, value, assumed, delay }) => ({
      runId: visit.runId,
      recordId: visit.recordId,
      visit: visit.visit,
      node: visit.node,
      owner: visit.owner ? (context.directory.people.get(visit.owner)?.name ?? visit.owner) : null,
      enteredAt: visit.enteredAt,
      startedAt: visit.startedAt,
      leftAt: visit.leftAt,
      outcome: visit.outcome,
      wait: times.wait / times.businessDay,
      cycle: times.cycle / times.businessDay,
      blocked: times.blocked / times.businessDay,
      value,
      assumed,
      delay,
      breached: visit.breachedAt !== null,
      rework: visit.rework,
      title: titles.get(visit.recordId) ?? visit.recordId,
    })),
  };
}
