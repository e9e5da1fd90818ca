import type { Values } from "@/server/engine/model.ts";
import type { Field } from "@/server/records/field.ts";
import { type RecordModel, picklist, recordType } from "@/server/records/model.ts";
import { type ParseContext, parseField } from "@/server/records/values.ts";
import { type FieldInfo, type ParseCell } from "./mapping.ts";

/** How the writer of the table writes: zone of times without offset, order of day and month, decimal mark. */
export type Habits = Pick<ParseContext, "zone" | "dateOrder" | "decimalMark">;

/** The fields of a record type as a mapping sees them, and how their cells are read. Empty for an unknown type. */
export function importFields(
  type: string,
  model: RecordModel,
  habits: Habits = {},
): { fields: FieldInfo[]; parse: ParseCell } {
  const known = recordType(type, model)?.fields ?? {};
  const parse: ParseCell = ({ key }, text, record) => {
    const field = Object.hasOwn(known, key) ? known[key] : undefined;
    if (!field) return { ok: false, text: `there is no field ${key}.` };
    return parseField(field, text, { ...habits, model, currency: textOf(record.currency), country: countryOf(record) });
  };
  return { fields: Object.values(known).map((field) => infoOf(field, model)), parse };
}

const infoOf = (field: Field, model: RecordModel): FieldInfo => ({
  key: field.key,
  type: field.type,
  label: field.label,
  required: field.required === true,
  hasDefault: field.default !== undefined || field.defaultFrom !== undefined,
  derived: field.derived === true,
  ...(field.to !== undefined && { to: field.to }),
  ...(field.picklist !== undefined && { values: picklist(field.picklist, model).map(({ value }) => value) }),
});

const textOf = (value: Values[string] | undefined): string | null => (typeof value === "string" ? value : null);

/** Accounts say where they are by their billing address. */
const countryOf = (record: Values): string | null => textOf(record.country) ?? textOf(record.billing_country);
