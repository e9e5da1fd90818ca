/** The four figures above a report, each with the period before and its course in a dozen points. */
import type { ClockFacts } from "./bottlenecks.ts";
import type { VisitFacts } from "./measure.ts";
import { ascending, percentile } from "./statistics.ts";
import { dayMs } from "@/server/engine/calendar/zone.ts";

export type RunFacts = { startedAt: number; endedAt: number | null; status: string };
export type Tile = {
  value: number | null;
  before: number | null;
  /** What was counted. */
  n: number;
  /** Oldest first; a gap where there was too little. */
  points: (number | null)[];
};
export type ReportTiles = {
  throughput: Tile;
  /** Days of 24 h. */
  cycle: Tile & { p85: number | null };
  sla: Tile & { breached: number };
  /** Value at risk in open tasks and approvals that wait for us, not for the customer. */
  waiting: Tile;
};
type Facts = { runs: readonly RunFacts[]; clocks: readonly ClockFacts[]; visits: readonly VisitFacts[] };

/** `facts` reach back over the period before as well. */
export function reportTiles(facts: Facts, { from, to, now }: { from: number; to: number; now: number }): ReportTiles {
  const length = to - from;
  const count = Math.max(2, Math.min(12, Math.round(length / dayMs)));
  const parts = Array.from({ length: count }, (_, i): [number, number] => [
    from + (length * i) / count,
    from + (length * (i + 1)) / count,
  ]);
  const ended = (span: readonly [number, number]) =>
    facts.runs.filter((r) => r.status === "completed" && inside(r.endedAt, span));
  const days = (span: readonly [number, number]) =>
    ascending(ended(span).map((r) => (r.endedAt! - r.startedAt) / dayMs));
  const median = (sorted: number[], p: number) => (sorted.length < 5 ? null : percentile(sorted, p));
  const [period, before] = [[from, to] as const, [from - length, from] as const];
  const sla = attainment(facts.clocks, period, now);
  return {
    throughput: {
      value: ended(period).length,
      before: ended(before).length,
      n: ended(period).length,
      points: parts.map((part) => ended(part).length),
    },
    cycle: {
      value: median(days(period), 0.5),
      p85: median(days(period), 0.85),
      before: median(days(before), 0.5),
      n: days(period).length,
      points: parts.map((part) => median(days(part), 0.5)),
    },
    sla: {
      value: sla.share,
      before: attainment(facts.clocks, before, now).share,
      n: sla.n,
      breached: sla.n - sla.met,
      points: parts.map((part) => attainment(facts.clocks, part, now).share),
    },
    waiting: {
      value: waitingAt(facts.visits, Math.min(to, now)).value,
      before: waitingAt(facts.visits, from).value,
      n: waitingAt(facts.visits, Math.min(to, now)).n,
      points: parts.map(([, end]) => waitingAt(facts.visits, Math.min(end, now)).value),
    },
  };
}

const inside = (at: number | null, [from, to]: readonly [number, number]): boolean =>
  at !== null && at >= from && at < to;

/** Clocks that ended in the span, and those still open past their time at its end. */
function attainment(clocks: readonly ClockFacts[], span: readonly [number, number], now: number) {
  const end = Math.min(span[1], now);
  let [met, n] = [0, 0];
  for (const clock of clocks) {
    if (clock.state === "cancelled") continue;
    if (inside(clock.stoppedAt, span)) {
      n++;
      if (clock.breachedAt === null) met++;
    } else if (
      (clock.stoppedAt === null || clock.stoppedAt >= span[1]) &&
      (inside(clock.breachedAt, span) || (clock.stoppedAt === null && clock.dueAt !== null && clock.dueAt < end)) &&
      clock.startedAt < end
    )
      n++;
  }
  return { met, n, share: n > 0 ? met / n : null };
}

function waitingAt(visits: readonly VisitFacts[], at: number) {
  const open = visits.filter(
    (v) =>
      (v.kind === "task" || v.kind === "approval") &&
      v.enteredAt <= at &&
      (v.leftAt === null || v.leftAt > at) &&
      !v.pauses.some(([from, to]) => from <= at && at < to) &&
      (v.pausedAt === null || v.pausedAt > at),
  );
  return { n: open.length, value: open.reduce((sum, v) => sum + (v.valueAtRisk ?? 0), 0) };
}
