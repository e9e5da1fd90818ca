import { expect, it } from "vitest";
import { typeScope } from "@/server/commands/check-context.ts";
import { checkDraft } from "@/server/steps/index.ts";
import { type DecisionTableDefinition, type Process, processSchema } from "./process.ts";

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
