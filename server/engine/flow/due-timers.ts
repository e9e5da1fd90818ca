/** Timers that are due ring, each at its own instant. */
import { setBack } from "../actions.ts";
import { actOfClock } from "../clocks/sla-actions.ts";
import { fireBoundary } from "./boundary.ts";
import { ringClock } from "../clocks/clocks.ts";
import { expire } from "./early-messages.ts";
import { out } from "./leave.ts";
import type { Timer } from "../model.ts";
import { placeOf, resume, run as runTokens } from "./moves.ts";
import { approvalOverdue } from "../work/decide-approval.ts";
import { timeoutTimer } from "../work/open-approval.ts";
import { awayTimer, reviewSeat } from "../work/seats.ts";
import { type Turn, emit, nodeOf, stopOf } from "../turn.ts";
import { settle } from "./settle.ts";

/** Timers due by now, oldest first; each counts at its own instant. */
export function fireDue(turn: Turn, until: number = turn.now): void {
  for (let fired = 0; fired < 10_000; fired++) {
    const due = firstDue(turn, until);
    if (!due || turn.run.status !== "active") break;
    turn.instant = Math.max(due.due, turn.run.startedAt);
    const actor = turn.actor;
    turn.actor = { kind: "system" };
    emit(turn, "TimerFired", { id: due.id, due: due.due });
    ring(turn, due);
    settle(turn);
    turn.actor = actor;
  }
  turn.instant = turn.now;
}

/** A step that is stopped lets no time pass out of it: its timers ring once it goes on, each at its own instant. */
function firstDue(turn: Turn, now: number): Timer | null {
  const { timers } = turn.run;
  let first: Timer | null = null;
  for (const id in timers) {
    const timer = timers[id]!;
    if (
      timer.due <= now &&
      (!turn.world.stopped || !isStopped(turn, timer)) &&
      (!first || timer.due < first.due || (timer.due === first.due && number(timer) < number(first)))
    )
      first = timer;
  }
  return first;
}
function isStopped(turn: Turn, { token, clock, work }: Timer): boolean {
  const { tokens, clocks, work: items } = turn.run;
  const at = token ? tokens[token]?.node : clock ? clocks[clock]?.node : work ? items[work]?.node : null;
  return typeof at === "string" && stopOf(turn, at) !== null;
}
const number = ({ id }: Timer) => Number(id.slice(1));

function ring(turn: Turn, timer: Timer): void {
  if (timer.clock) {
    const { todo, late } = ringClock(turn, timer.clock);
    for (const { action, place } of todo) actOfClock(turn, timer.clock, action, place);
    if (late) leaveBy(turn, late, "late");
    return;
  }
  if (timer.work) {
    if (turn.run.work[timer.work]) emit(turn, "WorkSnoozed", { work: timer.work, until: null });
    return;
  }
  if (timer.back) return setBack(turn, timer.back);
  if (timer.name === "review") {
    turn.dirty = true;
    return;
  }
  if (timer.name.startsWith("message:")) return expire(turn, timer.name.slice("message:".length));
  const token = timer.token ? turn.run.tokens[timer.token] : undefined;
  if (!token || token.state === "held") return;
  const node = nodeOf(turn, token.node);
  const boundary = timer.name.startsWith("boundary:")
    ? node.boundary.find((b) => `boundary:${b.id}` === timer.name)
    : undefined;
  if (boundary) runTokens(turn, fireBoundary(turn, token.id, node, boundary, placeOf(turn, token.id, node)));
  else if (timer.name === timeoutTimer) runTokens(turn, approvalOverdue(turn, token.id, node));
  else if (timer.name.startsWith(awayTimer)) reviewSeat(turn, timer.name.slice(awayTimer.length), node);
  else if (token.state === "in") runTokens(turn, resume(turn, token.id, { type: "timer", name: timer.name }));
}

/** An interrupting exit: step, work and clocks are cancelled, the token goes on from there. */
function leaveBy(turn: Turn, token: string, port: string): void {
  const held = turn.run.tokens[token];
  if (!held) return;
  const node = nodeOf(turn, held.node);
  runTokens(turn, out(turn, token, node, port, { visit: held.visit, cancelled: true }));
}
