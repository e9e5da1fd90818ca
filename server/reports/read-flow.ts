/** The flow of a process from its counters by days, or, where those do not hold what is asked for, from its visits. */
import { inProgressBefore, stepDays, stepTimes } from "@/db/queries/flow.ts";
import { visitsInPeriod } from "@/db/queries/reports.ts";
import { countedIn } from "@/db/queries/step-days.ts";
import { dayMs, localDay, startOfDay } from "@/server/engine/calendar/zone.ts";
import { countVisits, type FlowCounts, type FlowReport, flowOf } from "./flow.ts";
import {
  hasLabel,
  labelling,
  type ReportContext,
  type ReportDeps,
  type ReportQuery,
  reportContext,
  visitFacts,
} from "./report-context.ts";

export type Flow = FlowReport & {
  /** In whose days it is counted; instants of the first midnight and of the end. */
  zone: string;
  from: number;
  to: number;
  /** The period asked for did not begin and end with these days. */
  moved: boolean;
  /** The counters are made anew just now: these figures are read from the visits. */
  recounting: boolean;
  asOf: number;
};

export async function readFlow(
  deps: ReportDeps,
  workspaceId: string,
  query: ReportQuery,
  now: number,
): Promise<Flow | null> {
  const found = await reportContext(deps, workspaceId, query, now);
  if (!found) return null;
  const counted = await countedIn(deps.store, workspaceId);
  const zone = counted ?? found.context.zone;
  const period = wholeDays(zone, query, now);
  const kept = counted && !query.owner && !query.segment ? await fromCounters(deps, workspaceId, query, period) : null;
  // Counted anew while the sums were read: they may be of two zones.
  const stands = kept && (await countedIn(deps.store, workspaceId)) === counted;
  const counts = stands ? kept : await fromVisits(deps, workspaceId, query, found, zone, period);
  const { from, to } = period;
  return {
    ...flowOf(counts, found.document, period),
    zone,
    from,
    to,
    moved: period.moved,
    recounting: !counted || (kept !== null && !stands),
    asOf: now,
  };
}

type Days = { first: number; last: number; part: number; from: number; to: number; moved: boolean };
/** The furthest back: five years. */
const most = 5 * 366 * dayMs;

/**
 * Whole local days of a period: a day that it cuts at its beginning is left out, one that it cuts at its end is counted whole, today
 * up to now.
 */
export function wholeDays(zone: string, { from, to }: { from: number; to: number }, now: number): Days {
  const begin = Math.max(Math.min(from, now), now - most);
  const end = Math.min(to, now);
  const last = localDay(zone, Math.max(begin, end - 1));
  const cut = startOfDay(zone, localDay(zone, begin)) !== begin;
  const first = Math.min(localDay(zone, begin) + (cut ? 1 : 0), last);
  const [start, today, midnight] = [first, last, last + 1].map((day) => startOfDay(zone, day)) as [
    number,
    number,
    number,
  ];
  const until = Math.min(now, midnight);
  const part = Math.max(0, until - today) / (midnight - today);
  return { first, last, part, from: start, to: until, moved: start !== from || (to < now && to !== until) };
}

async function fromCounters(
  { store }: ReportDeps,
  workspaceId: string,
  { process, versions }: ReportQuery,
  { first, last }: Days,
): Promise<FlowCounts> {
  const filter = { process, first, last, versions };
  const [before, days, times] = await Promise.all([
    inProgressBefore(store, workspaceId, filter),
    stepDays(store, workspaceId, filter),
    stepTimes(store, workspaceId, filter),
  ]);
  return { before, days, times };
}

/** A visit that ended before the first day came in and left: it adds nothing to what was in progress then. */
async function fromVisits(
  deps: ReportDeps,
  workspaceId: string,
  { process, versions, owner, segment }: ReportQuery,
  found: ReportContext,
  zone: string,
  period: Days,
): Promise<FlowCounts> {
  const to = startOfDay(zone, period.last + 1);
  const rows = await visitsInPeriod(deps.store, workspaceId, { process, versions, from: period.from, to });
  const own = rows.filter((row) => !owner || row.owner === owner);
  if (!segment) return countVisits(own, zone, period);
  const facts = own.map(visitFacts);
  const has = hasLabel(segment, await labelling(deps, workspaceId, found, facts));
  const kept = own.filter((_, i) => has(facts[i]!));
  return countVisits(kept, zone, period);
}
