import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { implies, neverTogether } from "./condition-solver.ts";
import { compile, isTrue } from "../expression/index.ts";

const never = (...texts: string[]) => neverTogether(texts.map((text) => ({ text })));

describe("conditions that never hold together", () => {
  for (const [a, b] of [
    ['deal.stage = "won"', 'deal.stage = "lost"'],
    ["deal.amount > 10", "deal.amount < 10"],
    ["deal.amount >= 10", "deal.amount < 10"],
    ["deal.amount > 10 and deal.open = true", "not(deal.open)"],
    ['deal.stage in ("a","b")', 'deal.stage = "c"'],
    ["deal.amount between 1 and 5", "deal.amount > 5"],
    ["deal.a > deal.b", "deal.b > deal.a"],
    ["deal.a > deal.b and deal.b > deal.c", "deal.c > deal.a"],
    ["deal.due < today()", "deal.due >= today()"],
    ["deal.due < now()", "deal.due > now()"],
    ['deal.due = date("2026-01-01")', 'deal.due > date("2026-01-01")'],
    ["deal.owner = null", 'deal.owner = "lan"'],
    ['contains(deal.name, "x")', 'not(contains(deal.name, "x"))'],
    ["deal.open", "deal.open = false"],
    ["deal.amount < -5", "deal.amount > -5"],
    ["deal.amount in (1, 2)", "deal.amount in (> 2, < 1)"],
    ["deal.amount in [1..5]", "deal.amount in (5..9]"],
    ["deal.amount in ([1..2], 4)", "deal.amount = 3"],
    ["deal.amount between 1 and 5", "not(deal.amount > 0)"],
    ["deal.amount = 1.5", "deal.amount in [2..3]"],
    ['deal.due = @"2026-01-01"', 'deal.due < @"2026-01-01"'],
    ['deal.due = @"2026-01-01"', 'deal.due < date("2026-01-01")'],
    ['deal.at > @"2026-01-01T12:00:00Z"', 'deal.at < date and time("2026-01-01T12:00:00Z")'],
    ['deal.due > date("2026-01-02")', 'deal.due < date("2026-01-01")'],
    ["deal.a = deal.b", "deal.a != deal.b and deal.a != null and deal.b != null"],
    ["deal.a = deal.b and deal.b = deal.c", "deal.a = 1 and deal.c = 2"],
    ["deal.a > deal.b", "deal.a < 3 and deal.b > 3"],
    ['deal.stage in ("a", "b") and deal.stage != "a"', 'deal.stage != "b"'],
    ["deal.stage != null", "deal.stage = null"],
    ['(deal.x = 1 or deal.y = "a") and deal.x = 2', 'deal.y = "b"'],
    ["contains(deal.name,  deal.other)", "not(contains(deal.name, deal.other))"],
    ["deal.amount * 2 > 4 and deal.open = true", "deal.open = false or not(deal.amount * 2 > 4)"],
  ] as const)
    it(`${a} | ${b}`, () => expect([never(a, b), never(a), never(b)]).toEqual([true, false, false]));
});

describe("conditions that may, or of which it cannot tell", () => {
  for (const [a, b] of [
    ['deal.stage = "won"', "deal.amount > 10"],
    ["deal.amount >= 10", "deal.amount <= 10"],
    ["deal.amount > 10", "deal.amount < 11"],
    ['deal.due < date("2026-01-01")', "deal.due < today()"],
    ["deal.a > deal.b", "deal.b > deal.c"],
    ['deal.name < "b"', 'deal.name > "a"'],
    ["deal.amount * 2 > 4", "deal.amount < 1"],
    ["deal.amount >", "deal.amount < 1"],
    ["deal.amount < 1", "deal.amount >"],
    ['deal.due = date("2026-02-30")', 'deal.due != date("2026-02-30")'],
    ['deal.due = date("2026-01-01")', "deal.due < now()"],
    ['deal.at > @"2026-01-01T12:00:00Z"', "deal.at < today()"],
    ['deal.at > @"10:00:00"', 'deal.at < @"09:00:00"'],
    ["deal.due = date(deal.day)", "deal.due != date(deal.day) and deal.day != null"],
    ["deal.a > deal.b", "deal.a < 3 and deal.b < 3"],
    ["deal.a > deal.b and deal.b > deal.c", "deal.a < 3 and deal.c > 2"],
    ['deal.name between "a" and "c"', 'deal.name between "x" and "z"'],
    ['deal.name in ["a".."c"]', 'deal.name = "b"'],
    ['deal.due > date("2026-01-01")', 'deal.due < date("2026-01-03")'],
    ["deal.amount > 1 and deal.amount < 2", "deal.amount != 1.5"],
    ["deal.amount < 1", "deal.amount != 0"],
    ["deal.amount > 1", "deal.amount != 2"],
    ['deal.stage != "a"', 'deal.stage != "b"'],
    ["contains(deal.name, deal.other)", "not(contains(deal.name, deal.others))"],
  ] as const)
    it(`${a} | ${b}`, () => expect(never(a, b)).toBe(false));
});

it("what is always so, never so or nothing is a condition too", () => {
  expect([never("true"), never("false"), never("null"), never("true and null"), never("false or true")]).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
  expect([never("not(false)"), never("not(true)"), never("not(null)"), never("null or deal.open")]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(neverTogether([{ text: "null", not: true }])).toBe(false);
  expect(neverTogether([{ text: "true", not: true }])).toBe(true);
  expect(neverTogether([])).toBe(false);
});

it("says nothing of more fields than it can try", () => {
  const texts = ["a", "b", "c", "d", "e", "f", "g", "h", "i"].map(
    (name, i) => `deal.${name} = ${i} and deal.${name} != ${i}`,
  );
  expect(never(texts[0]!)).toBe(true);
  expect(never(...texts)).toBe(false);
});

describe("implications", () => {
  it("a narrower condition implies the wider one, not the other way round", () => {
    expect(implies(['deal.stage = "won"'], 'deal.stage in ("won","lost")')).toBe(true);
    expect(implies(['deal.stage in ("won","lost")'], 'deal.stage = "won"')).toBe(false);
    expect(implies(["deal.amount > 20"], "deal.amount > 10")).toBe(true);
    expect(implies(["deal.amount > 5", "deal.amount < 8"], "deal.amount in [5..8]")).toBe(true);
  });
  it("nothing is not false: what is empty satisfies neither", () => {
    expect(implies(["not(deal.amount > 10)"], "deal.amount <= 10")).toBe(true);
    expect(implies(["true"], "deal.amount > 10 or deal.amount <= 10")).toBe(false);
    expect(implies(["deal.amount != null and deal.amount in [0..99]"], "deal.amount > 10 or deal.amount <= 10")).toBe(
      true,
    );
  });
  it("the usual pause is no trap: start `open`, pause `open and waiting`", () =>
    expect(implies(['deal.status = "open"'], 'deal.status = "open" and deal.waiting = true')).toBe(false));
});

/** Random conditions over two fields, judged by trying many records. */
const value = fc.integer({ min: 0, max: 4 });
const atom = fc.oneof(
  fc
    .tuple(fc.constantFrom("a", "b"), fc.constantFrom("=", "!=", "<", "<=", ">", ">="), value)
    .map(([f, o, v]) => `deal.${f} ${o} ${v}`),
  fc.constantFrom("deal.a < deal.b", "deal.a = deal.b", "deal.a >= deal.b", "deal.a = null", "deal.b != null"),
  fc.tuple(fc.constantFrom("a", "b"), value, value).map(([f, v, w]) => `(deal.${f} in [${v}..${w}])`),
);
const condition = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    atom,
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `(${a} and ${b})`),
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `(${a} or ${b})`),
    tie("condition").map((a) => `not(${a})`),
  ),
})).condition;

it("is exact over comparisons: it says never just where no record is found", () => {
  const numbers = [null, -2, -1, 5, 6, ...Array.from({ length: 20 }, (_, i) => i / 4)];
  fc.assert(
    fc.property(condition, condition, (first, second) => {
      const [a, b] = [first, second].map((text) => {
        const compiled = compile(text);
        if (!compiled.ok) throw new Error(text);
        return compiled.expression;
      });
      const found = numbers.some((x) =>
        numbers.some((y) =>
          [a!, b!].every((one) =>
            isTrue(
              one.evaluate({ now: 0, zone: "UTC", get: (name) => (name === "deal" ? { a: x, b: y } : undefined) }),
            ),
          ),
        ),
      );
      expect(never(first, second)).toBe(!found);
    }),
    { numRuns: process.env.TEST_LONG ? 20_000 : 500 },
  );
});
