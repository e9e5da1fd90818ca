/** What is wrong with the decision tables of a process: cells, shapes, and which inputs too many or no rules take. */
import { compile, compileUnaryTests, equal, toFeel, type TypeScope } from "../expression/index.ts";
import { valuesOf } from "../tables/decision-table.ts";
import { isMatrix } from "./approval-problems.ts";
import type { CheckContext, Problem } from "./problems.ts";
import type { DecisionTableDefinition, Process } from "../process.ts";
import { checkTable, type Example, type TableFinding } from "../tables/table-check.ts";

type Say = (severity: Problem["severity"], code: string, text: string, field?: string) => void;

export function tableProblems(document: Process, context: CheckContext): Problem[] {
  const problems: Problem[] = [];
  const types = context.types?.(document);
  for (const [key, table] of Object.entries(document.decisionTables)) {
    const node = document.nodes.find((n) => n.decisionTables?.includes(key))?.id;
    const say: Say = (severity, code, text, field = "") =>
      problems.push({ severity, code, text, field: `decisionTables.${key}${field}`, ...(node && { node }) });
    const name = table.name ?? key;
    shape(table, name, isMatrix(document, key), say);
    cells(table, name, types, say);
    if (!table.rules.every(({ when }) => when.length === table.inputs.length)) continue;
    for (const finding of findingsOf(table, types)) report(finding, name, say);
  }
  return problems;
}

function shape(table: DecisionTableDefinition, name: string, matrix: boolean, say: Say): void {
  table.rules.forEach((rule, i) => {
    if (rule.when.length !== table.inputs.length || rule.then.length !== table.outputs.length)
      say("error", "BAD_TABLE", `Rule ${i + 1} of the table ${name} has a cell too many or too few.`, `.rules.${i}`);
  });
  const gives = ["collect", "rule_order", "output_order"].includes(table.hitPolicy) && !table.aggregator;
  if (gives && !matrix)
    say(
      "error",
      "TABLE_GIVES_LIST",
      `The table ${name} gives a list of answers, which no field takes. Choose one answer, or a sum, smallest, largest or count.`,
      ".hitPolicy",
    );
  if (table.aggregator && table.outputs.length > 1)
    say("error", "BAD_TABLE", `The table ${name} makes one value of all answers, so it has one output.`, ".outputs");
  const ordered = table.hitPolicy === "priority" || table.hitPolicy === "output_order";
  if (ordered && !table.outputValues?.some((text) => text.trim()))
    say(
      "error",
      "NO_OUTPUT_VALUES",
      `The table ${name} goes by the order of its output values, and none are listed.`,
      ".outputValues",
    );
}

function cells(table: DecisionTableDefinition, name: string, types: TypeScope | undefined, say: Say): void {
  const options = types ? { types } : {};
  for (const input of table.inputs) {
    if (!input.trim()) {
      say("error", "BAD_EXPRESSION", `An input of the table ${name} is empty.`, ".inputs");
      continue;
    }
    const result = compile(input, options);
    for (const problem of result.ok ? [] : result.problems.slice(0, 3))
      say("error", "BAD_EXPRESSION", problem.text, ".inputs");
  }
  table.rules.forEach((rule, i) => {
    const bad = (text: string) =>
      say("error", "BAD_EXPRESSION", `Rule ${i + 1} of the table ${name}: ${text}`, `.rules.${i}`);
    for (const cell of rule.when) {
      const result = compileUnaryTests(cell);
      if (!result.ok) bad(result.problems[0]?.text ?? "a cell cannot be read");
    }
    for (const cell of rule.then) {
      const result = isFeel(cell) ? compile(cell.feel, options) : null;
      if (result && !result.ok) bad(result.problems[0]?.text ?? "a cell cannot be read");
    }
  });
  (table.inputValues ?? []).forEach((text, j) => {
    if (text.trim() && !compileUnaryTests(text).ok)
      say(
        "error",
        "BAD_EXPRESSION",
        `The values of ${table.inputs[j] ?? ""} in the table ${name} cannot be read.`,
        ".inputValues",
      );
  });
  (table.outputValues ?? []).forEach((text, j) => {
    const field = table.outputs[j] ?? "";
    if (!text.trim()) return;
    const values = valuesOf(text);
    if (!values)
      return say(
        "error",
        "BAD_EXPRESSION",
        `The values of ${field} in the table ${name} cannot be read.`,
        ".outputValues",
      );
    table.rules.forEach((rule, i) => {
      const cell = rule.then[j] ?? null;
      if (isFeel(cell) || cell === null || values.some((v) => equal(v, toFeel(cell)) === true)) return;
      say(
        "error",
        "UNKNOWN_VALUE",
        `Rule ${i + 1} of the table ${name} gives ${String(cell)}, which is not among the values of ${field}.`,
        `.rules.${i}`,
      );
    });
  });
  for (const cell of table.defaults ?? []) {
    const result = isFeel(cell) ? compile(cell.feel, options) : null;
    if (result && !result.ok)
      say("error", "BAD_EXPRESSION", `A default of the table ${name} cannot be read.`, ".defaults");
  }
}

const isFeel = (cell: DecisionTableDefinition["rules"][number]["then"][number]): cell is { feel: string } =>
  typeof cell === "object" && cell !== null;

/** A table that has not changed is not looked through again. */
const looked = new WeakMap<DecisionTableDefinition, { scope: string; findings: TableFinding[] }>();
function findingsOf(table: DecisionTableDefinition, types: TypeScope | undefined): TableFinding[] {
  const fields = table.inputs.map((text) => fieldAt(types, text));
  const scope = JSON.stringify(fields);
  const known = looked.get(table);
  if (known?.scope === scope) return known.findings;
  // A picklist without values of the table's own can hold its own values only.
  const inputValues = table.inputs.map(
    (_, j) => table.inputValues?.[j]?.trim() || (fields[j]?.values?.map((v) => JSON.stringify(v)).join(", ") ?? ""),
  );
  const whole = new Set(table.inputs.filter((_, j) => fields[j]?.whole).map((text) => text.trim()));
  const findings = checkTable({ ...table, inputValues }, { whole: (input) => whole.has(input) });
  looked.set(table, { scope, findings });
  return findings;
}
function fieldAt(types: TypeScope | undefined, text: string) {
  const [object = "", field = "", more] = text.trim().split(".");
  if (!types || more !== undefined || !Object.hasOwn(types, object)) return undefined;
  return Object.hasOwn(types[object]!, field) ? types[object]![field] : undefined;
}

function report({ kind, rules, example }: TableFinding, name: string, say: Say): void {
  const [one = 0, two = 0] = rules;
  const at = `.rules.${Math.max(one, kind === "masked" ? one : two)}`;
  const when = example.length > 0 ? said(example) : "";
  switch (kind) {
    case "overlap":
      return say(
        "error",
        "TABLE_OVERLAP",
        when
          ? `Rules ${one + 1} and ${two + 1} of the table ${name} both match, and only one may. Example: ${when}.`
          : `Rules ${one + 1} and ${two + 1} of the table ${name} both match, and only one may.`,
        at,
      );
    case "conflict":
      return say(
        "error",
        "TABLE_CONFLICT",
        when
          ? `Rules ${one + 1} and ${two + 1} of the table ${name} both match and give different answers. Example: ${when}.`
          : `Rules ${one + 1} and ${two + 1} of the table ${name} both match and give different answers.`,
        at,
      );
    case "masked":
      return say(
        "warning",
        "RULE_MASKED",
        `Rule ${one + 1} of the table ${name} is never reached: the rules above it match first.`,
        at,
      );
    case "never":
      return say("warning", "RULE_NEVER", `Rule ${one + 1} of the table ${name} can never match.`, at);
    case "gap":
      return say(
        "warning",
        "TABLE_GAP",
        when
          ? `No rule of the table ${name} matches. Example: ${when}.`
          : `No rule of the table ${name} matches every input.`,
        ".rules",
      );
    default:
      return kind satisfies never;
  }
}
const said = (example: Example) => example.map(({ input, value }) => `${input} = ${value}`).join(", ");
