/** What facts about clocks change in a run. */
import { count } from "../counting.ts";
import type { Event, Facts } from "../events.ts";
import type { Run, RunClock } from "../model.ts";
import { put, without } from "../run-shape.ts";

type ClockFact = Extract<Event, { type: `Clock${string}` }>;

/** Changes the given run in place, as `evolve` does. */
export function evolveClock(run: Run, event: ClockFact, at: number): void {
  switch (event.type) {
    case "ClockStarted":
      count(run, "clock", event.data.id);
      run.clocks = put(run.clocks, event.data.id, clockOf(event.data));
      return;
    case "ClockPaused":
    case "ClockResumed":
    case "ClockWarned":
    case "ClockBreached":
    case "ClockRetargeted":
    case "ClockRecomputed": {
      const clock = run.clocks[event.data.id];
      if (!clock) return;
      const next = { ...clock, clock: event.data.clock };
      if (event.type === "ClockBreached") next.breachedWith = event.data.assignee;
      if (event.type === "ClockPaused") next.pausedBy = event.data.by;
      if (event.type === "ClockResumed") next.pausedBy = undefined;
      if (event.type === "ClockRecomputed") next.breachedWith = event.data.breachedWith;
      run.clocks[clock.id] = next;
      // Computed anew it may turn out to have ended.
      if (event.data.clock.stoppedAt !== undefined && event.type === "ClockRecomputed") {
        run.ended = put(run.ended, clock.sla, (run.ended[clock.sla] ?? 0) + 1);
        const visit = clock.visit ? run.visits[clock.visit] : undefined;
        if (visit) visit.ended = [...(visit.ended ?? []), clock.sla];
        run.clocks = without(run.clocks, clock.id);
      }
      return;
    }
    case "ClockRearmed": {
      const clock = run.clocks[event.data.id];
      if (clock) run.clocks[clock.id] = { ...clock, resetHeld: undefined };
      return;
    }
    case "ClockCompleted":
    case "ClockCancelled": {
      const clock = run.clocks[event.data.id];
      if (clock) run.ended = put(run.ended, clock.sla, (run.ended[clock.sla] ?? 0) + 1);
      const visit = clock?.visit ? run.visits[clock.visit] : undefined;
      if (clock && event.data.free) {
        run.free = { ...run.free, [clock.sla]: (run.free?.[clock.sla] ?? 0) + 1 };
        if (event.data.free === "anew")
          run.reopened = { ...run.reopened, [clock.visit ? `${clock.sla}/${clock.visit}` : clock.sla]: at };
      } else if (clock && visit) visit.ended = [...(visit.ended ?? []), clock.sla];
      run.clocks = without(run.clocks, event.data.id);
      return;
    }
    default:
      event satisfies never;
  }
}

const clockOf = ({ id, sla, node, visit, clock, resetHeld }: Facts["ClockStarted"]): RunClock => ({
  id,
  sla,
  node,
  visit,
  clock,
  ...(resetHeld && { resetHeld }),
});
