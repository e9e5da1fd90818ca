/** One case of a FEEL case file: an expression, what it sees, and perhaps the type its result is declared to have. */
import type { TypeName } from "./ast.ts";
import { compile } from "./index.ts";
import { isOfType } from "./instance.ts";
import { feelFromJson, feelToJson } from "./json.ts";
import { parse } from "./parse.ts";
import { type FeelContext, type FeelValue, isContext } from "./value.ts";

export type FeelCase = {
  expression: string;
  context?: Record<string, unknown> | null | undefined;
  /** A result that does not conform becomes null; a list of one and its item stand for each other. */
  result_type?: string | null | undefined;
};

/** The value in the encoding of the file, and why it is null when that is an error. `now`: epoch ms. */
export function runFeelCase(given: FeelCase, now: number): { value: unknown; error: string | null } {
  const read = feelFromJson(given.context ?? {});
  const context: FeelContext = read !== null && isContext(read) ? read : {};
  const result = compile(given.expression, { names: namesOf(context) });
  if (!result.ok) return { value: null, error: result.problems[0]?.text ?? "This expression cannot be read." };
  const { value, error } = result.expression.evaluate({
    get: (name) => (Object.hasOwn(context, name) ? context[name] : undefined),
    now,
    zone: "UTC",
  });
  const type = given.result_type ? typeNamed(given.result_type) : null;
  if (!type || value === null) return { value: feelToJson(value), error: error ?? null };
  const conforming = conform(value, type);
  return conforming === null
    ? { value: null, error: `The result is not of type ${given.result_type}.` }
    : { value: feelToJson(conforming), error: null };
}

function conform(value: FeelValue, type: TypeName): FeelValue {
  if (isOfType(value, type)) return value;
  if (Array.isArray(value) && value.length === 1 && isOfType(value[0] ?? null, type)) return value[0] ?? null;
  return type.name === "list" && isOfType([value], type) ? [value] : null;
}

/** A type as `instance of` reads it; null for a name it does not know. */
function typeNamed(text: string): TypeName | null {
  const parsed = parse(`null instance of ${text}`, "expression");
  return parsed.ok && parsed.ast.kind === "instance" ? parsed.ast.type : null;
}

const namesOf = (value: FeelValue): string[] =>
  Array.isArray(value)
    ? value.flatMap(namesOf)
    : value !== null && isContext(value)
      ? Object.entries(value).flatMap(([name, inner]) => [name, ...namesOf(inner)])
      : [];
