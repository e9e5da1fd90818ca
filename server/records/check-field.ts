/** Whether a stored value is of its field's kind and within its bounds. What is wrong is a code and one sentence. */
import type { Plain } from "@/server/engine/model.ts";
import { readDomain, readEmail, readUrl } from "./contact-details.ts";
import { countryOf } from "./countries.ts";
import { isCurrency } from "./currencies.ts";
import { decimalOfNumber, fits } from "./decimal.ts";
import type { Field } from "./field.ts";
import { type RecordModel, picklist, standardModel } from "./model.ts";
import { isLanguage, isZone } from "./places.ts";
import { longestText, numberPlaces } from "./values.ts";
import { isDay } from "./written-numbers.ts";

export type Wrong = { code: string; text: string };

/** Null when the value fits. Null and empty values fit every field: what is required is a matter of the whole record. */
export function checkField(field: Field, value: Plain, model: RecordModel = standardModel): Wrong | null {
  if (value === null) return null;
  const name = field.label.en;
  const wrong = (code: string, text: string): Wrong => ({ code, text });
  switch (field.type) {
    case "text":
    case "long_text":
    case "reference":
      if (typeof value !== "string") return wrong("text", `${name} takes text.`);
      return value.length > longestText(field)
        ? wrong("too_long", `${name} has ${value.length} characters; at most ${longestText(field)} are kept.`)
        : null;
    case "email":
      return sameAfter(value, readEmail) ? null : wrong("email", `${name} takes an e-mail address in lower case.`);
    case "phone":
      return typeof value === "string" && /^\+[1-9]\d{6,14}$/.test(value)
        ? null
        : wrong("phone", `${name} takes a phone number with + and the country code.`);
    case "url":
      return sameAfter(value, readUrl)
        ? null
        : wrong("url", `${name} takes a web address that begins with http:// or https://.`);
    case "domain":
      return sameAfter(value, readDomain)
        ? null
        : wrong("domain", `${name} takes a domain such as acme.com, without www or path.`);
    case "currency":
      return typeof value === "string" && isCurrency(value)
        ? null
        : wrong("currency", `${name} takes the code of a currency in use, such as EUR or VND.`);
    case "country":
      return typeof value === "string" && countryOf(value)
        ? null
        : wrong("country", `${name} takes a two-letter country code, such as DE.`);
    case "region":
      return typeof value === "string" && /^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(value)
        ? null
        : wrong("region", `${name} takes a region code such as US-CA.`);
    case "language":
      return typeof value === "string" && isLanguage(value)
        ? null
        : wrong("language", `${name} takes a language code such as en-GB or vi.`);
    case "timezone":
      return typeof value === "string" && isZone(value)
        ? null
        : wrong("timezone", `${name} takes a time zone such as Europe/Berlin.`);
    case "integer":
    case "decimal":
    case "percent":
      return checkNumber(field, value);
    case "money":
      return typeof value === "number" && Number.isSafeInteger(value)
        ? null
        : wrong("money", `${name} takes an amount as a whole number of minor units.`);
    case "date":
      return isDay(value) ? null : wrong("date", `${name} takes a date such as 2026-11-24.`);
    case "datetime":
      return typeof value === "number" && Number.isSafeInteger(value) && Math.abs(value) <= 8.64e15
        ? null
        : wrong("datetime", `${name} takes a date and time.`);
    case "boolean":
      return typeof value === "boolean" ? null : wrong("boolean", `${name} takes yes or no.`);
    case "picklist":
      return isOneOf(field, value, model)
        ? null
        : wrong("picklist", `“${String(value)}” is not one of the values of ${name}.`);
    case "multi_picklist": {
      const stranger = Array.isArray(value) ? value.find((one) => !isOneOf(field, one, model)) : value;
      return stranger === undefined
        ? null
        : wrong("picklist", `“${String(stranger)}” is not one of the values of ${name}.`);
    }
    case "json":
      return null;
    default:
      return field.type satisfies never;
  }
}

const sameAfter = (value: Plain, read: (text: string) => { ok: true; value: string } | { ok: false }): boolean => {
  if (typeof value !== "string") return false;
  const result = read(value);
  return result.ok && result.value === value;
};

const isOneOf = (field: Field, value: Plain, model: RecordModel): boolean =>
  picklist(field.picklist, model).some((one) => one.value === value);

function checkNumber(field: Field, value: Plain): Wrong | null {
  const name = field.label.en;
  const exact = typeof value === "number" ? decimalOfNumber(value) : null;
  if (!exact || typeof value !== "number") return { code: "number", text: `${name} takes a number.` };
  const places = numberPlaces(field);
  if (!fits(exact, places))
    return places === 0
      ? { code: "whole_number", text: `${name} takes a whole number.` }
      : { code: "too_precise", text: `${name} takes at most ${places} decimal places.` };
  // Percents computed from money may lie below 0 or above 100; typed ones may not.
  const bounded = field.type === "percent" && !field.derived;
  const [min, max] = [field.min ?? (bounded ? 0 : undefined), field.max ?? (bounded ? 100 : undefined)];
  if (min !== undefined && value < min) return { code: "too_small", text: `${name} is at least ${min}.` };
  if (max !== undefined && value > max) return { code: "too_large", text: `${name} is at most ${max}.` };
  return null;
}
