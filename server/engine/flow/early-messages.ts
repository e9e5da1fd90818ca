/** Messages that came before a step waited for them: kept for a while (seven days when the process says nothing else). */
import { always } from "../calendar/calendar.ts";
import { dueAt, parseTarget } from "../calendar/calendar-target.ts";
import type { FeelValue } from "../expression/index.ts";
import { toFeel } from "../expression/index.ts";
import type { Plain, Values } from "../model.ts";
import type { Awaited, Signal } from "../step.ts";
import { type Turn, emit, nextId } from "../turn.ts";

const keptFor = "P7D";

/** Whether a message with this key is the one that is waited for; null waits for any. */
export const isMeant = (awaited: Plain | undefined, key: Plain | undefined): boolean =>
  awaited === null || awaited === undefined || (key !== undefined && key !== null && String(awaited) === String(key));

export function keepMessage(turn: Turn, event: string, payload: Values, key: Plain | undefined): void {
  const id = nextId(turn, "message");
  emit(turn, "MessageReceived", { event, payload, id, ...(key !== undefined && { key }) });
  const target = parseTarget(turn.process.document.keepMessages ?? keptFor, false);
  if (!("kind" in target)) return; // reported while drawing
  emit(turn, "TimerSet", {
    id: nextId(turn, "timer"),
    name: `message:${id}`,
    due: dueAt(always, target, turn.instant),
  });
}

/** The oldest early message that this wait is for; it is gone then. */
export function takeEarly(
  turn: Turn,
  token: string,
  events: readonly Awaited[],
  keys: readonly Plain[],
): { signal: Signal; payload: Values } | null {
  for (const [id, message] of Object.entries(turn.run.messages)) {
    const name = message.event ?? id;
    const at = events.findIndex(({ event, fresh }, i) => event === name && !fresh && isMeant(keys[i], message.key));
    if (at < 0) continue;
    forget(turn, id);
    emit(turn, "MessageConsumed", { event: name, token, ...(message.event && { id }) });
    const port = events[at]?.port;
    return { signal: { type: "event", event: name, ...(port && { port }) }, payload: message.payload };
  }
  return null;
}

/** Nothing is left to run out. */
function forget(turn: Turn, id: string): void {
  for (const timer of Object.values(turn.run.timers))
    if (timer.name === `message:${id}`) emit(turn, "TimerCancelled", { id: timer.id });
}

/** A kept message's time is over: nobody wanted it. */
export function expire(turn: Turn, id: string): void {
  const message = turn.run.messages[id];
  if (message) emit(turn, "MessageExpired", { event: message.event ?? id, id });
}

export const messageAsFeel = (payload: Values): Record<string, FeelValue> => ({ message: toFeel(payload) });
