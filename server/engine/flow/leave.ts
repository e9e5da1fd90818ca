/**
 * How a token leaves a node: by a port, because it was cancelled, or by an error. With it go its visit, work, clocks, timers, and
 * whatever runs inside the node.
 */
import { goneOn } from "./handoffs.ts";
import { announce, endClock, endVisitClocks } from "../clocks/clocks.ts";
import type { Evaluated, Hop } from "../events.ts";
import { type CompiledEdge, type CompiledNode, type Exit, edgeAt, noExit } from "../graph.ts";
import type { Token } from "../model.ts";
import { lockRecord } from "../records.ts";
import { none } from "../run-shape.ts";
import { setBack } from "../actions.ts";
import { type Turn, emit, freshToken, nextId, nodeOf, request } from "../turn.ts";

/** A token on its way to a node. `edge` and `from` are null where no connection led there. */
export type Arrival = {
  token: string;
  node: CompiledNode;
  edge: string | null;
  from: string | null;
  scope: string | null;
  /** Put there by hand: it ends when the step is left. */
  alone?: boolean;
};

export type Left = {
  visit?: string | undefined;
  outcome?: string | null | undefined;
  skipped?: boolean | undefined;
  cancelled?: boolean | undefined;
  conditions?: Evaluated[] | undefined;
  merged?: string[] | undefined;
};

/** In one shape: of what leaves at every step. */
export const leaving = (
  visit: string | undefined,
  outcome?: string | null,
  conditions?: Evaluated[],
  merged?: string[],
): Left => ({ visit, outcome, skipped: undefined, cancelled: undefined, conditions, merged });

/** Leaves by a port. A port nobody drew an edge for is an incident. */
export function out(turn: Turn, token: string, node: CompiledNode, port: string, left: Left): Arrival[] {
  if (turn.run.tokens[token]?.alone) return move(turn, token, node, port, noExit, left);
  const edge = edgeAt(node, port) ?? (node.out.length === 1 && port === "done" ? node.out[0] : undefined);
  if (!edge)
    return raise(turn, token, node, "NO_EXIT", `Nothing is drawn for the exit “${port}” of “${node.node.name}”.`);
  return move(turn, token, node, port, edge.exit, left);
}

export function move(
  turn: Turn,
  token: string,
  node: CompiledNode,
  port: string,
  { edges, ids }: Exit,
  left: Left,
): Arrival[] {
  const held = turn.run.tokens[token];
  for (const edge of edges)
    if (edge.rework && edge.cap !== undefined && (turn.run.reworks[edge.id] ?? 0) >= edge.cap)
      return capped(turn, token, node, port, edge, left);
  const { visit } = left;
  const completed = visit !== undefined && !left.skipped && !left.cancelled;
  if (visit) {
    closeWork(turn, visit, left.cancelled ? "the step was left early" : "the step was left");
    endVisitClocks(turn, visit, completed ? "complete" : "cancel");
  }
  if (held) closeInside(turn, held, "the step was left early", left.cancelled === true);
  cancelTokenTimers(turn, token);
  // In one shape, unset as undefined: of all facts this one is made and read most often, and the log shows no difference.
  emit(turn, "TokenLeft", {
    token,
    node: node.id,
    port,
    edges: ids,
    visit: visit || undefined,
    outcome: left.outcome,
    skipped: left.skipped || undefined,
    cancelled: left.cancelled || undefined,
    conditions: left.conditions,
    merged: left.merged,
    ended: held?.alone || undefined,
    end: undefined,
    compensable: (completed && node.compensates) || undefined,
  });
  if (completed) announce(turn, "step.completed", visit, node.id);
  if (turn.run.handoffs) goneOn(turn, token, edges);
  const arrivals = edges.map(
    (edge, i): Arrival => ({
      token: i === 0 ? token : freshToken(turn),
      node: edge.target ?? nodeOf(turn, edge.to),
      edge: edge.id,
      from: node.id,
      scope: held?.scope ?? null,
    }),
  );
  for (const [i, edge] of edges.entries()) {
    if (edge.handoff) {
      emit(turn, "HandoffSubmitted", { edge: edge.id, artefact: edge.handoff, token: arrivals[i]!.token });
      announce(turn, "handoff.submitted");
    }
    if (edge.rework)
      emit(
        turn,
        "ReworkStarted",
        edge.cap === undefined
          ? { edge: edge.id, from: node.id, to: edge.to }
          : { edge: edge.id, from: node.id, to: edge.to, counted: true },
      );
  }
  return arrivals;
}

/** The cap of a rework edge is reached. Whoever retries lets it go round as often again. */
function capped(
  turn: Turn,
  token: string,
  node: CompiledNode,
  port: string,
  edge: CompiledEdge,
  left: Left,
): Arrival[] {
  if (left.visit)
    emit(turn, "ActionReached", {
      token,
      phase: "complete",
      action: node.node.onComplete?.length ?? 0,
      port,
      outcome: left.outcome ?? null,
    });
  const to = nodeOf(turn, edge.to).node.name;
  return raise(
    turn,
    token,
    node,
    "LOOP_CAP",
    edge.cap === 1
      ? `This run went back to “${to}” once, which is as often as it may. Retry to let it go back again, or move it on.`
      : `This run went back to “${to}” ${edge.cap} times, which is as often as it may. Retry to let it go back again, or move it on.`,
  );
}

function closeWork(turn: Turn, visit: string, reason: string): void {
  if (turn.run.work === none) return;
  for (const work of Object.values(turn.run.work)) {
    if (work.visit !== visit) continue;
    release(turn, work.assignee);
    cancelWorkTimers(turn, work.id);
    emit(turn, "WorkCancelled", { work: work.id, reason });
  }
}

/** A snoozed task that ends has nothing left to come back. */
export function cancelWorkTimers(turn: Turn, work: string): void {
  if (turn.run.timers === none) return;
  for (const timer of Object.values(turn.run.timers))
    if (timer.work === work) emit(turn, "TimerCancelled", { id: timer.id });
}

function cancelTokenTimers(turn: Turn, token: string): void {
  if (turn.run.timers === none) return;
  for (const timer of Object.values(turn.run.timers))
    if (timer.token === token) emit(turn, "TimerCancelled", { id: timer.id });
}

export const release = (turn: Turn, member: string | null): void => {
  if (member) turn.world.directory.open.set(member, Math.max(0, (turn.world.directory.open.get(member) ?? 1) - 1));
};

/** What runs inside a node that is left: scopes with their tokens, and a called run when the step did not wait for its end. */
function closeInside(turn: Turn, token: Token, reason: string, cancelled: boolean): void {
  if (turn.run.scopes !== none)
    for (const scope of Object.values(turn.run.scopes))
      if (scope.token === token.id) cancelScope(turn, scope.id, reason);
  if (cancelled && token.child)
    request(turn, { kind: "cancel_child", child: token.child, reason: "the step that called it was left" });
}

/** Cancels every token of a scope, and the scope. */
export function cancelScope(turn: Turn, id: string, reason: string): void {
  for (const inner of Object.values(turn.run.tokens)) if (inner.scope === id) cancelToken(turn, inner, reason);
  emit(turn, "ScopeClosed", { id, how: "cancelled" });
}

/** Takes a token off its node without leaving by a port: its step, work, clocks and timers are cancelled. */
export function cancelToken(turn: Turn, token: Token, reason: string): void {
  // An outer token that was cancelled before has taken it along.
  if (!turn.run.tokens[token.id]) return;
  if (token.visit) {
    closeWork(turn, token.visit, reason);
    endVisitClocks(turn, token.visit, "cancel");
  }
  closeInside(turn, token, reason, true);
  cancelTokenTimers(turn, token.id);
  settleIncidents(turn, token.id);
  emit(turn, "TokenLeft", {
    token: token.id,
    node: token.node,
    port: "cancelled",
    edges: [],
    ...(token.visit && { visit: token.visit }),
    cancelled: true,
  });
}

/** A token that goes on by another way leaves no incident behind. */
export function settleIncidents(turn: Turn, token: string): void {
  for (const incident of Object.values(turn.run.incidents))
    if (incident.token === token) emit(turn, "IncidentResolved", { id: incident.id });
}

export function cancelAll(turn: Turn, reason: string): void {
  for (const token of Object.values(turn.run.tokens)) cancelToken(turn, token, reason);
}

/** The run's end cancels its clocks and timers, puts back what was set for a while and frees what it locked. */
export function endRun(turn: Turn): void {
  for (const clock of Object.values(turn.run.clocks)) endClock(turn, clock.id);
  for (const timer of Object.values(turn.run.timers)) {
    emit(turn, "TimerCancelled", { id: timer.id });
    if (timer.back) setBack(turn, timer.back);
  }
  for (const record of turn.world.records.values()) if (record.lockedBy === turn.run.id) lockRecord(turn, record, null);
}

/** No token left: the run has ended. The caller is told. */
export function finishIfOver(turn: Turn): void {
  const { status, tokens, lastEnd } = turn.run;
  if (status === "active" && lastEnd && Object.keys(tokens).length === 0)
    completeRun(turn, lastEnd.node, lastEnd.outcome);
}

function completeRun(
  turn: Turn,
  end: string,
  outcome: "success" | "neutral" | "negative",
  error?: { code: string; text: string },
): void {
  // First, for the clocks that it stops: whatever is left after that is cancelled.
  announce(turn, "run.completed");
  endRun(turn);
  emit(turn, "RunCompleted", { end, outcome });
  tellParent(turn, end, error);
}

export function tellParent(turn: Turn, outcome: string | null, error?: { code: string; text: string }): void {
  const { parent, variables } = turn.run;
  if (parent)
    request(turn, {
      kind: "child_ended",
      run: parent.run,
      token: parent.token,
      outcome,
      ...(Object.keys(variables).length > 0 && { variables }),
      ...(error && { error }),
    });
}

/** Faults of what is drawn: no error boundary takes them. */
const notCaught = new Set(["ENDLESS_LOOP", "NO_EXIT", "LOOP_CAP", "ENDLESS_CHAIN", "STORM", "NOT_ALLOWED"]);

/**
 * An error at a token. The nearest error boundary takes it: of its own step, then of what is around it. A thrown one that nobody
 * takes ends a called run and goes on at its caller. Else it is an incident, and only this token stops.
 */
export function raise(
  turn: Turn,
  token: string,
  node: CompiledNode,
  code: string,
  text: string,
  thrown = false,
  cycle?: readonly Hop[],
): Arrival[] {
  const caught = notCaught.has(code) ? null : catchError(turn, token, code, text);
  if (caught) return caught;
  if (thrown && turn.run.parent) {
    cancelAll(turn, "the run ended with an error");
    completeRun(turn, node.id, "negative", { code, text });
    return [];
  }
  emit(turn, "IncidentRaised", {
    id: nextId(turn, "incident"),
    token,
    node: node.id,
    code,
    text,
    ...(cycle && { cycle }),
  });
  if (turn.world.processOwner)
    request(turn, {
      kind: "notice",
      to: turn.world.processOwner,
      title: node.node.name,
      text,
      urgency: "breach",
      link: `/records/${turn.run.recordId}`,
    });
  return [];
}

function catchError(turn: Turn, from: string, code: string, text: string): Arrival[] | null {
  for (let token = turn.run.tokens[from]; token; ) {
    const host = nodeOf(turn, token.node);
    const boundary = host.boundary.find((b) => b.kind === "error" && (b.code === undefined || b.code === code));
    if (boundary && token.visit) {
      emit(turn, "ErrorCaught", { token: token.id, boundary: boundary.id, code, text });
      settleIncidents(turn, token.id);
      return out(turn, token.id, host, boundary.id, { visit: token.visit, cancelled: true });
    }
    const scope = token.scope ? turn.run.scopes[token.scope] : undefined;
    token = scope ? turn.run.tokens[scope.token] : undefined;
  }
  return null;
}
