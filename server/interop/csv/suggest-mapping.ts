import { dateOrderOf } from "../instant.ts";
import { fieldSynonyms } from "./field-synonyms.ts";
import { type ColumnMapping, type FieldInfo, externalId } from "./mapping.ts";
import { letters } from "./nearest-name.ts";
import { type Transform } from "./transform.ts";

/** A proposal to be looked at; a column without one is left out of the import. */
export type MappingSuggestion = ColumnMapping & { why: "same_name" | "known_name" | "looks_like" };

/**
 * Proposes which column fills which field of a record type: by the field's own key and labels, by the names other systems
 * give it, then by what the cells look like. Each field is proposed once. `sample` are the first rows.
 */
export function suggestMapping(
  recordType: string,
  columns: readonly string[],
  sample: readonly (readonly string[])[],
  fields: readonly FieldInfo[],
): { columns: MappingSuggestion[]; keyField?: string } {
  const usable = fields.filter((field) => !field.derived);
  const taken = new Set<string>();
  const found = new Map<string, { field: string; why: MappingSuggestion["why"] }>();
  const take = (column: string, field: string | undefined, why: MappingSuggestion["why"]) => {
    if (field === undefined || taken.has(field) || found.has(column)) return;
    taken.add(field);
    found.set(column, { field, why });
  };
  for (const column of columns)
    take(column, usable.find((field) => ownNames(field).includes(letters(column)))?.key, "same_name");
  // Names of the type itself before names that mean the same everywhere: "sector" is an account's before anyone's.
  for (const names of [fieldSynonyms[recordType] ?? {}, fieldSynonyms.any ?? {}]) {
    for (const column of columns) take(column, knownField(names, column, usable), "known_name");
  }
  for (const [at, column] of columns.entries())
    take(column, fieldByLook(cellsOf(sample, at), usable)?.key, "looks_like");

  const suggestions = columns.flatMap((column, at): MappingSuggestion[] => {
    const hit = found.get(column);
    const field = usable.find(({ key }) => key === hit?.field);
    return hit ? [{ column, field: hit.field, why: hit.why, ...(field && readingOf(field, cellsOf(sample, at))) }] : [];
  });
  const keyField =
    suggestions.find(({ field }) => field === externalId)?.field ??
    suggestions.find(({ field }) => naturalKeys.includes(field))?.field;
  return { columns: suggestions, ...(keyField !== undefined && { keyField }) };
}

const naturalKeys = ["email", "domain", "sku", "number"];

const ownNames = ({ key, label }: FieldInfo): string[] =>
  [key, key.replace(/_id$/, ""), label.en, label.vi].map(letters);

function knownField(
  names: Readonly<Record<string, readonly string[]>>,
  column: string,
  fields: readonly FieldInfo[],
): string | undefined {
  const wanted = letters(column);
  const hit = Object.entries(names).find(([, synonyms]) =>
    synonyms.some((synonym) => letters(synonym) === wanted),
  )?.[0];
  return hit === externalId || fields.some(({ key }) => key === hit) ? hit : undefined;
}

const cellsOf = (sample: readonly (readonly string[])[], at: number): string[] =>
  sample.map((row) => (row[at] ?? "").trim()).filter((cell) => cell !== "");

/** Only what cannot be mistaken: addresses. */
function fieldByLook(cells: readonly string[], fields: readonly FieldInfo[]): FieldInfo | undefined {
  if (cells.length === 0) return undefined;
  if (cells.every((cell) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(cell)))
    return fields.find(({ type }) => type === "email");
  if (cells.every((cell) => /^https?:\/\//i.test(cell))) return fields.find(({ type }) => type === "url");
  return undefined;
}

/** How the cells of a column have to be read for its field: by which lookup, in which order of day and month. */
function readingOf(field: FieldInfo, cells: readonly string[]): Pick<ColumnMapping, "transform" | "lookup"> {
  if (field.type === "reference" && field.to !== undefined) {
    const mail = cells.length > 0 && cells.every((cell) => cell.includes("@"));
    return { lookup: { type: field.to, by: mail ? "email" : "name" } };
  }
  const transform = transformFor(field, cells);
  return transform ? { transform } : {};
}

function transformFor(field: FieldInfo, cells: readonly string[]): Transform | undefined {
  switch (field.type) {
    case "date":
    case "datetime": {
      const order = dateOrderOf(cells)?.order;
      return order && `date:${order}`;
    }
    case "money":
    case "decimal":
    case "percent": {
      const comma = cells.some((cell) => /,\d{1,2}$/.test(cell) || /\.\d{3},/.test(cell));
      const point = cells.some((cell) => /\.\d{1,2}$/.test(cell) || /,\d{3}\./.test(cell));
      return comma && !point ? "decimal:comma" : undefined;
    }
    default:
      return undefined;
  }
}
