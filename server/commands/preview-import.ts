/** What a file is and what an import of it would do, before anything is written. */
import type { Values } from "@/server/engine/model.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import { savedMappings } from "@/db/queries/imports.ts";
import { importFields } from "@/server/interop/csv/import-fields.ts";
import { detectLogColumns, type LogColumns } from "@/server/interop/csv/log-columns.ts";
import { type ColumnMapping, type FieldInfo, type Mapping, externalId } from "@/server/interop/csv/mapping.ts";
import { mappingSchema } from "@/server/interop/csv/mapping-schema.ts";
import { applyFixes, gatherPreview, type Preview, type ValueFix } from "@/server/interop/csv/preview-records.ts";
import { presetFor, presets } from "@/server/interop/csv/presets.ts";
import { type MappingSuggestion, suggestMapping } from "@/server/interop/csv/suggest-mapping.ts";
import type { FileReader } from "@/server/interop/file-reader.ts";
import { isXml } from "@/server/interop/read-log.ts";
import { moneyNumber } from "@/server/records/money.ts";
import { recordTypes } from "@/server/records/model.ts";
import type { Ask, Deps, FileDeps } from "./deps.ts";
import { fieldsFor, prepareImport } from "./prepare-import.ts";

export type Inspected = {
  ok: true;
  kind: "table" | "log";
  /** An XES file has no columns to choose. */
  columns: { name: string; samples: string[] }[];
  /** For a table: the mapping that fits, whose it is, and every one that could be chosen. */
  mapping: Mapping | null;
  mappingFrom: "preset" | "saved" | "suggested" | null;
  mappings: { name: string; mapping: Mapping; own: boolean }[];
  logColumns: Partial<LogColumns>;
  notices: string[];
};

const sampleRows = 200;
/** Types that people keep in tables; the order is which wins when two fit equally well. */
const usual = ["lead", "account", "contact", "opportunity", "product", "quote", "order", "subscription", "invoice"];

export async function inspectFile(deps: FileDeps, ask: Ask, bytes: Uint8Array): Promise<Inspected | Refusal> {
  const saved = (await savedMappings(deps.store, ask.workspaceId)).flatMap(({ name, mapping }) => {
    const read = mappingSchema.safeParse(mapping);
    return read.success ? [{ name, mapping: read.data, own: true }] : [];
  });
  const mappings = [...saved, ...presets.map((mapping) => ({ name: mapping.key, mapping, own: false }))];
  if (isXml(bytes)) return { ...nothing, kind: "log", mappings };
  const file = await readSample(deps.files, bytes);
  if (!file.ok) return file;
  const { sample } = file;
  const columns = file.columns.map((name, at) => ({
    name,
    samples: [...new Set(sample.map((row) => (row[at] ?? "").trim()).filter(Boolean))].slice(0, 3),
  }));
  const fits = (mapping: Mapping) => mapping.columns.every(({ column }) => file.columns.includes(column));
  const own = saved.find(({ mapping }) => fits(mapping))?.mapping;
  const preset = presetFor(file.columns);
  const logColumns = detectLogColumns(file.columns);
  const rest = {
    ok: true as const,
    columns,
    mappings: mappings.filter(({ mapping }) => fits(mapping)),
    logColumns,
    notices: file.notices,
  };
  if (own ?? preset)
    return { ...rest, kind: "table", mapping: own ?? preset ?? null, mappingFrom: own ? "saved" : "preset" };
  const suggested = await bestSuggestion(deps, ask, file.columns, sample);
  if (!suggested.ok) return suggested;
  const kind = isLog(file.columns, logColumns, sample) ? "log" : "table";
  return { ...rest, kind, mapping: suggested.mapping, mappingFrom: "suggested" };
}

const nothing = {
  ok: true as const,
  columns: [],
  mapping: null,
  mappingFrom: null,
  logColumns: {},
  notices: [],
};

/** A log says more than once what happened to the same case. */
function isLog(columns: readonly string[], roles: Partial<LogColumns>, sample: readonly string[][]): boolean {
  if (roles.case === undefined || roles.activity === undefined || roles.time === undefined) return false;
  const at = columns.indexOf(roles.case);
  const cases = sample.map((row) => row[at] ?? "");
  return new Set(cases).size < cases.length;
}

/** The record type whose fields most of the columns are named after, with the mapping to it. */
async function bestSuggestion(
  deps: Deps,
  ask: Ask,
  columns: readonly string[],
  sample: readonly string[][],
): Promise<{ ok: true; mapping: Mapping } | Refusal> {
  let best: Mapping | null = null;
  for (const recordType of usual) {
    const one = await suggestFor(deps, ask, recordType, columns, sample);
    if (!one.ok) return one;
    if (best === null || one.mapping.columns.length > best.columns.length) best = one.mapping;
  }
  return { ok: true, mapping: best! };
}

/** A mapping of these columns to one record type. What is required and not in the file is left empty rather than refused. */
async function suggestFor(
  deps: Deps,
  ask: Ask,
  recordType: string,
  columns: readonly string[],
  sample: readonly string[][],
): Promise<{ ok: true; mapping: Mapping } | Refusal> {
  const known = await fieldsFor(deps, ask, { recordType }, false);
  if (!known.ok) return known;
  if (!recordTypes(known.model).some(({ key }) => key === recordType))
    return refuse("INVALID", `There is no record type ${recordType}.`);
  const { fields } = importFields(recordType, known.model);
  const { columns: found, keyField } = suggestMapping(recordType, columns, sample, fields);
  const { currency } = await deps.contexts.get(ask.workspaceId, ask.now);
  const filled = new Set(found.map(({ field }) => field));
  return {
    ok: true,
    mapping: {
      key: "file",
      recordType,
      source: "file",
      ...(keyField !== undefined && { keyField }),
      columns: found.map(withoutReason),
      ...(fields.some(({ key }) => key === "currency") && !filled.has("currency") && { defaults: { currency } }),
      mayBeMissing: fields
        .filter(({ key, required, hasDefault }) => required && !hasDefault && key !== "currency" && !filled.has(key))
        .map(({ key }) => ({ field: key })),
    },
  };
}

const withoutReason = ({ column, field, transform, values, lookup }: MappingSuggestion): ColumnMapping => ({
  column,
  field,
  ...(transform && { transform }),
  ...(values && { values }),
  ...(lookup && { lookup }),
});

/** The same for a file: what another type of record would make of its columns. */
export async function suggestForFile(
  deps: FileDeps,
  ask: Ask,
  recordType: string,
  bytes: Uint8Array,
): Promise<{ ok: true; mapping: Mapping } | Refusal> {
  const read = await readSample(deps.files, bytes);
  return read.ok ? suggestFor(deps, ask, recordType, read.columns, read.sample) : read;
}

type Sample = { ok: true; columns: string[]; sample: string[][]; notices: string[] };

async function readSample(files: FileReader, bytes: Uint8Array): Promise<Sample | Refusal> {
  const file = await files.csv(bytes);
  if (!file.ok) return refuse("INVALID", file.problem.text);
  const sample: string[][] = [];
  for await (const piece of file.pieces) {
    if (piece.type === "refused") return refuse("INVALID", piece.problem.text);
    sample.push(...piece.rows.map(({ values }) => values));
    if (sample.length >= sampleRows) break;
  }
  return { ok: true, columns: file.columns, sample, notices: file.notices.map(({ text }) => text) };
}

export type TablePreview = Pick<Preview, "counts" | "problems" | "fixes" | "creates"> & {
  ok: true;
  total: number;
  rows: { row: number; outcome: "new" | "update" | "error"; cells: Record<string, string>; problems: string[] }[];
  /** Fields as the first rows show them. */
  fields: { key: string; label: FieldInfo["label"]; values: readonly string[] | null }[];
};

/** Reads the whole file as the import would, and writes nothing. */
export async function previewTable(
  deps: FileDeps,
  ask: Ask,
  {
    bytes,
    mapping: given,
    fixes,
  }: { bytes: Uint8Array; mapping: Mapping; fixes: Pick<ValueFix, "column" | "from" | "to">[] },
  most = 20,
): Promise<TablePreview | Refusal> {
  const mapping = applyFixes(given, fixes);
  const file = await deps.files.csv(bytes);
  if (!file.ok) return refuse("INVALID", file.problem.text);
  const prepared = await prepareImport(deps, ask, mapping, file.columns, { write: false });
  if (!prepared.ok) return prepared;
  const { mapper, fields, lookups } = prepared;
  const gathering = gatherPreview(mapping, { fields, lookups }, { rows: most });
  const raw = new Map<number, string[]>();
  for await (const piece of file.pieces) {
    if (piece.type === "refused") return refuse("INVALID", piece.problem.text);
    for (const problem of piece.problems) gathering.addProblem(problem);
    for (const row of piece.rows) {
      if (raw.size < most) raw.set(row.row, row.values);
      gathering.add(mapper.map(row));
    }
  }
  const { results, counts, ...found } = gathering.preview();
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const shown = [...new Set([...mapping.columns, ...(mapping.compose ?? [])].map(({ field }) => field))];
  const columnOf = new Map(mapping.columns.map(({ field, column }) => [field, file.columns.indexOf(column)]));
  return {
    ok: true,
    counts,
    total: counts.new + counts.update + counts.error,
    ...found,
    fields: shown.map((key) => ({
      key,
      label: byKey.get(key)?.label ?? {
        en: key === externalId ? "External ID" : key,
        vi: key === externalId ? "Mã bên ngoài" : key,
      },
      values: byKey.get(key)?.values ?? null,
    })),
    rows: results.map((result) => {
      const written = raw.get(result.row) ?? [];
      const values: Values = result.outcome === "error" ? {} : result.values;
      return {
        row: result.row,
        outcome: result.outcome,
        problems: result.outcome === "error" ? result.problems.map(({ text }) => text) : [],
        cells: Object.fromEntries(
          shown.map((key) => {
            const cell = written[columnOf.get(key) ?? -1] ?? "";
            return [key, result.outcome === "error" ? cell : textOf(byKey.get(key), values, key, cell)];
          }),
        ),
      };
    }),
  };
}

/** A read value as a person would write it; a reference as the file names it. */
function textOf(field: FieldInfo | undefined, values: Values, key: string, cell: string): string {
  const value = values[key];
  if (field?.type === "reference") return cell;
  if (value === null || value === undefined) return "";
  if (field?.type === "money")
    return String(moneyNumber({}, value, typeof values.currency === "string" ? values.currency : null) ?? "");
  if (field?.type === "datetime" && typeof value === "number") return new Date(value).toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export type LogPreview = {
  ok: true;
  events: number;
  cases: number;
  leftOut: number;
  from: number;
  to: number;
  activities: { name: string; events: number; cases: number }[];
  problems: { text: string; count: number }[];
  notices: string[];
};

/** Reads the log as the import would: how much there is, what happens in it, and what cannot be read. */
export async function previewLog(
  { files }: Pick<FileDeps, "files">,
  bytes: Uint8Array,
  columns: Partial<LogColumns>,
): Promise<LogPreview | Refusal> {
  const reading = await files.log(bytes, columns);
  if (!reading.ok) return refuse("INVALID", reading.problem.text);
  const { log, rows, problems, problemCounts, notices } = reading;
  const activities = new Map<string, { events: number; cases: Set<string> }>();
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { activity, caseId, at, startAt = at } of log.events) {
    const counted = activities.get(activity) ?? { events: 0, cases: new Set<string>() };
    counted.events++;
    counted.cases.add(caseId);
    activities.set(activity, counted);
    from = Math.min(from, startAt);
    to = Math.max(to, at);
  }
  const firstOf = new Map(problems.toReversed().map(({ code, text }) => [code, text]));
  return {
    ok: true,
    events: log.events.length,
    cases: new Set(log.events.map(({ caseId }) => caseId)).size,
    leftOut: Math.max(0, rows - log.events.length),
    from: Math.floor(from),
    to: Math.floor(to),
    activities: [...activities]
      .map(([name, { events, cases }]) => ({ name, events, cases: cases.size }))
      .sort((a, b) => b.events - a.events)
      .slice(0, 50),
    problems: Object.entries(problemCounts).map(([code, count]) => ({
      text: firstOf.get(code as (typeof problems)[number]["code"]) ?? code,
      count,
    })),
    notices: notices.map(({ text }) => text),
  };
}
