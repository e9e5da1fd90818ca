/** What the words of a template may name: its objects and their fields, its variables, roles and queues. */
import { compile } from "@/server/engine/expression/index.ts";
import { fieldOf, picklist, type RecordModel, recordType } from "@/server/records/model.ts";
import type { Field } from "@/server/records/field.ts";
import { toFeelText } from "./feel-dialect.ts";
import type { Template } from "./template-schema.ts";

export type FieldKind = { type: Field["type"]; values: readonly string[] | null; to?: string };
export type Vocabulary = {
  template: Template;
  model: RecordModel;
  /** `object.field` or `run.variable`; null when nothing has that name. */
  field(path: string): FieldKind | null;
  /** The record type behind a name of the template. */
  typeOf(object: string): string | null;
  /** FEEL that parses and names only what exists, in the product's dialect; else null. */
  expression(text: string): string | null;
  /** FEEL that says yes or no: it compares, tests or calls something. */
  condition(text: string): string | null;
};

export function vocabularyOf(template: Template, model: RecordModel): Vocabulary {
  const typeOf = (object: string) =>
    (object === template.object || Object.hasOwn(template.related, object)) && recordType(object, model)
      ? object
      : null;
  const field = (path: string): FieldKind | null => {
    const dot = path.indexOf(".");
    const [object, name] = [path.slice(0, dot), path.slice(dot + 1)];
    if (object === "run") {
      const variable = Object.hasOwn(template.variables, path) ? template.variables[path] : undefined;
      return variable ? { type: variable.type, values: variable.values ?? null } : null;
    }
    const type = typeOf(object) ?? (recordType(object, model) ? object : null);
    const known = type ? fieldOf(type, name, model) : null;
    if (!known) return null;
    const values = known.picklist ? picklist(known.picklist, model).map(({ value }) => value) : null;
    return { type: known.type, values, ...(known.to && { to: known.to }) };
  };
  const expression = (text: string) => {
    const feel = toFeelText(text.trim());
    const compiled = compile(feel);
    if (!compiled.ok) return null;
    return compiled.expression.reads.every(
      (name) => name.startsWith("step.") || (name.includes(".") && field(name) !== null),
    )
      ? feel
      : null;
  };
  const condition = (text: string) => (/[=<>(]|\b(in|between|instance of)\b/.test(text) ? expression(text) : null);
  return { template, model, field, typeOf, expression, condition };
}
