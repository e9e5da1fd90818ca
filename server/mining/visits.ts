import { type EventLog, type LogEvent, eventsByCase, isCompletion } from "@/server/interop/log.ts";

/**
 * One stay of a case in an activity. Times are whole UTC milliseconds. Queue = startedAt − enteredAt, touch = completedAt −
 * startedAt − blockedMs, both only where the start was recorded: without it the time between is neither.
 */
export type Visit = {
  caseId: string;
  activity: string;
  /** 1 for the case's first stay in this activity. */
  visitNo: number;
  /**
   * When it was enabled or scheduled, else the latest completion in the case before it began; for the first, when it began.
   */
  enteredAt: number;
  /** Where `enteredAt` comes from: recorded in the log, or taken from what happened before. */
  entered: "recorded" | "previous" | "own";
  startedAt?: number;
  completedAt?: number;
  startRecorded: boolean;
  /** Time between suspend and resume. */
  blockedMs: number;
  outcome: "completed" | "withdrawn" | "skipped" | "open";
  resource?: string;
};

/**
 * The stays a log tells of, case by case, in the order they were entered. Schedule, start and complete are paired first in,
 * first out per case and activity (and `concept:instance` where given); a completion without start takes a schedule that
 * nothing else took. What never ended is `open`.
 */
export function visitsOf(log: EventLog): Visit[] {
  const visits: Visit[] = [];
  for (const [caseId, events] of eventsByCase(log.events)) {
    const drafts = draftsOf(
      events
        .map((event, place) => ({ event, place }))
        .sort(byBegin)
        .map(({ event }) => event),
    );
    visits.push(...numbered(caseId, drafts));
  }
  return visits;
}

type Draft = {
  activity: string;
  scheduledAt?: number;
  startedAt?: number;
  completedAt?: number;
  suspendedAt?: number;
  blockedMs: number;
  outcome: Visit["outcome"];
  resource?: string;
  /** The latest completion in the case before the draft's first event. */
  previousAt: number | undefined;
  beganAt: number;
};

/** Drafts of one activity that still wait for their next event, and how many starts are still to come. */
type Waiting = { scheduled: Draft[]; started: Draft[]; startsToCome: number };

type Placed = { event: LogEvent; place: number };
const byBegin = (a: Placed, b: Placed): number =>
  (a.event.startAt ?? a.event.at) - (b.event.startAt ?? b.event.at) || a.event.at - b.event.at || a.place - b.place;

function draftsOf(events: readonly LogEvent[]): Draft[] {
  const drafts: Draft[] = [];
  const waiting = waitingByActivity(events);
  let latest: number | undefined;
  const open = (event: LogEvent): Draft => {
    const { activity, at, startAt = at } = event;
    const draft: Draft = { activity, blockedMs: 0, outcome: "open", beganAt: startAt, previousAt: latest };
    drafts.push(draft);
    return draft;
  };
  for (const event of events) {
    const pending = waiting.get(keyOf(event));
    const draft = pending && advance(event, pending, open);
    if (draft && event.resource !== undefined && event.lifecycle !== "schedule") draft.resource = event.resource;
    if (isCompletion(event)) latest = Math.max(latest ?? event.at, event.at);
  }
  return drafts;
}

/** Takes one event to the stay it belongs to; undefined when it belongs to none. */
function advance(event: LogEvent, pending: Waiting, open: (event: LogEvent) => Draft): Draft | undefined {
  const { scheduled, started } = pending;
  const lifecycle = event.lifecycle ?? "complete";
  switch (lifecycle) {
    case "schedule": {
      const draft = open(event);
      draft.scheduledAt = event.at;
      scheduled.push(draft);
      return draft;
    }
    case "assign":
    case "reassign":
      return scheduled[0] ?? started[0];
    case "start": {
      pending.startsToCome -= 1;
      const draft = scheduled.shift() ?? open(event);
      draft.startedAt = event.at;
      started.push(draft);
      return draft;
    }
    case "suspend": {
      const draft = started.find((one) => one.suspendedAt === undefined);
      if (draft) draft.suspendedAt = event.at;
      return draft;
    }
    case "resume": {
      const draft = started.find((one) => one.suspendedAt !== undefined);
      if (draft) endSuspension(draft, event.at);
      return draft;
    }
    case "complete": {
      // A schedule that a later start will take is left to it.
      const unclaimed = scheduled.length > pending.startsToCome ? scheduled : [];
      return complete(event, started.shift() ?? unclaimed.shift() ?? open(event), "completed");
    }
    case "autoskip":
    case "manualskip":
      return complete(event, scheduled.shift() ?? started.shift() ?? open(event), "skipped");
    case "withdraw":
    case "pi_abort":
    case "ate_abort": {
      const draft = started.shift() ?? scheduled.shift();
      return draft && complete(event, draft, "withdrawn");
    }
    case "unknown":
      return undefined;
    default:
      return lifecycle satisfies never;
  }
}

function complete(event: LogEvent, draft: Draft, outcome: Visit["outcome"]): Draft {
  endSuspension(draft, event.at);
  draft.completedAt = event.at;
  draft.outcome = outcome;
  if (event.startAt !== undefined) draft.startedAt ??= event.startAt;
  if (event.enabledAt !== undefined) draft.scheduledAt ??= event.enabledAt;
  return draft;
}

function endSuspension(draft: Draft, at: number): void {
  if (draft.suspendedAt !== undefined) draft.blockedMs += at - draft.suspendedAt;
  delete draft.suspendedAt;
}

function numbered(caseId: string, drafts: readonly Draft[]): Visit[] {
  const visits = drafts.map((draft): Visit => {
    const { activity, startedAt, completedAt, outcome, resource } = draft;
    // A log may enable a step after it was started; entering cannot be later than that.
    const firstAt = Math.min(startedAt ?? Number.POSITIVE_INFINITY, draft.beganAt);
    const enteredAt = Math.min(draft.scheduledAt ?? draft.previousAt ?? firstAt, firstAt);
    const entered = draft.scheduledAt !== undefined ? "recorded" : draft.previousAt !== undefined ? "previous" : "own";
    return {
      caseId,
      activity,
      visitNo: 0,
      enteredAt: Math.floor(enteredAt),
      entered,
      ...(startedAt !== undefined && { startedAt: Math.floor(startedAt) }),
      ...(completedAt !== undefined && { completedAt: Math.floor(completedAt) }),
      startRecorded: startedAt !== undefined,
      blockedMs: Math.round(draft.blockedMs),
      outcome,
      ...(resource !== undefined && { resource }),
    };
  });
  const counts = new Map<string, number>();
  for (const visit of visits.sort((a, b) => a.enteredAt - b.enteredAt)) {
    visit.visitNo = (counts.get(visit.activity) ?? 0) + 1;
    counts.set(visit.activity, visit.visitNo);
  }
  return visits;
}

function waitingByActivity(events: readonly LogEvent[]): Map<string, Waiting> {
  const waiting = new Map<string, Waiting>();
  for (const event of events) {
    const key = keyOf(event);
    const pending = waiting.get(key) ?? { scheduled: [], started: [], startsToCome: 0 };
    if (event.lifecycle === "start") pending.startsToCome += 1;
    waiting.set(key, pending);
  }
  return waiting;
}

function keyOf({ activity, attributes }: LogEvent): string {
  const instance = attributes["concept:instance"];
  return instance === undefined ? activity : `${activity}\n${instance}`;
}
