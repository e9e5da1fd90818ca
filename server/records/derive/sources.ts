/**
 * Which fields of the same record a derived field is computed from, as far as a person can fill them in. What comes of other
 * records (lines of a quote, activities, payments) or of the moment (when a stage began) has none.
 */
const balance = ["subtotal", "tax_total", "write_off_amount"] as const;
const meddicc = [
  "metrics",
  "economic_buyer",
  "decision_criteria",
  "decision_process",
  "identify_pain",
  "champion",
  "competition",
].map((letter) => `meddicc_${letter}`);

const sources: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  lead: { lead_score: ["fit_score", "engagement_score"] },
  opportunity: {
    amount_base: ["amount", "currency"],
    meddicc_score: meddicc,
    original_close_date: ["close_date"],
  },
  quote: { grand_total: ["tax_total"] },
  quote_line: { discount_percent: ["list_price", "net_price"], line_total: ["quantity", "net_price", "recurrence"] },
  order: {
    order_total: ["quote_id"],
    order_total_base: ["quote_id"],
    quote_variance_base: ["quote_id"],
    validation_error_count: ["po_number", "billing_contact_id", "billing_email", "tax_id", "start_date", "end_date"],
  },
  subscription: {
    renewal_date: ["end_date"],
    notice_deadline: ["end_date", "notice_period_days"],
    days_to_renewal: ["end_date"],
    arr_base: ["arr", "currency"],
    usage_percent: ["seats_active", "seats_purchased"],
  },
  invoice: {
    total_base: ["subtotal", "tax_total", "currency"],
    balance,
    balance_base: balance,
    days_past_due: ["due_date"],
  },
  payment: { amount_base: ["amount", "currency"] },
};

/** None for a field that is filled in by hand itself. */
export const sourcesOf = (type: string, field: string): readonly string[] => sources[type]?.[field] ?? [];

/** Of every derived field that has some: for the test that holds this table against the formulas. */
export const derivedWithSources = Object.entries(sources).flatMap(([type, fields]) =>
  Object.entries(fields).map(([field, from]) => ({ of: `${type}.${field}`, type, field, from })),
);
