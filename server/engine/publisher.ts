/** An automation does nothing that whoever published it may not (G23), by their rights at that moment. */
import type { Action } from "./process.ts";
import { type Turn, primary } from "./turn.ts";
import type { Right } from "./world.ts";

/** Null when it may be done. */
export function mayNot(turn: Turn, verb: Action["verb"]): { code: string; text: string } | null {
  if (!turn.world.publisherMay) return null;
  const right = rightFor(verb);
  if (!right || turn.world.publisherMay(right, primary(turn)?.values.owner_id ?? null)) return null;
  return {
    code: "NOT_ALLOWED",
    text: "Whoever published this version may not do this, so the automation may not either. Let a colleague who may publish it, then retry.",
  };
}

function rightFor(verb: Action["verb"]): Right | null {
  switch (verb) {
    case "set":
    case "match":
    case "link":
    case "lock":
    case "unlock":
      return "records.change";
    case "create":
    case "convert":
      return "records.create";
    case "assign":
    case "reassign":
      return "work.assign";
    case "start_process":
      return "runs.start";
    case "send_template":
    case "connector":
    case "http":
    case "chat":
      return "connections.use";
    case "notify":
    case "escalate":
    case "log":
    case "emit":
    case "throw":
    case "compensate":
      return null;
    default:
      return verb satisfies never;
  }
}
