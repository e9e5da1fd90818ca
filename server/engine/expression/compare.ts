/** Equality and order of FEEL values. Null as an answer means that the two cannot be compared. */
import { instantOfWall, offsetAt } from "../calendar/zone.ts";
import { type FeelDateTime, type FeelTime, type FeelValue, isContext, isFunction, isTagged } from "./value.ts";

export function equal(a: FeelValue, b: FeelValue): boolean | null {
  if (a === null || b === null) return a === b;
  if (typeof a !== "object" || typeof b !== "object") return typeof a === typeof b ? a === b : null;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b)) return null;
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (equal(a[i]!, b[i]!) !== true) return false;
    return true;
  }
  if (isTagged(a) || isTagged(b)) {
    if (!isTagged(a) || !isTagged(b) || a.kind !== b.kind || isFunction(a)) return null;
    switch (a.kind) {
      case "date":
        return a.day === (b as typeof a).day;
      case "dateTime":
        return equalPlace(a, b as FeelDateTime) ? order(a, b) === 0 : false;
      case "time":
        return equalPlace(a, b as FeelTime) ? order(a, b) === 0 : false;
      case "duration": {
        const other = b as typeof a;
        if ((a.months === null) !== (other.months === null))
          return a.months === 0 || other.months === 0 || a.ms === 0 || other.ms === 0
            ? (a.months ?? a.ms) === 0 && (other.months ?? other.ms) === 0
            : null;
        return a.months === other.months && a.ms === other.ms;
      }
      case "range": {
        const other = b as typeof a;
        return (
          a.fromOpen === other.fromOpen &&
          a.toOpen === other.toOpen &&
          equal(a.from, other.from) === true &&
          equal(a.to, other.to) === true
        );
      }
      default:
        return null;
    }
  }
  if (!isContext(a) || !isContext(b)) return null;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) if (!Object.hasOwn(b, key) || equal(a[key]!, b[key]!) !== true) return false;
  return true;
}

const equalPlace = (
  a: { offset: number | null; zone: string | null },
  b: { offset: number | null; zone: string | null },
) => (a.offset === null && a.zone === null) === (b.offset === null && b.zone === null);

/** < 0, 0, > 0; null when they have no order. */
export function order(a: FeelValue, b: FeelValue): number | null {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (!isTagged(a) || !isTagged(b) || a.kind !== b.kind) return null;
  switch (a.kind) {
    case "date":
      return a.day - (b as typeof a).day;
    case "dateTime": {
      const other = b as typeof a;
      const [x, y] = [utcOf(a), utcOf(other)];
      return (x === null) !== (y === null) ? null : x === null ? a.wall - other.wall : x - y!;
    }
    case "time": {
      const other = b as typeof a;
      const [x, y] = [offsetOf(a), offsetOf(other)];
      return (x === null) !== (y === null) ? null : a.ms - (x ?? 0) - (other.ms - (y ?? 0));
    }
    case "duration": {
      const other = b as typeof a;
      if (a.months !== null && other.months !== null) return a.months - other.months;
      return a.ms !== null && other.ms !== null ? a.ms - other.ms : null;
    }
    default:
      return null;
  }
}

/** Epoch ms of a date and time with a place; null for a local one. */
export const utcOf = (value: FeelDateTime): number | null =>
  value.zone ? instantOfWall(value.zone, value.wall) : value.offset === null ? null : value.wall - value.offset;
/** A time with a zone is read on 1970-01-01. */
export const offsetOf = (value: FeelTime): number | null =>
  value.zone ? offsetAt(value.zone, value.ms) : value.offset;

export const compareBy = {
  "=": (a: FeelValue, b: FeelValue) => equal(a, b),
  "!=": (a: FeelValue, b: FeelValue) => {
    const same = equal(a, b);
    return same === null ? null : !same;
  },
  "<": (a: FeelValue, b: FeelValue) => signed(order(a, b), (n) => n < 0),
  "<=": (a: FeelValue, b: FeelValue) => signed(order(a, b), (n) => n <= 0),
  ">": (a: FeelValue, b: FeelValue) => signed(order(a, b), (n) => n > 0),
  ">=": (a: FeelValue, b: FeelValue) => signed(order(a, b), (n) => n >= 0),
};
const signed = (n: number | null, test: (n: number) => boolean) => (n === null ? null : test(n));
