import type { CompiledProcess } from "./graph.ts";
import { partsOfText } from "./expression/text.ts";
import type { Action } from "./process.ts";

/** Texts of an action that are expressions, those inside its texts in braces among them. */
export function expressionsOf(action: Action): string[] {
  const inside = (text: string | undefined) =>
    partsOfText(text ?? "").flatMap((part) => ("feel" in part ? [part.feel] : []));
  const own = (() => {
    switch (action.verb) {
      case "set":
        return [action.value, action.until];
      case "create":
        return Object.values(action.with ?? {});
      case "http":
        return [action.body, ...inside(action.url), ...Object.values(action.headers ?? {}).flatMap(inside)];
      case "chat":
        return inside(action.text);
      default:
        return [];
    }
  })();
  return [action.when, ...own].flatMap((text) => (text?.trim() ? [text] : []));
}

/** Names an action reads or writes: `object.field`, `run.variable`, each once. */
export function namesOf(process: CompiledProcess, action: Action): string[] {
  const reads = expressionsOf(action).flatMap((text) => process.expression(text)?.reads ?? []);
  const written = action.verb === "set" || action.verb === "link" ? [action.field] : [];
  return [...new Set([...reads, ...written])].filter((name) => name.includes(".") && !name.startsWith("step."));
}
