/**
 * What comes from outside the run. A public event of a record is news to every token that waits for it; a message is for one: the
 * first step that waits for its key, else it is kept for the next one.
 */
import { announce } from "../clocks/clocks.ts";
import { fireBoundary } from "./boundary.ts";
import { isMeant, keepMessage, messageAsFeel } from "./early-messages.ts";
import type { CompiledProcess } from "../graph.ts";
import { type Plain, type Refusal, type Run, type Token, type Values, refuse } from "../model.ts";
import { placeOf, resume, run as runTokens } from "./moves.ts";
import type { Boundary } from "../process.ts";
import type { Awaited } from "../step.ts";
import { type Turn, emit, nextId, nodeOf, stopOf } from "../turn.ts";

/** Takes a message for one token, or keeps it. Refused when the run is suspended or nothing in it ever waits for such a one. */
export function receiveMessage(turn: Turn, event: string, payload: Values, key: Plain | undefined): Refusal | null {
  if (turn.run.status !== "active")
    return refuse(
      "UNAVAILABLE",
      "This run is suspended. The message was not taken; send it again after it was resumed.",
    );
  if (!isAwaited(turn.process, event))
    return refuse(
      "INVALID",
      `Nothing in “${turn.process.document.name}” waits for “${event}”. The message was not taken.`,
    );
  announce(turn, event);
  const waiting = waitingFor(turn, event, key)[0];
  if (!waiting) keepMessage(turn, event, payload, key);
  else {
    const id = nextId(turn, "message");
    emit(turn, "MessageReceived", { event, payload, id, ...(key !== undefined && { key }) });
    emit(turn, "MessageConsumed", { event, token: waiting.token.id, id });
    wake(turn, waiting, event, payload);
  }
  return null;
}

/** Something happened to a record: every token that waits for it goes on. Its clocks have heard of it before. */
export function receiveNews(turn: Turn, event: string): void {
  if (turn.run.status !== "active") return;
  for (const waiting of waitingFor(turn, event, undefined)) {
    // What one of them did may have taken another away.
    if (turn.run.status !== "active" || turn.run.tokens[waiting.token.id] === undefined) continue;
    emit(turn, "MessageConsumed", { event, token: waiting.token.id });
    wake(turn, waiting, event, null);
  }
}

/** Whether a step of the run waits for such a message now; one with a key is only for who waits for that key. */
export function awaits({ tokens, status }: Run, event: string, key: Plain | undefined): boolean {
  if (status !== "active") return false;
  return Object.values(tokens).some(
    ({ state, events, keys }) =>
      state === "in" &&
      events?.some(
        (name, i) => name === event && (key === undefined || (keys?.[i] != null && isMeant(keys[i], key))),
      ) === true,
  );
}

type Waiting = { token: Token; port: string | undefined; boundary: Boundary | null };

function wake(turn: Turn, { token, port, boundary }: Waiting, event: string, payload: Values | null): void {
  const node = nodeOf(turn, token.node);
  runTokens(
    turn,
    boundary
      ? fireBoundary(turn, token.id, node, boundary, placeOf(turn, token.id, node))
      : resume(
          turn,
          token.id,
          { type: "event", event, ...(port && { port }) },
          payload ? messageAsFeel(payload) : null,
        ),
  );
}

/** Tokens that wait for this event: at a wait, else at the edge of a step. */
function waitingFor(turn: Turn, event: string, key: Plain | undefined): Waiting[] {
  const tokens = Object.values(turn.run.tokens).filter((token) => token.state === "in" && !stopOf(turn, token.node));
  const waits = tokens.flatMap((token): Waiting[] => {
    const at = token.events?.findIndex((name, i) => name === event && isMeant(token.keys?.[i], key)) ?? -1;
    if (at < 0) return [];
    return [{ token, port: awaitedAt(turn, token)[at]?.port, boundary: null }];
  });
  const edges = tokens.flatMap((token): Waiting[] =>
    nodeOf(turn, token.node).boundary.flatMap((boundary) =>
      boundary.kind === "message" && boundary.event === event && isMeant(token.armed?.[boundary.id]?.key, key)
        ? [{ token, port: boundary.id, boundary }]
        : [],
    ),
  );
  return [...waits, ...edges];
}

function awaitedAt(turn: Turn, token: Token): readonly Awaited[] {
  const node = nodeOf(turn, token.node);
  const outcome = node.definition.enter(node.node, node.config);
  return outcome.type === "wait" ? (outcome.waiting.events ?? []) : [];
}

/** Whether anything drawn looks out for this event: a wait, the edge of a step, a goal, an SLA. */
function isAwaited(process: CompiledProcess, event: string): boolean {
  if (process.latched.has(event)) return true;
  for (const node of process.nodes.values()) {
    if (node.boundary.some((b) => b.kind === "message" && b.event === event)) return true;
    if (node.config.goalEvent === event) return true;
    if (node.node.kind !== "wait") continue;
    const outcome = node.definition.enter(node.node, node.config);
    if (outcome.type === "wait" && outcome.waiting.events?.some((awaited) => awaited.event === event)) return true;
  }
  return false;
}
