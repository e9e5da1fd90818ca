/** A process's bottleneck report from the store: visits and clocks of the period, measured in their own calendars. */
import { and, desc, eq } from "drizzle-orm";
import { findRecords } from "@/db/queries/records.ts";
import { clocksInPeriod, runsInPeriod, visitsInPeriod } from "@/db/queries/reports.ts";
import type { Row, Store } from "@/db/store.ts";
import { resolveCalendar } from "@/server/commands/resolve-calendar.ts";
import type { Contexts, WorkspaceContext } from "@/server/commands/workspace-context.ts";
import { always, type BusinessCalendar } from "@/server/engine/calendar.ts";
import type { Process } from "@/server/engine/process.ts";
import { type BottleneckReport, bottlenecks } from "./bottlenecks.ts";
import { measureVisit, type VisitFacts } from "./measure.ts";
import { ascending, percentile } from "./statistics.ts";

export type ReportQuery = {
  process: string;
  from: number;
  to: number;
  versions?: number[] | undefined;
  weighting?: "value" | "time" | undefined;
  time?: "work" | "wall" | undefined;
};
export type ReportTiles = {
  throughput: number;
  throughputBefore: number;
  cycleP50: number | null;
  cycleP85: number | null;
  slaAttainment: number | null;
  slaCounted: number;
  valueWaiting: number;
  weeks: { at: number; completed: number }[];
};
export type Report = BottleneckReport & {
  tiles: ReportTiles;
  names: Record<string, { name: string; kind: string; role: string | null }>;
  currency: string;
  asOf: number;
  versions: number[];
};

type Deps = { store: Store; contexts: Contexts };

export async function readReport(
  { store, contexts }: Deps,
  workspaceId: string,
  query: ReportQuery,
  now: number,
): Promise<Report | null> {
  const context = await contexts.get(workspaceId, now);
  const document = await documentOf({ store, contexts }, workspaceId, query.process, context);
  if (!document) return null;
  const [visits, clocks, runs] = await Promise.all([
    visitsInPeriod(store, workspaceId, query),
    clocksInPeriod(store, workspaceId, query),
    runsInPeriod(store, workspaceId, { ...query, from: query.from - (query.to - query.from) }),
  ]);
  const calendarOf = calendars(context, document, query.time ?? "work");
  const report = bottlenecks({
    visits: visits.map(visitFacts),
    clocks: clocks.map((c) => ({
      node: c.node ?? null,
      sla: c.sla,
      startedAt: c.startedAt,
      dueAt: c.dueAt ?? null,
      breachedAt: c.breachedAt ?? null,
      stoppedAt: c.stoppedAt ?? null,
      state: c.state,
    })),
    calendarOf,
    from: query.from,
    to: query.to,
    now,
    defaultValue: defaultValueOf(context, document.recordType),
    ...(query.weighting && { weighting: query.weighting }),
  });
  const ended = runs.filter((r) => r.endedAt != null && r.status === "completed");
  const inPeriod = ended.filter((r) => r.endedAt! >= query.from && r.endedAt! < query.to);
  const days = ascending(inPeriod.map((r) => (r.endedAt! - r.startedAt) / 86_400_000));
  const met = report.rows.reduce((s, r) => s + r.slaMet, 0);
  const breached = report.rows.reduce((s, r) => s + r.slaBreached, 0);
  return {
    ...report,
    names: Object.fromEntries(
      document.nodes.map((n) => [
        n.id,
        { name: n.name, kind: n.kind, role: n.role ? (document.roles[n.role]?.name ?? n.role) : null },
      ]),
    ),
    currency: context.currency,
    asOf: now,
    versions: [...new Set(runs.map((r) => r.version))].sort((a, b) => b - a),
    tiles: {
      throughput: inPeriod.length,
      throughputBefore: ended.filter((r) => r.endedAt! < query.from).length,
      cycleP50: days.length < 5 ? null : percentile(days, 0.5),
      cycleP85: days.length < 5 ? null : percentile(days, 0.85),
      slaAttainment: met + breached ? met / (met + breached) : null,
      slaCounted: met + breached,
      valueWaiting: visits
        .filter((v) => v.leftAt == null && (v.kind === "task" || v.kind === "approval"))
        .reduce((s, v) => s + (v.valueAtRisk ?? 0), 0),
      weeks: weekly(
        inPeriod.map((r) => r.endedAt!),
        query,
      ),
    },
  };
}

export type VisitRow = {
  runId: string;
  recordId: string;
  visit: string;
  node: string;
  visitNo: number;
  owner: string | null;
  enteredAt: number;
  startedAt: number | null;
  leftAt: number | null;
  outcome: string | null;
  wait: number;
  cycle: number;
  blocked: number;
  value: number;
  assumed: boolean;
  delay: number;
  breached: boolean;
  title: string;
};

/** The visits behind a row of the report, the costliest first. Their delays add up to the row's. */
export async function visitsBehind(
  { store, contexts }: Deps,
  workspaceId: string,
  query: ReportQuery & { node: string },
  now: number,
  most = 500,
): Promise<{ rows: VisitRow[]; total: number; delay: number } | null> {
  const context = await contexts.get(workspaceId, now);
  const document = await documentOf({ store, contexts }, workspaceId, query.process, context);
  if (!document) return null;
  const calendarOf = calendars(context, document, query.time ?? "work");
  const until = Math.min(query.to, now);
  const found = (await visitsInPeriod(store, workspaceId, query)).filter((v) => v.node === query.node && !v.skipped);
  const measured = found.map((row) => {
    const facts = visitFacts(row);
    const times = measureVisit(facts, calendarOf(facts), [query.from, until], until);
    const value = query.weighting === "time" ? 1 : (facts.valueAtRisk ?? defaultValueOf(context, document.recordType));
    const day = times.businessDay;
    return {
      row,
      facts,
      value,
      wait: times.wait / day,
      cycle: times.cycle / day,
      blocked: times.blocked / day,
      delay: (times.wait / day) * value,
    };
  });
  measured.sort((a, b) => b.delay - a.delay || b.wait - a.wait);
  const shown = measured.slice(0, most);
  const titles = new Map(
    (await findRecords(store, workspaceId, [...new Set(shown.map((m) => m.row.recordId))])).map((r) => [r.id, r.title]),
  );
  return {
    total: measured.length,
    delay: measured.reduce((s, m) => s + m.delay, 0),
    rows: shown.map(({ row, facts, value, wait, cycle, blocked, delay }) => ({
      runId: row.runId,
      recordId: row.recordId,
      visit: row.visit,
      node: row.node,
      visitNo: row.visitNo,
      owner: row.owner ? (context.directory.people.get(row.owner)?.name ?? row.owner) : null,
      enteredAt: facts.enteredAt,
      startedAt: facts.startedAt,
      leftAt: facts.leftAt,
      outcome: row.outcome ?? null,
      wait,
      cycle,
      blocked,
      value,
      assumed: facts.valueAtRisk === null,
      delay,
      breached: facts.breachedAt !== null,
      title: titles.get(row.recordId) ?? row.recordId,
    })),
  };
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
});

async function documentOf(
  { store, contexts }: Deps,
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

/** The calendar a visit was measured in: the one it was entered under, in its zone; without one every hour counts. */
function calendars(
  context: WorkspaceContext,
  document: Process,
  time: "work" | "wall",
): (visit: VisitFacts) => BusinessCalendar {
  const keys = new Map(
    document.nodes.map((n) => [
      n.id,
      (n.slas ?? []).map((s) => document.slas[s]?.calendar).find((c) => c !== undefined),
    ]),
  );
  const byNode = new Map<string, BusinessCalendar>();
  return (visit) => {
    if (time === "wall") return always;
    let calendar = byNode.get(visit.node);
    if (!calendar) {
      const key = keys.get(visit.node);
      const definition = key
        ? (context.calendars.get(`${document.key}.${key}`)?.definition ??
          context.calendars.get(key)?.definition ??
          document.calendars[key])
        : undefined;
      const fixed = definition && !["record", "owner", "team", ""].includes(definition.zone);
      byNode.set(
        visit.node,
        (calendar =
          key && definition
            ? resolveCalendar(
                key,
                definition,
                fixed ? definition.zone : context.zone,
                definition.holidays === "by_country"
                  ? context.country
                  : definition.holidays === "none"
                    ? ""
                    : definition.holidays,
              )
            : always),
      );
    }
    return calendar;
  };
}

/** Value of a record that has none, by type: a setting of the workspace, else 0 (the row is flagged "assumed"). */
function defaultValueOf(context: WorkspaceContext, type: string): number {
  const defaults = context.settings.default_value_at_risk;
  const value =
    typeof defaults === "object" && defaults !== null ? (defaults as Record<string, unknown>)[type] : undefined;
  return typeof value === "number" ? value : 0;
}

function weekly(ends: number[], { from, to }: ReportQuery): { at: number; completed: number }[] {
  const week = 7 * 86_400_000;
  const count = Math.max(1, Math.min(60, Math.ceil((to - from) / week)));
  const weeks = Array.from({ length: count }, (_, i) => ({ at: to - (count - i) * week, completed: 0 }));
  for (const end of ends) {
    const i = Math.floor((end - weeks[0]!.at) / week);
    if (weeks[i]) weeks[i].completed++;
  }
  return weeks;
}
