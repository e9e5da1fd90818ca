import { type CompiledNode, type CompiledProcess, typeOf } from "../graph.ts";
import type { Run } from "../model.ts";
import type { RecordRules } from "../world.ts";

/**
 * Fields an exit gate asks for that the step's form does not have: they can be filled in right there. With one that is computed,
 * the fields it is computed from.
 */
export function gateFields(
  node: CompiledNode,
  process: CompiledProcess,
  run: Pick<Run, "recordType">,
  { sources }: Pick<RecordRules, "sources">,
): string[] {
  const own = new Set((node.form?.fields ?? []).map(({ field }) => field));
  const asked = (node.node.gate?.exit ?? []).flatMap((one) =>
    one.kind === "field" || one.kind === "link" || one.kind === "note"
      ? [one.field]
      : one.kind === "condition"
        ? fieldsIn(one.when)
        : [],
  );
  const all = asked.flatMap((path) => {
    const [object = "", field = ""] = path.split(".");
    return [path, ...sources(typeOf(process, run, object), field).map((source) => `${object}.${source}`)];
  });
  return [...new Set(all)].filter((field) => !own.has(field));
}

/** The fields a condition names. */
export const fieldsIn = (text: string): string[] => [
  ...new Set(text.replaceAll(/"[^"]*"/g, "").match(/\b[a-z_]\w*\.[a-z_]\w*\b/gi) ?? []),
];
