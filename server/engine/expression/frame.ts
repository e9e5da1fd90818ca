/** What one evaluation carries with it: names, the fuel left, the first reason for a null. */
import type { Ast } from "./ast.ts";
import { type FeelValue, isContext } from "./value.ts";

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
export type Locals = { name: string; value: FeelValue; next: Locals | null };
export type Code = (f: Frame) => FeelValue;

export const mostList = 10_000;
const mostString = 65_536;

/** Thrown and caught inside one evaluation only: fuel, list and text bounds. */
export class Exhausted extends Error {}

export const spend = (f: Frame, n = 1) => {
  f.fuel -= n;
  if (f.fuel < 0) throw new Exhausted("This expression takes too many steps. Make it smaller.");
};
const sizes = new WeakMap<object, number>();
/** How many values a list or context holds all the way down, each as often as it stands there; texts by 64 characters. */
export function sizeOf(value: FeelValue): number {
  if (typeof value === "string") return 1 + (value.length >> 6);
  if (typeof value !== "object" || value === null || !(Array.isArray(value) || isContext(value))) return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let size = 1;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) size += sizeOf(inner);
  sizes.set(value, size);
  return size;
}
const mostParts = 100_000;

/** For what an expression makes: a list of lists of lists grows faster than the steps that make it. */
export const bounded = <T extends FeelValue>(value: T): T => {
  if (Array.isArray(value) && value.length > mostList)
    throw new Exhausted(`A list in this expression is longer than ${mostList} items.`);
  if (typeof value === "object" && value !== null && sizeOf(value) > mostParts)
    throw new Exhausted(`A value in this expression has more than ${mostParts} parts.`);
  if (typeof value === "string" && value.length > mostString)
    throw new Exhausted("A text in this expression is longer than 64 kB.");
  return value;
};
export const fail = (f: Frame, text: string): null => {
  f.error ??= text;
  return null;
};

export function lookup(f: Frame, name: string): FeelValue | undefined {
  for (let local = f.locals; local; local = local.next) if (local.name === name) return local.value;
  return f.scope.get(name);
}
/** Compiles a part of the tree; handed on, so that the files of the compiler need not import each other. */
export type ToCode = (ast: Ast) => Code;
