/** What a derived field is said to come from does change it, and can be filled in by hand. */
import { expect, it } from "vitest";
import type { Values } from "@/server/engine/model.ts";
import { derive } from "../derive.ts";
import { fieldOf } from "../model.ts";
import { derivedWithSources, sourcesOf } from "./sources.ts";

const context = { now: Date.UTC(2026, 2, 2, 2), zone: "Asia/Ho_Chi_Minh", baseCurrency: "USD", rates: [] };

/** A record of each type in which every source counts. */
const whole: Record<string, Values> = {
  lead: { fit_score: 50, engagement_score: 50 },
  opportunity: { amount: 5_000_000, currency: "USD", close_date: "2026-05-01" },
  quote: { currency: "USD", net_total: 10_000, tax_total: 1_000 },
  quote_line: {
    currency: "USD",
    recurrence: "monthly",
    quantity: 2,
    list_price: 20_000,
    net_price: 10_000,
    start_date: "2026-01-01",
    end_date: "2026-12-31",
  },
  order: {
    currency: "USD",
    po_required: true,
    po_number: "PO-1",
    billing_contact_id: null,
    billing_email: "a@lotus.com",
    tax_id: "1",
    start_date: "2026-01-01",
    end_date: "2026-12-31",
  },
  subscription: {
    end_date: "2026-12-31",
    notice_period_days: 30,
    arr: 900_000,
    currency: "USD",
    seats_active: 5,
    seats_purchased: 10,
  },
  invoice: {
    subtotal: 100_000,
    tax_total: 10_000,
    write_off_amount: 0,
    currency: "USD",
    due_date: "2026-02-01",
  },
  payment: { amount: 100_000, currency: "USD" },
};
/** Another value of each source. */
const other: Values = { currency: "VND", recurrence: "annual", po_number: null, billing_email: null, tax_id: null };
const otherOf = (field: string) => {
  if (field in other) return other[field]!;
  if (field === "start_date") return "2027-01-01";
  if (field.endsWith("_date")) return "2025-12-01";
  return field.startsWith("meddicc_") ? 2 : 7;
};
/** Counted only where another is missing, or found in another record. */
const apart = ["billing_contact_id", "quote_id"];

it.each(derivedWithSources)("$of: $from", ({ type, field, from }) => {
  expect(fieldOf(type, field)).toMatchObject({ derived: true });
  const now = derive(type, whole[type]!, context)[field] ?? null;
  for (const source of from) {
    expect(fieldOf(type, source), source).not.toBeNull();
    expect(fieldOf(type, source)?.derived ?? false, source).toBe(false);
    if (apart.includes(source)) continue;
    const then = derive(type, { ...whole[type], [source]: otherOf(source) }, context)[field] ?? null;
    expect(then, source).not.toEqual(now);
  }
});

it("a field that is filled in by hand comes of none, nor does one that other records make", () => {
  expect(sourcesOf("lead", "fit_score")).toEqual([]);
  expect(sourcesOf("lead", "touch_count")).toEqual([]);
});
