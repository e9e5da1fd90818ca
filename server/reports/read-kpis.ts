/** The KPIs a process names, counted from its own facts in a period. */
import { clocksInPeriod, runsInPeriod, visitsInPeriod } from "@/db/queries/reports.ts";
import { handoffEvents, linkedRecords } from "@/db/queries/report-facts.ts";
import type { StoredEvent } from "@/server/engine/events.ts";
import type { Process } from "@/server/engine/process.ts";
import { meanOpenDay, openTime } from "@/server/engine/calendar/calendar.ts";
import { type KpiReading, readKpi } from "@/server/kpis/evaluate.ts";
import type { KpiClock, KpiFacts, KpiVisit } from "@/server/kpis/facts.ts";
import { handoffFormulas, type HandoffFact, handoffsOf, receiversOf } from "@/server/kpis/handoffs.ts";
import { recordAt } from "@/server/commands/load-world.ts";
import type { Row } from "@/db/store.ts";
import { measureVisits } from "./bottlenecks.ts";
import { measureVisit, type VisitFacts } from "./measure.ts";
import { type ReportContext, type ReportDeps, type ReportQuery, reportContext, visitFacts } from "./report-context.ts";

export type KpiQuery = Pick<ReportQuery, "process" | "from" | "to" | "versions" | "owner">;
export type ProcessKpis = {
  from: number;
  to: number;
  list: KpiReading[];
  names: Record<string, string>;
};

export async function readKpis(
  deps: ReportDeps,
  workspaceId: string,
  query: KpiQuery,
  now: number,
): Promise<ProcessKpis | null> {
  const found = await reportContext(deps, workspaceId, query, now);
  if (!found) return null;
  const { document } = found;
  const facts = document.kpis.length ? await kpiFacts(deps, workspaceId, query, now, found) : null;
  return {
    from: query.from,
    to: query.to,
    list: facts ? document.kpis.map(({ kpi, node, target }) => readKpi(kpi, node ?? null, target, facts)) : [],
    names: Object.fromEntries(document.nodes.map((n) => [n.id, n.name || n.id])),
  };
}

export type LiveKpi = Pick<KpiReading, "key" | "label" | "value" | "unit" | "target" | "state" | "n">;

/** The KPIs that stand on steps, by step: what a card of the drawing shows. */
export function kpisByNode({ list }: ProcessKpis): Record<string, LiveKpi[]> {
  const steps: Record<string, LiveKpi[]> = {};
  for (const { node, key, label, value, unit, target, state, n } of list)
    if (node) (steps[node] ??= []).push({ key, label, value, unit, target, state, n });
  return steps;
}

async function kpiFacts(
  deps: ReportDeps,
  workspaceId: string,
  query: KpiQuery,
  now: number,
  { context, document, calendarOf, defaultValue }: ReportContext,
): Promise<KpiFacts> {
  const [visitRows, everyClock, everyRun] = await Promise.all([
    visitsInPeriod(deps.store, workspaceId, query),
    clocksInPeriod(deps.store, workspaceId, query),
    runsInPeriod(deps.store, workspaceId, query),
  ]);
  const to = Math.min(query.to, now);
  const visits = visitRows.map(visitFacts).filter((v) => !v.skipped && (!query.owner || v.owner === query.owner));
  // Somebody's own figures: of the runs they worked in.
  const own = query.owner ? new Set(visits.map((v) => v.runId)) : null;
  const runs = everyRun.filter((r) => !own || own.has(r.id));
  const clockRows = everyClock.filter((c) => !own || own.has(c.runId));
  const inPeriod = measureVisits({ visits, clocks: [], calendarOf, from: query.from, to, now, defaultValue });
  const records = await linkedRecords(deps.store, workspaceId, [...new Set(runs.map((r) => r.recordId))]);
  const asksHandoffs = document.kpis.some(({ kpi }) => kpi in handoffFormulas);
  const handedOver = asksHandoffs
    ? await handoffEvents(
        deps.store,
        workspaceId,
        runs.map(({ id }) => id),
        to,
      )
    : [];
  // The process's own hours, in the workspace's zone: for spans that belong to no visit.
  const hours = calendarOf(ofProcess(document, context.zone));
  return {
    from: query.from,
    to,
    now,
    visits: inPeriod.map(({ visit, delay }) => kpiVisit(visit, delay, to)),
    runs: runs.map((r) => ({
      id: r.id,
      recordId: r.recordId,
      startedAt: r.startedAt,
      endedAt: r.endedAt ?? null,
      status: r.status,
      outcome: r.outcome ?? null,
    })),
    clocks: clockRows.map(kpiClock),
    handoffs: handoffsOf(handedOver.flatMap(handoffFact)),
    receivers: receiversOf(document),
    // A record is of now, whatever the period; so are the days it counts.
    records: records.map((r) => recordAt(context.model, r, now)),
    onwards: onwards(document),
    asks: asks(document),
    open: (from, until) => openTime(hours, from, until),
    businessDay: meanOpenDay(hours),
  };

  function kpiVisit(visit: VisitFacts, delay: number, until: number): KpiVisit {
    const calendar = calendarOf(visit);
    const end = visit.leftAt ?? until;
    const times = measureVisit(visit, calendar, [visit.enteredAt, Math.max(end, visit.enteredAt)], until);
    const pauses = visit.pausedAt === null ? visit.pauses : [...visit.pauses, [visit.pausedAt, end] as const];
    return {
      runId: visit.runId,
      recordId: visit.recordId,
      node: visit.node,
      kind: visit.kind,
      enteredAt: visit.enteredAt,
      leftAt: visit.leftAt,
      cancelled: visit.cancelled,
      rework: visit.rework,
      outcome: visit.outcome,
      byHand: visit.kind === "task" || visit.kind === "approval",
      queue: times.queue,
      touch: times.touch,
      blocked: times.blocked,
      cycle: times.cycle,
      businessDay: times.businessDay,
      paused: pauses.reduce((sum, [from, to]) => sum + (to - from), 0),
      delay,
    };
  }
}

function handoffFact(event: StoredEvent): HandoffFact[] {
  const { seq, stream } = event;
  const of = { runId: stream.id, seq };
  switch (event.type) {
    case "HandoffSubmitted": {
      const { edge, token } = event.data;
      return [{ ...of, type: event.type, at: event.due ?? event.at, edge, token }];
    }
    case "HandoffAccepted":
    case "HandoffRejected": {
      const { edge, token } = event.data;
      return [{ ...of, type: event.type, at: event.due ?? event.at, edge, token }];
    }
    case "WorkUndone":
      return [{ ...of, type: event.type, undone: event.data.undone }];
    default:
      return [];
  }
}

function kpiClock(row: Row<"slaClock">): KpiClock {
  const { startedAt, dueAt, breachedAt, stoppedAt } = row;
  const ran = breachedAt != null && stoppedAt != null && dueAt != null && dueAt > startedAt;
  return {
    node: row.node ?? null,
    state: row.state,
    dueAt: dueAt ?? null,
    breachedAt: breachedAt ?? null,
    stoppedAt: stoppedAt ?? null,
    overrun: ran ? (100 * (stoppedAt - dueAt)) / (dueAt - startedAt) : null,
  };
}

/** A stand-in for what belongs to no visit: measured in the calendar that most steps of the process use. */
function ofProcess(document: Process, zone: string): VisitFacts {
  const uses = new Map<string, number>();
  for (const node of document.nodes)
    for (const sla of node.slas ?? []) {
      const calendar = document.slas[sla]?.calendar;
      if (calendar) uses.set(calendar, (uses.get(calendar) ?? 0) + 1);
    }
  const [calendar] = [...uses].sort(([, a], [, b]) => b - a)[0] ?? [null];
  return {
    runId: "",
    visit: "",
    recordId: "",
    node: "",
    kind: "task",
    version: 0,
    owner: null,
    enteredAt: 0,
    startedAt: null,
    leftAt: null,
    pausedAt: null,
    pauses: [],
    touchMs: 0,
    skipped: false,
    cancelled: false,
    rework: false,
    startRecorded: true,
    valueAtRisk: null,
    breachedAt: null,
    dueAt: null,
    calendar,
    zone,
    outcome: null,
  };
}

/** For each step, the steps behind it from which an end that counts as success can still be reached; rework left out. */
function onwards(document: Process): Map<string, Set<string>> {
  const out = new Map<string, string[]>();
  const into = new Map<string, string[]>();
  for (const edge of document.edges) {
    if (edge.rework) continue;
    out.set(edge.from, [...(out.get(edge.from) ?? []), edge.to]);
    into.set(edge.to, [...(into.get(edge.to) ?? []), edge.from]);
  }
  const reach = (starts: readonly string[], ways: Map<string, string[]>) => {
    const seen = new Set<string>();
    for (const todo = [...starts]; todo.length; )
      for (const next of ways.get(todo.pop()!) ?? [])
        if (!seen.has(next)) {
          seen.add(next);
          todo.push(next);
        }
    return seen;
  };
  const good = document.nodes.filter((n) => n.kind === "end" && n.config?.outcome === "success").map((n) => n.id);
  const canEndWell = reach(good, into);
  return new Map(
    document.nodes.map(({ id }) => [
      id,
      new Set([...reach([id], out)].filter((next) => next !== id && canEndWell.has(next))),
    ]),
  );
}

function asks(document: Process): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const node of document.nodes)
    for (const { field } of node.form ? (document.forms[node.form]?.fields ?? []) : [])
      found.set(field, (found.get(field) ?? new Set()).add(node.id));
  return found;
}
