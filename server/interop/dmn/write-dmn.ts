/** A decision table of a process as a DMN 1.3 file with a drawing: the table, the data it reads, and how they are joined. */
import { compile, compileUnaryTests } from "@/server/engine/expression/index.ts";
import type { TypeScope } from "@/server/engine/expression/index.ts";
import type { DecisionTableDefinition, OutputCell } from "@/server/engine/process.ts";

const policies: Record<DecisionTableDefinition["hitPolicy"], string> = {
  unique: "UNIQUE",
  first: "FIRST",
  priority: "PRIORITY",
  any: "ANY",
  collect: "COLLECT",
  rule_order: "RULE ORDER",
  output_order: "OUTPUT ORDER",
};

/** `types`: what the fields are, where they are known. The names of fields stay as they are: `opportunity.amount`. */
export function writeDmn(
  process: { key: string; name: string },
  tables: Readonly<Record<string, DecisionTableDefinition>>,
  types: TypeScope = {},
): string {
  const reads = new Map(Object.entries(tables).map(([key, table]) => [key, readsOf(table)]));
  const objects = new Map<string, Set<string>>();
  for (const paths of reads.values())
    for (const path of paths) {
      const [object = "", field] = path.split(".");
      const fields = objects.get(object) ?? new Set<string>();
      if (field) fields.add(field);
      objects.set(object, fields);
    }
  const roots = [...objects.keys()];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/" id="definitions_${process.key}" name=${quoted(process.name)} namespace="urn:millrace:${process.key}" exporter="Millrace">`,
    ...[...objects].flatMap(([object, fields]) => itemDefinition(object, [...fields], types)),
    ...roots.map(
      (object) =>
        `  <inputData id="input_${object}" name="${object}"><variable id="variable_${object}" name="${object}" typeRef="t_${object}"/></inputData>`,
    ),
    ...Object.entries(tables).flatMap(([key, table]) => decision(key, table, rootsOf(reads.get(key)!), types)),
    ...drawing(Object.keys(tables), roots, (key) => rootsOf(reads.get(key)!)),
    "</definitions>",
    "",
  ].join("\n");
}

/** Qualified names that inputs, cells and outputs read. */
function readsOf(table: DecisionTableDefinition): string[] {
  const reads = new Set<string>();
  const look = (text: string, unary: boolean) => {
    const result = unary ? compileUnaryTests(text) : compile(text);
    for (const name of result.ok ? result.expression.reads : []) if (/^[\w.]+$/.test(name)) reads.add(name);
  };
  table.inputs.forEach((text) => look(text, false));
  for (const { when, then } of table.rules) {
    when.forEach((text) => look(text, true));
    for (const cell of then) if (typeof cell === "object" && cell !== null) look(cell.feel, false);
  }
  for (const cell of table.defaults ?? []) if (typeof cell === "object" && cell !== null) look(cell.feel, false);
  return [...reads];
}
const rootsOf = (paths: string[]) => [...new Set(paths.map((path) => path.split(".")[0]!))];

const feelTypes: Readonly<Record<string, string>> = {
  text: "string",
  number: "number",
  boolean: "boolean",
  date: "date",
  datetime: "date and time",
};
const typeOf = (path: string, types: TypeScope): string => {
  const [object = "", field = ""] = path.split(".");
  const known =
    Object.hasOwn(types, object) && Object.hasOwn(types[object]!, field) ? types[object]![field] : undefined;
  return (known && feelTypes[known.type]) ?? "Any";
};

const itemDefinition = (object: string, fields: string[], types: TypeScope): string[] => [
  `  <itemDefinition id="type_${object}" name="t_${object}">`,
  ...fields.map(
    (field) =>
      `    <itemComponent id="type_${object}_${field}" name="${field}"><typeRef>${typeOf(`${object}.${field}`, types)}</typeRef></itemComponent>`,
  ),
  ...(fields.length === 0 ? ["    <typeRef>Any</typeRef>"] : []),
  "  </itemDefinition>",
];

function decision(key: string, table: DecisionTableDefinition, roots: string[], types: TypeScope): string[] {
  const name = table.name ?? key;
  const noted = table.rules.some(({ note }) => note);
  return [
    `  <decision id="${key}" name=${quoted(name)}>`,
    `    <variable id="${key}_variable" name=${quoted(name)}/>`,
    ...roots.map(
      (root) =>
        `    <informationRequirement id="${key}_needs_${root}"><requiredInput href="#input_${root}"/></informationRequirement>`,
    ),
    `    <decisionTable id="${key}_table" hitPolicy="${policies[table.hitPolicy]}"${table.aggregator ? ` aggregation="${table.aggregator.toUpperCase()}"` : ""}${table.name === undefined ? "" : ` outputLabel=${quoted(table.name)}`}>`,
    ...(table.note ? [`      <description>${escaped(table.note)}</description>`] : []),
    ...table.inputs.flatMap((input, i) => [
      `      <input id="${key}_input_${i + 1}" label=${quoted(input)}>`,
      `        <inputExpression id="${key}_expression_${i + 1}" typeRef="${typeOf(input, types)}"><text>${escaped(input)}</text></inputExpression>`,
      ...values(`${key}_input_values_${i + 1}`, "inputValues", table.inputValues?.[i]),
      "      </input>",
    ]),
    ...table.outputs.flatMap((output, i) => [
      `      <output id="${key}_output_${i + 1}" name=${quoted(output)} typeRef="${typeOf(output, types)}">`,
      ...values(`${key}_output_values_${i + 1}`, "outputValues", table.outputValues?.[i]),
      ...(table.defaults?.[i] == null
        ? []
        : [
            `        <defaultOutputEntry id="${key}_default_${i + 1}"><text>${escaped(feelOf(table.defaults[i]))}</text></defaultOutputEntry>`,
          ]),
      "      </output>",
    ]),
    ...(noted ? ['      <annotation name="Note"/>'] : []),
    ...table.rules.flatMap((rule, r) => [
      `      <rule id="${key}_rule_${r + 1}">`,
      ...rule.when.map(
        (cell, i) =>
          `        <inputEntry id="${key}_rule_${r + 1}_when_${i + 1}"><text>${escaped(cell)}</text></inputEntry>`,
      ),
      ...rule.then.map(
        (cell, i) =>
          `        <outputEntry id="${key}_rule_${r + 1}_then_${i + 1}"><text>${escaped(feelOf(cell))}</text></outputEntry>`,
      ),
      ...(noted ? [`        <annotationEntry><text>${escaped(rule.note ?? "")}</text></annotationEntry>`] : []),
      "      </rule>",
    ]),
    "    </decisionTable>",
    "  </decision>",
  ];
}

const values = (id: string, element: string, text: string | undefined): string[] =>
  text?.trim() ? [`        <${element} id="${id}"><text>${escaped(text)}</text></${element}>`] : [];

/** A plain cell as FEEL: texts in quotation marks. */
function feelOf(cell: OutputCell | undefined): string {
  if (cell === undefined || cell === null) return "null";
  if (typeof cell === "object") return cell.feel;
  return typeof cell === "string" ? feelText(cell) : String(cell);
}
/** Quotes and what XML or a line cannot hold are written as escapes; iterating keeps characters of two halves whole. */
const feelText = (text: string): string =>
  `"${[...text]
    .map((c) => {
      if (c === '"' || c === "\\") return `\\${c}`;
      return isXml(c) && c >= " " ? c : `\\u${c.codePointAt(0)!.toString(16).padStart(4, "0")}`;
    })
    .join("")}"`;

/** The drawing: tables in a row, the data below, a line for what each reads. */
function drawing(keys: string[], roots: string[], readBy: (key: string) => string[]): string[] {
  const box = (id: string, ref: string, x: number, y: number, width: number, height: number) =>
    `    <dmndi:DMNShape id="${id}" dmnElementRef="${ref}"><dc:Bounds x="${x}" y="${y}" width="${width}" height="${height}"/></dmndi:DMNShape>`;
  const at = (i: number) => 60 + i * 220;
  return [
    '  <dmndi:DMNDI><dmndi:DMNDiagram id="diagram">',
    ...keys.map((key, i) => box(`shape_${key}`, key, at(i), 60, 180, 80)),
    ...roots.map((root, i) => box(`shape_input_${root}`, `input_${root}`, at(i) + 27, 260, 125, 45)),
    ...keys.flatMap((key, i) =>
      readBy(key).map(
        (root) =>
          `    <dmndi:DMNEdge id="edge_${key}_${root}" dmnElementRef="${key}_needs_${root}"><di:waypoint x="${at(roots.indexOf(root)) + 90}" y="260"/><di:waypoint x="${at(i) + 90}" y="140"/></dmndi:DMNEdge>`,
      ),
    ),
    "  </dmndi:DMNDiagram></dmndi:DMNDI>",
  ];
}

/** Whether XML 1.0 can hold a character at all. */
const isXml = (c: string): boolean => {
  const code = c.codePointAt(0)!;
  if (code < 0x20) return c === "\n" || c === "\t" || c === "\r";
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
};
/** Characters that XML cannot hold are left out. */
const escaped = (text: string): string =>
  [...text]
    .filter(isXml)
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");
const quoted = (text: string): string =>
  `"${escaped(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`;
