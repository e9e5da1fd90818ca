/**
 * SLA clocks inside a run (semantics, section 1): when one attaches, what stops, pauses and cancels it, when its rungs ring.
 * The arithmetic of one clock is `sla.ts`; this file knows runs, visits and events.
 */
import type { Place } from "./actions.ts";
import { always } from "./calendar.ts";
import { parseTarget } from "./calendar-target.ts";
import type { CompiledNode, CompiledSla } from "./graph.ts";
import { nextMidnight } from "./instant.ts";
import type { RunClock, Visit } from "./model.ts";
import type { Action } from "./process.ts";
import * as sla from "./sla.ts";
import { type Turn, emit, evaluate, nextId, nodeOf, primary, workOf } from "./turn.ts";

/** Attaches what a visit's SLAs ask for on entry. */
export function startVisitClocks(turn: Turn, node: CompiledNode, visit: string): void {
  for (const definition of node.slas) attach(turn, definition, turn.run.visits[visit]!, node);
  setReview(turn);
}

/** Attaches the clocks of the run whose start event is what started it. */
export function startRunClocks(turn: Turn): void {
  if (turn.process.latched.has(turn.run.trigger.event))
    emit(turn, "LatchSet", { event: turn.run.trigger.event, at: turn.run.trigger.at });
  for (const definition of turn.process.slas.values()) {
    if (definition.subject === "run" && definition.sla.starts === turn.run.trigger.event)
      begin(turn, definition, null, null, turn.run.trigger.at);
  }
}

/** A public event has happened: latches, stops, starts. `visit`: the visit it belongs to, for step and task events. */
export function announce(turn: Turn, event: string, visit?: string, _node?: string): void {
  if (!turn.process.latched.has(event)) return;
  const ofVisit = event.startsWith("step.") || event.startsWith("work_item.");
  if (!ofVisit) emit(turn, "LatchSet", { event, at: turn.instant });
  for (const clock of Object.values(turn.run.clocks)) {
    const definition = turn.process.slas.get(clock.sla);
    if (definition?.sla.stops === event && (definition.subject === "run" || !visit || clock.visit === visit))
      finish(turn, clock, "complete");
  }
  if (ofVisit) return;
  for (const definition of turn.process.slas.values()) {
    if (definition.sla.starts !== event || definition.sla.stops === event) continue;
    if (definition.subject === "run") begin(turn, definition, null, null, turn.instant);
    else
      for (const open of Object.values(turn.run.visits))
        if (nodeOf(turn, open.node).slas.includes(definition)) attach(turn, definition, open, nodeOf(turn, open.node));
  }
}

function attach(turn: Turn, definition: CompiledSla, visit: Visit, node: CompiledNode): void {
  const { starts } = definition.sla;
  const at = starts === "step.entered" ? visit.enteredAt : turn.run.latches[starts];
  if (at === undefined) return;
  begin(turn, definition, definition.subject === "visit" ? visit : null, node, at, visit);
}

function begin(
  turn: Turn,
  definition: CompiledSla,
  visit: Visit | null,
  node: CompiledNode | null,
  at: number,
  seen: Visit | null = visit,
): void {
  const { key, sla: policy, subject } = definition;
  const open = Object.values(turn.run.clocks).some(
    (c) => c.sla === key && (subject === "run" || c.visit === visit?.id),
  );
  if (open || (subject === "run" ? (turn.run.ended[key] ?? 0) > 0 : visit?.ended?.includes(key))) return;
  if (definition.applies && !evaluate(turn, definition.applies, seen).isTrue) return;
  const place = turn.world.calendar(turn.process, policy.calendar, {
    record: primary(turn),
    assignee: seen?.assignee ?? null,
  });
  const target = parseTarget(policy.target, policy.calendar !== undefined);
  if (!("kind" in target)) return; // reported while drawing; such a version cannot be published
  const id = nextId(turn, "clock");
  const clock = sla.startClock(
    {
      policy: key,
      cycle: (turn.run.ended[key] ?? 0) + 1,
      startedAt: at,
      target,
      rungs: policy.warnAt,
      calendar: place ? place.ref : null,
    },
    place?.calendar ?? always,
  );
  emit(turn, "ClockStarted", { id, sla: key, node: node?.id ?? null, visit: visit?.id ?? null, clock });
  if (definition.pause && evaluate(turn, definition.pause, seen).isTrue) pause(turn, turn.run.clocks[id]!);
  else setRing(turn, turn.run.clocks[id]!);
}

/** A visit has ended: its own clocks complete with it, or are cancelled when it was cancelled or skipped. */
export function endVisitClocks(turn: Turn, visit: string, how: "complete" | "cancel"): void {
  for (const clock of Object.values(turn.run.clocks)) if (clock.visit === visit) finish(turn, clock, how);
}

export const endClock = (turn: Turn, id: string): void => {
  const clock = turn.run.clocks[id];
  if (clock) finish(turn, clock, "cancel");
};

function finish(turn: Turn, clock: RunClock, how: "complete" | "cancel"): void {
  for (const timer of Object.values(turn.run.timers))
    if (timer.clock === clock.id) emit(turn, "TimerCancelled", { id: timer.id });
  const calendar = calendarOf(turn, clock);
  if (how === "complete")
    emit(turn, "ClockCompleted", { id: clock.id, clock: sla.stopClock(clock.clock, calendar, turn.instant) });
  else emit(turn, "ClockCancelled", { id: clock.id, clock: sla.cancelClock(clock.clock, calendar, turn.instant) });
}

/** Start, cancel and pause conditions are looked at again after a change: attach first, then each open clock. */
export function reviewClocks(turn: Turn): void {
  for (const visit of Object.values(turn.run.visits)) {
    const node = nodeOf(turn, visit.node);
    for (const definition of node.slas) if (definition.applies) attach(turn, definition, visit, node);
  }
  for (const clock of Object.values(turn.run.clocks)) {
    const definition = turn.process.slas.get(clock.sla);
    if (!definition) continue;
    const visit = visitOf(turn, clock);
    if (definition.applies && !evaluate(turn, definition.applies, visit).isTrue) finish(turn, clock, "cancel");
    else if (definition.pause) {
      const paused = evaluate(turn, definition.pause, visit).isTrue;
      if (paused && clock.clock.state === "in_progress") pause(turn, clock);
      else if (!paused && clock.clock.state === "paused") resume(turn, clock);
    }
  }
  setReview(turn);
}

function pause(turn: Turn, clock: RunClock): void {
  for (const timer of Object.values(turn.run.timers))
    if (timer.clock === clock.id) emit(turn, "TimerCancelled", { id: timer.id });
  emit(turn, "ClockPaused", { id: clock.id, clock: sla.pauseClock(clock.clock, turn.instant) });
  setRing(turn, turn.run.clocks[clock.id]!);
  const visit = visitOf(turn, clock);
  if (visit && visit.pausedAt === undefined)
    emit(turn, "StepPaused", {
      visit: visit.id,
      by: "clock",
      reason: turn.process.slas.get(clock.sla)?.sla.name ?? clock.sla,
    });
}

function resume(turn: Turn, clock: RunClock): void {
  emit(turn, "ClockResumed", {
    id: clock.id,
    clock: sla.resumeClock(clock.clock, calendarOf(turn, clock), turn.instant),
  });
  setRing(turn, turn.run.clocks[clock.id]!);
  const visit = visitOf(turn, clock);
  const stillPaused = Object.values(turn.run.clocks).some(
    (c) => c.clock.state === "paused" && visitOf(turn, c)?.id === visit?.id,
  );
  if (visit?.pausedBy === "clock" && !stillPaused) emit(turn, "StepResumed", { visit: visit.id });
}

/** The timer of a clock's next rung: the warnings, then the breach. */
function setRing(turn: Turn, clock: RunClock): void {
  const next = sla.nextTimers(clock.clock, calendarOf(turn, clock))[0];
  if (next) emit(turn, "TimerSet", { id: nextId(turn, "timer"), name: "clock", due: next.at, clock: clock.id });
}

/** A clock's timer rang: every rung due by now fires once. Returns what is to be done, in order. */
export function ringClock(turn: Turn, id: string): { action: Action; place: Place }[] {
  const todo: { action: Action; place: Place }[] = [];
  for (let clock = turn.run.clocks[id]; clock; clock = turn.run.clocks[id]) {
    const next = sla.nextTimers(clock.clock, calendarOf(turn, clock))[0];
    if (!next || next.at > turn.instant) break;
    const policy = turn.process.slas.get(clock.sla)?.sla;
    const place = placeOf(turn, clock);
    if (next.rung === "breach") {
      emit(turn, "ClockBreached", { id, assignee: place.assignee, clock: sla.breachClock(clock.clock) });
      for (const action of policy?.onBreach ?? []) todo.push({ action, place });
    } else {
      emit(turn, "ClockWarned", { id, percent: next.rung, clock: sla.warnClock(clock.clock, next.rung) });
      for (const action of policy?.onWarn ?? []) todo.push({ action, place });
    }
  }
  const clock = turn.run.clocks[id];
  if (clock) setRing(turn, clock);
  return todo;
}

/** The token that a breached, escalating clock sends out by the `late` port. */
export function escalated(turn: Turn, id: string): string | null {
  const clock = turn.run.clocks[id];
  if (clock?.clock.breachedAt === undefined || !turn.process.slas.get(clock.sla)?.sla.escalate) return null;
  return visitOf(turn, clock)?.token ?? null;
}

/** The clock's visit; for a clock of the run the open visit of the step that names it. */
function visitOf(turn: Turn, clock: RunClock): Visit | null {
  if (clock.visit) return turn.run.visits[clock.visit] ?? null;
  return Object.values(turn.run.visits).find((v) => v.node === clock.node) ?? null;
}

function placeOf(turn: Turn, clock: RunClock): Place {
  const visit = visitOf(turn, clock);
  const item = visit ? workOf(turn, visit.id) : undefined;
  return {
    token: visit?.token ?? null,
    node: clock.node ? nodeOf(turn, clock.node) : null,
    visit,
    assignee: item?.assignee ?? visit?.assignee ?? null,
    work: item?.id,
  };
}

const calendarOf = (turn: Turn, clock: RunClock) =>
  clock.clock.calendar ? turn.world.calendarAt(turn.process, clock.clock.calendar) : always;

/** A condition that reads `today()` is looked at again at the next midnight of the workspace's zone. */
function setReview(turn: Turn): void {
  const asks = Object.values(turn.run.clocks).some((c) => turn.process.slas.get(c.sla)?.pause?.usesToday);
  const set = Object.values(turn.run.timers).some((t) => t.name === "review");
  if (asks && !set)
    emit(turn, "TimerSet", {
      id: nextId(turn, "timer"),
      name: "review",
      due: nextMidnight(turn.instant, turn.world.workspace.zone),
    });
}
