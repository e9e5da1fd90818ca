/** Decision tables as they are typed: cells as text, and columns and rows that move. Pure. */
import type { DecisionTableDefinition, OutputCell } from "@/server/engine/process.ts";

type Table = DecisionTableDefinition;

/**
 * What stands in an output cell: numbers, yes, no and nothing as themselves, `= …` for what FEEL works out, all else as text;
 * quotes keep `"12"` a text.
 */
export const saidCell = (cell: OutputCell | undefined): string => {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "object") return `= ${cell.feel}`;
  if (typeof cell !== "string") return String(cell);
  return meantCell(cell) === cell ? cell : `"${cell}"`;
};
export function meantCell(text: string): OutputCell {
  if (text === "") return null;
  if (text.startsWith("=")) return { feel: text.slice(1).replace(/^ /, "") };
  if (text === "true" || text === "false") return text === "true";
  if (/^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text) return Number(text);
  const quotes = /^"(.*)"$/s.exec(text);
  return quotes ? (quotes[1] ?? "") : text;
}

/** An imported rule may be short of a cell: it is filled up when it is written in. */
export const padded = <T>(list: readonly T[], length: number, value: T): T[] => [
  ...list,
  ...Array<T>(Math.max(0, length - list.length)).fill(value),
];
export const swapped = <T>(list: readonly T[], at: number, value: T): T[] =>
  list.map((one, i) => (i === at ? value : one));
const moved = <T>(list: readonly T[], from: number, to: number): T[] => {
  const rest = list.filter((_, i) => i !== from);
  return [...rest.slice(0, to), list[from]!, ...rest.slice(to)];
};
const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, i) => i !== at);

/** Lists that go with the columns are there only when something stands in them. */
function tidy(table: { [K in keyof Table]: Table[K] | undefined }): Table {
  const said = (list: readonly string[] | undefined) => list?.some((text) => text.trim() !== "");
  const { inputValues, outputValues, defaults, ...rest } = table;
  return {
    ...rest,
    ...(said(inputValues) && { inputValues }),
    ...(said(outputValues) && { outputValues }),
    ...(defaults?.some((cell) => cell !== null) && { defaults }),
  } as Table;
}

/** The table with its input columns changed alike in every place that has one entry a column. */
const inputs = (table: Table, change: <T>(list: readonly T[], fill: T) => T[]): Table =>
  tidy({
    ...table,
    inputs: change(table.inputs, "run.value"),
    inputValues: table.inputValues && change(padded(table.inputValues, table.inputs.length, ""), ""),
    rules: table.rules.map((r) => ({ ...r, when: change(padded(r.when, table.inputs.length, "-"), "-") })),
  });
const outputs = (table: Table, change: <T>(list: readonly T[], fill: T) => T[]): Table =>
  tidy({
    ...table,
    outputs: change(table.outputs, "run.value"),
    outputValues: table.outputValues && change(padded(table.outputValues, table.outputs.length, ""), ""),
    defaults: table.defaults && change<OutputCell>(padded(table.defaults, table.outputs.length, null), null),
    rules: table.rules.map((r) => ({
      ...r,
      then: change<OutputCell>(padded(r.then, table.outputs.length, null), null),
    })),
  });

export const addInput = (table: Table): Table => inputs(table, (list, fill) => [...list, fill]);
export const addOutput = (table: Table): Table => outputs(table, (list, fill) => [...list, fill]);
export const dropInput = (table: Table, at: number): Table => inputs(table, (list) => without(list, at));
export const dropOutput = (table: Table, at: number): Table => outputs(table, (list) => without(list, at));
export const moveInput = (table: Table, at: number, by: number): Table =>
  inputs(table, (list) => moved(list, at, at + by));
export const moveOutput = (table: Table, at: number, by: number): Table =>
  outputs(table, (list) => moved(list, at, at + by));

export const setInputValues = (table: Table, at: number, text: string): Table =>
  tidy({ ...table, inputValues: swapped(padded(table.inputValues ?? [], table.inputs.length, ""), at, text) });
export const setOutputValues = (table: Table, at: number, text: string): Table =>
  tidy({ ...table, outputValues: swapped(padded(table.outputValues ?? [], table.outputs.length, ""), at, text) });
export const setDefault = (table: Table, at: number, cell: OutputCell): Table =>
  tidy({ ...table, defaults: swapped(padded<OutputCell>(table.defaults ?? [], table.outputs.length, null), at, cell) });

export const addRule = (table: Table): Table => ({
  ...table,
  rules: [...table.rules, { when: table.inputs.map(() => "-"), then: table.outputs.map(() => null) }],
});
export const dropRule = (table: Table, at: number): Table => ({ ...table, rules: without(table.rules, at) });
export const moveRule = (table: Table, at: number, by: number): Table =>
  at + by < 0 || at + by >= table.rules.length ? table : { ...table, rules: moved(table.rules, at, at + by) };
export const copyRule = (table: Table, at: number): Table => ({
  ...table,
  rules: [...table.rules.slice(0, at + 1), structuredClone(table.rules[at]!), ...table.rules.slice(at + 1)],
});

/** What makes a rule the same one in another version: its cells and its outputs, not its place or its note. */
export const ruleKey = ({ when, then }: Table["rules"][number]): string => JSON.stringify([when, then]);
