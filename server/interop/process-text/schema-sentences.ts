import type { z } from "zod";
import { hint } from "./take.ts";
import { fileKey } from "./shape.ts";

/** What the schema has against a value, in a sentence that names the key as the file writes it. */
export function sentenceOf(issue: z.core.$ZodIssue, document: unknown): string {
  const value = at(document, issue.path);
  const key = nameOf(issue.path);
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? `${key} is missing.`
        : `${key} should be ${typeName(issue.expected)}, not ${shown(value)}.`;
    case "invalid_value": {
      const values = issue.values.map(String);
      if (value === undefined) return `${key} is missing; it is one of ${values.join(", ")}.`;
      if (values.length === 1) return `${key} should be “${values[0]}”, not ${shown(value)}.`;
      return `${key} should be one of ${values.join(", ")}, not ${shown(value)}${hint(String(value), values)}.`;
    }
    case "too_big":
      return `${key} is too long or too large: at most ${String(issue.maximum)}.`;
    case "too_small":
      return `${key} is too short or too small: at least ${String(issue.minimum)}.`;
    case "invalid_format":
      return `${key} ${shown(value)} is not written right: ${issue.message}.`;
    case "unrecognized_keys":
      return `There is no setting ${issue.keys.map((k) => `“${fileKey(k)}”`).join(", ")} here.`;
    case "invalid_key":
      return `“${String(issue.path.at(-1))}” cannot be a name here: ${issue.issues[0]?.message ?? "letters, digits and _ only"}.`;
    case "invalid_union":
    case "invalid_element":
    case "not_multiple_of":
    case "custom":
      return `${key} cannot be ${shown(value)}.`;
    default:
      return issue satisfies never;
  }
}

function nameOf(path: readonly PropertyKey[]): string {
  const names = path.filter((part) => typeof part === "string");
  const last = names.at(-1);
  if (last === undefined) return "The file";
  return typeof path.at(-1) === "number" ? `An entry of ${fileKey(last)}` : `“${fileKey(last)}”`;
}

function at(document: unknown, path: readonly PropertyKey[]): unknown {
  let value = document;
  for (const key of path) value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return value;
}

function shown(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a group of keys";
  const text = String(value);
  return `“${text.length > 60 ? `${text.slice(0, 59)}…` : text}”`;
}

function typeName(expected: string): string {
  switch (expected) {
    case "string":
      return "text";
    case "int":
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "object":
    case "record":
      return "a group of keys";
    default:
      return expected;
  }
}
