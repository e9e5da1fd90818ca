/** A process's report from the store: the ranking, its four figures, and the sentences that say why. */
import { clocksInPeriod, runsInPeriod, visitsInPeriod } from "@/db/queries/reports.ts";
import { publishings, teamNames } from "@/db/queries/report-facts.ts";
import type { Row } from "@/db/store.ts";
import { type BottleneckReport, bottlenecks, type ClockFacts, measureVisits } from "./bottlenecks.ts";
import type { Driver } from "./drivers.ts";
import { type Insight, insight, patterns } from "./insights.ts";
import {
  hasLabel,
  labelling,
  type ReportContext,
  type ReportDeps,
  type ReportQuery,
  reportContext,
  visitFacts,
} from "./report-context.ts";
import { type ReportTiles, reportTiles } from "./tiles.ts";

export type StepNames = Record<string, { name: string; kind: string; role: string | null }>;
export type Report = BottleneckReport & {
  /** What ranks; `valued` is false when it could only be time. */
  weighting: "value" | "time";
  valued: boolean;
  /** Only the reader's own work is counted. */
  own: boolean;
  tiles: ReportTiles;
  /** The period before, by step: what the arrows compare with. */
  before: Record<string, { delay: number; waitP50: number | null; n: number }>;
  /** One for each of the three steps that cost the most. */
  insights: Insight[];
  /** What holds across all steps. */
  patterns: (Driver & { times: number })[];
  names: StepNames;
  /** What dimension values are called: people and teams by name. */
  labels: Record<string, string>;
  currency: string;
  zone: string;
  asOf: number;
  versions: { version: number; note: string; publishedAt: number }[];
};

export async function readReport(
  deps: ReportDeps,
  workspaceId: string,
  query: ReportQuery,
  now: number,
): Promise<Report | null> {
  const found = await reportContext(deps, workspaceId, query, now);
  if (!found) return null;
  const { context, calendarOf, defaultValue } = found;
  const wide = { ...query, from: query.from - (query.to - query.from) };
  const [visitRows, clockRows, runs, versions, teams] = await Promise.all([
    visitsInPeriod(deps.store, workspaceId, wide),
    clocksInPeriod(deps.store, workspaceId, wide),
    runsInPeriod(deps.store, workspaceId, wide),
    publishings(deps.store, workspaceId, query.process),
    teamNames(deps.store, workspaceId),
  ]);
  const every = visitRows.map(visitFacts).filter((v) => !query.owner || v.owner === query.owner);
  const labelsOf = await labelling(deps, workspaceId, found, every);
  const visits = every.filter(hasLabel(query.segment, labelsOf));
  const narrowed = query.owner !== undefined || query.segment !== undefined;
  const kept = new Set(visits.map((v) => `${v.runId}/${v.visit}`));
  const keptRuns = new Set(visits.map((v) => v.runId));
  const clocks = clockRows
    .filter((c) => !narrowed || (c.visit ? kept.has(`${c.runId}/${c.visit}`) : keptRuns.has(c.runId)))
    .map(clockFacts);
  // Where no record has a value, or none is assumed, every product would be nothing: then time alone ranks.
  const valued = defaultValue > 0 || visits.some((v) => (v.valueAtRisk ?? 0) > 0);
  const weighting = valued ? (query.weighting ?? "value") : "time";
  const input = {
    visits,
    clocks,
    calendarOf,
    from: query.from,
    to: query.to,
    now,
    defaultValue,
    weighting,
  };
  const measured = measureVisits(input);
  const report = bottlenecks(input, measured);
  const earlier = bottlenecks({ ...input, from: wide.from, to: query.from, intervals: false });
  const before = Object.fromEntries(earlier.rows.map(({ node, delay, waitP50, n }) => [node, { delay, waitP50, n }]));
  const names = stepNames(found);
  return {
    ...report,
    weighting,
    valued,
    own: query.owner !== undefined,
    before,
    tiles: reportTiles(
      {
        runs: runs
          .filter((r) => !narrowed || keptRuns.has(r.id))
          .map((r) => ({ startedAt: r.startedAt, endedAt: r.endedAt ?? null, status: r.status })),
        clocks,
        visits,
      },
      { from: query.from, to: query.to, now },
    ),
    insights: report.rows
      .filter((row) => row.delay > 0)
      .slice(0, 3)
      .map((row) =>
        insight({
          row,
          kind: names[row.node]?.kind ?? "task",
          measured: measured.filter((m) => m.visit.node === row.node),
          labelsOf,
          waitBefore: before[row.node]?.waitP50 ?? null,
          to: Math.min(query.to, now),
        }),
      ),
    patterns: patterns(measured, labelsOf),
    names,
    labels: {
      ...Object.fromEntries([...context.directory.people.values()].map((p) => [`owner:${p.id}`, p.name])),
      ...Object.fromEntries(teams.map((team) => [`team:${team.id}`, team.name])),
    },
    currency: context.currency,
    zone: context.zone,
    asOf: now,
    versions,
  };
}

const stepNames = ({ document: { nodes, roles } }: ReportContext): StepNames =>
  Object.fromEntries(
    nodes.map((n) => [
      n.id,
      { name: n.name || n.id, kind: n.kind, role: n.role ? (roles[n.role]?.name ?? n.role) : null },
    ]),
  );

export const clockFacts = (c: Row<"slaClock">): ClockFacts => ({
  node: c.node ?? null,
  sla: c.sla,
  startedAt: c.startedAt,
  dueAt: c.dueAt ?? null,
  breachedAt: c.breachedAt ?? null,
  stoppedAt: c.stoppedAt ?? null,
  state: c.state,
});
