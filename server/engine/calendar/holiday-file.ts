/**
 * Holidays from a file: an iCalendar file (RFC 5545) or a list in JSON. Only whole days close a calendar; what is read becomes
 * closed dates and yearly rules of the calendar, so that nobody needs the file afterwards.
 */
import { dayOfRule } from "./holidays.ts";
import type { HolidayRule } from "../process.ts";
import { dateOfDay, dayOfDate, weekdayOf } from "./zone.ts";

export type ClosedDay = { date: string; name?: string };
/** One list of a file: a JSON file may hold several, by country or region. `skipped`: events that are no whole days or repeat in a way we do not read. */
export type HolidayList = { name: string; days: ClosedDay[]; rules: HolidayRule[]; skipped: number };
export type HolidayFile = { ok: true; lists: HolidayList[] } | { ok: false; text: string };

const largest = 2_000_000;
const mostDays = 2000;
/** Repetitions are written out up to here. */
const lastDay = dayOfDate("2040-12-31")!;
const noHolidays =
  "There is no whole-day holiday in this file. It must be an .ics calendar or a list of dates in JSON.";

export function readHolidayFile(text: string): HolidayFile {
  if (text.length > largest) return { ok: false, text: "This file is larger than 2 MB. Holidays need far less." };
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (/^BEGIN:VCALENDAR/i.test(trimmed)) return checked([readIcs(trimmed)]);
  if (!/^[[{]/.test(trimmed)) return { ok: false, text: noHolidays };
  let json: unknown;
  try {
    json = JSON.parse(trimmed);
  } catch {
    return { ok: false, text: "This file begins like JSON but cannot be read as JSON." };
  }
  return checked(listsOf(json));
}

function checked(lists: HolidayList[]): HolidayFile {
  const found = lists.filter(({ days, rules }) => days.length || rules.length);
  if (found.length === 0) return { ok: false, text: noHolidays };
  if (found.some(({ days }) => days.length > mostDays))
    return { ok: false, text: `This file closes more than ${mostDays} days. Take one with fewer years.` };
  return { ok: true, lists: found };
}

/** `["2026-01-01"]`, `[{date, name}]`, or either under the name of a country or region, also as `{events: […]}`. */
function listsOf(json: unknown): HolidayList[] {
  if (Array.isArray(json)) return [listOf("", json)];
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([name, value]: [string, unknown]) => {
    if (Array.isArray(value)) return [listOf(name, value)];
    const events = typeof value === "object" && value !== null && "events" in value ? value.events : null;
    return Array.isArray(events) ? [listOf(name, events)] : [];
  });
}

function listOf(name: string, items: readonly unknown[]): HolidayList {
  const days: ClosedDay[] = [];
  let skipped = 0;
  for (const item of items) {
    const date = typeof item === "string" ? item : textIn(item, "date");
    const title = textIn(item, "name") ?? textIn(item, "title");
    if (date && dayOfDate(date) !== null) days.push({ date, ...(title && { name: title.slice(0, 80) }) });
    else skipped++;
  }
  return { name, days: once(days), rules: [], skipped };
}

function textIn(item: unknown, key: string): string | null {
  const value = typeof item === "object" && item !== null ? (item as Record<string, unknown>)[key] : null;
  return typeof value === "string" && value.trim() ? value.trim() : null;
}

/** Each date once, in order; the first name of a date stays. */
function once(days: readonly ClosedDay[]): ClosedDay[] {
  const byDate = new Map<string, ClosedDay>();
  for (const day of days) if (!byDate.has(day.date)) byDate.set(day.date, day);
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

type Property = { parameters: Map<string, string>; value: string };
type VEvent = Map<string, Property[]>;

function readIcs(text: string): HolidayList {
  const events = eventsOf(text);
  const days: ClosedDay[] = [];
  const rules: HolidayRule[] = [];
  let skipped = 0;
  for (const event of events) {
    if (one(event, "STATUS")?.value.toUpperCase() === "CANCELLED") continue;
    const read = readEvent(event);
    if (!read) skipped++;
    else if ("rule" in read) rules.push(read.rule);
    else days.push(...read.days);
  }
  return { name: "", days: once(days), rules, skipped };
}

/** Content lines, unfolded, of each event; parts inside an event (alarms) are left out. */
function eventsOf(text: string): VEvent[] {
  const lines = text.replace(/\r?\n[ \t]/g, "").split(/\r?\n|\r/);
  const events: VEvent[] = [];
  const inside: string[] = [];
  let event: VEvent | null = null;
  for (const line of lines) {
    const property = readLine(line);
    if (!property) continue;
    const { name, ...rest } = property;
    if (name === "BEGIN") {
      inside.push(rest.value.toUpperCase());
      if (inside.at(-1) === "VEVENT") event = new Map();
    } else if (name === "END") {
      if (inside.pop() === "VEVENT" && event) {
        events.push(event);
        event = null;
      }
    } else if (event && inside.at(-1) === "VEVENT") event.set(name, [...(event.get(name) ?? []), rest]);
  }
  return events;
}

/** `DTSTART;VALUE=DATE:20261225`. A parameter in quotes may hold `:` and `;`. */
function readLine(line: string): ({ name: string } & Property) | null {
  const match = /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:]*))*):(.*)$/.exec(line);
  if (!match) return null;
  const parameters = new Map<string, string>();
  for (const [, key, value] of match[2]!.matchAll(/;([A-Za-z0-9-]+)=("[^"]*"|[^";:]*)/g))
    parameters.set(key!.toUpperCase(), value!.replaceAll('"', ""));
  return { name: match[1]!.toUpperCase(), parameters, value: match[3]!.trim() };
}

const one = (event: VEvent, name: string): Property | undefined => event.get(name)?.[0];
const unescaped = (text: string) => text.replace(/\\n/gi, " ").replace(/\\([,;\\])/g, "$1");

/** `20261225` as a day; null for a date with a time. */
function dayIn(value: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)$/.exec(value.trim());
  return match ? dayOfDate(`${match[1]}-${match[2]}-${match[3]}`) : null;
}

/** The days of one event, or the rule of one that comes back every year for ever; null when it is no whole day or cannot be read. */
function readEvent(event: VEvent): { days: ClosedDay[] } | { rule: HolidayRule } | null {
  const start = dayIn(one(event, "DTSTART")?.value ?? "");
  if (start === null) return null;
  const length = lengthOf(event, start);
  if (length === null) return null;
  const summary = unescaped(one(event, "SUMMARY")?.value ?? "").trim();
  const named = summary ? { name: summary.slice(0, 80) } : {};
  const repeat = one(event, "RRULE");
  const except = new Set(listed(event, "EXDATE"));
  const extra = listed(event, "RDATE");
  if (repeat) {
    const rule = partsOf(repeat.value);
    const yearly = length === 1 && !except.size && !extra.length ? yearlyRule(rule, start) : null;
    if (yearly) return { rule: { ...yearly, ...named } };
    const starts = repeated(rule, start);
    return starts ? { days: spread([...starts, ...extra]) } : null;
  }
  return { days: spread([start, ...extra]) };

  function spread(starts: readonly number[]): ClosedDay[] {
    return starts
      .filter((first) => !except.has(first))
      .flatMap((first) => Array.from({ length: length! }, (_, i) => ({ date: dateOfDay(first + i), ...named })));
  }
}

/** Whole days an event lasts: DTEND is the day after the last one (RFC 5545, 3.6.1); without an end it is one day. */
function lengthOf(event: VEvent, start: number): number | null {
  const ends = one(event, "DTEND");
  if (ends) {
    const end = dayIn(ends.value);
    // Some programs write the last day itself: an event of no length is one day.
    return end === null || end < start || end - start > 366 ? null : Math.max(1, end - start);
  }
  const lasts = one(event, "DURATION");
  if (!lasts) return 1;
  const match = /^\+?P(?:(\d+)W)?(?:(\d+)D)?$/.exec(lasts.value.toUpperCase());
  const days = match ? Number(match[1] ?? 0) * 7 + Number(match[2] ?? 0) : 0;
  return days > 0 && days <= 366 ? days : null;
}

const listed = (event: VEvent, name: string): number[] =>
  (event.get(name) ?? []).flatMap(({ value }) => value.split(",").flatMap((text) => dayIn(text) ?? []));

const partsOf = (text: string): Map<string, string> =>
  new Map(
    text
      .toUpperCase()
      .split(";")
      .map((part): [string, string] => {
        const at = part.indexOf("=");
        return [part.slice(0, at), part.slice(at + 1)];
      }),
  );

const icsWeekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const ourWeekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const understood = new Set(["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"]);

/** A yearly repetition without an end as a rule of the calendar: a date, or the n-th weekday of a month. */
function yearlyRule(rule: Map<string, string>, start: number): HolidayRule | null {
  if (rule.get("FREQ") !== "YEARLY" || [...rule.keys()].some((key) => !understood.has(key))) return null;
  if (rule.has("COUNT") || rule.has("UNTIL") || (rule.get("INTERVAL") ?? "1") !== "1") return null;
  const date = dateOfDay(start);
  const month = Number(rule.get("BYMONTH") ?? date.slice(5, 7));
  const day = rule.get("BYMONTHDAY");
  const weekday = /^([+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)$/.exec(rule.get("BYDAY") ?? "");
  if (!(month >= 1 && month <= 12)) return null;
  if (weekday && !day && rule.has("BYMONTH"))
    return {
      kind: "weekday",
      month,
      weekday: ourWeekdays[icsWeekdays.indexOf(weekday[2]!)]!,
      nth: Number(weekday[1]),
    };
  if (rule.has("BYDAY")) return null;
  const monthDay = Number(day ?? date.slice(8));
  return monthDay >= 1 && monthDay <= 31 ? { kind: "date", month, day: monthDay } : null;
}

/** The first days of each repetition, written out until it ends or until 2040; null when it repeats in a way we do not read. */
function repeated(rule: Map<string, string>, start: number): number[] | null {
  if ([...rule.keys()].some((key) => !understood.has(key))) return null;
  const interval = Number(rule.get("INTERVAL") ?? 1);
  const count = rule.has("COUNT") ? Number(rule.get("COUNT")) : Number.POSITIVE_INFINITY;
  const until = rule.has("UNTIL") ? dayIn(rule.get("UNTIL")!.slice(0, 8)) : lastDay;
  if (!(Number.isInteger(interval) && interval > 0 && count > 0) || until === null) return null;
  const end = Math.min(until, lastDay);
  const candidates = candidatesOf(rule, start, interval, end);
  if (!candidates) return null;
  const starts = candidates.filter((day) => day >= start && day <= end);
  return starts.length ? starts.slice(0, Number.isFinite(count) ? count : mostDays + 1) : null;
}

function candidatesOf(rule: Map<string, string>, start: number, interval: number, end: number): number[] | null {
  const days: number[] = [];
  const plain = !rule.has("BYDAY") && !rule.has("BYMONTHDAY") && !rule.has("BYMONTH");
  switch (rule.get("FREQ")) {
    case "DAILY":
    case "WEEKLY": {
      const byDay = rule.get("BYDAY");
      if (!plain && !(rule.get("FREQ") === "WEEKLY" && byDay === icsWeekdays[weekdayOf(start)])) return null;
      const step = interval * (rule.get("FREQ") === "WEEKLY" ? 7 : 1);
      for (let day = start; day <= end && days.length <= mostDays; day += step) days.push(day);
      return days;
    }
    case "YEARLY": {
      const date = dateOfDay(start);
      const months = rule.get("BYMONTH")?.split(",").map(Number) ?? [Number(date.slice(5, 7))];
      if (rule.has("BYDAY") && !rule.has("BYMONTH")) return null;
      const lastYear = Number(dateOfDay(end).slice(0, 4));
      for (let year = Number(date.slice(0, 4)); year <= lastYear; year += interval)
        for (const month of months) {
          const found = daysOfMonth(rule, year, month, Number(date.slice(8)));
          if (!found) return null;
          days.push(...found);
        }
      return days.sort((a, b) => a - b);
    }
    default:
      return null;
  }
}

/** BYMONTHDAY and BYDAY limit each other: `BYDAY=MO;BYMONTHDAY=25,26,27,28,29,30,31` is the last Monday of May. */
function daysOfMonth(rule: Map<string, string>, year: number, month: number, own: number): number[] | null {
  const numbered = rule.get("BYMONTHDAY")?.split(",").map(Number) ?? (rule.has("BYDAY") ? null : [own]);
  const first = dayOfDate(`${year}-${String(month).padStart(2, "0")}-01`);
  if (first === null || numbered?.some((n) => !Number.isInteger(n) || n < 1)) return null;
  const dates = numbered?.flatMap((n) => dayOfRule({ kind: "date", month, day: n }, year) ?? []);
  const byDay = rule.get("BYDAY")?.split(",");
  if (!byDay) return dates ?? [];
  const found: number[] = [];
  for (const text of byDay) {
    const match = /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/.exec(text);
    if (!match) return null;
    const weekday = ourWeekdays[icsWeekdays.indexOf(match[2]!)]!;
    const nths = match[1] ? [Number(match[1])] : [1, 2, 3, 4, 5];
    for (const nth of nths) {
      const day = dayOfRule({ kind: "weekday", month, weekday, nth }, year);
      if (day !== null && (!dates || dates.includes(day))) found.push(day);
    }
  }
  return found;
}
