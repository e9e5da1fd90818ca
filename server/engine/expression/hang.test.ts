/** Inputs that once were slow or unbounded, found by the fuzz test or by looking for them: each by its name. */
import { expect, it } from "vitest";
import { compile, compileUnaryTests } from "./index.ts";
import { poisonedScope } from "@/tests/support/random-feel.ts";

const values = poisonedScope();
const scope = {
  now: 0,
  zone: "Europe/Paris",
  get: (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined),
};

it.each([
  ["brackets in brackets were read twice each: 2^30", `${"(".repeat(30)}1${")".repeat(30)}`],
  ["3,000 open brackets", "(".repeat(3000)],
  ["3,000 signs", `${"-".repeat(3000)}1`],
  ["a list nested without end", "[".repeat(3000)],
  [
    "seed 366410934: a range of a megabyte of text, written out each time",
    "for y in 1..300 return (big..upper case(partial, [1..3]))",
  ],
  ["seed 366433031: a long list looked through a thousand times", "for x in 1..100, y in 1..1000 return .5 in long"],
  [
    "seed 2: a list that holds all lists before it",
    'for x in 1..100, y in 1..x return (-999..{a: {}, "c d": partial}[',
  ],
  [
    "lists of lists of the same list: 10^12 parts",
    "{a: [long, long, long], b: for x in 1..1000 return a, c: for x in 1..1000 return b, d: string(c)}.d",
  ],
  ["a megabyte replaced by itself", 'replace(big, "[ab]", big)'],
  ["a pattern of many choices over a megabyte", 'matches(big, "(a|b|ab|ba| )*c{1,50}")'],
  ["a match at every place, each looked for to the end", 'extract(big, "a[^c]*c|a")'],
  ["seed 369240061: a million pieces, of which a list holds ten thousand", 'split(big, "a|b|c{1,50}") in [1..5]'],
  ["all pairs of a list of contexts", "distinct values(for x in 1..3000 return {a: x})"],
  ["a function that calls itself twice", "{f: function(x) f(x) + f(x), r: f(1)}.r"],
  ["a megabyte sorted by a function", "sort(long, function(x, y) x < y)"],
  ["5,000 levels compared", "deep = deep"],
  ["a text of dots read as a range", `range("[${".".repeat(900)}]")`],
])("%s", (_, text) => {
  const start = performance.now();
  for (const result of [compile(text, { names: Object.keys(values) }), compileUnaryTests(text)])
    if (result.ok) result.expression.evaluate(scope, values.big);
  expect(performance.now() - start).toBeLessThan(5000);
});
