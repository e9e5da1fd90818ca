/** What kind of value a part of an expression gives, as far as its text and the record type tell; and which kinds go together. */
import type { Ast } from "./ast.ts";
import type { Problem } from "./parse.ts";
import type { TypeScope } from "./types.ts";
import { parseDate, parseDateTime, parseDuration, parseTime } from "./value.ts";

type Kind = "number" | "text" | "boolean" | "date" | "datetime" | "time" | "duration";

/** How each is called in a sentence. */
const words: Record<Kind, string> = {
  number: "a number",
  text: "a text",
  boolean: "a yes or no",
  date: "a date",
  datetime: "a date with a time",
  time: "a time of day",
  duration: "a length of time",
};

const results: Readonly<Record<string, Kind>> = {
  now: "datetime",
  today: "date",
  date: "date",
  time: "time",
  "date and time": "datetime",
  duration: "duration",
  "years and months duration": "duration",
  count: "number",
  number: "number",
  "string length": "number",
  floor: "number",
  ceiling: "number",
  decimal: "number",
  modulo: "number",
  string: "text",
  "upper case": "text",
  "lower case": "text",
  substring: "text",
  trim: "text",
  contains: "boolean",
  "starts with": "boolean",
  "ends with": "boolean",
  matches: "boolean",
};

/** Null when it is not known. */
export function kindOf(ast: Ast, types: TypeScope, bound: ReadonlySet<string>): Kind | null {
  const inner = (part: Ast) => kindOf(part, types, bound);
  switch (ast.kind) {
    case "number":
      return "number";
    case "string":
      return "text";
    case "boolean":
    case "compare":
    case "between":
    case "in":
    case "and":
    case "or":
      return "boolean";
    case "at":
      if (parseDate(ast.text)) return "date";
      if (parseDateTime(ast.text)) return "datetime";
      if (parseTime(ast.text)) return "time";
      return parseDuration(ast.text) ? "duration" : null;
    case "path": {
      if (ast.object.kind !== "name" || bound.has(ast.object.name)) return null;
      const fields = Object.hasOwn(types, ast.object.name) ? types[ast.object.name] : undefined;
      const type = fields && Object.hasOwn(fields, ast.name) ? fields[ast.name]!.type : "any";
      return type === "any" || type === "list" ? null : type;
    }
    case "call":
      return ast.callee.kind === "name" && Object.hasOwn(results, ast.callee.name) ? results[ast.callee.name]! : null;
    case "negate":
      return inner(ast.value);
    case "if": {
      const yes = inner(ast.yes);
      return yes !== null && yes === inner(ast.no) ? yes : null;
    }
    case "arithmetic": {
      const [left, right] = [inner(ast.left), inner(ast.right)];
      return left === null || right === null ? null : together(ast.operator, left, right);
    }
    default:
      return null;
  }
}

type Operator = Extract<Ast, { kind: "arithmetic" }>["operator"];
const isMoment = (kind: Kind) => kind === "date" || kind === "datetime" || kind === "time";

/** What two kinds give; null when they do not go together. */
function together(operator: Operator, a: Kind, b: Kind): Kind | null {
  if (a === "number" && b === "number") return "number";
  switch (operator) {
    case "+":
      if (a === "text" && b === "text") return "text";
      if (a === "duration" && b === "duration") return "duration";
      if (isMoment(a) && b === "duration") return a;
      return a === "duration" && isMoment(b) ? b : null;
    case "-":
      if (a === "duration" && b === "duration") return "duration";
      if (isMoment(a) && b === "duration") return a;
      return isMoment(a) && isMoment(b) && (a === "time") === (b === "time") ? "duration" : null;
    case "*":
      return (a === "duration" && b === "number") || (a === "number" && b === "duration") ? "duration" : null;
    case "/":
      if (a === "duration" && b === "duration") return "number";
      return a === "duration" && b === "number" ? "duration" : null;
    case "**":
      return null;
    default:
      return operator satisfies never;
  }
}

/** Two sides of a comparison that no value can make true, with what to write instead. */
export function compareProblem(left: Ast, right: Ast, types: TypeScope, bound: ReadonlySet<string>): Problem | null {
  const [a, b] = [kindOf(left, types, bound), kindOf(right, types, bound)];
  if (a === null || b === null || a === b) return null;
  const at = { from: left.from, to: right.to };
  const moments = new Set([a, b]);
  if (moments.has("date") && moments.has("datetime"))
    return {
      code: "NEVER_COMPARABLE",
      text: "A date and a date with a time cannot be compared. Write date(…) around the one with the time.",
      ...at,
    };
  return { code: "NEVER_COMPARABLE", text: `This compares ${words[a]} with ${words[b]}, which never holds.`, ...at };
}

/** Two parts of a calculation that do not go together, with what to write instead. */
export function arithmeticProblem(
  ast: Extract<Ast, { kind: "arithmetic" }>,
  types: TypeScope,
  bound: ReadonlySet<string>,
): Problem | null {
  const [a, b] = [kindOf(ast.left, types, bound), kindOf(ast.right, types, bound)];
  if (a === null || b === null || together(ast.operator, a, b) !== null) return null;
  const at = { from: ast.from, to: ast.to };
  const additive = ast.operator === "+" || ast.operator === "-";
  if (additive && ((isMoment(a) && b === "number") || (a === "number" && isMoment(b))))
    return {
      code: "NEVER_TOGETHER",
      text: 'A bare number has no unit here. Write duration("P3D") for three days, duration("PT8H") for eight hours.',
      ...at,
    };
  if (additive && ((a === "text" && b === "number") || (a === "number" && b === "text")))
    return { code: "NEVER_TOGETHER", text: "Write string(…) around the number to join it to a text.", ...at };
  return {
    code: "NEVER_TOGETHER",
    text: `${ast.operator} does not go with ${words[a]} and ${words[b]}.`,
    ...at,
  };
}
