/** KPIs of onboarding and receivables, from subscriptions, orders and invoices. Formulas: the catalogue's. */
import {
  dayMs,
  instantOf,
  type KpiFacts,
  type KpiFormula,
  type KpiRecord,
  median,
  numberOf,
  percentOf,
  textOf,
  within,
} from "./facts.ts";

const ofType = (facts: KpiFacts, type: string) => facts.records.filter((r) => r.type === type);
const sumOf = (records: readonly KpiRecord[], field: string) =>
  records.reduce((sum, r) => sum + (numberOf(r, field) ?? 0), 0);
const issuedIn = (facts: KpiFacts) => ofType(facts, "invoice").filter((r) => within(facts, instantOf(r, "issue_date")));

/** From the order's mark to the subscription's, in days, where the latter lies in the period. */
const sinceOrder = (facts: KpiFacts, from: string, to: string) => {
  const orders = new Map(ofType(facts, "order").map((r) => [r.id, r]));
  return median(
    ofType(facts, "subscription").flatMap((r) => {
      const order = orders.get(textOf(r, "order_id") ?? "");
      const [start, end] = [order ? instantOf(order, from) : null, instantOf(r, to)];
      return start !== null && end !== null && within(facts, end) && end >= start ? [(end - start) / dayMs] : [];
    }),
  );
};

export const cashFormulas: Readonly<Record<string, KpiFormula>> = {
  time_to_go_live: (facts) => sinceOrder(facts, "activated_at", "go_live_at"),
  time_to_first_value: (facts) => sinceOrder(facts, "booked_at", "first_value_at"),
  handoff_to_kickoff_days: (facts) => {
    const orders = new Map(ofType(facts, "order").map((r) => [r.id, r]));
    const deals = new Map(ofType(facts, "opportunity").map((r) => [r.id, r]));
    return median(
      ofType(facts, "subscription").flatMap((r) => {
        const deal = deals.get(textOf(orders.get(textOf(r, "order_id") ?? "") ?? r, "opportunity_id") ?? "");
        const [closed, held] = [deal ? instantOf(deal, "closed_at") : null, instantOf(r, "kickoff_date")];
        const counts = r.values.kickoff_held === true && closed !== null && held !== null && within(facts, held);
        return counts && held >= closed ? [facts.open(closed, held) / facts.businessDay] : [];
      }),
    );
  },
  dso: (facts) => {
    const days = (facts.to - facts.from) / dayMs;
    const [issued, sold] = [ofType(facts, "invoice"), issuedIn(facts)];
    const sales = sumOf(sold, "total_base");
    return sales > 0 ? { value: (sumOf(issued, "balance_base") / sales) * days, n: sold.length } : null;
  },
  overdue_share: (facts) => {
    const open = ofType(facts, "invoice").filter((r) => (numberOf(r, "balance_base") ?? 0) > 0);
    const all = sumOf(open, "balance_base");
    const late = open.filter((r) => (numberOf(r, "days_past_due") ?? 0) > 0);
    return all > 0 ? { value: (100 * sumOf(late, "balance_base")) / all, n: open.length } : null;
  },
  bad_debt_rate: (facts) => {
    const issued = issuedIn(facts);
    const total = sumOf(issued, "total");
    return total > 0 ? { value: (100 * sumOf(issued, "write_off_amount")) / total, n: issued.length } : null;
  },
  invoice_accuracy: (facts) =>
    percentOf(
      issuedIn(facts),
      (r) =>
        !["void", "credited"].includes(textOf(r, "status") ?? "") && textOf(r, "dispute_status") !== "resolved_valid",
    ),
  promise_kept_rate: (facts) =>
    percentOf(
      ofType(facts, "invoice").filter((r) => within(facts, instantOf(r, "promise_to_pay_date"))),
      (r) => {
        const [paid, promised] = [instantOf(r, "paid_at"), instantOf(r, "promise_to_pay_date")!];
        return paid !== null && paid < promised + dayMs;
      },
    ),
  /** The step's visits are the disputes: opened when entered, resolved when left. */
  dispute_resolution_days: (facts, node) =>
    node === null
      ? null
      : median(
          facts.visits
            .filter((v) => v.node === node && !v.cancelled && within(facts, v.leftAt))
            .map((v) => v.cycle / v.businessDay),
        ),
  /** From the start of the run, which is the billing trigger, to the end of the step that issues. */
  invoice_timeliness: (facts, node) => {
    const started = new Map(facts.runs.map((r) => [r.id, r.startedAt]));
    return node === null
      ? null
      : median(
          facts.visits
            .filter((v) => v.node === node && !v.cancelled && within(facts, v.leftAt) && started.has(v.runId))
            .map((v) => facts.open(started.get(v.runId)!, v.leftAt!) / facts.businessDay),
        );
  },
};
