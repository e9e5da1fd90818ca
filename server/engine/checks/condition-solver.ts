/**
 * Whether conditions can hold together: exact over comparisons of fields with values and with each other, joined by and, or, not.
 * Each field is tried with every value that makes a difference (each value it is compared with, one in every gap, none at all);
 * whatever else a condition holds is taken as a yes, no or nothing that knows no other. So "never together" is a proof, and where
 * it cannot tell it is silent.
 */
import { childrenOf, compile, type Compiled, type FeelValue } from "../expression/index.ts";
import type { Ast } from "../expression/ast.ts";
import { parse } from "../expression/parse.ts";
import { fieldOf } from "../clocks/time-conditions.ts";

/** A condition that is to hold, or (`not`) that is not to hold: to be false or nothing. */
export type Asked = { text: string; not?: boolean };

const mostTries = 20_000;
/** Any instant does: fields are compared with it, never it with a date. */
const anyInstant = Date.UTC(2026, 5, 15, 12);

/** No record makes all of these true together: proved. False also when it cannot be told. */
export function neverTogether(asked: readonly Asked[]): boolean {
  const formulas: { root: Formula; not: boolean }[] = [];
  const collected = newCollection();
  for (const { text, not = false } of asked) {
    const parsed = parse(text, "expression");
    if (!parsed.ok) return false;
    formulas.push({ root: read(parsed.ast, text, collected), not });
  }
  const choices = choicesOf(collected);
  if (!choices) return false;
  const variables = [...choices, ...[...collected.opaque].map((name): Choices => [name, [true, false, null]])];
  if (variables.reduce((product, [, values]) => product * values.length, 1) > mostTries) return false;
  const values = new Map<string, FeelValue>();
  const scope = {
    now: anyInstant,
    zone: "UTC",
    get(object: string): FeelValue | undefined {
      const context: Record<string, FeelValue> = {};
      for (const [name, value] of values)
        if (name.startsWith(`${object}.`)) context[name.slice(object.length + 1)] = value;
      return Object.keys(context).length ? context : undefined;
    },
  };
  const decide = (formula: Formula): boolean | null => {
    switch (formula.kind) {
      case "value":
        return formula.value;
      case "opaque":
        return values.get(formula.name) as boolean | null;
      case "leaf": {
        const { value } = formula.condition.evaluate(scope);
        return typeof value === "boolean" ? value : null;
      }
      case "not": {
        const inner = decide(formula.of);
        return inner === null ? null : !inner;
      }
      case "and":
      case "or": {
        const [left, right] = [decide(formula.left), decide(formula.right)];
        const strong = formula.kind === "or";
        if (left === strong || right === strong) return strong;
        return left === null || right === null ? null : !strong;
      }
      default:
        return formula satisfies never;
    }
  };
  const found = (index: number): boolean => {
    const variable = variables[index];
    if (!variable) return formulas.every(({ root, not }) => (decide(root) === true) !== not);
    return variable[1].some((value) => {
      values.set(variable[0], value);
      return found(index + 1);
    });
  };
  return !found(0);
}

/** Wherever the first holds (all of them), the second holds too: proved. */
export const implies = (first: readonly string[], second: string): boolean =>
  neverTogether([...first.map((text) => ({ text })), { text: second, not: true }]);

type Formula =
  | { kind: "and" | "or"; left: Formula; right: Formula }
  | { kind: "not"; of: Formula }
  | { kind: "leaf"; condition: Compiled }
  | { kind: "value"; value: boolean | null }
  | { kind: "opaque"; name: string };

type Choices = [string, readonly FeelValue[]];
type Collection = {
  opaque: Set<string>;
  /** Field → the class of fields it is compared with, by one of them. */
  parent: Map<string, string>;
  literals: Map<string, Literal[]>;
};
/** `feel`: how it is written. */
type Literal = { kind: LiteralKind; feel: string; value: FeelValue };
type LiteralKind = "number" | "text" | "boolean" | "null" | "date" | "moment" | "now";

const newCollection = (): Collection => ({ opaque: new Set(), parent: new Map(), literals: new Map() });

function read(ast: Ast, text: string, into: Collection): Formula {
  if (ast.kind === "and" || ast.kind === "or")
    return { kind: ast.kind, left: read(ast.left, text, into), right: read(ast.right, text, into) };
  if (ast.kind === "boolean") return { kind: "value", value: ast.value };
  if (ast.kind === "null") return { kind: "value", value: null };
  if (ast.kind === "call" && ast.callee.kind === "name" && ast.callee.name === "not" && ast.args.length === 1)
    return { kind: "not", of: read(ast.args[0]!, text, into) };
  const own = text.slice(ast.from, ast.to);
  return leaf(ast, own, into) ?? opaque(own, into);
}

function opaque(text: string, into: Collection): Formula {
  const name = `?${text.replace(/\s+/g, " ").trim()}`;
  into.opaque.add(name);
  return { kind: "opaque", name };
}

/** A comparison that the tried values decide exactly; null for anything else. */
function leaf(ast: Ast, text: string, into: Collection): Formula | null {
  const operands = operandsOf(ast);
  if (!operands) return null;
  const fields = operands.flatMap((one) => fieldOf(one) ?? []);
  const rest = operands.filter((one) => fieldOf(one) === null);
  const literals = rest.map(literalOf);
  if (!fields.length || literals.some((one) => one === null)) return null;
  const kinds = new Set(literals.map((one) => one!.kind));
  // Texts have an order, but the values tried do not stand in every gap of it.
  if (kinds.has("text") && ordered(ast)) return null;
  const condition = compile(text);
  if (!condition.ok) return null;
  for (const field of fields) join(into, fields[0]!, field);
  const known = into.literals.get(fields[0]!) ?? [];
  into.literals.set(fields[0]!, [...known, ...literals.flatMap((one) => one ?? [])]);
  return { kind: "leaf", condition: condition.expression };
}

const ordered = (ast: Ast): boolean =>
  ast.kind === "between" ||
  ast.kind === "range" ||
  ((ast.kind === "compare" || ast.kind === "unary") && ast.operator !== "=" && ast.operator !== "!=") ||
  childrenOf(ast).some(ordered);

/** What a comparison compares: fields and values, whatever is written around them. */
function operandsOf(ast: Ast): Ast[] | null {
  switch (ast.kind) {
    case "path":
      return [ast];
    case "compare":
      return [ast.left, ast.right];
    case "between":
      return [ast.value, ast.low, ast.high];
    case "in":
      return [ast.value, ...ast.tests.flatMap(testOperands)];
    default:
      return null;
  }
}

function testOperands(test: Ast): Ast[] {
  if (test.kind === "list") return test.items.flatMap(testOperands);
  if (test.kind === "unary") return [test.value];
  if (test.kind === "range") return [test.low, test.high];
  return [test];
}

function literalOf(ast: Ast): Literal | null {
  if (ast.kind === "number") return { kind: "number", feel: String(ast.value), value: ast.value };
  if (ast.kind === "negate" && ast.value.kind === "number")
    return { kind: "number", feel: String(-ast.value.value), value: -ast.value.value };
  if (ast.kind === "string") return { kind: "text", feel: JSON.stringify(ast.value), value: ast.value };
  if (ast.kind === "boolean") return { kind: "boolean", feel: String(ast.value), value: ast.value };
  if (ast.kind === "null") return { kind: "null", feel: "null", value: null };
  const written = timeLiteral(ast);
  if (!written) return null;
  const value = valueOf(written.feel);
  return value === null ? null : { ...written, value };
}

function timeLiteral(ast: Ast): Omit<Literal, "value"> | null {
  if (ast.kind === "at" && /^\d{4}-\d\d-\d\d$/.test(ast.text)) return { kind: "date", feel: `date("${ast.text}")` };
  if (ast.kind === "at" && /^\d{4}-\d\d-\d\dT/.test(ast.text))
    return { kind: "moment", feel: `date and time("${ast.text}")` };
  if (ast.kind !== "call" || ast.callee.kind !== "name") return null;
  const [argument] = ast.args;
  const { name } = ast.callee;
  if ((name === "today" || name === "now") && ast.args.length === 0) return { kind: "now", feel: `${name}()` };
  if (ast.args.length !== 1 || argument?.kind !== "string") return null;
  if (name === "date") return { kind: "date", feel: `date(${JSON.stringify(argument.value)})` };
  return name === "date and time" ? { kind: "moment", feel: `date and time(${JSON.stringify(argument.value)})` } : null;
}

function valueOf(text: string): FeelValue {
  const compiled = compile(text);
  return compiled.ok
    ? compiled.expression.evaluate({ now: anyInstant, zone: "UTC", get: () => undefined }).value
    : null;
}

function rootOf({ parent }: Collection, field: string): string {
  let root = field;
  for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
  return root;
}
function join(into: Collection, a: string, b: string): void {
  const [left, right] = [rootOf(into, a), rootOf(into, b)];
  into.parent.set(left, left);
  into.parent.set(right, left);
  if (!into.parent.has(b)) into.parent.set(b, left);
}

/** The values to try for each field: as many in every gap as there are fields that stand in it together; null when that is no proof. */
function choicesOf(into: Collection): Choices[] | null {
  const classes = new Map<string, string[]>();
  for (const field of into.parent.keys()) {
    const root = rootOf(into, field);
    classes.set(root, [...(classes.get(root) ?? []), field]);
  }
  const choices: Choices[] = [];
  for (const fields of classes.values()) {
    const literals = fields.flatMap((field) => into.literals.get(field) ?? []);
    // Where today lies among dates that are written out, nobody knows.
    const kinds = new Set(literals.map(({ kind }) => kind));
    if (kinds.has("now") && (kinds.has("date") || kinds.has("moment"))) return null;
    const tried = valuesFor(literals, fields.length);
    choices.push(...fields.map((field): Choices => [field, tried]));
  }
  return choices;
}

function valuesFor(literals: readonly Literal[], many: number): FeelValue[] {
  const tried: FeelValue[] = [null, true, false];
  const of = (kind: LiteralKind) => literals.filter((one) => one.kind === kind);
  const numbers = [...new Set(of("number").map(({ value }) => value as number))].sort((a, b) => a - b);
  const steps = Array.from({ length: many }, (_, i) => i + 1);
  const times = [...of("date"), ...of("moment"), ...of("now")];
  if (numbers.length || (!of("text").length && !times.length)) {
    const [lowest, highest] = [numbers[0] ?? 0, numbers.at(-1) ?? 0];
    tried.push(...numbers, ...steps.flatMap((i) => [lowest - i, highest + i]), ...(numbers.length ? [] : [0]));
    numbers.slice(1).forEach((high, i) => {
      const low = numbers[i]!;
      tried.push(...steps.map((n) => low + ((high - low) * n) / (many + 1)));
    });
  }
  if (of("text").length)
    tried.push(...new Set(of("text").map(({ value }) => value)), ...steps.map((i) => `\u0001 another ${i}`));
  for (const { kind, feel } of new Map(times.map((one) => [one.feel, one])).values()) {
    const step = kind === "date" || feel === "today()" ? "P1D" : "PT1M";
    tried.push(valueOf(feel));
    for (const i of steps)
      for (const sign of ["+", "-"]) tried.push(valueOf(`${feel} ${sign} duration("${step.replace("1", String(i))}")`));
  }
  return tried;
}
