/**
 * Public holidays by country, computed: fixed dates, n-th weekdays, days that hang on Easter, and Viet Nam's lunar days. Observed
 * days follow each country's rule; days that a government adds or moves by decree in one year are closed days of the calendar.
 */
import { type CalendarDefinition, weekdays } from "./calendar-hours.ts";
import type { HolidayRule, ProcessCalendar } from "../process.ts";
import { dateOfDay, dayOfDate, weekdayOf } from "./zone.ts";

/** Days since 1970-01-01. */
type Rule = (year: number) => number[];
/** The years whose holidays are known. */
const [firstYear, lastYear] = [2015, 2040];

const day = (year: number, month: number, date: number) =>
  dayOfDate(`${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`)!;
/** The n-th weekday (0 = Monday) of a month; -1 the last, -2 the one before it. */
function nth(year: number, month: number, weekday: number, n: number): number {
  if (n > 0) {
    const first = day(year, month, 1);
    return first + ((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7;
  }
  const last = month === 12 ? day(year, 12, 31) : day(year, month + 1, 1) - 1;
  return last - ((weekdayOf(last) - weekday + 7) % 7) + (n + 1) * 7;
}
/** Easter Sunday (Gauss, in Butcher's form). */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return day(year, Math.floor(f / 31), (f % 31) + 1);
}
/** Saturday → Friday, Sunday → Monday. */
const nearest = (d: number) => (weekdayOf(d) === 5 ? d - 1 : weekdayOf(d) === 6 ? d + 1 : d);
/** A weekend day moves to the next Monday. */
const monday = (d: number) => (weekdayOf(d) === 5 ? d + 2 : weekdayOf(d) === 6 ? d + 1 : d);

/**
 * Viet Nam's lunar days from 2015 on, month and day: Tết (1st of the first month) and the Hung Kings (10th of the third), by the new
 * moons at UTC+7. They differ from the Chinese calendar's where a new moon falls between 23:00 and midnight there (2030, 2038).
 */
const lunarDays = [
  ["02-19", "04-28"],
  ["02-08", "04-16"],
  ["01-28", "04-06"],
  ["02-16", "04-25"],
  ["02-05", "04-14"],
  ["01-25", "04-02"],
  ["02-12", "04-21"],
  ["02-01", "04-10"],
  ["01-22", "04-29"],
  ["02-10", "04-18"],
  ["01-29", "04-07"],
  ["02-17", "04-26"],
  ["02-06", "04-16"],
  ["01-26", "04-04"],
  ["02-13", "04-23"],
  ["02-02", "04-12"],
  ["01-23", "04-01"],
  ["02-11", "04-19"],
  ["01-31", "04-09"],
  ["02-19", "04-28"],
  ["02-08", "04-17"],
  ["01-28", "04-06"],
  ["02-15", "04-25"],
  ["02-04", "04-13"],
  ["01-24", "04-03"],
  ["02-12", "04-20"],
] as const;

const rules: Record<string, Rule> = {
  US: (y) => [
    nearest(day(y, 1, 1)),
    nth(y, 1, 0, 3),
    nth(y, 2, 0, 3),
    nth(y, 5, 0, -1),
    nearest(day(y, 6, 19)),
    nearest(day(y, 7, 4)),
    nth(y, 9, 0, 1),
    nth(y, 10, 0, 2),
    nearest(day(y, 11, 11)),
    nth(y, 11, 3, 4),
    nearest(day(y, 12, 25)),
  ],
  GB: (y) => [
    monday(day(y, 1, 1)),
    easter(y) - 2,
    easter(y) + 1,
    nth(y, 5, 0, 1),
    nth(y, 5, 0, -1),
    nth(y, 8, 0, -1),
    ...christmas(y),
  ],
  DE: (y) => [
    day(y, 1, 1),
    easter(y) - 2,
    easter(y) + 1,
    day(y, 5, 1),
    easter(y) + 39,
    easter(y) + 50,
    day(y, 10, 3),
    day(y, 12, 25),
    day(y, 12, 26),
  ],
  FR: (y) => [
    day(y, 1, 1),
    easter(y) + 1,
    day(y, 5, 1),
    day(y, 5, 8),
    easter(y) + 39,
    easter(y) + 50,
    day(y, 7, 14),
    day(y, 8, 15),
    day(y, 11, 1),
    day(y, 11, 11),
    day(y, 12, 25),
  ],
  AU: (y) => [
    monday(day(y, 1, 1)),
    monday(day(y, 1, 26)),
    easter(y) - 2,
    easter(y) + 1,
    day(y, 4, 25),
    ...christmas(y),
  ],
  VN: (y) => {
    const lunar = lunarDays[y - firstYear];
    if (!lunar) return [];
    const [tet, hungKings] = lunar.map((date) => dayOfDate(`${y}-${date}`)!) as [number, number];
    return [
      day(y, 1, 1),
      tet - 1,
      tet,
      tet + 1,
      tet + 2,
      tet + 3,
      hungKings,
      day(y, 4, 30),
      day(y, 5, 1),
      day(y, 9, 1),
      day(y, 9, 2),
    ];
  },
};

/** 25 and 26 December; on a weekend the next working days. */
function christmas(y: number): number[] {
  const d = day(y, 12, 25);
  const w = weekdayOf(d);
  if (w === 4) return [d, d + 3]; // Friday and Saturday → Monday
  if (w === 5) return [d + 2, d + 3]; // the weekend → Monday and Tuesday
  if (w === 6) return [d + 1, d + 2]; // Sunday and Monday → Monday and Tuesday
  return [d, d + 1];
}

const cache = new Map<string, string[]>();

/** Holidays of a country from 2015 to 2040 as local dates; a country we know nothing of has none. */
export function holidaysOf(country: string): readonly string[] {
  const rule = rules[country];
  if (!rule) return [];
  let dates = cache.get(country);
  if (!dates) {
    dates = [];
    for (let year = firstYear; year <= lastYear; year++) dates.push(...rule(year).map(dateOfDay));
    cache.set(country, dates);
  }
  return dates;
}

/** What a calendar says in one country ("" = no public holidays), as its compiler takes it: every closed date and special day. */
export function hoursOf(
  calendar: Pick<ProcessCalendar, "week" | "holidayRules" | "closed" | "special">,
  country: string,
): CalendarDefinition {
  const { week, holidayRules = [], closed = [], special = [] } = calendar;
  const dates = [...holidaysOf(country), ...closed.map(({ date }) => date)];
  if (holidayRules.length)
    for (let year = firstYear; year <= lastYear; year++)
      for (const rule of holidayRules) {
        const found = dayOfRule(rule, year);
        if (found !== null) dates.push(dateOfDay(found));
      }
  return {
    week,
    holidays: dates,
    ...(special.length && { special: Object.fromEntries(special.map(({ date, hours }) => [date, hours])) }),
  };
}

/** The day (since 1970-01-01) that a rule means in a year; null when that year has none, like a 29 February. */
export function dayOfRule(rule: HolidayRule, year: number): number | null {
  switch (rule.kind) {
    case "date": {
      const found = dayOfDate(`${year}-${two(rule.month)}-${two(rule.day)}`);
      if (found === null || !rule.observed) return found;
      return rule.observed === "nearest" ? nearest(found) : monday(found);
    }
    case "weekday": {
      if (rule.nth === 0) return null;
      const found = nth(year, rule.month, weekdays.indexOf(rule.weekday), rule.nth);
      const first = day(year, rule.month, 1);
      const end = rule.month === 12 ? day(year + 1, 1, 1) : day(year, rule.month + 1, 1);
      return found >= first && found < end ? found : null;
    }
    case "easter":
      return easter(year) + rule.days;
    default:
      return rule satisfies never;
  }
}

const two = (n: number) => String(n).padStart(2, "0");

export const holidayCountries: readonly string[] = Object.keys(rules);
