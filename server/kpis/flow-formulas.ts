/** KPIs of any process, from its visits, runs and clocks. Formulas: the catalogue's. */
import { endedVisits, hourMs, type KpiFormula, type KpiVisit, median, percentOf, quantile, within } from "./facts.ts";

const minuteMs = 60_000;
const sum = (visits: readonly KpiVisit[], pick: (v: KpiVisit) => number) => visits.reduce((s, v) => s + pick(v), 0);
const share = (visits: readonly KpiVisit[], pick: (v: KpiVisit) => number) => {
  const cycle = sum(visits, (v) => v.cycle);
  return cycle > 0 ? { value: (100 * sum(visits, pick)) / cycle, n: visits.length } : null;
};
/** What sends work back or turns it down; everything else goes on. */
const turnedDown = /^(reject|return|incomplete|sent_back|declin|not_fit|not_now|disqualif)/;
export const isAccepted = (visit: KpiVisit): boolean => visit.outcome !== null && !turnedDown.test(visit.outcome);

export const flowFormulas: Readonly<Record<string, KpiFormula>> = {
  throughput: (facts, node) => {
    const days = facts.open(facts.from, facts.to) / facts.businessDay;
    const n = endedVisits(facts, node).length;
    return days > 0 ? { value: n / days, n } : null;
  },
  arrival_rate: (facts, node) => {
    const days = facts.open(facts.from, facts.to) / facts.businessDay;
    const n = facts.visits.filter((v) => (!node || v.node === node) && within(facts, v.enteredAt)).length;
    return days > 0 ? { value: n / days, n } : null;
  },
  wip: (facts, node) => {
    const n = openVisits(facts, node).length;
    return { value: n, n };
  },
  wip_age_p90: (facts, node) =>
    quantile(
      openVisits(facts, node).map((v) => v.cycle / hourMs),
      0.9,
    ),
  queue_time_median: (facts, node) => median(endedVisits(facts, node).map((v) => v.queue / hourMs)),
  touch_time_median: (facts, node) =>
    median(endedVisits(facts, node).flatMap((v) => (v.byHand ? [v.touch / minuteMs] : []))),
  blocked_time_share: (facts, node) => share(endedVisits(facts, node), (v) => v.blocked),
  flow_efficiency: (facts, node) => share(endedVisits(facts, node), (v) => v.touch),
  cycle_time_p50: (facts, node) => cycleTime(facts, node, 0.5),
  cycle_time_p90: (facts, node) => cycleTime(facts, node, 0.9),
  rework_rate: (facts, node) => {
    const visits = facts.visits.filter((v) => !node || v.node === node);
    const runs = new Map<string, boolean>();
    for (const v of visits) runs.set(v.runId, (runs.get(v.runId) ?? false) || v.rework);
    return percentOf([...runs.values()], (again) => again);
  },
  first_time_right: (facts) => {
    const again = new Set(facts.visits.filter((v) => v.rework).map((v) => v.runId));
    return percentOf(
      facts.runs.filter((r) => r.status === "completed" && within(facts, r.endedAt)),
      (r) => !again.has(r.id),
    );
  },
  abandonment_rate: (facts) =>
    percentOf(
      facts.runs.filter((r) => within(facts, r.startedAt)),
      (r) => r.status === "cancelled",
    ),
  sla_attainment: (facts, node) => {
    const clocks = facts.clocks.filter((c) => (!node || c.node === node) && c.state !== "cancelled");
    const met = clocks.filter((c) => within(facts, c.stoppedAt) && c.breachedAt === null).length;
    const breached = clocks.filter(
      (c) =>
        (within(facts, c.stoppedAt) && c.breachedAt !== null) ||
        (c.stoppedAt === null && c.dueAt !== null && c.dueAt < facts.to),
    ).length;
    return met + breached === 0 ? null : { value: (100 * met) / (met + breached), n: met + breached };
  },
  sla_breach_severity: (facts, node) =>
    median(
      facts.clocks.flatMap((c) =>
        (!node || c.node === node) && within(facts, c.stoppedAt) && c.overrun !== null ? [c.overrun] : [],
      ),
    ),
  automation_rate: (facts) => percentOf(endedVisits(facts, null), (v) => !v.byHand),
  delay_contributed: (facts, node) => {
    const visits = facts.visits.filter((v) => !node || v.node === node);
    return visits.length === 0 ? null : { value: sum(visits, (v) => v.delay), n: visits.length };
  },
  stage_duration_p50: (facts, node) =>
    median(endedVisits(facts, node).map((v) => (v.leftAt! - v.enteredAt) / (24 * hourMs))),
  /** The visit is one round; time with the counterparty is paused and left out. */
  legal_turnaround: (facts, node) =>
    median(endedVisits(facts, node).map((v) => (v.leftAt! - v.enteredAt - v.paused) / hourMs)),
  /** Without a step: every approval of the process. */
  approval_cycle_time: (facts, node) =>
    median(
      endedVisits(facts, node)
        .filter((v) => node !== null || v.kind === "approval")
        .map((v) => v.cycle / hourMs),
    ),
  approval_first_pass_rate: (facts, node) => firstPass(facts, node),
  /** Those that came into the step and left it again: went on to a step from which the process can still end well. */
  stage_conversion: (facts, node) => {
    if (node === null) return null;
    const later = facts.onwards.get(node) ?? new Set<string>();
    const won = new Set(facts.runs.filter((r) => r.outcome === "success").map((r) => r.id));
    const cohort = new Map<string, number>();
    for (const v of facts.visits)
      if (v.node === node && within(facts, v.enteredAt) && v.leftAt !== null)
        cohort.set(v.runId, Math.max(cohort.get(v.runId) ?? 0, v.leftAt));
    const reached = new Set(
      facts.visits
        .filter((v) => later.has(v.node) && v.enteredAt >= (cohort.get(v.runId) ?? Number.POSITIVE_INFINITY))
        .map((v) => v.runId),
    );
    return percentOf([...cohort.keys()], (run) => reached.has(run) || won.has(run));
  },
};

const openVisits: (facts: Parameters<KpiFormula>[0], node: string | null) => KpiVisit[] = (facts, node) =>
  facts.visits.filter(
    (v) => (!node || v.node === node) && v.enteredAt < facts.to && (v.leftAt === null || v.leftAt >= facts.to),
  );

function cycleTime(facts: Parameters<KpiFormula>[0], node: string | null, p: number) {
  if (node !== null)
    return quantile(
      endedVisits(facts, node).map((v) => v.cycle / v.businessDay),
      p,
    );
  const ended = facts.runs.filter((r) => r.status === "completed" && within(facts, r.endedAt));
  return quantile(
    ended.map((r) => facts.open(r.startedAt, r.endedAt!) / facts.businessDay),
    p,
  );
}

/** Runs decided at the step in the period whose every decision there was a yes. */
function firstPass(facts: Parameters<KpiFormula>[0], node: string | null) {
  const runs = new Map<string, boolean>();
  for (const v of endedVisits(facts, node))
    if (v.outcome !== null && (node !== null || v.kind === "approval"))
      runs.set(v.runId, (runs.get(v.runId) ?? true) && isAccepted(v) && !v.rework);
  return percentOf([...runs.values()], (first) => first);
}
