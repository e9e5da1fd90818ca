/**
 * Flow by step and day: what came in, what left, and what was there at the end of each day. Pure sums over counters of days
 * (server/engine/tally); times are elapsed time, the only one that a sum by days holds.
 */
import type { Row } from "@/db/store.ts";
import type { Process } from "@/server/engine/process.ts";
import { emptyTally, tallyChange, timeOfBucket } from "@/server/engine/tally.ts";
import { inDrawingOrder, takesTime } from "./drawn-steps.ts";

/** One step on one day, as `step_day` holds it, versions added up. */
export type StepDay = Pick<
  Row<"stepDay">,
  | "node"
  | "day"
  | "arrivals"
  | "reworks"
  | "completions"
  | "skips"
  | "cancellations"
  | "sojournMs"
  | "blockedMs"
  | "touchMs"
>;
export type StepTimes = { node: string; bucket: number; n: number };
export type FlowCounts = {
  /** In progress when the first day began, by step. */
  before: ReadonlyMap<string, number>;
  days: readonly StepDay[];
  times: readonly StepTimes[];
};
/** Local days since 1970-01-01, both included. `part`: how much of the last one has passed, 0 to 1. */
export type FlowPeriod = { first: number; last: number; part: number };

export type FlowStep = {
  node: string;
  arrivals: number;
  completions: number;
  skips: number;
  cancellations: number;
  /** Share of the arrivals that came in anew; null without any. */
  rework: number | null;
  /** In progress when the period began and when it ended; their difference is `net`. */
  wipStart: number;
  wipEnd: number;
  net: number;
  /** ms from entry to leaving of the completions, off by 1 % at most; null under n = 5. */
  p50: number | null;
  p85: number | null;
  /** Shares of the completions' elapsed time that were worked on, and blocked; null without any time. */
  touch: number | null;
  blocked: number | null;
  /** What left on a mean day since anything was in progress. */
  leavesADay: number;
  /** By day, the first one first: came in, left, and in progress at the end. */
  in: number[];
  out: number[];
  wip: number[];
};
export type FlowFinding =
  | { kind: "grew" | "fell"; node: string; by: number; arrivals: number; departures: number }
  /** No step moved by more than it scatters. */
  | { kind: "steady"; wip: number; net: number };
export type FlowReport = {
  first: number;
  last: number;
  /** How much of the last day has passed, 0 to 1. */
  part: number;
  /** In the order of the drawing. */
  steps: FlowStep[];
  /** Null where nothing was in any step. */
  finding: FlowFinding | null;
};

/** Percentiles of fewer are not shown. */
const few = 5;

export function flowOf(counts: FlowCounts, document: Process, period: FlowPeriod): FlowReport {
  const { first, last } = period;
  const days = groupBy(counts.days, (row) => row.node);
  const times = groupBy(counts.times, (row) => row.node);
  const nodes = new Set([...counts.before.keys(), ...days.keys()]);
  const steps = inDrawingOrder(document, nodes)
    .map((node) => stepOf(node, counts.before.get(node) ?? 0, days.get(node) ?? [], times.get(node) ?? [], period))
    .filter((step) => isShown(document, step));
  const began = beginOf(steps);
  const elapsed = Math.max(1, last - first - began + period.part);
  for (const step of steps) step.leavesADay = departures(step) / elapsed;
  return { first, last, part: period.part, steps, finding: findingOf(steps) };
}

function stepOf(
  node: string,
  before: number,
  days: readonly StepDay[],
  times: readonly StepTimes[],
  { first, last }: FlowPeriod,
): FlowStep {
  const length = last - first + 1;
  const came = new Array<number>(length).fill(0);
  const left = new Array<number>(length).fill(0);
  for (const row of days) {
    came[row.day - first]! += row.arrivals;
    left[row.day - first]! += row.completions + row.skips + row.cancellations;
  }
  let now = before;
  const wip = came.map((n, i) => (now += n - left[i]!));
  const sum = (of: (row: StepDay) => number) => days.reduce((total, row) => total + of(row), 0);
  const [arrivals, sojourn] = [sum((r) => r.arrivals), sum((r) => r.sojournMs)];
  const histogram = [...times].sort((a, b) => a.bucket - b.bucket);
  return {
    node,
    arrivals,
    completions: sum((r) => r.completions),
    skips: sum((r) => r.skips),
    cancellations: sum((r) => r.cancellations),
    rework: arrivals > 0 ? sum((r) => r.reworks) / arrivals : null,
    wipStart: before,
    wipEnd: now,
    net: now - before,
    p50: timeAt(histogram, 0.5),
    p85: timeAt(histogram, 0.85),
    touch: sojourn > 0 ? sum((r) => r.touchMs) / sojourn : null,
    blocked: sojourn > 0 ? sum((r) => r.blockedMs) / sojourn : null,
    leavesADay: 0,
    in: came,
    out: left,
    wip,
  };
}

const departures = (step: Pick<FlowStep, "completions" | "skips" | "cancellations">) =>
  step.completions + step.skips + step.cancellations;

/** An automation takes no time unless it waited over the end of a day; steps of earlier drawings count while something was in them. */
function isShown(document: Process, step: FlowStep): boolean {
  const held = step.wipStart > 0 || step.wip.some((n) => n > 0);
  const node = document.nodes.find(({ id }) => id === step.node);
  if (!node) return held;
  if (!takesTime(document, node)) return false;
  return held || (node.kind !== "automation" && (step.arrivals > 0 || departures(step) > 0));
}

/** Days from the first one until something was in a step: before that there was nothing to leave. */
function beginOf(steps: readonly FlowStep[]): number {
  if (steps.some((step) => step.wipStart > 0)) return 0;
  const days = steps.map((step) => step.in.findIndex((n) => n > 0)).filter((day) => day >= 0);
  return days.length > 0 ? Math.min(...days) : 0;
}

/**
 * The step that grew most, else the one that fell most. What is in progress in a step that neither fills up nor runs dry scatters by
 * about its root (M/G/∞: it is Poisson), a difference of two such counts by the root of their sum: a change of less than twice that, or
 * of less than three, is none.
 */
function findingOf(steps: readonly FlowStep[]): FlowFinding | null {
  if (steps.length === 0) return null;
  const real = steps.filter(({ net, wipStart, wipEnd }) => Math.abs(net) >= 3 && net * net >= 4 * (wipStart + wipEnd));
  const [grew] = [...real].sort((a, b) => b.net - a.net);
  const [fell] = [...real].sort((a, b) => a.net - b.net);
  const told = grew && grew.net > 0 ? grew : fell;
  if (!told) {
    const total = (of: (step: FlowStep) => number) => steps.reduce((sum, step) => sum + of(step), 0);
    return { kind: "steady", wip: total((s) => s.wipEnd), net: total((s) => s.net) };
  }
  const { node, net, arrivals } = told;
  return { kind: net > 0 ? "grew" : "fell", node, by: Math.abs(net), arrivals, departures: departures(told) };
}

/** Type 7 between the times that stand for the buckets; `histogram` ascending. */
function timeAt(histogram: readonly StepTimes[], p: number): number | null {
  const n = histogram.reduce((sum, row) => sum + row.n, 0);
  if (n < few) return null;
  const nth = (rank: number) => {
    let seen = 0;
    const row = histogram.find((row) => (seen += row.n) > rank);
    return timeOfBucket((row ?? histogram.at(-1)!).bucket);
  };
  const at = (n - 1) * p;
  const low = Math.floor(at);
  const a = nth(low);
  return a + (nth(Math.min(low + 1, n - 1)) - a) * (at - low);
}

/** The same counts from visits that overlap the days: those of them that the counters do not tell apart. */
export function countVisits(
  visits: readonly Row<"stepVisit">[],
  zone: string,
  { first, last }: Pick<FlowPeriod, "first" | "last">,
): FlowCounts {
  const tally = emptyTally();
  for (const visit of visits) tallyChange(tally, undefined, visit, zone);
  const before = new Map<string, number>();
  for (const row of tally.stepDay)
    if (row.day < first) before.set(row.node, (before.get(row.node) ?? 0) + row.arrivals - departures(row));
  const inside = ({ day }: { day: number }) => day >= first && day <= last;
  return { before, days: tally.stepDay.filter(inside), times: tally.stepTime.filter(inside) };
}

function groupBy<T>(rows: readonly T[], by: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(by(row));
    if (group) group.push(row);
    else groups.set(by(row), [row]);
  }
  return groups;
}
