/** Why a promise of the process has no clock on a run: the first thing that keeps it from attaching, with what was read. */
import { conditionsOfStart, endsNow, mayBegin, startEventOf } from "./clock-start.ts";
import { goalOf, placeOf } from "./clock-goal.ts";
import { isVisitEvent, type CompiledSla } from "./compile-sla.ts";
import type { Evaluated } from "../events.ts";
import type { Visit } from "../model.ts";
import { type Turn, nodeOf } from "../turn.ts";

export type NotAttached = {
  sla: string;
  /** The stay it was looked at for; null: the run. */
  visit: string | null;
  reason:
    | "step_not_reached"
    | "event_missing"
    | "condition_false"
    | "stopped_already"
    | "ends_at_once"
    | "ran_once"
    | "no_date"
    /** Nothing keeps it: it will be attached with the next change. */
    | "none";
  event?: string;
  seen?: Evaluated[];
};

/** One answer for each promise that has no open clock; those that had one are left out unless they could begin anew. */
export function whyNotAttached(turn: Turn): NotAttached[] {
  return [...turn.process.slas.values()].flatMap((definition): NotAttached[] => {
    if (Object.values(turn.run.clocks).some(({ sla }) => sla === definition.key)) return [];
    const { event } = definition.start;
    const ofRun = definition.subject === "run" && event !== null && (!isVisitEvent(event) || event.includes(":"));
    if (ofRun) return [{ sla: definition.key, visit: null, ...reasonOf(turn, definition, null) }];
    const visits = Object.values(turn.run.visits).filter(
      ({ node }) => definition.sla.startStep === node || nodeOf(turn, node).slas.includes(definition),
    );
    if (visits.length === 0)
      return (turn.run.ended[definition.key] ?? 0) > 0
        ? []
        : [{ sla: definition.key, visit: null, reason: "step_not_reached" }];
    return visits.map((visit) => ({ sla: definition.key, visit: visit.id, ...reasonOf(turn, definition, visit) }));
  });
}

function reasonOf(turn: Turn, definition: CompiledSla, visit: Visit | null): Omit<NotAttached, "sla" | "visit"> {
  const { event } = definition.start;
  const at = startEventOf(turn, definition, visit);
  if (at === undefined) return { reason: "event_missing", ...(event && { event }) };
  const own = definition.subject === "visit" ? visit : null;
  const ran =
    definition.subject === "run"
      ? (turn.run.ended[definition.key] ?? 0) > (turn.run.free?.[definition.key] ?? 0)
      : visit?.ended?.includes(definition.key);
  if (ran) return { reason: "ran_once" };
  if (!mayBegin(turn, definition, { visit: own, node: null, seen: visit, at }))
    return { reason: "stopped_already", ...(definition.stop.event && { event: definition.stop.event }) };
  const zone = placeOf(turn, definition.sla.calendar, visit)?.zone ?? turn.world.workspace.zone;
  const start = conditionsOfStart(turn, definition, visit, zone);
  if (!start.holds) return { reason: "condition_false", seen: start.seen };
  const ends = endsNow(turn, definition, visit, zone);
  if (ends) return { reason: "ends_at_once", seen: ends };
  return { reason: goalOf(turn, definition, visit, zone) ? "none" : "no_date" };
}
