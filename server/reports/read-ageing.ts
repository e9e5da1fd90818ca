/** How old what is open at the end of a period is, from its visits. */
import { findRecords } from "@/db/queries/records.ts";
import { visitsInPeriod } from "@/db/queries/reports.ts";
import { type Ageing, ageingOf } from "./ageing.ts";
import { measureVisits } from "./bottlenecks.ts";
import { hasLabel, labelling, type ReportDeps, type ReportQuery, reportContext, visitFacts } from "./report-context.ts";

export type OpenVisit = {
  runId: string;
  visit: string;
  recordId: string;
  title: string;
  node: string;
  owner: string | null;
  enteredAt: number;
  days: number;
  /** Waits for somebody else at the end of the period. */
  paused: boolean;
  breached: boolean;
};
export type AgeingReport = Ageing<OpenVisit> & {
  /** When the ages are counted: the end of the period, or now. */
  at: number;
  /** All that are open, of which the furthest on are told. */
  total: number;
};

export async function readAgeing(
  deps: ReportDeps,
  workspaceId: string,
  query: ReportQuery,
  now: number,
  most = 500,
): Promise<AgeingReport | null> {
  const found = await reportContext(deps, workspaceId, query, now);
  if (!found) return null;
  const every = (await visitsInPeriod(deps.store, workspaceId, query))
    .map(visitFacts)
    .filter((v) => !query.owner || v.owner === query.owner);
  const visits = query.segment
    ? every.filter(hasLabel(query.segment, await labelling(deps, workspaceId, found, every)))
    : every;
  const at = Math.min(query.to, now);
  // Whole stays: each is measured from its beginning.
  const from = visits.reduce((least, v) => Math.min(least, v.enteredAt), query.from);
  const measured = measureVisits({ ...found, visits, clocks: [], from, to: at, now });
  const isOpen = (leftAt: number | null) => leftAt === null || leftAt >= at;
  const open = measured
    .filter(({ visit }) => isOpen(visit.leftAt))
    .map(({ visit, times }) => ({
      runId: visit.runId,
      visit: visit.visit,
      recordId: visit.recordId,
      title: visit.recordId,
      node: visit.node,
      owner: visit.owner ? (found.context.directory.people.get(visit.owner)?.name ?? visit.owner) : null,
      enteredAt: visit.enteredAt,
      days: times.cycle / times.businessDay,
      paused: visit.pausedAt !== null && visit.pausedAt < at,
      breached: visit.breachedAt !== null && visit.breachedAt <= at,
    }));
  const finished = measured
    .filter(({ visit }) => !isOpen(visit.leftAt) && !visit.cancelled)
    .map(({ visit, times }) => ({ node: visit.node, days: times.cycle / times.businessDay }));
  const ageing = ageingOf(open, finished, found.document);
  const told = ageing.stays.slice(0, most);
  const records = await findRecords(deps.store, workspaceId, [...new Set(told.map(({ recordId }) => recordId))]);
  const titles = new Map(records.map(({ id, title }) => [id, title]));
  return {
    ...ageing,
    stays: told.map((stay) => ({ ...stay, title: titles.get(stay.recordId) ?? stay.recordId })),
    at,
    total: ageing.stays.length,
  };
}
