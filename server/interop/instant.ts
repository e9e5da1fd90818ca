/** Which number comes first in a date like 03/04/2026. */
export type DateOrder = "dmy" | "mdy";

/**
 * What a time with an offset means: `instant` converts it to UTC; `written` keeps the digits as they stand and ignores the
 * offset, which is how some mining tools read such logs (across a clock change their durations are then an hour off).
 */
export type Clock = "instant" | "written";

export type InstantReading = { at: number; zoned: boolean };

/**
 * A written time as UTC epoch milliseconds; finer digits stay as a fraction so that order is not lost. Without an offset it
 * is read as UTC (`zoned` false). Reads ISO 8601 with T or space, dates alone, day-first or month-first dates with / . or -,
 * AM/PM, and epoch seconds or milliseconds. Undefined when it is none of these or no such day or hour exists.
 */
export function readInstant(
  text: string,
  order: DateOrder = "dmy",
  clock: Clock = "instant",
): InstantReading | undefined {
  const iso = isoPattern.exec(text);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso;
    return instantOf({ year, month, day, hour, minute, second, fraction, zone }, clock);
  }
  const local = localPattern.exec(text);
  if (local) {
    const [, a, b, year, hour, minute, second, fraction, half, zone] = local;
    const [day, month] = order === "dmy" ? [a, b] : [b, a];
    const fullYear = year?.length === 2 ? `20${year}` : year;
    return instantOf({ year: fullYear, month, day, hour: hourOf(hour, half), minute, second, fraction, zone }, clock);
  }
  if (/^\d{10}(\.\d+)?$/.test(text)) return { at: Number(text) * 1000, zoned: true };
  if (/^\d{13}(\.\d+)?$/.test(text)) return { at: Number(text), zoned: true };
  return undefined;
}

/** The order the dates of a column must have, seen from days past 12; undefined when nothing in the sample tells. */
export function dateOrderOf(sample: readonly string[]): { order: DateOrder; certain: boolean } | undefined {
  let ambiguous = false;
  for (const text of sample) {
    const local = localPattern.exec(text.trim());
    if (!local) continue;
    ambiguous = true;
    if (Number(local[1]) > 12) return { order: "dmy", certain: true };
    if (Number(local[2]) > 12) return { order: "mdy", certain: true };
  }
  return ambiguous ? { order: "dmy", certain: false } : undefined;
}

const zonePattern = "\\s?(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)";
const isoPattern = new RegExp(
  `^(\\d{4})-(\\d{2})-(\\d{2})(?:[T ](\\d{2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?(?:${zonePattern})?)?$`,
  "i",
);
const localPattern = new RegExp(
  `^(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4}|\\d{2})(?:,?[T ]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?\\s?(AM|PM)?(?:${zonePattern})?)?$`,
  "i",
);

type Written = Record<
  "year" | "month" | "day" | "hour" | "minute" | "second" | "fraction" | "zone",
  string | undefined
>;

function instantOf(written: Written, clock: Clock): InstantReading | undefined {
  const [year, month, day] = [Number(written.year), Number(written.month), Number(written.day)];
  const [hour, minute, second] = [Number(written.hour ?? 0), Number(written.minute ?? 0), Number(written.second ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  // 24:00 is midnight at the end of the day; second 60 is a leap second, which UTC milliseconds fold into the next.
  if (!(hour < 24 || (hour === 24 && minute === 0 && second === 0)) || minute > 59 || second > 60) return undefined;
  const offset = offsetMinutes(written.zone);
  if (offset === undefined) return undefined;
  const fraction =
    written.fraction === undefined
      ? 0
      : Number(`${written.fraction.slice(0, 3).padEnd(3, "0")}.${written.fraction.slice(3, 6) || "0"}`);
  const wall = Date.UTC(year, month - 1, day, hour, minute, second) + fraction;
  return { at: clock === "written" ? wall : wall - offset * 60_000, zoned: written.zone !== undefined };
}

const daysIn = (year: number, month: number): number => {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
};

function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0;
  const digits = zone.slice(1).replace(":", "");
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2) || 0);
  if (hours > 18 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function hourOf(hour: string | undefined, half: string | undefined): string | undefined {
  if (hour === undefined || half === undefined) return hour;
  const twelve = Number(hour);
  if (twelve < 1 || twelve > 12) return "99";
  return String((twelve % 12) + (half.toUpperCase() === "PM" ? 12 : 0));
}
