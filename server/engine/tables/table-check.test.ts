import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Compiled, compileUnaryTests, type FeelValue, isTrue } from "../expression/index.ts";
import type { DecisionTableDefinition } from "../process.ts";
import { checkTable, type TableFinding } from "./table-check.ts";

type Policy = DecisionTableDefinition["hitPolicy"];
const table = (hitPolicy: Policy, rules: string[][], more: Partial<DecisionTableDefinition> = {}) => ({
  hitPolicy,
  inputs: rules[0]!.map((_, i) => ["deal.amount", "deal.region", "deal.since"][i]!),
  rules: rules.map((when, i) => ({ when, then: [i] })),
  ...more,
});
const said = (findings: TableFinding[]) =>
  findings.map(
    ({ kind, rules, example }) =>
      `${kind} ${rules.map((r) => r + 1).join()}${example.map(({ input, value }) => ` ${input}=${value}`).join("")}`,
  );

describe("overlaps and gaps of a table", () => {
  it("two rules of a unique table that take the same input, with that input", () => {
    expect(
      said(
        checkTable(
          table("unique", [
            ["< 100", "-"],
            ["[50..200]", '"EU"'],
            [">= 100", 'not("EU")'],
            ["> 200", '"EU"'],
          ]),
        ),
      ),
    ).toEqual(['overlap 1,2 deal.amount=50 deal.region="EU"']);
  });
  it("an input that no rule takes; a missing value is none", () => {
    expect(said(checkTable(table("first", [["< 100"], ["> 100"]])))).toEqual(["gap  deal.amount=100"]);
    expect(said(checkTable(table("unique", [["[0..5]"], ["[6..10]"]], { inputValues: ["[0..10]"] })))).toEqual([
      "gap  deal.amount=5.5",
    ]);
    expect(
      checkTable(table("unique", [["[0..5]"], ["[6..10]"]], { inputValues: ["[0..10]"] }), { whole: () => true }),
    ).toEqual([]);
    expect(checkTable(table("first", [["< 100"], [">= 100"]]))).toEqual([]);
    expect(checkTable(table("first", [["< 100"]], { defaults: [7] }))).toEqual([]);
    expect(checkTable(table("collect", [["< 100"]]))).toEqual([]);
  });
  it("an enumeration is whole when its values are known", () => {
    const rules = [
      ["-", '"new"'],
      ["-", '"won", "lost"'],
    ];
    expect(said(checkTable(table("unique", rules)))).toEqual(['gap  deal.region="other"']);
    expect(checkTable(table("unique", rules, { inputValues: ["", '"new", "won", "lost"'] }))).toEqual([]);
    expect(checkTable(table("unique", [["true"], ["false"]]))).toEqual([]);
  });
  it("dates, durations and conditions on ? are exact too", () => {
    expect(said(checkTable(table("unique", [['<= date("2026-01-31")'], ['> date("2026-02-01")']])))).toEqual([
      'gap  deal.amount=date("2026-02-01")',
    ]);
    expect(said(checkTable(table("unique", [['< duration("P1D")'], ['>= duration("PT20H")']])))).toEqual([
      'overlap 1,2 deal.amount=duration("PT20H")',
    ]);
    expect(checkTable(table("unique", [["? <= 5"], ["? > 5"]]))).toEqual([]);
  });
  it("an any table only where the outputs differ; a first table where a rule is never reached", () => {
    const same = table("any", [["< 10"], ["< 20"], [">= 20"]]);
    expect(said(checkTable(same))).toEqual(["conflict 1,2 deal.amount=9"]);
    expect(checkTable({ ...same, rules: same.rules.map((r) => ({ ...r, then: [1] })) })).toEqual([]);
    expect(
      said(
        checkTable(
          table("first", [
            ["< 10", "-"],
            [">= 10", "-"],
            ["5", '"EU"'],
          ]),
        ),
      ),
    ).toEqual(["masked 3,1"]);
    expect(said(checkTable(table("first", [["[5..1]"], ["-"]])))).toEqual(["never 1"]);
  });
  it("says nothing of what it cannot tell", () => {
    expect(checkTable(table("unique", [["deal.limit"], ["> deal.limit"], ['starts with(?, "x")']]))).toEqual([]);
    expect(checkTable(table("unique", [["> 5"], ["x > >"]]))).toEqual([]);
    expect(
      checkTable({
        ...table("unique", [
          ["> 5", "-"],
          ["<= 5", "-"],
          ["-", "> 3"],
        ]),
        inputs: ["a", "a"],
      }),
    ).toEqual([]);
  });
  it.each([
    ["bands of one input", (i: number) => [`[${i}..${i + 1})`, "-", "-"]],
    ["every cell another", (i: number) => [`[${i % 50}..${(i % 50) + 1})`, `"r${i % 40}"`, `< ${i}`]],
    ["text after text", (i: number) => ["-", `"r${i}"`, "-"]],
  ])("2,000 rules are looked through at once: %s", (_, when) => {
    const size = process.env.TEST_SHORT ? 100 : 2000;
    for (const policy of ["unique", "first", "any"] as const) {
      const start = performance.now();
      checkTable(
        table(
          policy,
          Array.from({ length: size }, (__, i) => when(i)),
        ),
      );
      expect(performance.now() - start).toBeLessThan(10_000);
    }
  });
});

describe("agreement with evaluation", () => {
  const number = fc.integer({ min: 0, max: 6 });
  const cell = fc.oneof(
    fc.constant("-"),
    fc.constant("null"),
    number.map(String),
    fc.tuple(fc.constantFrom("<", "<=", ">", ">=", "!="), number).map(([sign, n]) => `${sign} ${n}`),
    fc
      .tuple(fc.constantFrom("[", "("), number, number, fc.constantFrom("]", ")"))
      .map(([open, a, b, close]) => `${open}${Math.min(a, b)}..${Math.max(a, b)}${close}`),
    fc.tuple(number, number).map(([a, b]) => `not(${a}, ${b})`),
  );
  const inputs: FeelValue[] = Array.from({ length: 17 }, (_, i) => (i - 2) / 2);
  const compiled = new Map<string, Compiled | null>();
  const holds = (text: string, value: FeelValue) => {
    let found = compiled.get(text);
    if (found === undefined) {
      const result = compileUnaryTests(text);
      compiled.set(text, (found = result.ok ? result.expression : null));
    }
    const scope = { get: () => undefined, now: 0, zone: "UTC" };
    return found !== null && (found.isAny || isTrue(found.evaluate(scope, value)));
  };
  it("a unique table overlaps, and a first table leaves a gap, exactly where evaluating says so", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
        const hits = (values: FeelValue[]) =>
          values.flatMap((a) => values.map((b) => rows.filter(([x, y]) => holds(x, a) && holds(y, b)).length));
        const findings = checkTable(table("unique", rows), { findings: 1000 });
        expect(findings.some(({ kind }) => kind === "overlap")).toBe(hits([null, ...inputs]).some((n) => n > 1));
        expect(findings.some(({ kind }) => kind === "gap")).toBe(hits(inputs).some((n) => n === 0));
      }),
      { numRuns: process.env.TEST_SHORT ? 50 : 300 },
    );
  });
});
