/** Fields that a workspace adds to a record type: `x_…`, of the same kinds as ours. */
import { z } from "zod";
import { type Field, companionOf } from "./field.ts";
import { type RecordModel, recordType } from "./model.ts";
import type { PicklistValue } from "./picklists.ts";

const label = z.strictObject({ en: z.string().trim().min(1).max(80), vi: z.string().trim().min(1).max(80) });
const kinds = [
  "text",
  "long_text",
  "email",
  "phone",
  "url",
  "integer",
  "decimal",
  "percent",
  "money",
  "date",
  "datetime",
  "boolean",
  "picklist",
  "multi_picklist",
  "reference",
] as const;

/** How the workspace's settings keep one. */
export const customFieldSchema = z.strictObject({
  recordType: z.string(),
  key: z.string().regex(/^x_[a-z][a-z0-9_]{0,58}$/),
  type: z.enum(kinds),
  label,
  /** Values of a picklist; a retired one stays readable. */
  values: z
    .array(
      z.strictObject({
        value: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_]{0,59}$/),
        label,
        retired: z.literal(true).optional(),
      }),
    )
    .max(500)
    .optional(),
  to: z.string().optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  personal: z.boolean().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
});
export type CustomField = z.infer<typeof customFieldSchema>;

export type CustomFieldProblem = { key: string; code: string; text: string };
export type WithCustomFields = { ok: true; model: RecordModel } | { ok: false; problems: CustomFieldProblem[] };

/** The model with the workspace's fields; all of them, or the reasons why not. The given model is not touched. */
export function withCustomFields(model: RecordModel, written: readonly unknown[]): WithCustomFields {
  const problems: CustomFieldProblem[] = [];
  const types: Record<string, RecordModel["types"][string]> = { ...model.types };
  const picklists: Record<string, readonly PicklistValue[]> = { ...model.picklists };
  for (const one of written) {
    const read = customFieldSchema.safeParse(one);
    if (!read.success) {
      problems.push(unreadable(one, read.error));
      continue;
    }
    const custom = read.data;
    const problem = wrong(custom, { types, picklists });
    const type = types[custom.recordType];
    if (problem || !type) {
      problems.push(
        problem ?? { key: custom.key, code: "record_type", text: `There is no record type ${custom.recordType}.` },
      );
      continue;
    }
    const field = fieldFrom(custom);
    const companion = companionOf(field);
    types[type.key] = {
      ...type,
      fields: { ...type.fields, [field.key]: field, ...(companion && { [companion.key]: companion }) },
    };
    if (field.picklist)
      picklists[field.picklist] = (custom.values ?? []).map(({ value, label, retired }) => ({
        value,
        label,
        ...(retired && { retired }),
      }));
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, model: { types, picklists } };
}

function unreadable(one: unknown, error: z.ZodError): CustomFieldProblem {
  const key = typeof one === "object" && one !== null && "key" in one && typeof one.key === "string" ? one.key : "";
  const issue = error.issues[0];
  const where = issue?.path.join(".") ?? "";
  if (where === "key")
    return {
      key,
      code: "key",
      text: `“${key}” is not a field name: it begins with x_ and goes on with small letters, digits and underscores.`,
    };
  return {
    key,
    code: "definition",
    text: `The field ${key || "without a name"} cannot be read${where ? ` at ${where}` : ""}: ${issue?.message ?? "it is not a field"}.`,
  };
}

function wrong(custom: CustomField, model: RecordModel): CustomFieldProblem | null {
  const problem = (code: string, text: string) => ({ key: custom.key, code, text });
  const type = recordType(custom.recordType, model);
  if (!type) return problem("record_type", `There is no record type ${custom.recordType}.`);
  if (Object.hasOwn(type.fields, custom.key))
    return problem("twice", `${type.label.en} already has a field ${custom.key}.`);
  const isList = custom.type === "picklist" || custom.type === "multi_picklist";
  if (isList && !custom.values?.length) return problem("values", `The list ${custom.key} needs at least one value.`);
  if (!isList && custom.values)
    return problem("values", `Only a list has values; ${custom.key} is of type ${custom.type}.`);
  if (custom.values && new Set(custom.values.map(({ value }) => value)).size < custom.values.length)
    return problem("values_twice", `The list ${custom.key} names a value twice.`);
  if (custom.type === "reference" && !recordType(custom.to ?? "", model))
    return problem("to", `The reference ${custom.key} has to name the record type it points to.`);
  if (custom.min !== undefined && custom.max !== undefined && custom.min > custom.max)
    return problem("range", `The smallest value of ${custom.key} is above its largest.`);
  return null;
}

const fieldFrom = (custom: CustomField): Field => ({
  key: custom.key,
  type: custom.type,
  label: custom.label,
  custom: true,
  ...(custom.values && { picklist: `${custom.recordType}.${custom.key}` }),
  ...(custom.to !== undefined && { to: custom.to }),
  ...(custom.required && { required: true }),
  ...(custom.unique && { unique: true }),
  ...(custom.personal && { personal: true }),
  ...(custom.min !== undefined && { min: custom.min }),
  ...(custom.max !== undefined && { max: custom.max }),
});
