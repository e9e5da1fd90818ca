/** The value of a KPI on a process or one of its steps, or why there is none. */
import { cashFormulas } from "./cash-formulas.ts";
import { kpi as catalogued, meetsTarget, smallestSample } from "./catalogue.ts";
import type { KpiFacts, KpiFormula } from "./facts.ts";
import { flowFormulas } from "./flow-formulas.ts";
import { handoffFormulas } from "./handoffs.ts";
import { recordFormulas } from "./record-formulas.ts";

export const kpiFormulas: Readonly<Record<string, KpiFormula>> = {
  ...flowFormulas,
  ...handoffFormulas,
  ...recordFormulas,
  ...cashFormulas,
};

/** `nothing`: no fact of the period counts towards it. Others say which facts the product does not keep. */
export type WhyNot = "nothing" | "snapshots" | "cohorts" | "first_agreement" | "plans" | "unknown";
const missing: Readonly<Record<string, WhyNot>> = {
  slip_rate: "snapshots",
  cei: "snapshots",
  onboarding_on_time: "first_agreement",
  qualified_meetings_per_sdr: "plans",
  renewal_rate_value: "cohorts",
  renewal_on_time: "cohorts",
  renewal_engaged_90: "cohorts",
  save_rate: "cohorts",
  grr: "cohorts",
  nrr: "cohorts",
  logo_churn: "cohorts",
};

export type KpiReading = {
  key: string;
  label: { en: string; vi: string };
  definition: { en: string; vi: string };
  formula: string;
  unit: string;
  direction: "up" | "down" | "in_range";
  node: string | null;
  /** In the KPI's unit; null when it is not measured. */
  value: number | null;
  n: number;
  /** Fewer than twenty: said with little certainty. */
  few: boolean;
  target: { min?: number; max?: number } | null;
  state: "met" | "missed" | "no_target" | "not_measured";
  why: WhyNot | null;
};

/** `target`: the process's own, a single number whose side follows from the KPI's direction. */
export function readKpi(key: string, node: string | null, ownTarget: number | undefined, facts: KpiFacts): KpiReading {
  const known = catalogued(key);
  const direction = known?.direction ?? "up";
  const target =
    ownTarget === undefined || direction === "in_range"
      ? (known?.target ?? null)
      : direction === "up"
        ? { min: ownTarget }
        : { max: ownTarget };
  const figure = kpiFormulas[key]?.(facts, node) ?? null;
  const met = figure ? meetsTarget(figure.value, target) : null;
  return {
    key,
    label: known?.name ?? { en: key, vi: key },
    definition: known?.definition ?? { en: "", vi: "" },
    formula: known?.formula ?? "",
    unit: known?.unit ?? "",
    direction,
    node,
    value: figure?.value ?? null,
    n: figure?.n ?? 0,
    few: figure !== null && figure.n < smallestSample,
    target,
    state: !figure ? "not_measured" : met === null ? "no_target" : met ? "met" : "missed",
    why: figure ? null : key in kpiFormulas ? "nothing" : (missing[key] ?? "unknown"),
  };
}
