import fc from "fast-check";
import { expect, it } from "vitest";
import { shortestUnmet } from "./shortest-unmet.ts";

const holdsOf = (values: Record<string, boolean>) => (part: string) => {
  const [, field = "", wanted] = /^x\.(\w) = (true|false)$/.exec(part) ?? [];
  return field in values ? values[field] === (wanted === "true") : null;
};
const said = (text: string, values: Record<string, boolean>) =>
  shortestUnmet(text, holdsOf(values)).map(({ text: part, not }) => (not ? `not ${part}` : part));

it.each([
  ["x.a = true and x.b = true", { a: true, b: false }, ["x.b = true"]],
  ["x.a = true or (x.b = true and x.c = true)", { a: false, b: false, c: false }, ["x.a = true"]],
  [
    "(x.a = true and x.b = true) or x.c = true and x.d = true",
    { a: false, b: false, c: true, d: false },
    ["x.d = true"],
  ],
  ["not(x.a = true)", { a: true }, ["not x.a = true"]],
  ["not(x.a = true and x.b = true) and x.c = true", { a: true, b: true, c: false }, ["not x.a = true", "x.c = true"]],
  ["not(x.a = true or x.b = true)", { a: true, b: true }, ["not x.a = true", "not x.b = true"]],
  // One part that serves both is shorter than one for each.
  ["(x.a = true or x.b = true) and (x.c = true or x.b = true)", { a: false, b: false, c: false }, ["x.b = true"]],
  // What no record can be is no way out.
  [
    "(x.a = true and x.a = false) or (x.b = true and x.c = true)",
    { a: true, b: false, c: false },
    ["x.b = true", "x.c = true"],
  ],
  ["x.a = true", { a: true }, []],
  ["this is no condition (", {}, ["this is no condition ("]],
] as const)("%s with %j misses %j", (text, values, missing) => {
  expect(said(text, values as Record<string, boolean>)).toEqual(missing);
});

it("is as short as the fewest answers that have to change", () => {
  const names = ["a", "b", "c", "d", "e"] as const;
  type Tree = { text: string; value: (values: Record<string, boolean>) => boolean };
  const leaf = fc.constantFrom(...names).map((n): Tree => ({ text: `x.${n} = true`, value: (v) => v[n]! }));
  const tree = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      tie("tree").map((t): Tree => ({ text: `not(${t.text})`, value: (v) => !t.value(v) })),
      fc
        .tuple(tie("tree"), tie("tree"))
        .map(([a, b]): Tree => ({ text: `(${a.text}) and (${b.text})`, value: (v) => a.value(v) && b.value(v) })),
      fc
        .tuple(tie("tree"), tie("tree"))
        .map(([a, b]): Tree => ({ text: `(${a.text}) or (${b.text})`, value: (v) => a.value(v) || b.value(v) })),
    ),
  })).tree;
  const all = Array.from({ length: 32 }, (_, bits) =>
    Object.fromEntries(names.map((n, i) => [n, (bits & (1 << i)) > 0])),
  );
  fc.assert(
    fc.property(tree, fc.integer({ min: 0, max: 31 }), ({ text, value }, now) => {
      const values = all[now]!;
      const changes = all.filter(value).map((other) => names.filter((n) => other[n] !== values[n]).length);
      if (!changes.length) return; // nothing meets it
      expect(said(text, values)).toHaveLength(Math.min(...changes));
    }),
    { numRuns: 400 },
  );
});
