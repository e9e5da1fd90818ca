/**
 * How the process document's schema looks to a file: which keys an object takes and under which name they are written. Files
 * write `snake_case`, the document `camelCase`; keys that people choose (roles, fields, variables) are never touched.
 */
import { z } from "zod";
import { feel, nodeSchema, stepKinds } from "@/server/engine/process.ts";
import { steps } from "@/server/steps/index.ts";

export type ObjectField = { key: string; schema: z.ZodType; fallback: unknown };
export type Shape =
  | { kind: "object"; fields: ReadonlyMap<string, ObjectField> }
  /** Which object it is, is said by the value of one key. */
  | { kind: "variants"; by: string; options: ReadonlyMap<string, z.ZodType> }
  /** Keys are people's own. */
  | { kind: "map"; value: z.ZodType }
  | { kind: "list"; item: z.ZodType }
  | { kind: "text"; feel: boolean }
  | { kind: "other" };

const known = new WeakMap<z.ZodType, Shape>();

export function shapeOf(schema: z.ZodType): Shape {
  const inner = unwrap(schema);
  let shape = known.get(inner);
  if (!shape) known.set(inner, (shape = describe(inner)));
  return shape;
}

export const fileKey = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What a node's `config` may hold depends on the node's kind; null for a kind nobody knows. */
export const configSchemaOf = (kind: unknown): z.ZodType | null => {
  const known = stepKinds.find((k) => k === kind);
  return known ? steps[known].config : null;
};
export const isNodeSchema = (schema: z.ZodType): boolean => unwrap(schema) === nodeSchema;

function describe(schema: z.ZodType): Shape {
  if (schema === feel) return { kind: "text", feel: true };
  if (schema instanceof z.ZodString) return { kind: "text", feel: false };
  if (schema instanceof z.ZodArray) return { kind: "list", item: classic(schema.element) };
  if (schema instanceof z.ZodRecord) return { kind: "map", value: classic(schema.valueType) };
  if (schema instanceof z.ZodObject) return { kind: "object", fields: fieldsOf(schema) };
  if (schema instanceof z.ZodDiscriminatedUnion) return variantsOf(schema);
  return { kind: "other" };
}

function fieldsOf(schema: z.ZodObject): ReadonlyMap<string, ObjectField> {
  return new Map(
    Object.entries(schema.shape).map(([key, value]) => {
      const field = classic(value);
      const fallback = field instanceof z.ZodDefault ? field.def.defaultValue : undefined;
      return [fileKey(key), { key, schema: field, fallback }];
    }),
  );
}

function variantsOf(schema: z.ZodDiscriminatedUnion): Shape {
  const by = schema.def.discriminator;
  const options = new Map<string, z.ZodType>();
  for (const option of schema.options) {
    const object = classic(option);
    const name = object instanceof z.ZodObject ? object.shape[by] : undefined;
    if (name instanceof z.ZodLiteral) options.set(String(name.value), object);
  }
  return { kind: "variants", by, options };
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = classic(inner.def.innerType);
  return inner;
}

/** zod types what it holds inside by its small core; everything in this schema was made with its full face. */
const classic = (schema: z.core.$ZodType): z.ZodType => schema as z.ZodType;
