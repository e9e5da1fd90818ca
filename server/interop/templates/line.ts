/** What reading one action line gives, and the value a line writes. */
import type { Action } from "@/server/engine/process.ts";
import type { Vocabulary } from "./vocabulary.ts";

export type ReadLine =
  /** `aside`: words that were read as comment. */
  | { kind: "actions"; actions: Action[]; unknown?: { who: string; to: string }[]; aside?: string }
  | { kind: "done"; by: string }
  | { kind: "intent"; text: string; when?: string };

/** Where the line stands: whether somebody is assigned there, and what was created just before it. */
export type LineContext = { hasAssignee: boolean; created: Extract<Action, { verb: "create" }> | null };

export const one = (action: Action, aside?: string): ReadLine => ({
  kind: "actions",
  actions: [action],
  ...(aside && { aside }),
});

/** A value of the field's picklist as it stands, else FEEL. Null when it is neither. */
export function valueOf(path: string, value: string, vocabulary: Vocabulary): string | null {
  const field = vocabulary.field(path);
  if (!field) return null;
  if (field.values?.includes(value)) return JSON.stringify(value);
  return vocabulary.expression(value);
}
