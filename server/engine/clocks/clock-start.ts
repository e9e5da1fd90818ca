/**
 * When a clock attaches (semantics, section 1): start holds, stop and cancel do not, and none of its kind runs. It counts from the
 * start event, from the instant its start condition came to hold, or from the date its definition names.
 */
import { placeOf, goalOf } from "./clock-goal.ts";
import { type Clause, type CompiledSla, isVisitEvent } from "./compile-sla.ts";
import type { ClockWhy, Evaluated } from "../events.ts";
import type { CompiledNode } from "../graph.ts";
import { instantOf } from "../calendar/instant.ts";
import type { Visit } from "../model.ts";
import { pastPauses } from "./past-pauses.ts";
import * as sla from "./sla.ts";
import { type Turn, emit, evaluate, nextId, nodeOf } from "../turn.ts";

/** Event names of one instant as SLAs know them, and the stay they belong to. */
export type Happened = { names: ReadonlySet<string>; visit: string | null };

const nothing: Happened = { names: new Set(), visit: null };

/** Clocks that an event starts. Those that begin with the entry to a step are attached by the entry itself. */
export function attachStarted(turn: Turn, definition: CompiledSla, happened: Happened): string[] {
  const { event } = definition.start;
  if (!event || event === "step.entered" || !happened.names.has(event)) return [];
  const stops = definition.stop.event !== null && happened.names.has(definition.stop.event);
  if (stops) return [];
  const own = happened.visit ? (turn.run.visits[happened.visit] ?? null) : null;
  if (isVisitEvent(event) && !event.includes(":")) {
    const node = own && nodeOf(turn, own.node);
    return own && node?.slas.includes(definition) ? listed(attach(turn, definition, own, node, happened)) : [];
  }
  if (definition.subject === "visit" && !event.includes(":"))
    return visitsOf(turn, definition).flatMap((visit) =>
      listed(attach(turn, definition, visit, nodeOf(turn, visit.node), happened)),
    );
  const step = definition.sla.startStep;
  const node = step ? (turn.process.nodes.get(step) ?? null) : null;
  const visit = definition.subject === "visit" ? own : null;
  if (definition.subject === "visit" && !visit) return [];
  return listed(begin(turn, definition, { visit, node, seen: own, at: turn.instant, fresh: true }));
}

/** Everything a definition could attach to now: after a change that its conditions read. */
export function attachAll(turn: Turn, definition: CompiledSla): string[] {
  const { event } = definition.start;
  if (!event) return [];
  const ofRun = definition.subject === "run" && (!isVisitEvent(event) || event.includes(":"));
  if (!ofRun)
    return visitsOf(turn, definition).flatMap((visit) =>
      listed(attach(turn, definition, visit, nodeOf(turn, visit.node), nothing)),
    );
  const at = turn.run.latches[event];
  const step = definition.sla.startStep;
  const node = step ? (turn.process.nodes.get(step) ?? null) : null;
  return at === undefined ? [] : listed(begin(turn, definition, { visit: null, node, seen: null, at }));
}

/** Open visits a definition may belong to: of the steps that name it, or of the step it starts at. */
const visitsOf = (turn: Turn, definition: CompiledSla): Visit[] =>
  Object.values(turn.run.visits).filter(
    ({ node }) => definition.sla.startStep === node || nodeOf(turn, node).slas.includes(definition),
  );

const listed = (id: string | null): string[] => (id ? [id] : []);

/** Attaches one definition of a step to a stay in it, if its start event has happened. */
export function attach(
  turn: Turn,
  definition: CompiledSla,
  visit: Visit,
  node: CompiledNode,
  happened: Happened,
): string | null {
  const at = startEventOf(turn, definition, visit);
  if (at === undefined) return null;
  return begin(turn, definition, {
    visit: definition.subject === "visit" ? visit : null,
    node,
    seen: visit,
    at,
    fresh: definition.start.event !== null && happened.names.has(definition.start.event),
  });
}

/** When the start event last happened, for this stay or the run. */
export function startEventOf(turn: Turn, { start }: CompiledSla, visit: Visit | null): number | undefined {
  if (!start.event) return undefined;
  if (start.event === "step.entered") return visit?.enteredAt;
  return isVisitEvent(start.event) && !start.event.includes(":")
    ? visit?.latches?.[start.event]
    : turn.run.latches[start.event];
}

type Beginning = {
  /** Whose clock it is; null = the run's. */
  visit: Visit | null;
  node: CompiledNode | null;
  /** The stay that conditions see as `step.*`. */
  seen: Visit | null;
  /** Instant of the start event. */
  at: number;
  /** The start event happens now: it is newer than any stop there was. */
  fresh?: boolean;
  /** A reset begins the next cycle, whatever stopped the one before. */
  reset?: boolean;
  why?: ClockWhy;
};

/** Attaches a clock if it may; its id, or null. */
export function begin(turn: Turn, definition: CompiledSla, given: Beginning): string | null {
  const { key, sla: policy } = definition;
  const { visit, node, seen, at } = given;
  const zone = placeOf(turn, policy.calendar, seen)?.zone ?? turn.world.workspace.zone;
  if (!given.reset && !mayBegin(turn, definition, given)) return null;
  const start = conditionsOfStart(turn, definition, seen, zone);
  if (!start.holds || (!given.reset && endsNow(turn, definition, seen, zone))) return null;
  const goal = goalOf(turn, definition, seen, zone);
  if (!goal) return null;
  const counted = !given.reset && definition.start.when ? turn.instant : at;
  const dated = given.reset ? null : startFrom(turn, definition, seen, zone);
  const startedAt = dated ?? counted;
  const reset = definition.reset.when ? evaluate(turn, definition.reset.when, seen, zone).isTrue : false;
  const id = nextId(turn, "clock");
  const clock = sla.startClock(
    {
      policy: key,
      cycle: (turn.run.ended[key] ?? 0) + 1,
      startedAt,
      target: goal.target,
      rungs: policy.warnAt,
      calendar: goal.ref,
      attachedAt: turn.instant,
      riskAt: policy.riskAt,
      ladder: definition.ladder,
      definition: turn.process.version,
      rule: goal.rule,
      text: goal.text,
      ...(policy.retroPause &&
        startedAt < turn.instant && { pauses: pastPauses(turn, definition, seen, startedAt, turn.instant, zone) }),
    },
    goal.calendar,
  );
  const seenThen = [...start.seen, ...goal.seen];
  emit(turn, "ClockStarted", {
    id,
    sla: key,
    node: node?.id ?? null,
    visit: visit?.id ?? null,
    clock,
    why: given.why ?? {
      clause: "start",
      ...(definition.start.event && { event: definition.start.event }),
      ...(seenThen.length && { seen: seenThen }),
    },
    ...(reset && { resetHeld: true }),
  });
  return id;
}

/** None of its kind is open, and no earlier cycle or stop event keeps it from beginning. */
export function mayBegin(turn: Turn, definition: CompiledSla, { visit, at, fresh }: Beginning): boolean {
  const { key, subject } = definition;
  const { run } = turn;
  const open = Object.values(run.clocks).some((c) => c.sla === key && (subject === "run" || c.visit === visit?.id));
  if (open) return false;
  if (subject === "run" ? (run.ended[key] ?? 0) > (run.free?.[key] ?? 0) : visit?.ended?.includes(key)) return false;
  const byCondition = definition.start.when !== null;
  const last = run.reopened?.[visit ? `${key}/${visit.id}` : key];
  // A cycle that reopens needs a start that is newer than its end; a start condition holds now, which is newer.
  if (last !== undefined && !fresh && !byCondition && at <= last) return false;
  return !stopHappened(turn, definition, visit, at, fresh === true);
}

/**
 * A stop event is a latch: true from then on within the clock's subject. Where the start is an event of the run as well, the later
 * of the two counts, so that a start after the stop is a start.
 */
function stopHappened(turn: Turn, definition: CompiledSla, visit: Visit | null, at: number, fresh: boolean): boolean {
  const { start, stop, sla: policy } = definition;
  if (!stop.event) return false;
  const ofVisit = isVisitEvent(stop.event) && !stop.event.includes(":");
  const stopped = ofVisit ? visit?.latches?.[stop.event] : turn.run.latches[stop.event];
  if (stopped === undefined) return false;
  const sameKind = ofVisit || (start.event !== null && (!isVisitEvent(start.event) || start.event.includes(":")));
  if (!sameKind && !policy.reopens) return true;
  return !fresh && stopped >= at;
}

/** Whether the conditions of the start hold, and what they read: of an open clock too, its event being a latch. */
export function conditionsOfStart(turn: Turn, definition: CompiledSla, visit: Visit | null, zone: string) {
  const seen: Evaluated[] = [];
  let holds = true;
  for (const condition of [definition.applies, definition.start.when]) {
    if (!condition) continue;
    const looked = evaluate(turn, condition, visit, zone);
    seen.push(looked.seen);
    holds &&= looked.isTrue;
  }
  return { holds, seen };
}

/** Stop and cancel conditions that hold now: they keep a clock from attaching. */
export function endsNow(
  turn: Turn,
  { stop, cancel }: CompiledSla,
  visit: Visit | null,
  zone: string,
): Evaluated[] | null {
  const cancelled = cancel.event !== null && turn.run.latches[cancel.event] !== undefined;
  const seen = [stop, cancel].flatMap(({ when }) => {
    const looked = when ? evaluate(turn, when, visit, zone) : null;
    return looked?.isTrue ? [looked.seen] : [];
  });
  return cancelled || seen.length ? seen : null;
}

/** The date its definition counts from; one that is empty or still to come is the start itself. */
function startFrom(turn: Turn, { from }: CompiledSla, visit: Visit | null, zone: string): number | null {
  const at = from ? instantOf(evaluate(turn, from, visit, zone).value, zone, null) : null;
  return at !== null && at <= turn.instant ? at : null;
}

/** Whether a clock that attaches now stands still from the start: by its condition, or by an event that nothing has ended since. */
export function pauseHolds(
  turn: Turn,
  { pause, resume }: CompiledSla,
  visit: Visit | null,
  zone: string,
): { by: "event" | "condition"; why: ClockWhy } | null {
  const looked = pause.when ? evaluate(turn, pause.when, visit, zone) : null;
  if (looked?.isTrue) return { by: "condition", why: { clause: "pause", seen: [looked.seen] } };
  const [paused, resumed] = [latchOf(turn, pause, visit), latchOf(turn, resume, visit)];
  return pause.event && paused !== undefined && (resumed === undefined || resumed < paused)
    ? { by: "event", why: { clause: "pause", event: pause.event } }
    : null;
}

const latchOf = (turn: Turn, { event }: Clause, visit: Visit | null): number | undefined =>
  event ? (turn.run.latches[event] ?? visit?.latches?.[event]) : undefined;
