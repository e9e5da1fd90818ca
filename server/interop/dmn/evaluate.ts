/** What a boxed expression of a DMN model is worth in an environment of names. Nothing throws; the first reason is kept. */
import {
  evaluateDecisionTable,
  compileDecisionTable,
  type CompiledDecisionTable,
  valueOfAnswer,
} from "@/server/engine/tables/decision-table.ts";
import {
  type Compiled,
  compile,
  type FeelContext,
  type FeelValue,
  isContext,
  isFunction,
  makeFunction,
  type Scope,
} from "@/server/engine/expression/index.ts";
import { conform, isInstance } from "./conform.ts";
import type { LinkedModel } from "./link.ts";
import type { DmnExpression, Parameter } from "./model.ts";

/** What all parts of one question share: the clock, the steps left, how deep it is, and the first thing that went wrong. */
export type Session = { now: number; fuel: number; depth: number; error: string | null };
export type Env = {
  get(name: string): FeelValue | undefined;
  names: readonly string[];
  model: LinkedModel;
  session: Session;
};

/** Steps for a whole model; a single expression may take a tenth. */
export const modelFuel = 2_000_000;
const expressionFuel = 200_000;
const mostDepth = 48;

export const fail = (session: Session, text: string): null => {
  session.error ??= text;
  return null;
};

export function withNames(env: Env, values: ReadonlyMap<string, FeelValue>): Env {
  return {
    ...env,
    names: [...env.names, ...values.keys()],
    get: (name) => (values.has(name) ? values.get(name) : env.get(name)),
  };
}

/** The value as its type has it; null and a reason when it does not conform. */
export function typed(env: Env, type: string, value: FeelValue, what: string): FeelValue {
  const fit = conform(env.model, type, value);
  return fit ? fit.value : fail(env.session, `${what} is not of the type ${type}.`);
}

const scopeOf = (env: Env): Scope => ({
  get: (name) => env.get(name),
  now: env.session.now,
  zone: "UTC",
  fuel: Math.min(expressionFuel, env.session.fuel),
  isOfNamedType: (value, name) => env.model.typeNamed(name) !== null && isInstance(env.model, name, value),
});

const compiledTexts = new WeakMap<DmnExpression, Compiled | string>();
const compiledTables = new WeakMap<DmnExpression, CompiledDecisionTable>();

export function valueOf(expression: DmnExpression | null, env: Env): FeelValue {
  if (!expression) return null;
  const { session } = env;
  if (session.fuel <= 0) return fail(session, "This model takes too many steps.");
  if (session.depth > mostDepth) return fail(session, "The parts of this model call each other too deeply.");
  session.depth++;
  session.fuel--;
  const value = boxed(expression, env);
  session.depth--;
  return value;
}

function boxed(expression: DmnExpression, env: Env): FeelValue {
  const { session } = env;
  switch (expression.kind) {
    case "literal":
      return literal(expression, env);
    case "table": {
      let table = compiledTables.get(expression);
      if (!table) {
        table = compileDecisionTable(expression.table.label || expression.table.id, expression.table, {
          names: [...env.names, ...env.model.propertyNames],
        });
        compiledTables.set(expression, table);
      }
      const scope = scopeOf(env);
      scope.fuel = session.fuel;
      const answer = evaluateDecisionTable(table, scope);
      session.fuel -= answer.fuelUsed;
      if (answer.error) {
        const rule = answer.error.rule === undefined ? "" : `rule ${answer.error.rule + 1}: `;
        return fail(session, `The decision table gave no answer: ${rule}${answer.error.text}.`);
      }
      return valueOfAnswer(table, answer);
    }
    case "context":
      return context(expression, env);
    case "relation":
      return expression.rows.map((row): FeelValue => {
        const context: FeelContext = Object.create(null) as FeelContext;
        expression.columns.forEach((column, i) => (context[column] = valueOf(row[i] ?? null, env)));
        return context;
      });
    case "list":
      return expression.items.map((item) => valueOf(item, env));
    case "invocation":
      return invocation(expression, env);
    case "function":
      return functionValue(expression.parameters, env, expression.language, (inner) => valueOf(expression.body, inner));
    case "conditional":
      return valueOf(expression.condition, env) === true ? valueOf(expression.yes, env) : valueOf(expression.no, env);
    case "filter":
      return filter(expression, env);
    case "iterator":
      return iterate(expression, env);
    case "unsupported":
      return fail(session, `${expression.what} is not supported.`);
    default:
      return expression satisfies never;
  }
}

function literal(expression: Extract<DmnExpression, { kind: "literal" }>, env: Env): FeelValue {
  if (expression.text === "") return null;
  let compiled = compiledTexts.get(expression);
  if (compiled === undefined) {
    const result = compile(expression.text, { names: [...env.names, ...env.model.propertyNames] });
    compiled = result.ok ? result.expression : (result.problems[0]?.text ?? "This expression cannot be read.");
    compiledTexts.set(expression, compiled);
  }
  if (typeof compiled === "string") return fail(env.session, compiled);
  const { value, error, fuelUsed } = compiled.evaluate(scopeOf(env));
  env.session.fuel -= fuelUsed;
  if (error !== undefined) env.session.error ??= error;
  return value;
}

function context(expression: Extract<DmnExpression, { kind: "context" }>, env: Env): FeelValue {
  const values = new Map<string, FeelValue>();
  const made: FeelContext = Object.create(null) as FeelContext;
  let inner = env;
  for (const { name, type, value } of expression.entries) {
    const given = typed(env, type, valueOf(value, inner), name || "The result");
    if (name === "") return given;
    values.set(name, given);
    made[name] = given;
    inner = withNames(env, values);
  }
  return made;
}

/** A function of the model's own: parameters by name, each of its type. */
export function functionValue(
  parameters: readonly Parameter[],
  env: Env,
  language: string,
  body: (env: Env) => FeelValue,
): FeelValue {
  const names = parameters.map(({ name }) => name);
  return makeFunction(names, (args) => {
    if (language !== "FEEL") return fail(env.session, `Functions in ${language} are not supported.`);
    if (args.length !== names.length) return fail(env.session, "The function has no such arguments.");
    const values = new Map<string, FeelValue>();
    for (const [i, { name, type }] of parameters.entries()) {
      const fit = conform(env.model, type, args[i] ?? null);
      if (!fit) return fail(env.session, `The argument ${name} is not of the type ${type}.`);
      values.set(name, fit.value);
    }
    return body(withNames(env, values));
  });
}

function invocation(expression: Extract<DmnExpression, { kind: "invocation" }>, env: Env): FeelValue {
  const callee = valueOf(expression.callee, env);
  if (callee === null || !isFunction(callee)) return fail(env.session, "What is invoked is no function.");
  const given = expression.bindings.map(({ name, value }) => ({ name, value: valueOf(value, env) }));
  if (!callee.parameters) return callee.call(given.map(({ value }) => value));
  const unknown = given.find(({ name }) => !callee.parameters!.includes(name));
  if (unknown) return fail(env.session, `The function has no argument ${unknown.name}.`);
  return callee.call(callee.parameters.map((name) => given.find((g) => g.name === name)?.value ?? null));
}

const asList = (value: FeelValue): FeelValue[] => (Array.isArray(value) ? value : [value]);

function filter(expression: Extract<DmnExpression, { kind: "filter" }>, env: Env): FeelValue {
  const list = valueOf(expression.list, env);
  if (list === null) return fail(env.session, "There is no list to filter.");
  const kept: FeelValue[] = [];
  for (const item of asList(list)) {
    const names = new Map<string, FeelValue>([["item", item]]);
    if (item !== null && isContext(item)) for (const key of Object.keys(item)) names.set(key, item[key]!);
    const match = valueOf(expression.match, withNames(env, names));
    if (typeof match === "number") return asList(list)[match > 0 ? match - 1 : asList(list).length + match] ?? null;
    if (typeof match !== "boolean" && match !== null)
      return fail(env.session, "The match of a filter is neither true nor false.");
    if (match === true) kept.push(item);
  }
  return kept;
}

function iterate(expression: Extract<DmnExpression, { kind: "iterator" }>, env: Env): FeelValue {
  const list = walked(valueOf(expression.list, env));
  if (list === null) return fail(env.session, "This cannot be walked through.");
  const found: FeelValue[] = [];
  let unclear = false;
  for (const item of list) {
    const names = new Map<string, FeelValue>([[expression.variable, item]]);
    if (expression.of === "for") names.set("partial", [...found]);
    const value = valueOf(expression.body, withNames(env, names));
    if (env.session.fuel <= 0) return fail(env.session, "This model takes too many steps.");
    if (expression.of === "for") found.push(value);
    else if (typeof value !== "boolean") unclear = true;
    else if (value !== (expression.of === "every")) return value;
  }
  if (expression.of === "for") return found;
  return unclear ? fail(env.session, "A condition here is neither true nor false.") : expression.of === "every";
}

/** What an iteration walks over: a list, a range of whole numbers, or one value. */
function walked(value: FeelValue): FeelValue[] | null {
  if (value === null) return null;
  if (Array.isArray(value)) return value;
  const walk = compile("for x in list return x");
  const list = walk.ok
    ? walk.expression.evaluate({ get: (name) => (name === "list" ? value : undefined), now: 0, zone: "UTC" }).value
    : null;
  return Array.isArray(list) ? list : null;
}
