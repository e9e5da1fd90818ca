/** FEEL values as the shared case files write them: `{"$number":"1.5"}`, `{"$date":…}`, `{"$time":…}`, `{"$dateTime":…}`, `{"$duration":…}`; the rest is plain JSON. */
import {
  type FeelContext,
  type FeelValue,
  isTagged,
  parseDate,
  parseDateTime,
  parseDuration,
  parseTime,
} from "./value.ts";

export function feelFromJson(value: unknown): FeelValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return value.map(feelFromJson);
  if (typeof value !== "object") return null;
  const [key, ...more] = Object.keys(value);
  const inner = key ? (value as Record<string, unknown>)[key] : undefined;
  if (more.length === 0 && key?.startsWith("$") && typeof inner === "string") {
    const read = {
      $number: (t: string) => Number(t),
      $date: parseDate,
      $time: parseTime,
      $dateTime: parseDateTime,
      $duration: parseDuration,
    }[key];
    if (read) return read(inner);
  }
  const context: FeelContext = Object.create(null) as FeelContext;
  for (const [name, entry] of Object.entries(value)) context[name] = feelFromJson(entry);
  return context;
}

export function feelToJson(value: FeelValue): unknown {
  if (typeof value === "number") return { $number: String(value) };
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(feelToJson);
  if (isTagged(value))
    return value.kind === "range" || value.kind === "function" ? value.text : { [`$${value.kind}`]: value.text };
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, feelToJson(v)]));
}
