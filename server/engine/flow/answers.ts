/** Answers of the world outside: the action that asked is done, or its token stands before an incident. */
import { sourceOf } from "../actions.ts";
import type { CommandOf } from "../commands.ts";
import { compensationAnswered } from "./compensation.ts";
import { raise } from "./leave.ts";
import type { Refusal } from "../model.ts";
import { placeOf, run as runTokens, work as workOn } from "./moves.ts";
import { takeAnswer } from "../outgoing.ts";
import { rebind } from "../records.ts";
import { type Turn, emit, nodeOf, standAt } from "../turn.ts";
import { raiseUndelivered } from "../work/undelivered.ts";

export function answered(turn: Turn, command: CommandOf<"effectAnswered">): Refusal | null {
  const given = command.mail ? { kind: "mail" as const, ...command.mail } : command.sent;
  if (given) {
    raiseUndelivered(turn, given, command.result);
    return null;
  }
  const token = Object.values(turn.run.tokens).find((t) => t.effect === command.effect);
  if (!token) return null; // answered before, or the step was left
  emit(turn, "EffectAnswered", { id: command.effect, ok: command.ok, result: command.result });
  const node = nodeOf(turn, token.node);
  if (!command.ok) {
    const text = typeof command.result === "string" ? command.result : "The outside system did not do it.";
    runTokens(turn, raise(turn, token.id, node, "EFFECT_FAILED", text));
    return null;
  }
  const phase = token.phase ?? "enter";
  const at = token.action ?? -1;
  const action = (phase === "enter" ? node.node.actions : node.node.onComplete)?.[at];
  const compensating = action?.verb === "compensate";
  standAt(turn, token.id);
  const place = placeOf(turn, token.id, node);
  const wrong = takeAnswer(turn, action, place, command.result, sourceOf(turn, place));
  if (wrong) {
    runTokens(turn, raise(turn, token.id, node, "ANSWER_REFUSED", wrong));
    return null;
  }
  if (turn.dirty) rebind(turn);
  if (compensating) compensationAnswered(turn, action.node);
  runTokens(turn, workOn(turn, token.id, node, phase, compensating ? at : at + 1, token.port, token.outcome ?? null));
  return null;
}
