import type { Plain, Values } from "@/server/engine/model.ts";
import { fold } from "@/server/records/fold.ts";
import { type Problem, type ProblemCode } from "../problem.ts";
import {
  type ColumnMapping,
  type FieldInfo,
  type Link,
  type Lookup,
  type Lookups,
  type Mapping,
  type ParseCell,
  type RowResult,
  externalId,
} from "./mapping.ts";
import { checkMapping } from "./check-mapping.ts";
import { type CsvRow } from "./read-csv.ts";
import { transformCell } from "./transform.ts";

export type MappingContext = {
  /** Column names of the table. */
  columns: readonly string[];
  fields: readonly FieldInfo[];
  parse: ParseCell;
  lookups: Lookups;
};

export type RowMapper = {
  map(row: CsvRow): RowResult;
};

/**
 * Prepares a mapping for a table; rows are then mapped one by one, in file order. Refused with every reason when a column or
 * field of the mapping does not exist. A row either becomes a record or names all that is wrong with it; an empty cell says
 * nothing and leaves what a record already has.
 */
export function createRowMapper(
  mapping: Mapping,
  context: MappingContext,
): { ok: true; mapper: RowMapper } | { ok: false; problems: Problem[] } {
  const problems = checkMapping(mapping, context);
  if (problems.length > 0) return { ok: false, problems };
  const plan = planOf(mapping, context);
  const seen = new Map<string, number>();
  return { ok: true, mapper: { map: (row) => mapRow(plan, row, seen) } };
}

type Cell = { from: ColumnMapping; at: number; field: FieldInfo; folded: Map<string, string> };
type Plan = { mapping: Mapping; context: MappingContext; fields: Map<string, FieldInfo>; cells: Cell[] };

function planOf(mapping: Mapping, context: MappingContext): Plan {
  const fields = new Map(context.fields.map((field) => [field.key, field]));
  fields.set(externalId, externalIdField);
  const cells = mapping.columns.flatMap((from): Cell[] => {
    const field = fields.get(from.field);
    const at = context.columns.indexOf(from.column);
    const folded = new Map(Object.entries(from.values ?? {}).map(([written, value]) => [fold(written), value]));
    return field ? [{ from, at, field, folded }] : [];
  });
  // Amounts and phones are read by the record's own currency and country, so those come first.
  const rank = ({ field }: Cell) => (field.type === "currency" || field.type === "country" ? 0 : 1);
  return { mapping, context, fields, cells: cells.sort((a, b) => rank(a) - rank(b)) };
}

type Draft = { row: CsvRow; values: Values; links: Link[]; problems: Problem[] };

function mapRow(plan: Plan, row: CsvRow, seen: Map<string, number>): RowResult {
  const draft: Draft = { row, values: {}, links: [], problems: [] };
  const given = defaultsFirst(plan, draft);
  for (const cell of plan.cells) readCell(plan, cell, draft);
  composeFields(plan, draft);
  const key = keyOf(plan, draft, seen);
  const ids =
    key === undefined || !plan.mapping.keyField
      ? []
      : plan.context.lookups.find(plan.mapping.recordType, plan.mapping.keyField, key);
  const [id] = ids;
  if (ids.length > 1)
    blame(draft, "key_repeated", plan.mapping.keyField ?? "", `${ids.length} records already have the key “${key}”.`);
  if (id === undefined) requireFields(plan, draft);
  else takeBackDefaults(plan, draft, given);
  const { values, links, problems } = draft;
  if (problems.length > 0) {
    // A row that is left out does not keep its key from a later, good one.
    if (key !== undefined && seen.get(key) === row.row) seen.delete(key);
    return { outcome: "error", row: row.row, ...(key !== undefined && { key }), problems };
  }
  if (id !== undefined && key !== undefined) return { outcome: "update", row: row.row, key, id, values, links };
  return { outcome: "new", row: row.row, ...(key !== undefined && { key }), values, links };
}

/** Puts the defaults of empty cells in, before the cells are read by them; returns what it put in. */
function defaultsFirst(plan: Plan, draft: Draft): Values {
  const mapped = new Set(
    plan.cells.filter(({ at }) => (draft.row.values[at] ?? "").trim() !== "").map(({ field }) => field.key),
  );
  for (const [key, text] of Object.entries(plan.mapping.defaults ?? {})) {
    const field = plan.fields.get(key);
    if (field && !mapped.has(key)) parseInto(plan, field, text, key, draft);
  }
  return { ...draft.values };
}

/** Defaults are for new records. Only a currency stays when the row brings an amount that was read by it. */
function takeBackDefaults(plan: Plan, draft: Draft, given: Values): void {
  const amounts = Object.keys(draft.values).some((key) => plan.fields.get(key)?.type === "money" && !(key in given));
  for (const [key, value] of Object.entries(given)) {
    const needed = amounts && plan.fields.get(key)?.type === "currency";
    if (!needed && draft.values[key] === value) delete draft.values[key];
  }
}

function readCell(plan: Plan, { from, at, field, folded }: Cell, draft: Draft): void {
  const written = (draft.row.values[at] ?? "").trim();
  if (written === "") return;
  const own = from.values && Object.hasOwn(from.values, written) ? from.values[written] : undefined;
  const replaced = own ?? folded.get(fold(written));
  const text = replaced ?? (from.transform ? transformCell(from.transform, written) : written);
  if (text === undefined) {
    blame(
      draft,
      "value_unreadable",
      from.column,
      `“${short(written)}” cannot be read as ${from.transform ?? "text"}.`,
      written,
    );
  } else if (from.lookup) findRecord(plan, from, from.lookup, { written, text }, draft);
  else parseInto(plan, field, text, from.column, draft, written);
}

function findRecord(
  plan: Plan,
  from: ColumnMapping,
  lookup: Lookup,
  { written, text }: { written: string; text: string },
  draft: Draft,
): void {
  const ids = plan.context.lookups.find(lookup.type, lookup.by, text);
  const [id] = ids;
  if (ids.length === 1 && id !== undefined) draft.values[from.field] = id;
  else if (ids.length > 1) {
    blame(
      draft,
      "lookup_missing",
      from.column,
      `${ids.length} records of type ${lookup.type} are called “${short(text)}”, so it is not clear which is meant.`,
      written,
    );
  } else if (lookup.create || lookup.sameFile) {
    draft.links.push({ field: from.field, type: lookup.type, by: lookup.by, text, create: lookup.create === true });
  } else blame(draft, "lookup_missing", from.column, `there is no ${lookup.type} called “${short(text)}”.`, written);
}

function parseInto(plan: Plan, field: FieldInfo, text: string, column: string, draft: Draft, written = text): void {
  if (field.key === externalId) {
    if (text.length > 255) blame(draft, "value_unreadable", column, "an id is longer than 255 characters.");
    else draft.values[externalId] = text;
    return;
  }
  const parsed = plan.context.parse(field, text, draft.values);
  if (parsed.ok) Object.assign(draft.values, present({ ...parsed.beside, [field.key]: parsed.value }));
  else blame(draft, field.values ? "value_unknown" : "value_unreadable", column, parsed.text, written);
}

function composeFields(plan: Plan, draft: Draft): void {
  for (const { field: key, columns, join } of plan.mapping.compose ?? []) {
    const field = plan.fields.get(key);
    const parts = columns.map((column) => (draft.row.values[plan.context.columns.indexOf(column)] ?? "").trim());
    const text = parts.filter((part) => part !== "").join(join);
    if (field && text !== "") parseInto(plan, field, text, columns.join(" + "), draft);
  }
}

function keyOf(plan: Plan, draft: Draft, seen: Map<string, number>): string | undefined {
  const { keyField } = plan.mapping;
  if (keyField === undefined) return undefined;
  const value = draft.values[keyField];
  const column = plan.mapping.columns.find((one) => one.field === keyField)?.column ?? keyField;
  if (value === undefined || value === null) {
    if (!draft.problems.some((problem) => problem.column === column))
      blame(draft, "key_missing", column, "the key is empty, so the record could not be found again.");
    return undefined;
  }
  const key = typeof value === "string" ? value : JSON.stringify(value);
  const first = seen.get(key);
  if (first === undefined) seen.set(key, draft.row.row);
  else blame(draft, "key_repeated", column, `“${short(key)}” already stands in row ${first}; that one is taken.`, key);
  return key;
}

function requireFields(plan: Plan, draft: Draft): void {
  for (const field of plan.context.fields) {
    if (!field.required || field.derived || field.hasDefault) continue;
    if (draft.values[field.key] !== undefined || draft.links.some((link) => link.field === field.key)) continue;
    const excused = plan.mapping.mayBeMissing?.some(
      ({ field: key, unless }) =>
        key === field.key && !(unless && unless.values.includes(String(draft.values[unless.field]))),
    );
    const column = plan.mapping.columns.find((one) => one.field === field.key)?.column ?? field.key;
    // A cell that was there but could not be read has been told already.
    const told = draft.problems.some((problem) => problem.column === column);
    if (!excused && !told) blame(draft, "required_missing", column, `${field.label.en} is missing.`);
  }
}

function blame(draft: Draft, code: ProblemCode, column: string, reason: string, value?: string): void {
  const { row } = draft.row;
  draft.problems.push({
    code,
    text: `Row ${row}, ${column}: ${reason}`,
    row,
    column,
    ...(value !== undefined && { value }),
  });
}

/** Nulls say nothing on import. */
const present = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, Exclude<Plain, null>] => entry[1] !== null),
  );

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

const externalIdField: FieldInfo = { key: externalId, type: "text", label: { en: "External id", vi: "Mã bên ngoài" } };
