/** Tokens → syntax tree. Depth is bounded, so no text can exhaust the stack. */
import { builtinNames } from "./builtin-names.ts";
import type { Ast } from "./ast.ts";
import { lex, type Token } from "./lex.ts";
import { type Comparison, comparisons, isOperator, meant } from "./operators.ts";
import { type Problem, readerOf, Stop } from "./token-reader.ts";
import { readTypeName } from "./type-name.ts";

export type { Problem };
export type Parsed = { ok: true; ast: Ast } | { ok: false; problems: Problem[] };

export const mostText = 4096;

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
const hasSpace = (name: string) => /[^\p{L}\p{N}_]/u.test(name);
const spacedBuiltins = builtinNames.filter(hasSpace);
function spacedNames(names: Iterable<string>): Set<string> {
  const spaced = new Set<string>(spacedBuiltins);
  for (const name of names) if (hasSpace(name)) spaced.add(name);
  return spaced;
}

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
      ast: parser(lexed.tokens, spacedNames(names))[mode](),
    };
  } catch (error) {
    if (error instanceof Stop) return { ok: false, problems: [error.problem] };
    throw error;
  }
}

function parser(tokens: Token[], spaced: Set<string>) {
  const reader = readerOf(tokens, spaced);
  const { peek, next, last, isSign, isWord, fail, said, take, word, nested } = reader;
  const typeName = () => readTypeName(reader);

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
      const name = reader.declared(["in"]);
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
      const name = reader.declared([]);
      const type = isSign(":") ? (next(), typeName().name) : null;
      parameters.push({ name, type });
      if (!isSign(")")) take(",");
    }
    take(")");
    if (isWord("external")) fail("External functions are not supported.");
    const body = expression();
    return { kind: "function", parameters, body, from, to: body.to };
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
      const open = next();
      const first = unaryTest();
      if (isPoint(first)) return [rangeFrom(open, first)];
      const tests = [first];
      while (isSign(",")) {
        next();
        tests.push(unaryTest());
      }
      take(")");
      return tests;
    }
    // Without a bracket it binds tighter than `and` and `or`: `x in [1..3] or y` is `(x in [1..3]) or y`.
    return [unaryTest(addition)];
  }
  function unaryTest(plain: () => Ast = expression): Ast {
    const sign = peek().text as Comparison;
    if (peek().kind !== "punctuation" || !comparisons.includes(sign)) return plain();
    const { from } = next();
    const value = nested(addition);
    return { kind: "unary", operator: sign, value, from, to: value.to };
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
    for (let links = 0; ; links++) {
      if (isSign(".") && peek(1).kind === "name") {
        next();
        const name = reader.name();
        value = { kind: "path", object: value, name, from: value.from, to: last().to };
      } else if (isSign("[") && !closesRange()) {
        next();
        const by = unaryTest();
        take("]");
        value = { kind: "filter", list: value, by, from: value.from, to: last().to };
      } else if (isSign("(")) {
        const { args, names } = callArguments();
        value = { kind: "call", callee: value, args, names, from: value.from, to: last().to };
      } else return value;
      if (links > 500) fail("This expression is too long a chain.");
    }
  }
  /** `]1..5[`: a bracket after which nothing can be read ends a range. */
  const closesRange = () =>
    peek(1).kind === "end" ||
    [")", "]", "}", ","].some((sign) => isSign(sign, 1)) ||
    ["and", "or", "then", "else", "return", "satisfies"].some((text) => isWord(text, 1));
  function callArguments(): { args: Ast[]; names: string[] | null } {
    take("(");
    const args: Ast[] = [];
    const names: string[] = [];
    while (!isSign(")")) {
      const name = reader.argumentName();
      if (name !== null) names.push(name);
      args.push(expression());
      if (!isSign(")")) take(",");
    }
    take(")");
    if (names.length && names.length !== args.length) fail("Name every argument, or none.", last());
    return { args, names: names.length ? names : null };
  }

  /** `a = = b`: a test like `= b` begins an expression of its own, so it follows no operator. */
  function afterOperator(): void {
    const [before, token] = [last(), peek()];
    if (before === token || !isOperator(before) || !isOperator(token) || isSign("-")) return;
    if (token.kind === "name" && reader.startsSpaced()) return;
    const other = before.to === token.from ? meant.get(before.text + token.text) : undefined;
    const hint = other ? ` Did you mean “${other}”?` : "";
    fail(`There is nothing between ${said(before)} and ${said(token)}.` + hint);
  }
  function primary(): Ast {
    const token = peek();
    afterOperator();
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
      const open = next();
      const value = unaryTest();
      if (isPoint(value)) return rangeFrom(open, value);
      take(")");
      return { ...value, from: token.from, to: last().to };
    }
    if (isSign("[")) return list();
    if (isSign("]")) {
      const open = next();
      return rangeFrom(open, nested(addition));
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
      if (keywords.has(token.text) && !reader.startsSpaced()) fail(`${said(token)} cannot stand here.`);
      const name = reader.name();
      return { kind: "name", name, from: token.from, to: last().to };
    }
    if (token.kind === "punctuation" && comparisons.includes(token.text as Comparison)) return unaryTest();
    return fail(token.kind === "end" ? "Something is missing at the end." : `${said(token)} cannot stand here.`);
  }
  function list(): Ast {
    const open = take("[");
    const items: Ast[] = [];
    while (!isSign("]")) {
      items.push(unaryTest());
      if (items.length === 1 && isPoint(items[0]!)) return rangeFrom(open, items[0]!);
      if (!isSign("]")) take(",");
    }
    take("]");
    return { kind: "list", items, from: open.from, to: last().to };
  }
  /** Whether this is where a range begins; a test like `> 1` is no point. */
  function isPoint(value: Ast): boolean {
    if (!isSign("..")) return false;
    if (value.kind === "unary") fail(`${said(peek())} is not expected here.`);
    return true;
  }
  /** `[1..5]`, `(1..5)`, `]1..5[` from the two points on. */
  function rangeFrom(open: Token, low: Ast): Ast {
    take("..");
    const high = nested(addition);
    const close = peek();
    if (close.kind !== "punctuation" || ![")", "]", "["].includes(close.text))
      fail(`“]” is missing before ${said(close)}.`);
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
  }
  function context(): Ast {
    const { from } = take("{");
    const entries: { key: string; value: Ast }[] = [];
    while (!isSign("}")) {
      const key = reader.entryName();
      take(":");
      entries.push({ key, value: expression() });
      if (!isSign("}")) take(",");
    }
    take("}");
    return { kind: "context", entries, from, to: last().to };
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
