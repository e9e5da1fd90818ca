import { expect, it } from "vitest";
import { typeScope } from "@/server/commands/check-context.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { type DecisionTableDefinition, type Process, processSchema } from "../process.ts";

const drawn = (table: Partial<DecisionTableDefinition>): Process =>
  processSchema.parse({
    key: "tiny",
    name: "Tiny",
    recordType: "opportunity",
    variables: { tier: { type: "text" }, tries: { type: "integer" } },
    decisionTables: {
      tiers: { name: "Tiers", hitPolicy: "unique", inputs: ["run.tries"], outputs: ["run.tier"], rules: [], ...table },
    },
    nodes: [
      { id: "start", kind: "start", name: "Came in" },
      { id: "rate", kind: "automation", name: "Rate", decisionTables: ["tiers"] },
      { id: "end", kind: "end", name: "Done" },
    ],
    edges: [
      { id: "e1", from: "start", to: "rate" },
      { id: "e2", from: "rate", to: "end" },
    ],
  });
const said = (table: Partial<DecisionTableDefinition>) =>
  checkDraft(drawn(table), { types: typeScope })
    .filter(({ field }) => field?.startsWith("decisionTables"))
    .map(({ severity, text, node }) => `${node} ${severity}: ${text}`);
const rule = (when: string, then: DecisionTableDefinition["rules"][number]["then"][number] = "a") => ({
  when: [when],
  then: [then],
});

it("overlaps of a unique table are errors with an example, gaps are warnings, both at the step that uses the table", () => {
  expect(said({ rules: [rule("<= 3"), rule("[3..5]"), rule("> 6")] })).toEqual([
    "rate error: Rules 1 and 2 of the table Tiers both match, and only one may. Example: run.tries = 3.",
    "rate warning: No rule of the table Tiers matches. Example: run.tries = 6.",
  ]);
});
it("whole numbers leave no gap between 3 and 4", () => {
  expect(said({ rules: [rule("<= 3"), rule(">= 4")] })).toEqual([]);
});
it("an any table, a rule never reached and one that nothing fits", () => {
  expect(said({ hitPolicy: "any", rules: [rule("<= 3", "a"), rule("-", "b")] })).toEqual([
    "rate error: Rules 1 and 2 of the table Tiers both match and give different answers. Example: run.tries = 2.",
  ]);
  expect(said({ hitPolicy: "first", rules: [rule("-"), rule("5"), rule("[4..2]")] })).toEqual([
    "rate warning: Rule 3 of the table Tiers can never match.",
    "rate warning: Rule 2 of the table Tiers is never reached: the rules above it match first.",
  ]);
});
it("a list that no field takes, an order that is not listed, a value outside the list, FEEL that cannot be read", () => {
  expect(said({ hitPolicy: "rule_order", rules: [rule("-")] })).toEqual([
    "rate error: The table Tiers gives a list of answers, which no field takes. Choose one answer, or a sum, smallest, largest or count.",
  ]);
  expect(said({ hitPolicy: "collect", aggregator: "count", rules: [rule("-")] })).toEqual([]);
  expect(said({ hitPolicy: "priority", rules: [rule("-")] })).toEqual([
    "rate error: The table Tiers goes by the order of its output values, and none are listed.",
  ]);
  expect(said({ outputValues: ['"gold", "silver"'], rules: [rule("-", "bronze")] })).toEqual([
    "rate error: Rule 1 of the table Tiers gives bronze, which is not among the values of run.tier.",
  ]);
  expect(said({ rules: [rule("-", { feel: "run.trie + 1" })] })).toEqual([
    "rate error: Rule 1 of the table Tiers: run has no field trie. Did you mean tries?",
  ]);
});

it("cells too many or too few, an aggregator over several outputs", () => {
  const two = { when: ["1", "2"], then: ["a"] };
  expect(said({ rules: [rule("-"), two] })).toEqual([
    "rate error: Rule 2 of the table Tiers has a cell too many or too few.",
  ]);
  expect(said({ rules: [rule("-"), { when: ["-"], then: ["a", "b"] }], hitPolicy: "any" })).toContain(
    "rate error: Rule 2 of the table Tiers has a cell too many or too few.",
  );
  expect(
    said({
      hitPolicy: "collect",
      aggregator: "sum",
      outputs: ["run.tier", "run.tries"],
      rules: [{ when: ["-"], then: [1, 2] }],
    }),
  ).toEqual(["rate error: The table Tiers makes one value of all answers, so it has one output."]);
  for (const hitPolicy of ["collect", "output_order"] as const)
    expect(said({ hitPolicy, outputValues: ['"a"'], rules: [rule("-")] })).toEqual([
      "rate error: The table Tiers gives a list of answers, which no field takes. Choose one answer, or a sum, smallest, largest or count.",
    ]);
});
it("an order by output values needs some", () => {
  const none = "rate error: The table Tiers goes by the order of its output values, and none are listed.";
  expect(said({ hitPolicy: "priority", outputValues: [" "], rules: [rule("-")] })).toEqual([none]);
  expect(said({ hitPolicy: "priority", outputValues: ['"a"'], rules: [rule("-")] })).toEqual([]);
  expect(said({ hitPolicy: "output_order", rules: [rule("-")] })).toContain(none);
});
it("texts that cannot be read, each by where it stands", () => {
  expect(said({ inputs: [" "], rules: [rule("-")] })).toEqual(["rate error: An input of the table Tiers is empty."]);
  expect(said({ inputs: ["run.trie"], rules: [rule("-")] })).toEqual([
    "rate error: run has no field trie. Did you mean tries?",
  ]);
  expect(said({ rules: [rule("-"), rule("((")] })[0]).toMatch(/^rate error: Rule 2 of the table Tiers: .+\.$/);
  expect(said({ inputValues: ["(("], rules: [rule("-")] })).toEqual([
    "rate error: The values of run.tries in the table Tiers cannot be read.",
  ]);
  expect(said({ outputValues: ["(("], rules: [rule("-")] })).toEqual([
    "rate error: The values of run.tier in the table Tiers cannot be read.",
  ]);
  expect(said({ defaults: [{ feel: "((" }], rules: [rule("> 5")] })).toContain(
    "rate error: A default of the table Tiers cannot be read.",
  );
  expect(said({ defaults: ["a"], outputValues: ['"a"', ""], inputValues: [""], rules: [rule("> 5")] })).toEqual([]);
});
it("an answer of FEEL or none is not held against the list of values", () => {
  expect(said({ outputValues: ['"a"'], rules: [rule("-", { feel: '"b"' })] })).toEqual([]);
  expect(said({ outputValues: ['"a"'], rules: [rule("-", null)] })).toEqual([]);
});
it("a picklist can hold its own values only, unless the table lists some", () => {
  const stage = { hitPolicy: "unique" as const, inputs: ["opportunity.stage"] };
  const gaps = said({ ...stage, rules: [rule('not("discovery")')] });
  expect(gaps).toEqual(['rate warning: No rule of the table Tiers matches. Example: opportunity.stage = "discovery".']);
  expect(said({ ...stage, inputValues: ['"a", "b"'], rules: [rule('"a"'), rule('"b"')] })).toEqual([]);
});
it("without an example when any input is one", () => {
  const any = [rule("-", "a"), rule("-", "b")];
  expect(said({ rules: any })).toEqual(["rate error: Rules 1 and 2 of the table Tiers both match, and only one may."]);
  expect(said({ hitPolicy: "any", rules: any })).toEqual([
    "rate error: Rules 1 and 2 of the table Tiers both match and give different answers.",
  ]);
});
it("each by its place in the table, and by its key when it has no name", () => {
  const fields = (table: Partial<DecisionTableDefinition>) =>
    checkDraft(drawn(table), { types: typeScope })
      .filter(({ field }) => field?.startsWith("decisionTables"))
      .map(({ code, field }) => `${code} ${field!.slice("decisionTables.tiers".length)}`);
  expect(fields({ rules: [rule("<= 3"), rule("[3..5]"), rule("> 6")] })).toEqual([
    "TABLE_OVERLAP .rules.1",
    "TABLE_GAP .rules",
  ]);
  expect(fields({ hitPolicy: "any", rules: [rule("<= 3", "a"), rule("-", "b")] })).toEqual(["TABLE_CONFLICT .rules.1"]);
  expect(fields({ hitPolicy: "first", rules: [rule("-"), rule("5"), rule("[4..2]")] })).toEqual([
    "RULE_NEVER .rules.2",
    "RULE_MASKED .rules.1",
  ]);
  expect(fields({ rules: [rule("-"), { when: [], then: ["a"] }] })).toEqual(["BAD_TABLE .rules.1"]);
  expect(fields({ hitPolicy: "rule_order", rules: [rule("-")] })).toEqual(["TABLE_GIVES_LIST .hitPolicy"]);
  expect(fields({ hitPolicy: "priority", rules: [rule("-")] })).toEqual(["NO_OUTPUT_VALUES .outputValues"]);
  expect(fields({ inputs: [""], rules: [rule("-")] })).toEqual(["BAD_EXPRESSION .inputs"]);
  expect(fields({ inputs: ["run.trie"], rules: [rule("-")] })).toEqual(["BAD_EXPRESSION .inputs"]);
  expect(fields({ rules: [rule("((")] })).toContain("BAD_EXPRESSION .rules.0");
  expect(fields({ inputValues: ["(("], rules: [rule("-")] })).toEqual(["BAD_EXPRESSION .inputValues"]);
  expect(fields({ outputValues: ["(("], rules: [rule("-")] })).toEqual(["BAD_EXPRESSION .outputValues"]);
  expect(fields({ outputValues: ['"b"'], rules: [rule("-")] })).toEqual(["UNKNOWN_VALUE .rules.0"]);
  expect(fields({ defaults: [{ feel: "((" }], rules: [rule("-")] })).toEqual(["BAD_EXPRESSION .defaults"]);
  expect(said({ name: undefined, rules: [rule("[4..2]")], defaults: ["a"] })).toEqual([
    "rate warning: Rule 1 of the table tiers can never match.",
  ]);
});
