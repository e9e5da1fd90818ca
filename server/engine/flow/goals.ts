/** Goals: ends that are reached from anywhere, as soon as their condition is true or their event happens. */
import type { Evaluated } from "../events.ts";
import type { CompiledNode } from "../graph.ts";
import { cancelAll } from "./leave.ts";
import { run as runTokens } from "./moves.ts";
import { type Turn, emit, evaluate, freshToken } from "../turn.ts";

/** Looks at the conditions of all goals; true when the run left for one. */
export function lookAtGoals(turn: Turn): boolean {
  for (const node of turn.process.goals) {
    if (!node.goal) continue;
    turn.scope = null;
    const looked = evaluate(turn, node.goal);
    if (!looked.isTrue) continue;
    reach(turn, node, { condition: looked.seen });
    return true;
  }
  return false;
}

/** The goal that this event means, if one does. */
export function reachByEvent(turn: Turn, event: string): boolean {
  const node = turn.process.goals.find(({ config }) => config.goalEvent === event);
  if (node) reach(turn, node, { event });
  return node !== undefined;
}

function reach(turn: Turn, node: CompiledNode, why: { condition?: Evaluated; event?: string }): void {
  const token = freshToken(turn);
  emit(turn, "GoalReached", { node: node.id, token, ...why });
  cancelAll(turn, `the goal “${node.node.name}” was reached`);
  runTokens(turn, [{ token, node, edge: null, from: null, scope: null }]);
}
