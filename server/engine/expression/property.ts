import { dayMs, offsetAt, weekdayOf } from "../calendar/zone.ts";
import {
  type FeelValue,
  isContext,
  isDate,
  isDateTime,
  isDuration,
  isRange,
  isTime,
  makeDuration,
  makeTime,
} from "./value.ts";
import { utcOf } from "./compare.ts";

/** `value.name`: an entry of a context by its own key, or a part of a date, time, duration or range. Undefined = no such part. */
export function property(value: FeelValue, name: string): FeelValue | undefined {
  if (isContext(value)) return Object.hasOwn(value, name) ? value[name]! : undefined;
  if (isDate(value) || isDateTime(value)) {
    const day = isDate(value) ? value.day : Math.floor(value.wall / dayMs);
    const date = new Date(day * dayMs);
    if (name === "year") return date.getUTCFullYear();
    if (name === "month") return date.getUTCMonth() + 1;
    if (name === "day") return date.getUTCDate();
    if (name === "weekday") return weekdayOf(day) + 1;
    if (isDate(value)) return undefined;
    const time = property(makeTime(value.wall - day * dayMs, value.offset, null), name);
    if (name === "time offset" && value.zone) return makeDuration(offsetAt(value.zone, utcOf(value)!));
    return name === "timezone" ? value.zone : time;
  }
  if (isTime(value)) {
    if (name === "hour") return Math.floor(value.ms / 3_600_000);
    if (name === "minute") return Math.floor(value.ms / 60_000) % 60;
    if (name === "second") return Math.floor(value.ms / 1000) % 60;
    if (name === "time offset")
      return value.zone
        ? makeDuration(offsetAt(value.zone, value.ms))
        : value.offset === null
          ? null
          : makeDuration(value.offset);
    return name === "timezone" ? value.zone : undefined;
  }
  if (isDuration(value)) {
    const { ms, months } = value;
    if (months !== null)
      return name === "years"
        ? Math.trunc(months / 12)
        : name === "months"
          ? months % 12
          : ["days", "hours", "minutes", "seconds"].includes(name)
            ? null
            : undefined;
    const sign = Math.sign(ms);
    const all = Math.abs(ms);
    const parts: Record<string, number> = {
      days: Math.floor(all / dayMs),
      hours: Math.floor(all / 3_600_000) % 24,
      minutes: Math.floor(all / 60_000) % 60,
      seconds: (all / 1000) % 60,
    };
    const part = Object.hasOwn(parts, name) ? parts[name]! : undefined;
    return part !== undefined ? (part === 0 ? 0 : part * sign) : ["years", "months"].includes(name) ? null : undefined;
  }
  if (isRange(value)) {
    if (name === "start") return value.from;
    if (name === "end") return value.to;
    if (name === "start included") return !value.fromOpen;
    if (name === "end included") return !value.toOpen;
  }
  return undefined;
}
