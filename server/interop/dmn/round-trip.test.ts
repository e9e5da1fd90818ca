import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DecisionTableDefinition, OutputCell } from "@/server/engine/process.ts";
import { linkModel } from "./link.ts";
import { readDmn } from "./read-dmn.ts";
import { runModelCases } from "./run-cases.ts";
import { takeTables } from "./take-tables.ts";
import { writeDmn } from "./write-dmn.ts";

const known = new Set(["opportunity", "account", "run", "step"]);
async function taken(xml: string) {
  const read = await readDmn(new TextEncoder().encode(xml));
  if (!read.ok) throw new Error(read.problem.text);
  return takeTables(read.model, known);
}
const there = (tables: Record<string, DecisionTableDefinition>) =>
  taken(writeDmn({ key: "deal", name: "Deal & <co>" }, tables));

const discount: DecisionTableDefinition = {
  name: "Discount “A & B” <1>",
  hitPolicy: "priority",
  note: "Agreed with sales.\nSee the price book.",
  inputs: ["opportunity.amount", 'if account.tier = "gold" then 1 else 0'],
  inputValues: ["[0..1000000]", ""],
  outputs: ["opportunity.discount", "run.reason"],
  outputValues: ["10, 5, 0", ""],
  defaults: [0, null],
  rules: [
    { when: ["> 50000", "1"], then: [10, 'it says "yes" \\ no'], note: "big & gold" },
    { when: ["[10000..50000]", "-"], then: [5, { feel: 'string(opportunity.amount) + " < 5 %"' }] },
    { when: ["-", "not(1)"], then: [0, true] },
  ],
};

/** Models of the public test cases, where they lie beside the project. */
const shared = path.join(process.cwd(), "../shared/data/dmn/models");

describe("a table of ours as DMN and back", () => {
  it("nothing that it holds is lost", async () => {
    expect(
      await there({
        discount,
        other: { hitPolicy: "collect", aggregator: "sum", inputs: ["run.x"], outputs: ["run.y"], rules: [] },
      }),
    ).toEqual({
      tables: {
        discount,
        other: { hitPolicy: "collect", aggregator: "sum", inputs: ["run.x"], outputs: ["run.y"], rules: [] },
      },
      variables: {},
      told: [],
    });
  });
  it("any table", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((s) =>
      [...s]
        .filter((c) => c >= " " && c < "\ufffe")
        .join("")
        .trim(),
    );
    const full = text.filter((s) => s !== "");
    const literal: fc.Arbitrary<OutputCell> = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.integer(),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((n) => Number(n.toFixed(4)) + 0),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom("opportunity.amount * 2", 'upper case("a")', "[1, 2]", "-(run.x)").map((feel) => ({ feel })),
    );
    const cell = fc.constantFrom(
      "-",
      "> 5",
      '"a", "b"',
      "not(3)",
      "[1..5)",
      "opportunity.amount",
      "? in [1, 2]",
      "null",
    );
    const table = fc.record(
      {
        name: full,
        hitPolicy: fc.constantFrom("first", "unique", "any", "priority", "collect", "rule_order", "output_order"),
        note: full,
        inputs: fc.constant(["opportunity.amount", "run.x"]),
        inputValues: fc.constantFrom(["", "[0..9]"], ['"a"', ""]),
        outputs: fc.constant(["opportunity.discount", "run.y"]),
        outputValues: fc.constant(["1, 2", '"x"']),
        rules: fc.array(
          fc.record(
            { when: fc.tuple(cell, cell), then: fc.tuple(literal, literal), note: full },
            { requiredKeys: ["when", "then"] },
          ),
          { maxLength: 5 },
        ),
      },
      { requiredKeys: ["hitPolicy", "inputs", "outputs", "rules"] },
    );
    await fc.assert(
      fc.asyncProperty(table, async (one) => {
        const again = await there({ tiers: structuredClone(one) as unknown as DecisionTableDefinition });
        expect(again.tables).toEqual({ tiers: one });
        expect(again.told).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
  it("the file is a model that can be asked", async () => {
    const read = await readDmn(new TextEncoder().encode(writeDmn({ key: "deal", name: "Deal" }, { discount })));
    if (!read.ok) throw new Error(read.problem.text);
    const model = linkModel(read.model, () => null);
    const answer = await runModelCases(
      [
        {
          id: "1",
          model: "m",
          result_node: discount.name,
          context: { opportunity: { amount: { $number: "60000" } }, account: { tier: "gold" } },
        },
      ],
      () => Promise.resolve(model),
      0,
    );
    expect(answer).toMatchObject({ answers: [{ value: { "opportunity.discount": { $number: "10" } } }] });
  });
});

describe("a model of somebody else", () => {
  it("tables become tables, inputs become run variables, and what is left out is said", async () => {
    const xml = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="loan" namespace="urn:loan">
      <itemDefinition name="tRisk"><typeRef>string</typeRef><allowedValues><text>"high","low"</text></allowedValues></itemDefinition>
      <inputData id="i1" name="Credit Score"><variable name="Credit Score" typeRef="number"/></inputData>
      <inputData id="i2" name="Home Owner"><variable name="Home Owner" typeRef="boolean"/></inputData>
      <decision id="_1" name="Risk Level"><variable name="Risk Level" typeRef="tRisk"/>
        <decisionTable hitPolicy="UNIQUE">
          <input><inputExpression typeRef="number"><text>Credit Score</text></inputExpression></input>
          <input><inputExpression><text>Home Owner</text></inputExpression></input>
          <output name="Risk Level"><outputValues><text>"high","low"</text></outputValues></output>
          <rule><inputEntry><text>&lt; 500</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>"high"</text></outputEntry><annotationEntry><text>rule of thumb</text></annotationEntry></rule>
          <rule><inputEntry><text>&gt;= 500</text></inputEntry><inputEntry><text>Credit Score &gt; 600 and ?</text></inputEntry><outputEntry><text>if Home Owner then "low" else "high"</text></outputEntry></rule>
        </decisionTable></decision>
      <decision id="_2" name="Letter"><variable name="Letter"/><literalExpression><text>"Dear"</text></literalExpression></decision>
      <decisionService id="s" name="Ask"><variable name="Ask"/></decisionService>
    </definitions>`;
    expect(await taken(xml)).toEqual({
      tables: {
        risk_level: {
          name: "Risk Level",
          hitPolicy: "unique",
          inputs: ["run.credit_score", "run.home_owner"],
          outputs: ["run.risk_level"],
          outputValues: ['"high","low"'],
          rules: [
            { when: ["< 500", "-"], then: ["high"], note: "rule of thumb" },
            {
              when: [">= 500", "run.credit_score > 600 and ?"],
              then: [{ feel: 'if run.home_owner then "low" else "high"' }],
            },
          ],
        },
      },
      variables: {
        credit_score: { type: "decimal" },
        home_owner: { type: "boolean" },
        risk_level: { type: "picklist", values: ["high", "low"] },
      },
      told: [
        "The decision Letter is no table and was left out.",
        "The decision service Ask was left out: a process calls its tables itself.",
      ],
    });
  });
  it.skipIf(!existsSync(shared)).each(["0004-lending", "0036-dt-variable-input", "0006-simpletable-P1"])(
    "every table of %s is taken",
    async (name) => {
      const file = path.join(shared, name, `${name}.dmn`);
      const xml = readFileSync(file, "utf8");
      const { tables } = await taken(xml);
      expect(Object.keys(tables)).toHaveLength(xml.match(/<(\w+:)?decisionTable[ >]/g)?.length ?? 0);
    },
  );
});
