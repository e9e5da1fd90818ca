/** The KPI catalogue: what each figure is called, means and counts, and which of them this product can compute. */
import { cashKpis } from "./catalogue-cash.ts";
import { customersKpis } from "./catalogue-customers.ts";
import { dataKpis } from "./catalogue-data.ts";
import { flowKpis } from "./catalogue-flow.ts";
import { forecastKpis } from "./catalogue-forecast.ts";
import { leadsKpis } from "./catalogue-leads.ts";
import { offersKpis } from "./catalogue-offers.ts";
import { salesKpis } from "./catalogue-sales.ts";

export type KpiLevel = "step" | "process" | "team" | "company";
export type KpiUnit =
  | "visits/day"
  | "visits"
  | "business hours"
  | "calendar hours"
  | "business days"
  | "days"
  | "months"
  | "minutes"
  | "minutes/day"
  | "percent"
  | "percent of target"
  | "percentage points"
  | "ratio"
  | "points"
  | "versions"
  | "contacts/deal"
  | "meetings/month"
  | "base currency"
  | "base currency/day"
  | "base currency x business days";

export type WrittenKpi = {
  id: string;
  name: { en: string; vi: string };
  definition: { en: string; vi: string };
  levels: readonly KpiLevel[];
  unit: KpiUnit;
  /** Which way is better. */
  direction: "up" | "down" | "in_range";
  formula: string;
  /** In the KPI's unit, bounds included; null where it depends on the step, the process or a plan. */
  target: { min?: number; max?: number } | null;
  targetText: string;
};

export type KpiGroup = "flow" | "leads" | "sales" | "offers" | "customers" | "cash" | "forecast" | "data";

/**
 * `computable`: from this product's own visits, clocks and events. The others need figures it does not keep yet (quotas,
 * receivables, snapshots); screens may name them, but have no number to show.
 */
export type Kpi = WrittenKpi & { group: KpiGroup; computable: boolean };

/** Those that have a formula (evaluate.ts): from visits, runs, clocks and records. In the order of the catalogue. */
export const computableKpis: ReadonlySet<string> = new Set([
  "throughput",
  "arrival_rate",
  "wip",
  "wip_age_p90",
  "queue_time_median",
  "touch_time_median",
  "blocked_time_share",
  "flow_efficiency",
  "cycle_time_p50",
  "cycle_time_p90",
  "rework_rate",
  "first_time_right",
  "sla_attainment",
  "sla_breach_severity",
  "abandonment_rate",
  "automation_rate",
  "delay_contributed",
  "handoff_acceptance_rate",
  "handoff_time_median",
  "speed_to_lead",
  "lead_response_coverage",
  "mql_to_sal_rate",
  "meeting_booked_rate",
  "meeting_show_rate",
  "contact_rate",
  "sequence_reply_rate",
  "positive_reply_rate",
  "opt_out_rate",
  "win_rate_count",
  "win_rate_value",
  "sales_cycle_days",
  "stage_conversion",
  "stage_duration_p50",
  "stalled_deal_share",
  "meddicc_completeness",
  "average_discount",
  "quote_turnaround",
  "approval_cycle_time",
  "approval_first_pass_rate",
  "quote_revision_rate",
  "legal_turnaround",
  "order_fallout_rate",
  "close_to_order_hours",
  "handoff_to_kickoff_days",
  "time_to_go_live",
  "time_to_first_value",
  "invoice_timeliness",
  "invoice_accuracy",
  "dso",
  "overdue_share",
  "promise_kept_rate",
  "dispute_resolution_days",
  "bad_debt_rate",
  "quote_to_cash_days",
]);

const groups: readonly (readonly [KpiGroup, readonly WrittenKpi[]])[] = [
  ["flow", flowKpis],
  ["leads", leadsKpis],
  ["sales", salesKpis],
  ["offers", offersKpis],
  ["customers", customersKpis],
  ["cash", cashKpis],
  ["forecast", forecastKpis],
  ["data", dataKpis],
];

/** Every KPI, in the catalogue's order. */
export const kpiCatalogue: readonly Kpi[] = groups.flatMap(([group, kpis]) =>
  kpis.map((kpi) => ({ ...kpi, group, computable: computableKpis.has(kpi.id) })),
);

const byId = new Map(kpiCatalogue.map((kpi) => [kpi.id, kpi]));

export const kpi = (id: string): Kpi | null => byId.get(id) ?? null;

/** Below this many measurements a figure is shown greyed, never ranked. */
export const smallestSample = 20;

/** Whether a value meets a target; null when there is no target to meet. */
export function meetsTarget(
  value: number,
  target: { min?: number | undefined; max?: number | undefined } | null,
): boolean | null {
  if (!target || (target.min === undefined && target.max === undefined)) return null;
  return (target.min === undefined || value >= target.min) && (target.max === undefined || value <= target.max);
}
