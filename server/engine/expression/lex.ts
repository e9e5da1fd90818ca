/** Text → tokens. Names are single words here; the parser joins the words of names that contain spaces. */
export type Token = {
  kind: "number" | "string" | "name" | "punctuation" | "at" | "end";
  text: string;
  from: number;
  to: number;
};
export type LexResult = { ok: true; tokens: Token[] } | { ok: false; text: string; from: number; to: number };

const punctuation = [
  "**",
  "..",
  "<=",
  ">=",
  "!=",
  "->",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ":",
  "+",
  "-",
  "*",
  "/",
  "<",
  ">",
  "=",
  ".",
  "@",
  "?",
];
const isSpace = (c: string) => /\s/u.test(c);
const isNameStart = (c: string) => /[\p{L}_?]/u.test(c) || (c.codePointAt(0) ?? 0) > 0xffff;
const isNamePart = (c: string) => /[\p{L}\p{N}\p{M}_]/u.test(c) || (c.codePointAt(0) ?? 0) > 0xffff;

/** Where the name that begins here ends. Most are plain letters, which need no look at Unicode. */
function nameEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    const isPlain =
      (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
    if (!isPlain) {
      if (code < 128) break;
      const c = String.fromCodePoint(text.codePointAt(i)!);
      if (!isNamePart(c)) break;
      i += c.length;
    } else i++;
  }
  return i;
}

export function lex(text: string): LexResult {
  const tokens: Token[] = [];
  let i = 0;
  const push = (kind: Token["kind"], value: string, from: number) => tokens.push({ kind, text: value, from, to: i });
  while (i < text.length) {
    const c = String.fromCodePoint(text.codePointAt(i)!);
    const from = i;
    if (isSpace(c)) i += c.length;
    else if (text.startsWith("//", i)) i = indexOr(text, "\n", i);
    else if (text.startsWith("/*", i)) {
      const end = text.indexOf("*/", i + 2);
      if (end < 0) return { ok: false, text: "This comment is not closed.", from, to: text.length };
      i = end + 2;
    } else if (c === '"') {
      const string = readString(text, i);
      if (!string)
        return { ok: false, text: "This text is not closed: a quotation mark is missing.", from, to: text.length };
      i = string.end;
      push("string", string.value, from);
    } else if (/[0-9]/.test(c) || (c === "." && /[0-9]/.test(text[i + 1] ?? "") && text[i - 1] !== ".")) {
      const match = /^(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?/.exec(text.slice(i, i + 400))!;
      i += match[0].length;
      push("number", match[0], from);
    } else if (isNameStart(c)) {
      if (c === "?") i += 1;
      else i = nameEnd(text, i);
      push("name", text.slice(from, i), from);
    } else {
      const sign = punctuation.find((p) => text.startsWith(p, i));
      // Signs that only names of contexts may hold: kept so that such a name can be joined.
      i += sign?.length ?? c.length;
      push("punctuation", sign ?? c, from);
    }
  }
  tokens.push({ kind: "end", text: "", from: text.length, to: text.length });
  return { ok: true, tokens };
}

const indexOr = (text: string, what: string, from: number) => {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
};

function readString(text: string, start: number): { value: string; end: number } | null {
  let value = "";
  for (let i = start + 1; i < text.length; i++) {
    const c = text[i]!;
    if (c === '"') return { value, end: i + 1 };
    if (c !== "\\") {
      value += c;
      continue;
    }
    const next = text[++i];
    const short = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\", "'": "'" }[next ?? ""];
    const long =
      next === "u"
        ? /^[0-9a-fA-F]{4}/.exec(text.slice(i + 1))
        : next === "U"
          ? /^[0-9a-fA-F]{6}/.exec(text.slice(i + 1))
          : null;
    if (short !== undefined) value += short;
    else if (long) {
      value += String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(long[0], 16)));
      i += long[0].length;
    } else value += `\\${next ?? ""}`;
  }
  return null;
}
