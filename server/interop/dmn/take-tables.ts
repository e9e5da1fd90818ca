/** The decision tables of a DMN model as tables of a process: names become fields or run variables, the rest is said. */
import { compile } from "@/server/engine/expression/index.ts";
import { parse } from "@/server/engine/expression/parse.ts";
import {
  type DecisionTableDefinition,
  decisionTableSchema,
  type OutputCell,
  type Variable,
  variableSchema,
} from "@/server/engine/process.ts";
import { valuesOf } from "@/server/engine/tables/decision-table.ts";
import { linkModel } from "./link.ts";
import type { DmnExpression, DmnModel, DmnTable, DrgElement } from "./model.ts";
import { renameNames } from "./rename.ts";

export type TakenTables = {
  tables: Record<string, DecisionTableDefinition>;
  /** Variables that the tables read or write and the process may not have yet. */
  variables: Record<string, Variable>;
  /** What could not be taken, one sentence a thing. */
  told: string[];
};

/** `known`: names whose paths stay as they are: the record's type, related names, `run`, `step`. */
export function takeTables(model: DmnModel, known: ReadonlySet<string>): TakenTables {
  const taken: TakenTables = { tables: {}, variables: {}, told: [] };
  const names = [...new Set([...linkModel(model, () => null).propertyNames, ...model.elements.map((e) => e.name)])];
  for (const element of model.elements) {
    const found = tableOf(element);
    if (!found) {
      if (element.kind !== "input") taken.told.push(leftOut(element));
      continue;
    }
    takeOne(element, found, { model, known, names, taken });
  }
  for (const { name } of model.imports)
    taken.told.push(`The model imports ${name || "another model"}, which was not read.`);
  return taken;
}

const tableOf = (element: DrgElement): DmnTable | null => {
  const expression: DmnExpression | null =
    element.kind === "decision"
      ? element.expression
      : element.kind === "knowledge"
        ? (element.logic?.body ?? null)
        : null;
  return expression?.kind === "table" ? expression.table : null;
};

function leftOut(element: DrgElement): string {
  switch (element.kind) {
    case "decision":
      return element.expression
        ? `The decision ${element.name} is no table and was left out.`
        : `The decision ${element.name} has no logic and was left out.`;
    case "knowledge":
      return `The knowledge model ${element.name} is no table and was left out.`;
    case "service":
      return `The decision service ${element.name} was left out: a process calls its tables itself.`;
    case "input":
      return `The input ${element.name} was left out.`;
    default:
      return element satisfies never;
  }
}

type Taking = { model: DmnModel; known: ReadonlySet<string>; names: string[]; taken: TakenTables };

function takeOne(element: DrgElement, table: DmnTable, { model, known, names, taken }: Taking): void {
  // Some tools name inputs that no element of the model declares: what an input column reads is one.
  const undeclared = new Map(
    table.inputs.flatMap((text, i): [string, string][] => {
      const result = compile(text, { names });
      const reads = result.ok ? result.expression.reads : [];
      return reads.map((read) => [read.split(".")[0]!, read === text.trim() ? (table.inputTypes[i] ?? "") : ""]);
    }),
  );
  const written = (text: string, mode: "expression" | "unary") =>
    renameNames(
      text,
      mode,
      [...names, ...(element.kind === "knowledge" ? parametersOf(element) : [])],
      (root, path) => {
        if (known.has(root) && path.length > 0) return null;
        const type = typeAt(model, element, root, path) ?? undeclared.get(root) ?? null;
        // A word nobody declares is left: it may be one of FEEL's own.
        return type === null ? null : `run.${variable([root, ...path].join(" "), type, null)}`;
      },
    );
  const variable = (name: string, type: string, values: string[] | null): string => {
    const key = slug(name);
    if (!taken.variables[key]) {
      const base = baseOf(model, type);
      const made = variableOf(base.type, values ?? texts(base.allowed));
      taken.variables[key] = made.variable;
      if (!made.exact && type !== "" && type !== "Any")
        taken.told.push(`${name} has the type ${type}, which a process has no place for; it is taken as text.`);
    }
    return key;
  };
  const cell = (value: OutputCell): OutputCell => {
    if (typeof value !== "object" || value === null) return value;
    const plain = literal(value.feel);
    return plain === undefined ? { feel: written(value.feel, "expression") } : plain;
  };
  const outputs = table.outputs.map((name, i) => {
    const path = name.split(".");
    if (path.length === 2 && known.has(path[0]!)) return name;
    const type = table.outputTypes[i] || (table.outputs.length === 1 ? element.type : "");
    return `run.${variable(name || element.name, type, texts(table.outputValues?.[i]))}`;
  });
  const inputValues = table.inputs.map(
    (text, i) => table.inputValues?.[i] || allowedOf(model, element, text, table.inputTypes[i] ?? ""),
  );
  const name = table.label || (element.name !== element.id ? element.name : "");
  const definition: { [K in keyof DecisionTableDefinition]: DecisionTableDefinition[K] | undefined } = {
    name: name || undefined,
    hitPolicy: table.hitPolicy,
    aggregator: table.aggregator,
    note: table.description || undefined,
    inputs: table.inputs.map((text) => written(text, "expression")),
    inputValues: inputValues.some(Boolean)
      ? inputValues.map((text) => (text ? written(text, "unary") : ""))
      : undefined,
    outputs,
    outputValues: table.outputValues?.some(Boolean) ? table.outputValues : undefined,
    defaults: table.defaults?.map(cell),
    rules: table.rules.map(({ when, then }, i) => {
      const note = table.notes[i];
      return {
        when: when.map((text) => (text === "-" ? "-" : written(text, "unary"))),
        then: then.map(cell),
        ...(note && { note }),
      };
    }),
  };
  const parsed = decisionTableSchema.safeParse(JSON.parse(JSON.stringify(definition)));
  const title = name || element.name || element.id;
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    taken.told.push(
      `The table ${title} is larger than a process takes and was left out: ${issue?.path.join(".") ?? ""}.`,
    );
    return;
  }
  taken.tables[freeKey(slug(element.id && isIdentifier(element.id) ? element.id : title), taken.tables)] = parsed.data;
}

const parametersOf = (element: Extract<DrgElement, { kind: "knowledge" }>): string[] =>
  element.logic?.parameters.map(({ name }) => name) ?? [];

/** The declared type of a name and what is inside it; null when the element does not know the name. */
function typeAt(model: DmnModel, element: DrgElement, root: string, path: readonly string[]): string | null {
  const parameter =
    element.kind === "knowledge" ? element.logic?.parameters.find(({ name }) => name === root)?.type : undefined;
  const named = model.elements.find((one) => one.name === root && (one.kind === "input" || one.kind === "decision"));
  let type = parameter ?? named?.type;
  if (type === undefined) return null;
  for (const name of path) {
    const item = model.types.find((one) => one.name === type);
    type = item?.components.find((one) => one.name === name)?.type ?? "";
  }
  return type;
}

/** The values a type is held to, for an input that states none itself. */
function allowedOf(model: DmnModel, element: DrgElement, text: string, type: string): string {
  const named = type || typeAt(model, element, text, []) || "";
  return model.types.find((item) => item.name === named && !item.isCollection)?.allowed ?? "";
}

/** The base type behind a name that only stands for one, and the values it is held to. */
function baseOf(model: DmnModel, name: string): { type: string; allowed: string } {
  let [type, allowed] = [name, ""];
  for (let depth = 0; depth < 16; depth++) {
    const item = model.types.find((one) => one.name === type && !one.isCollection && one.components.length === 0);
    if (!item) break;
    allowed ||= item.allowed;
    type = item.type;
  }
  return { type, allowed };
}

const kinds: Readonly<Record<string, Variable["type"]>> = {
  number: "decimal",
  string: "text",
  boolean: "boolean",
  date: "date",
  "date and time": "datetime",
  dateTime: "datetime",
  integer: "integer",
  long: "integer",
  double: "decimal",
};
function variableOf(type: string, values: string[] | null): { variable: Variable; exact: boolean } {
  const kind = Object.hasOwn(kinds, type) ? kinds[type]! : null;
  const listed =
    (kind === null || kind === "text") && values ? variableSchema.safeParse({ type: "picklist", values }) : null;
  if (listed?.success) return { variable: listed.data, exact: true };
  return { variable: { type: kind ?? "text" }, exact: kind !== null };
}
const texts = (values: string | undefined): string[] | null => {
  const list = valuesOf(values);
  return list?.length && list.every((v) => typeof v === "string") ? (list as string[]) : null;
};

/** A number, text, boolean or null that stands alone; undefined when the cell works something out. */
function literal(text: string): OutputCell | undefined {
  const parsed = parse(text, "expression");
  if (!parsed.ok) return undefined;
  const { ast } = parsed;
  if (ast.kind === "null") return null;
  if (ast.kind === "number" || ast.kind === "string" || ast.kind === "boolean") return ast.value;
  return ast.kind === "negate" && ast.value.kind === "number" ? -ast.value.value : undefined;
}

const isIdentifier = (text: string) => /^[a-z][a-z0-9_]{0,63}$/i.test(text) && !/^_?[0-9a-f]{8}_/i.test(text);
/** Letters, digits and underscores, as names in a process are. */
function slug(text: string): string {
  if (isIdentifier(text)) return text;
  const plain = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/đ/gi, "d")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 60);
  return plain || "value";
}
function freeKey(key: string, taken: object): string {
  let free = key;
  for (let n = 2; Object.hasOwn(taken, free); n++) free = `${key.slice(0, 58)}_${n}`;
  return free;
}
