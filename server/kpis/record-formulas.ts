/** KPIs of leads, deals, quotes and orders, from their records and the steps they went through. Formulas: the catalogue's. */
import {
  dayMs,
  endedVisits,
  hourMs,
  instantOf,
  type KpiFacts,
  type KpiFigure,
  type KpiFormula,
  type KpiRecord,
  median,
  numberOf,
  percentOf,
  textOf,
  within,
} from "./facts.ts";
import { isAccepted } from "./flow-formulas.ts";

const ofType = (facts: KpiFacts, type: string) => facts.records.filter((r) => r.type === type);
const sumOf = (records: readonly KpiRecord[], field: string) =>
  records.reduce((sum, r) => sum + (numberOf(r, field) ?? 0), 0);
const ratio = (part: number, of: number, n: number): KpiFigure | null =>
  of > 0 ? { value: (100 * part) / of, n } : null;
const highIntent = (r: KpiRecord) => (textOf(r, "inquiry_type") ?? "none") !== "none";
const closedIn = (facts: KpiFacts, stage: string) =>
  ofType(facts, "opportunity").filter((r) => textOf(r, "stage") === stage && within(facts, instantOf(r, "closed_at")));
/** Time between two fields of a record whose later one lies in the period. */
const between = (
  facts: KpiFacts,
  records: readonly KpiRecord[],
  from: (r: KpiRecord) => number | null | undefined,
  to: (r: KpiRecord) => number | null,
): [number, number][] =>
  records.flatMap((r) => {
    const [start, end] = [from(r), to(r)];
    return start != null && end !== null && within(facts, end) && end >= start
      ? [[start, end] as [number, number]]
      : [];
  });
const byId = (facts: KpiFacts) => new Map(facts.records.map((r) => [r.id, r]));
const named = (records: ReadonlyMap<string, KpiRecord>, r: KpiRecord, field: string) =>
  records.get(textOf(r, field) ?? "");

/** Inquiry to the first touch: the lead's own mark, else the end of the step that is the touch. */
function firstTouches(facts: KpiFacts, node: string | null): { from: number; touched: number | null }[] {
  const touched = new Map<string, number>();
  for (const v of facts.visits)
    if (v.leftAt !== null && !v.cancelled && (node ? v.node === node : facts.asks.get("run.touch_result")?.has(v.node)))
      touched.set(v.runId, Math.min(touched.get(v.runId) ?? v.leftAt, v.leftAt));
  const leads = new Map(ofType(facts, "lead").map((r) => [r.id, r]));
  return facts.runs.flatMap((run) => {
    const lead = leads.get(run.recordId);
    if (!lead || !highIntent(lead) || !within(facts, run.startedAt)) return [];
    return [{ from: run.startedAt, touched: instantOf(lead, "first_touch_at") ?? touched.get(run.id) ?? null }];
  });
}

export const recordFormulas: Readonly<Record<string, KpiFormula>> = {
  speed_to_lead: (facts, node) =>
    median(firstTouches(facts, node).flatMap((t) => (t.touched === null ? [] : [(t.touched - t.from) / 60_000]))),
  lead_response_coverage: (facts, node) =>
    percentOf(
      // Those whose business day is over.
      firstTouches(facts, node).filter((t) => facts.open(t.from, facts.now) >= facts.businessDay),
      (t) => t.touched !== null && facts.open(t.from, t.touched) <= facts.businessDay,
    ),
  mql_to_sal_rate: (facts, node) =>
    node === null
      ? null
      : percentOf(
          endedVisits(facts, node).filter((v) => v.outcome !== null),
          isAccepted,
        ),
  meeting_booked_rate: (facts) => {
    const booking = facts.asks.get("lead.meeting_status");
    if (!booking) return null;
    const booked = new Map<string, number>();
    for (const v of facts.visits)
      if (booking.has(v.node) && v.leftAt !== null && !v.cancelled)
        booked.set(v.runId, Math.min(booked.get(v.runId) ?? v.leftAt, v.leftAt));
    const leads = new Map(ofType(facts, "lead").map((r) => [r.id, r]));
    const window = 14 * dayMs;
    return percentOf(
      facts.runs.filter((run) => {
        const lead = leads.get(run.recordId);
        return (
          lead !== undefined &&
          highIntent(lead) &&
          textOf(lead, "lifecycle_stage") !== "disqualified" &&
          within(facts, run.startedAt) &&
          (run.startedAt + window <= facts.now || booked.has(run.id))
        );
      }),
      (run) => (booked.get(run.id) ?? Number.POSITIVE_INFINITY) <= run.startedAt + window,
    );
  },
  meeting_show_rate: (facts) =>
    percentOf(
      ofType(facts, "lead").filter(
        (r) =>
          within(facts, instantOf(r, "next_meeting_at")) &&
          ["held", "no_show"].includes(textOf(r, "meeting_status") ?? ""),
      ),
      (r) => textOf(r, "meeting_status") === "held",
    ),
  sequence_reply_rate: (facts) => {
    const leads = new Map(ofType(facts, "lead").map((r) => [r.id, r]));
    return percentOf(
      facts.runs.filter((r) => within(facts, r.startedAt) && leads.has(r.recordId)),
      (r) => (textOf(leads.get(r.recordId)!, "reply_sentiment") ?? "none") !== "none",
    );
  },
  positive_reply_rate: (facts) =>
    percentOf(
      startedLeads(facts).filter((r) => (textOf(r, "reply_sentiment") ?? "none") !== "none"),
      (r) => textOf(r, "reply_sentiment") === "positive",
    ),
  opt_out_rate: (facts) =>
    percentOf(
      startedLeads(facts),
      (r) => r.values.do_not_contact === true || textOf(r, "consent_status") === "withdrawn",
    ),
  contact_rate: (facts) => {
    const reached = new Set(
      facts.visits.filter((v) => v.outcome === "connected" || v.outcome === "replied").map((v) => v.recordId),
    );
    return percentOf(
      startedLeads(facts),
      (r) => reached.has(r.id) || (textOf(r, "reply_sentiment") ?? "none") !== "none",
    );
  },
  win_rate_count: (facts) => {
    const won = closedIn(facts, "closed_won").length;
    return ratio(won, won + closedIn(facts, "closed_lost").length, won + closedIn(facts, "closed_lost").length);
  },
  win_rate_value: (facts) => {
    const [won, lost] = [closedIn(facts, "closed_won"), closedIn(facts, "closed_lost")];
    const value = sumOf(won, "amount_base");
    return ratio(value, value + sumOf(lost, "amount_base"), won.length + lost.length);
  },
  sales_cycle_days: (facts) =>
    median(closedIn(facts, "closed_won").map((r) => (instantOf(r, "closed_at")! - r.createdAt) / dayMs)),
  meddicc_completeness: (facts) =>
    median(
      openDeals(facts)
        .filter((r) => textOf(r, "forecast_category") === "commit")
        .flatMap((r) => numberOf(r, "meddicc_score") ?? []),
    ),
  stalled_deal_share: (facts) =>
    percentOf(openDeals(facts), (r) => {
      const [active, next] = [instantOf(r, "last_activity_at"), instantOf(r, "next_step_due")];
      return (active !== null && active < facts.now - 14 * dayMs) || next === null || next < facts.now - dayMs;
    }),
  quote_turnaround: (facts) =>
    median(
      between(
        facts,
        ofType(facts, "quote"),
        (r) => r.createdAt,
        (r) => instantOf(r, "presented_at"),
      ).map(([from, to]) => facts.open(from, to) / hourMs),
    ),
  quote_revision_rate: (facts) => {
    const versions = acceptedQuotes(facts).flatMap((r) => numberOf(r, "version_no") ?? []);
    return versions.length === 0
      ? null
      : { value: versions.reduce((a, b) => a + b, 0) / versions.length, n: versions.length };
  },
  average_discount: (facts) => {
    const quotes = acceptedQuotes(facts).filter((r) => (numberOf(r, "list_total") ?? 0) > 0);
    const list = sumOf(quotes, "list_total");
    return ratio(list - sumOf(quotes, "net_total"), list, quotes.length);
  },
  /** A reason that was mended is cleared, so a second validation of the order counts too. */
  order_fallout_rate: (facts, node) => {
    const again = new Set(facts.visits.filter((v) => v.node === node && v.rework).map((v) => v.runId));
    const runOf = new Map(facts.runs.map((r) => [r.recordId, r.id]));
    return percentOf(
      ofType(facts, "order").filter((r) => within(facts, r.createdAt)),
      (r) =>
        (textOf(r, "fallout_reason") ?? "none") !== "none" ||
        again.has(runOf.get(r.id) ?? runOf.get(textOf(r, "quote_id") ?? "") ?? ""),
    );
  },
  close_to_order_hours: (facts) => {
    const records = byId(facts);
    return median(
      between(
        facts,
        ofType(facts, "order"),
        (r) => {
          const deal = named(records, r, "opportunity_id");
          return deal ? instantOf(deal, "closed_at") : null;
        },
        (r) => instantOf(r, "activated_at"),
      ).map(([from, to]) => facts.open(from, to) / hourMs),
    );
  },
  quote_to_cash_days: (facts) => {
    const records = byId(facts);
    const first = new Map<string, number>();
    for (const payment of ofType(facts, "payment")) {
      const invoice = named(records, payment, "invoice_id");
      const order = invoice ? named(records, invoice, "order_id") : undefined;
      const quote = order ? named(records, order, "quote_id") : undefined;
      const at = instantOf(payment, "received_at");
      if (quote && at !== null) first.set(quote.id, Math.min(first.get(quote.id) ?? at, at));
    }
    return median(
      between(
        facts,
        [...first.keys()].flatMap((id) => records.get(id) ?? []),
        (r) => instantOf(r, "accepted_at"),
        (r) => first.get(r.id) ?? null,
      ).map(([from, to]) => (to - from) / dayMs),
    );
  },
};

const startedLeads = (facts: KpiFacts) => {
  const started = new Set(facts.runs.filter((r) => within(facts, r.startedAt)).map((r) => r.recordId));
  return ofType(facts, "lead").filter((r) => started.has(r.id));
};
const openDeals = (facts: KpiFacts) =>
  ofType(facts, "opportunity").filter((r) => !textOf(r, "stage")?.startsWith("closed"));
const acceptedQuotes = (facts: KpiFacts) =>
  ofType(facts, "quote").filter(
    (r) => textOf(r, "status") === "accepted" && within(facts, instantOf(r, "accepted_at")),
  );
