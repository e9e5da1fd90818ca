/** Events at the edge of a step: while it is open they end it, or send a further token beside it. Errors are caught in `leave.ts`. */
import type { Place } from "../actions.ts";
import { always } from "../calendar/calendar.ts";
import { dueAt, parseTarget } from "../calendar/calendar-target.ts";
import type { Evaluated } from "../events.ts";
import type { CompiledNode } from "../graph.ts";
import { instantOf } from "../calendar/instant.ts";
import { type Arrival, out, settleIncidents } from "./leave.ts";
import type { Plain } from "../model.ts";
import type { Boundary, BoundaryTimer } from "../process.ts";
import { type Turn, emit, evaluate, freshToken, nextId, nodeOf, plainOf, primary, standAt } from "../turn.ts";

/** Begins to look out, when the step is active: timers run, keys of messages are fixed, conditions are looked at. */
export function armBoundaries(turn: Turn, token: string, node: CompiledNode, place: Place): void {
  for (const boundary of node.boundary)
    if (!turn.run.tokens[token]?.armed?.[boundary.id]) armBoundary(turn, token, boundary, place);
}

/** The same of one of them. */
export function armBoundary(turn: Turn, token: string, boundary: Boundary, place: Place): void {
  standAt(turn, token);
  switch (boundary.kind) {
    case "timer":
      return setBoundaryTimer(turn, token, boundary, place);
    case "message": {
      if (!boundary.correlate?.trim()) return;
      const key = keyOf(turn, boundary.correlate, place);
      return emit(turn, "BoundaryArmed", { token, boundary: boundary.id, key });
    }
    case "record_changed": {
      const condition = boundary.when?.trim() ? turn.process.expression(boundary.when) : null;
      if (!condition) return;
      const holds = evaluate(turn, condition, place.visit).isTrue;
      return emit(turn, "BoundaryArmed", { token, boundary: boundary.id, holds });
    }
    case "error":
      return;
    default:
      boundary satisfies never;
  }
}

/** The key a message must carry; null when the expression gives none, which takes any message. */
export function keyOf(turn: Turn, correlate: string, place: Place): Plain {
  const expression = turn.process.expression(correlate);
  return expression ? plainOf(evaluate(turn, expression, place.visit).value) : null;
}

/** A step that waits for an answer of its actions is active too; what it looks out for is not set a second time later. */
export function armWhileActing(turn: Turn, token: string, node: CompiledNode, place: Place): void {
  if (node.boundary.length === 0) return;
  const fresh = node.boundary.filter((b) => !turn.run.tokens[token]?.armed?.[b.id]);
  armBoundaries(turn, token, node, place);
  for (const boundary of fresh)
    if (!turn.run.tokens[token]?.armed?.[boundary.id]) emit(turn, "BoundaryArmed", { token, boundary: boundary.id });
}

function setBoundaryTimer(turn: Turn, token: string, timer: BoundaryTimer, place: Place): void {
  const due = dueOf(turn, timer, place);
  if (typeof due === "number")
    emit(turn, "TimerSet", { id: nextId(turn, "timer"), name: `boundary:${timer.id}`, due, token });
}

/** It has happened: the token leaves by it, or a further one goes on from there. */
export function fireBoundary(
  turn: Turn,
  token: string,
  node: CompiledNode,
  boundary: Boundary,
  place: Place,
  condition?: Evaluated,
): Arrival[] {
  const held = turn.run.tokens[token];
  const seen = condition ? { condition } : {};
  if (boundary.kind === "error" || boundary.interrupting) {
    emit(turn, "BoundaryFired", { token, boundary: boundary.id, ...seen });
    settleIncidents(turn, token);
    return out(turn, token, node, boundary.id, { visit: held?.visit, cancelled: true });
  }
  if (boundary.kind === "timer" && boundary.repeat) setBoundaryTimer(turn, token, boundary, place);
  const edge = node.out.find((e) => e.port === boundary.id);
  if (!edge) return [];
  const beside = freshToken(turn);
  emit(turn, "BoundaryFired", { token, boundary: boundary.id, beside, ...seen });
  return [{ token: beside, node: nodeOf(turn, edge.to), edge: edge.id, from: node.id, scope: held?.scope ?? null }];
}

/** When a timer rings: a date is 00:00 of that day in the calendar's zone, moved to the next opening; a past one at once. */
export function dueOf(
  turn: Turn,
  timer: { after?: string | undefined; until?: string | undefined; calendar?: string | undefined },
  place: Place,
): number | string {
  const calendar = turn.world.calendar(turn.process, timer.calendar, {
    record: primary(turn),
    assignee: place.assignee,
  });
  if (timer.until?.trim()) {
    const expression = turn.process.expression(timer.until);
    const value = expression ? evaluate(turn, expression, place.visit).value : null;
    const at = instantOf(value, calendar?.zone ?? turn.world.workspace.zone, calendar?.calendar ?? null);
    return at === null ? `The date “${timer.until}” of this wait is empty.` : Math.max(at, turn.instant);
  }
  const target = parseTarget(timer.after ?? "", calendar !== null);
  return "kind" in target && calendar
    ? dueAt(calendar.calendar, target, turn.instant)
    : "kind" in target
      ? dueAt(always, target, turn.instant)
      : `“${timer.after}” is not a duration.`;
}
