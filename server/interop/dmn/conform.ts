import {
  compileUnaryTests,
  type FeelContext,
  type FeelValue,
  isContext,
  isDate,
  isDateTime,
  isDuration,
  isFunction,
  isOfType,
  isTime,
  isTrue,
  makeDateTime,
} from "@/server/engine/expression/index.ts";
import type { LinkedModel } from "./link.ts";
import type { ItemDefinition } from "./model.ts";

const dayMs = 86_400_000;
/** Null stands for "does not conform": null itself conforms to every type and never gets here. */
type Fit = { value: FeelValue } | null;

/**
 * The value as its declared type has it (DMN 1.5, 10.3.2.9.4): a list of one and its item stand for each other, a date
 * counts as midnight UTC, anything else must conform. An empty or unknown type takes everything.
 */
export function conform(model: LinkedModel, type: string, value: FeelValue, depth = 0): Fit {
  if (value === null || type === "" || type === "Any" || depth > 32) return { value };
  const simple = baseTypes.get(type);
  if (simple) return orSingle(value, (v) => simple(v));
  const list = /^list<(.*)>$/.exec(type);
  if (list) {
    const items = (Array.isArray(value) ? value : [value]).map((v) => conform(model, list[1]!, v, depth + 1));
    return items.every((i) => i !== null) ? { value: items.map((i) => i.value) } : null;
  }
  const found = model.typeNamed(type);
  return found ? conformItem(found.model, found.item, value, depth) : { value };
}

function conformItem(model: LinkedModel, item: ItemDefinition, value: FeelValue, depth: number): Fit {
  if (value === null) return { value };
  if (item.isCollection) {
    const items: FeelValue[] = [];
    for (const one of Array.isArray(value) ? value : [value]) {
      const fit = one === null ? { value: null } : single(model, item, one, depth);
      if (!fit) return null;
      items.push(fit.value);
    }
    return item.constraint && !passes(item.constraint, items) ? null : { value: items };
  }
  const fit = orSingle(value, (v) => single(model, item, v, depth));
  return fit && item.constraint && !passes(item.constraint, fit.value) ? null : fit;
}

/** One item of a type that may be a collection: its base type or components, and the values it is held to. */
function single(model: LinkedModel, item: ItemDefinition, value: FeelValue, depth: number): Fit {
  let fit: Fit;
  if (item.result) fit = isFunction(value) ? { value } : null;
  else if (item.components.length > 0) fit = contextOf(model, item, value, depth);
  else fit = conform(model, item.type, value, depth + 1);
  return fit && item.allowed && fit.value !== null && !passes(item.allowed, fit.value) ? null : fit;
}

function contextOf(model: LinkedModel, item: ItemDefinition, value: FeelValue, depth: number): Fit {
  if (!isContext(value)) return null;
  const context: FeelContext = Object.create(null) as FeelContext;
  for (const key of Object.keys(value)) context[key] = value[key]!;
  for (const component of item.components) {
    if (!Object.hasOwn(context, component.name)) return null;
    const fit = conformItem(model, component, context[component.name] ?? null, depth + 1);
    if (!fit) return null;
    context[component.name] = fit.value;
  }
  return { value: context };
}

const orSingle = (value: FeelValue, fits: (value: FeelValue) => Fit): Fit =>
  fits(value) ?? (Array.isArray(value) && value.length === 1 && value[0] !== null ? fits(value[0]!) : null);

function passes(tests: string, value: FeelValue): boolean {
  const compiled = compileUnaryTests(tests);
  return compiled.ok && isTrue(compiled.expression.evaluate({ get: () => undefined, now: 0, zone: "UTC" }, value));
}

/**
 * `instance of` a type of the model: no coercion, and the values a type is held to do not count (DMN 1.5, 10.3.2.9.3). Of a
 * function only its number of parameters is known.
 */
export function isInstance(model: LinkedModel, type: string, value: FeelValue, depth = 0): boolean {
  const found = model.typeNamed(type);
  if (value === null || depth > 32) return false;
  return found ? isItem(found.model, found.item, value, depth) : isOfType(value, { name: type });
}

function isItem(model: LinkedModel, item: ItemDefinition, value: FeelValue, depth: number): boolean {
  const one = (v: FeelValue): boolean => {
    if (item.result)
      return v !== null && isFunction(v) && (v.parameters ?? []).length === item.result.parameters.length;
    if (item.components.length === 0)
      return item.type === "" || item.type === "Any" ? v !== null : isInstance(model, item.type, v, depth + 1);
    return (
      v !== null &&
      isContext(v) &&
      item.components.every(
        (c) => Object.hasOwn(v, c.name) && (v[c.name] === null || isItem(model, c, v[c.name] ?? null, depth + 1)),
      )
    );
  };
  if (!item.isCollection) return one(value);
  return Array.isArray(value) && value.every((v) => one(v));
}

const only = (is: (value: FeelValue) => boolean) => (value: FeelValue) => (is(value) ? { value } : null);
const dateAndTime = (value: FeelValue): Fit => {
  if (isDateTime(value)) return { value };
  const midnight = isDate(value) ? makeDateTime(value.day * dayMs, 0, null) : null;
  return midnight && { value: midnight };
};
const timeDuration = only((v) => isDuration(v) && v.ms !== null);
const monthDuration = only((v) => isDuration(v) && v.months !== null);
/** DMN's own names first, then those of older files. */
const baseTypes: ReadonlyMap<string, (value: FeelValue) => Fit> = new Map([
  ["number", only((v) => typeof v === "number")],
  ["string", only((v) => typeof v === "string")],
  ["boolean", only((v) => typeof v === "boolean")],
  ["date", only(isDate)],
  ["time", only(isTime)],
  ["date and time", dateAndTime],
  ["dateTime", dateAndTime],
  ["days and time duration", timeDuration],
  ["dayTimeDuration", timeDuration],
  ["years and months duration", monthDuration],
  ["yearMonthDuration", monthDuration],
  ["duration", only(isDuration)],
  ["context", only(isContext)],
  ["function", only(isFunction)],
  ["list", only(Array.isArray)],
  ["integer", only((v) => Number.isInteger(v))],
  ["long", only((v) => Number.isInteger(v))],
  ["double", only((v) => typeof v === "number")],
]);
