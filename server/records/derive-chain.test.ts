import { describe, expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { type DeriveContext, derive } from "./derive.ts";

const now = Date.UTC(2026, 10, 24, 9);
const rates = [
  { currency: "USD", date: "2026-01-01", rate: "0.9" },
  { currency: "USD", date: "2026-11-01", rate: "0.95" },
  { currency: "KWD", date: "2026-01-01", rate: "2.99" },
];
const context: DeriveContext = { now, zone: "Europe/Berlin", baseCurrency: "EUR", rates };
const derived = (type: string, values: Values, more: Partial<DeriveContext> = {}) =>
  derive(type, values, { ...context, ...more });
const day = (text: string) => Date.parse(`${text}T12:00:00Z`);

describe("quotes", () => {
  // 50 seats at 19.99 a month for 24 months, an annual package, a set-up fee; usage has a price but no part in totals.
  const lines: Values[] = [
    { sku: "seat", recurrence: "monthly", quantity: 50, list_price: 250_000, net_price: 199_900, unit_cost: 50_000 },
    {
      sku: "care",
      recurrence: "annual",
      quantity: 1,
      list_price: 12_000_000,
      net_price: 12_000_000,
      unit_cost: 3_000_000,
    },
    {
      sku: "setup",
      recurrence: "one_time",
      quantity: 1,
      list_price: 50_000_000,
      net_price: 40_000_000,
      unit_cost: 20_000_000,
    },
    { sku: "calls", recurrence: "usage", quantity: 1_000, list_price: 100, net_price: 100 },
  ];
  const offer = derived("quote", { currency: "EUR", term_months: 24, tax_total: 589_624 }, { lines });

  it("total their lines to the cent", () => {
    // list 30,000 + 2,400 + 5,000; net 23,988 + 2,400 + 4,000; cost 6,000 + 600 + 2,000
    expect(offer).toMatchObject({
      list_total: 3_740_000,
      net_total: 3_038_800,
      grand_total: 3_628_424,
      discount_percent: 18.75,
      gross_margin_percent: 71.7,
    });
  });

  it("bring a year's recurring value and the whole term's value", () => {
    expect(offer).toMatchObject({ acv_base: 13_194, tcv_base: 30_388 });
  });

  it("with a line nobody priced have no total, not a wrong one", () => {
    expect(
      derived("quote", { currency: "EUR" }, { lines: [...lines, { sku: "?", recurrence: "one_time", quantity: 1 }] }),
    ).not.toHaveProperty("net_total");
  });

  it("keep their totals when the lines did not come along", () => {
    expect(derived("quote", { ...offer, tax_total: 0 })).toMatchObject({
      net_total: 3_038_800,
      grand_total: 3_038_800,
      acv_base: 13_194,
    });
  });

  it.each<[string, Values, Values | null, Values]>([
    [
      "monthly over the quote's term",
      { recurrence: "monthly", quantity: 3, list_price: 100_000, net_price: 99_950 },
      { currency: "USD", term_months: 12 },
      { currency: "USD", discount_percent: 0.05, line_total: 35_982 },
    ],
    [
      "monthly by its own dates",
      {
        recurrence: "monthly",
        quantity: 1,
        list_price: 100_000,
        net_price: 100_000,
        start_date: "2026-01-01",
        end_date: "2026-06-30",
      },
      { currency: "USD", term_months: 12 },
      { currency: "USD", discount_percent: 0, line_total: 6_000 },
    ],
    [
      "half of June",
      {
        recurrence: "monthly",
        quantity: 1,
        list_price: 300_000,
        net_price: 300_000,
        start_date: "2026-06-16",
        end_date: "2026-06-30",
      },
      { currency: "USD" },
      { currency: "USD", discount_percent: 0, line_total: 1_500 },
    ],
    [
      "one-time in yen, rounded half up",
      { recurrence: "one_time", quantity: 1, list_price: 100_000, net_price: 15_000 },
      { currency: "JPY" },
      { currency: "JPY", discount_percent: 85, line_total: 2 },
    ],
    [
      "recurring with no term anywhere",
      { recurrence: "annual", quantity: 1, list_price: 100_000, net_price: 100_000 },
      null,
      { discount_percent: 0 },
    ],
    [
      "given away",
      { recurrence: "one_time", quantity: 1, list_price: 0, net_price: 0 },
      { currency: "EUR" },
      { currency: "EUR", line_total: 0 },
    ],
  ])("line: %s", (_, line, quote, result) => {
    expect(derived("quote_line", line, { quote })).toEqual({ ...line, ...result });
  });
});

describe("orders and contracts", () => {
  const complete: Values = { currency: "USD", start_date: "2026-12-01", billing_email: "ap@acme.com", tax_id: "1" };
  const offer: Values = { currency: "USD", net_total: 1_000_000 };

  it("cost what their quote says", () => {
    expect(derived("order", complete, { quote: offer })).toMatchObject({
      order_total: 1_000_000,
      order_total_base: 9_500,
      quote_variance_base: 0,
      validation_error_count: 0,
    });
  });

  it("show what differs from the quote, and every other fault", () => {
    const wrong = derived(
      "order",
      { currency: "EUR", order_total: 1_000_000, po_required: true, start_date: "2026-12-01", end_date: "2026-11-30" },
      { quote: offer },
    );
    expect(wrong).toMatchObject({ order_total_base: 10_000, quote_variance_base: 500, validation_error_count: 5 });
  });

  it("count rounds of redlining", () => {
    const steps = ["draft", "redlining", "redlining", "in_review", "redlining"];
    let contract: Values = { status: "draft" };
    const counts = steps.map((status) => {
      const next = derive("contract", { ...contract, status }, { ...context, previous: contract });
      contract = next;
      return next.redline_round_count;
    });
    expect(counts).toEqual([0, 1, 1, 1, 2]);
  });
});

describe("subscriptions, invoices, payments", () => {
  it("know their renewal and notice days", () => {
    const held = {
      currency: "EUR",
      arr: 1_200_000,
      start_date: "2026-01-01",
      end_date: "2026-12-31",
      notice_period_days: 60,
      seats_active: 45,
      seats_purchased: 60,
    };
    expect(derived("subscription", held)).toMatchObject({
      renewal_date: "2027-01-01",
      notice_deadline: "2026-11-01",
      days_to_renewal: 38,
      arr_base: 12_000,
      usage_percent: 75,
    });
    expect(derived("subscription", { end_date: "2026-12-31", seats_active: 5, seats_purchased: 0 })).not.toHaveProperty(
      "usage_percent",
    );
  });

  const bill: Values = {
    currency: "USD",
    status: "issued",
    subtotal: 100_000,
    tax_total: 19_000,
    issue_date: "2026-06-01",
    due_date: "2026-07-01",
  };

  it("owe what has not been paid", () => {
    const payments: Values[] = [
      { status: "succeeded", currency: "USD", amount: 50_000, unapplied_amount: 1_000 },
      { status: "failed", currency: "USD", amount: 70_000 },
    ];
    expect(derived("invoice", bill)).toMatchObject({
      total: 119_000,
      total_base: 1_071,
      balance: 119_000,
      balance_base: 1_071,
      days_past_due: 146,
    });
    expect(derived("invoice", bill, { payments })).toMatchObject({ balance: 70_000, balance_base: 630 });
    expect(derived("invoice", { ...bill, status: "paid" })).toMatchObject({ balance: 0, days_past_due: 0 });
    expect(derived("invoice", { ...bill, status: "void" }, { payments })).toMatchObject({ balance: 0 });
  });

  it("move a stored balance by what the total moved", () => {
    const before = { ...derived("invoice", bill), balance: 20_000 };
    expect(derived("invoice", { ...before, total: 129_000 }, { previous: before }).balance).toBe(30_000);
    expect(derived("invoice", { ...before, write_off_amount: 20_000 }, { previous: before }).balance).toBe(0);
  });

  it("sum up to the account", () => {
    const subscriptions: Values[] = [
      { status: "active", arr_base: 0.1, start_date: "2025-03-01" },
      { status: "active", arr_base: 0.2, start_date: "2024-03-01" },
      { status: "expired", arr_base: 9, start_date: "2023-03-01" },
      { status: "pending", arr_base: 9, start_date: "2020-03-01" },
    ];
    expect(derived("account", {}, { subscriptions })).toEqual({ arr_base: 0.3, customer_since_date: "2023-03-01" });
    expect(derived("payment", { currency: "KWD", amount: 1_500, received_at: day("2026-05-01") }).amount_base).toBe(
      4.49,
    );
  });
});
