/**
 * FEEL values. Numbers, texts, booleans, null, lists and contexts are plain JSON; the rest are frozen tagged objects, so that a
 * value means the same in every copy of this module. Every tagged value has `text`, its canonical form.
 */
import { dateOfDay, dayMs, instantOfWall, isZone, offsetAt } from "../calendar/zone.ts";

export interface FeelDate {
  readonly kind: "date";
  readonly day: number;
  readonly text: string;
}
/** `ms` since local midnight; `offset` ms east of UTC or null; `zone` IANA or null. */
export interface FeelTime {
  readonly kind: "time";
  readonly ms: number;
  readonly offset: number | null;
  readonly zone: string | null;
  readonly text: string;
}
/** `wall`: local date and time as ms as if it were UTC. */
export interface FeelDateTime {
  readonly kind: "dateTime";
  readonly wall: number;
  readonly offset: number | null;
  readonly zone: string | null;
  readonly text: string;
}
/** Days and time as `ms`, or years and months as `months`: the two kinds do not mix. */
export interface FeelTimeDuration {
  readonly kind: "duration";
  readonly ms: number;
  readonly months: null;
  readonly text: string;
}
export interface FeelMonthDuration {
  readonly kind: "duration";
  readonly months: number;
  readonly ms: null;
  readonly text: string;
}
export type FeelDuration = FeelTimeDuration | FeelMonthDuration;
export interface FeelRange {
  readonly kind: "range";
  readonly from: FeelValue;
  readonly to: FeelValue;
  readonly fromOpen: boolean;
  readonly toOpen: boolean;
  readonly operator: string | null;
  readonly text: string;
}
export interface FeelFunction {
  readonly kind: "function";
  readonly parameters: readonly string[] | null;
  readonly call: (args: FeelValue[]) => FeelValue;
  readonly text: string;
}
/** The tagged kinds are interfaces, so that none of them passes for a context. */
export type FeelContext = { [key: string]: FeelValue };
export type FeelValue =
  | null
  | boolean
  | number
  | string
  | FeelDate
  | FeelTime
  | FeelDateTime
  | FeelDuration
  | FeelRange
  | FeelFunction
  | FeelValue[]
  | FeelContext;
export type Tagged = FeelDate | FeelTime | FeelDateTime | FeelDuration | FeelRange | FeelFunction;

const kinds = new Set(["date", "time", "dateTime", "duration", "range", "function"]);
/** Tagged values are frozen and have a text; a context of a user with a key `kind` is neither. */
export const isTagged = (value: FeelValue): value is Tagged =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  typeof value.kind === "string" &&
  kinds.has(value.kind) &&
  Object.isFrozen(value);
export const isContext = (value: FeelValue): value is FeelContext =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isTagged(value);
export const isDate = (v: FeelValue): v is FeelDate => isTagged(v) && v.kind === "date";
export const isTime = (v: FeelValue): v is FeelTime => isTagged(v) && v.kind === "time";
export const isDateTime = (v: FeelValue): v is FeelDateTime => isTagged(v) && v.kind === "dateTime";
export const isDuration = (v: FeelValue): v is FeelDuration => isTagged(v) && v.kind === "duration";
export const isRange = (v: FeelValue): v is FeelRange => isTagged(v) && v.kind === "range";
export const isFunction = (v: FeelValue): v is FeelFunction => isTagged(v) && v.kind === "function";

const two = (n: number) => String(n).padStart(2, "0");

export const makeDate = (day: number): FeelDate | null =>
  Math.abs(day) > 365_000_000 ? null : Object.freeze({ kind: "date", day, text: dayText(day) });

/** Years beyond four digits keep theirs; before year 0 they have a sign. */
function dayText(day: number): string {
  const text = dateOfDay(day);
  if (!/^[+-]/.test(text)) return text;
  const sign = text.startsWith("-") ? "-" : "";
  const iso = new Date(day * dayMs).toISOString();
  const year = Math.abs(new Date(day * dayMs).getUTCFullYear());
  return `${sign}${String(year).padStart(4, "0")}${iso.slice(iso.indexOf("-", 1), iso.indexOf("T"))}`;
}

function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const part = ms % 1000;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${part ? `.${String(part).padStart(3, "0").replace(/0+$/, "")}` : ""}`;
}

function offsetText(offset: number | null, zone: string | null): string {
  if (zone) return `@${zone}`;
  if (offset === null) return "";
  if (offset === 0) return "Z";
  const seconds = Math.abs(offset) / 1000;
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}${seconds % 60 ? `:${two(seconds % 60)}` : ""}`;
}

export const makeTime = (ms: number, offset: number | null, zone: string | null): FeelTime => {
  const inDay = ((ms % dayMs) + dayMs) % dayMs;
  return Object.freeze({ kind: "time", ms: inDay, offset, zone, text: clockText(inDay) + offsetText(offset, zone) });
};
export const makeDateTime = (wall: number, offset: number | null, zone: string | null): FeelDateTime | null => {
  const day = Math.floor(wall / dayMs);
  if (!Number.isFinite(wall) || Math.abs(day) > 100_000_000) return null;
  return Object.freeze({
    kind: "dateTime",
    wall,
    offset: zone ? offsetAt(zone, instantOfWall(zone, wall)) : offset,
    zone,
    text: `${dayText(day)}T${clockText(wall - day * dayMs)}${offsetText(offset, zone)}`,
  });
};
export function makeDuration(ms: number): FeelDuration {
  const sign = ms < 0 ? "-" : "";
  let rest = Math.abs(ms);
  const days = Math.floor(rest / dayMs);
  rest -= days * dayMs;
  const [hours, minutes, seconds] = [
    Math.floor(rest / 3_600_000),
    Math.floor(rest / 60_000) % 60,
    (rest % 60_000) / 1000,
  ];
  const time = `${hours ? `${hours}H` : ""}${minutes ? `${minutes}M` : ""}${seconds ? `${seconds}S` : ""}`;
  return Object.freeze({
    kind: "duration",
    ms,
    months: null,
    text: `${sign}P${days ? `${days}D` : ""}${time ? `T${time}` : days ? "" : "T0S"}`,
  });
}
export function makeMonths(months: number): FeelDuration {
  const [years, rest] = [Math.floor(Math.abs(months) / 12), Math.abs(months) % 12];
  return Object.freeze({
    kind: "duration",
    months,
    ms: null,
    text: `${months < 0 ? "-" : ""}P${years ? `${years}Y` : ""}${rest || !years ? `${rest}M` : ""}`,
  });
}
export const makeRange = (
  from: FeelValue,
  to: FeelValue,
  fromOpen: boolean,
  toOpen: boolean,
  operator: string | null = null,
): FeelRange =>
  Object.freeze({
    kind: "range",
    from,
    to,
    fromOpen,
    toOpen,
    operator,
    // Written when asked: an end may be a megabyte of text.
    get text() {
      return operator
        ? `${operator}${textOf(from ?? to)}`
        : `${fromOpen ? "(" : "["}${textOf(from)}..${textOf(to)}${toOpen ? ")" : "]"}`;
    },
  });
export const makeFunction = (parameters: readonly string[] | null, call: FeelFunction["call"]): FeelFunction =>
  Object.freeze({ kind: "function", parameters, call, text: "function" });

/** How a value reads as text inside another. */
export function textOf(value: FeelValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (isTagged(value)) return value.text;
  return `{${Object.keys(value)
    .map((k) => `${k}: ${textOf(value[k] ?? null)}`)
    .join(", ")}}`;
}

export function parseDate(text: string): FeelDate | null {
  const match = /^(-?\d{4,9})-(\d\d)-(\d\d)$/.exec(text);
  if (!match || /^-?0\d{4,}/.test(text)) return null;
  // Not `Date.UTC`: that takes the years 0 … 99 for 1900 … 1999.
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, date);
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === date && month >= 1
    ? makeDate(Math.floor(made.getTime() / dayMs))
    : null;
}

export function parseTime(text: string): FeelTime | null {
  const match = /^(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z][\w+/-]*)?$/i.exec(text);
  if (!match) return null;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const place = parsePlace(match[5]);
  if (!place) return null;
  return makeTime(
    (hour * 3600 + minute * 60 + second) * 1000 + Math.floor(Number(`0.${match[4] ?? 0}`) * 1000),
    place.offset,
    place.zone,
  );
}

function parsePlace(text: string | undefined): { offset: number | null; zone: string | null } | null {
  if (!text) return { offset: null, zone: null };
  if (text.startsWith("@")) return isZone(text.slice(1)) ? { offset: null, zone: text.slice(1) } : null;
  if (text.toUpperCase() === "Z") return { offset: 0, zone: null };
  const [hours, minutes, seconds] = [Number(text.slice(1, 3)), Number(text.slice(4, 6)), Number(text.slice(7, 9) || 0)];
  if (hours > 18 || minutes > 59) return null;
  return { offset: (text.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds) * 1000, zone: null };
}

export function parseDateTime(text: string): FeelDateTime | null {
  const t = text.indexOf("T");
  if (t < 0) {
    const day = parseDate(text);
    return day && makeDateTime(day.day * dayMs, null, null);
  }
  const date = parseDate(text.slice(0, t));
  const clock = text.slice(t + 1);
  const midnight = /^24:00:00(.*)$/.exec(clock);
  const time = parseTime(midnight ? `00:00:00${midnight[1]}` : clock);
  return date && time ? makeDateTime((date.day + (midnight ? 1 : 0)) * dayMs + time.ms, time.offset, time.zone) : null;
}

export function parseDuration(text: string): FeelDuration | null {
  const months = /^(-?)P(?:(\d+)Y)?(?:(\d+)M)?$/.exec(text);
  if (months && (months[2] ?? months[3]) !== undefined)
    return makeMonths((months[1] ? -1 : 1) * (Number(months[2] ?? 0) * 12 + Number(months[3] ?? 0)));
  const time = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!time || (time[2] ?? time[3] ?? time[4] ?? time[5]) === undefined || text.endsWith("T")) return null;
  return makeDuration(
    (time[1] ? -1 : 1) *
      Math.round(
        Number(time[2] ?? 0) * dayMs +
          Number(time[3] ?? 0) * 3_600_000 +
          Number(time[4] ?? 0) * 60_000 +
          Number(time[5] ?? 0) * 1000,
      ),
  );
}

/** Epoch ms of a date and time; one without zone or offset is read in `zone`. */
export const instantOf = (value: FeelDateTime, zone: string): number =>
  value.zone
    ? instantOfWall(value.zone, value.wall)
    : value.offset !== null
      ? value.wall - value.offset
      : instantOfWall(zone, value.wall);

/** A stored value as FEEL sees it, by its field type. */
export function toFeel(value: unknown, type?: string): FeelValue {
  if (value === null || value === undefined) return null;
  if (type === "date" && typeof value === "string") return parseDate(value);
  if (type === "datetime")
    return typeof value === "number" ? toFeelDateTime(value) : typeof value === "string" ? parseDateTime(value) : null;
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map((v) => toFeel(v));
  if (typeof value !== "object") return null;
  const context: FeelContext = Object.create(null) as FeelContext;
  for (const key of Object.keys(value)) context[key] = toFeel((value as Record<string, unknown>)[key]);
  return context;
}
export const toFeelDate = (text: string): FeelDate | null => parseDate(text);
/** An instant as a date and time in UTC. */
export const toFeelDateTime = (at: number): FeelDateTime | null => makeDateTime(at, 0, null);

/** 00:00 of a FEEL date in the zone, as epoch ms; null for anything else. */
export const startOfFeelDate = (value: FeelValue, zone: string): number | null =>
  isDate(value) ? instantOfWall(zone, value.day * dayMs) : null;
/** Epoch ms of a FEEL date and time; null for anything else. */
export const instantOfFeel = (value: FeelValue, zone: string): number | null =>
  isDateTime(value) ? instantOf(value, zone) : null;
/** `YYYY-MM-DD` of a FEEL date or date and time; null for anything else. */
export const dateTextOf = (value: FeelValue): string | null =>
  isDate(value) ? value.text : isDateTime(value) ? (makeDate(Math.floor(value.wall / dayMs))?.text ?? null) : null;
