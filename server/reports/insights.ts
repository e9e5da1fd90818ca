/** Why a step waits, in the parts of a sentence: how the wait changed, what carries it, and which remedy the rules name. */
import type { Bottleneck, Measured } from "./bottlenecks.ts";
import { dayMs } from "@/server/engine/calendar/zone.ts";
import { type Driver, drivers } from "./drivers.ts";
import type { LabelsOf } from "./report-context.ts";
import { ascending, percentile } from "./statistics.ts";

/** Remedies in the order their rules are tried (domain/reports, cause hints); `figure` is the share the rule looked at. */
export type Hint = { rule: "capacity" | "batching" | "policy" | "rework" | "dependency" | "skill"; figure: number };
export type Growth = { since: "version" | "period"; version: number | null; ratio: number };
export type Insight = {
  node: string;
  records: number;
  /** Value at risk of those records, each counted once. */
  value: number;
  growth: Growth | null;
  drivers: Driver[];
  hint: Hint | null;
};

export type InsightInput = {
  row: Bottleneck;
  kind: string;
  measured: readonly Measured[];
  labelsOf: LabelsOf;
  /** Median wait in the period before, business days. */
  waitBefore: number | null;
  to: number;
};

export function insight({ row, kind, measured, labelsOf, waitBefore, to }: InsightInput): Insight {
  const worth = new Map<string, number>();
  for (const m of measured) worth.set(m.visit.recordId, Math.max(worth.get(m.visit.recordId) ?? 0, m.value));
  const found = drivers(measured.map((m) => ({ delay: m.delay, labels: labelsOf(m.visit) })));
  return {
    node: row.node,
    records: worth.size,
    value: [...worth.values()].reduce((a, b) => a + b, 0),
    growth: growthOf(measured, row.waitP50, waitBefore),
    drivers: found.slice(0, 5),
    hint: hintOf(row, kind, measured, found, to),
  };
}

/** Across all steps: each visit's wait against the mean of its step, so that a slow step does not speak for its weekday. */
export function patterns(measured: readonly Measured[], labelsOf: LabelsOf): (Driver & { times: number })[] {
  const steps = new Map<string, { n: number; wait: number }>();
  for (const m of measured) {
    const step = steps.get(m.visit.node) ?? { n: 0, wait: 0 };
    steps.set(m.visit.node, { n: step.n + 1, wait: step.wait + m.times.wait / m.times.businessDay });
  }
  const waiting = measured.filter((m) => m.times.wait > 0 && m.visit.kind !== "automation");
  const found = drivers(
    waiting.map((m) => {
      const step = steps.get(m.visit.node)!;
      const { weekday = null, pass = null } = labelsOf(m.visit);
      return { delay: m.times.wait / m.times.businessDay / (step.wait / step.n), labels: { weekday, pass } };
    }),
  );
  return found
    .filter((d) => d.driver)
    .map((d) => ({
      ...d,
      times: d.shareOfDelay / d.shareOfVisits / ((1 - d.shareOfDelay) / (1 - d.shareOfVisits)),
    }));
}

const fewest = 5;

function growthOf(measured: readonly Measured[], now: number | null, before: number | null): Growth | null {
  const versions = [...new Set(measured.map((m) => m.visit.version))].sort((a, b) => b - a);
  const [newest, older] = versions.map((version) => ({
    version,
    wait: medianWait(measured.filter((m) => m.visit.version === version && m.visit.leftAt !== null)),
  }));
  const change = (a: number | null, b: number | null) =>
    a !== null && b !== null && b > 0 && Math.abs(a / b - 1) >= 0.1 ? a / b : null;
  const since = change(newest?.wait ?? null, older?.wait ?? null);
  if (since !== null) return { since: "version", version: newest!.version, ratio: since };
  const ratio = versions.length > 1 ? null : change(now, before);
  return ratio === null ? null : { since: "period", version: null, ratio };
}

const medianWait = (measured: readonly Measured[]) =>
  measured.length < fewest ? null : percentile(ascending(measured.map((m) => m.times.wait / m.times.businessDay)), 0.5);

function hintOf(
  row: Bottleneck,
  kind: string,
  measured: readonly Measured[],
  found: readonly Driver[],
  to: number,
): Hint | null {
  const ahead = [1, 2, 3].map((week) => {
    const inWeek = (at: number | null) =>
      at !== null && at >= to - week * 7 * dayMs && at < to - (week - 1) * 7 * dayMs;
    const count = (pick: (m: Measured) => number | null) => measured.filter((m) => inWeek(pick(m))).length;
    return count((m) => m.visit.enteredAt) - count((m) => m.visit.leftAt);
  });
  if (ahead.every((more) => more > 0)) return { rule: "capacity", figure: ahead.reduce((a, b) => a + b, 0) };
  const weekday = found.find((d) => d.dimension === "weekday" && d.driver);
  if (weekday) return { rule: "batching", figure: weekday.shareOfDelay };
  const decided = measured.filter((m) => m.visit.leftAt !== null && m.visit.outcome !== null);
  const approved = decided.filter((m) => m.visit.outcome!.startsWith("approved")).length / decided.length;
  if (kind === "approval" && decided.length >= 20 && approved > 0.95) return { rule: "policy", figure: approved };
  const again = measured.filter((m) => m.visit.rework).reduce((sum, m) => sum + m.delay, 0);
  if (row.delay > 0 && again / row.delay >= 0.3) return { rule: "rework", figure: again / row.delay };
  const cycle = row.queue + row.touch + row.blocked + row.idle;
  if (cycle > 0 && row.blocked / cycle > 0.5) return { rule: "dependency", figure: row.blocked / cycle };
  const spread = touchSpread(measured);
  return spread !== null && spread > 3 ? { rule: "skill", figure: spread } : null;
}

/** P90 over P50 of the owners' median touch times. */
function touchSpread(measured: readonly Measured[]): number | null {
  const owners = new Map<string, number[]>();
  for (const { visit } of measured)
    if (visit.owner && visit.leftAt !== null && visit.touchMs > 0)
      owners.set(visit.owner, [...(owners.get(visit.owner) ?? []), visit.touchMs]);
  const medians = ascending(
    [...owners.values()].filter((list) => list.length >= fewest).map((list) => percentile(ascending(list), 0.5)!),
  );
  return medians.length < fewest ? null : percentile(medians, 0.9)! / percentile(medians, 0.5)!;
}
