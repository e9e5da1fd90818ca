/** DMN decision tables: rules from inputs to outputs, and which of the matching rules count. */
import { type Compiled, compile, compileUnaryTests, type FeelValue, type Scope, toFeel } from "./expression/index.ts";
import type { DecisionTableDefinition } from "./process.ts";

export type CompiledDecisionTable = {
  key: string;
  name?: string | undefined;
  hitPolicy: DecisionTableDefinition["hitPolicy"];
  inputs: (Compiled | null)[];
  outputs: string[];
  rules: { when: (Compiled | null)[]; then: FeelValue[] }[];
};

export function compileDecisionTable(definition: {
  key: string;
  name?: string | undefined;
  hitPolicy: DecisionTableDefinition["hitPolicy"];
  inputs: string[];
  outputs: { field: string }[];
  rules: DecisionTableDefinition["rules"];
}): CompiledDecisionTable {
  const expression = (text: string) => {
    const result = compile(text);
    return result.ok ? result.expression : null;
  };
  const cell = (text: string) => {
    const result = compileUnaryTests(text);
    return result.ok ? result.expression : null;
  };
  return {
    key: definition.key,
    name: definition.name,
    hitPolicy: definition.hitPolicy,
    inputs: definition.inputs.map(expression),
    outputs: definition.outputs.map((o) => o.field),
    rules: definition.rules.map(({ when, then }) => ({ when: when.map(cell), then: then.map((v) => toFeel(v)) })),
  };
}

export type TableAnswer = {
  /** 0-based rows that matched and count */ rules: number[];
  outputs: Record<string, FeelValue> | Record<string, FeelValue>[];
  error?: string;
};

/** No matching rule gives no outputs: the fields keep what they hold. */
export function evaluateDecisionTable(table: CompiledDecisionTable, scope: Scope): TableAnswer {
  const inputs = table.inputs.map((input) => input?.evaluate(scope).value ?? null);
  const matches: number[] = [];
  for (const [i, rule] of table.rules.entries()) {
    if (!rule.when.every((cell, j) => cell !== null && cellHolds(cell, scope, inputs[j] ?? null))) continue;
    matches.push(i);
    if (table.hitPolicy === "first") break;
  }
  const outputsOf = (i: number) =>
    Object.fromEntries(table.outputs.map((field, j) => [field, table.rules[i]!.then[j] ?? null]));
  switch (table.hitPolicy) {
    case "first":
    case "priority":
      return { rules: matches.slice(0, 1), outputs: matches.length ? outputsOf(matches[0]!) : {} };
    case "unique":
      return matches.length > 1
        ? {
            rules: matches,
            outputs: {},
            error: `rules ${matches.map((m) => m + 1).join(" and ")} both match, and only one may`,
          }
        : { rules: matches, outputs: matches.length ? outputsOf(matches[0]!) : {} };
    case "any": {
      const same = matches.every((m) => JSON.stringify(outputsOf(m)) === JSON.stringify(outputsOf(matches[0]!)));
      return same
        ? { rules: matches, outputs: matches.length ? outputsOf(matches[0]!) : {} }
        : { rules: matches, outputs: {}, error: "matching rules give different answers" };
    }
    case "collect":
    case "rule_order":
    case "output_order":
      return { rules: matches, outputs: matches.map(outputsOf) };
    default:
      return table.hitPolicy satisfies never;
  }
}

/** `-` matches anything, also a missing value. */
const cellHolds = (cell: Compiled, scope: Scope, input: FeelValue) =>
  cell.text.trim() === "-" || cell.evaluate(scope, input).value === true;
