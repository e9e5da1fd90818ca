/** + − × ÷ and powers over numbers, texts, dates, times and durations. Null when the two do not go together. */
import { dayMs } from "../calendar/zone.ts";
import { offsetOf, utcOf } from "./compare.ts";
import {
  type FeelDate,
  type FeelDateTime,
  type FeelDuration,
  type FeelValue,
  isDate,
  isDateTime,
  isDuration,
  isTime,
  makeDate,
  makeDateTime,
  makeDuration,
  makeMonths,
  makeTime,
} from "./value.ts";

/** Doubles hold 15 significant digits; what lies beyond is noise of binary fractions (0.1 + 0.2). */
export const clean = (n: number): number | null =>
  Number.isFinite(n) ? (Number.isInteger(n) ? n : Number(n.toPrecision(15))) : null;

export function add(a: FeelValue, b: FeelValue): FeelValue {
  if (typeof a === "number" && typeof b === "number") return clean(a + b);
  if (typeof a === "string" && typeof b === "string") return a + b;
  if (isDuration(a) && isDuration(b)) return sumDurations(a, b, 1);
  if (isDuration(b)) return shift(a, b, 1);
  if (isDuration(a)) return shift(b, a, 1);
  return null;
}

export function subtract(a: FeelValue, b: FeelValue): FeelValue {
  if (typeof a === "number" && typeof b === "number") return clean(a - b);
  if (isDuration(a)) return isDuration(b) ? sumDurations(a, b, -1) : null;
  if (isDuration(b)) return shift(a, b, -1);
  if (isTime(a) && isTime(b)) {
    const [x, y] = [offsetOf(a), offsetOf(b)];
    return (x === null) !== (y === null) ? null : makeDuration(a.ms - (x ?? 0) - (b.ms - (y ?? 0)));
  }
  const [left, right] = [asDateTime(a), asDateTime(b)];
  if (!left || !right) return null;
  const [x, y] = [utcOf(left), utcOf(right)];
  // A date is midnight in UTC, which a local date and time cannot be set against.
  if (isDate(a) !== isDate(b) && (isDate(a) ? y : x) === null) return null;
  if (isDate(a) && isDate(b)) return makeDuration((a.day - b.day) * dayMs);
  // A date counts as midnight UTC beside a date and time with a place.
  const at = (utc: number | null, value: FeelDateTime, date: boolean) => utc ?? (date ? value.wall : null);
  const [p, q] = [at(x, left, isDate(a)), at(y, right, isDate(b))];
  if (p !== null && q !== null && (x !== null || y !== null)) return makeDuration(p - q);
  return x === null && y === null ? makeDuration(left.wall - right.wall) : null;
}

const asDateTime = (value: FeelValue): FeelDateTime | null =>
  isDateTime(value) ? value : isDate(value) ? makeDateTime(value.day * dayMs, null, null) : null;

function sumDurations(a: FeelDuration, b: FeelDuration, sign: 1 | -1): FeelValue {
  if (a.months !== null && b.months !== null) return makeMonths(a.months + sign * b.months);
  return a.ms !== null && b.ms !== null ? makeDuration(a.ms + sign * b.ms) : null;
}

function shift(value: FeelValue, by: FeelDuration, sign: 1 | -1): FeelValue {
  if (isDate(value))
    return by.months !== null
      ? addMonths(value, sign * by.months)
      : makeDate(Math.floor((value.day * dayMs + sign * by.ms) / dayMs));
  if (isDateTime(value)) {
    if (by.ms !== null) return makeDateTime(value.wall + sign * by.ms, value.zone ? null : value.offset, value.zone);
    const date = makeDate(Math.floor(value.wall / dayMs));
    const moved = date && addMonths(date, sign * by.months);
    return moved
      ? makeDateTime(moved.day * dayMs + (value.wall - date.day * dayMs), value.zone ? null : value.offset, value.zone)
      : null;
  }
  if (isTime(value) && by.ms !== null) return makeTime(value.ms + sign * by.ms, value.offset, value.zone);
  return null;
}

/** The same day of a later month, or that month's last. */
export function addMonths(date: FeelDate, months: number): FeelDate | null {
  const from = new Date(date.day * dayMs);
  const month = from.getUTCFullYear() * 12 + from.getUTCMonth() + months;
  const first = new Date(0);
  first.setUTCFullYear(Math.floor(month / 12), ((month % 12) + 12) % 12, 1);
  const last = new Date(first.getTime());
  last.setUTCMonth(last.getUTCMonth() + 1, 0);
  return makeDate(Math.floor(first.getTime() / dayMs) + Math.min(from.getUTCDate(), last.getUTCDate()) - 1);
}

export function multiply(a: FeelValue, b: FeelValue): FeelValue {
  if (typeof a === "number" && typeof b === "number") return clean(a * b);
  if (isDuration(a) && typeof b === "number") return scale(a, b);
  if (isDuration(b) && typeof a === "number") return scale(b, a);
  return null;
}
const scale = (d: FeelDuration, n: number): FeelValue =>
  !Number.isFinite(n)
    ? null
    : d.months !== null
      ? makeMonths(Math.trunc(d.months * n))
      : makeDuration(Math.trunc(d.ms * n));

export function divide(a: FeelValue, b: FeelValue): FeelValue {
  if (typeof b === "number" && b !== 0) {
    if (typeof a === "number") return clean(a / b);
    if (isDuration(a)) return scale(a, 1 / b);
  }
  if (isDuration(a) && isDuration(b)) {
    if (a.months !== null && b.months) return clean(a.months / b.months);
    if (a.ms !== null && b.ms) return clean(a.ms / b.ms);
  }
  return null;
}

export const power = (a: FeelValue, b: FeelValue): FeelValue =>
  typeof a === "number" && typeof b === "number" ? clean(a ** b) : null;

export function negate(a: FeelValue): FeelValue {
  if (typeof a === "number") return a === 0 ? 0 : -a;
  return isDuration(a) ? (a.months !== null ? makeMonths(-a.months) : makeDuration(-a.ms)) : null;
}
