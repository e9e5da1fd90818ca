/**
 * Values of fields: plain JSON. Text; numbers (percents 0–100); booleans; "YYYY-MM-DD"; instants in epoch ms; money as a whole
 * number of minor units of the record's own currency (1/10,000 for unit prices). Here: from what people write to that, and back.
 */
import type { Plain, Values } from "@/server/engine/model.ts";
import { readDomain, readEmail, readPhone, readUrl } from "./contact-details.ts";
import { countryNames, readCountry } from "./countries.ts";
import { isCurrency } from "./currencies.ts";
import { decimalText, fits, numberOf } from "./decimal.ts";
import type { Field } from "./field.ts";
import { fold, nearestChoice } from "./fold.ts";
import { type RecordModel, picklist, standardModel } from "./model.ts";
import { moneyOf, moneyPlaces } from "./money.ts";
import { isLanguage, isZone, readRegion } from "./places.ts";
import { type DateOrder, instantText, readDate, readInstant, readNumber } from "./written-numbers.ts";

/** What a text is read against: the record's own country and currency, the writer's zone and habits. */
export type ParseContext = {
  country?: string | null;
  currency?: string | null;
  /** IANA zone of instants written without an offset; UTC when absent. */
  zone?: string;
  dateOrder?: DateOrder;
  /** The decimal mark of the file. */
  decimalMark?: "." | ",";
  model?: RecordModel;
};

/** `beside`: companion fields that came out of the same text, such as a phone's extension. */
export type Parsed = { ok: true; value: Plain; beside?: Values } | { ok: false; code: string; text: string };

const no = (code: string, text: string): Parsed => ({ ok: false, code, text });
const is = (value: Plain, beside?: Values): Parsed => ({ ok: true, value, ...(beside && { beside }) });

/** Reads one written value. Empty text is null: whether that is allowed is a matter of the whole record. */
export function parseField(field: Field, written: string, context: ParseContext = {}): Parsed {
  const text = written.trim();
  if (text === "") return is(null);
  switch (field.type) {
    case "text":
    case "long_text":
    case "reference":
      return checkLength(field, text);
    case "email": {
      const email = readEmail(text);
      return email.ok ? is(email.value, { [`${field.key}_original`]: email.value === text ? null : text }) : email;
    }
    case "phone": {
      const phone = readPhone(text, context.country);
      return phone.ok ? is(phone.value.number, { [`${field.key}_ext`]: phone.value.extension }) : phone;
    }
    case "url":
      return readUrl(text);
    case "domain":
      return readDomain(text);
    case "currency": {
      const code = text.toUpperCase();
      return isCurrency(code)
        ? is(code)
        : no("currency", `“${text}” is not the code of a currency in use, such as EUR or VND.`);
    }
    case "country": {
      const code = readCountry(text);
      return code
        ? is(code)
        : no("country", `“${text}” is not a country.${suggestion(nearestChoice(text, countryNames))}`);
    }
    case "region": {
      const code = readRegion(text, context.country);
      return is(code, { [`${field.key}_raw`]: code ? null : text.slice(0, 255) });
    }
    case "language":
      return isLanguage(text) ? is(text) : no("language", `“${text}” is not a language code such as en-GB or vi.`);
    case "timezone":
      return isZone(text) ? is(text) : no("timezone", `“${text}” is not a time zone such as Europe/Berlin.`);
    case "integer":
    case "decimal":
    case "percent":
      return readAmount(field, field.type === "percent" ? text.replace(/%$/, "") : text, context);
    case "money":
      return readMoney(field, text, context);
    case "date": {
      const day = readDate(text, context.dateOrder);
      return day
        ? is(day)
        : no(
            "date",
            `“${text}” is not a date: write 2026-11-24, or ${context.dateOrder === "mdy" ? "11/24/2026 (month first)" : "24/11/2026 (day first)"}.`,
          );
    }
    case "datetime": {
      const at = readInstant(text, context.zone ?? "UTC", context.dateOrder);
      return at === null
        ? no("datetime", `“${text}” is not a date and time: write 2026-11-24 14:30, or the same with Z or an offset.`)
        : is(at);
    }
    case "boolean":
      return readYesNo(text);
    case "picklist":
      return readChoice(field, text, context.model ?? standardModel);
    case "multi_picklist":
      return readChoices(field, text, context.model ?? standardModel);
    case "json":
      return readJson(text);
    default:
      return field.type satisfies never;
  }
}

export const isBlank = (value: Plain | undefined): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** How long a text may be: its own limit, else its type's. */
export const longestText = (field: Field): number => field.max ?? (field.type === "long_text" ? 32_000 : 255);

function checkLength(field: Field, text: string): Parsed {
  const longest = longestText(field);
  return text.length > longest
    ? no("too_long", `${field.label.en} has ${text.length} characters; at most ${longest} are kept.`)
    : is(text);
}

function readAmount(field: Field, text: string, context: ParseContext): Parsed {
  const number = readNumber(text, context.decimalMark);
  if (!number) return no("number", `“${text}” is not a number.`);
  const places = numberPlaces(field);
  if (!fits(number, places))
    return places === 0
      ? no("whole_number", `“${text}” is not a whole number.`)
      : no("too_precise", `“${text}” has more than ${places} decimal places.`);
  const value = numberOf(number);
  return Math.abs(value) > Number.MAX_SAFE_INTEGER
    ? no("too_large", `“${text}” is larger than can be kept exactly.`)
    : is(value);
}

export const numberPlaces = (field: Field): number => (field.type === "integer" ? 0 : field.type === "percent" ? 2 : 4);

/** "€ 1,200.50" or "1200.50 EUR"; a code that is not the record's own currency is refused. */
function readMoney(field: Field, text: string, context: ParseContext): Parsed {
  const code = /(?:^|[^A-Za-z])([A-Za-z]{3})(?:[^A-Za-z]|$)/.exec(text)?.[1]?.toUpperCase();
  if (code && !isCurrency(code)) return no("number", `“${text}” is not an amount.`);
  if (code && context.currency && code !== context.currency)
    return no("currency_differs", `“${text}” is in ${code}, but the record is in ${context.currency}.`);
  const currency = context.currency ?? code ?? null;
  const places = moneyPlaces(field, currency);
  const body = text.replace(/[A-Za-z]{3}|\p{Sc}/gu, "");
  // Where the currency has no decimals, a mark before three digits can only group them: 15.000 ₫ is fifteen thousand.
  const groups = places === 0 && /^\D*\d{1,3}[.,]\d{3}\D*$/.test(body);
  const number = readNumber(body, groups ? (body.includes(".") ? "," : ".") : context.decimalMark);
  if (!number) return no("number", `“${text}” is not an amount.`);
  if (!fits(number, places))
    return no(
      "too_precise",
      places === 0
        ? `${currency} has no decimal places: “${text}” is not an amount in it.`
        : `“${text}” has more than ${places} decimal places, more than ${field.unitPrice ? "a unit price" : (currency ?? "its currency")} has.`,
    );
  const minor =
    Number(number.units * 10n ** BigInt(Math.max(0, places - number.places))) /
    10 ** Math.max(0, number.places - places);
  return Number.isSafeInteger(minor) ? is(minor) : no("too_large", `“${text}” is larger than can be kept exactly.`);
}

const yes = new Set(["true", "yes", "y", "1", "on", "x", "co", "dung"]);
const not = new Set(["false", "no", "n", "0", "off", "khong", "sai"]);

function readYesNo(text: string): Parsed {
  const folded = fold(text);
  if (yes.has(folded)) return is(true);
  return not.has(folded) ? is(false) : no("boolean", `“${text}” is neither yes nor no.`);
}

/** A value by its id or by its label in either language. Unknown ones are refused, never replaced. */
function readChoice(field: Field, text: string, model: RecordModel): Parsed {
  const values = picklist(field.picklist, model);
  const exact = values.find(({ value }) => value === text);
  if (exact) return is(exact.value);
  const wanted = fold(text);
  const found = values.filter(({ value, label }) => [value, label.en, label.vi].some((name) => fold(name) === wanted));
  if (found.length === 1 && found[0]) return is(found[0].value);
  const names = values.flatMap(({ value, label }) => [value, label.en, label.vi]);
  return no(
    "picklist",
    `“${text}” is not one of the values of ${field.label.en}.${suggestion(nearestChoice(text, names))}`,
  );
}

function readChoices(field: Field, text: string, model: RecordModel): Parsed {
  const values: string[] = [];
  for (const part of text.split(/[;|\n]/).filter((part) => part.trim() !== "")) {
    const one = readChoice(field, part.trim(), model);
    if (!one.ok) return one;
    if (typeof one.value === "string" && !values.includes(one.value)) values.push(one.value);
  }
  return is(values);
}

function readJson(text: string): Parsed {
  try {
    const value: Plain = JSON.parse(text, (key, inner: Plain) => (key === "__proto__" ? undefined : inner));
    return is(value);
  } catch {
    return no("json", "The text is not valid JSON.");
  }
}

const suggestion = (name: string | null): string => (name ? ` Did you mean “${name}”?` : "");

/**
 * The value as files hold it: ids of picklist values, ISO dates and instants, decimal points, no grouping. `parseField` reads
 * it back to the same value.
 */
export function formatPlain(field: Field, value: Plain | undefined, currency: string | null = null): string {
  if (value === null || value === undefined) return "";
  switch (field.type) {
    case "money": {
      const amount = moneyOf(field, value, currency);
      return amount ? decimalText(amount) : String(value);
    }
    case "datetime":
      return typeof value === "number" ? instantText(value) : String(value);
    case "multi_picklist":
      return Array.isArray(value) ? value.join("; ") : String(value);
    case "json":
      return JSON.stringify(value);
    default:
      return typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}
