/**
 * Business time. The clock runs in real milliseconds inside a calendar's wall-clock intervals, so a shift that spans a change of
 * the clocks holds an hour less or more. Rule book: semantics section 1 and the `semantics` list of the SLA cases.
 *
 * Open time is kept in blocks of 32 days of instants: disjoint spans, ascending, with the open time before each. A question
 * that spans a year adds up twelve totals and searches two blocks.
 */
import { type CalendarDefinition, type CalendarProblem, type Hours, readHours } from "./calendar-hours.ts";
import { dayMs, instantOfWall, isZone, localDay, wallAt } from "./zone.ts";

export type BusinessCalendar = {
  readonly zone: string;
  /** Open intervals of a local day (days since 1970-01-01) as instants [from, to, from, to …], ascending and disjoint. */
  readonly day: (day: number) => readonly number[];
  /** The local days with hours of one stretch of 128 days, ascending: so many are counted at once. */
  readonly openDays: (stretch: number) => readonly number[];
  /** The open spans of one block of instants. */
  readonly block: (block: number) => Block;
  /** Mean open time of a weekday that has hours, ms: one business day. */
  readonly meanDay: number;
  /** Every hour of every day counts. */
  readonly allDay: boolean;
};

/** Spans clipped to [block × blockMs, (block + 1) × blockMs). `before[i]`: open ms of the block before span i. */
type Block = { from: readonly number[]; to: readonly number[]; before: readonly number[]; total: number };

/** When something is due that never will be: the last instant of the year 9999, which every date field can hold. */
export const neverDue = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const blockMs = 32 * dayMs;
/** How far ahead a search looks, in blocks and days: 100 years. Special hours that are all past never open again. */
const furthest = { blocks: 1142, days: 36_525 };
const cached = { blocks: 256, days: 4000, stretches: 64 };
const stretchDays = 128;

/** Compiles a definition for one IANA zone; refused with sentences when it cannot be used. */
export function compileCalendar(
  definition: CalendarDefinition,
  zone: string,
): { ok: true; calendar: BusinessCalendar } | { ok: false; problems: CalendarProblem[] } {
  const read = readHours(definition);
  const problems = read.ok ? [] : read.problems;
  if (!isZone(zone)) problems.unshift({ code: "UNKNOWN_ZONE", text: `There is no time zone “${zone}”.` });
  return read.ok && !problems.length ? { ok: true, calendar: place(read.hours, zone) } : { ok: false, problems };
}

function place(hours: Hours, zone: string): BusinessCalendar {
  const openDays = hours.week
    .map((minutes) => minutes.reduce((sum, minute, i) => sum + (i % 2 ? minute : -minute), 0) * 60_000)
    .filter((ms) => ms > 0);
  const days = new Map<number, readonly number[]>();
  const blocks = new Map<number, Block>();
  const stretches = new Map<number, readonly number[]>();
  const day = (number: number) => kept(days, cached.days, number, () => spansOfDay(hours, zone, number));
  return {
    zone,
    day,
    openDays: (number) =>
      kept(stretches, cached.stretches, number, () =>
        Array.from({ length: stretchDays }, (_, i) => number * stretchDays + i).filter((one) => day(one).length > 0),
      ),
    block: (number) => kept(blocks, cached.blocks, number, () => buildBlock(day, zone, number)),
    meanDay: openDays.length ? openDays.reduce((a, b) => a + b, 0) / openDays.length : dayMs,
    allDay: hours.plain && openDays.length === 7 && openDays.every((ms) => ms === dayMs),
  };
}

function kept<T>(cache: Map<number, T>, most: number, key: number, make: () => T): T {
  let value = cache.get(key);
  if (value === undefined) {
    value = make();
    if (cache.size >= most) cache.clear();
    cache.set(key, value);
  }
  return value;
}

/** The ends of a day's intervals as instants. A gap can shorten one, empty it, or push it into the next: none counts twice. */
function spansOfDay(hours: Hours, zone: string, day: number): readonly number[] {
  const minutes = hours.on(day);
  const ends = minutes.map((minute) => instantOfWall(zone, day * dayMs + minute * 60_000));
  // A local date that the zone left out (Samoa, 30 December 2011) has no hours.
  if (!ends.length || localDay(zone, ends[0]!) > day) return [];
  const pairs = ends.flatMap((from, i) => (i % 2 ? [] : [[from, ends[i + 1]!] as const]));
  const spans: number[] = [];
  for (const [from, to] of pairs.sort(([a], [b]) => a - b)) add(spans, from, to);
  return spans;
}

function buildBlock(day: BusinessCalendar["day"], zone: string, number: number): Block {
  const [start, end] = [number * blockMs, (number + 1) * blockMs];
  const pairs: (readonly [from: number, to: number])[] = [];
  const last = localDay(zone, end) + 1;
  for (let d = localDay(zone, start) - 1; d <= last; d++) {
    const ends = day(d);
    for (let i = 0; i < ends.length; i += 2) pairs.push([Math.max(start, ends[i]!), Math.min(end, ends[i + 1]!)]);
  }
  const spans: number[] = [];
  // A gap at midnight can push an evening behind the next day's morning.
  for (const [from, to] of pairs.sort(([a], [b]) => a - b)) add(spans, from, to);
  const block = { from: [] as number[], to: [] as number[], before: [] as number[], total: 0 };
  for (let i = 0; i < spans.length; i += 2) {
    block.from.push(spans[i]!);
    block.to.push(spans[i + 1]!);
    block.before.push(block.total);
    block.total += spans[i + 1]! - spans[i]!;
  }
  return block;
}

/** Adds a span that begins no earlier than the last began; what touches or overlaps becomes one. */
function add(spans: number[], from: number, to: number): void {
  if (to <= from) return;
  const end = spans.at(-1);
  if (end === undefined || from > end) spans.push(from, to);
  else spans[spans.length - 1] = Math.max(end, to);
}

const everyHour = [{ from: "00:00", to: "24:00" }];
const everyDay = readHours({
  week: {
    mon: everyHour,
    tue: everyHour,
    wed: everyHour,
    thu: everyHour,
    fri: everyHour,
    sat: everyHour,
    sun: everyHour,
  },
});
if (!everyDay.ok) throw new Error("24 × 7 has no hours");
/** 24 × 7, in UTC. */
export const always: BusinessCalendar = place(everyDay.hours, "UTC");

/** ms that the calendar is open in [from, to), at most its next 100 years; 0 when `to` is not later. */
export function openTime(calendar: BusinessCalendar, from: number, to: number): number {
  if (to <= from) return 0;
  if (calendar.allDay) return to - from;
  const until = Math.min(to, from + furthest.blocks * blockMs);
  const [first, last] = [Math.floor(from / blockMs), Math.floor(until / blockMs)];
  let sum = openBefore(calendar.block(last), until) - openBefore(calendar.block(first), from);
  for (let block = first; block < last; block++) sum += calendar.block(block).total;
  return sum;
}

/** Open ms of a block before an instant of it. */
function openBefore(block: Block, at: number): number {
  const i = spanAt(block.from, at);
  return i < 0 ? 0 : block.before[i]! + Math.min(at, block.to[i]!) - block.from[i]!;
}

/** Index of the last of these ascending numbers that is ≤ `value`; -1 when there is none. */
function spanAt(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The earliest instant ≥ `from` at which `ms` of open time have passed since: closing time, not the next opening, when they are
 * used up exactly then. `neverDue` when the calendar does not hold that much in 100 years.
 */
export function addOpenTime(calendar: BusinessCalendar, from: number, ms: number): number {
  if (ms <= 0) return from;
  if (calendar.allDay) return Math.min(from + ms, neverDue);
  const first = Math.floor(from / blockMs);
  let left = ms + openBefore(calendar.block(first), from);
  for (let number = first; number < first + furthest.blocks; number++) {
    const block = calendar.block(number);
    if (left > block.total) {
      left -= block.total;
      continue;
    }
    // The span in which the rest is used up; at a border that is the earlier one.
    let i = spanAt(block.before, left);
    if (block.before[i] === left) i--;
    return block.from[i]! + left - block.before[i]!;
  }
  return neverDue;
}

export function isOpen(calendar: BusinessCalendar, at: number): boolean {
  if (calendar.allDay) return true;
  const block = calendar.block(Math.floor(at / blockMs));
  const i = spanAt(block.from, at);
  return i >= 0 && at < block.to[i]!;
}

/** `at` itself when open, else the next opening instant; `neverDue` when it does not open in 100 years. */
export function nextOpening(calendar: BusinessCalendar, at: number): number {
  if (isOpen(calendar, at)) return at;
  const first = Math.floor(at / blockMs);
  for (let number = first; number < first + furthest.blocks; number++) {
    const block = calendar.block(number);
    const next = block.from[spanAt(block.from, at) + 1];
    if (next !== undefined) return next;
  }
  return neverDue;
}

/**
 * The same local clock time on the n-th next open day; between two intervals the next opening of that day, after the last its
 * closing. From outside hours it counts from the next opening.
 */
export function addBusinessDays(calendar: BusinessCalendar, from: number, days: number): number {
  const start = nextOpening(calendar, from);
  const day = localDay(calendar.zone, start);
  const target = nthOpenDay(calendar, day, days);
  if (target === null) return neverDue;
  const at = instantOfWall(calendar.zone, target * dayMs + wallAt(calendar.zone, start) - day * dayMs);
  const spans = calendar.day(target);
  for (let i = 0; i < spans.length; i += 2) if (at <= spans[i + 1]!) return Math.max(at, spans[i]!);
  return spans.at(-1)!;
}

/**
 * The last closing of the n-th local day after that of `from` that has any hours. n = 0: today's, or when that is past or there
 * is none, the next open day's.
 */
export function endOfBusinessDay(calendar: BusinessCalendar, from: number, days: number): number {
  const day = localDay(calendar.zone, from);
  const today = calendar.day(day).at(-1);
  if (days === 0 && today !== undefined && today >= from) return today;
  const target = nthOpenDay(calendar, day, Math.max(1, days));
  return target === null ? neverDue : calendar.day(target).at(-1)!;
}

/** A local clock time (minute of the day) on the n-th open day after that of `from`; outside hours the next opening. */
export function timeOnBusinessDay(calendar: BusinessCalendar, from: number, days: number, minute: number): number {
  const day = nthOpenDay(calendar, localDay(calendar.zone, from), days);
  return day === null ? neverDue : insideHours(calendar, instantOfWall(calendar.zone, day * dayMs + minute * 60_000));
}

/** `at` while open or at closing time, else the next opening: where a due instant may stand. */
export const insideHours = (calendar: BusinessCalendar, at: number): number =>
  isOpen(calendar, at - 1) ? at : nextOpening(calendar, at);

function nthOpenDay(calendar: BusinessCalendar, day: number, n: number): number | null {
  if (n <= 0) return day;
  const first = Math.floor((day + 1) / stretchDays);
  const last = Math.floor((day + furthest.days) / stretchDays);
  let left = n;
  for (let stretch = first; stretch <= last; stretch++) {
    const open = calendar.openDays(stretch);
    const passed = stretch === first ? spanAt(open, day) + 1 : 0;
    if (open.length - passed >= left) return open[passed + left - 1]!;
    left -= open.length - passed;
  }
  return null;
}

/** One business day: mean open time of the weekdays that have hours; 24 h for 24×7. */
export const meanOpenDay = (calendar: BusinessCalendar): number => calendar.meanDay;
