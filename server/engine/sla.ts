/**
 * One SLA clock as plain data and pure functions on it (semantics, section 1). A clock is in progress, paused, completed or
 * cancelled; breached is a flag with a time, and a breached clock keeps counting. Everything is computed from due instants, so it
 * does not matter how late a worker came.
 */
import { addOpenTime, type BusinessCalendar, dueAt, openTime, type Target } from "./calendar.ts";

export type SlaClock = {
  policy: string;
  cycle: number;
  state: "in_progress" | "paused" | "completed" | "cancelled";
  startedAt: number;
  /** Target as open time, fixed at the start: two business days are the open time from the start to that instant. */
  targetMs: number;
  /** None while paused. */
  dueAt?: number | undefined;
  /** When 80 % of the target are used; none while paused. */
  atRiskAt?: number | undefined;
  originalDueAt: number;
  breachedAt?: number;
  stoppedAt?: number;
  pausedAt?: number | undefined;
  /** Closed pauses, ms of wall and of open time. */
  pausedWall: number;
  pausedOpen: number;
  /** Warn percents in order, and those that have fired. */
  rungs: number[];
  fired: number[];
  /** The calendar it runs under, fixed at the start; null = every hour counts. */
  calendar: { key: string; revision: number; zone: string; country: string } | null;
};

const atRiskShare = 0.8;

export function startClock(
  input: {
    policy: string;
    cycle: number;
    startedAt: number;
    target: Target;
    rungs: readonly number[];
    calendar: SlaClock["calendar"];
  },
  calendar: BusinessCalendar,
): SlaClock {
  const due = dueAt(calendar, input.target, input.startedAt);
  const targetMs = openTime(calendar, input.startedAt, due);
  const { policy, cycle, startedAt } = input;
  return {
    policy,
    cycle,
    state: "in_progress",
    startedAt,
    targetMs,
    dueAt: due,
    atRiskAt: addOpenTime(calendar, startedAt, targetMs * atRiskShare),
    originalDueAt: due,
    pausedWall: 0,
    pausedOpen: 0,
    rungs: [...input.rungs].sort((a, b) => a - b),
    fired: [],
    calendar: input.calendar,
  };
}

/** Stops elapsed, not the world: until it goes on there is no due time. */
export const pauseClock = (clock: SlaClock, _calendar: BusinessCalendar, at: number): SlaClock =>
  clock.state === "in_progress"
    ? { ...clock, state: "paused", pausedAt: at, dueAt: undefined, atRiskAt: undefined }
    : clock;

/** Goes on with what was left: due moves by the open time of the pause. */
export function resumeClock(clock: SlaClock, calendar: BusinessCalendar, at: number): SlaClock {
  if (clock.state !== "paused") return clock;
  const used = elapsed(clock, calendar, at).business;
  const next = closePause(clock, calendar, at);
  const left = (share: number) =>
    clock.targetMs * share - used > 0 ? addOpenTime(calendar, at, clock.targetMs * share - used) : at;
  return {
    ...next,
    state: "in_progress",
    dueAt: clock.breachedAt !== undefined && clock.targetMs <= used ? clock.originalDueAt : left(1),
    atRiskAt: left(atRiskShare),
  };
}

export const stopClock = (clock: SlaClock, calendar: BusinessCalendar, at: number): SlaClock =>
  end(clock, calendar, at, "completed");
export const cancelClock = (clock: SlaClock, calendar: BusinessCalendar, at: number): SlaClock =>
  end(clock, calendar, at, "cancelled");

function end(clock: SlaClock, calendar: BusinessCalendar, at: number, state: "completed" | "cancelled"): SlaClock {
  const late =
    clock.breachedAt === undefined && clock.dueAt !== undefined && at > clock.dueAt && state === "completed"
      ? { breachedAt: clock.dueAt }
      : {};
  return { ...closePause(clock, calendar, at), ...late, state, stoppedAt: at };
}

function closePause(clock: SlaClock, calendar: BusinessCalendar, at: number): SlaClock {
  if (clock.pausedAt === undefined) return clock;
  const { pausedAt, ...rest } = clock;
  return {
    ...rest,
    pausedWall: clock.pausedWall + (at - pausedAt),
    pausedOpen: clock.pausedOpen + openTime(calendar, pausedAt, at),
  };
}

/** The breach: the flag's time is the due instant, whenever somebody looked. */
export const breachClock = (clock: SlaClock): SlaClock => ({
  ...clock,
  breachedAt: clock.breachedAt ?? clock.dueAt ?? clock.originalDueAt,
});

export const warnClock = (clock: SlaClock, percent: number): SlaClock => ({
  ...clock,
  fired: [...clock.fired, percent],
});

/** ms since the start without pauses, wall and open. */
export function elapsed(clock: SlaClock, calendar: BusinessCalendar, now: number): { wall: number; business: number } {
  const until = clock.stoppedAt ?? clock.pausedAt ?? now;
  return {
    wall: until - clock.startedAt - clock.pausedWall,
    business: openTime(calendar, clock.startedAt, until) - clock.pausedOpen,
  };
}

export type ClockStatus = "breached" | "paused" | "at_risk" | "on_track" | "met" | "missed" | "cancelled";

/** The first that holds. Exactly at the due instant it is not breached. */
export function status(clock: SlaClock, now: number): ClockStatus {
  if (clock.state === "cancelled") return "cancelled";
  if (clock.state === "completed") return clock.breachedAt === undefined ? "met" : "missed";
  if (clock.breachedAt !== undefined || (clock.dueAt !== undefined && now > clock.dueAt)) return "breached";
  if (clock.state === "paused") return "paused";
  return clock.atRiskAt !== undefined && now >= clock.atRiskAt ? "at_risk" : "on_track";
}

/** What still rings and when, in order: each unfired warning at its percent, the breach 1 ms after due. None while paused. */
export function nextTimers(clock: SlaClock, calendar: BusinessCalendar): { rung: number | "breach"; at: number }[] {
  if (clock.state !== "in_progress" || clock.dueAt === undefined) return [];
  const from = clock.startedAt;
  const timers: { rung: number | "breach"; at: number }[] = [];
  for (const percent of clock.rungs) {
    if (clock.fired.includes(percent)) continue;
    // Pauses push an instant back; what was left then is counted from the due instant backwards.
    const at =
      clock.pausedOpen === 0
        ? addOpenTime(calendar, from, (clock.targetMs * percent) / 100)
        : rungAfterPause(clock, calendar, percent);
    timers.push({ rung: percent, at });
  }
  if (clock.breachedAt === undefined) timers.push({ rung: "breach", at: clock.dueAt + 1 });
  return timers.sort((a, b) => a.at - b.at);
}

/** Pauses lie between start and now, so the rung stands where open time since the start is the percent plus all pauses. */
const rungAfterPause = (clock: SlaClock, calendar: BusinessCalendar, percent: number): number =>
  addOpenTime(calendar, clock.startedAt, (clock.targetMs * percent) / 100 + clock.pausedOpen);
