/**
 * Syntax tree → closures. Every step costs fuel, so nothing can hang; nothing throws: what fails is null, and the first reason is
 * kept. Names are looked up by own keys only.
 */
import { add, divide, multiply, negate, power, subtract } from "./arithmetic.ts";
import type { Ast } from "./ast.ts";
import { builtins } from "./builtins.ts";
import { callCode, functionCode } from "./call.ts";
import { compareBy, order } from "./compare.ts";
import { bounded, type Code, fail, type Locals, lookup, sizeOf, spend } from "./frame.ts";
import { isOfType } from "./instance.ts";
import { forCode, quantifiedCode } from "./iterate.ts";
import { property } from "./property.ts";
import { anyTrue, inRange, testCode } from "./unary-tests.ts";
import {
  type FeelContext,
  type FeelValue,
  isContext,
  isRange,
  makeFunction,
  makeRange,
  parseDate,
  parseDateTime,
  parseDuration,
  parseTime,
} from "./value.ts";

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
      return callCode(ast, toCode);
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
      const tests = ast.tests.map((test) => testCode(test, toCode));
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
      return forCode(ast, toCode);
    case "quantified":
      return quantifiedCode(ast, toCode);
    case "list": {
      const items = ast.items.map(toCode);
      return (f) => {
        spend(f, items.length);
        return bounded(items.map((item) => item(f)));
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
        return bounded(context);
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
    case "function":
      return functionCode(ast, toCode);
    case "instance": {
      const value = toCode(ast.value);
      return (f) => isOfType(value(f), ast.type, f.scope);
    }
    case "tests": {
      const tests = ast.tests.map((test) => testCode(test, toCode, true));
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
      ? makeFunction(null, (args) =>
          builtin.call(
            args,
            (g, a) => g.call(a),
            (steps) => spend(f, Math.ceil(steps)),
          ),
        )
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
    if (Array.isArray(value)) spend(f, Math.ceil(value.length / 10));
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
      if (isContext(item)) {
        const keys = Object.keys(item);
        spend(f, Math.ceil(keys.length / 10));
        for (const key of keys) locals = { name: key, value: item[key]!, next: locals };
      }
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
      const [a, b] = [left(f), right(f)];
      spend(f, typeof a === "object" && typeof b === "object" ? Math.ceil(sizeOf(a) / 10) : 1);
      return run(a, b);
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
