/**
 * SLA clocks inside a run (semantics, section 1): when one attaches, what stops, pauses, resets and cancels it, when its rungs
 * ring. The arithmetic of one clock is `sla.ts`; this file knows runs, visits and events.
 *
 * On each change new clocks are attached first, then every open one is looked at, those just attached too. When several of its
 * conditions hold at once: stop before cancel before reset before another goal before pause before resume; a reset comes before
 * the stop only where the definition says so.
 */
import type { Place } from "../actions.ts";
import { always } from "../calendar/calendar.ts";
import {
  attach,
  attachAll,
  attachStarted,
  begin,
  conditionsOfStart,
  type Happened,
  pauseHolds,
} from "./clock-start.ts";
import { type Clause, type CompiledSla, isVisitEvent } from "./compile-sla.ts";
import type { ClockWhy, Evaluated } from "../events.ts";
import type { CompiledNode } from "../graph.ts";
import type { RunClock, Visit } from "../model.ts";
import type { Action } from "../process.ts";
import { dailyOf, setReview } from "./clock-review.ts";
import { goalOf } from "./clock-goal.ts";
import { none } from "../run-shape.ts";
import * as sla from "./sla.ts";
import { type Turn, emit, evaluate, nextId, nodeOf, workOf } from "../turn.ts";

const entry: Happened = { names: new Set(["step.entered"]), visit: null };

/** Attaches what a visit's SLAs ask for on entry. */
export function startVisitClocks(turn: Turn, node: CompiledNode, visit: string): void {
  if (node.slas.length === 0 && !turn.process.timed && turn.run.timers === none && dailyOf(turn).size === 0) return;
  for (const definition of node.slas) settleNew(turn, attach(turn, definition, turn.run.visits[visit]!, node, entry));
  setReview(turn);
}

/** Attaches the clocks of the run whose start event is what started it. */
export function startRunClocks(turn: Turn): void {
  const { event, at } = turn.run.trigger;
  if (!turn.process.latched.has(event)) return;
  emit(turn, "LatchSet", { event, at });
  for (const definition of turn.process.slas.values())
    if (definition.subject === "run" && definition.start.event === event)
      settleNew(turn, begin(turn, definition, { visit: null, node: null, seen: null, at }));
}

/** A public event has happened. `visit`, `node`: where, for events of steps and tasks. */
export function announce(turn: Turn, event: string, visit?: string, node?: string): void {
  if (turn.process.latched.size > 0) announceAll(turn, [event], visit, node);
}

/** Events of one instant: what stops a clock wins over what would start or cancel it, in whatever order they are told. */
export function announceAll(turn: Turn, events: readonly string[], visit?: string, node?: string): void {
  if (turn.process.latched.size === 0) return;
  const happened = whatHappened(turn, events, visit, node);
  if (happened.names.size === 0) return;
  for (const name of happened.names) latch(turn, name, happened);
  for (const definition of turn.process.slas.values())
    for (const id of attachStarted(turn, definition, happened)) settleNew(turn, id);
  for (const { id, sla: key } of Object.values(turn.run.clocks)) {
    const definition = turn.process.slas.get(key);
    const clock = turn.run.clocks[id];
    if (definition && clock && [...definition.events].some((name) => happened.names.has(name)))
      look(turn, clock, definition, happened);
  }
}

const nothing: Happened = { names: new Set(), visit: null };

/** The names that some SLA knows the events by: as such, and as those of their step. */
function whatHappened(turn: Turn, events: readonly string[], visit?: string, node?: string): Happened {
  const names = new Set<string>();
  const at = node ?? (visit ? turn.run.visits[visit]?.node : undefined);
  for (const event of events) {
    if (turn.process.latched.has(event)) names.add(event);
    if (at && isVisitEvent(event) && turn.process.latched.has(`${event}:${at}`)) names.add(`${event}:${at}`);
  }
  return { names, visit: visit ?? null };
}

/** An event is a latch. One of a single stay is kept only where a clock that attaches later must know of it. */
function latch(turn: Turn, name: string, { visit: id }: Happened): void {
  if (!isVisitEvent(name) || name.includes(":")) return emit(turn, "LatchSet", { event: name, at: turn.instant });
  const visit = id ? turn.run.visits[id] : undefined;
  if (!visit || name === "step.entered" || name === "step.completed") return;
  const asked = nodeOf(turn, visit.node).slas.some(
    ({ start, stop, pause, resume, looks }) =>
      start.event === name ||
      pause.event === name ||
      resume.event === name ||
      (stop.event === name && (looks || start.event !== "step.entered")),
  );
  if (asked) emit(turn, "LatchSet", { event: name, at: turn.instant, visit: visit.id });
}

/** A visit has ended: its own clocks complete with it, or are cancelled when it was cancelled or skipped. */
export function endVisitClocks(turn: Turn, visit: string, how: "complete" | "cancel"): void {
  if (turn.run.clocks === none) return;
  for (const clock of Object.values(turn.run.clocks))
    if (clock.visit === visit) finish(turn, clock, how, { clause: "visit" });
}

export const endClock = (turn: Turn, id: string, clause: "run" | "migrated" = "run"): void => {
  const clock = turn.run.clocks[id];
  if (clock) finish(turn, clock, "cancel", { clause });
};

function finish(turn: Turn, clock: RunClock, how: "complete" | "cancel", why: ClockWhy, free?: "again" | "anew"): void {
  for (const timer of Object.values(turn.run.timers))
    if (timer.clock === clock.id) emit(turn, "TimerCancelled", { id: timer.id });
  const calendar = calendarOf(turn, clock);
  const ended = how === "complete" ? sla.stopClock : sla.cancelClock;
  emit(turn, how === "complete" ? "ClockCompleted" : "ClockCancelled", {
    id: clock.id,
    clock: ended(clock.clock, calendar, turn.instant),
    ...(free && { free }),
    why,
  });
  goOn(turn, clock);
}

/** Something that conditions read has changed, or time has passed: attach first, then each open clock. */
export function reviewClocks(turn: Turn): void {
  if (turn.process.slas.size === 0 && turn.run.clocks === none && turn.run.timers === none) return;
  for (const definition of turn.process.slas.values())
    if (definition.looks) for (const id of attachAll(turn, definition)) settleNew(turn, id);
  for (const { id, sla: key } of Object.values(turn.run.clocks)) {
    const definition = turn.process.slas.get(key);
    const clock = turn.run.clocks[id];
    if (definition?.looks && clock) look(turn, clock, definition, nothing);
  }
  setReview(turn);
}

/** A clock that was just attached: paused when its pause holds already, else its first rung is set. */
export function settleNew(turn: Turn, id: string | null): void {
  const clock = id ? turn.run.clocks[id] : undefined;
  const definition = clock && turn.process.slas.get(clock.sla);
  if (!clock || !definition) return;
  const held = pauseHolds(turn, definition, visitOf(turn, clock), zoneOf(turn, clock));
  if (held) pause(turn, clock, held.by, held.why);
  else setRing(turn, clock);
}

/** What is to become of one open clock, by what has just happened and by how its conditions stand. */
function look(turn: Turn, clock: RunClock, definition: CompiledSla, happened: Happened): void {
  const visit = visitOf(turn, clock);
  const zone = zoneOf(turn, clock);
  const ofIt = (event: string): boolean =>
    happened.names.has(event) &&
    (!isVisitEvent(event) ||
      event.includes(":") ||
      definition.subject === "run" ||
      !happened.visit ||
      clock.visit === happened.visit);
  const holds = ({ event, when }: Clause): Held | null => {
    if (event && ofIt(event)) return { by: "event", event };
    const looked = when ? evaluate(turn, when, visit, zone) : null;
    return looked?.isTrue ? { by: "condition", seen: [looked.seen] } : null;
  };
  const start = conditionsOfStart(turn, definition, visit, zone);
  const reset = resetOf(turn, clock, definition, holds);
  const again = reset && start.holds ? () => reattach(turn, clock, definition, reset) : null;

  if (again && definition.sla.resetBeforeStop) return again();
  const stopped = holds(definition.stop);
  if (stopped) return finish(turn, clock, "complete", whyOf("stop", stopped), freeAfter(definition));
  const cancelled = holds(definition.cancel);
  if (cancelled) return finish(turn, clock, "cancel", whyOf("cancel", cancelled), freeAfter(definition));
  if (!start.holds && (definition.sla.cancel ?? "start_no_longer_holds") === "start_no_longer_holds")
    return finish(turn, clock, "cancel", { clause: "start_gone", seen: start.seen }, "again");
  if (again) return again();
  changeGoal(turn, clock, definition, visit, zone);
  pauseOrResume(turn, turn.run.clocks[clock.id]!, definition, holds);
}

type Held = { by: "event" | "condition"; event?: string; seen?: Evaluated[] };
const whyOf = (clause: ClockWhy["clause"], { event, seen }: Held): ClockWhy => ({
  clause,
  ...(event && { event }),
  ...(seen && { seen }),
});

const freeAfter = ({ sla: { reopens } }: CompiledSla) => (reopens ? ("anew" as const) : undefined);

/** A reset counts when its event happens or its condition comes to hold; a condition that goes on holding counts once. */
function resetOf(
  turn: Turn,
  clock: RunClock,
  { reset }: CompiledSla,
  holds: (clause: Clause) => Held | null,
): Held | null {
  const byEvent = holds({ event: reset.event, when: null });
  if (byEvent || !reset.when) return byEvent;
  const now = holds({ event: null, when: reset.when });
  if (!now && clock.resetHeld) emit(turn, "ClockRearmed", { id: clock.id });
  return now && !clock.resetHeld ? now : null;
}

/** The old cycle is completed, the next begins at this instant. */
function reattach(turn: Turn, clock: RunClock, definition: CompiledSla, reset: Held): void {
  const visit = clock.visit ? (turn.run.visits[clock.visit] ?? null) : null;
  const node = clock.node ? nodeOf(turn, clock.node) : null;
  const seen = visitOf(turn, clock);
  finish(turn, clock, "complete", whyOf("reset", reset), "again");
  settleNew(
    turn,
    begin(turn, definition, { visit, node, seen, at: turn.instant, reset: true, why: whyOf("reset", reset) }),
  );
}

/** Another of its targets fits: elapsed is kept or begins anew, as the definition says. */
function changeGoal(turn: Turn, clock: RunClock, definition: CompiledSla, visit: Visit | null, zone: string): void {
  if (definition.targets.length === 0) return;
  const goal = goalOf(turn, definition, visit, zone);
  if (!goal || goal.rule === (clock.clock.rule ?? -1)) return;
  emit(turn, "ClockRetargeted", {
    id: clock.id,
    clock: sla.switchGoal(
      clock.clock,
      goal.calendar,
      turn.instant,
      { target: goal.target, calendar: goal.ref, rule: goal.rule, text: goal.text },
      definition.sla.goalSwitch ?? "keep",
    ),
    why: { clause: "goal", seen: goal.seen },
  });
  setRing(turn, turn.run.clocks[clock.id]!);
}

function pauseOrResume(
  turn: Turn,
  clock: RunClock,
  definition: CompiledSla,
  holds: (clause: Clause) => Held | null,
): void {
  const paused = holds(definition.pause);
  if (clock.clock.state === "in_progress") {
    if (paused) pause(turn, clock, paused.by, whyOf("pause", paused));
    return;
  }
  if (clock.clock.state !== "paused" || paused || clock.pausedBy === "hold") return;
  const resumed = holds(definition.resume);
  const byItself =
    clock.pausedBy !== "event" && (definition.sla.resume ?? "pause_no_longer_holds") === "pause_no_longer_holds";
  if (resumed) resume(turn, clock, whyOf("resume", resumed));
  else if (byItself && definition.pause.when) {
    const { seen } = evaluate(turn, definition.pause.when, visitOf(turn, clock), zoneOf(turn, clock));
    resume(turn, clock, { clause: "resume", seen: [seen] });
  }
}

/** The run is suspended or the step stopped: these clocks stand still until that ends. */
export function holdClocks(turn: Turn, of: (clock: RunClock) => boolean): void {
  for (const clock of Object.values(turn.run.clocks))
    if (clock.clock.state === "in_progress" && of(clock)) pause(turn, clock, "hold", { clause: "hold" });
}

/** It has ended: those it held go on. What else pauses them is looked at next. */
export function releaseClocks(turn: Turn, of: (clock: RunClock) => boolean): void {
  for (const clock of Object.values(turn.run.clocks))
    if (clock.clock.state === "paused" && clock.pausedBy === "hold" && of(clock))
      resume(turn, clock, { clause: "hold" });
}

function pause(turn: Turn, clock: RunClock, by: "event" | "condition" | "hold", why: ClockWhy): void {
  emit(turn, "ClockPaused", { id: clock.id, clock: sla.pauseClock(clock.clock, turn.instant), by, why });
  setRing(turn, turn.run.clocks[clock.id]!);
  const visit = visitOf(turn, clock);
  if (visit && visit.pausedAt === undefined)
    emit(turn, "StepPaused", {
      visit: visit.id,
      by: "clock",
      reason: turn.process.slas.get(clock.sla)?.sla.name ?? clock.sla,
    });
}

function resume(turn: Turn, clock: RunClock, why: ClockWhy): void {
  emit(turn, "ClockResumed", {
    id: clock.id,
    clock: sla.resumeClock(clock.clock, calendarOf(turn, clock), turn.instant),
    why,
  });
  setRing(turn, turn.run.clocks[clock.id]!);
  goOn(turn, clock);
}

/** The step that a clock held still goes on, unless another clock holds it. */
function goOn(turn: Turn, clock: RunClock): void {
  const visit = visitOf(turn, clock);
  if (visit?.pausedBy !== "clock" || visit.pausedAt === undefined) return;
  const stillPaused = Object.values(turn.run.clocks).some(
    (c) => c.clock.state === "paused" && visitOf(turn, c)?.id === visit.id,
  );
  if (!stillPaused) emit(turn, "StepResumed", { visit: visit.id });
}

/** The timer of a clock's next rung: the warnings, the breach, the rungs after it. */
export function setRing(turn: Turn, clock: RunClock): void {
  for (const timer of Object.values(turn.run.timers))
    if (timer.clock === clock.id) emit(turn, "TimerCancelled", { id: timer.id });
  const next = sla.nextTimers(clock.clock, calendarOf(turn, clock))[0];
  if (next) emit(turn, "TimerSet", { id: nextId(turn, "timer"), name: "clock", due: next.at, clock: clock.id });
}

/**
 * A clock's timer rang: every rung due by now fires once. Returns what is to be done, in order, and the token that a breach sends
 * out by the `late` port. What was past when the clock was attached is only recorded where the definition says so.
 */
export function ringClock(turn: Turn, id: string): { todo: { action: Action; place: Place }[]; late: string | null } {
  const todo: { action: Action; place: Place }[] = [];
  let late: string | null = null;
  for (let clock = turn.run.clocks[id]; clock; clock = turn.run.clocks[id]) {
    const next = sla.nextTimers(clock.clock, calendarOf(turn, clock))[0];
    if (!next || next.at > turn.instant) break;
    const policy = turn.process.slas.get(clock.sla)?.sla;
    const place = placeOf(turn, clock);
    const unattached =
      policy?.lateAttach === "suppress" && next.reached < (clock.clock.attachedAt ?? clock.clock.startedAt);
    // A breach that a recompute took back has rung already: each rung rings once a cycle.
    const quiet = unattached || (next.rung === "breach" && clock.clock.rang?.includes("breach") === true);
    const told = { ...(quiet && { quiet }) };
    let actions: readonly Action[] | undefined;
    if (next.rung === "breach") {
      emit(turn, "ClockBreached", { id, assignee: place.assignee, clock: sla.breachClock(clock.clock), ...told });
      actions = policy?.onBreach;
      if (policy?.escalate && !quiet) late = visitOf(turn, clock)?.token ?? null;
    } else {
      const { rung } = next;
      const used = sla.figures(clock.clock, calendarOf(turn, clock), next.at).businessPercent;
      emit(turn, "ClockWarned", {
        id,
        percent: typeof rung === "number" ? rung : Math.round(used),
        clock: sla.warnClock(clock.clock, rung),
        ...(typeof rung === "string" && { rung }),
        ...told,
      });
      actions = typeof rung === "number" ? policy?.onWarn : policy?.ladder?.find(({ at }) => at.trim() === rung)?.do;
    }
    if (!quiet) for (const action of actions ?? []) todo.push({ action, place });
  }
  const clock = turn.run.clocks[id];
  if (clock) setRing(turn, clock);
  return { todo, late };
}

/** The clock's visit; for a clock of the run the open visit of the step that names it. */
export function visitOf(turn: Turn, clock: RunClock): Visit | null {
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

export const calendarOf = (turn: Turn, clock: RunClock) =>
  clock.clock.calendar ? turn.world.calendarAt(turn.process, clock.clock.calendar) : always;

export const zoneOf = (turn: Turn, clock: RunClock): string => clock.clock.calendar?.zone || turn.world.workspace.zone;
