/** JSON from outside as plain values: never deeper or larger than our limits, without keys that mean something to a machine. */
import type { Plain } from "@/server/engine/model.ts";

const deepest = 32;
const mostKeys = 5000;
const forbidden = new Set(["__proto__", "constructor", "prototype"]);

/** Undefined for what is no JSON, or too deep, or has too many or forbidden keys. Empty text is null. */
export function readJson(text: string): Plain | undefined {
  if (text.trim() === "") return null;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  let keys = 0;
  try {
    return plain(read, 0);
  } catch {
    return undefined;
  }

  function plain(value: unknown, depth: number): Plain {
    if (value === null || typeof value === "boolean" || typeof value === "number") return value;
    if (typeof value === "string") return storable(value);
    if (depth >= deepest) throw new Error("too deep");
    if (Array.isArray(value)) {
      keys += value.length;
      if (keys > mostKeys) throw new Error("too many");
      return value.map((one) => plain(one, depth + 1));
    }
    const made: { [key: string]: Plain } = {};
    for (const [key, held] of Object.entries(value as object)) {
      if (++keys > mostKeys || forbidden.has(key)) throw new Error("not allowed");
      made[storable(key)] = plain(held, depth + 1);
    }
    return made;
  }
}

/** Text that both databases take: PostgreSQL stores neither NUL nor half of a surrogate pair. */
export const storable = (text: string): string =>
  text.replaceAll("\0", "").replaceAll(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "�");
