/**
 * Conditions as rules people can pick, and back to FEEL. Lossless: a text is shown as rules only when the rules written down
 * again mean exactly the same syntax tree; everything else stays text.
 */
import type { Ast } from "@/server/engine/expression/ast.ts";
import { parse } from "@/server/engine/expression/parse.ts";

export const operators = [
  "=",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "empty",
  "filled",
  "in",
  "notIn",
  "between",
  "contains",
  "startsWith",
  "endsWith",
] as const;
export type Operator = (typeof operators)[number];
/** `value`: FEEL as it stands in the text (`"pursue"`, `3`, `today()`); several, with commas, for `in` and `between`. */
export type Rule = { field: string; operator: string; value: string };
export type Rules = { combinator: "and" | "or"; rules: (Rule | Rules)[] };

export const isGroup = (one: Rule | Rules): one is Rules => "rules" in one;

/** The rules a text says, or null when it says more than rules can. An empty text is no rule at all. */
export function readCondition(text: string): Rules | null {
  if (!text.trim()) return { combinator: "and", rules: [] };
  const parsed = parse(text, "expression");
  if (!parsed.ok) return null;
  const read = groupOf(parsed.ast, text);
  if (!read) return null;
  const again = parse(writeCondition(read), "expression");
  return again.ok && shape(again.ast) === shape(parsed.ast) ? read : null;
}

/** The same tree without where it stands in the text. */
const shape = (ast: Ast) =>
  JSON.stringify(ast, (key, value: unknown) => (key === "from" || key === "to" ? undefined : value));

function groupOf(ast: Ast, text: string): Rules | null {
  if (ast.kind !== "and" && ast.kind !== "or") {
    const rule = ruleOf(ast, text);
    return rule && { combinator: "and", rules: [rule] };
  }
  const parts: Ast[] = [];
  let at: Ast = ast;
  while (at.kind === ast.kind) {
    parts.unshift(at.right);
    at = at.left;
  }
  parts.unshift(at);
  const rules: (Rule | Rules)[] = [];
  for (const part of parts) {
    const read = part.kind === "and" || part.kind === "or" ? groupOf(part, text) : ruleOf(part, text);
    if (!read) return null;
    rules.push(read);
  }
  return { combinator: ast.kind, rules };
}

const pathOf = (ast: Ast): string | null =>
  ast.kind === "path" && ast.object.kind === "name" ? `${ast.object.name}.${ast.name}` : null;

function ruleOf(ast: Ast, text: string): Rule | null {
  const slice = (part: Ast) => text.slice(part.from, part.to);
  switch (ast.kind) {
    case "compare": {
      const field = pathOf(ast.left);
      if (!field) return null;
      if (ast.right.kind === "null" && (ast.operator === "=" || ast.operator === "!="))
        return { field, operator: ast.operator === "=" ? "empty" : "filled", value: "" };
      return { field, operator: ast.operator, value: slice(ast.right) };
    }
    case "in": {
      const field = pathOf(ast.value);
      return field && ast.tests.every(isLiteral)
        ? { field, operator: "in", value: ast.tests.map(slice).join(", ") }
        : null;
    }
    case "between": {
      const field = pathOf(ast.value);
      return field === null ? null : { field, operator: "between", value: `${slice(ast.low)}, ${slice(ast.high)}` };
    }
    case "call": {
      const name = ast.callee.kind === "name" ? ast.callee.name : "";
      const [first, second] = ast.args;
      if (name === "not" && first?.kind === "in" && ast.args.length === 1) {
        const inner = ruleOf(first, text);
        return inner && { ...inner, operator: "notIn" };
      }
      const operator = calls.find(([, call]) => call === name)?.[0];
      const field = first && pathOf(first);
      return operator && field && second && ast.args.length === 2 && isLiteral(second)
        ? { field, operator, value: slice(second) }
        : null;
    }
    default:
      return null;
  }
}

const isLiteral = (ast: Ast) =>
  ast.kind === "string" || ast.kind === "number" || ast.kind === "boolean" || ast.kind === "null";

const calls: [Operator, string][] = [
  ["contains", "contains"],
  ["startsWith", "starts with"],
  ["endsWith", "ends with"],
];

/** Rules as FEEL. Groups inside groups stand in brackets. */
export function writeCondition({ combinator, rules }: Rules): string {
  return rules
    .map((one) => (isGroup(one) ? (one.rules.length ? `(${writeCondition(one)})` : "") : writeRule(one)))
    .filter(Boolean)
    .join(` ${combinator} `);
}

function writeRule({ field, operator, value }: Rule): string {
  if (!field) return "";
  switch (operator) {
    case "empty":
      return `${field} = null`;
    case "filled":
      return `${field} != null`;
    case "in":
      return `${field} in (${value || "null"})`;
    case "notIn":
      return `not(${field} in (${value || "null"}))`;
    case "between": {
      const [low, high] = splitValues(value);
      return `${field} between ${low || "0"} and ${high || "0"}`;
    }
    default: {
      const call = calls.find(([op]) => op === operator)?.[1];
      return call ? `${call}(${field}, ${value || '""'})` : `${field} ${operator} ${value || "null"}`;
    }
  }
}

/** `"a", "b, c"` → the two values; commas inside quotes and brackets do not divide. */
export function splitValues(value: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = "";
  for (let i = 0; i < value.length; i++) {
    const c = value[i]!;
    if (quoted && c === "\\") {
      part += c + (value[++i] ?? "");
      continue;
    }
    if (c === '"') quoted = !quoted;
    else if (!quoted && "([{".includes(c)) depth++;
    else if (!quoted && ")]}".includes(c)) depth--;
    if (c === "," && !quoted && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += c;
  }
  if (part.trim()) parts.push(part.trim());
  return parts;
}

/** Text between quotes, as FEEL writes it, and back. Null when the value is no plain text. */
export const quoted = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
export function unquoted(value: string): string | null {
  const parsed = parse(value, "expression");
  return parsed.ok && parsed.ast.kind === "string" ? parsed.ast.value : null;
}

/** What a field can be asked. */
export function operatorsOf(kind: string): Operator[] {
  switch (kind) {
    case "choice":
      return ["=", "!=", "in", "notIn", "empty", "filled"];
    case "boolean":
      return ["=", "!=", "empty", "filled"];
    case "number":
    case "date":
    case "datetime":
      return ["=", "!=", "<", "<=", ">", ">=", "between", "empty", "filled"];
    case "list":
      return ["empty", "filled"];
    case "text":
      return ["=", "!=", "contains", "startsWith", "endsWith", "in", "notIn", "empty", "filled"];
    default:
      return [...operators];
  }
}

/** What a rule begins with, so that it means something at once. */
export const firstValue = (kind: string, options: readonly { value: string }[]): string =>
  kind === "choice"
    ? quoted(options[0]?.value ?? "")
    : kind === "boolean"
      ? "true"
      : kind === "number"
        ? "0"
        : kind === "date"
          ? "today()"
          : kind === "datetime"
            ? "now()"
            : '""';
