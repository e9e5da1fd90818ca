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
  it("a rule for whatever is left is reached by a missing value", () => {
    expect(checkTable(table("first", [["< 10"], [">= 10"], ["-"]]))).toEqual([]);
    expect(said(checkTable(table("first", [["< 10"], [">= 10"], ["null"], ["-"]])))).toEqual(["masked 4,1,2,3"]);
    const rows = [
      [">= 0", "not(0, 0)"],
      ["< 0", "null"],
      ["not(0, 0)", "0"],
      ["not(0, 0)", "null"],
    ];
    expect(checkTable(table("first", rows)).filter(({ kind }) => kind === "masked")).toEqual([]);
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
  it("as many findings as are asked for, of every kind together", () => {
    const five = table("unique", [["5"], ["5"], ["5"], ["5"], ["5"], ["[5..1]"]]);
    const kinds = (most: number) => checkTable(five, { findings: most }).map(({ kind, rules }) => `${kind} ${rules}`);
    expect(kinds(100)).toHaveLength(12);
    expect(kinds(100).slice(0, 5)).toEqual(["never 5", "overlap 0,1", "overlap 0,2", "overlap 0,3", "overlap 0,4"]);
    expect(kinds(100).at(-1)).toBe("gap ");
    expect(kinds(3)).toEqual(["never 5", "overlap 0,1", "overlap 0,2"]);
    expect(kinds(1)).toEqual(["never 5"]);
    expect(
      checkTable(
        table(
          "unique",
          Array.from({ length: 8 }, () => ["5"]),
        ),
      ),
    ).toHaveLength(20);
  });
  it("what is asked of each hit policy", () => {
    const rules = [["< 10"], ["[5..20]"], ["< 7"]];
    const of = (policy: Policy) => said(checkTable(table(policy, rules)));
    expect(of("unique")).toEqual([
      "overlap 1,2 deal.amount=5",
      "overlap 1,3 deal.amount=4",
      "overlap 2,3 deal.amount=5",
      "gap  deal.amount=21",
    ]);
    expect(of("any").filter((line) => line.startsWith("conflict"))).toHaveLength(3);
    expect(of("first")).toEqual(["masked 3,1,2", "gap  deal.amount=21"]);
    for (const policy of ["any", "priority"] as const) expect(of(policy).at(-1)).toBe("gap  deal.amount=21");
    expect(of("priority")).toHaveLength(1);
    for (const policy of ["collect", "rule_order", "output_order"] as const) expect(of(policy)).toEqual([]);
    // A table without a rule has no gap: it is a table not begun.
    expect(checkTable({ hitPolicy: "first", inputs: ["deal.amount"], rules: [] })).toEqual([]);
    // Defaults that say nothing are none.
    expect(said(checkTable(table("first", [["< 10"]], { defaults: [null] })))).toEqual(["gap  deal.amount=10"]);
  });
  it("outputs of an any table differ where one of them does; what FEEL gives is not known", () => {
    const of = (...then: DecisionTableDefinition["rules"][number]["then"][]) =>
      said(
        checkTable({
          hitPolicy: "any",
          inputs: ["deal.amount"],
          rules: then.map((one) => ({ when: ["-"], then: one })),
        }),
      );
    expect(of([1, "a"], [1, "b"])).toEqual(["conflict 1,2"]);
    expect(of([1, "a"], [1, "a"])).toEqual([]);
    expect(of([null], [1])).toEqual(["conflict 1,2"]);
    expect(of([{ feel: "1" }], [2])).toEqual([]);
    expect(of([2], [{ feel: "1" }])).toEqual([]);
    expect(of([{ feel: "1" }, 1], [{ feel: "1" }, 2])).toEqual(["conflict 1,2"]);
  });
  it("a rule that no input fits stands apart; an example names only inputs that matter", () => {
    expect(
      said(
        checkTable(
          table("unique", [
            ["[5..1]", "> 3"],
            ["-", "> 3"],
            ["-", "> 5"],
            ["-", "<= 3"],
          ]),
        ),
      ),
    ).toEqual(["never 1", "overlap 2,3 deal.amount=0 deal.region=6"]);
    expect(said(checkTable(table("unique", [["-"], ["-"]])))).toEqual(["overlap 1,2"]);
    // A cell that nobody wrote is any value.
    expect(
      said(
        checkTable({
          hitPolicy: "unique",
          inputs: ["a", "b"],
          rules: [
            { when: ["1"], then: [] },
            { when: ["1", "2"], then: [] },
          ],
        }),
      )[0],
    ).toBe("overlap 1,2 a=1 b=2");
  });
  it("the same expression in two columns is told as one only where a cell leaves it open", () => {
    const of = (inputs: string[], rules: string[][]) => said(checkTable({ ...table("first", rules), inputs }));
    expect(
      of(
        ["a", " a ", "b"],
        [
          ["-", "-", "> 5"],
          ["-", "-", "> 7"],
          ["-", "> 3", "> 8"],
        ],
      ).slice(0, 1),
    ).toEqual(["masked 2,1"]);
    expect(
      of(
        ["a", "a"],
        [
          ["> 3", "-"],
          ["> 4", "-"],
          ["-", "-"],
        ],
      ),
    ).toEqual([]);
    expect(
      of(
        ["a", "b"],
        [
          ["> 3", "-"],
          ["> 4", "-"],
          ["-", "-"],
        ],
      ),
    ).toEqual(["masked 2,1"]);
    const whole = { whole: (text: string) => text === "deal.amount" };
    expect(checkTable({ ...table("first", [["<= 5"], [">= 6"]]), inputs: [" deal.amount "] }, whole)).toEqual([]);
  });
  it("a search that is given up claims nothing", () => {
    const rules = Array.from({ length: 6 }, (_, i) => [`[${i}..${i + 1}]`, `"r${i}"`]);
    const of = (policy: Policy, looks: number) => said(checkTable(table(policy, rules), { looks }));
    expect(of("first", 1)).toEqual([]);
    expect(of("first", 1000)).toHaveLength(1);
    const hidden = table("first", [
      ["< 10", "-"],
      [">= 10", "-"],
      ["-", "-"],
      ["5", '"EU"'],
    ]);
    expect(said(checkTable(hidden, { looks: 1 }))).toEqual([]);
    expect(said(checkTable(hidden))).toEqual(["masked 4,1,3"]);
  });
  it("pairs are found however far apart, beyond the 32nd rule and the 64th", () => {
    const bands = Array.from({ length: 70 }, (_, i) => [`[${i}..${i}]`]);
    const found = checkTable(table("unique", [...bands, ["[3..5], 40, 69"]]), { findings: 100 });
    expect(found.flatMap(({ kind, rules }) => (kind === "overlap" ? [rules] : []))).toEqual([
      [3, 70],
      [4, 70],
      [5, 70],
      [40, 70],
      [69, 70],
    ]);
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
  it("a rule of a first table is called never reached exactly where those before it leave it nothing", () => {
    const all = [null, ...inputs];
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 2, maxLength: 6 }), (rows) => {
        const firsts = all.flatMap((a) => all.map((b) => rows.findIndex(([x, y]) => holds(x, a) && holds(y, b))));
        const fits = rows.map(([x, y]) => all.some((a) => holds(x, a)) && all.some((b) => holds(y, b)));
        const findings = checkTable(table("first", rows), { findings: 1000 });
        const told = (kind: string) => findings.flatMap((one) => (one.kind === kind ? [one.rules[0]] : []));
        expect(told("never")).toEqual(rows.flatMap((_, i) => (fits[i] ? [] : [i])));
        expect(told("masked")).toEqual(rows.flatMap((_, i) => (fits[i] && !firsts.includes(i) ? [i] : [])));
      }),
      { numRuns: process.env.TEST_SHORT ? 100 : 300 },
    );
  });
});
