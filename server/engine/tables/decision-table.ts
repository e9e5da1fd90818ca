/**
 * DMN decision tables: rules from inputs to outputs, and which of the matching rules count (DMN 1.5, section 8.2.8–8.2.11).
 * One evaluator serves the steps of a process and whole DMN models. It never throws: what is wrong comes back as an error
 * that names the rule.
 */
import {
  add,
  type Compiled,
  compile,
  type CompileOptions,
  compileUnaryTests,
  equal,
  type FeelValue,
  isTrue,
  order,
  type Scope,
  toFeel,
} from "../expression/index.ts";
import type { DecisionTableDefinition } from "../process.ts";

/** A rule's answer for one output: a plain value, or FEEL worked out when the rule counts. */
type OutputCell = { literal: FeelValue } | { text: string; expression: Compiled | null };

export type CompiledDecisionTable = {
  key: string;
  name?: string | undefined;
  hitPolicy: DecisionTableDefinition["hitPolicy"];
  aggregator: NonNullable<DecisionTableDefinition["aggregator"]> | null;
  inputs: { text: string; expression: Compiled | null; allowed: Compiled | null }[];
  /** `values`: allowed outputs, the most important first. */
  outputs: { field: string; values: FeelValue[] | null; fallback: OutputCell | null }[];
  rules: { when: (Compiled | null)[]; then: OutputCell[] }[];
};

/** A table as it is written, by a process or by a DMN model. */
export type TableText = Pick<
  DecisionTableDefinition,
  "hitPolicy" | "aggregator" | "inputs" | "inputValues" | "outputs" | "outputValues" | "defaults"
> & { name?: string | undefined; rules: readonly Pick<DecisionTableDefinition["rules"][number], "when" | "then">[] };

/** What does not parse is kept as null and said at evaluation; `problems.ts` says it while drawing. */
export function compileDecisionTable(
  key: string,
  table: TableText,
  options: CompileOptions = {},
): CompiledDecisionTable {
  const cache = new Map<string, Compiled | null>();
  const cached = (text: string, mode: "x" | "u") => {
    const id = mode + text;
    let compiled = cache.get(id);
    if (compiled === undefined) {
      const result = mode === "x" ? compile(text, options) : compileUnaryTests(text, options);
      cache.set(id, (compiled = result.ok ? result.expression : null));
    }
    return compiled;
  };
  const cellOf = (then: DecisionTableDefinition["rules"][number]["then"][number]): OutputCell =>
    typeof then === "object" && then !== null
      ? { text: then.feel, expression: cached(then.feel, "x") }
      : { literal: toFeel(then) };
  return {
    key,
    name: table.name,
    hitPolicy: table.hitPolicy,
    aggregator: table.hitPolicy === "collect" ? (table.aggregator ?? null) : null,
    inputs: table.inputs.map((text, i) => {
      const allowed = table.inputValues?.[i]?.trim();
      return { text, expression: cached(text, "x"), allowed: allowed ? cached(allowed, "u") : null };
    }),
    outputs: table.outputs.map((field, i) => ({
      field,
      values: valuesOf(table.outputValues?.[i], options),
      fallback: table.defaults?.[i] == null ? null : cellOf(table.defaults[i]),
    })),
    rules: table.rules.map(({ when, then }) => ({
      when: when.map((text) => cached(text, "u")),
      then: then.map(cellOf),
    })),
  };
}

/** A list of allowed values as it is written, `"high", "low"`, as FEEL values in order; null when there is none. */
export function valuesOf(text: string | undefined, options: CompileOptions = {}): FeelValue[] | null {
  if (!text?.trim()) return null;
  const list = compile(`[${text}]`, options);
  const value = list.ok ? list.expression.evaluate({ get: () => undefined, now: 0, zone: "UTC" }).value : null;
  return Array.isArray(value) ? value : null;
}

export type TableAnswer = {
  /** what the input columns held */ inputs: FeelValue[];
  /** 0-based rows that count, in the order of their outputs */ rules: number[];
  /** outputs of those rows, a value each output column; the defaults when no rule matched */ rows: FeelValue[][];
  /** how many of `rows` make the answer */ answer: "one" | "list" | { value: FeelValue };
  fuelUsed: number;
  error?: { text: string /** 0-based */; rule?: number };
};

/** Steps for a table: every cell once, and the same again for each of its expressions as any expression has. */
const fuelOf = (table: CompiledDecisionTable) => 20_000 + 20 * table.rules.length * (table.inputs.length + 1);

export function evaluateDecisionTable(table: CompiledDecisionTable, outer: Scope): TableAnswer {
  // One tank for the whole table, so that thousands of costly cells cannot add up to a standstill.
  const tank = Math.min(fuelOf(table), outer.fuel ?? Number.MAX_SAFE_INTEGER);
  let fuel = tank;
  const scope: Scope = { ...outer, get: (name) => outer.get(name), fuel };
  const answer: TableAnswer = { inputs: [], rules: [], rows: [], answer: "one", fuelUsed: 0 };
  const run = (expression: Compiled, input?: FeelValue) => {
    scope.fuel = fuel;
    const result = expression.evaluate(scope, input);
    fuel -= result.fuelUsed;
    answer.fuelUsed = tank - fuel;
    return result;
  };
  const failed = (text: string, rule?: number): TableAnswer => ({
    ...answer,
    rows: [],
    error: { text, ...(rule !== undefined && { rule }) },
  });

  for (const { text, expression, allowed } of table.inputs) {
    if (!expression) return failed(`the input ${text} cannot be read`);
    const value = run(expression).value;
    answer.inputs.push(value);
    if (allowed && value !== null && !isTrue(run(allowed, value)))
      return failed(`${text} holds a value that the table does not allow`);
  }

  const matches: number[] = [];
  for (const [i, rule] of table.rules.entries()) {
    let match = true;
    for (let j = 0; match && j < rule.when.length; j++) {
      const cell = rule.when[j];
      if (!cell) return failed("a cell cannot be read", i);
      match = cell.isAny || isTrue(run(cell, answer.inputs[j] ?? null));
    }
    if (fuel <= 0) return failed("the table takes too many steps to look through", i);
    if (!match) continue;
    matches.push(i);
    if (table.hitPolicy === "first") break;
  }

  const outputs = (cells: OutputCell[], rule?: number): FeelValue[] | TableAnswer => {
    const row: FeelValue[] = [];
    for (const cell of cells) {
      if ("literal" in cell) {
        row.push(cell.literal);
        continue;
      }
      if (!cell.expression) return failed(`the output ${cell.text} cannot be read`, rule);
      const result = run(cell.expression);
      if (result.value === null && result.error !== undefined)
        return failed(`the output ${cell.text} has no value: ${result.error}`, rule);
      row.push(result.value);
    }
    return row;
  };
  if (matches.length === 0) return withoutMatch(table, answer, outputs);

  if (table.hitPolicy === "unique" && matches.length > 1)
    return {
      ...failed(`rules ${matches.map((m) => m + 1).join(" and ")} both match, and only one may`),
      rules: matches,
    };
  const rows: { rule: number; row: FeelValue[] }[] = [];
  for (const rule of matches) {
    const row = outputs(table.rules[rule]!.then, rule);
    if (!Array.isArray(row)) return { ...row, rules: matches };
    rows.push({ rule, row });
  }
  return hit(table, answer, rows);
}

/** No rule matched: the defaults; without any, nothing (null, an empty list, or a count of 0). */
function withoutMatch(
  table: CompiledDecisionTable,
  answer: TableAnswer,
  outputs: (cells: OutputCell[]) => FeelValue[] | TableAnswer,
): TableAnswer {
  const isList = ["collect", "rule_order", "output_order"].includes(table.hitPolicy);
  if (table.outputs.some(({ fallback }) => fallback)) {
    const row = outputs(table.outputs.map(({ fallback }) => fallback ?? { literal: null }));
    return Array.isArray(row) ? { ...answer, rows: [row] } : row;
  }
  if (table.aggregator) return { ...answer, answer: { value: table.aggregator === "count" ? 0 : null } };
  return { ...answer, answer: isList ? "list" : "one" };
}

type Row = { rule: number; row: FeelValue[] };
function hit(table: CompiledDecisionTable, answer: TableAnswer, rows: Row[]): TableAnswer {
  const counted = (list: Row[], how: TableAnswer["answer"]): TableAnswer => ({
    ...answer,
    rules: list.map(({ rule }) => rule),
    rows: list.map(({ row }) => row),
    answer: how,
  });
  switch (table.hitPolicy) {
    case "unique":
    case "first":
      return counted(rows.slice(0, 1), "one");
    case "any": {
      const [first] = rows;
      const other = rows.find(({ row }) => row.some((value, j) => equal(value, first!.row[j] ?? null) !== true));
      return other
        ? {
            ...counted(rows, "one"),
            rows: [],
            error: {
              text: `rules ${first!.rule + 1} and ${other.rule + 1} both match and give different answers`,
              rule: other.rule,
            },
          }
        : counted(rows, "one");
    }
    case "priority":
      return counted(byPriority(table, rows).slice(0, 1), "one");
    case "output_order":
      return counted(byPriority(table, rows), "list");
    case "rule_order":
      return counted(rows, "list");
    case "collect":
      return table.aggregator ? aggregated(table.aggregator, rows, counted) : counted(rows, "list");
    default:
      return table.hitPolicy satisfies never;
  }
}

/** By the first output's list of values, then the second's …; values that no list names come last, equals in rule order. */
function byPriority(table: CompiledDecisionTable, rows: Row[]): Row[] {
  const rank = ({ row }: Row, column: number) => {
    const values = table.outputs[column]?.values;
    const at = values ? values.findIndex((v) => equal(v, row[column] ?? null) === true) : 0;
    return at < 0 ? (values?.length ?? 0) : at;
  };
  return [...rows].sort((a, b) => {
    for (let j = 0; j < table.outputs.length; j++) {
      const difference = rank(a, j) - rank(b, j);
      if (difference !== 0) return difference;
    }
    return a.rule - b.rule;
  });
}

function aggregated(
  aggregator: NonNullable<CompiledDecisionTable["aggregator"]>,
  rows: Row[],
  counted: (list: Row[], how: TableAnswer["answer"]) => TableAnswer,
): TableAnswer {
  const values = rows.map(({ row }) => row[0] ?? null);
  const give = (value: FeelValue) => counted(rows, { value });
  const refuse = (text: string): TableAnswer => ({ ...give(null), rows: [], error: { text } });
  switch (aggregator) {
    case "count":
      return give(values.length);
    case "sum": {
      const sum = sumOf(values);
      return sum === null ? refuse("only numbers and durations can be summed up") : give(sum);
    }
    case "min":
    case "max": {
      let best = values[0] ?? null;
      for (const value of values) {
        const n = order(value, best);
        if (n === null) return refuse("the outputs have no smallest or largest: they cannot be compared");
        if (aggregator === "min" ? n < 0 : n > 0) best = value;
      }
      return give(best);
    }
    default:
      return aggregator satisfies never;
  }
}

const sumOf = (values: FeelValue[]): FeelValue =>
  values.slice(1).reduce(add, typeof values[0] === "string" ? null : (values[0] ?? null));

/** The answer as one FEEL value: DMN's own form. One output is its value, several are a context by their names. */
export function valueOfAnswer(table: CompiledDecisionTable, { rows, answer }: TableAnswer): FeelValue {
  if (typeof answer === "object") return answer.value;
  const all = rows.map((row): FeelValue => {
    if (table.outputs.length === 1) return row[0] ?? null;
    const context: { [key: string]: FeelValue } = Object.create(null) as { [key: string]: FeelValue };
    table.outputs.forEach(({ field }, i) => (context[field] = row[i] ?? null));
    return context;
  });
  return answer === "list" ? all : (all[0] ?? null);
}

/** The answer as the fields a step writes; none when no rule matched, so that the fields keep what they hold. */
export function fieldsOfAnswer(table: CompiledDecisionTable, { rows, answer }: TableAnswer): Record<string, FeelValue> {
  const fields = table.outputs.map(({ field }) => field);
  if (typeof answer === "object") return answer.value === null ? {} : { [fields[0]!]: answer.value };
  if (answer === "list")
    return rows.length ? Object.fromEntries(fields.map((f, j) => [f, rows.map((r) => r[j] ?? null)])) : {};
  return rows[0] ? Object.fromEntries(fields.map((f, j) => [f, rows[0]![j] ?? null])) : {};
}
