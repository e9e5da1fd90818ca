import { readInstant } from "../instant.ts";

/** What is done to a cell before it is read as a field. */
export type Transform =
  | "trim"
  | "lower"
  | "upper"
  | "code"
  | "date:dmy"
  | "date:mdy"
  | "decimal:comma"
  | "thousands"
  | "millions"
  | "share"
  | "zoho_id";

/** The changed text, or undefined where the transform cannot be done to it. */
export function transformCell(transform: Transform, text: string): string | undefined {
  switch (transform) {
    case "trim":
      return text.trim();
    case "lower":
      return text.trim().toLowerCase();
    case "upper":
      return text.trim().toUpperCase();
    case "code":
      return text
        .trim()
        .toUpperCase()
        .replace(/[^\p{L}\p{N}]+/gu, "-");
    case "date:dmy":
      return isoTime(text, "dmy");
    case "date:mdy":
      return isoTime(text, "mdy");
    case "decimal:comma":
      return text.replace(/[.\s'’]/g, "").replace(",", ".");
    case "thousands":
      return shiftDecimal(text, 3);
    case "millions":
      return shiftDecimal(text, 6);
    case "share":
      return shiftDecimal(text, 2);
    case "zoho_id":
      return text.trim().replace(/^zcrm_/, "");
    default:
      return transform satisfies never;
  }
}

/** A date alone stays a date; a time becomes an instant in UTC. */
function isoTime(text: string, order: "dmy" | "mdy"): string | undefined {
  const reading = readInstant(text.trim(), order);
  if (!reading) return undefined;
  const iso = new Date(Math.floor(reading.at)).toISOString();
  return text.includes(":") ? iso : iso.slice(0, 10);
}

/** Moves the decimal point to the right in the digits themselves, so that 1100.04 million is exactly 1100040000. */
function shiftDecimal(text: string, places: number): string | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim().replace(/,/g, ""));
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  const digits = whole + fraction.slice(0, places).padEnd(places, "0");
  const rest = fraction.slice(places);
  return `${sign}${digits.replace(/^0+(?=\d)/, "")}${rest === "" ? "" : `.${rest}`}`;
}
