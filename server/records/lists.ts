/** How records are named and listed: their title, default columns, and the fields lists sort and filter by. */
import type { Plain, Values } from "@/server/engine/model.ts";
import { fold } from "./fold.ts";
import { type RecordModel, recordType, standardModel } from "./model.ts";

type Listing = {
  /** First of these that has a value; several joined are one name. */
  title: readonly (readonly string[])[];
  columns: readonly string[];
  status: string | null;
  amount: string | null;
  due: string | null;
};

const listings: Readonly<Record<string, Listing>> = {
  lead: {
    title: [["first_name", "last_name"], ["email"]],
    columns: ["company_name", "status", "lifecycle_stage", "grade", "source", "owner_id", "last_activity_at"],
    status: "status",
    amount: "expected_acv_base",
    due: "next_meeting_at",
  },
  account: {
    title: [["name"], ["domain"]],
    columns: ["domain", "industry", "segment", "billing_country", "account_type", "arr_base", "owner_id"],
    status: "account_type",
    amount: "arr_base",
    due: null,
  },
  contact: {
    title: [["first_name", "last_name"], ["email"]],
    columns: ["account_id", "job_title", "email", "phone", "buying_role", "last_activity_at"],
    status: "buying_role",
    amount: null,
    due: null,
  },
  opportunity: {
    title: [["name"]],
    columns: [
      "account_id",
      "stage",
      "amount",
      "close_date",
      "probability",
      "forecast_category",
      "next_step",
      "owner_id",
    ],
    status: "stage",
    amount: "amount_base",
    due: "close_date",
  },
  quote: {
    title: [["number"]],
    columns: [
      "account_id",
      "opportunity_id",
      "version_no",
      "status",
      "net_total",
      "discount_percent",
      "approval_status",
      "valid_until_date",
      "owner_id",
    ],
    status: "status",
    amount: "acv_base",
    due: "valid_until_date",
  },
  quote_line: {
    title: [["description"], ["sku"]],
    columns: ["quote_id", "sku", "quantity", "list_price", "net_price", "discount_percent", "line_total", "recurrence"],
    status: "recurrence",
    amount: null,
    due: "end_date",
  },
  contract: {
    title: [["number"], ["contract_type"]],
    columns: ["account_id", "contract_type", "paper", "status", "risk_level", "redline_round_count", "end_date"],
    status: "status",
    amount: null,
    due: "end_date",
  },
  order: {
    title: [["number"]],
    columns: ["account_id", "status", "order_total", "fallout_reason", "start_date", "owner_id"],
    status: "status",
    amount: "order_total_base",
    due: "start_date",
  },
  subscription: {
    title: [["product_id"], ["order_id"]],
    columns: [
      "account_id",
      "status",
      "arr",
      "end_date",
      "days_to_renewal",
      "health_band",
      "onboarding_status",
      "csm_id",
    ],
    status: "status",
    amount: "arr_base",
    due: "renewal_date",
  },
  invoice: {
    title: [["number"]],
    columns: ["account_id", "status", "total", "balance", "due_date", "days_past_due", "collector_id"],
    status: "status",
    amount: "balance_base",
    due: "due_date",
  },
  payment: {
    title: [["reference"]],
    columns: ["account_id", "invoice_id", "amount", "method", "status", "received_at"],
    status: "status",
    amount: "amount_base",
    due: "received_at",
  },
  activity: {
    title: [["subject"], ["type"]],
    columns: ["type", "direction", "contact_id", "outcome", "occurred_at", "owner_id"],
    status: "outcome",
    amount: null,
    due: "occurred_at",
  },
  product: {
    title: [["name"], ["sku"]],
    columns: ["sku", "family", "recurrence", "list_price", "active"],
    status: "recurrence",
    amount: null,
    due: null,
  },
  user: {
    title: [["name"], ["email"]],
    columns: ["email", "status", "team_id", "timezone"],
    status: "status",
    amount: null,
    due: null,
  },
  team: { title: [["name"]], columns: ["function", "manager_id", "timezone"], status: null, amount: null, due: null },
};

/** What a record is called. References in a title are named by the caller through `nameOf`; without a name, the type's. */
export function titleOf(
  type: string,
  values: Values,
  nameOf: (id: string) => string | null = () => null,
  model: RecordModel = standardModel,
): string {
  const definition = recordType(type, model);
  for (const parts of listings[type]?.title ?? []) {
    const words = parts
      .map((key) => word(values[key], definition?.fields[key]?.type === "reference", nameOf))
      .filter((text) => text !== "");
    if (words.length > 0) return words.join(" ");
  }
  return definition?.label.en ?? type;
}

const word = (value: Plain | undefined, isReference: boolean, nameOf: (id: string) => string | null): string =>
  typeof value !== "string" ? "" : isReference ? (nameOf(value) ?? "") : value.trim();

/** Columns shown beside the title until somebody chooses others. */
export const listColumns = (type: string): readonly string[] => listings[type]?.columns ?? [];

/**
 * Which field of the type fills each column that lists sort and filter by; null where it has none. `amount` is in the base
 * currency, a decimal number.
 */
export type Promoted = {
  status: string | null;
  owner: string | null;
  account: string | null;
  amount: string | null;
  currency: string | null;
  due: string | null;
};

export function promoted(type: string, model: RecordModel = standardModel): Promoted {
  const fields = recordType(type, model)?.fields ?? {};
  const listing = listings[type];
  const first = (...keys: string[]) => keys.find((key) => Object.hasOwn(fields, key)) ?? null;
  return {
    status: listing?.status ?? null,
    owner: first("owner_id", "csm_id", "collector_id"),
    account: first("account_id", "matched_account_id"),
    amount: listing?.amount ?? null,
    currency: first("currency"),
    due: listing?.due ?? null,
  };
}

const searchFields = [
  "first_name",
  "last_name",
  "name",
  "legal_name",
  "company_name",
  "email",
  "domain",
  "company_domain",
  "number",
  "sku",
  "subject",
  "reference",
  "phone",
  "mobile",
];

/** What the search looks in: names, addresses and numbers, without the marks and case that people leave off. */
export function searchText(values: Values): string {
  const words = searchFields.flatMap((key) =>
    typeof values[key] === "string" && values[key] !== "" ? [values[key]] : [],
  );
  // Addresses as they are besides, for people type them with their dots.
  return [
    ...new Set([
      fold(words.join(" ")),
      ...words.filter((word) => /[@.+]/.test(word)).map((word) => word.toLowerCase()),
    ]),
  ]
    .join(" ")
    .slice(0, 1_000);
}

/** Values of the fields that say a record is no longer worked on. */
const closedValues: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  lead: { status: ["converted", "disqualified"], lifecycle_stage: ["converted", "disqualified"] },
  opportunity: { stage: ["closed_won", "closed_lost"] },
  quote: { status: ["accepted", "expired", "superseded"] },
  contract: { status: ["signed", "void"] },
  order: { status: ["fulfilled", "cancelled"] },
  subscription: { status: ["cancelled", "expired", "renewed"] },
  invoice: { status: ["paid", "written_off", "void"] },
  payment: { status: ["succeeded", "refunded", "chargeback"] },
};

/** Converted, lost, paid …: nobody works on it any more. */
export const isClosed = (type: string, values: Values): boolean =>
  Object.entries(closedValues[type] ?? {}).some(
    ([field, closed]) => typeof values[field] === "string" && closed.includes(values[field]),
  );
