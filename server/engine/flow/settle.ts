/** After every fact of a command: what holds now that did not before, until nothing moves any more. */
import { fireBoundary } from "./boundary.ts";
import { reviewClocks } from "../clocks/clocks.ts";
import { setReview } from "../clocks/clock-review.ts";
import { waitsForTime } from "../clocks/waiting-days.ts";
import { lookAtGoals } from "./goals.ts";
import type { CompiledNode } from "../graph.ts";
import type { Arrival } from "./leave.ts";
import type { Token } from "../model.ts";
import { placeOf, readyCondition, resume, run as runTokens } from "./moves.ts";
import { type Turn, emit, evaluate, nodeOf, stopOf } from "../turn.ts";

/** After a change everything that waits for one is looked at; then it is set when time alone may change something. */
export function settle(turn: Turn): void {
  lookAround(turn);
  if (turn.run.status === "active" && waitsForTime(turn)) setReview(turn);
}

/** Clocks, goals, entry gates and what tokens wait for, until nothing moves any more. */
function lookAround(turn: Turn): void {
  for (let rounds = 0; rounds < 100; rounds++) {
    if (turn.dirty) reviewClocks(turn);
    if (!turn.dirty) return;
    turn.dirty = false;
    if (lookAtGoals(turn)) return;
    const arrivals: Arrival[] = [];
    // One that was put beside the others is over when it leaves its step, and may have been the last.
    let over = false;
    for (const { id } of Object.values(turn.run.tokens)) {
      const token = turn.run.tokens[id];
      if (!token) continue;
      const node = nodeOf(turn, token.node);
      if (token.state === "held")
        arrivals.push({ token: id, node, edge: token.edge, from: null, scope: token.scope ?? null });
      else if (token.state === "in" && !stopOf(turn, token.node)) {
        const ready = readyCondition(turn, id);
        if (ready) arrivals.push(...resume(turn, id, ready));
        else arrivals.push(...changedBoundaries(turn, token, node));
        over ||= turn.run.tokens[id] === undefined;
      }
    }
    if (arrivals.length || over) runTokens(turn, arrivals);
    if (turn.run.status !== "active") return;
  }
}

/** Conditions at the edge of a step: one happens when it becomes true. */
function changedBoundaries(turn: Turn, token: Token, node: CompiledNode): Arrival[] {
  for (const boundary of node.boundary) {
    const armed = token.armed?.[boundary.id];
    if (boundary.kind !== "record_changed" || !boundary.when?.trim() || armed?.holds === undefined) continue;
    const condition = turn.process.expression(boundary.when);
    if (!condition) continue;
    const place = placeOf(turn, token.id, node);
    const looked = evaluate(turn, condition, place.visit);
    if (looked.isTrue === armed.holds) continue;
    emit(turn, "BoundaryArmed", { token: token.id, boundary: boundary.id, holds: looked.isTrue });
    if (looked.isTrue) return fireBoundary(turn, token.id, node, boundary, place, looked.seen);
  }
  return [];
}
