/** `instance of` and typed parameters: whether a value is of a type, without coercion. */
import type { TypeName } from "./ast.ts";
import type { Scope } from "./frame.ts";
import { type FeelValue, isContext, isDate, isDateTime, isDuration, isFunction, isRange, isTime } from "./value.ts";

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
