/** Records as expressions see them, and results of expressions as records keep them. */
import {
  came,
  type FeelValue,
  type FieldType as FeelType,
  instantOfFeel,
  startOfFeelDate,
  toFeel,
  toFeelDateTime,
} from "@/server/engine/expression/index.ts";
import type { Plain, Values } from "@/server/engine/model.ts";
import { checkField } from "./check-field.ts";
import { decimalOfNumber, numberOf, rounded } from "./decimal.ts";
import type { Field } from "./field.ts";
import { type RecordModel, picklist, recordType, standardModel, systemFields } from "./model.ts";
import { moneyNumber, storedMoney } from "./money.ts";
import { numberPlaces } from "./values.ts";
import { dayIn, isDay } from "./written-numbers.ts";

/** Every field of the type by its name, unset ones as null: dates as dates, instants as date-times, money as decimals. */
export function toFeelContext(
  type: string,
  values: Values,
  options: { baseCurrency: string; model?: RecordModel },
): FeelValue {
  const fields = recordType(type, options.model ?? standardModel)?.fields ?? {};
  const currency = currencyIn(values, options.baseCurrency);
  const context: { [key: string]: FeelValue } = { ...nothingIn(fields) };
  for (const key of Object.keys(values)) {
    const field = Object.hasOwn(fields, key)
      ? fields[key]
      : Object.hasOwn(systemFields, key)
        ? systemFields[key]
        : undefined;
    if (field) context[key] = fieldToFeel(field, values[key] ?? null, currency);
  }
  return context;
}

type Fields = Readonly<Record<string, Field>>;
const nothing = new WeakMap<Fields, Record<string, null>>();

/** Most fields of a record are unset: their nulls are laid out once a type. */
function nothingIn(fields: Fields): Record<string, null> {
  let nulls = nothing.get(fields);
  if (!nulls) nothing.set(fields, (nulls = Object.fromEntries(Object.keys(fields).map((key) => [key, null]))));
  return nulls;
}

const currencyIn = (values: Values, baseCurrency: string): string =>
  typeof values.currency === "string" ? values.currency : baseCurrency;

function fieldToFeel(field: Field, value: Plain, currency: string): FeelValue {
  if (value === null) return null;
  switch (field.type) {
    case "money":
      return moneyNumber(field, value, currency);
    case "date":
      return toFeel(value, "date");
    case "datetime":
      return typeof value === "number" ? toFeelDateTime(value) : null;
    default:
      return toFeel(value);
  }
}

/** The type's fields as the type checker of expressions wants them: what kind each is, and which texts a list may hold. */
export function feelTypes(type: string, model: RecordModel = standardModel): Record<string, FeelType> {
  const fields = recordType(type, model)?.fields ?? {};
  return Object.fromEntries(
    [...Object.values(systemFields), ...Object.values(fields)].map((field) => [field.key, feelType(field, model)]),
  );
}

function feelType(field: Field, model: RecordModel): FeelType {
  switch (field.type) {
    case "integer":
      return { type: "number", whole: true };
    case "decimal":
    case "percent":
    case "money":
      return { type: "number" };
    case "boolean":
    case "date":
    case "datetime":
      return { type: field.type };
    case "picklist":
      return { type: "text", values: picklist(field.picklist, model).map(({ value }) => value) };
    case "multi_picklist":
      return { type: "list" };
    case "json":
      return { type: "any" };
    default:
      return { type: "text" };
  }
}

export type Stored = { ok: true; value: Plain } | { ok: false; text: string };

/**
 * A FEEL result as the field keeps it. Amounts are rounded half away from zero to the currency's minor unit, decimals to the
 * field's places; everything else has to fit as it is.
 */
export function fromFeelValue(
  field: Field,
  value: FeelValue,
  context: { currency: string; zone: string; model?: RecordModel },
): Stored {
  if (value === null) return { ok: true, value: null };
  const plain = plainFrom(field, value, context);
  if (plain === null) {
    const text = `${field.label.en} cannot hold this result.`;
    return { ok: false, text: `${text} ${came(value)}` };
  }
  const wrong = checkField(field, plain, context.model);
  return wrong ? { ok: false, text: wrong.text } : { ok: true, value: plain };
}

/** Null when the result is of another kind than the field. */
function plainFrom(field: Field, value: FeelValue, { currency, zone }: { currency: string; zone: string }): Plain {
  switch (field.type) {
    case "money":
    case "decimal":
    case "percent":
    case "integer":
      return numberFrom(field, value, currency);
    case "date":
      return dateFrom(value, zone);
    case "datetime":
      return instantOfFeel(value, zone) ?? startOfFeelDate(value, zone);
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "multi_picklist":
      return typeof value === "string" ? [value] : Array.isArray(value) ? textsOf(value) : null;
    case "json":
      return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
    default:
      return typeof value === "string" ? value : null;
  }
}

/** Null where one is no text: none is left out without a word. */
function textsOf(list: readonly FeelValue[]): string[] | null {
  const texts = list.flatMap((one) => (typeof one === "string" ? [one] : []));
  return texts.length === list.length ? texts : null;
}

function numberFrom(field: Field, value: FeelValue, currency: string): number | null {
  const exact = typeof value === "number" ? decimalOfNumber(value) : null;
  if (!exact) return null;
  if (field.type === "money") return storedMoney(field, exact, currency);
  return field.type === "integer" ? numberOf(exact) : numberOf(rounded(exact, numberPlaces(field)));
}

function dateFrom(value: FeelValue, zone: string): string | null {
  if (typeof value === "string") return isDay(value) ? value : null;
  const at = startOfFeelDate(value, zone) ?? instantOfFeel(value, zone);
  return at === null ? null : dayIn(at, zone);
}
