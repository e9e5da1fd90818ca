/**
 * Derived fields: what the system computes from a record and what hangs on it. Pure: today's date, rates and the records beside
 * it come in. What cannot be computed from what came in keeps its stored value; nothing is guessed.
 */
import type { Values } from "@/server/engine/model.ts";
import { account, contact, lead, opportunity } from "./derive/customers.ts";
import { invoice, payment, subscription } from "./derive/receivables.ts";
import { activity, contract, order, quote, quoteLine } from "./derive/offers.ts";
import type { ExchangeRate } from "./money.ts";
import { isBlank } from "./values.ts";
import { dayIn } from "./written-numbers.ts";

export type DeriveContext = {
  /** Epoch ms, and the workspace's zone: together they say which day today is. */
  now: number;
  zone: string;
  baseCurrency: string;
  rates: readonly ExchangeRate[];
  /** What stood there before: for counters of changes. Absent or null for a new record. */
  previous?: Values | null;
  /** Which of an opportunity's values is its amount when none is given. */
  amountFrom?: "acv" | "arr" | "tcv";
  /** Percent by stage, where the workspace has its own; else the defaults. */
  stageProbability?: Readonly<Record<string, number>>;
  /** Median ACV in base currency by segment; "" is that of all segments. */
  medianAcv?: Readonly<Record<string, number>>;
  /** Records beside this one, where the caller has them. */
  lines?: readonly Values[];
  quote?: Values | null;
  activities?: readonly Values[];
  subscriptions?: readonly Values[];
  payments?: readonly Values[];
};

/** What the parts below work with: the context and the day it is in the workspace. */
export type Deriving = DeriveContext & { today: string };

/** The record's values with every derived field computed anew. The given values are not touched. */
export function derive(type: string, values: Values, context: DeriveContext): Values {
  const rule = rules[type];
  if (!rule) return values;
  const computed = rule(values, { ...context, today: dayIn(context.now, context.zone) });
  // A blank that was never written stays unwritten, so that computing twice changes nothing.
  const known = Object.entries(computed).filter(([key, value]) => !isBlank(value) || Object.hasOwn(values, key));
  return { ...values, ...Object.fromEntries(known) };
}

const rules: Readonly<Record<string, (values: Values, context: Deriving) => Values>> = {
  lead,
  account,
  contact,
  opportunity,
  quote,
  quote_line: quoteLine,
  contract,
  order,
  subscription,
  invoice,
  payment,
  activity,
};

/** Counts of days, which go on without anything being written: computed anew before a condition reads them. */
export const countsOfDays: Readonly<Record<string, readonly string[]>> = {
  subscription: ["days_to_renewal"],
  invoice: ["days_past_due"],
};

/** The record's values with its counts of days as they are at `context.now`; the same object when they stand so. */
export function asOfDay(type: string, values: Values, context: DeriveContext): Values {
  const fields = countsOfDays[type];
  if (!fields) return values;
  const now = derive(type, values, { ...context, previous: values });
  const moved = fields.filter((field) => Object.hasOwn(values, field) && now[field] !== values[field]);
  return moved.length ? { ...values, ...Object.fromEntries(moved.map((field) => [field, now[field]!])) } : values;
}

/** Whose derived fields look at records of this type, and through which of its fields they are found. */
export const derivedFrom: Readonly<
  Record<
    string,
    readonly { type: string; field: string; as: "lines" | "quote" | "activities" | "subscriptions" | "payments" }[]
  >
> = {
  quote_line: [{ type: "quote", field: "quote_id", as: "lines" }],
  subscription: [{ type: "account", field: "account_id", as: "subscriptions" }],
  payment: [{ type: "invoice", field: "invoice_id", as: "payments" }],
  activity: ["lead", "account", "contact", "opportunity"].map((type) => ({
    type,
    field: type === "contact" ? "contact_id" : "related_id",
    as: "activities" as const,
  })),
};
