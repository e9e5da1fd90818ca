/**
 * `decide(process, run, command, world)`: pure. The facts that follow from a command, or a refusal that changes nothing.
 * A command at `now` first fires its run's timers that are due, in (due, id) order, so that no result depends on how late a
 * worker was.
 */
import { jump } from "./flow/ad-hoc.ts";
import { fireBoundary } from "./flow/boundary.ts";
import { announce, announceAll, holdClocks, releaseClocks, reviewClocks, startRunClocks } from "./clocks/clocks.ts";
import type { CommandOf, RunCommand } from "./commands.ts";
import { complete } from "./work/complete.ts";
import type { Event } from "./events.ts";
import { toFeel } from "./expression/index.ts";
import { begun } from "./flow/handoffs.ts";
import { reachByEvent } from "./flow/goals.ts";
import type { CompiledNode, CompiledProcess } from "./graph.ts";
import { cancelAll, cancelWorkTimers, endRun, raise, tellParent } from "./flow/leave.ts";
import { receiveMessage, receiveNews } from "./flow/messages.ts";
import { migrate } from "./migrate/migrate.ts";
import { undoMigration } from "./migrate/undo.ts";
import { type Plain, type Refusal, type Run, type Values, type Work, refuse } from "./model.ts";
import { placeOf, resume, run as runTokens } from "./flow/moves.ts";
import { reviewApprovers, withdraw } from "./work/decide-approval.ts";
import { barredFrom } from "./work/seats.ts";
import { reassign } from "./work/reassign.ts";
import { recompute } from "./clocks/recompute.ts";
import { findRelated, rebind } from "./records.ts";
import { copyRun } from "./run-shape.ts";
import { type Turn, type Watch, emit, newTurn, nextId, nodeOf, request, stopOf, stoppedRefusal } from "./turn.ts";
import { startedRun } from "./started-run.ts";
import { undo } from "./work/undo.ts";
import type { World } from "./world.ts";
import { answered } from "./flow/answers.ts";
import { retry } from "./flow/retry.ts";
import { outgoingOf } from "./work/undelivered.ts";
import { settle } from "./flow/settle.ts";
import { fireDue } from "./flow/due-timers.ts";
import { keep, newsOf } from "./flow/kept-news.ts";

export type Decided = { ok: true; run: Run; events: Event[]; answer: Plain };

export function decide(
  process: CompiledProcess,
  before: Run | null,
  command: RunCommand,
  world: World,
  watch: Watch | null = null,
): Decided | Refusal {
  const turn = newTurn(process, before ? copyRun(before) : (null as never), world, command, watch);
  if (command.type === "startRun") return start(turn, before, command);
  if (!before) return refuse("NOT_FOUND", "This run does not exist.");
  const letter =
    command.type === "effectAnswered"
      ? (command.mail ?? command.sent)
      : command.type === "retryIncident" &&
        (outgoingOf(before.incidents[command.incident]) ??
          (command.how === "skip" && before.incidents[command.incident]?.sla));
  const over = before.status === "completed" || before.status === "cancelled";
  if (!letter && over && command.type !== "recomputeClocks") {
    // A late message or timer for a run that is over is no news; a person is told.
    return command.actor.kind === "member" && command.type !== "undoWork"
      ? refuse("RUN_OVER", "This run has ended in the meantime. Nothing was changed.")
      : command.type === "undoWork"
        ? undo(turn, command, before)
        : nothing(turn);
  }
  if (command.type === "undoWork") return undo(turn, command, before);
  if (command.type === "undoMigration") return undoMigration(turn, command);
  if (command.type === "recomputeClocks") return recompute(turn, command);
  if (command.type === "migrateRun" && command.seen !== undefined && command.seen !== before.rev)
    return refuse("CONFLICT", "This run has moved on since. Nothing was moved; look at it again.");
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
  const instant = Math.min(turn.now, Math.max(command.since ?? command.at, lastAt));
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
  for (const [id, { type, events, created }] of turn.touched ?? []) {
    if (turn.world.watched(turn.run, type, id, [...events], created))
      request(turn, { kind: "record_changed", recordType: type, recordId: id, events: [...events], created });
  }
  return { ok: true, run: turn.run, events: turn.events, answer };
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
  if (command.brake) brake(turn, process.start);
  else runTokens(turn, [{ token: "t1", node: process.start, edge: null, from: null, scope: null }]);
  turn.instant = turn.now;
  turn.dirty = true;
  fireDue(turn);
  return conclude(turn, { runId: command.runId });
}

/** It stands at its start, whole, until somebody has looked at what starts it so often. */
function brake(turn: Turn, node: CompiledNode): void {
  emit(turn, "TokenEntered", { token: "t1", node: node.id, edge: null, from: null });
  const { chain, process } = turn;
  const by = [...new Set(chain.map(({ name, node: id }) => `“${name || id}”`))].slice(0, 5).join(" → ");
  raise(
    turn,
    "t1",
    node,
    "STORM",
    by
      ? `“${process.document.name}” was started again and again for this record within a minute, by ${by}. Change what starts it, then retry or end this run.`
      : `“${process.document.name}” was started again and again for this record within a minute. Change what starts it, then retry or end this run.`,
    false,
    chain,
  );
}

function perform(
  turn: Turn,
  command: Exclude<RunCommand, { type: "startRun" | "undoWork" | "undoMigration" | "recomputeClocks" }>,
): Refusal | null {
  switch (command.type) {
    case "fireTimer":
      return null; // whatever is due has been fired
    case "receiveMessage":
      if (turn.run.status === "active" && reachByEvent(turn, command.event)) return null;
      return receiveMessage(turn, command.event, command.payload, command.key);
    case "recordChanged":
      if (turn.run.status === "suspended") return keep(turn, newsOf(command, turn.now));
      turn.dirty = true;
      rebind(turn);
      for (const event of command.events)
        if (turn.run.status !== "active" || !reachByEvent(turn, event)) receiveNews(turn, event);
      anyChange(turn);
      return null;
    case "effectAnswered":
      if (turn.run.status === "suspended" && !command.mail) return keep(turn, newsOf(command, turn.now));
      return answered(turn, command);
    case "childEnded":
      if (turn.run.status === "suspended") return keep(turn, newsOf(command, turn.now));
      childEnded(turn, command);
      return null;
    case "jump":
      return jump(turn, command);
    case "migrateRun":
      return migrate(turn, command);
    case "startWork":
      return withWork(turn, command.work, (item) => {
        emit(turn, "WorkStarted", { work: item.id });
        announce(turn, "work_item.started", item.visit);
        begun(turn, item);
        return null;
      });
    case "saveWork":
      return withWork(turn, command.work, (item) => {
        emit(turn, "WorkSaved", { work: item.id, draft: { ...item.draft, ...command.values } });
        return null;
      });
    case "completeWork":
      return withWork(turn, command.work, (item) =>
        stopOf(turn, item.node) ? stoppedRefusal(turn, item.node) : complete(turn, item, command),
      );
    case "assignWork":
      return withWork(turn, command.work, (item) => mayTake(turn, item, command) ?? reassign(turn, item, command));
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
      return retry(turn, command);
    case "suspendRun":
      if (turn.run.status === "suspended") return refuse("CONFLICT", "This run is suspended already.");
      emit(turn, "RunSuspended", { reason: command.reason, ...(command.clocks && { clocks: command.clocks }) });
      if (command.clocks === "pause") holdClocks(turn, () => true);
      return null;
    case "resumeRun":
      if (turn.run.status !== "suspended") return refuse("CONFLICT", "This run is not suspended.");
      resumeRun(turn);
      return null;
    case "reviewStops":
      reviewStops(turn);
      return null;
    case "cancelRun":
      return cancelRun(turn, command.reason);
    case "withdrawApproval": {
      if (turn.run.status === "suspended")
        return refuse("UNAVAILABLE", "This run is suspended. Nothing was changed; ask the process owner.");
      const withdrawn = withdraw(turn, command);
      if ("ok" in withdrawn) return withdrawn;
      return withdrawn.cancelRun ? cancelRun(turn, command.reason?.trim() || "The request was taken back.") : null;
    }
    case "reviewApprovers":
      reviewApprovers(turn, command.gone);
      return null;
    default:
      return command satisfies never;
  }
}

/** Clocks of steps that were stopped stand still if that was chosen; those of steps that go on go on, and what was held comes in. */
function reviewStops(turn: Turn): void {
  if (turn.run.status !== "active") return;
  holdClocks(turn, ({ node }) => node !== null && stopOf(turn, node)?.clocks === "pause");
  releaseClocks(turn, ({ node }) => node !== null && stopOf(turn, node) === null);
  turn.dirty = true;
}

function cancelRun(turn: Turn, reason: string): null {
  cancelAll(turn, reason);
  announce(turn, "run.cancelled");
  endRun(turn);
  emit(turn, "RunCancelled", { reason });
  tellParent(turn, "cancelled");
  return null;
}

/** An approval goes to nobody who asked for it, and to nobody who sits at its level already. */
function mayTake(turn: Turn, item: Work, { how, actor }: CommandOf<"assignWork">): Refusal | null {
  const to =
    how.kind === "hand_over" || how.kind === "rebalance"
      ? how.to
      : how.kind === "claim" && actor.kind === "member"
        ? actor.id
        : null;
  const barred = item.approval && to && to !== item.assignee ? barredFrom(turn, item, to) : null;
  return barred ? refuse("NOT_ALLOWED", barred) : null;
}

/** Timers that fell due meanwhile ring, then what was kept is heard in the order it came. */
function resumeRun(turn: Turn): void {
  const kept = turn.run.kept ?? [];
  emit(turn, "RunResumed", {});
  releaseClocks(turn, ({ node }) => !node || stopOf(turn, node)?.clocks !== "pause");
  turn.dirty = true;
  fireDue(turn);
  for (const news of kept) {
    if (turn.run.status !== "active") return;
    const { id, actor } = turn.command;
    const command = { ...news, id, actor, workspaceId: turn.run.workspaceId, runId: turn.run.id, at: turn.now };
    if (command.type === "recordChanged") hear(turn, command, turn.run);
    perform(turn, command);
  }
}

/** Steps that look out for any change others make to the record. */
function anyChange(turn: Turn): void {
  for (const { id } of Object.values(turn.run.tokens)) {
    const token = turn.run.tokens[id];
    if (turn.run.status !== "active" || token?.state !== "in" || !token.visit) continue;
    if (stopOf(turn, token.node)) continue;
    const node = nodeOf(turn, token.node);
    const boundary = node.boundary.find((b) => b.kind === "record_changed" && !b.when?.trim());
    if (boundary) runTokens(turn, fireBoundary(turn, id, node, boundary, placeOf(turn, id, node)));
  }
}

function childEnded(turn: Turn, { token: id, child, outcome, variables, error }: CommandOf<"childEnded">): void {
  const token = turn.run.tokens[id];
  if (token?.state !== "in" || !token.child) return;
  // An earlier call of this token, which was left; runs of older releases name no effect.
  const called = token.child.includes("/") || startedRun(turn.run.workspaceId, turn.run.id, token.child) === child;
  if (!called) return;
  turn.dirty = true;
  rebind(turn);
  runTokens(
    turn,
    error
      ? raise(turn, id, nodeOf(turn, token.node), error.code, error.text, true)
      : resume(turn, id, { type: "child", outcome }, { child: toFeel({ ...variables, end: outcome }) }),
  );
}

function withWork(turn: Turn, id: string, then: (work: Work) => Refusal | null): Refusal | null {
  if (turn.run.status === "suspended")
    return refuse("UNAVAILABLE", "This run is suspended. Nothing was changed; ask the process owner.");
  const item = turn.run.work[id];
  return item ? then(item) : refuse("CONFLICT", "This task is not open any more. Nothing was changed.", { work: id });
}
