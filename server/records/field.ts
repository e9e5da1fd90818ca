/** What a field and a record type are, and the words to write them down with. Field names are the names FEEL sees. */
import type { Plain } from "@/server/engine/model.ts";
import type { PicklistName } from "./picklists.ts";

/** Every text people read, in every language of the product. */
export type Label = { en: string; vi: string };
export type Language = keyof Label;

export type FieldType =
  | "text"
  | "long_text"
  | "email"
  | "phone"
  | "url"
  | "domain"
  | "currency"
  | "country"
  | "region"
  | "language"
  | "timezone"
  | "integer"
  | "decimal"
  | "percent"
  | "money"
  | "date"
  | "datetime"
  | "boolean"
  | "picklist"
  | "multi_picklist"
  | "reference"
  | "json";

export type FieldRules = {
  /** Characters for text, the value itself for numbers. */
  max?: number;
  min?: number;
  default?: Plain;
  /** The default is a setting of the workspace. */
  defaultFrom?: "base_currency";
  required?: true;
  /** FEEL over the record's own fields: required while it is true. */
  requiredWhen?: string;
  /** Required unless this other field has a value. */
  requiredUnless?: string;
  unique?: true;
  /** Computed by the system, never typed or imported. */
  derived?: true;
  /** Says who a person is: encrypted in the log with the person's key. */
  personal?: true;
  /** Money per unit: stored in 1/10,000 whatever the currency. */
  unitPrice?: true;
  /** Ours, beyond the written record model. */
  added?: true;
};

export type Field = FieldRules & {
  key: string;
  type: FieldType;
  label: Label;
  picklist?: string;
  /** The record type a reference points to. */
  to?: string;
  /** Holds what the field named here cannot: a phone's extension, a region nobody knows, an e-mail as it was written. */
  companionOf?: string;
  /** Defined by the workspace. */
  custom?: true;
  /** Kept by the system on every record. */
  system?: true;
};

/** How records are recognised as the same; `action` is what follows. Confidence 0–1. */
export type DuplicateKey = {
  name: string;
  fields: readonly string[];
  /** Another record type to look in; `againstField` when its field has another name. */
  against?: string;
  againstField?: string;
  match: "exact" | "similar_person" | "similar_name" | "both_open_near_close" | "same_minute";
  confidence: number;
  action:
    | "auto_merge"
    | "auto_merge_unless_distinct_parents"
    | "review"
    | "link_not_merge"
    | "set_matched_account"
    | "reject_import_row"
    | "skip";
};

/** Which value of the field may follow which. */
export type Lifecycle = { field: string; transitions: Readonly<Record<string, readonly string[]>> };

export type RecordType = {
  key: string;
  label: Label;
  plural: Label;
  fields: Readonly<Record<string, Field>>;
  duplicateKeys: readonly DuplicateKey[];
  lifecycle: Lifecycle | null;
};

type Draft = Omit<Field, "key">;

/** Names the fields and adds the companions that phones, regions and e-mails bring along. */
export function recordTypeOf(written: Omit<RecordType, "fields"> & { fields: Record<string, Draft> }): RecordType {
  const fields: Record<string, Field> = {};
  for (const [key, draft] of Object.entries(written.fields)) {
    fields[key] = { key, ...draft };
    const companion = companionOf(fields[key]);
    if (companion) fields[companion.key] = companion;
  }
  return { ...written, fields };
}

/** The field beside this one that keeps what its own type has no room for, if its type has such a field. */
export function companionOf(field: Field): Field | null {
  const beside = (suffix: string, en: string, vi: string): Field => ({
    key: `${field.key}_${suffix}`,
    type: "text",
    label: { en: `${field.label.en}: ${en}`, vi: `${field.label.vi}: ${vi}` },
    companionOf: field.key,
    added: true,
    ...(field.personal && { personal: true }),
  });
  switch (field.type) {
    case "phone":
      return beside("ext", "extension", "số nhánh");
    case "region":
      return beside("raw", "as written", "như đã ghi");
    case "email":
      return beside("original", "as written", "như đã ghi");
    default:
      return null;
  }
}

const plain =
  (type: FieldType) =>
  (en: string, vi: string, rules: FieldRules = {}): Draft => ({ type, label: { en, vi }, ...rules });

export const text = plain("text");
export const longText = plain("long_text");
export const email = plain("email");
export const phone = plain("phone");
export const url = plain("url");
export const domain = plain("domain");
export const currency = plain("currency");
export const country = plain("country");
export const region = plain("region");
export const language = plain("language");
export const timezone = plain("timezone");
export const integer = plain("integer");
export const decimal = plain("decimal");
export const percent = plain("percent");
export const money = plain("money");
export const date = plain("date");
export const datetime = plain("datetime");
export const yesNo = plain("boolean");
export const json = plain("json");
export const picklist = (name: PicklistName, en: string, vi: string, rules: FieldRules = {}): Draft => ({
  type: "picklist",
  label: { en, vi },
  picklist: name,
  ...rules,
});
export const reference = (to: string, en: string, vi: string, rules: FieldRules = {}): Draft => ({
  type: "reference",
  label: { en, vi },
  to,
  ...rules,
});
