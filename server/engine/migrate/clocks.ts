/**
 * What becomes of the SLA clocks when a run goes on under another version: one whose promise is there still is kept as it counts, one
 * whose promise is gone is closed, one that is new begins now; where somebody asked for it, the new target counts with what has elapsed.
 * A replay of the log does the same, so that clocks can be computed anew across a migration.
 */
import { goalOf } from "../clocks/clock-goal.ts";
import { begin, startEventOf } from "../clocks/clock-start.ts";
import { endClock, setRing, settleNew, visitOf, zoneOf } from "../clocks/clocks.ts";
import { type CompiledSla, isVisitEvent } from "../clocks/compile-sla.ts";
import * as sla from "../clocks/sla.ts";
import type { CompiledNode, CompiledProcess } from "../graph.ts";
import type { RunClock, Visit } from "../model.ts";
import { type Turn, emit, nodeOf } from "../turn.ts";
import type { MigrationMap } from "./map.ts";

/** Closes the clocks that have no promise there. The turn stands in the source still. */
export function closeClocks(turn: Turn, target: CompiledProcess, map: MigrationMap): void {
  for (const clock of Object.values(turn.run.clocks))
    if (!promiseThere(turn, clock, target, map)) endClock(turn, clock.id, "migrated");
}

/** The promise of the target under which an open clock goes on: of the same kind, and for a step's clock made at that step. */
function promiseThere(turn: Turn, clock: RunClock, target: CompiledProcess, map: MigrationMap): CompiledSla | null {
  const key = map.slas[clock.sla];
  const promise = key === undefined ? undefined : target.slas.get(key);
  if (!promise || promise.subject !== (clock.visit === null ? "run" : "visit")) return null;
  if (clock.visit === null) return promise;
  const node = target.nodes.get(map.nodes[turn.run.visits[clock.visit]?.node ?? ""] ?? "");
  return node && (node.slas.includes(promise) || promise.sla.startStep === node.id) ? promise : null;
}

/** Which of its targets each open clock counts as there, by `sla/visit`: so that other numbers of the same targets switch nothing. */
export function rulesThere(turn: Turn, map: MigrationMap): Record<string, number> {
  const rules: Record<string, number> = {};
  for (const clock of Object.values(turn.run.clocks)) {
    const promise = turn.process.slas.get(map.slas[clock.sla] ?? "");
    if (!promise || promise.targets.length === 0) continue;
    const goal = goalOf(turn, promise, visitOf(turn, clock), zoneOf(turn, clock));
    if (goal && goal.rule !== (clock.clock.rule ?? -1)) rules[`${clock.sla}/${clock.visit ?? ""}`] = goal.rule;
  }
  return rules;
}

/** Open clocks of these promises (of the source) take the new target, with what has elapsed. The turn stands in the target. */
export function rebaseClocks(turn: Turn, promises: readonly string[], map: MigrationMap): void {
  const keys = new Set(promises.flatMap((key) => map.slas[key] ?? []));
  for (const clock of Object.values(turn.run.clocks)) {
    const promise = keys.has(clock.sla) ? turn.process.slas.get(clock.sla) : undefined;
    const goal = promise && goalOf(turn, promise, visitOf(turn, clock), zoneOf(turn, clock));
    if (!promise || !goal) continue;
    const { target, calendar, ref, rule, text } = goal;
    emit(turn, "ClockRetargeted", {
      id: clock.id,
      clock: {
        ...sla.switchGoal(clock.clock, calendar, turn.instant, { target, calendar: ref, rule, text }, "keep"),
        rungs: [...promise.sla.warnAt].sort((a, b) => a - b),
        definition: turn.process.version,
        ...(promise.ladder.length > 0 && { ladder: promise.ladder }),
      },
      why: { clause: "migrated", seen: goal.seen },
    });
    setRing(turn, turn.run.clocks[clock.id]!);
  }
}

/** Promises that are new where the run stands begin now. `stood`: where each open visit was in the source, which is what had its chance. */
export function openClocks(
  turn: Turn,
  source: CompiledProcess,
  map: MigrationMap,
  stood: ReadonlyMap<string, string>,
): void {
  const known = new Set(Object.values(map.slas));
  for (const promise of turn.process.slas.values()) {
    if (ofRun(promise)) {
      if (!known.has(promise.key)) openForRun(turn, promise);
    } else
      for (const visit of Object.values(turn.run.visits)) {
        const node = nodeOf(turn, visit.node);
        if (!node.slas.includes(promise) || visit.ended?.includes(promise.key)) continue;
        const before = source.nodes.get(stood.get(visit.id) ?? "");
        const hadIt = before?.slas.some(({ key }) => map.slas[key] === promise.key) === true;
        if (!hadIt && startEventOf(turn, promise, visit) !== undefined) open(turn, promise, visit, node);
      }
  }
}

/** It begins with the run or with what the run hears, not with a stay in a step that names it. */
const ofRun = ({ subject, start }: CompiledSla): boolean =>
  subject === "run" && start.event !== null && (!isVisitEvent(start.event) || start.event.includes(":"));

/** Its start has happened: the run's own, or one that the run knows of. */
function openForRun(turn: Turn, promise: CompiledSla): void {
  const { run } = turn;
  const event = promise.start.event!;
  const node = promise.sla.startStep ? (turn.process.nodes.get(promise.sla.startStep) ?? null) : null;
  const here = Object.values(run.visits).find((visit) => visit.node === node?.id && event.startsWith("step.entered"));
  const began =
    event === run.trigger.event ? run.trigger.at : event === "run.started" ? run.startedAt : here?.enteredAt;
  if (run.latches[event] === undefined) {
    if (began === undefined) return;
    emit(turn, "LatchSet", { event, at: began });
  }
  open(turn, promise, null, node);
}

function open(turn: Turn, promise: CompiledSla, visit: Visit | null, node: CompiledNode | null): void {
  const why = { clause: "migrated" as const };
  const own = promise.subject === "visit" ? visit : null;
  settleNew(turn, begin(turn, promise, { visit: own, node, seen: visit, at: turn.instant, fresh: true, why }));
}
