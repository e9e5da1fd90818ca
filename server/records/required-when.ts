/** Conditions of `requiredWhen`: FEEL over the record's own fields. */
import type { Values } from "@/server/engine/model.ts";
import { type Compiled, compile, isTrue, toFeel } from "@/server/engine/expression/index.ts";

const compiled = new Map<string, Compiled | null>();

/** Whether the condition holds; one that cannot be read holds never. */
export function isRequiredNow(condition: string, values: Values): boolean {
  let expression = compiled.get(condition);
  if (expression === undefined) {
    const result = compile(condition);
    expression = result.ok ? result.expression : null;
    compiled.set(condition, expression);
  }
  if (!expression) return false;
  // Conditions of the model compare a field with a value; none of them asks for the time.
  return isTrue(expression.evaluate({ now: 0, zone: "UTC", get: (name) => toFeel(values[name] ?? null, "text") }));
}
