/**
 * Plain JSON both ways, in an envelope: instants are numbers, so nothing needs more, and no browser loads what would read it.
 * What comes in is held to the limits of the guarantees before anything else looks at it.
 */
import { refusalError } from "./errors.ts";

const deepest = 32;
/** Of one object or list. A drawn process of a thousand steps has more in all, but nowhere so many side by side. */
const mostKeys = 5_000;
const mostValues = 100_000;
const forbidden = new Set(["__proto__", "constructor", "prototype"]);

type Envelope = { json: unknown };
const serialize = (json: unknown): Envelope => ({ json });

export const transformer = {
  input: {
    serialize,
    deserialize(sent: unknown): unknown {
      const wrong = fault(sent);
      if (wrong) throw refusalError({ code: "INVALID", text: wrong });
      return typeof sent === "object" && sent !== null && "json" in sent ? sent.json : undefined;
    },
  },
  output: { serialize, deserialize: (sent: Envelope): unknown => sent.json },
};

/** Why a request's JSON is not read, or null. Walks without recursion: depth is what it guards against. */
function fault(sent: unknown): string | null {
  const waiting: { value: unknown; depth: number }[] = [{ value: sent, depth: 0 }];
  let values = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (typeof next.value !== "object" || next.value === null) continue;
    if (next.depth > deepest) return `The request is nested more than ${deepest} deep. Nothing was changed.`;
    const entries = Object.entries(next.value);
    values += entries.length;
    if (entries.length > mostKeys || values > mostValues)
      return `The request has more than ${entries.length > mostKeys ? `${mostKeys} values in one place` : `${mostValues} values`}. Nothing was changed; send it in parts.`;
    for (const [key, value] of entries) {
      if (forbidden.has(key)) return "The request has a key that is never allowed. Nothing was changed.";
      waiting.push({ value, depth: next.depth + 1 });
    }
  }
  return null;
}
