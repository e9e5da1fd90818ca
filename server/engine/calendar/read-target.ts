/** Targets of SLAs, waits and timers, read from text. No calendar is needed to read one, so the browser can check a draft without. */
import type { CalendarProblem } from "./calendar-hours.ts";

const dayMs = 86_400_000;

export type Target =
  | { kind: "open_time"; ms: number }
  /** Same local clock time on the n-th next open day. */
  | { kind: "business_days"; days: number }
  /** Last closing of the n-th open day after today; 0 = today's. */
  | { kind: "end_of_business_day"; days: number }
  /** A clock time (minute of the day) on the n-th open day after today. */
  | { kind: "time_on_business_day"; days: number; minute: number }
  /** A date field, epoch ms; outside hours the next opening. */
  | { kind: "instant"; at: number };

/** Longest target: ten years. Longer ones are slips of the pen (`PT9999999H`). */
const longest = { days: 3650, ms: 3650 * dayMs };

/**
 * Reads a duration: `PT8H`, `8h`, `30m`, `PT1H30M` are time; `P1D`, `1bd`, `P2W` (weeks of five) are business days in a calendar
 * and days of 24 hours without one. In a calendar also `eod` and `2eod`, the end of today and of the second open day after, and
 * `1bd 16:00`, four in the afternoon of the next open day; `end of next business day` and `next business day 16:00` say the same.
 */
export function parseTarget(text: string, hasCalendar: boolean): Target | CalendarProblem {
  const trimmed = text.trim();
  const target = readIso(trimmed, hasCalendar) ?? readShort(trimmed, hasCalendar) ?? readRelative(trimmed, hasCalendar);
  if (!target)
    return {
      code: "BAD_DURATION",
      text: `“${text}” is not a duration. Write 8h, 30m${hasCalendar ? ", 2bd" : ", 2d"} or PT8H.`,
    };
  if (!("kind" in target)) return target;
  const tooLong = "ms" in target ? target.ms > longest.ms : "days" in target && target.days > longest.days;
  if (tooLong) return { code: "BAD_DURATION", text: `“${text}” is longer than ten years. Write a shorter duration.` };
  const empty = target.kind === "open_time" ? target.ms <= 0 : target.kind === "business_days" && target.days <= 0;
  return empty ? { code: "BAD_DURATION", text: `“${text}” is no time at all. Write a duration above zero.` } : target;
}

const isoDuration =
  /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;

function readIso(text: string, hasCalendar: boolean): Target | CalendarProblem | null {
  const match = isoDuration.exec(text);
  if (!match || !/\d/.test(text)) return null;
  const [weeks, days, hours, minutes, seconds] = [1, 2, 3, 4, 5].map((group) => Number(match[group] ?? 0));
  const ms = Math.round(hours! * 3_600_000 + minutes! * 60_000 + seconds! * 1000);
  if (!hasCalendar) return { kind: "open_time", ms: (weeks! * 7 + days!) * dayMs + ms };
  const businessDays = weeks! * 5 + days!;
  if (businessDays && ms)
    return { code: "BAD_DURATION", text: `“${text}” mixes business days and hours. Write one of them: 2bd or 16h.` };
  return businessDays ? { kind: "business_days", days: businessDays } : { kind: "open_time", ms };
}

const unitMs = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000 } as const;

function readShort(text: string, hasCalendar: boolean): Target | CalendarProblem | null {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|min|h|bd|d)$/i.exec(text);
  if (!match) return null;
  const [amount, unit] = [Number(match[1]), match[2]!.toLowerCase()];
  if (unit === "s" || unit === "m" || unit === "min" || unit === "h")
    return { kind: "open_time", ms: Math.round(amount * unitMs[unit]) };
  if (!Number.isInteger(amount))
    return { code: "BAD_DURATION", text: `“${text}”: days are counted whole. Write hours for parts of a day.` };
  if (!hasCalendar) return { kind: "open_time", ms: amount * dayMs };
  // Bare days with a calendar are the units trap: 24 h of open time or one day of work? Say which.
  if (unit === "d")
    return { code: "BAD_DURATION", text: `“${text}”: with a calendar write ${amount}bd for business days, or hours.` };
  return { kind: "business_days", days: amount };
}

/** The words people say for the short forms. */
const inShort = (text: string): string =>
  text
    .replace(/^end of (?:this |the )?(?:business )?day$/i, "eod")
    .replace(/^end of (?:the )?next business day$/i, "1eod")
    .replace(/^next business day (?:at )?(\d{1,2}:[0-5]\d)$/i, "1bd $1");

function readRelative(text: string, hasCalendar: boolean): Target | CalendarProblem | null {
  const end = /^(\d*)\s*eod$/i.exec(inShort(text));
  const time = /^(\d+)\s*bd\s+(\d{1,2}):([0-5]\d)$/i.exec(inShort(text));
  if (!end && !time) return null;
  if (!hasCalendar)
    return { code: "BAD_DURATION", text: `“${text}” needs a calendar: only that knows when a business day ends.` };
  if (end) return { kind: "end_of_business_day", days: Number(end[1] || 0) };
  const [days, minute] = [Number(time![1]), Number(time![2]) * 60 + Number(time![3])];
  return days > 0 && minute < 1440 ? { kind: "time_on_business_day", days, minute } : null;
}

/** Whether a target is a point in time rather than an amount: such a clock cannot be paused. */
export const isRelative = ({ kind }: Target): boolean => kind !== "open_time" && kind !== "business_days";

/** `deal.due_date`: a target that is a date of the record. */
export const isFieldTarget = (text: string): boolean => /^[a-z]\w{0,63}\.[a-z]\w{0,63}$/i.test(text.trim());
