/**
 * A YAML tree to plain data in the document's key names, led by the schema. Keeps where each part stood, so that whatever is
 * found out about it later can be said with a line.
 */
import { isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import type { z } from "zod";
import { reservedNames } from "../problem.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { FileProblem } from "./file-problem.ts";
import type { Place } from "./parse-yaml.ts";
import { configSchemaOf, isNodeSchema, type ObjectField, shapeOf } from "./shape.ts";

export type Taken = {
  place: Place;
  problems: FileProblem[];
  /** Offset of each value, by its path in the document. */
  offsets: Map<string, number>;
  /** Every FEEL text, by its path. */
  expressions: { path: string; text: string }[];
};

export type Path = readonly (string | number)[];
export const pathKey = (path: readonly PropertyKey[]): string => path.map(String).join("/");

export function take(node: Node | null, schema: z.ZodType, path: Path, taken: Taken): unknown {
  if (node?.range) taken.offsets.set(pathKey(path), node.range[0]);
  const shape = shapeOf(schema);
  if (isSeq(node))
    return node.items.map((item, i) =>
      take(itemNode(item), shape.kind === "list" ? shape.item : schema, [...path, i], taken),
    );
  if (isMap(node)) {
    const pairs = named(node.items as Pair<Node, Node | null>[], path, taken);
    switch (shape.kind) {
      case "object":
        return takeObject(pairs, schema, shape.fields, path, taken);
      case "variants": {
        const which = pairs.find((pair) => pair.name === shape.by)?.value;
        const option = isScalar(which) ? shape.options.get(String(which.value)) : undefined;
        if (option) return takeObject(pairs, option, fieldsOf(option), path, taken);
        say(
          taken,
          path,
          "WRONG_VALUE",
          isScalar(which)
            ? `There is no ${shape.by} “${String(which.value)}”${hint(String(which.value), shape.options.keys())}.`
            : `This needs a ${shape.by}: one of ${[...shape.options.keys()].join(", ")}.`,
          which?.range?.[0],
        );
        return null;
      }
      case "map":
        return Object.fromEntries(
          pairs.map(({ name, value }) => [name, take(value, shape.value, [...path, name], taken)]),
        );
      case "list":
      case "text":
      case "other":
        return Object.fromEntries(pairs.map(({ name, value }) => [name, take(value, schema, [...path, name], taken)]));
      default:
        return shape satisfies never;
    }
  }
  if (!isScalar(node)) return null;
  // FEEL `5` and the name `2024` are text, whatever YAML makes of them.
  const text =
    shape.kind === "text" && (typeof node.value === "number" || typeof node.value === "boolean")
      ? (node.source ?? String(node.value))
      : node.value;
  if (shape.kind === "text" && shape.feel && typeof text === "string")
    taken.expressions.push({ path: pathKey(path), text });
  return text;
}

type Named = { name: string; key: Node; value: Node | null };

function takeObject(
  pairs: Named[],
  schema: z.ZodType,
  fields: ReadonlyMap<string, ObjectField>,
  path: Path,
  taken: Taken,
): Record<string, unknown> {
  const kind = isNodeSchema(schema) ? pairs.find((pair) => pair.name === "kind")?.value : null;
  const config = isScalar(kind) ? configSchemaOf(kind.value) : null;
  const isConfig = path.at(-1) === "config";
  const object: Record<string, unknown> = {};
  for (const { name, key, value } of pairs) {
    const field = fields.get(name);
    if (field)
      object[field.key] = take(
        value,
        field.key === "config" && config ? config : field.schema,
        [...path, field.key],
        taken,
      );
    else if (isConfig) object[name] = take(value, schema, [...path, name], taken);
    else
      say(
        taken,
        [...path, name],
        "UNKNOWN_KEY",
        `There is no key “${name}” here${hint(name, fields.keys())}.`,
        key.range?.[0],
      );
  }
  return object;
}

const fieldsOf = (schema: z.ZodType): ReadonlyMap<string, ObjectField> => {
  const shape = shapeOf(schema);
  return shape.kind === "object" ? shape.fields : new Map();
};

/** Pairs with the names they go by; a key that is no text, or that could reach an object's prototype, is refused. */
function named(pairs: Pair<Node, Node | null>[], path: Path, taken: Taken): Named[] {
  return pairs.flatMap(({ key, value }) => {
    const name = isScalar(key) && typeof key.value === "string" ? key.value : null;
    if (name === null)
      say(
        taken,
        path,
        "WRONG_VALUE",
        "A key is a name in letters here. Put it in quotes if it is a number.",
        key.range?.[0],
      );
    else if (reservedNames.has(name)) say(taken, path, "RESERVED_NAME", `“${name}” cannot be a name.`, key.range?.[0]);
    else return [{ name, key, value }];
    return [];
  });
}

const itemNode = (item: unknown): Node | null =>
  item !== null && typeof item === "object" && "range" in item ? (item as Node) : null;

export const hint = (word: string, known: Iterable<string>): string => {
  const meant = didYouMean(word, known);
  return meant ? `; did you mean “${meant}”?` : "";
};

/** Adds a problem at an offset, or at the nearest part around the path whose place is known. */
export function say(
  taken: Taken,
  path: readonly PropertyKey[],
  code: FileProblem["code"],
  text: string,
  offset?: number,
  severity: FileProblem["severity"] = "error",
): void {
  let at = offset ?? taken.offsets.get(pathKey(path));
  for (let length = path.length - 1; at === undefined && length >= 0; length--)
    at = taken.offsets.get(pathKey(path.slice(0, length)));
  taken.problems.push({
    severity,
    code,
    text: text.replace(/\?\.$/, "?"),
    ...taken.place(at ?? 0),
    path: pathKey(path),
  });
}
