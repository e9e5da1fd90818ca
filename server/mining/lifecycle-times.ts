import { type EventLog } from "@/server/interop/log.ts";
import { byCodePoint } from "./code-point-order.ts";
import { type Spread, spreadOf } from "./spread.ts";

/** Queue and work of one activity from its transitions, in ms, and what found no partner. */
export type LifecycleTimes = {
  transitions: Record<string, number>;
  scheduleToStart?: Spread;
  startToComplete?: Spread;
  completeWithoutStart: number;
  startNeverCompleted: number;
  scheduleNeverFollowed: number;
};

/**
 * Pairs transitions per case and activity, first in first out in file order: schedule with start (queue), start with
 * complete (work). Activities that only ever complete have neither.
 */
export function lifecycleTimes(log: EventLog): Record<string, LifecycleTimes> {
  const tallies = new Map<string, Tally>();
  const waiting = new Map<string, Map<string, Pending>>();
  for (const { caseId, activity, at, lifecycle = "complete" } of log.events) {
    const tally = tallyOf(tallies, activity);
    tally.transitions[lifecycle] = (tally.transitions[lifecycle] ?? 0) + 1;
    const pending = pendingOf(waiting, caseId, activity);
    if (lifecycle === "schedule") pending.scheduled.push(at);
    else if (lifecycle === "start") {
      const scheduledAt = pending.scheduled.shift();
      if (scheduledAt !== undefined) tally.queue.push(at - scheduledAt);
      pending.started.push(at);
    } else if (lifecycle === "complete") {
      const startedAt = pending.started.shift();
      if (startedAt === undefined) tally.completeWithoutStart += 1;
      else tally.work.push(at - startedAt);
    }
  }
  for (const activities of waiting.values()) {
    for (const [activity, { scheduled, started }] of activities) {
      const tally = tallyOf(tallies, activity);
      tally.scheduleNeverFollowed += scheduled.length;
      tally.startNeverCompleted += started.length;
    }
  }
  return Object.fromEntries(
    [...tallies].sort(([a], [b]) => byCodePoint(a, b)).map(([name, tally]) => [name, timesOf(tally)]),
  );
}

type Pending = { scheduled: number[]; started: number[] };
type Tally = {
  transitions: Record<string, number>;
  queue: number[];
  work: number[];
  completeWithoutStart: number;
  startNeverCompleted: number;
  scheduleNeverFollowed: number;
};

function timesOf({ queue, work, ...counts }: Tally): LifecycleTimes {
  const [scheduleToStart, startToComplete] = [spreadOf(queue), spreadOf(work)];
  return { ...counts, ...(scheduleToStart && { scheduleToStart }), ...(startToComplete && { startToComplete }) };
}

function tallyOf(tallies: Map<string, Tally>, activity: string): Tally {
  const known = tallies.get(activity);
  if (known) return known;
  const fresh: Tally = {
    transitions: {},
    queue: [],
    work: [],
    completeWithoutStart: 0,
    startNeverCompleted: 0,
    scheduleNeverFollowed: 0,
  };
  tallies.set(activity, fresh);
  return fresh;
}

function pendingOf(waiting: Map<string, Map<string, Pending>>, caseId: string, activity: string): Pending {
  let ofCase = waiting.get(caseId);
  if (!ofCase) waiting.set(caseId, (ofCase = new Map()));
  let pending = ofCase.get(activity);
  if (!pending) ofCase.set(activity, (pending = { scheduled: [], started: [] }));
  return pending;
}
