/** Numbers and dates as people and spreadsheets write them. */
import { Temporal } from "temporal-polyfill";
import { type Decimal, decimalOf, dividedBy, plus } from "./decimal.ts";

/**
 * "1,234.50", "1.234,50", "1 234,50", "1'234.50", "(120)" as an exact decimal. A single separator before three digits is a
 * thousands separator when it is a comma, the decimal point when it is a dot; `point` "," turns that round.
 */
export function readNumber(written: string, point: "." | "," = "."): Decimal | null {
  let text = written
    .replace(/[\s\u00a0\u202f]/g, "")
    .replace(/['’_]/g, "")
    .replace(/^\u2212/, "-");
  if (text.length > 40) return null;
  const bracketed = /^\((.+)\)$/.exec(text);
  if (bracketed) text = `-${bracketed[1]}`;
  if (/^[+-]?\d+(\.\d+)?[eE][+-]?\d{1,2}$/.test(text)) return decimalOf(text);
  const match = /^([+-]?)([\d.,]+)$/.exec(text);
  const body = match?.[2];
  if (!match || !body || !/\d/.test(body)) return null;
  const mark = decimalMark(body, point);
  const cut = mark ? body.lastIndexOf(mark) : body.length;
  const [head, tail] = [body.slice(0, cut), body.slice(cut + 1)];
  if (!/^\d*$/.test(tail) || !groupedWell(head)) return null;
  return decimalOf(`${match[1]}${head.replace(/[.,]/g, "")}.${tail}`);
}

/** Which of the two marks is the decimal one here; null when neither is. */
function decimalMark(body: string, point: "." | ","): "." | "," | null {
  const [dots, commas] = [body.split(".").length - 1, body.split(",").length - 1];
  if (dots > 0 && commas > 0) return body.lastIndexOf(".") > body.lastIndexOf(",") ? "." : ",";
  const mark = dots > 0 ? "." : commas > 0 ? "," : null;
  if (mark === null || dots > 1 || commas > 1) return null;
  if (mark === point) return mark;
  return /^\d{1,3}[.,]\d{3}$/.test(body) ? null : mark;
}

/** Groups of three, or the Indian way: two and two, then three at the end. One kind of separator. */
const groupedWell = (head: string): boolean =>
  /^\d*$/.test(head) ||
  /^\d{1,3}(,\d{3})+$/.test(head) ||
  /^\d{1,3}(\.\d{3})+$/.test(head) ||
  /^\d{1,2}(,\d{2})+,\d{3}$/.test(head);

export type DateOrder = "dmy" | "mdy";

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/** A calendar day as YYYY-MM-DD: ISO, d/m/y (or m/d/y when the file says so), "24 Nov 2026". A time behind it is left off. */
export function readDate(written: string, order: DateOrder = "dmy"): string | null {
  const text = written.trim();
  if (text.length > 40) return null;
  const day = text.replace(/[T ]\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i, "").trim();
  const iso = /^(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})$/.exec(day);
  if (iso) return iso[2] === "" && day.length !== 8 ? null : dayOf(iso[1], iso[3], iso[4]);
  const local = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/.exec(day);
  if (local) return order === "dmy" ? dayOf(local[4], local[3], local[1]) : dayOf(local[4], local[1], local[3]);
  const named = /^(\d{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})$/.exec(day) ?? null;
  if (named) return dayOf(named[3], month(named[2]), named[1]);
  const american = /^([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})$/.exec(day);
  return american ? dayOf(american[3], month(american[1]), american[2]) : null;
}

const month = (name: string | undefined): string => String(months.indexOf((name ?? "").slice(0, 3).toLowerCase()) + 1);

function dayOf(year: string | undefined, monthText: string | undefined, day: string | undefined): string | null {
  const [y, m, d] = [Number(year), Number(monthText), Number(day)];
  if (y < 1 || m < 1 || m > 12 || d < 1 || d > Temporal.PlainYearMonth.from({ year: y, month: m }).daysInMonth)
    return null;
  return `${String(y).padStart(4, "0")}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
}

/** An instant in epoch ms: with its offset, or as local time of `zone` (IANA), or epoch milliseconds. */
export function readInstant(written: string, zone: string, order: DateOrder = "dmy"): number | null {
  const text = written.trim();
  if (/^-?\d{11,14}$/.test(text)) return Number(text);
  const day = readDate(text, order);
  if (day === null) return null;
  const time = /[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(text);
  const [hour, minute, second] = [Number(time?.[1] ?? 0), Number(time?.[2] ?? 0), Number(time?.[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const ms = Number((time?.[4] ?? "").padEnd(3, "0").slice(0, 3));
  const local = Temporal.PlainDate.from(day).toPlainDateTime({ hour, minute, second, millisecond: ms });
  const offset = time?.[5];
  if (!offset) return local.toZonedDateTime(zone).epochMilliseconds;
  return local.toZonedDateTime("UTC").epochMilliseconds - offsetMs(offset);
}

function offsetMs(offset: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(offset);
  return match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000 : 0;
}

/** "2026-11-24T14:30:00.000Z". */
export const instantText = (at: number): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: "millisecond" });

/** The calendar day of an instant in a zone. */
export const dayIn = (at: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();

export const isDay = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && readDate(value) === value;

export const addDays = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString();

/** Whole days from one to the other; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: "days" }).days;

/** Months from the first day to the last one, both included; days left over as their share of the month they lie in. */
export function monthsBetween(first: string, last: string): Decimal {
  const [start, end] = [Temporal.PlainDate.from(first), Temporal.PlainDate.from(last).add({ days: 1 })];
  const { years, months, days } = start.until(end, { largestUnit: "years" });
  const whole = years * 12 + months;
  const share = dividedBy(
    { units: BigInt(days), places: 0 },
    { units: BigInt(start.add({ months: whole }).daysInMonth), places: 0 },
    10,
  );
  return plus({ units: BigInt(whole), places: 0 }, share ?? { units: 0n, places: 0 });
}

/** Midnight that begins the day in the zone, epoch ms; the first instant of the day where there is no midnight. */
export const startOfDay = (day: string, zone: string): number =>
  Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
