import { builtinNames } from "./builtin-names.ts";
import type { TypeScope } from "./types.ts";

export type Completion = { text: string; kind: "object" | "field" | "function" | "value"; detail: string };

/** What may stand at `position`: fields after a dot, values after a comparison with a picklist, else objects and functions. */
export function completions(text: string, position: number, types: TypeScope): { from: number; items: Completion[] } {
  const before = text.slice(0, position);
  const path = /([\p{L}_][\p{L}\p{N}_]*)\.([\p{L}\p{N}_]*)$/u.exec(before);
  if (path) {
    const fields = Object.hasOwn(types, path[1]!) ? types[path[1]!]! : {};
    return {
      from: position - path[2]!.length,
      items: Object.entries(fields)
        .filter(([name]) => name.startsWith(path[2]!))
        .map(([name, type]) => ({ text: name, kind: "field", detail: type.type })),
    };
  }
  const value =
    /([\p{L}_][\p{L}\p{N}_]*)\.([\p{L}\p{N}_]+)\s*(?:=|!=|in\s*\(?)\s*(?:"[^"]*",\s*)*"?([\p{L}\p{N}_]*)$/u.exec(
      before,
    );
  if (value) {
    const fields = Object.hasOwn(types, value[1]!) ? types[value[1]!]! : {};
    const values = Object.hasOwn(fields, value[2]!) ? (fields[value[2]!]!.values ?? []) : [];
    const quoted = before.at(-value[3]!.length - 1) === '"';
    if (values.length)
      return {
        from: position - value[3]!.length - (quoted ? 1 : 0),
        items: values
          .filter((v) => v.startsWith(value[3]!))
          .map((v) => ({ text: `"${v}"`, kind: "value", detail: value[2]! })),
      };
  }
  const word = /[\p{L}_][\p{L}\p{N}_]*$/u.exec(before)?.[0] ?? "";
  const objects = Object.keys(types)
    .filter((name) => name.startsWith(word))
    .map((name): Completion => ({ text: name, kind: "object", detail: "" }));
  const functions = word
    ? builtinNames
        .filter((name) => name.startsWith(word))
        .map((name): Completion => ({ text: `${name}()`, kind: "function", detail: "" }))
    : [];
  return { from: position - word.length, items: [...objects, ...functions] };
}
