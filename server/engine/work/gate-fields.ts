import type { CompiledNode } from "../graph.ts";

/** Fields an exit gate asks for that the step's form does not have: they can be filled in right there. */
export function gateFields(node: CompiledNode): string[] {
  const own = new Set((node.form?.fields ?? []).map(({ field }) => field));
  const asked = (node.node.gate?.exit ?? []).flatMap((one) =>
    one.kind === "field" || one.kind === "link" || one.kind === "note"
      ? [one.field]
      : one.kind === "condition"
        ? fieldsIn(one.when)
        : [],
  );
  return [...new Set(asked)].filter((field) => !own.has(field));
}

/** The fields a condition names. */
export const fieldsIn = (text: string): string[] => [
  ...new Set(text.replaceAll(/"[^"]*"/g, "").match(/\b[a-z_]\w*\.[a-z_]\w*\b/gi) ?? []),
];
