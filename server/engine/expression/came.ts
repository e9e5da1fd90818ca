import { type FeelValue, isTagged, textOf } from "./value.ts";

/** Of what came, in characters: enough to know it again. */
const mostShown = 80;

/** What a place was given that does not take it, as a sentence: the kind where it is not plain to see, and the beginning of it. */
export function came(value: FeelValue): string {
  const text = typeof value === "string" ? value : textOf(value);
  const shown = `“${text.length > mostShown ? `${text.slice(0, mostShown - 1)}…` : text}”`;
  if (typeof value === "string") return `What came is the text ${shown}.`;
  if (Array.isArray(value)) return `What came is a list: ${shown}.`;
  if (value !== null && typeof value === "object" && !isTagged(value)) return `What came is an object: ${shown}.`;
  return `What came is ${shown}.`;
}
