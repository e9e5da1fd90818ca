/** Wall clock and instants. A wall time in a gap is read with the offset before it; a repeated one is the first (Temporal `compatible`). */
import { Temporal } from "temporal-polyfill";

export const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Offsets at the starts of UTC days: two equal neighbours mean that nothing changed between. */
const starts = new Map<string, Map<number, number>>();

function offsetAtDay(zone: string, day: number): number {
  let known = starts.get(zone);
  if (!known) starts.set(zone, (known = new Map()));
  let offset = known.get(day);
  if (offset === undefined) known.set(day, (offset = exactOffset(zone, day * dayMs)));
  return offset;
}

const exactOffset = (zone: string, at: number) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000;

/** Offset of the zone at an instant, ms east of UTC. */
export function offsetAt(zone: string, at: number): number {
  if (zone === "UTC") return 0;
  const day = Math.floor(at / dayMs);
  const before = offsetAtDay(zone, day);
  return before === offsetAtDay(zone, day + 1) ? before : exactOffset(zone, at);
}

/** `wall`: local date and time as ms as if it were UTC. */
export function instantOfWall(zone: string, wall: number): number {
  if (zone === "UTC") return wall;
  const before = offsetAt(zone, wall - dayMs);
  const after = offsetAt(zone, wall + dayMs);
  if (before === after) return wall - before;
  if (offsetAt(zone, wall - before) === before) return wall - before;
  return offsetAt(zone, wall - after) === after ? wall - after : wall - before;
}

/** Local date and time at an instant, as ms as if it were UTC. */
export const wallAt = (zone: string, at: number): number => at + offsetAt(zone, at);

/** Days since 1970-01-01 of the local date at an instant. */
export const localDay = (zone: string, at: number): number => Math.floor(wallAt(zone, at) / dayMs);

/** 00:00 of a local day. */
export const startOfDay = (zone: string, day: number): number => instantOfWall(zone, day * dayMs);

export const nextMidnight = (at: number, zone: string): number => startOfDay(zone, localDay(zone, at) + 1);

/** When the clock on the wall next shows a full hour. */
export const nextHour = (at: number, zone: string): number =>
  at + hourMs - (((wallAt(zone, at) % hourMs) + hourMs) % hourMs);

/** 0 = Monday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** `YYYY-MM-DD` → days since 1970-01-01; null when it is no date. */
export function dayOfDate(text: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return null;
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const ms = Date.UTC(year, month - 1, date);
  const back = new Date(ms);
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === date ? ms / dayMs : null;
}

export const dateOfDay = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** Names that were found to be zones: every question makes a formatter. */
const zones = new Set<string>();

export function isZone(name: string): boolean {
  if (zones.has(name)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    return false;
  }
  zones.add(name);
  return true;
}
