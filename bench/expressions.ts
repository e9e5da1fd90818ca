import { compileDecisionTable, evaluateDecisionTable } from "@/server/engine/tables/decision-table.ts";
import { compile } from "@/server/engine/expression/index.ts";
import { checkTable } from "@/server/engine/tables/table-check.ts";
import { type Figure, perCall } from "./figure.ts";

/**
 * What looking at a condition, compiling one and asking a decision table cost. Peer: feelin 8.2 evaluates this expression in
 * 170–520 µs and compiles nothing (measured when the stack was chosen; it is no dependency).
 */
export function expressions(): Figure[] {
  const opportunity = { stage: "proposal", amount: 84_000 };
  const scope = { now: 0, zone: "UTC", get: (name: string) => (name === "opportunity" ? opportunity : undefined) };
  const compiled = compiledFrom('opportunity.stage = "proposal"');
  const text = 'opportunity.stage = "proposal" and opportunity.amount > 50000';
  const two = compiledFrom(text);
  const comparison = perCall(200_000, () => compiled.evaluate(scope));
  const pair = perCall(200_000, () => two.evaluate(scope));
  // The first evaluation makes the closures, so that it belongs to the price of compiling.
  const compiling = perCall(5_000, () => compiledFrom(text).evaluate(scope));
  const bands = Array.from({ length: 20 }, (_, i) => ({
    when: [`[${i * 10_000}..${(i + 1) * 10_000})`, '"proposal", "negotiation"'],
    then: [i],
  }));
  const table = compileDecisionTable("bands", {
    hitPolicy: "unique",
    inputs: ["opportunity.amount", "opportunity.stage"],
    outputs: ["run.band"],
    rules: bands,
  });
  const asking = perCall(20_000, () => evaluateDecisionTable(table, scope));
  const many = Array.from({ length: 2000 }, (_, i) => ({ when: [`[${i}..${i + 1})`, `"r${i % 7}"`], then: [i] }));
  const checking = perCall(3, () => checkTable({ hitPolicy: "unique", inputs: ["a", "b"], rules: many })) / 1000;
  return [
    figure("a compiled FEEL comparison", comparison, "µs", 1),
    figure("two of them and an and", pair, "µs", 2),
    figure("compiling the two", compiling, "µs", 200),
    figure("a decision table of 20 rules", asking, "µs", 100),
    figure("overlaps and gaps of 2,000 rules", checking, "ms", 1000),
  ];
}

function compiledFrom(text: string) {
  const result = compile(text);
  if (!result.ok) throw new Error(result.problems[0]?.text);
  return result.expression;
}

const figure = (name: string, value: number, unit: string, most: number): Figure => ({
  name,
  value,
  unit,
  reference: null,
  ratio: null,
  goal: `≤ ${most.toLocaleString("en")} ${unit}`,
  ok: value <= most,
});
