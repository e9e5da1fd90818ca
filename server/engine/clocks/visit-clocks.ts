/** The clocks that count for a visit: its own, and those of its step. */
import type { Run, RunClock } from "../model.ts";

/** Whose clock it is; null where nothing is in its step. */
export const visitOf = (run: Run, clock: RunClock): string | null =>
  clock.visit ?? Object.values(run.visits).find((v) => v.node === clock.node)?.id ?? null;
const openClocksOf = (run: Run, visit: string) => Object.values(run.clocks).filter((c) => visitOf(run, c) === visit);

/** The earliest due instant among the visit's running clocks. */
export function dueOfVisit(run: Run, visit: string): number | undefined {
  const dues = openClocksOf(run, visit).flatMap((c) => c.clock.dueAt ?? []);
  return dues.length ? Math.min(...dues) : undefined;
}
/** When that clock becomes "at risk". */
export function riskOfVisit(run: Run, visit: string): number | undefined {
  const risks = openClocksOf(run, visit).flatMap((c) => c.clock.atRiskAt ?? []);
  return risks.length ? Math.min(...risks) : undefined;
}
