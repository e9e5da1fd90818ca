/** Checks an expression against the record type while it is written: unknown names, values a picklist does not have, comparisons that never hold. */
import { builtinNames } from "./builtin-names.ts";
import type { Ast } from "./ast.ts";
import { arithmeticProblem, compareProblem } from "./kinds.ts";
import type { Problem } from "./parse.ts";

export type FieldType = {
  type: "text" | "number" | "boolean" | "date" | "datetime" | "duration" | "list" | "any";
  values?: readonly string[];
  /** A number without a fraction. */
  whole?: boolean;
};
/**
 * Object name → field → type: `{ opportunity: { stage: { type: "text", values: […] } }, run: {…} }`. The field `*`: it may have
 * any, or be no object at all.
 */
export type TypeScope = Readonly<Record<string, Readonly<Record<string, FieldType>>>>;

export function checkTypes(ast: Ast, types: TypeScope): Problem[] {
  const problems: Problem[] = [];
  visit(ast, types, new Set(), problems);
  return problems;
}

function visit(node: Ast, types: TypeScope, bound: ReadonlySet<string>, problems: Problem[]): void {
  const all = (nodes: Ast[], names = bound) => nodes.forEach((n) => visit(n, types, names, problems));
  switch (node.kind) {
    case "name":
      if (node.name !== "?" && !bound.has(node.name) && !Object.hasOwn(types, node.name) && !isBuiltin(node.name))
        problems.push({
          code: "UNKNOWN_NAME",
          text: `There is no ${node.name}.${hint(node.name, Object.keys(types))}`,
          from: node.from,
          to: node.to,
        });
      return;
    case "path": {
      if (node.object.kind !== "name" || bound.has(node.object.name)) return visit(node.object, types, bound, problems);
      const fields = Object.hasOwn(types, node.object.name) ? types[node.object.name] : undefined;
      if (!fields)
        problems.push({
          code: "UNKNOWN_NAME",
          text: `There is no ${node.object.name}.${hint(node.object.name, Object.keys(types))}`,
          from: node.object.from,
          to: node.object.to,
        });
      else if (!Object.hasOwn(fields, node.name) && !Object.hasOwn(fields, "*"))
        problems.push({
          code: "UNKNOWN_FIELD",
          text: `${node.object.name} has no field ${node.name}.${hint(node.name, Object.keys(fields))}`,
          from: node.from,
          to: node.to,
        });
      return;
    }
    case "compare":
      all([node.left, node.right]);
      // The sentence about a field and a literal says more than the one about any two kinds.
      if (!compared(node.left, node.right, types, problems) && !compared(node.right, node.left, types, problems))
        tell(compareProblem(node.left, node.right, types, bound), problems);
      return;
    case "in":
      all([node.value, ...node.tests]);
      for (const test of node.tests)
        for (const item of test.kind === "list" ? test.items : [test]) compared(node.value, item, types, problems);
      return;
    case "call":
      if (node.callee.kind === "name" && !isBuiltin(node.callee.name) && !bound.has(node.callee.name))
        problems.push({
          code: "UNKNOWN_FUNCTION",
          text: `There is no function ${node.callee.name}.${hint(node.callee.name, [...builtinNames])}`,
          from: node.callee.from,
          to: node.callee.to,
        });
      return all(node.args);
    case "for":
    case "quantified": {
      const inner = new Set([...bound, ...node.iterators.map((i) => i.name), "partial"]);
      all(
        node.iterators.flatMap((i) => (i.to ? [i.list, i.to] : [i.list])),
        inner,
      );
      return visit(node.body, types, inner, problems);
    }
    case "function":
      return visit(node.body, types, new Set([...bound, ...node.parameters.map((p) => p.name)]), problems);
    case "context": {
      const inner = new Set(bound);
      for (const { key, value } of node.entries) {
        visit(value, types, inner, problems);
        inner.add(key);
      }
      return;
    }
    case "filter":
      return visit(node.list, types, bound, problems);
    case "negate":
    case "unary":
    case "instance":
      return visit(node.value, types, bound, problems);
    case "arithmetic":
      all([node.left, node.right]);
      return tell(arithmeticProblem(node, types, bound), problems);
    case "and":
    case "or":
      return all([node.left, node.right]);
    case "between":
      all([node.value, node.low, node.high]);
      for (const end of [node.low, node.high]) tell(compareProblem(node.value, end, types, bound), problems);
      return;
    case "if":
      return all([node.condition, node.yes, node.no]);
    case "list":
      return all(node.items);
    case "range":
      return all([node.low, node.high]);
    case "tests":
      return all(node.tests);
    case "number":
    case "string":
    case "boolean":
    case "null":
    case "at":
    case "any":
      return;
    default:
      return node satisfies never;
  }
}

/** A field beside a literal: the literal must be of its kind, and one of its values. */
function compared(field: Ast, literal: Ast, types: TypeScope, problems: Problem[]): boolean {
  const before = problems.length;
  lookAt(field, literal, types, problems);
  return problems.length > before;
}
function tell(problem: Problem | null, problems: Problem[]): void {
  if (problem) problems.push(problem);
}
function lookAt(field: Ast, literal: Ast, types: TypeScope, problems: Problem[]): void {
  if (field.kind !== "path" || field.object.kind !== "name") return;
  const fields = Object.hasOwn(types, field.object.name) ? types[field.object.name] : undefined;
  const type = fields && Object.hasOwn(fields, field.name) ? fields[field.name] : undefined;
  if (!type || type.type === "any") return;
  const name = `${field.object.name}.${field.name}`;
  if (literal.kind === "string" && type.values && !type.values.includes(literal.value))
    problems.push({
      code: "UNKNOWN_VALUE",
      text: `${name} is never “${literal.value}”.${hint(literal.value, type.values)}`,
      from: literal.from,
      to: literal.to,
    });
  const kind =
    literal.kind === "string"
      ? "text"
      : literal.kind === "number"
        ? "number"
        : literal.kind === "boolean"
          ? "boolean"
          : null;
  if (kind && type.type !== kind && type.type !== "list")
    problems.push({
      code: "NEVER_EQUAL",
      text: `${name} is a ${type.type}, so it is never the ${kind} ${literal.kind === "string" ? `“${literal.value}”` : "written here"}.`,
      from: literal.from,
      to: literal.to,
    });
}

const isBuiltin = (name: string) => (builtinNames as readonly string[]).includes(name);

/** " Did you mean …?" for the nearest of the known names. */
function hint(name: string, known: readonly string[]): string {
  let best: string | null = null;
  let least = 3;
  for (const candidate of known) {
    const distance = edits(name, candidate, least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best ? ` Did you mean ${best}?` : "";
}

function edits(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
