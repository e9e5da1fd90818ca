import { type EventLog } from "@/server/interop/log.ts";
import { type Case, casesOf } from "./cases.ts";
import { byCodePoint, byCodePoints } from "./code-point-order.ts";
import { type Spread, quantile, spreadOf } from "./spread.ts";
import { type Throughput, throughputOf } from "./throughput.ts";

/** One activity of the log. Times in ms; an absent spread is one nobody measured. */
export type ActivityStatistics = {
  events: number;
  cases: number;
  /** Events beyond the first of each case. */
  reworkEvents: number;
  /** Cases in which it occurs more than once. */
  reworkCases: number;
  maxPerCase: number;
  /** Times it directly followed itself. */
  directRepetitions: number;
  /** Its completion minus that of the event before it in the case; the first event of a case has none. */
  elapsed?: Spread;
  /** Where the log has starts: start minus the latest completion of any earlier event of the case, at least 0. */
  waiting?: Spread;
  /** Where the log has starts: completion minus start. */
  processing?: Spread;
};

/** `to` directly after `from` within a case. Times in ms: start (or completion) of `to` minus completion of `from`. */
export type DirectlyFollows = {
  from: string;
  to: string;
  count: number;
  mean: number;
  median: number;
  min: number;
  max: number;
  p90: number;
  /** Overlaps counted as 0; only where the log has starts. */
  meanAtLeastZero?: number;
};

export type Variant = { activities: string[]; count: number };

export type LogStatistics = {
  cases: number;
  events: number;
  firstAt: number;
  lastAt: number;
  /** The log gives a start of its own for its events. */
  hasStarts: boolean;
  startActivities: Record<string, number>;
  endActivities: Record<string, number>;
  activities: Record<string, ActivityStatistics>;
  directlyFollows: DirectlyFollows[];
  variants: { count: number; singletons: number; top: Variant[]; coverage: (top: number) => number };
  eventsPerCase: { min: number; median: number; mean: number; max: number };
  /** Latest completion minus earliest start (or completion). */
  caseDuration: Spread;
  rework: { cases: number; share: number; events: number };
  throughput: Throughput;
};

/**
 * What a log says of its process: how often, in which order and how long, all in elapsed (wall clock) time. Only completions
 * count; names are sorted by how often they occur, then by code point. Undefined for a log without completions.
 */
export function logStatistics(log: EventLog, options: { topVariants?: number } = {}): LogStatistics | undefined {
  const cases = casesOf(log);
  if (cases.length === 0) return undefined;
  const tally = createTally();
  for (const one of cases) tally.add(one);
  const lengths = cases.map((one) => one.events.length).sort((a, b) => a - b);
  const events = lengths.reduce((sum, length) => sum + length, 0);
  const hasStarts = cases.some((one) => one.events.some((event) => event.startAt !== undefined));
  const activities = tally.activities(hasStarts);
  const durations = spreadOf(cases.map((one) => one.endedAt - one.startedAt));
  if (!durations) return undefined;
  const reworked = cases.filter((one) => new Set(one.events.map((event) => event.activity)).size < one.events.length);
  return {
    cases: cases.length,
    events,
    firstAt: cases.reduce((first, one) => Math.min(first, one.startedAt), Number.POSITIVE_INFINITY),
    lastAt: cases.reduce((last, one) => Math.max(last, one.endedAt), Number.NEGATIVE_INFINITY),
    hasStarts,
    startActivities: counted(tally.starts),
    endActivities: counted(tally.ends),
    activities,
    directlyFollows: tally.directlyFollows(hasStarts),
    variants: variantsOf(cases, options.topVariants ?? 20),
    eventsPerCase: {
      min: lengths[0] ?? 0,
      median: quantile(lengths, 0.5),
      mean: events / cases.length,
      max: lengths[lengths.length - 1] ?? 0,
    },
    caseDuration: durations,
    rework: {
      cases: reworked.length,
      share: reworked.length / cases.length,
      events: Object.values(activities).reduce((sum, activity) => sum + activity.reworkEvents, 0),
    },
    throughput: throughputOf(cases),
  };
}

type ActivityTally = Omit<ActivityStatistics, "reworkEvents" | "elapsed" | "waiting" | "processing"> & {
  elapsed: number[];
  waiting: number[];
  processing: number[];
};
type EdgeTally = { from: string; to: string; gaps: number[] };

function createTally() {
  const activities = new Map<string, ActivityTally>();
  const edges = new Map<string, Map<string, EdgeTally>>();
  const starts = new Map<string, number>();
  const ends = new Map<string, number>();

  const add = ({ events }: Case) => {
    const here = new Map<string, number>();
    let latest = Number.NEGATIVE_INFINITY;
    for (const [i, event] of events.entries()) {
      const tally = activityOf(activities, event.activity);
      tally.events += 1;
      here.set(event.activity, (here.get(event.activity) ?? 0) + 1);
      const before = events[i - 1];
      if (before) {
        tally.elapsed.push(event.at - before.at);
        edgeOf(edges, before.activity, event.activity).gaps.push((event.startAt ?? event.at) - before.at);
        if (before.activity === event.activity) tally.directRepetitions += 1;
        if (event.startAt !== undefined) tally.waiting.push(Math.max(0, event.startAt - latest));
      }
      if (event.startAt !== undefined) tally.processing.push(event.at - event.startAt);
      latest = Math.max(latest, event.at);
    }
    for (const [name, count] of here) {
      const tally = activityOf(activities, name);
      tally.cases += 1;
      tally.reworkCases += count > 1 ? 1 : 0;
      tally.maxPerCase = Math.max(tally.maxPerCase, count);
    }
    const [first, last] = [events[0]?.activity, events[events.length - 1]?.activity];
    if (first !== undefined) starts.set(first, (starts.get(first) ?? 0) + 1);
    if (last !== undefined) ends.set(last, (ends.get(last) ?? 0) + 1);
  };
  return {
    add,
    starts,
    ends,
    activities: (hasStarts: boolean) => activityStatistics(activities, hasStarts),
    directlyFollows: (hasStarts: boolean) => followStatistics(edges, hasStarts),
  };
}

function activityStatistics(
  tallies: Map<string, ActivityTally>,
  hasStarts: boolean,
): Record<string, ActivityStatistics> {
  const sorted = [...tallies].sort(([a, x], [b, y]) => y.events - x.events || byCodePoint(a, b));
  return Object.fromEntries(
    sorted.map(([name, { elapsed, waiting, processing, ...counts }]) => {
      const spreads = { elapsed: spreadOf(elapsed), waiting: spreadOf(waiting), processing: spreadOf(processing) };
      return [
        name,
        {
          ...counts,
          reworkEvents: counts.events - counts.cases,
          ...(spreads.elapsed && { elapsed: spreads.elapsed }),
          ...(hasStarts && spreads.waiting && { waiting: spreads.waiting }),
          ...(hasStarts && spreads.processing && { processing: spreads.processing }),
        },
      ];
    }),
  );
}

function followStatistics(edges: Map<string, Map<string, EdgeTally>>, hasStarts: boolean): DirectlyFollows[] {
  const all = [...edges.values()].flatMap((targets) => [...targets.values()]);
  return all
    .map(({ from, to, gaps }) => {
      const sorted = Float64Array.from(gaps).sort();
      const count = gaps.length;
      return {
        from,
        to,
        count,
        mean: (spreadOf(gaps)?.sum ?? 0) / count,
        median: quantile(sorted, 0.5),
        min: quantile(sorted, 0),
        max: quantile(sorted, 1),
        p90: quantile(sorted, 0.9),
        ...(hasStarts && { meanAtLeastZero: gaps.reduce((sum, gap) => sum + Math.max(0, gap), 0) / count }),
      };
    })
    .sort((a, b) => b.count - a.count || byCodePoint(a.from, b.from) || byCodePoint(a.to, b.to));
}

function variantsOf(cases: readonly Case[], top: number): LogStatistics["variants"] {
  const byPath = new Map<string, Variant>();
  const numbers = new Map<string, number>();
  for (const { events } of cases) {
    const path = events.map(({ activity }) => numberOf(numbers, activity)).join(",");
    const known = byPath.get(path);
    if (known) known.count += 1;
    else byPath.set(path, { activities: events.map(({ activity }) => activity), count: 1 });
  }
  const variants = [...byPath.values()].sort((a, b) => b.count - a.count || byCodePoints(a.activities, b.activities));
  const coverage = (first: number) =>
    variants.slice(0, first).reduce((sum, variant) => sum + variant.count, 0) / cases.length;
  return {
    count: variants.length,
    singletons: variants.filter((variant) => variant.count === 1).length,
    top: variants.slice(0, top),
    coverage,
  };
}

function activityOf(tallies: Map<string, ActivityTally>, name: string): ActivityTally {
  const known = tallies.get(name);
  if (known) return known;
  const fresh: ActivityTally = {
    events: 0,
    cases: 0,
    reworkCases: 0,
    maxPerCase: 0,
    directRepetitions: 0,
    elapsed: [],
    waiting: [],
    processing: [],
  };
  tallies.set(name, fresh);
  return fresh;
}

function edgeOf(edges: Map<string, Map<string, EdgeTally>>, from: string, to: string): EdgeTally {
  const targets = edges.get(from) ?? new Map<string, EdgeTally>();
  if (targets.size === 0) edges.set(from, targets);
  const known = targets.get(to) ?? { from, to, gaps: [] };
  if (known.gaps.length === 0) targets.set(to, known);
  return known;
}

function numberOf(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name) ?? numbers.size;
  numbers.set(name, known);
  return known;
}

const counted = (counts: Map<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || byCodePoint(a, b)));
