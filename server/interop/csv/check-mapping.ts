import { type Problem, reservedNames } from "../problem.ts";
import { type FieldInfo, type Mapping, externalId } from "./mapping.ts";

/** What makes a mapping unusable for this table and record type; empty when it fits. */
export function checkMapping(
  mapping: Mapping,
  table: { columns: readonly string[]; fields: readonly FieldInfo[] },
): Problem[] {
  const problems: Problem[] = [];
  const columns = new Set(table.columns);
  const fields = new Map(table.fields.map((field) => [field.key, field]));
  const say = (code: Problem["code"], text: string, column?: string) =>
    problems.push({ code, text, ...(column !== undefined && { column }) });

  const named = [
    ...mapping.columns.map(({ column }) => column),
    ...(mapping.compose ?? []).flatMap((one) => one.columns),
  ];
  for (const column of new Set(named)) {
    if (!columns.has(column))
      say("column_missing", `The table has no column “${column}”. It has: ${table.columns.join(", ")}.`, column);
  }
  const filled = new Map<string, string>();
  const targets = [
    ...mapping.columns.map(({ field, column }) => [field, column] as const),
    ...(mapping.compose ?? []).map(({ field, columns: from }) => [field, from.join(" + ")] as const),
  ];
  for (const [field, column] of targets) {
    const other = filled.get(field);
    if (other !== undefined)
      say(
        "field_twice",
        `The field ${field} is filled from “${other}” and from “${column}”. Keep one of them.`,
        column,
      );
    filled.set(field, column);
    checkTarget(field, column);
  }
  for (const field of Object.keys(mapping.defaults ?? {})) checkTarget(field);
  if (mapping.keyField !== undefined && !filled.has(mapping.keyField)) {
    say("key_not_mapped", `Records are to be found again by ${mapping.keyField}, but no column fills it.`);
  }
  return problems;

  function checkTarget(key: string, column?: string): void {
    if (key === externalId) return;
    const field = fields.get(key);
    if (!field || reservedNames.has(key))
      say("field_unknown", `There is no field ${key} on ${mapping.recordType}.`, column);
    else if (field.derived) say("field_unknown", `The field ${key} is computed and cannot be imported.`, column);
  }
}
