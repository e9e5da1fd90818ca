/**
 * Syntax tree → closures. Every step costs fuel, so nothing can hang; nothing throws: what fails is null, and the first reason is
 * kept. Names are looked up by own keys only.
 */
import { add, divide, multiply, negate, power, subtract } from "./arithmetic.ts";
import { type Builtin, builtins } from "./builtins.ts";
import { compareBy, equal, order } from "./compare.ts";
import type { Ast, TypeName } from "./parse.ts";
import { property } from "./property.ts";
import {
  type FeelContext,
  type FeelFunction,
  type FeelRange,
  type FeelValue,
  isContext,
  isDate,
  isDateTime,
  isDuration,
  isFunction,
  isRange,
  isTime,
  makeDate,
  makeDateTime,
  makeFunction,
  makeRange,
  parseDate,
  parseDateTime,
  parseDuration,
  parseTime,
  toFeelDateTime,
} from "./value.ts";
import { dayMs, wallAt } from "../zone.ts";

export type Scope = {
  get(name: string): FeelValue | undefined;
  now: number;
  zone: string;
  fuel?: number;
  /** Whether a value is of a type that FEEL does not know by itself, such as an item definition of a DMN model. */
  isOfNamedType?: (value: FeelValue, name: string) => boolean;
};
export type Frame = {
  scope: Scope;
  locals: Locals | null;
  fuel: number;
  error: string | null;
  input: FeelValue;
  depth: number;
};
type Locals = { name: string; value: FeelValue; next: Locals | null };
export type Code = (f: Frame) => FeelValue;

const mostList = 10_000;
const mostString = 65_536;
const mostCalls = 128;

/** Thrown and caught inside one evaluation only: fuel, list and text bounds. */
export class Exhausted extends Error {}

const spend = (f: Frame, n = 1) => {
  f.fuel -= n;
  if (f.fuel < 0) throw new Exhausted("This expression takes too many steps. Make it smaller.");
};
const bounded = <T extends FeelValue>(value: T): T => {
  if (Array.isArray(value) && value.length > mostList)
    throw new Exhausted(`A list in this expression is longer than ${mostList} items.`);
  if (typeof value === "string" && value.length > mostString)
    throw new Exhausted("A text in this expression is longer than 64 kB.");
  return value;
};
const fail = (f: Frame, text: string): null => {
  f.error ??= text;
  return null;
};

function lookup(f: Frame, name: string): FeelValue | undefined {
  for (let local = f.locals; local; local = local.next) if (local.name === name) return local.value;
  return f.scope.get(name);
}

export function toCode(ast: Ast): Code {
  switch (ast.kind) {
    case "number":
    case "string":
    case "boolean": {
      const { value } = ast;
      return () => value;
    }
    case "null":
    case "any":
      return () => null;
    case "at": {
      const value = parseDate(ast.text) ?? parseDateTime(ast.text) ?? parseTime(ast.text) ?? parseDuration(ast.text);
      return value ? () => value : (f) => fail(f, `“${ast.text}” is no date, time or duration.`);
    }
    case "name":
      return nameCode(ast.name);
    case "path":
      return pathCode(ast);
    case "filter":
      return filterCode(ast);
    case "call":
      return callCode(ast);
    case "negate": {
      const value = toCode(ast.value);
      return (f) => negate(value(f)) ?? fail(f, "Only numbers and durations can be negated.");
    }
    case "arithmetic":
      return arithmeticCode(ast);
    case "compare":
      return compareCode(ast);
    case "between": {
      const [value, low, high] = [toCode(ast.value), toCode(ast.low), toCode(ast.high)];
      return (f) => {
        spend(f);
        const v = value(f);
        const [a, b] = [compareBy[">="](v, low(f)), compareBy["<="](v, high(f))];
        return a === null || b === null ? null : a && b;
      };
    }
    case "in": {
      const value = toCode(ast.value);
      const tests = ast.tests.map((test) => testCode(test));
      return (f) => {
        const kept = f.input;
        f.input = value(f);
        const answer = anyTrue(f, tests);
        f.input = kept;
        return answer;
      };
    }
    case "and":
    case "or":
      return logicCode(ast);
    case "if": {
      const [condition, yes, no] = [toCode(ast.condition), toCode(ast.yes), toCode(ast.no)];
      return (f) => {
        spend(f);
        return condition(f) === true ? yes(f) : no(f);
      };
    }
    case "for":
      return forCode(ast);
    case "quantified":
      return quantifiedCode(ast);
    case "list": {
      const items = ast.items.map(toCode);
      return (f) => {
        spend(f, items.length);
        return items.map((item) => item(f));
      };
    }
    case "context": {
      const entries = ast.entries.map(({ key, value }) => ({ key, value: toCode(value) }));
      const twice = ast.entries.find((e, i) => ast.entries.findIndex((o) => o.key === e.key) !== i);
      return (f) => {
        if (twice) return fail(f, `The entry ${twice.key} stands twice.`);
        spend(f, entries.length);
        const context: FeelContext = Object.create(null) as FeelContext;
        const kept = f.locals;
        for (const { key, value } of entries) {
          context[key] = value(f);
          f.locals = { name: key, value: context[key], next: f.locals };
        }
        f.locals = kept;
        return context;
      };
    }
    case "range": {
      const [low, high] = [toCode(ast.low), toCode(ast.high)];
      return (f) => {
        const [a, b] = [low(f), high(f)];
        if (a !== null && b !== null && order(a, b) === null)
          return fail(f, "The ends of this range cannot be compared.");
        return makeRange(a, b, ast.lowOpen, ast.highOpen);
      };
    }
    case "unary": {
      const value = toCode(ast.value);
      return (f) => {
        const v = value(f);
        if (ast.operator === "=" || ast.operator === "!=") return makeRange(v, v, false, false, ast.operator);
        return ast.operator.startsWith("<")
          ? makeRange(null, v, true, ast.operator === "<", ast.operator)
          : makeRange(v, null, ast.operator === ">", true, ast.operator);
      };
    }
    case "function": {
      const body = toCode(ast.body);
      const names = ast.parameters.map((p) => p.name);
      const types = ast.parameters.map((p) => p.type);
      return (f) => {
        const closure = f.locals;
        return makeFunction(names, (args) => {
          if (args.length !== names.length) return null;
          if (++f.depth > mostCalls) throw new Exhausted("Functions call each other too deeply.");
          const kept = f.locals;
          let locals = closure;
          for (let i = 0; i < names.length; i++) {
            if (types[i] && types[i] !== "Any" && args[i] !== null && !isOfType(args[i]!, { name: types[i]! }, f.scope))
              return null;
            locals = { name: names[i]!, value: args[i]!, next: locals };
          }
          f.locals = locals;
          const value = body(f);
          f.locals = kept;
          f.depth--;
          return value;
        });
      };
    }
    case "instance": {
      const value = toCode(ast.value);
      return (f) => isOfType(value(f), ast.type, f.scope);
    }
    case "tests": {
      const tests = ast.tests.map((test) => testCode(test, true));
      return (f) => {
        const answer = anyTrue(f, tests);
        return ast.negated ? (answer === null ? null : !answer) : answer;
      };
    }
    default:
      return ast satisfies never;
  }
}

function nameCode(name: string): Code {
  if (name === "?") return (f) => f.input;
  return (f) => {
    spend(f);
    const value = lookup(f, name);
    if (value !== undefined) return value;
    const builtin = builtins.get(name);
    return builtin
      ? makeFunction(null, (args) => builtin.call(args, (g, a) => g.call(a)))
      : fail(f, `There is no ${name}.`);
  };
}

function pathCode(ast: Extract<Ast, { kind: "path" }>): Code {
  const object = toCode(ast.object);
  const { name } = ast;
  return (f) => {
    spend(f);
    const value = object(f);
    if (value === null) return null;
    if (Array.isArray(value)) return value.map((v): FeelValue => (v === null ? null : (property(v, name) ?? null)));
    const found = property(value, name);
    return found === undefined ? fail(f, `There is no ${name}.`) : found;
  };
}

function filterCode(ast: Extract<Ast, { kind: "filter" }>): Code {
  const [source, by] = [toCode(ast.list), toCode(ast.by)];
  return (f) => {
    const value = source(f);
    const list = Array.isArray(value) ? value : value === null ? [] : [value];
    // A number picks an item; it may be computed without looking at one.
    if (
      ast.by.kind === "number" ||
      ast.by.kind === "negate" ||
      ast.by.kind === "arithmetic" ||
      (ast.by.kind === "name" && ast.by.name !== "item" && typeof lookup(f, ast.by.name) === "number")
    ) {
      const n = by(f);
      return typeof n === "number"
        ? (list[n > 0 ? n - 1 : list.length + n] ?? null)
        : fail(f, "This is no position in a list.");
    }
    const kept = f.locals;
    const keptInput = f.input;
    const found: FeelValue[] = [];
    for (const item of list) {
      spend(f);
      let locals: Locals | null = kept;
      locals = { name: "item", value: item, next: locals };
      if (isContext(item)) for (const key of Object.keys(item)) locals = { name: key, value: item[key]!, next: locals };
      f.locals = locals;
      f.input = item;
      const test = by(f);
      if (typeof test === "number") {
        f.locals = kept;
        f.input = keptInput;
        return list[test > 0 ? test - 1 : list.length + test] ?? null;
      }
      if (test === true || (isRange(test) && inRange(item, test) === true)) found.push(item);
    }
    f.locals = kept;
    f.input = keptInput;
    return found;
  };
}

function callCode(ast: Extract<Ast, { kind: "call" }>): Code {
  const args = ast.args.map(toCode);
  const name = ast.callee.kind === "name" ? ast.callee.name : null;
  if (name === "now" && args.length === 0) return (f) => dateTimeIn(f.scope.now, f.scope.zone);
  if (name === "today" && args.length === 0)
    return (f) => makeDate(Math.floor(wallAt(f.scope.zone, f.scope.now) / dayMs));
  const builtin = name ? builtins.get(name) : undefined;
  const callee = toCode(ast.callee);
  return (f) => {
    spend(f, 2);
    const own = name ? lookup(f, name) : callee(f);
    const values = args.map((arg) => arg(f));
    for (const value of values) if (Array.isArray(value)) spend(f, Math.ceil(value.length / 10));
    if (own === undefined && builtin) {
      const placed = placeArguments(builtin, values, ast.names);
      if (!placed) return fail(f, `${name} does not take these arguments.`);
      const answer = bounded(
        builtin.call(placed, (g, a) => {
          spend(f);
          return g.call(a);
        }),
      );
      return answer === null ? fail(f, `${name} has no answer for these arguments.`) : answer;
    }
    if (own === undefined || own === null || !isFunction(own))
      return fail(f, name ? `There is no function ${name}.` : "This is no function.");
    const ordered = ast.names ? named(own, ast.names, values) : values;
    return ordered ? bounded(own.call(ordered)) : fail(f, "The function has no such arguments.");
  };
}

const dateTimeIn = (at: number, zone: string) =>
  makeDateTime(wallAt(zone, at), zone === "UTC" ? 0 : null, zone === "UTC" ? null : zone) ?? toFeelDateTime(at);

function placeArguments(builtin: Builtin, values: FeelValue[], names: string[] | null): FeelValue[] | null {
  if (!names)
    return builtin.variadic
      ? values.length
        ? values
        : null
      : builtin.signatures.some((s) => s.length === values.length)
        ? values
        : null;
  for (const signature of builtin.signatures) {
    if (signature.length < names.length || !names.every((n) => signature.includes(n))) continue;
    if (signature.length > names.length) continue;
    return signature.map((p) => values[names.indexOf(p)]!);
  }
  // Optional parameters in the middle may be left out by name.
  const longest = [...builtin.signatures]
    .sort((a, b) => b.length - a.length)
    .find((s) => names.every((n) => s.includes(n)));
  return longest ? longest.map((p) => values[names.indexOf(p)] ?? null) : null;
}

function named(f: FeelFunction, names: string[], values: FeelValue[]): FeelValue[] | null {
  if (!f.parameters || !names.every((n) => f.parameters!.includes(n))) return null;
  return f.parameters.map((p) => values[names.indexOf(p)] ?? null);
}

function arithmeticCode(ast: Extract<Ast, { kind: "arithmetic" }>): Code {
  const [left, right] = [toCode(ast.left), toCode(ast.right)];
  const run = { "+": add, "-": subtract, "*": multiply, "/": divide, "**": power }[ast.operator];
  return (f) => {
    spend(f);
    const [a, b] = [left(f), right(f)];
    const value = run(a, b);
    return value === null
      ? fail(
          f,
          a === null || b === null
            ? "A value in this calculation is empty."
            : `These two cannot be taken together by ${ast.operator}.`,
        )
      : bounded(value);
  };
}

function compareCode(ast: Extract<Ast, { kind: "compare" }>): Code {
  const [left, right] = [toCode(ast.left), toCode(ast.right)];
  const run = compareBy[ast.operator];
  if (ast.operator === "=" || ast.operator === "!=") {
    return (f) => {
      spend(f);
      return run(left(f), right(f));
    };
  }
  return (f) => {
    spend(f);
    const [a, b] = [left(f), right(f)];
    const answer = run(a, b);
    return answer === null && a !== null && b !== null ? fail(f, "These two values cannot be compared.") : answer;
  };
}

/** Three-valued: false wins an and, true wins an or, anything that is no boolean counts as null. */
function logicCode(ast: Extract<Ast, { kind: "and" | "or" }>): Code {
  const [left, right] = [toCode(ast.left), toCode(ast.right)];
  const decisive = ast.kind === "or";
  return (f) => {
    spend(f);
    const a = left(f);
    if (a === decisive) return decisive;
    const b = right(f);
    if (b === decisive) return decisive;
    return typeof a === "boolean" && typeof b === "boolean" ? !decisive : null;
  };
}

/** What an iterator walks over: a list, a range of whole numbers or of days. */
function walk(f: Frame, list: FeelValue, to: FeelValue | undefined): FeelValue[] | null {
  let [from, until] = [list, to];
  if (until === undefined) {
    if (!isRange(list)) return Array.isArray(list) ? list : list === null ? null : [list];
    if (list.operator) return null;
    [from, until] = [list.from, list.to];
    if (list.fromOpen || list.toOpen) {
      const all = walk(f, from, until);
      return all && all.slice(list.fromOpen ? 1 : 0, list.toOpen ? -1 : undefined);
    }
  }
  if (isDate(from) && isDate(until)) return steps(f, from.day, until.day).map((d) => makeDate(d));
  return typeof from === "number" && typeof until === "number" && Number.isInteger(from) && Number.isInteger(until)
    ? steps(f, from, until)
    : null;
}
function steps(f: Frame, from: number, to: number): number[] {
  const length = Math.abs(to - from) + 1;
  if (length > mostList) throw new Exhausted(`A list in this expression is longer than ${mostList} items.`);
  spend(f, Math.ceil(length / 10));
  return Array.from({ length }, (_, i) => (to >= from ? from + i : from - i));
}

type Iterator = { name: string; list: Code; to: Code | null };
const iteratorsOf = (ast: Extract<Ast, { kind: "for" | "quantified" }>): Iterator[] =>
  ast.iterators.map(({ name, list, to }) => ({ name, list: toCode(list), to: to && toCode(to) }));

/** Calls `each` for every combination; stops when it answers false. Null = something cannot be walked. */
function combine(f: Frame, iterators: Iterator[], each: () => boolean, index = 0): boolean | null {
  const iterator = iterators[index];
  if (!iterator) return each();
  const items = walk(f, iterator.list(f), iterator.to ? iterator.to(f) : undefined);
  if (!items) return null;
  const kept = f.locals;
  for (const item of items) {
    spend(f);
    f.locals = { name: iterator.name, value: item, next: kept };
    const go = combine(f, iterators, each, index + 1);
    f.locals = kept;
    if (go !== true) return go;
  }
  return true;
}

function forCode(ast: Extract<Ast, { kind: "for" }>): Code {
  const iterators = iteratorsOf(ast);
  const body = toCode(ast.body);
  return (f) => {
    const found: FeelValue[] = [];
    const done = combine(f, iterators, () => {
      const kept = f.locals;
      f.locals = { name: "partial", value: [...found], next: kept };
      if (ast.body.kind !== "name") spend(f);
      found.push(body(f));
      f.locals = kept;
      return bounded(found) !== null;
    });
    return done === null ? fail(f, "This cannot be walked through.") : found;
  };
}

function quantifiedCode(ast: Extract<Ast, { kind: "quantified" }>): Code {
  const iterators = iteratorsOf(ast);
  const body = toCode(ast.body);
  return (f) => {
    let unclear = false;
    let decided = false;
    const done = combine(f, iterators, () => {
      const answer = body(f);
      if (typeof answer !== "boolean") unclear = true;
      else if (answer !== ast.every) decided = true;
      return !decided;
    });
    if (decided) return !ast.every;
    return done === null || unclear ? null : ast.every;
  };
}

/** One unary test against the input: a value, a range, a list, or an expression that reads `?`. */
function testCode(ast: Ast, isCell = false): (f: Frame) => boolean | null {
  if (ast.kind === "any") return () => true;
  const code = toCode(ast);
  const reads = mentionsInput(ast);
  const isCondition =
    isCell && ["compare", "between", "in", "and", "or", "quantified", "instance", "call"].includes(ast.kind);
  return (f) => {
    const value = code(f);
    const { input } = f;
    if (reads && typeof value === "boolean") return value;
    // A cell may be a condition of its own, `order.total > 5`, beside an input that is no boolean.
    if (isCondition && typeof value === "boolean" && typeof input !== "boolean") return value;
    if (isRange(value)) return inRange(input, value);
    if (Array.isArray(value) && !Array.isArray(input)) {
      let unclear = false;
      for (const v of value) {
        const answer = isRange(v) ? inRange(input, v) : equal(input, v);
        if (answer === true) return true;
        if (answer === null) unclear = true;
      }
      return unclear ? null : false;
    }
    if (Array.isArray(value) && Array.isArray(input))
      return equal(input, value) === true || value.some((v) => equal(input, v) === true);
    if (reads) return typeof value === "boolean" ? value : null;
    return equal(input, value);
  };
}

function mentionsInput(ast: Ast): boolean {
  if (ast.kind === "name") return ast.name === "?";
  for (const value of Object.values(ast)) {
    if (Array.isArray(value)) {
      for (const item of value as unknown[])
        if (
          isAst(item)
            ? mentionsInput(item)
            : typeof item === "object" && item !== null && Object.values(item).some((v) => isAst(v) && mentionsInput(v))
        )
          return true;
    } else if (isAst(value) && mentionsInput(value)) return true;
  }
  return false;
}
const isAst = (value: unknown): value is Ast =>
  typeof value === "object" && value !== null && "kind" in value && "from" in value;

function anyTrue(f: Frame, tests: ((f: Frame) => boolean | null)[]): boolean | null {
  let unclear = false;
  for (const test of tests) {
    spend(f);
    const answer = test(f);
    if (answer === true) return true;
    if (answer === null) unclear = true;
  }
  return unclear ? null : false;
}

export function inRange(value: FeelValue, range: FeelRange): boolean | null {
  if (range.operator === "=") return equal(value, range.from);
  if (range.operator === "!=") return compareBy["!="](value, range.from);
  const above =
    range.from === null
      ? range.operator
        ? true
        : null
      : (range.fromOpen ? compareBy[">"] : compareBy[">="])(value, range.from);
  const below =
    range.to === null
      ? range.operator
        ? true
        : null
      : (range.toOpen ? compareBy["<"] : compareBy["<="])(value, range.to);
  return above === false || below === false ? false : above === null || below === null ? null : true;
}

export function isOfType(value: FeelValue, type: TypeName, scope?: Scope): boolean {
  const { name } = type;
  if (name === "Any") return value !== null;
  if (name === "Null") return value === null;
  if (value === null) return false;
  switch (name) {
    case "number":
    case "string":
    case "boolean":
      return typeof value === name;
    case "date":
      return isDate(value);
    case "time":
      return isTime(value);
    case "date and time":
      return isDateTime(value);
    case "days and time duration":
      return isDuration(value) && value.ms !== null;
    case "years and months duration":
      return isDuration(value) && value.months !== null;
    case "function":
      return isFunction(value);
    case "range":
      return (
        isRange(value) && (!type.of || [value.from, value.to].every((v) => v === null || isOfType(v, type.of!, scope)))
      );
    case "list":
      return (
        Array.isArray(value) && (!type.of || type.of.name === "Any" || value.every((v) => isOfType(v, type.of!, scope)))
      );
    case "context":
      return (
        isContext(value) &&
        (!type.entries ||
          Object.entries(type.entries).every(
            ([key, t]) => Object.hasOwn(value, key) && (t.name === "Any" || isOfType(value[key]!, t, scope)),
          ))
      );
    default:
      return scope?.isOfNamedType?.(value, name) ?? false;
  }
}
