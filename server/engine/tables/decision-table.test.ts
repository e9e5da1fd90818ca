import { describe, expect, it } from "vitest";
import {
  compileDecisionTable,
  evaluateDecisionTable,
  fieldsOfAnswer,
  type TableText,
  valueOfAnswer,
} from "./decision-table.ts";
import { type FeelValue, toFeel } from "../expression/index.ts";

const rule = (when: string[], ...then: TableText["rules"][number]["then"]) => ({ when, then });
const discounts = (more: Partial<TableText>): TableText => ({
  hitPolicy: "unique",
  inputs: ["deal.amount", "deal.region"],
  outputs: ["deal.discount"],
  rules: [
    rule([">= 100", '"EU"'], 10),
    rule(["[50..100)", "-"], 5),
    rule([">= 80", '"EU"'], 7),
    rule(["< 50", "-"], 0),
  ],
  ...more,
});
function ask(table: TableText, deal: Record<string, unknown>, fuel?: number) {
  const compiled = compileDecisionTable("discount", table);
  const answer = evaluateDecisionTable(compiled, {
    get: (name) => (name === "deal" ? (toFeel(deal) as FeelValue) : undefined),
    now: 0,
    zone: "UTC",
    ...(fuel !== undefined && { fuel }),
  });
  return {
    rules: answer.rules.map((r) => r + 1),
    value: valueOfAnswer(compiled, answer),
    fields: fieldsOfAnswer(compiled, answer),
    error: answer.error?.text,
    at: answer.error?.rule,
  };
}
const eu120 = { amount: 120, region: "EU" };

describe("each hit policy", () => {
  it("unique: one rule, and two are an error that names both", () => {
    expect(ask(discounts({}), { amount: 60, region: "US" })).toMatchObject({ rules: [2], value: 5 });
    expect(ask(discounts({}), eu120)).toMatchObject({
      value: null,
      error: "rules 1 and 3 both match, and only one may",
    });
  });
  it("first: the rules stand in order", () => {
    expect(ask(discounts({ hitPolicy: "first" }), eu120)).toMatchObject({ rules: [1], value: 10 });
  });
  it("any: matching rules must agree", () => {
    expect(ask(discounts({ hitPolicy: "any" }), eu120).error).toBe(
      "rules 1 and 3 both match and give different answers",
    );
    const same = discounts({ hitPolicy: "any" });
    expect(
      ask({ ...same, rules: [...same.rules.slice(0, 2), rule([">= 80", '"EU"'], { feel: "5 + 5" })] }, eu120),
    ).toMatchObject({ rules: [1, 3], value: 10 });
  });
  it("priority and output order: by the list of output values, not by the place of the rule", () => {
    const listed = { outputValues: ["0, 5, 7, 10"] };
    expect(ask(discounts({ hitPolicy: "priority", ...listed }), eu120)).toMatchObject({ rules: [3], value: 7 });
    expect(ask(discounts({ hitPolicy: "output_order", ...listed }), eu120)).toMatchObject({
      rules: [3, 1],
      value: [7, 10],
    });
  });
  it("rule order and collect: all of them", () => {
    expect(ask(discounts({ hitPolicy: "rule_order" }), eu120).value).toEqual([10, 7]);
    expect(ask(discounts({ hitPolicy: "collect" }), eu120).value).toEqual([10, 7]);
    expect(ask(discounts({ hitPolicy: "collect" }), { amount: null }).value).toEqual([]);
  });
  it.each([
    ["sum", 17, null],
    ["min", 7, null],
    ["max", 10, null],
    ["count", 2, 0],
  ] as const)("collect with %s gives one value, and %s when nothing matches", (aggregator, value, none) => {
    expect(ask(discounts({ hitPolicy: "collect", aggregator }), eu120).value).toBe(value);
    expect(ask(discounts({ hitPolicy: "collect", aggregator }), { amount: null }).value).toBe(none);
  });
});

describe("inputs, outputs and what goes wrong", () => {
  it("several outputs are a context; a FEEL output reads the record; without a match the defaults count", () => {
    const table: TableText = {
      hitPolicy: "first",
      inputs: ["deal.amount"],
      outputs: ["deal.discount", "deal.tier"],
      rules: [rule(["> 100"], { feel: "deal.amount / 10" }, "gold")],
      defaults: [0, { feel: 'if deal.region = "EU" then "silver" else null' }],
    };
    expect(ask(table, eu120).value).toEqual({ "deal.discount": 12, "deal.tier": "gold" });
    expect(ask(table, { amount: 5, region: "EU" }).fields).toEqual({ "deal.discount": 0, "deal.tier": "silver" });
  });
  it("no match and no default writes nothing", () => {
    expect(ask(discounts({ rules: [] }), eu120)).toMatchObject({ value: null, fields: {}, rules: [] });
  });
  it("a missing input matches only - and null", () => {
    const table = discounts({
      hitPolicy: "rule_order",
      rules: [rule(["> 0", "-"], 1), rule(["-", "-"], 2), rule(["null", "-"], 3)],
    });
    expect(ask(table, {}).value).toEqual([2, 3]);
  });
  it("a value that the input may not hold is said", () => {
    expect(ask(discounts({ inputValues: ["", '"EU", "US"'] }), { amount: 1, region: "Mars" }).error).toBe(
      "deal.region holds a value that the table does not allow",
    );
  });
  it("negation, lists, ranges and a condition of its own as a cell", () => {
    const cells = (cell: string, region: unknown, amount: unknown = 1) =>
      ask(discounts({ rules: [rule(["-", cell], 1)] }), { amount, region }).rules.length === 1;
    expect(cells('not("EU", "US")', "VN")).toBe(true);
    expect(cells('not("EU", "US")', "US")).toBe(false);
    expect(cells('"EU", "US"', "US")).toBe(true);
    expect(cells("deal.amount > 100", "US", 101)).toBe(true);
    expect(cells("deal.amount > 100", "US", 99)).toBe(false);
    expect(cells('starts with(?, "E")', "EU")).toBe(true);
    expect(cells("true", null)).toBe(false);
  });
  it("a poisoned cell, output or input is an error with its rule, never a crash", () => {
    expect(ask(discounts({ rules: [rule(["> >", "-"], 1)] }), eu120)).toMatchObject({
      error: "a cell cannot be read",
      at: 0,
    });
    expect(
      ask(discounts({ rules: [rule(["-", "-"], 1), rule(["-"], { feel: "1 +" })], hitPolicy: "collect" }), eu120),
    ).toMatchObject({
      error: "the output 1 + cannot be read",
      at: 1,
    });
    expect(ask(discounts({ rules: [rule(["-", "-"], { feel: 'deal.amount + "x"' })] }), eu120)).toMatchObject({
      error: expect.stringContaining("has no value") as string,
      at: 0,
    });
    expect(ask(discounts({ inputs: ["((", "deal.region"] }), eu120).error).toBe("the input (( cannot be read");
    expect(
      ask(discounts({ hitPolicy: "collect", aggregator: "sum", rules: [rule(["-"], 1), rule(["-"], "a")] }), eu120)
        .error,
    ).toBe("only numbers and durations can be summed up");
  });
  it("2,000 costly rules end in an error, not in a standstill", () => {
    const costly = rule(["-", "count(for a in 1..90, b in 1..90 return a) < 0"], 1);
    const found = ask(discounts({ hitPolicy: "collect", rules: Array.from({ length: 2000 }, () => costly) }), eu120);
    expect(found.error).toBe("the table takes too many steps to look through");
  });
});
