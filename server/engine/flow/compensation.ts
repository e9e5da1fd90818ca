/** Taking completed steps back: what each left to be done for that, the last completed first. A failing action can be retried. */
import { type Done, type Place, act } from "../actions.ts";
import { type Turn, emit, evaluate, nodeOf } from "../turn.ts";

/**
 * Goes on with what is left to take back, in this scope and, outside any, in all; `only`: of that step. It stops at an action that
 * waits for an answer or fails, and goes on with the same one when called again.
 */
export function compensate(turn: Turn, action: { node?: string; when?: string }, place: Place): Done {
  if (action.when?.trim()) {
    const condition = turn.process.expression(action.when);
    if (!condition || !evaluate(turn, condition, place.visit).isTrue) return { done: true };
  }
  const scope = turn.scope;
  for (;;) {
    const head = nextToUndo(turn, scope, action.node);
    if (!head) return { done: true };
    const node = nodeOf(turn, head.node);
    const step = node.node.compensate?.[head.action];
    if (step) {
      const at = `${head.visit}.undo.${head.action}`;
      const result = act(turn, step, { ...place, node, visit: null, work: undefined }, at);
      if (!result.done) return result;
    }
    actionUndone(turn, head);
  }
}

/** The answer to the action that was under way has come. */
export function compensationAnswered(turn: Turn, only: string | undefined): void {
  const head = nextToUndo(turn, turn.scope, only);
  if (head) actionUndone(turn, head);
}

function actionUndone(turn: Turn, { visit, node, action }: { visit: string; node: string; action: number }): void {
  const all = nodeOf(turn, node).node.compensate?.length ?? 0;
  emit(turn, "CompensationDone", { visit, node, action, done: action + 1 >= all });
}

const nextToUndo = (turn: Turn, scope: string | null, only: string | undefined) =>
  turn.run.compensable.findLast((one) => (scope === null || one.scope === scope) && (!only || one.node === only));
