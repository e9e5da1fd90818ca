/** A clock as a bar: when it ran, when its calendar was closed, when it was paused. Pure. */
import { type BusinessCalendar, openTime } from "@/server/engine/calendar/calendar.ts";
import { dayMs, localDay } from "@/server/engine/calendar/zone.ts";

export type Band = { kind: "open" | "closed" | "paused"; from: number; to: number };

/** A bar shows single nights up to this many days; a longer one is drawn as one stretch. */
const mostDays = 14;

/**
 * The stretches of [from, to) in order, without gaps. `pauses` are instants [from, to); a pause hides the hours under it.
 * Empty when `to` is not later than `from`.
 */
export function clockBands(
  calendar: BusinessCalendar,
  from: number,
  to: number,
  pauses: readonly (readonly [number, number])[],
): Band[] {
  if (to <= from) return [];
  const held = pauses
    .map(([a, b]): Band => ({ kind: "paused", from: Math.max(from, a), to: Math.min(to, b) }))
    .filter((band) => band.to > band.from)
    .sort((a, b) => a.from - b.from);
  const bands: Band[] = [];
  let at = from;
  for (const pause of held) {
    if (pause.from > at) bands.push(...hours(calendar, at, pause.from));
    bands.push({ ...pause, from: Math.max(at, pause.from) });
    at = Math.max(at, pause.to);
  }
  bands.push(...hours(calendar, at, to));
  return bands;
}

function hours(calendar: BusinessCalendar, from: number, to: number): Band[] {
  if (to <= from) return [];
  if (calendar.allDay || to - from > mostDays * dayMs) return [{ kind: "open", from, to }];
  const bands: Band[] = [];
  const add = (kind: Band["kind"], a: number, b: number) => b > a && bands.push({ kind, from: a, to: b });
  let at = from;
  for (let day = localDay(calendar.zone, from) - 1; day <= localDay(calendar.zone, to) + 1; day++) {
    const ends = calendar.day(day);
    for (let i = 0; i < ends.length; i += 2) {
      const [opens, closes] = [Math.max(ends[i]!, at), Math.min(ends[i + 1]!, to)];
      if (closes <= opens) continue;
      add("closed", at, opens);
      add("open", opens, closes);
      at = closes;
    }
  }
  add("closed", at, to);
  return bands;
}

/** ms of open time between now and due: negative once late. */
export const timeLeft = (calendar: BusinessCalendar, dueAt: number, now: number): number =>
  dueAt >= now ? openTime(calendar, now, dueAt) : -openTime(calendar, dueAt, now);
