/** Text with expressions in it: `Deal {opportunity.name} is won`. `{{` and `}}` are braces. */

export type TextPart = { text: string } | { feel: string };

/**
 * The parts of such a text, in order. Braces and quoted strings inside an expression belong to it; a brace that nothing closes
 * is text, so that every text has its parts.
 */
export function partsOfText(source: string): TextPart[] {
  const parts: TextPart[] = [];
  let text = "";
  for (let at = 0; at < source.length; ) {
    const two = source.slice(at, at + 2);
    if (two === "{{" || two === "}}") {
      text += two[0];
      at += 2;
      continue;
    }
    const end = source[at] === "{" ? closing(source, at) : -1;
    if (end < 0) {
      text += source[at];
      at += 1;
      continue;
    }
    if (text) parts.push({ text });
    text = "";
    parts.push({ feel: source.slice(at + 1, end).trim() });
    at = end + 1;
  }
  if (text) parts.push({ text });
  return parts;
}

/** Where the brace that opens at `from` is closed; -1 when it is not. */
function closing(source: string, from: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < source.length; at++) {
    const char = source[at];
    if (quoted) {
      if (char === "\\") at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return at;
  }
  return -1;
}
