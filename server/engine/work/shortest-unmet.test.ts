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
  // What always or never holds asks for nothing, or for all of it.
  ["x.a = true and true", { a: false }, ["x.a = true"]],
  ["x.a = true or true", { a: false }, []],
  ["x.a = true or false", { a: false }, ["x.a = true"]],
  ["not(false) and x.a = true", { a: false }, ["x.a = true"]],
  ["x.a = true and false", { a: false }, ["x.a = true and false"]],
  // The same part twice is one part.
  ["x.a = true and (x.b = true or x.c = true) and x.a = true", { a: false, b: true, c: false }, ["x.a = true"]],
  ["((x.a = true)) and (x.b = true)", { a: false, b: false }, ["x.a = true", "x.b = true"]],
  ["(x.a = true) = (x.b = true)", {}, ["(x.a = true) = (x.b = true)"]],
  // Every way is one that no record can go: the shortest is told all the same.
  ["x.a = true and x.a = false", { a: false }, ["x.a = true"]],
  ["this is no condition (", {}, ["this is no condition ("]],
] as const)("%s with %j misses %j", (text, values, missing) => {
  expect(said(text, values as Record<string, boolean>)).toEqual(missing);
});

it("of very many alternatives the shortest is found still", () => {
  const pairs = Array.from({ length: 10 }, (_, i) => `(x.a = true and n.f${i} = 1 or n.g${i} = 1 and n.h${i} = 2)`);
  const asked: string[] = [];
  const holds = (part: string) => {
    asked.push(part);
    return part.startsWith("n.g") || part === "n.h3 = 2";
  };
  const missing = shortestUnmet(pairs.join(" and "), holds).map(({ text }) => text);
  expect(missing).toHaveLength(9);
  expect(missing).not.toContain("x.a = true");
  // Each part is looked at once.
  expect(asked.length).toBe(new Set(asked).size);
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
