/** Walks over tokens: what stands next, names of several words, and how deep one is. */
import type { Token } from "./lex.ts";

export type Problem = { code: string; text: string; from: number; to: number };

/** Thrown and caught inside one parse only. */
export class Stop extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.text);
    this.problem = problem;
  }
}

const mostDepth = 32;

export type TokenReader = ReturnType<typeof readerOf>;

/** `spaced`: names with spaces or signs that may be read; the parser adds those that the text declares. */
export function readerOf(tokens: readonly Token[], spaced: Set<string>) {
  let at = 0;
  let depth = 0;
  const peek = (ahead = 0): Token => tokens[Math.min(at + ahead, tokens.length - 1)]!;
  const next = (): Token => tokens[Math.min(at++, tokens.length - 1)]!;
  const isSign = (text: string, ahead = 0) => peek(ahead).kind === "punctuation" && peek(ahead).text === text;
  const isWord = (text: string, ahead = 0) => peek(ahead).kind === "name" && peek(ahead).text === text;
  const fail = (text: string, token = peek()): never => {
    throw new Stop({ code: "SYNTAX", text, from: token.from, to: Math.max(token.to, token.from + 1) });
  };
  const said = (token: Token) => (token.kind === "end" ? "the end" : `“${token.text}”`);
  const take = (text: string): Token => (isSign(text) ? next() : fail(`“${text}” is missing before ${said(peek())}.`));
  const word = (text: string): Token => (isWord(text) ? next() : fail(`“${text}” is missing before ${said(peek())}.`));
  const last = () => tokens[Math.max(0, at - 1)]!;

  /** Every level of nesting passes here; one of the language is up to three of the grammar. */
  function nested<T>(read: () => T): T {
    if (++depth > mostDepth * 3)
      fail(`This expression is nested deeper than ${mostDepth} levels. Split it over run variables.`);
    try {
      return read();
    } finally {
      depth--;
    }
  }

  /** Token texts joined as they stand, white space as one space. */
  function joined(from: number, to: number): string {
    let text = "";
    for (let i = from; i < to; i++) {
      const token = tokens[i]!;
      const before = tokens[i - 1];
      text += (i > from && before && before.to < token.from ? " " : "") + token.text;
    }
    return text;
  }
  const joinedLoosely = (from: number, to: number) =>
    tokens
      .slice(from, to)
      .map((t) => t.text)
      .join(" ");
  const declare = (name: string): string => {
    if (/[^\p{L}\p{N}_]/u.test(name)) spaced.add(name);
    return name;
  };

  /** A name being declared: words up to a sign or one of the stop words. */
  function declared(stops: string[]): string {
    if (peek().kind !== "name") fail(`A name is missing before ${said(peek())}.`);
    const from = at;
    while (peek().kind === "name" && !(at > from && stops.includes(peek().text))) next();
    return declare(joined(from, at));
  }

  /** The key of a context's entry: whatever stands before the colon. */
  function entryName(): string {
    if (peek().kind === "string") return next().text;
    const start = at;
    while (!isSign(":") && peek().kind !== "end" && !isSign("}")) next();
    if (at === start) fail("The name of an entry is missing.");
    return declare(joined(start, at));
  }

  /** `name:` of a named argument, taken; null when the argument has no name. */
  function argumentName(): string | null {
    let end = at;
    while (tokens[end]!.kind === "name") end++;
    if (end === at || tokens[end]!.kind !== "punctuation" || tokens[end]!.text !== ":") return null;
    const name = joined(at, end);
    at = end + 1;
    return name;
  }

  const startsSpaced = () => [...spaced].some((name) => name.startsWith(`${peek().text} `));

  /** Length of the longest known name that begins with a word; 0 when none does. */
  const longestFrom = (text: string) => {
    let longest = 0;
    for (const known of spaced) if (known.length > longest && known.startsWith(text)) longest = known.length;
    return longest;
  };

  /** The longest known name that begins here, else one word. */
  function name(): string {
    const start = at;
    let best = start + 1;
    let text = peek().text;
    const longest = longestFrom(text);
    for (let end = start + 1; end < tokens.length && end - start < 24 && tokens[end]!.kind !== "end"; end++) {
      const token = tokens[end]!;
      text += (tokens[end - 1]!.to < token.from ? " " : "") + token.text;
      if (text.replaceAll(" ", "").length > longest) break;
      if (spaced.has(text) || spaced.has(text.replaceAll(" ", "")) || spaced.has(joinedLoosely(start, end + 1)))
        best = end + 1;
    }
    at = best;
    if (best === start + 1) return tokens[start]!.text;
    return [joined(start, best), joinedLoosely(start, best)].find((n) => spaced.has(n)) ?? joined(start, best);
  }

  return {
    peek,
    next,
    last,
    isSign,
    isWord,
    fail,
    said,
    take,
    word,
    nested,
    declared,
    entryName,
    argumentName,
    startsSpaced,
    name,
    declare,
  };
}
