/** A process as text: the same document always gives the same text, and reading it back gives the same document. */
import { Document, isCollection, isScalar, isSeq, type Node, visit } from "yaml";
import type { z } from "zod";
import { type Process, processSchema } from "@/server/engine/process.ts";
import { configSchemaOf, fileKey, isNodeSchema, shapeOf } from "./shape.ts";

/** YAML, keys in the order of the schema. Small things stand on one line, so that a change is a line in a comparison. */
export function writeProcess(process: Process): string {
  const document = new Document(fileForm(process, processSchema), {
    version: "1.2",
    schema: "core",
    aliasDuplicateObjects: false,
  });
  layOut(document);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false, indent: 2 });
}

export const writeProcessJson = (process: Process): string =>
  `${JSON.stringify(fileForm(process, processSchema), null, 2)}\n`;

/** The document with the file's key names; what says nothing (an empty list or map that is there by default) is left out. */
function fileForm(value: unknown, schema: z.ZodType): unknown {
  const shape = shapeOf(schema);
  if (Array.isArray(value)) return shape.kind === "list" ? value.map((item) => fileForm(item, shape.item)) : value;
  if (!isPlainObject(value)) return value;
  switch (shape.kind) {
    case "object":
      return objectForm(value, schema);
    case "variants": {
      const option = shape.options.get(String(value[shape.by]));
      return option ? objectForm(value, option) : value;
    }
    case "map":
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fileForm(item, shape.value)]));
    case "list":
    case "text":
    case "other":
      return value;
    default:
      return shape satisfies never;
  }
}

function objectForm(value: Record<string, unknown>, schema: z.ZodType): Record<string, unknown> {
  const shape = shapeOf(schema);
  const fields = shape.kind === "object" ? [...shape.fields.values()] : [];
  const form: Record<string, unknown> = {};
  for (const field of fields) {
    const item = value[field.key];
    if (item === undefined || (isEmpty(item) && isEmpty(field.fallback))) continue;
    const config = field.key === "config" && isNodeSchema(schema) ? configSchemaOf(value.kind) : null;
    form[fileKey(field.key)] = fileForm(item, config ?? field.schema);
  }
  // What the schema does not know (a setting of a step kind that has since lost it) is kept as it is.
  for (const [key, item] of Object.entries(value))
    if (item !== undefined && !fields.some((field) => field.key === key)) form[key] = item;
  return form;
}

const isEmpty = (value: unknown): boolean =>
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isPlainObject(value) && Object.keys(value).length === 0);
const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** How long a list or map may be, in characters of JSON, to stand on one line. */
const oneLine = 140;

function layOut(document: Document): void {
  visit(document, {
    Scalar(_, node) {
      // Other characters than plain ones survive only within double quotes, where they can be escaped.
      if (typeof node.value === "string" && !plainText.test(node.value)) node.type = "QUOTE_DOUBLE";
    },
    Collection(_, node, path) {
      const depth = path.filter(isCollection).length;
      const leaf = isSeq(node) && node.items.every((item) => isScalar(item));
      if (depth === 0 || (depth === 1 && !leaf)) return;
      if (fitsOneLine(node)) node.flow = true;
    },
  });
}

const plainText = /^[\n\x20-\x7e\u00a0-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\ud7ff]*$/;

function fitsOneLine(node: Node): boolean {
  const text = JSON.stringify(node);
  return text.length <= oneLine && !text.includes("\\n");
}
