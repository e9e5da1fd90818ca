/**
 * The bottleneck ranking (domain/reports, section 1):
 *
 *   delay_contributed(step) = Σ over visits overlapping the period of wait(v) × value at risk(v)   [currency × business days]
 *
 * equal to volume × value-weighted mean wait × mean value at risk; all three factors are given with the product. Ranked by it,
 * ties by SLA breaches, then by the age of work in progress.
 */
import type { BusinessCalendar } from "@/server/engine/calendar/calendar.ts";
import { type VisitFacts, type VisitTimes, measureVisit } from "./measure.ts";
import { dayMs } from "@/server/engine/calendar/zone.ts";
import { ascending, percentile, sumInterval } from "./statistics.ts";

export type ClockFacts = {
  node: string | null;
  sla: string;
  startedAt: number;
  dueAt: number | null;
  breachedAt: number | null;
  stoppedAt: number | null;
  state: string;
};

export type Bottleneck = {
  node: string;
  rank: number;
  /** Visits overlapping the period, arrivals and completions in it, open at its end. */
  n: number;
  arrivals: number;
  completions: number;
  wip: number;
  /** Business days. */
  wipAgeP50: number | null;
  wipAgeP90: number | null;
  delay: number;
  delayInterval: [number, number];
  share: number;
  /** Value-weighted mean wait in business days, and mean value at risk. n × meanWait × meanValue = delay. */
  meanWait: number;
  meanValue: number;
  /** Share of visits whose value was assumed from the workspace's default. */
  assumed: number;
  /** Business days of completed visits; null under n = 5. */
  waitP50: number | null;
  waitP85: number | null;
  cycleP50: number | null;
  cycleP85: number | null;
  /** Business days in total. */
  queue: number;
  touch: number;
  blocked: number;
  idle: number;
  flowEfficiency: number | null;
  slaMet: number;
  slaBreached: number;
  slaAttainment: number | null;
  /** Median time past due of the breached clocks that ended, in days of 24 h; null under n = 5. */
  overrunP50: number | null;
  /** Arrivals less completions, a week. */
  wipSlope: number;
  reworkRate: number | null;
  /** No start of work is recorded for some visits: touch is then part of queue. */
  startNotRecorded: boolean;
  /** Its interval overlaps the one before it by more than half. */
  tied: boolean;
  certainty: "low" | "fair" | "good";
};

export type BottleneckReport = {
  rows: Bottleneck[];
  total: number;
  n: number;
  records: number;
  open: number;
  from: number;
  to: number;
};

export type BottleneckInput = {
  visits: readonly VisitFacts[];
  clocks: readonly ClockFacts[];
  calendarOf: (visit: VisitFacts) => BusinessCalendar;
  from: number;
  to: number;
  now: number;
  /** Value for visits without one; they are flagged "assumed". */
  defaultValue: number;
  /** `time`: every value counts 1. */
  weighting?: "value" | "time";
  seed?: number;
  /** False where nobody looks at the intervals: drawing them is most of the work. */
  intervals?: boolean;
};

/** A visit with its times inside the period; `delay` in currency × business days. */
export type Measured = { visit: VisitFacts; times: VisitTimes; value: number; assumed: boolean; delay: number };

/** The visits that overlap the period, measured in it; skipped ones have no time. */
export function measureVisits(input: BottleneckInput): Measured[] {
  const until = Math.min(input.to, input.now);
  const measured: Measured[] = [];
  for (const visit of input.visits) {
    if (visit.skipped || visit.enteredAt >= input.to || (visit.leftAt !== null && visit.leftAt < input.from)) continue;
    const times = measureVisit(visit, input.calendarOf(visit), [input.from, until], until);
    const value = input.weighting === "time" ? 1 : (visit.valueAtRisk ?? input.defaultValue);
    const delay = (times.wait / times.businessDay) * value;
    measured.push({ visit, times, value, assumed: visit.valueAtRisk === null, delay });
  }
  return measured;
}

export function bottlenecks(input: BottleneckInput, measured = measureVisits(input)): BottleneckReport {
  const byNode = new Map<string, Measured[]>();
  const until = Math.min(input.to, input.now);
  for (const one of measured) {
    const list = byNode.get(one.visit.node);
    if (list) list.push(one);
    else byNode.set(one.visit.node, [one]);
  }
  const rows = [...byNode].map(([node, measured]) => row(node, measured, input, until));
  const total = rows.reduce((sum, r) => sum + r.delay, 0);
  rows.sort(
    (a, b) =>
      b.delay - a.delay ||
      b.slaBreached - a.slaBreached ||
      (b.wipAgeP90 ?? 0) - (a.wipAgeP90 ?? 0) ||
      (a.node < b.node ? -1 : 1),
  );
  rows.forEach((r, i) => {
    r.rank = i + 1;
    r.share = total > 0 ? r.delay / total : 0;
    const before = rows[i - 1];
    if (before && overlap(before.delayInterval, r.delayInterval) > 0.5) r.tied = before.tied = true;
  });
  const all = [...byNode.values()].flat();
  return {
    rows,
    total,
    n: all.length,
    records: new Set(all.map((m) => m.visit.recordId)).size,
    open: rows.reduce((s, r) => s + r.wip, 0),
    from: input.from,
    to: input.to,
  };
}

function row(node: string, measured: Measured[], input: BottleneckInput, until: number): Bottleneck {
  const contributions = measured.map((m) => m.delay);
  const delay = sum(contributions);
  const values = sum(measured.map((m) => m.value));
  const days = (pick: (t: VisitTimes) => number) => sum(measured.map((m) => pick(m.times) / m.times.businessDay));
  // Percentiles are of whole visits that ended in the period, however long before it they began.
  const ended = measured.filter(
    (m) => m.visit.leftAt !== null && m.visit.leftAt >= input.from && m.visit.leftAt < input.to && !m.visit.cancelled,
  );
  const whole = ended.map((m) =>
    measureVisit(m.visit, input.calendarOf(m.visit), [m.visit.enteredAt, m.visit.leftAt!], until),
  );
  const waits = ascending(whole.map((t) => t.wait / t.businessDay));
  const cycles = ascending(whole.map((t) => t.cycle / t.businessDay));
  const open = measured.filter((m) => m.visit.leftAt === null || m.visit.leftAt > until);
  const ages = ascending(
    open
      .map((m) =>
        measureVisit({ ...m.visit, leftAt: null }, input.calendarOf(m.visit), [m.visit.enteredAt, until], until),
      )
      .map((t) => t.cycle / t.businessDay),
  );
  const clocks = input.clocks.filter(
    (c) =>
      c.node === node &&
      c.state !== "cancelled" &&
      (c.stoppedAt === null || (c.stoppedAt >= input.from && c.stoppedAt < input.to)),
  );
  const breached = clocks.filter(
    (c) => c.breachedAt !== null || (c.stoppedAt === null && c.dueAt !== null && c.dueAt < until),
  ).length;
  const met = clocks.filter((c) => c.stoppedAt !== null && c.breachedAt === null).length;
  const overruns = ascending(
    clocks.flatMap((c) =>
      c.breachedAt !== null && c.stoppedAt !== null && c.dueAt !== null ? [(c.stoppedAt - c.dueAt) / dayMs] : [],
    ),
  );
  const arrivals = measured.filter((m) => m.visit.enteredAt >= input.from).length;
  const weeks = Math.max(1 / 7, (until - input.from) / (7 * dayMs));
  const runs = new Map<string, number>();
  for (const m of measured) runs.set(m.visit.runId, Math.max(runs.get(m.visit.runId) ?? 0, m.visit.rework ? 2 : 1));
  const touch = days((t) => t.touch);
  const cycle = days((t) => t.cycle);
  const n = measured.length;
  const enough = (sorted: number[], p: number) => (sorted.length < 5 ? null : percentile(sorted, p));
  return {
    node,
    rank: 0,
    n,
    arrivals,
    completions: ended.length,
    wip: open.length,
    wipAgeP50: enough(ages, 0.5),
    wipAgeP90: enough(ages, 0.9),
    delay,
    delayInterval: input.intervals === false ? [delay, delay] : sumInterval(contributions, input.seed ?? 1),
    share: 0,
    meanWait: values > 0 ? delay / values : 0,
    meanValue: n > 0 ? values / n : 0,
    assumed: n > 0 ? measured.filter((m) => m.assumed).length / n : 0,
    waitP50: enough(waits, 0.5),
    waitP85: enough(waits, 0.85),
    cycleP50: enough(cycles, 0.5),
    cycleP85: enough(cycles, 0.85),
    queue: days((t) => t.queue),
    touch,
    blocked: days((t) => t.blocked),
    idle: days((t) => t.idle),
    flowEfficiency: cycle > 0 ? touch / cycle : null,
    slaMet: met,
    slaBreached: breached,
    slaAttainment: met + breached > 0 ? met / (met + breached) : null,
    overrunP50: enough(overruns, 0.5),
    wipSlope: (arrivals - ended.length) / weeks,
    reworkRate: runs.size > 0 ? [...runs.values()].filter((v) => v > 1).length / runs.size : null,
    startNotRecorded: measured.some((m) => !m.visit.startRecorded),
    tied: false,
    certainty: n < 20 ? "low" : n < 100 ? "fair" : "good",
  };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Share of the narrower interval that lies inside the other. */
function overlap(a: [number, number], b: [number, number]): number {
  const shared = Math.min(a[1], b[1]) - Math.max(a[0], b[0]);
  const narrower = Math.min(a[1] - a[0], b[1] - b[0]);
  return narrower <= 0 ? 0 : Math.max(0, shared) / narrower;
}
