/** Calls of built-in functions and of functions that an expression defines. */
import type { Ast } from "./ast.ts";
import { type Builtin, builtins } from "./builtins.ts";
import { bounded, type Code, Exhausted, fail, lookup, sizeOf, spend, type ToCode } from "./frame.ts";
import { isOfType } from "./instance.ts";
import {
  type FeelFunction,
  type FeelValue,
  isFunction,
  makeDate,
  makeDateTime,
  makeFunction,
  toFeelDateTime,
} from "./value.ts";
import { dayMs, wallAt } from "../calendar/zone.ts";

const mostCalls = 128;

export function callCode(ast: Extract<Ast, { kind: "call" }>, toCode: ToCode): Code {
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
    for (const value of values) {
      if (typeof value === "object" && value !== null) spend(f, Math.ceil(sizeOf(value) / 10));
      else if (typeof value === "string") spend(f, value.length >> 11);
    }
    if (own === undefined && builtin) {
      const placed = placeArguments(builtin, values, ast.names);
      if (!placed) return fail(f, `${name} does not take these arguments.`);
      const ask = (given: FeelValue[]) =>
        bounded(
          builtin.call(
            given,
            (g, a) => {
              spend(f);
              return g.call(a);
            },
            (steps) => spend(f, Math.ceil(steps)),
          ),
        );
      // A list of one stands for its item where a list means nothing.
      const answer = ask(placed) ?? (placed.some(isSingle) ? ask(placed.map((v) => (isSingle(v) ? v[0]! : v))) : null);
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

const isSingle = (value: FeelValue): value is [FeelValue] => Array.isArray(value) && value.length === 1;

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

export function functionCode(ast: Extract<Ast, { kind: "function" }>, toCode: ToCode): Code {
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
