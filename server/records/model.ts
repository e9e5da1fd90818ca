/**
 * The record model: what types of records there are, their fields and picklists. Plain data; the workspace's own fields are
 * added by `withCustomFields`, and every function here takes the model that results.
 */
import type { Field, RecordType } from "./field.ts";
import { account } from "./objects/account.ts";
import { activity } from "./objects/activity.ts";
import { contact } from "./objects/contact.ts";
import { contract } from "./objects/contract.ts";
import { invoice } from "./objects/invoice.ts";
import { lead } from "./objects/lead.ts";
import { opportunity } from "./objects/opportunity.ts";
import { order } from "./objects/order.ts";
import { payment } from "./objects/payment.ts";
import { product } from "./objects/product.ts";
import { quoteLine } from "./objects/quote-line.ts";
import { quote } from "./objects/quote.ts";
import { subscription } from "./objects/subscription.ts";
import { team } from "./objects/team.ts";
import { user } from "./objects/user.ts";
import { type PicklistValue, standardPicklists } from "./picklists.ts";

export type RecordModel = {
  types: Readonly<Record<string, RecordType>>;
  picklists: Readonly<Record<string, readonly PicklistValue[]>>;
};

const inOrder = [
  lead,
  account,
  contact,
  opportunity,
  quote,
  quoteLine,
  contract,
  order,
  subscription,
  invoice,
  payment,
  activity,
  product,
  user,
  team,
];

export const standardModel: RecordModel = {
  types: Object.fromEntries(inOrder.map((type) => [type.key, type])),
  picklists: standardPicklists,
};

const system = (key: string, type: Field["type"], en: string, vi: string, more: Partial<Field> = {}): Field => ({
  key,
  type,
  label: { en, vi },
  derived: true,
  system: true,
  ...more,
});

/** What every record has besides its own fields. The store keeps them; forms and imports never write them. */
export const systemFields: Readonly<Record<string, Field>> = Object.fromEntries(
  [
    system("id", "text", "ID", "Mã"),
    system("created_at", "datetime", "Created", "Tạo lúc"),
    system("created_by_id", "reference", "Created by", "Người tạo", { to: "user" }),
    system("updated_at", "datetime", "Updated", "Cập nhật lúc"),
    system("updated_by_id", "reference", "Updated by", "Người cập nhật", { to: "user" }),
    system("external_ids", "json", "External IDs", "Mã bên ngoài"),
    system("source_system", "text", "Source system", "Hệ thống nguồn"),
    system("is_deleted", "boolean", "Deleted", "Đã xóa"),
    system("merged_into_id", "text", "Merged into", "Đã gộp vào"),
  ].map((field) => [field.key, field]),
);

/** Record types in the order of the chain from lead to cash. */
export const recordTypes = (model: RecordModel = standardModel): RecordType[] => Object.values(model.types);

export const recordType = (key: string, model: RecordModel = standardModel): RecordType | null =>
  Object.hasOwn(model.types, key) ? (model.types[key] ?? null) : null;

/** A field of the type, its companions and the system fields included. */
export function fieldOf(type: string, field: string, model: RecordModel = standardModel): Field | null {
  const fields = recordType(type, model)?.fields;
  if (!fields) return null;
  if (Object.hasOwn(fields, field)) return fields[field] ?? null;
  return Object.hasOwn(systemFields, field) ? (systemFields[field] ?? null) : null;
}

/** The values of a picklist, by its name; empty for a name nobody knows. */
export const picklist = (name: string | undefined, model: RecordModel = standardModel): readonly PicklistValue[] =>
  name !== undefined && Object.hasOwn(model.picklists, name) ? (model.picklists[name] ?? []) : [];

/** Fields a person may fill in a form or map in an import. */
export const writableFields = (type: string, model: RecordModel = standardModel): Field[] =>
  Object.values(recordType(type, model)?.fields ?? {}).filter((field) => !field.derived && !field.companionOf);
