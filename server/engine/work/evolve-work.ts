/** What facts about work and its pauses change in a run, and in the time that is measured of it. */
import { count, waited } from "../counting.ts";
import type { Event } from "../events.ts";
import { workedOn } from "../handed-over.ts";
import type { Run, Visit, Work } from "../model.ts";
import { newWork, put, without } from "../run-shape.ts";

/** The longest pause between two signs of work that still counts as work. */
const sittingMs = 30 * 60_000;

type WorkFact = Extract<
  Event,
  {
    type:
      | "StepPaused"
      | "StepResumed"
      | "WorkOffered"
      | "WorkAssigned"
      | "WorkStarted"
      | "WorkSaved"
      | "WorkRecorded"
      | "WorkSnoozed"
      | "WorkPrioritised"
      | "WorkCompleted"
      | "WorkCancelled";
  }
>;

/** Changes the given run in place, as `evolve` does. */
export function evolveWork(run: Run, event: WorkFact, at: number): void {
  switch (event.type) {
    case "WorkOffered": {
      const { work } = event.data;
      count(run, "work", work);
      waited(run);
      run.work = put(run.work, work, newWork(event.data, at));
      return;
    }
    case "WorkAssigned": {
      const work = run.work[event.data.work];
      if (!work) return;
      const visit = run.visits[work.visit];
      if (visit) {
        rest(visit, at);
        visit.assignee = event.data.assignee ?? undefined;
      }
      work.assignee = event.data.assignee;
      work.for = event.data.for;
      if (work.state !== "paused") work.state = event.data.assignee ? "claimed" : "open";
      return;
    }
    case "WorkStarted":
      begin(run, run.work[event.data.work], at);
      return;
    case "WorkSaved": {
      const work = run.work[event.data.work];
      begin(run, work, at);
      if (work) work.draft = event.data.draft;
      return;
    }
    case "WorkRecorded": {
      const visit = run.visits[event.data.visit];
      if (!visit) return;
      const { startedAt, touchMs, blockedMs, owner } = event.data;
      Object.assign(visit, {
        touchMs,
        blockedMs,
        ...(startedAt !== null && { startedAt }),
        ...(owner && { assignee: owner }),
      });
      return;
    }
    case "WorkSnoozed": {
      const work = run.work[event.data.work];
      if (!work) return;
      work.snoozedUntil = event.data.until ?? undefined;
      return;
    }
    case "WorkPrioritised": {
      const work = run.work[event.data.work];
      if (work) work.priority = event.data.priority;
      return;
    }
    case "WorkCompleted": {
      const work = run.work[event.data.work];
      if (!work) return;
      run.handoffs &&= workedOn(run.handoffs, work, event.data.outcome);
      begin(run, work, at);
      const visit = run.visits[work.visit];
      if (visit) {
        rest(visit, at);
        if (visit.pausedAt !== undefined) {
          visit.blockedMs += at - visit.pausedAt;
          visit.pausedAt = undefined;
        }
      }
      if (event.actor.kind === "member") {
        run.lastHuman = event.actor.id;
        run.workers = put(run.workers, work.role, event.actor.id);
        if (visit) visit.assignee = event.actor.id;
      }
      run.work = without(run.work, event.data.work);
      return;
    }
    case "WorkCancelled": {
      const work = run.work[event.data.work];
      const visit = work && run.visits[work.visit];
      if (visit) rest(visit, at);
      run.work = without(run.work, event.data.work);
      return;
    }
    case "StepPaused": {
      const visit = run.visits[event.data.visit];
      if (visit && visit.pausedAt === undefined) {
        rest(visit, at);
        Object.assign(visit, { pausedAt: at, pausedBy: event.data.by, pauseReason: event.data.reason });
        for (const work of workOf(run, visit.id))
          if (event.data.by === "member") Object.assign(work, { state: "paused", blockedReason: event.data.reason });
      }
      return;
    }
    case "StepResumed": {
      const visit = run.visits[event.data.visit];
      if (!visit) return;
      if (visit.pausedAt !== undefined) visit.blockedMs += at - visit.pausedAt;
      visit.pausedAt = undefined;
      visit.pausedBy = undefined;
      visit.pauseReason = undefined;
      for (const work of workOf(run, visit.id)) {
        if (work.state !== "paused") continue;
        work.state = work.startedAt !== undefined ? "in_progress" : work.assignee ? "claimed" : "open";
        work.blockedReason = undefined;
      }
      return;
    }
    default:
      event satisfies never;
  }
}

const workOf = (run: Run, visit: string) => Object.values(run.work).filter((w) => w.visit === visit);

/** A sign of work: the visit is started, and the time since the last sign counts as touch. */
function begin(run: Run, work: Work | undefined, at: number): void {
  if (!work) return;
  work.startedAt ??= at;
  if (work.state !== "paused") work.state = "in_progress";
  const visit = run.visits[work.visit];
  if (!visit) return;
  visit.startedAt ??= at;
  rest(visit, at);
  if (visit.pausedAt === undefined) visit.activeSince = at;
}

/** Closes the open active interval; a gap of more than 30 minutes without a sign counts as 30 minutes. */
function rest(visit: Visit, at: number): void {
  if (visit.activeSince === undefined) return;
  visit.touchMs += Math.min(Math.max(0, at - visit.activeSince), sittingMs);
  visit.activeSince = undefined;
}
