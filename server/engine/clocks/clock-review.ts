/**
 * When clocks, and what tokens wait for, have to be looked at though nothing happens: the next midnight for `today()` and for counts of days in records, the
 * field's instant for `now()`.
 */
import { placeOf } from "./clock-goal.ts";
import { type CompiledSla, isVisitEvent } from "./compile-sla.ts";
import { instantOf, nextMidnight } from "../calendar/instant.ts";
import { type CompiledProcess, typeOf } from "../graph.ts";
import type { Run, Visit } from "../model.ts";
import { standsWaiting, waitingDue } from "./waiting-days.ts";
import { type Turn, emit, evaluate, nextId, nodeOf } from "../turn.ts";
import type { RecordRules } from "../world.ts";

/** One timer a run, at the earliest of those instants. */
export function setReview(turn: Turn): void {
  let due = waitingDue(turn);
  const daily = dailyOf(turn);
  for (const definition of turn.process.slas.values())
    if (definition.time.today || definition.time.fields.length || daily.has(definition))
      for (const { visit, zone } of subjects(turn, definition)) {
        if (daily.has(definition)) due = Math.min(due, nextMidnight(turn.instant, turn.world.workspace.zone));
        if (definition.time.today) due = Math.min(due, nextMidnight(turn.instant, zone));
        for (const field of definition.time.fields) {
          const at = instantOf(evaluate(turn, field, visit, zone).value, zone, null);
          // `now() >= field` turns at the field's instant, `now() > field` a millisecond later.
          const next = at === null ? null : at > turn.instant ? at : at + 1;
          if (next !== null && next > turn.instant) due = Math.min(due, next);
        }
      }
  const set = Object.values(turn.run.timers).find((timer) => timer.name === "review");
  if (set?.due === due) return;
  if (set) emit(turn, "TimerCancelled", { id: set.id });
  if (Number.isFinite(due)) emit(turn, "TimerSet", { id: nextId(turn, "timer"), name: "review", due });
}

const known = new WeakMap<CompiledProcess, ReadonlySet<CompiledSla>>();

/** Definitions whose conditions read a count of days: the record model says which fields are one. Worked out once a version. */
export const dailyOf = ({ process, run, world }: Turn): ReadonlySet<CompiledSla> =>
  countingOf(process, run, world.model);

/** Whether time alone may change something for this run where it stands: what it waits for, or a promise that counts days. */
export const heedsTime = (process: CompiledProcess, run: Run, model: RecordRules): boolean =>
  countingOf(process, run, model).size > 0 || standsWaiting(process, run, model);

function countingOf(
  process: CompiledProcess,
  run: Pick<Run, "recordType">,
  model: RecordRules,
): ReadonlySet<CompiledSla> {
  const found = known.get(process);
  if (found) return found;
  const isCount = (path: string) => {
    const [object = "", field = ""] = path.split(".");
    return model.countsDays(typeOf(process, run, object), field);
  };
  const daily = new Set([...process.slas.values()].filter(({ time }) => time.reads.some(isCount)));
  known.set(process, daily);
  return daily;
}

/** Clocks of a definition that run, and stays or the run that one could still attach to, each with the zone whose day counts. */
function subjects(turn: Turn, definition: CompiledSla): { visit: Visit | null; zone: string }[] {
  const { run } = turn;
  const open = Object.values(run.clocks)
    .filter(({ sla }) => sla === definition.key)
    .map(({ visit, clock }) => ({
      visit: (visit ? run.visits[visit] : null) ?? null,
      zone: clock.calendar?.zone || turn.world.workspace.zone,
    }));
  const zoneFor = (visit: Visit | null) =>
    placeOf(turn, definition.sla.calendar, visit)?.zone ?? turn.world.workspace.zone;
  const { event } = definition.start;
  const waits = definition.applies !== null || definition.start.when !== null || definition.stop.when !== null;
  if (!event || !waits) return open;
  if (definition.subject === "run" && (!isVisitEvent(event) || event.includes(":"))) {
    const may =
      open.length === 0 &&
      run.latches[event] !== undefined &&
      (run.ended[definition.key] ?? 0) <= (run.free?.[definition.key] ?? 0);
    return may ? [{ visit: null, zone: zoneFor(null) }] : open;
  }
  const coming = Object.values(run.visits).filter(
    (visit) =>
      nodeOf(turn, visit.node).slas.includes(definition) &&
      !visit.ended?.includes(definition.key) &&
      !Object.values(run.clocks).some((c) => c.sla === definition.key && (!c.visit || c.visit === visit.id)),
  );
  return [...open, ...coming.map((visit) => ({ visit, zone: zoneFor(visit) }))];
}
