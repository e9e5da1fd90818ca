/**
 * Which minutes a calendar is open, by the rules as they are written, from nothing of ours: Intl tells what the wall clock of a
 * zone shows in each quarter of an hour. For references that walk through time.
 */
import { type CalendarDefinition, weekdays } from "@/server/engine/calendar/calendar-hours.ts";

const [minute, quarter, day] = [60_000, 900_000, 86_400_000];
const margin = 2 * day;

export type MinuteMap = { open(at: number): boolean };

/** Every minute of [from − 2 days, to + 2 days). */
export function minuteMap(definition: CalendarDefinition, zone: string, from: number, to: number): MinuteMap {
  const first = Math.floor((from - margin) / day) * day;
  const minutes = Math.ceil((to + margin - first) / minute);
  const walls = new Float64Array(minutes);
  const format = formatOf(zone);
  for (let m = 0; m < minutes; m += quarter / minute) {
    const part: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(first + m * minute)) part[type] = value;
    const wall = Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}Z`);
    for (let i = 0; i < quarter / minute && m + i < minutes; i++) walls[m + i] = wall + i * minute;
  }
  const firstShown = new Map<number, number>();
  for (let m = 0; m < minutes; m++) if (!firstShown.has(walls[m]!)) firstShown.set(walls[m]!, m);
  /** The first minute that shows this clock time; in a gap as many minutes on as the clock would have been. */
  const minuteOf = (wall: number): number => {
    const shown = firstShown.get(wall);
    if (shown !== undefined) return shown;
    let before = -1;
    for (let m = 0; m < minutes && walls[m]! < wall; m++) before = m;
    return before + (wall - walls[before]!) / minute;
  };
  const marks = new Uint8Array(minutes + 2000);
  const holidays = new Set(definition.holidays);
  for (const date of new Set([...walls].map((wall) => Math.floor(wall / day)))) {
    const text = new Date(date * day).toISOString().slice(0, 10);
    const weekday = weekdays[(new Date(date * day).getUTCDay() + 6) % 7]!;
    const intervals = definition.special?.[text] ?? (holidays.has(text) ? [] : (definition.week[weekday] ?? []));
    for (const interval of intervals) {
      const [start, end] = [interval.from, interval.to].map(
        (time) => date * day + Number(time.slice(0, 2)) * 60 * minute + Number(time.slice(3)) * minute,
      );
      // What begins before or ends after the marked window lies in its margin.
      if (start! < walls[0]! || end! > walls[minutes - 1]!) continue;
      marks.fill(1, minuteOf(start!), minuteOf(end!));
    }
  }
  return { open: (at) => marks[Math.floor((at - first) / minute)] === 1 };
}

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format)
    formats.set(
      zone,
      (format = new Intl.DateTimeFormat("en-CA", {
        timeZone: zone,
        hourCycle: "h23",
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
      })),
    );
  return format;
}

/** An instant within a few days of which the zone changes its offset (or does not change at all). */
export const places: readonly [string, string][] = [
  ["America/New_York", "2026-03-08"],
  ["America/New_York", "2026-11-01"],
  ["Europe/Berlin", "2026-03-29"],
  ["Europe/London", "2025-10-26"],
  ["Australia/Sydney", "2026-04-05"],
  ["Australia/Lord_Howe", "2026-10-04"],
  ["America/Nuuk", "2026-03-29"],
  ["America/Nuuk", "2026-10-25"],
  ["America/Havana", "2026-11-01"],
  ["Africa/Cairo", "2026-04-24"],
  ["Asia/Beirut", "2026-03-29"],
  ["Pacific/Apia", "2011-12-30"],
  ["America/Sao_Paulo", "2018-11-04"],
  ["America/Sao_Paulo", "2018-02-18"],
  ["Asia/Kathmandu", "2026-05-01"],
  ["Asia/Ho_Chi_Minh", "2026-02-17"],
];
