/**
 * `decide(process, run, command, world)`: pure. The facts that follow from a command, or a refusal that changes nothing.
 * A command at `now` first fires its run's timers that are due, in (due, id) order, so that no result depends on how late a
 * worker was.
 */
import { act, setBack } from "./actions.ts";
import { announce, announceAll, reviewClocks, ringClock, startRunClocks } from "./clocks.ts";
import type { CommandOf, RunCommand } from "./commands.ts";
import { complete } from "./complete.ts";
import type { Event } from "./events.ts";
import type { CompiledProcess } from "./graph.ts";
import { type Plain, type Refusal, type Run, type Timer, type Values, type Work, refuse } from "./model.ts";
import {
  type Arrival,
  cancelAll,
  cancelWorkTimers,
  endRun,
  out,
  placeOf,
  resume,
  run as runTokens,
  setBoundary,
  tellParent,
  work as workOn,
} from "./moves.ts";
import { reassign } from "./reassign.ts";
import { recompute } from "./recompute.ts";
import { findRelated, rebind } from "./records.ts";
import { copyRun } from "./run-shape.ts";
import { type Turn, type Watch, emit, evaluate, nextId, nodeOf, request } from "./turn.ts";
import { undo } from "./undo.ts";
import type { World } from "./world.ts";
import { raiseUndelivered, sendAgain } from "./undelivered.ts";

export type Decided = { ok: true; run: Run; events: Event[]; answer: Plain };

export function decide(
  process: CompiledProcess,
  before: Run | null,
  command: RunCommand,
  world: World,
  watch: Watch | null = null,
): Decided | Refusal {
  const turn: Turn = {
    process,
    run: before ? copyRun(before) : (null as never),
    world,
    command: { id: command.id, actor: command.actor },
    now: command.at,
    instant: command.at,
    actor: command.actor,
    events: [],
    watch,
    touched: new Map(),
    emitted: new Set(),
    created: 0,
    tokensGiven: 0,
    lastEnd: null,
    dirty: false,
  };
  if (command.type === "startRun") return start(turn, before, command);
  if (!before) return refuse("NOT_FOUND", "This run does not exist.");
  const letter =
    command.type === "effectAnswered"
      ? command.mail
      : command.type === "retryIncident" && before.incidents[command.incident]?.mail;
  const over = before.status === "completed" || before.status === "cancelled";
  if (!letter && over && command.type !== "recomputeClocks") {
    // A late message or timer for a run that is over is no news; a person is told.
    return command.actor.kind === "member" && command.type !== "undoWork"
      ? refuse("RUN_OVER", "This run has ended in the meantime. Nothing was changed.")
      : command.type === "undoWork"
        ? undo(turn, command)
        : nothing(turn);
  }
  if (command.type === "undoWork") return undo(turn, command);
  if (command.type === "recomputeClocks") return recompute(turn, command);
  if (before.status === "active") {
    if (command.type === "recordChanged") hear(turn, command, before);
    fireDue(turn);
  }
  const refused = perform(turn, command);
  if (refused) return refused;
  return conclude(turn, null);
}

/**
 * For clocks, news of a record counts when the record changed, but never before what the run has done since. Timers due by then
 * ring first; tokens move when the run hears of it.
 */
function hear(turn: Turn, command: CommandOf<"recordChanged">, { lastAt }: Run): void {
  const instant = Math.min(command.at, Math.max(command.since ?? command.at, lastAt));
  fireDue(turn, instant);
  if (turn.run.status !== "active") return;
  turn.instant = instant;
  rebind(turn);
  announceAll(turn, command.events);
  reviewClocks(turn);
  turn.instant = turn.now;
}

const nothing = (turn: Turn): Decided => ({ ok: true, run: turn.run, events: [], answer: null });

function conclude(turn: Turn, answer: Plain): Decided {
  if (turn.run.status === "active") settle(turn);
  for (const [id, { type, events, created }] of turn.touched) {
    if (turn.world.watched(turn.run, type, id, [...events], created))
      request(turn, { kind: "record_changed", recordType: type, recordId: id, events: [...events], created });
  }
  return { ok: true, run: turn.run, events: turn.events, answer };
}

/** After a change: conditions that tokens wait for, entry gates and clocks are looked at until nothing moves any more. */
function settle(turn: Turn): void {
  for (let rounds = 0; rounds < 100; rounds++) {
    if (turn.dirty) reviewClocks(turn);
    if (!turn.dirty) return;
    turn.dirty = false;
    const arrivals: Arrival[] = [];
    for (const token of Object.values(turn.run.tokens)) {
      const node = nodeOf(turn, token.node);
      if (token.state === "held") arrivals.push({ token: token.id, node, edge: token.edge, from: null });
      else if (
        token.state === "in" &&
        token.condition &&
        node.condition &&
        evaluate(turn, node.condition, token.visit ? turn.run.visits[token.visit] : null).isTrue
      )
        arrivals.push(...resume(turn, token.id, { type: "condition" }));
    }
    if (arrivals.length) runTokens(turn, arrivals);
  }
}

function start(turn: Turn, before: Run | null, command: CommandOf<"startRun">): Decided | Refusal {
  const { process, world } = turn;
  if (before) return refuse("ALREADY_RUNNING", "This run exists already.");
  if (!process.start) return refuse("UNSOUND", "This version has no start.");
  if (!world.records.has(command.recordId))
    return refuse("NOT_FOUND", "The record does not exist any more. Nothing was started.");
  const variables: Values = {};
  for (const [name, variable] of Object.entries(process.document.variables))
    variables[name] = command.variables?.[name] ?? variable.default ?? null;
  const related: Record<string, string | null> = {};
  const seed = {
    run: { recordType: command.recordType, recordId: command.recordId, related, lastAt: command.at } as Run,
    world,
    process,
  };
  for (const [name, rule] of Object.entries(process.document.related)) related[name] = findRelated(seed, rule);
  turn.instant = Math.min(command.trigger.at, command.at);
  emit(
    turn,
    "RunStarted",
    {
      workspaceId: command.workspaceId,
      process: process.document.key,
      version: process.version,
      recordType: command.recordType,
      recordId: command.recordId,
      trigger: command.trigger,
      variables,
      related,
      parent: command.parent ?? null,
    },
    { kind: "run", id: command.runId },
    1,
  );
  startRunClocks(turn);
  announce(turn, "run.started");
  runTokens(turn, [{ token: "t1", node: process.start, edge: null, from: null }]);
  turn.instant = turn.now;
  turn.dirty = true;
  fireDue(turn);
  return conclude(turn, { runId: command.runId });
}

/** Timers due by now, oldest first; each counts at its own instant. */
function fireDue(turn: Turn, until: number = turn.now): void {
  for (let fired = 0; fired < 10_000; fired++) {
    const due = firstDue(turn.run.timers, until);
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

function firstDue(timers: Run["timers"], now: number): Timer | null {
  let first: Timer | null = null;
  for (const id in timers) {
    const timer = timers[id]!;
    if (
      timer.due <= now &&
      (!first || timer.due < first.due || (timer.due === first.due && number(timer) < number(first)))
    )
      first = timer;
  }
  return first;
}
const number = ({ id }: Timer) => Number(id.slice(1));

function ring(turn: Turn, timer: Timer): void {
  if (timer.clock) {
    const { todo, late } = ringClock(turn, timer.clock);
    for (const { action, place } of todo) act(turn, action, place);
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
  const token = timer.token ? turn.run.tokens[timer.token] : undefined;
  if (!token || token.state !== "in") return;
  const node = nodeOf(turn, token.node);
  const boundary = timer.name.startsWith("boundary:")
    ? node.boundary.find((b) => `boundary:${b.id}` === timer.name)
    : undefined;
  if (!boundary) return runTokens(turn, resume(turn, token.id, { type: "timer", name: timer.name }));
  if (boundary.interrupting) return leaveBy(turn, token.id, boundary.id);
  if (boundary.repeat) setBoundary(turn, token.id, boundary, placeOf(turn, token.id, node));
  const edge = node.out.find((e) => e.port === boundary.id);
  if (edge) {
    const id = `t${turn.run.counters.token + 1}`;
    runTokens(turn, [{ token: id, node: nodeOf(turn, edge.to), edge: edge.id, from: node.id }]);
  }
}

/** An interrupting exit: step, work and clocks are cancelled, the token goes on from there. */
function leaveBy(turn: Turn, token: string, port: string): void {
  const held = turn.run.tokens[token];
  if (!held) return;
  const node = nodeOf(turn, held.node);
  runTokens(turn, out(turn, token, node, port, { visit: held.visit, cancelled: true }));
}

function perform(
  turn: Turn,
  command: Exclude<RunCommand, { type: "startRun" | "undoWork" | "recomputeClocks" }>,
): Refusal | null {
  switch (command.type) {
    case "fireTimer":
      return null; // whatever is due has been fired
    case "receiveMessage":
      return receive(turn, command.event, command.payload, true);
    case "recordChanged":
      turn.dirty = true;
      rebind(turn);
      for (const event of command.events) receive(turn, event, {}, false);
      return null;
    case "effectAnswered":
      return answered(turn, command);
    case "childEnded": {
      const token = turn.run.tokens[command.token];
      if (token?.state === "in" && token.child) {
        turn.dirty = true;
        rebind(turn);
        runTokens(turn, resume(turn, token.id, { type: "child", outcome: command.outcome }));
      }
      return null;
    }
    case "startWork":
      return withWork(turn, command.work, (item) => {
        emit(turn, "WorkStarted", { work: item.id });
        announce(turn, "work_item.started", item.visit);
        return null;
      });
    case "saveWork":
      return withWork(turn, command.work, (item) => {
        emit(turn, "WorkSaved", { work: item.id, draft: { ...item.draft, ...command.values } });
        return null;
      });
    case "completeWork":
      return withWork(turn, command.work, (item) => complete(turn, item, command));
    case "assignWork":
      return withWork(turn, command.work, (item) => reassign(turn, item, command));
    case "pauseWork":
      return withWork(turn, command.work, (item) => {
        if (turn.run.visits[item.visit]?.pausedAt !== undefined)
          return refuse("CONFLICT", "This task is blocked already.");
        emit(turn, "StepPaused", { visit: item.visit, by: "member", reason: command.reason });
        announce(turn, "step.paused", item.visit);
        turn.dirty = true;
        return null;
      });
    case "resumeWork":
      return withWork(turn, command.work, (item) => {
        if (turn.run.visits[item.visit]?.pausedAt === undefined)
          return refuse("CONFLICT", "This task is not blocked any more.");
        emit(turn, "StepResumed", { visit: item.visit });
        announce(turn, "step.resumed", item.visit);
        turn.dirty = true;
        return null;
      });
    case "snoozeWork":
      return withWork(turn, command.work, (item) => {
        cancelWorkTimers(turn, item.id);
        emit(turn, "WorkSnoozed", {
          work: item.id,
          until: command.until,
          ...(command.reason && { reason: command.reason }),
        });
        if (command.until !== null)
          emit(turn, "TimerSet", { id: nextId(turn, "timer"), name: "snooze", due: command.until, work: item.id });
        return null;
      });
    case "retryIncident":
      return retry(turn, command.incident);
    case "suspendRun":
      if (turn.run.status === "suspended") return refuse("CONFLICT", "This run is suspended already.");
      emit(turn, "RunSuspended", { reason: command.reason });
      return null;
    case "resumeRun":
      if (turn.run.status !== "suspended") return refuse("CONFLICT", "This run is not suspended.");
      emit(turn, "RunResumed", {});
      turn.dirty = true;
      fireDue(turn);
      return null;
    case "cancelRun":
      cancelAll(turn, command.reason);
      announce(turn, "run.cancelled");
      endRun(turn);
      emit(turn, "RunCancelled", { reason: command.reason });
      tellParent(turn, "cancelled");
      return null;
    default:
      return command satisfies never;
  }
}

/** A public event: it wakes the first token that waits for it; a message also moves clocks here, and waits for its wait. */
function receive(turn: Turn, event: string, payload: Values, message: boolean): Refusal | null {
  if (turn.run.status !== "active")
    return message
      ? refuse("UNAVAILABLE", "This run is suspended. The message was not taken; send it again after it was resumed.")
      : null;
  if (message) announce(turn, event);
  const waiting = Object.values(turn.run.tokens).find((t) => t.state === "in" && t.events?.includes(event));
  if (waiting) {
    if (message) emit(turn, "MessageReceived", { event, payload });
    emit(turn, "MessageConsumed", { event, token: waiting.id });
    runTokens(turn, resume(turn, waiting.id, { type: "event", event }));
  } else if (message) emit(turn, "MessageReceived", { event, payload });
  return null;
}

function answered(turn: Turn, command: CommandOf<"effectAnswered">): Refusal | null {
  if (command.mail) {
    raiseUndelivered(turn, command.mail, command.result);
    return null;
  }
  const token = Object.values(turn.run.tokens).find((t) => t.effect === command.effect);
  if (!token) return null; // answered before, or the step was left
  emit(turn, "EffectAnswered", { id: command.effect, ok: command.ok, result: command.result });
  const node = nodeOf(turn, token.node);
  if (!command.ok) {
    emit(turn, "IncidentRaised", {
      id: nextId(turn, "incident"),
      token: token.id,
      node: node.id,
      code: "EFFECT_FAILED",
      text: typeof command.result === "string" ? command.result : "The outside system did not do it.",
    });
    return null;
  }
  runTokens(
    turn,
    workOn(turn, token.id, node, token.phase ?? "enter", (token.action ?? -1) + 1, token.port, token.outcome ?? null),
  );
  return null;
}

function retry(turn: Turn, id: string): Refusal | null {
  const incident = turn.run.incidents[id];
  if (!incident) return refuse("CONFLICT", "This incident was resolved already.");
  if (sendAgain(turn, incident)) return null;
  const node = nodeOf(turn, incident.node);
  const { token: tokenId } = incident;
  emit(turn, "IncidentResolved", { id });
  turn.dirty = true;
  rebind(turn);
  const token = turn.run.tokens[tokenId];
  if (!token) return null;
  if (token.action !== undefined && token.phase)
    runTokens(turn, workOn(turn, tokenId, node, token.phase, token.action, token.port, token.outcome ?? null));
  // A step that failed before it waited starts over on the visit it has; a gateway is entered anew.
  else
    runTokens(
      turn,
      token.visit ? workOn(turn, tokenId, node, "enter", 0) : [{ token: tokenId, node, edge: token.edge, from: null }],
    );
  return null;
}

function withWork(turn: Turn, id: string, then: (work: Work) => Refusal | null): Refusal | null {
  if (turn.run.status === "suspended")
    return refuse("UNAVAILABLE", "This run is suspended. Nothing was changed; ask the process owner.");
  const item = turn.run.work[id];
  return item ? then(item) : refuse("CONFLICT", "This task is not open any more. Nothing was changed.", { work: id });
}
