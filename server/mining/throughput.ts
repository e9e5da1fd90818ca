import { type Case } from "./cases.ts";

/** Cases started and ended per UTC week and month, and cases open at the beginning of each month the log touches. */
export type Throughput = {
  /** Keys are ISO 8601 weeks, "2026-W07". */
  startedPerWeek: Record<string, number>;
  endedPerWeek: Record<string, number>;
  /** Keys are "2026-02". */
  startedPerMonth: Record<string, number>;
  endedPerMonth: Record<string, number>;
  /** Keys are days, "2026-02-01". */
  openAtMonthStart: Record<string, number>;
};

export function throughputOf(cases: readonly Case[]): Throughput {
  const starts = cases.map((one) => one.startedAt);
  const ends = cases.map((one) => one.endedAt);
  return {
    startedPerWeek: countBy(starts, isoWeek),
    endedPerWeek: countBy(ends, isoWeek),
    startedPerMonth: countBy(starts, month),
    endedPerMonth: countBy(ends, month),
    openAtMonthStart: openAtMonthStart(cases),
  };
}

const day = 86_400_000;

/** The week of a day belongs to the year of its Thursday (ISO 8601). */
export function isoWeek(at: number): string {
  const days = Math.floor(at / day);
  // 1970-01-01 was a Thursday: day 0 of a week that began three days earlier.
  const thursday = days - ((((days + 3) % 7) + 7) % 7) + 3;
  const year = new Date(thursday * day).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(year, 0, 1) / day) / 7) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}

const month = (at: number): string => new Date(at).toISOString().slice(0, 7);

function countBy(instants: readonly number[], keyOf: (at: number) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const at of instants) {
    const key = keyOf(at);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Open = begun by then and not yet ended. The first month counts only if the log begins on its first day. */
function openAtMonthStart(cases: readonly Case[]): Record<string, number> {
  const open: Record<string, number> = {};
  const starts = Float64Array.from(cases, (one) => one.startedAt).sort();
  const ends = Float64Array.from(cases, (one) => one.endedAt).sort();
  const first = starts[0];
  const last = ends[ends.length - 1];
  if (first === undefined || last === undefined) return open;
  const begin = new Date(Math.floor(first / day) * day);
  let at = Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + (begin.getUTCDate() === 1 ? 0 : 1), 1);
  while (at <= last) {
    open[new Date(at).toISOString().slice(0, 10)] = countUpTo(starts, at) - countUpTo(ends, at);
    const now = new Date(at);
    at = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  }
  return open;
}

/** How many of the sorted values are ≤ the limit. */
function countUpTo(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
