/** Tokens → syntax tree. Depth is bounded, so no text can exhaust the stack. */
import { builtinNames } from "./builtin-names.ts";
import { lex, type Token } from "./lex.ts";

export type Problem = { code: string; text: string; from: number; to: number };
export type Ast =
  | { kind: "number"; value: number; from: number; to: number }
  | { kind: "string"; value: string; from: number; to: number }
  | { kind: "boolean"; value: boolean; from: number; to: number }
  | { kind: "null"; from: number; to: number }
  | { kind: "at"; text: string; from: number; to: number }
  | { kind: "name"; name: string; from: number; to: number }
  | { kind: "path"; object: Ast; name: string; from: number; to: number }
  | { kind: "filter"; list: Ast; by: Ast; from: number; to: number }
  | { kind: "call"; callee: Ast; args: Ast[]; names: string[] | null; from: number; to: number }
  | { kind: "negate"; value: Ast; from: number; to: number }
  | { kind: "arithmetic"; operator: "+" | "-" | "*" | "/" | "**"; left: Ast; right: Ast; from: number; to: number }
  | { kind: "compare"; operator: "=" | "!=" | "<" | "<=" | ">" | ">="; left: Ast; right: Ast; from: number; to: number }
  | { kind: "between"; value: Ast; low: Ast; high: Ast; from: number; to: number }
  | { kind: "in"; value: Ast; tests: Ast[]; from: number; to: number }
  | { kind: "and" | "or"; left: Ast; right: Ast; from: number; to: number }
  | { kind: "if"; condition: Ast; yes: Ast; no: Ast; from: number; to: number }
  | { kind: "for"; iterators: { name: string; list: Ast; to: Ast | null }[]; body: Ast; from: number; to: number }
  | {
      kind: "quantified";
      every: boolean;
      iterators: { name: string; list: Ast; to: Ast | null }[];
      body: Ast;
      from: number;
      to: number;
    }
  | { kind: "list"; items: Ast[]; from: number; to: number }
  | { kind: "context"; entries: { key: string; value: Ast }[]; from: number; to: number }
  | { kind: "range"; low: Ast; high: Ast; lowOpen: boolean; highOpen: boolean; from: number; to: number }
  /** `> 5` as a value: a unary test. */
  | { kind: "unary"; operator: "=" | "!=" | "<" | "<=" | ">" | ">="; value: Ast; from: number; to: number }
  | { kind: "function"; parameters: { name: string; type: string | null }[]; body: Ast; from: number; to: number }
  | { kind: "instance"; value: Ast; type: TypeName; from: number; to: number }
  | { kind: "tests"; tests: Ast[]; negated: boolean; from: number; to: number }
  | { kind: "any"; from: number; to: number };
export type TypeName = {
  name: string;
  of?: TypeName;
  entries?: Record<string, TypeName>;
  result?: TypeName;
  parameters?: TypeName[];
};

export type Parsed = { ok: true; ast: Ast } | { ok: false; problems: Problem[] };

export const mostText = 4096;
const mostDepth = 32;

class Stop extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.text);
    this.problem = problem;
  }
}

const keywords = new Set([
  "if",
  "then",
  "else",
  "for",
  "in",
  "return",
  "some",
  "every",
  "satisfies",
  "and",
  "or",
  "between",
  "instance",
  "of",
  "true",
  "false",
  "null",
  "function",
  "external",
]);
const comparisons = ["=", "!=", "<", "<=", ">", ">="] as const;
type Comparison = (typeof comparisons)[number];

/** `names`: names with spaces that the scope offers. */
export function parse(text: string, mode: "expression" | "unary", names: Iterable<string> = []): Parsed {
  if (text.length > mostText)
    return {
      ok: false,
      problems: [
        {
          code: "TOO_LONG",
          text: `This expression is longer than ${mostText} characters. Split it over run variables.`,
          from: mostText,
          to: text.length,
        },
      ],
    };
  const lexed = lex(text);
  if (!lexed.ok) return { ok: false, problems: [{ code: "SYNTAX", text: lexed.text, from: lexed.from, to: lexed.to }] };
  try {
    return {
      ok: true,
      ast: parser(lexed.tokens, new Set([...builtinNames, ...names].filter((n) => /[^\p{L}\p{N}_]/u.test(n))))[mode](),
    };
  } catch (error) {
    if (error instanceof Stop) return { ok: false, problems: [error.problem] };
    throw error;
  }
}

function parser(tokens: Token[], spaced: Set<string>) {
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
  /** Every level of nesting passes here. */
  function nested<T>(read: () => T): T {
    if (++depth > mostDepth * 3)
      fail(`This expression is nested deeper than ${mostDepth} levels. Split it over run variables.`);
    try {
      return read();
    } finally {
      depth--;
    }
  }

  function expression(): Ast {
    return nested(() => {
      if (isWord("if")) return conditional();
      if (isWord("for")) return iteration();
      if ((isWord("some") || isWord("every")) && peek(1).kind === "name") return quantified();
      if (isWord("function") && isSign("(", 1)) return definition();
      return disjunction();
    });
  }
  function conditional(): Ast {
    const { from } = word("if");
    const condition = expression();
    word("then");
    const yes = expression();
    word("else");
    const no = expression();
    return { kind: "if", condition, yes, no, from, to: no.to };
  }
  function iterators(): { name: string; list: Ast; to: Ast | null }[] {
    const found: { name: string; list: Ast; to: Ast | null }[] = [];
    do {
      const name = declared(["in"]);
      word("in");
      const list = expression();
      const to = isSign("..") ? (next(), expression()) : null;
      found.push({ name, list, to });
    } while (isSign(",") && next());
    return found;
  }
  function iteration(): Ast {
    const { from } = word("for");
    spaced.add("partial");
    const found = iterators();
    word("return");
    const body = expression();
    return { kind: "for", iterators: found, body, from, to: body.to };
  }
  function quantified(): Ast {
    const first = next();
    const found = iterators();
    word("satisfies");
    const body = expression();
    return { kind: "quantified", every: first.text === "every", iterators: found, body, from: first.from, to: body.to };
  }
  function definition(): Ast {
    const { from } = word("function");
    take("(");
    const parameters: { name: string; type: string | null }[] = [];
    while (!isSign(")")) {
      const name = declared([]);
      const type = isSign(":") ? (next(), typeName().name) : null;
      parameters.push({ name, type });
      if (!isSign(")")) take(",");
    }
    take(")");
    if (isWord("external")) fail("External functions are not supported.");
    const body = expression();
    return { kind: "function", parameters, body, from, to: body.to };
  }
  /** A name being declared: words up to a sign or one of the stop words. */
  function declared(stops: string[]): string {
    if (peek().kind !== "name") fail(`A name is missing before ${said(peek())}.`);
    const from = at;
    while (peek().kind === "name" && !(at > from && stops.includes(peek().text))) next();
    const name = joined(from, at);
    if (/[^\p{L}\p{N}_]/u.test(name)) spaced.add(name);
    return name;
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

  function disjunction(): Ast {
    let left = conjunction();
    while (isWord("or")) {
      next();
      const right = conjunction();
      left = { kind: "or", left, right, from: left.from, to: right.to };
    }
    return left;
  }
  function conjunction(): Ast {
    let left = comparison();
    while (isWord("and")) {
      next();
      const right = comparison();
      left = { kind: "and", left, right, from: left.from, to: right.to };
    }
    return left;
  }
  function comparison(): Ast {
    let left = addition();
    for (;;) {
      const sign = peek().text as Comparison;
      if (peek().kind === "punctuation" && comparisons.includes(sign)) {
        next();
        const right = addition();
        left = { kind: "compare", operator: sign, left, right, from: left.from, to: right.to };
      } else if (isWord("between")) {
        next();
        const low = addition();
        word("and");
        const high = addition();
        left = { kind: "between", value: left, low, high, from: left.from, to: high.to };
      } else if (isWord("in")) {
        next();
        const tests = inTests();
        left = { kind: "in", value: left, tests, from: left.from, to: last().to };
      } else if (isWord("instance")) {
        next();
        word("of");
        left = { kind: "instance", value: left, type: typeName(), from: left.from, to: last().to };
      } else return left;
    }
  }
  function inTests(): Ast[] {
    // `in (a, b, > 5)`: a bracket that is not a range holds several tests.
    if (isSign("(")) {
      const start = at;
      const range = tryRange();
      if (range) return [range];
      at = start;
      next();
      const tests = [unaryTest()];
      while (isSign(",")) {
        next();
        tests.push(unaryTest());
      }
      take(")");
      return tests;
    }
    return [unaryTest()];
  }
  function unaryTest(): Ast {
    const sign = peek().text as Comparison;
    if (peek().kind === "punctuation" && comparisons.includes(sign)) {
      const { from } = next();
      const value = addition();
      return { kind: "unary", operator: sign, value, from, to: value.to };
    }
    return expression();
  }
  function addition(): Ast {
    let left = product();
    while (isSign("+") || isSign("-")) {
      const operator = next().text as "+" | "-";
      const right = product();
      left = { kind: "arithmetic", operator, left, right, from: left.from, to: right.to };
    }
    return left;
  }
  function product(): Ast {
    let left = power();
    while (isSign("*") || isSign("/")) {
      const operator = next().text as "*" | "/";
      const right = power();
      left = { kind: "arithmetic", operator, left, right, from: left.from, to: right.to };
    }
    return left;
  }
  function power(): Ast {
    let left = negation();
    while (isSign("**")) {
      next();
      const right = negation();
      left = { kind: "arithmetic", operator: "**", left, right, from: left.from, to: right.to };
    }
    return left;
  }
  function negation(): Ast {
    if (!isSign("-")) return postfix();
    const { from } = next();
    return nested(() => {
      const value = negation();
      return { kind: "negate", value, from, to: value.to };
    });
  }
  function postfix(): Ast {
    let value = primary();
    for (;;) {
      if (isSign(".") && peek(1).kind === "name") {
        next();
        const name = nameAt();
        value = { kind: "path", object: value, name, from: value.from, to: last().to };
      } else if (isSign("[")) {
        next();
        const by = unaryTest();
        take("]");
        value = { kind: "filter", list: value, by, from: value.from, to: last().to };
      } else if (isSign("(")) {
        const { args, names } = callArguments();
        value = { kind: "call", callee: value, args, names, from: value.from, to: last().to };
      } else return value;
      if (++depth > 2000) fail("This expression is too long a chain.");
    }
  }
  function callArguments(): { args: Ast[]; names: string[] | null } {
    take("(");
    const args: Ast[] = [];
    const names: string[] = [];
    while (!isSign(")")) {
      const start = at;
      let name: string | null = null;
      if (peek().kind === "name") {
        let end = at;
        while (tokens[end]!.kind === "name") end++;
        if (tokens[end]!.kind === "punctuation" && tokens[end]!.text === ":") {
          name = joined(start, end);
          at = end + 1;
        }
      }
      if (name !== null) names.push(name);
      args.push(expression());
      if (!isSign(")")) take(",");
    }
    take(")");
    if (names.length && names.length !== args.length) fail("Name every argument, or none.", last());
    return { args, names: names.length ? names : null };
  }

  function primary(): Ast {
    const token = peek();
    if (token.kind === "number") {
      next();
      const value = Number(token.text);
      return Number.isFinite(value)
        ? { kind: "number", value, from: token.from, to: token.to }
        : { kind: "null", from: token.from, to: token.to };
    }
    if (token.kind === "string") {
      next();
      return { kind: "string", value: token.text, from: token.from, to: token.to };
    }
    if (isSign("@")) {
      next();
      const text = peek();
      if (text.kind !== "string") fail("A text in quotation marks is missing after @.");
      next();
      return { kind: "at", text: text.text, from: token.from, to: text.to };
    }
    if (isSign("(")) {
      const start = at;
      const range = tryRange();
      if (range) return range;
      at = start;
      next();
      const value = unaryTest();
      take(")");
      return { ...value, from: token.from, to: last().to };
    }
    if (isSign("[") || isSign("]")) {
      const start = at;
      const range = tryRange();
      if (range) return range;
      at = start;
      if (isSign("[")) return list();
    }
    if (isSign("{")) return context();
    if (token.kind === "name") {
      if (isWord("true") || isWord("false")) {
        next();
        return { kind: "boolean", value: token.text === "true", from: token.from, to: token.to };
      }
      if (isWord("null")) {
        next();
        return { kind: "null", from: token.from, to: token.to };
      }
      if (keywords.has(token.text) && !startsSpaced()) fail(`${said(token)} cannot stand here.`);
      const name = nameAt();
      return { kind: "name", name, from: token.from, to: last().to };
    }
    if (token.kind === "punctuation" && comparisons.includes(token.text as Comparison)) return unaryTest();
    return fail(token.kind === "end" ? "Something is missing at the end." : `${said(token)} cannot stand here.`);
  }
  const startsSpaced = () => [...spaced].some((name) => name.startsWith(`${peek().text} `));

  /** The longest known name that begins here, else one word. */
  function nameAt(): string {
    const start = at;
    let best = start + 1;
    let text = peek().text;
    for (let end = start + 1; end < tokens.length && end - start < 24 && tokens[end]!.kind !== "end"; end++) {
      const token = tokens[end]!;
      text += (tokens[end - 1]!.to < token.from ? " " : "") + token.text;
      if (spaced.has(text) || spaced.has(text.replaceAll(" ", "")) || spaced.has(joinLoose(start, end + 1)))
        best = end + 1;
    }
    at = best;
    return best === start + 1 ? tokens[start]!.text : nameOf(start, best);
  }
  const joinLoose = (from: number, to: number) =>
    tokens
      .slice(from, to)
      .map((t) => t.text)
      .join(" ");
  const nameOf = (from: number, to: number) =>
    [joined(from, to), joinLoose(from, to)].find((n) => spaced.has(n)) ?? joined(from, to);

  function list(): Ast {
    const { from } = take("[");
    const items: Ast[] = [];
    while (!isSign("]")) {
      items.push(unaryTest());
      if (!isSign("]")) take(",");
    }
    take("]");
    return { kind: "list", items, from, to: last().to };
  }
  /** `[1..5]`, `(1..5)`, `]1..5[`; null when it is something else. */
  function tryRange(): Ast | null {
    const open = next();
    const kept = depth;
    try {
      const low = addition();
      if (!isSign("..")) return null;
      next();
      const high = addition();
      const close = peek();
      if (close.kind !== "punctuation" || ![")", "]", "["].includes(close.text)) return null;
      next();
      return {
        kind: "range",
        low,
        high,
        lowOpen: open.text !== "[",
        highOpen: close.text !== "]",
        from: open.from,
        to: close.to,
      };
    } catch (error) {
      if (error instanceof Stop) return null;
      throw error;
    } finally {
      depth = kept;
    }
  }
  function context(): Ast {
    const { from } = take("{");
    const entries: { key: string; value: Ast }[] = [];
    while (!isSign("}")) {
      let key: string;
      if (peek().kind === "string") key = next().text;
      else {
        const start = at;
        while (!isSign(":") && peek().kind !== "end" && !isSign("}")) next();
        if (at === start) fail("The name of an entry is missing.");
        key = joined(start, at);
        if (/[^\p{L}\p{N}_]/u.test(key)) spaced.add(key);
      }
      take(":");
      entries.push({ key, value: expression() });
      if (!isSign("}")) take(",");
    }
    take("}");
    return { kind: "context", entries, from, to: last().to };
  }
  function typeName(): TypeName {
    return nested(() => {
      const words: string[] = [];
      if (isWord("function")) {
        next();
        const parameters: TypeName[] = [];
        if (isSign("<")) {
          next();
          while (!isSign(">")) {
            parameters.push(typeName());
            if (!isSign(">")) take(",");
          }
          take(">");
        }
        const result = isSign("->") ? (next(), typeName()) : undefined;
        return { name: "function", parameters, ...(result && { result }) };
      }
      while (
        peek().kind === "name" &&
        !["and", "or", "then", "else", "in", "between", "instance", "satisfies", "return"].includes(peek().text)
      ) {
        words.push(next().text);
        if (isSign(".") && peek(1).kind === "name") words[words.length - 1] += next().text + next().text;
      }
      // `date and time`, `days and time duration`, `years and months duration`: this `and` is a part of the name.
      const second = { date: "time", days: "time", years: "months" }[words.join(" ")];
      if (second && isWord("and") && peek(1).text === second) {
        words.push(next().text, next().text);
        if (words[0] !== "date" && peek().text === "duration") words.push(next().text);
      }
      const name = words.join(" ");
      if (!name) fail(`A type is missing before ${said(peek())}.`);
      if (isSign("<")) {
        next();
        if (name === "context") {
          const entries: Record<string, TypeName> = Object.create(null) as Record<string, TypeName>;
          while (!isSign(">")) {
            const key = declared([]);
            take(":");
            entries[key] = typeName();
            if (!isSign(">")) take(",");
          }
          take(">");
          return { name, entries };
        }
        const of = typeName();
        take(">");
        return { name, of };
      }
      return { name };
    });
  }

  function ended<T>(read: () => T): T {
    const value = read();
    if (peek().kind !== "end") fail(`${said(peek())} is not expected here.`);
    return value;
  }
  return {
    expression: () => ended(expression),
    unary: (): Ast =>
      ended(() => {
        const { from } = peek();
        if (isSign("-") && peek(1).kind === "end") {
          next();
          return { kind: "any", from, to: last().to };
        }
        const negated = isWord("not") && isSign("(", 1);
        if (negated) {
          next();
          next();
        }
        const tests = [unaryTest()];
        while (isSign(",")) {
          next();
          tests.push(unaryTest());
        }
        if (negated) take(")");
        return { kind: "tests", tests, negated, from, to: last().to };
      }),
  };
}
