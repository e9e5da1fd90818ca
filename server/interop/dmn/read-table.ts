import type { DmnTable } from "./model.ts";
import { attribute, childNamed, childrenNamed, textOfChild, typeOf, type XmlElement } from "./xml-tree.ts";

const policies = {
  UNIQUE: "unique",
  FIRST: "first",
  PRIORITY: "priority",
  ANY: "any",
  COLLECT: "collect",
  "RULE ORDER": "rule_order",
  "OUTPUT ORDER": "output_order",
} as const;
const aggregators = { SUM: "sum", COUNT: "count", MIN: "min", MAX: "max" } as const;

const named = <T extends object>(map: T, key: string): T[keyof T] | undefined =>
  Object.hasOwn(map, key) ? map[key as keyof T] : undefined;

/** `<decisionTable>` with its FEEL as written; an empty input entry means anything, as `-` does. */
export function readTable(element: XmlElement): DmnTable {
  const inputs = childrenNamed(element, "input");
  const outputs = childrenNamed(element, "output");
  const rules = childrenNamed(element, "rule");
  const aggregator = named(aggregators, attribute(element, "aggregation"));
  const defaults = outputs.map((output) => {
    const value = childNamed(output, "defaultOutputEntry");
    const text = value ? textOfChild(value, "text") : "";
    return text ? { feel: text } : null;
  });
  return {
    id: attribute(element, "id"),
    label: attribute(element, "outputLabel"),
    description: textOfChild(element, "description"),
    hitPolicy: named(policies, attribute(element, "hitPolicy") || "UNIQUE") ?? "unique",
    ...(aggregator && { aggregator }),
    inputs: inputs.map((input) => {
      const expression = childNamed(input, "inputExpression");
      return expression ? textOfChild(expression, "text") : "";
    }),
    inputLabels: inputs.map((input) => attribute(input, "label")),
    inputTypes: inputs.map((input) => {
      const expression = childNamed(input, "inputExpression");
      return expression ? typeOf(expression) : "";
    }),
    inputValues: inputs.map((input) => valuesIn(input, "inputValues")),
    outputs: outputs.map((output) => attribute(output, "name").trim()),
    outputLabels: outputs.map((output) => attribute(output, "label")),
    outputTypes: outputs.map((output) => typeOf(output)),
    outputValues: outputs.map((output) => valuesIn(output, "outputValues")),
    ...(defaults.some((d) => d !== null) && { defaults }),
    rules: rules.map((rule) => ({
      when: childrenNamed(rule, "inputEntry").map((entry) => textOfChild(entry, "text") || "-"),
      then: childrenNamed(rule, "outputEntry").map((entry) => ({ feel: emptyIsNull(textOfChild(entry, "text")) })),
    })),
    notes: rules.map(
      (rule) =>
        childrenNamed(rule, "annotationEntry")
          .map((entry) => textOfChild(entry, "text"))
          .filter(Boolean)
          .join(" · ") ||
        textOfChild(rule, "description") ||
        null,
    ),
  };
}

const emptyIsNull = (text: string) => (text === "" || text === "-" ? "null" : text);

const valuesIn = (element: XmlElement, name: string): string => {
  const values = childNamed(element, name);
  return values ? textOfChild(values, "text") : "";
};
