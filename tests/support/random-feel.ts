/**
 * Random FEEL for tests: well-formed by the grammar, broken by mutation, plain bytes, and nested without end; and values to read,
 * some of them far too large. The same seed gives the same inputs.
 */
import { builtinNames } from "@/server/engine/expression/builtin-names.ts";
import {
  type FeelContext,
  type FeelValue,
  makeDate,
  makeDateTime,
  makeDuration,
  makeMonths,
  makeTime,
  toFeel,
} from "@/server/engine/expression/value.ts";

export type Chance = {
  /** 0 ≤ x < 1 */ next(): number;
  below(n: number): number;
  pick<T>(list: readonly T[]): T;
};

/** Mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { next, below, pick: (list) => list[below(list.length)]! };
}

export type Input = { text: string; mode: "expression" | "unary" };

export function randomInput(chance: Chance): Input {
  const mode = chance.below(4) === 0 ? "unary" : "expression";
  const kind = chance.below(100);
  if (kind < 45) return { mode, text: expression(chance, 1 + chance.below(5)) };
  if (kind < 85) return { mode, text: mutated(expression(chance, 1 + chance.below(4)), chance) };
  if (kind < 97) return { mode, text: bytes(chance) };
  return { mode, text: nested(chance) };
}

const names = [
  "big",
  "long",
  "deep",
  "n",
  "s",
  "list",
  "record",
  "when",
  "span",
  "nothing",
  "many words",
  "x",
  "?",
  "item",
  "partial",
  "f",
];
const literals = [
  "0",
  "1",
  "-1",
  "3.14",
  "1e300",
  ".5",
  "999999999999999999999",
  '"a"',
  '""',
  '"\\u00e9\\n"',
  "true",
  "false",
  "null",
  'date("2026-02-29")',
  'date("2026-03-01")',
  '@"2026-01-01"',
  '@"PT1H"',
  '@"P1Y2M"',
  '@"10:00:00@Europe/Paris"',
  '@"x"',
  'date and time("2026-01-01T00:00:00Z")',
  "[]",
  "{}",
  "[1..3]",
  "]1..3[",
  "(1..5]",
  "> 5",
  "-",
  '"(a*)*b"',
  '"[a-z]+"',
  '"a|b|c{1,50}"',
];

function expression(chance: Chance, depth: number): string {
  if (depth <= 0) return chance.below(2) === 0 ? chance.pick(literals) : chance.pick(names);
  const e = () => expression(chance, depth - 1 - chance.below(2));
  switch (chance.below(22)) {
    case 0:
    case 1:
      return `${e()} ${chance.pick(["+", "-", "*", "/", "**"])} ${e()}`;
    case 2:
      return `${e()} ${chance.pick(["=", "!=", "<", "<=", ">", ">="])} ${e()}`;
    case 3:
      return `${e()} ${chance.pick(["and", "or"])} ${e()}`;
    case 4:
      return `if ${e()} then ${e()} else ${e()}`;
    case 5:
      return `for ${chance.pick(["x", "y"])} in ${chance.pick([e(), "1..300", "[1..2000]", "list", "big"])} return ${e()}`;
    case 6:
      return `for x in 1..100, y in 1..${chance.pick(["10", "1000", "x"])} return ${e()}`;
    case 7:
      return `${chance.pick(["some", "every"])} x in ${e()} satisfies ${e()}`;
    case 8:
      return `[${Array.from({ length: chance.below(5) }, e).join(", ")}]`;
    case 9:
      return `{a: ${e()}, ${chance.pick(["b", '"c d"', "many words"])}: ${e()}}`;
    case 10:
      return `${e()}.${chance.pick(["a", "b", "year", "name", "many words", "years"])}`;
    case 11:
      return `${e()}[${e()}]`;
    case 12:
      return `(${e()})`;
    case 13:
      return `${chance.pick(["[", "(", "]"])}${e()}..${e()}${chance.pick(["]", ")", "["])}`;
    case 14:
      return `${e()} in ${chance.pick([e(), `(${e()}, ${e()})`, "[1..5]", "> 3"])}`;
    case 15:
      return `${e()} between ${e()} and ${e()}`;
    case 16:
      return `${e()} instance of ${chance.pick(["number", "list<string>", "date and time", "context<a: number>", "function<number>->string", "tThing"])}`;
    case 17:
      return `(function(x${chance.pick(["", ": number", ", f"])}) ${e()})(${e()})`;
    case 18:
      return `-${e()}`;
    case 19:
      return `{f: function(x) ${chance.pick(["f(x)", "f(f(x))", e()])}, r: f(${e()})}.r`;
    default:
      return `${chance.pick(builtinNames)}(${Array.from({ length: chance.below(4) }, e).join(", ")})`;
  }
}

function mutated(text: string, chance: Chance): string {
  let out = text;
  for (let n = 1 + chance.below(4); n > 0; n--) {
    const at = chance.below(out.length + 1);
    const other = chance.below(out.length + 1);
    const [from, to] = [Math.min(at, other), Math.max(at, other)];
    switch (chance.below(6)) {
      case 0:
        out = out.slice(0, from) + out.slice(to);
        break;
      case 1:
        out = out.slice(0, at) + out.slice(from, to) + out.slice(at);
        break;
      case 2:
        out = out.slice(0, at) + String.fromCharCode(chance.below(0x250)) + out.slice(at);
        break;
      case 3:
        out =
          out.slice(0, at) +
          chance.pick(["(", ")", "[", "]", "{", "}", '"', "..", ",", " in ", " and ", "//", "/*", "@", "?"]) +
          out.slice(at);
        break;
      case 4:
        out = out.slice(0, from) + chance.pick(literals) + out.slice(to);
        break;
      default:
        out = out.slice(0, from) + out.slice(from, to).repeat(2 + chance.below(20)) + out.slice(to);
    }
  }
  return out.slice(0, 6000);
}

const bytes = (chance: Chance): string =>
  Array.from({ length: chance.below(60) }, () =>
    chance.below(3) === 0
      ? String.fromCharCode(chance.below(0x10000))
      : chance.pick([..."()[]{}<>=!+-*/.,:;\"'@?|&%$ \n\tab01ef", "if ", "then ", "for ", "not(", "function("]),
  ).join("");

function nested(chance: Chance): string {
  const [open, close] = chance.pick([
    ["(", ")"],
    ["[", "]"],
    ["{a:", "}"],
    ["not(", ")"],
    ["-", ""],
    ["f(", ")"],
    ["x[", "]"],
    ["if ", " then 1 else 2"],
    ["for x in ", " return x"],
    ["function(x) ", ""],
    ["1 + (", ")"],
    ["(1..", ")"],
    ["[1, ", "]"],
    ["< ", ""],
    ["1 in (", ")"],
    ["a.", "b"],
  ] as const);
  const depth = 1 + chance.below(chance.pick([40, 200, 3000]));
  return `${open.repeat(depth)}1${chance.below(3) === 0 ? "" : close.repeat(depth)}`;
}

/** What the names read: ordinary values, a text and a list of a megabyte, a value nested 5,000 deep, keys that name prototypes. */
export function poisonedScope(): FeelContext {
  let deep: FeelValue = 1;
  for (let i = 0; i < 5000; i++) deep = [deep];
  const record = toFeel(
    JSON.parse('{"a":1,"b":"x","many words":[1,2,3],"__proto__":{"a":2},"constructor":3,"toString":4,"kind":"date"}'),
  );
  return {
    big: "ab ".repeat(350_000),
    long: Array.from({ length: 100_000 }, (_, i) => i),
    deep,
    n: 42,
    s: "text",
    list: [3, 1, 2, null, "a", [1], { a: 1 }],
    record,
    when: makeDateTime(1_767_225_600_000, 0, null),
    span: makeDuration(90_000_000),
    nothing: null,
    "many words": [makeDate(20_000), makeTime(1, null, null), makeMonths(14)],
  } as FeelContext;
}
