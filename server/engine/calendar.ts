/**
 * Business time. A calendar has wall-clock intervals a weekday, holidays without hours and special hours that replace a day's.
 * The clock runs in real milliseconds inside those intervals, so a shift that spans a change of the clocks holds an hour less or
 * more. Rule book: semantics section 1 and the `semantics` list of the SLA cases.
 */
import { dayMs, dayOfDate, instantOfWall, isZone, localDay, weekdayOf } from "./zone.ts";

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

export type BusinessCalendar = {
  readonly zone: string;
  /** Open intervals of a local day as instants [from, to, from, to …], ascending. */
  readonly day: (day: number) => readonly number[];
  /** Mean open time of a weekday that has hours, ms: one business day. */
  readonly meanDay: number;
  readonly allDay: boolean;
};

export type CalendarProblem = { code: string; text: string };

/** Compiles a definition for one zone; refused with sentences when it cannot be used. */
export function compileCalendar(
  definition: CalendarDefinition,
  zone: string,
): { ok: true; calendar: BusinessCalendar } | { ok: false; problems: CalendarProblem[] } {
  const problems: CalendarProblem[] = [];
  if (!isZone(zone)) problems.push({ code: "UNKNOWN_ZONE", text: `There is no time zone ${zone}.` });
  const week = weekdays.map((day) => minutesOf(definition.week[day] ?? [], day, problems));
  const special = new Map<number, number[]>();
  for (const [date, intervals] of Object.entries(definition.special ?? {})) {
    const day = dayOfDate(date);
    if (day === null) problems.push({ code: "BAD_DATE", text: `${date} is not a date.` });
    else special.set(day, minutesOf(intervals, date, problems));
  }
  const holidays = new Set<number>();
  for (const date of definition.holidays ?? []) {
    const day = dayOfDate(date);
    if (day === null) problems.push({ code: "BAD_DATE", text: `${date} is not a date.` });
    else holidays.add(day);
  }
  const open = week
    .map((minutes) => minutes.reduce((sum, m, i) => sum + (i % 2 ? m : -m), 0) * 60_000)
    .filter((ms) => ms > 0);
  if (open.length === 0 && special.size === 0)
    problems.push({ code: "NO_HOURS", text: "This calendar has no open hours, so nothing would ever be due." });
  if (problems.length) return { ok: false, problems };
  const cache = new Map<number, readonly number[]>();
  const minutesOn = (day: number) => special.get(day) ?? (holidays.has(day) ? [] : week[weekdayOf(day)]!);
  return {
    ok: true,
    calendar: {
      zone,
      meanDay: open.length ? open.reduce((a, b) => a + b, 0) / open.length : dayMs,
      allDay: open.length === 7 && holidays.size === 0 && special.size === 0 && open.every((ms) => ms === dayMs),
      day(day) {
        let instants = cache.get(day);
        if (!instants) {
          instants = minutesOn(day).map((m) => instantOfWall(zone, day * dayMs + m * 60_000));
          if (cache.size > 5000) cache.clear();
          cache.set(day, instants);
        }
        return instants;
      },
    },
  };
}

/** 24 × 7. */
export const always: BusinessCalendar = {
  zone: "UTC",
  day: (day) => [day * dayMs, (day + 1) * dayMs],
  meanDay: dayMs,
  allDay: true,
};

/** [from, to, from, to …] in minutes of the day, ascending and disjoint. */
function minutesOf(intervals: readonly Interval[], where: string, problems: CalendarProblem[]): number[] {
  const minutes: number[] = [];
  for (const { from, to } of [...intervals].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const [start, end] = [minuteOf(from), minuteOf(to)];
    if (start === null || end === null || end <= start)
      problems.push({ code: "BAD_INTERVAL", text: `${where}: ${from}–${to} is not a span of a day.` });
    else if (minutes.length && start < minutes.at(-1)!)
      problems.push({ code: "OVERLAP", text: `${where}: ${from}–${to} overlaps the span before it.` });
    else minutes.push(start, end);
  }
  return minutes;
}

function minuteOf(text: string): number | null {
  const match = /^(\d{1,2}):(\d\d)$/.exec(text);
  const value = match ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN;
  return value >= 0 && value <= 1440 && Number(match?.[2]) < 60 ? value : null;
}

/** Years a search looks ahead before it gives up: a calendar whose special days are all past never opens again. */
const mostDays = 366 * 12;

/** ms that the calendar is open in [from, to). */
export function openTime(calendar: BusinessCalendar, from: number, to: number): number {
  if (to <= from) return 0;
  if (calendar.allDay) return to - from;
  const last = localDay(calendar.zone, to);
  let sum = 0;
  for (let day = localDay(calendar.zone, from); day <= last; day++) {
    const spans = calendar.day(day);
    for (let i = 0; i < spans.length; i += 2) {
      const start = spans[i]! > from ? spans[i]! : from;
      const end = spans[i + 1]! < to ? spans[i + 1]! : to;
      if (end > start) sum += end - start;
    }
  }
  return sum;
}

/** The earliest instant ≥ `from` after which `ms` of open time have passed; closing time when it is used up exactly then. */
export function addOpenTime(calendar: BusinessCalendar, from: number, ms: number): number {
  if (calendar.allDay || ms <= 0) return from + Math.max(0, ms);
  let left = ms;
  const first = localDay(calendar.zone, from);
  for (let day = first; day < first + mostDays; day++) {
    const spans = calendar.day(day);
    for (let i = 0; i < spans.length; i += 2) {
      const start = spans[i]! > from ? spans[i]! : from;
      const length = spans[i + 1]! - start;
      if (length <= 0) continue;
      if (left <= length) return start + left;
      left -= length;
    }
  }
  return Number.MAX_SAFE_INTEGER;
}

export const isOpen = (calendar: BusinessCalendar, at: number): boolean => {
  const spans = calendar.day(localDay(calendar.zone, at));
  for (let i = 0; i < spans.length; i += 2) if (spans[i]! <= at && at < spans[i + 1]!) return true;
  return calendar.allDay;
};

/** `at` itself when open, else the next opening instant. */
export function nextOpening(calendar: BusinessCalendar, at: number): number {
  if (calendar.allDay) return at;
  const first = localDay(calendar.zone, at);
  for (let day = first; day < first + mostDays; day++) {
    const spans = calendar.day(day);
    for (let i = 0; i < spans.length; i += 2) if (at < spans[i + 1]!) return Math.max(at, spans[i]!);
  }
  return Number.MAX_SAFE_INTEGER;
}

/**
 * The same local clock time on the n-th next open day; in a gap the next opening of that day, else its closing. From outside
 * hours it counts from the next opening.
 */
export function addBusinessDays(calendar: BusinessCalendar, from: number, days: number): number {
  const start = nextOpening(calendar, from);
  const day = localDay(calendar.zone, start);
  const wall = start - instantOfWall(calendar.zone, day * dayMs);
  const target = nthOpenDay(calendar, day, days);
  if (target === null) return Number.MAX_SAFE_INTEGER;
  const at = instantOfWall(calendar.zone, target * dayMs + wallOf(calendar, start, day, wall));
  const spans = calendar.day(target);
  for (let i = 0; i < spans.length; i += 2) if (at <= spans[i + 1]!) return Math.max(at, spans[i]!);
  return spans.at(-1)!;
}

/** Local clock time of an instant, ms since its local midnight as shown on the wall. */
const wallOf = (calendar: BusinessCalendar, at: number, day: number, elapsed: number): number => {
  // On a day whose midnight has another offset, elapsed time and wall time differ.
  for (const guess of [elapsed, elapsed - 3_600_000, elapsed + 3_600_000, elapsed - 1_800_000, elapsed + 1_800_000])
    if (guess >= 0 && guess <= dayMs && instantOfWall(calendar.zone, day * dayMs + guess) === at) return guess;
  return elapsed;
};

/** The last closing of the n-th local day after that of `from` that has any hours. */
export function endOfBusinessDay(calendar: BusinessCalendar, from: number, days: number): number {
  const day = localDay(calendar.zone, from);
  const target =
    days === 0 ? (calendar.day(day).length ? day : nthOpenDay(calendar, day, 1)) : nthOpenDay(calendar, day, days);
  return target === null ? Number.MAX_SAFE_INTEGER : calendar.day(target).at(-1)!;
}

function nthOpenDay(calendar: BusinessCalendar, day: number, n: number): number | null {
  let left = n;
  if (left <= 0) return day;
  for (let next = day + 1; next < day + mostDays; next++) if (calendar.day(next).length && --left === 0) return next;
  return null;
}

/** One business day: mean open time of the weekdays that have hours; 24 h for 24×7. */
export const meanOpenDay = (calendar: BusinessCalendar): number => calendar.meanDay;

export type Target =
  | { kind: "open_time"; ms: number }
  | { kind: "business_days"; days: number }
  | { kind: "end_of_business_day"; days: number };

/**
 * Reads a duration: `PT8H`, `8h`, `30m`, `PT1H30M` are time; `P1D`, `1bd`, `P2W` are business days in a calendar and 24-hour
 * days without one; `eod`, `2eod` the end of the n-th business day.
 */
export function parseTarget(text: string, hasCalendar: boolean): Target | CalendarProblem {
  const bad: CalendarProblem = { code: "BAD_DURATION", text: `“${text}” is not a duration. Write 8h, 2bd or PT8H.` };
  const trimmed = text.trim();
  const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(trimmed);
  if (iso && /\d/.test(trimmed)) {
    const days = Number(iso[1] ?? 0) * (hasCalendar ? 5 : 7) + Number(iso[2] ?? 0);
    const ms = (Number(iso[3] ?? 0) * 3600 + Number(iso[4] ?? 0) * 60 + Number(iso[5] ?? 0)) * 1000;
    if (days && ms && hasCalendar) return bad;
    if (days && hasCalendar) return { kind: "business_days", days };
    return days * dayMs + ms > 0 ? { kind: "open_time", ms: days * dayMs + ms } : bad;
  }
  const short = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|bd|d|eod)$/i.exec(trimmed);
  if (!short) return trimmed.toLowerCase() === "eod" ? { kind: "end_of_business_day", days: 0 } : bad;
  const [n, unit] = [Number(short[1]), short[2]!.toLowerCase()];
  if (unit === "bd" || unit === "eod" || unit === "d") {
    if (!Number.isInteger(n) || n < (unit === "eod" ? 0 : 1)) return bad;
    if (unit === "eod") return { kind: "end_of_business_day", days: n };
    // Bare days with a calendar are the units trap: 24 h of open time or one day of work? Say which.
    if (unit === "d" && hasCalendar)
      return { code: "BAD_DURATION", text: `“${text}”: with a calendar write ${n}bd for business days, or hours.` };
    return hasCalendar ? { kind: "business_days", days: n } : { kind: "open_time", ms: n * dayMs };
  }
  const ms = n * (unit === "h" ? 3_600_000 : unit === "s" ? 1000 : 60_000);
  return ms > 0 ? { kind: "open_time", ms } : bad;
}

/** When a target that starts now is due, before any pause. */
export function dueAt(calendar: BusinessCalendar, target: Target, start: number): number {
  switch (target.kind) {
    case "open_time":
      return addOpenTime(calendar, start, target.ms);
    case "business_days":
      return addBusinessDays(calendar, start, target.days);
    case "end_of_business_day":
      return endOfBusinessDay(calendar, start, target.days);
    default:
      return target satisfies never;
  }
}
