/**
 * What a calendar says, read and checked: wall-clock intervals a weekday, holidays without hours, special hours that replace a
 * day's. Nothing here knows a zone; `calendar.ts` turns it into instants.
 */
import { dayOfDate, weekdayOf } from "./zone.ts";

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];
/** Half-open wall-clock interval, `24:00` is the next midnight. */
export type Interval = { from: string; to: string };

export type CalendarDefinition = {
  week: Partial<Record<Weekday, readonly Interval[]>>;
  /** Local dates without hours. */
  holidays?: Iterable<string>;
  /** Local date → intervals that replace the week's and override a holiday. */
  special?: Readonly<Record<string, readonly Interval[]>>;
};

export type CalendarProblem = { code: string; text: string };

/** Intervals as [from, to, from, to …] in minutes of the day, ascending and disjoint. */
export type Minutes = readonly number[];

export type Hours = {
  /** By weekday, 0 = Monday. */
  week: readonly Minutes[];
  /** The intervals of a local day (days since 1970-01-01). */
  on(day: number): Minutes;
  /** Nothing but the week: neither holidays nor special hours. */
  plain: boolean;
};

/** Reads a definition; every problem it has is told in one sentence. */
export function readHours(
  definition: CalendarDefinition,
): { ok: true; hours: Hours } | { ok: false; problems: CalendarProblem[] } {
  const problems: CalendarProblem[] = [];
  const week = weekdays.map((day) => minutesOf(definition.week[day] ?? [], day, problems));
  const special = new Map<number, Minutes>();
  for (const [date, intervals] of Object.entries(definition.special ?? {})) {
    const day = dateIn(date, problems);
    if (day !== null) special.set(day, minutesOf(intervals, date, problems));
  }
  const holidays = new Set<number>();
  for (const date of definition.holidays ?? []) {
    const day = dateIn(date, problems);
    if (day !== null) holidays.add(day);
  }
  if (!problems.length && ![...week, ...special.values()].some((minutes) => minutes.length))
    problems.push({ code: "NO_HOURS", text: "This calendar has no open hours, so nothing would ever be due." });
  if (problems.length) return { ok: false, problems };
  return {
    ok: true,
    hours: {
      week,
      on: (day) => special.get(day) ?? (holidays.has(day) ? closed : week[weekdayOf(day)]!),
      plain: holidays.size === 0 && special.size === 0,
    },
  };
}

const closed: Minutes = [];

function minutesOf(intervals: readonly Interval[], where: string, problems: CalendarProblem[]): Minutes {
  const read: { from: number; to: number; text: string }[] = [];
  for (const interval of intervals) {
    const [from, to] = [minuteOf(interval.from), minuteOf(interval.to)];
    const text = `${interval.from}–${interval.to}`;
    if (from !== null && to !== null && from < to) read.push({ from, to, text });
    else
      problems.push({
        code: "BAD_INTERVAL",
        text: `${where}: ${text} is not a span of a day. Write 09:00–17:00, at most to 24:00.`,
      });
  }
  read.sort((a, b) => a.from - b.from);
  for (const [i, next] of read.entries()) {
    const before = read[i - 1];
    if (before && next.from < before.to)
      problems.push({ code: "OVERLAP", text: `${where}: ${next.text} overlaps ${before.text}.` });
  }
  return read.flatMap(({ from, to }) => [from, to]);
}

function minuteOf(text: string): number | null {
  const match = /^(\d{1,2}):([0-5]\d)$/.exec(text);
  const minute = match ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN;
  return minute <= 1440 ? minute : null;
}

function dateIn(text: string, problems: CalendarProblem[]): number | null {
  const day = dayOfDate(text);
  if (day === null) problems.push({ code: "BAD_DATE", text: `“${text}” is not a date. Write 2026-12-24.` });
  return day;
}
