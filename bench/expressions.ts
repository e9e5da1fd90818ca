import { compile } from "@/server/engine/expression/index.ts";
import { type Figure, perCall } from "./figure.ts";

/** A compiled comparison of a field with a text, and what compiling costs. */
export function expressions(): Figure[] {
  const text = 'opportunity.stage = "proposal" and opportunity.amount > 50000';
  const compiled = compile(text);
  if (!compiled.ok) throw new Error(compiled.problems[0]?.text);
  const opportunity = { stage: "proposal", amount: 84_000 };
  const scope = { now: 0, zone: "UTC", get: (name: string) => (name === "opportunity" ? opportunity : undefined) };
  const evaluate = perCall(200_000, () => compiled.expression.evaluate(scope));
  const compiling = perCall(5_000, () => compile(text));
  return [
    {
      name: "two compiled FEEL comparisons",
      value: evaluate,
      unit: "µs",
      reference: null,
      ratio: null,
      goal: "≤ 2 µs",
      ok: evaluate <= 2,
    },
    {
      name: "compiling them",
      value: compiling,
      unit: "µs",
      reference: null,
      ratio: null,
      goal: "≤ 200 µs",
      ok: compiling <= 200,
    },
  ];
}
