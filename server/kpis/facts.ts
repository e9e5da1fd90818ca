/** What KPIs are counted from: the visits, runs, clocks and records of one process in a period, already measured in time. */
import type { Values } from "@/server/engine/model.ts";

export type KpiVisit = {
  runId: string;
  recordId: string;
  node: string;
  kind: string;
  enteredAt: number;
  leftAt: number | null;
  cancelled: boolean;
  rework: boolean;
  outcome: string | null;
  byHand: boolean;
  /** Whole visit, ms of its calendar; `businessDay` is that calendar's. */
  queue: number;
  touch: number;
  blocked: number;
  cycle: number;
  businessDay: number;
  /** Closed and open pauses, ms of wall time. */
  paused: number;
  /** Currency × business days inside the period. */
  delay: number;
};
export type KpiRun = {
  id: string;
  recordId: string;
  startedAt: number;
  endedAt: number | null;
  status: string;
  outcome: string | null;
};
export type KpiClock = {
  node: string | null;
  state: string;
  dueAt: number | null;
  breachedAt: number | null;
  stoppedAt: number | null;
  /** Of the target, in percent, of a clock that ran over; null while that is not known. */
  overrun: number | null;
};
/** One handoff of a run with each time it was handed over; only the last can still be undecided. Times: epoch ms. */
export type KpiHandoff = {
  runId: string;
  edge: string;
  passes: { token: string; submittedAt: number; acceptedAt: number | null; rejectedAt: number | null }[];
};
export type KpiRecord = { id: string; type: string; createdAt: number; values: Values };

export type KpiFacts = {
  /** Epoch ms, `to` exclusive and not after `now`. */
  from: number;
  to: number;
  now: number;
  /** Visits that overlap the period. */
  visits: readonly KpiVisit[];
  runs: readonly KpiRun[];
  clocks: readonly KpiClock[];
  /** Of the runs, as far as they went by the end of the period; empty where no KPI of the process asks for them. */
  handoffs: readonly KpiHandoff[];
  /** Steps whose people may receive what an edge hands over, by edge. */
  receivers: ReadonlyMap<string, ReadonlySet<string>>;
  /** The runs' records and those that name them or that they name. */
  records: readonly KpiRecord[];
  /** Steps from which the process can still end well after this one, by step. */
  onwards: ReadonlyMap<string, ReadonlySet<string>>;
  /** Steps whose form asks for a field, by its path. */
  asks: ReadonlyMap<string, ReadonlySet<string>>;
  /** Open ms between two instants in the process's own hours, and of one business day. */
  open: (from: number, to: number) => number;
  businessDay: number;
};

/** `n`: what was counted. A figure of nothing is not a figure. */
export type KpiFigure = { value: number; n: number; steps?: readonly string[] };
export type KpiFormula = (facts: KpiFacts, node: string | null) => KpiFigure | null;

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** Linear interpolation (type 7). */
export function quantile(values: readonly number[], p: number): KpiFigure | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * p;
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return { value: low + (high - low) * (at - Math.floor(at)), n: sorted.length };
}
export const median = (values: readonly number[]) => quantile(values, 0.5);

/** Percent of `all` for which `holds`. */
export const percentOf = <T>(all: readonly T[], holds: (one: T) => boolean): KpiFigure | null =>
  all.length === 0 ? null : { value: (100 * all.filter(holds).length) / all.length, n: all.length };

export const within = ({ from, to }: Pick<KpiFacts, "from" | "to">, at: number | null | undefined): boolean =>
  at != null && at >= from && at < to;

/** Visits of the step, or of all steps, that ended in the period. */
export const endedVisits = (facts: KpiFacts, node: string | null): KpiVisit[] =>
  facts.visits.filter((v) => (!node || v.node === node) && !v.cancelled && within(facts, v.leftAt));

export const numberOf = (record: KpiRecord, field: string): number | null => {
  const value = record.values[field];
  return typeof value === "number" ? value : null;
};
export const textOf = (record: KpiRecord, field: string): string | null => {
  const value = record.values[field];
  return typeof value === "string" && value !== "" ? value : null;
};
/** An instant or a date, as epoch ms. */
export const instantOf = (record: KpiRecord, field: string): number | null => {
  const value = record.values[field];
  if (typeof value === "number") return value;
  const day = typeof value === "string" ? /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) : null;
  return day ? Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3])) : null;
};
