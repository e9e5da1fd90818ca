/**
 * One SLA clock as plain data and pure functions on it (semantics, section 1). A clock is in progress, paused, completed or
 * cancelled; breached is a flag with a time, and a breached clock keeps counting. Everything is computed from due instants, so it
 * does not matter how late a worker came.
 */
import { addOpenTime, type BusinessCalendar, openTime } from "./calendar.ts";
import { dueAt, type Target } from "./calendar-target.ts";

export type SlaClock = {
  policy: string;
  cycle: number;
  state: "in_progress" | "paused" | "completed" | "cancelled";
  startedAt: number;
  /** Target as open time, fixed at the start: two business days are the open time from the start to that instant. */
  targetMs: number;
  /** None while paused, unless the target was used up before the pause. */
  dueAt?: number | undefined;
  /** When 80 % of the target are used; none while `dueAt` has none. */
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

const atRiskPercent = 80;
/** A target that was past when the clock started is due this much after the start. */
const lateStartMs = 1000;

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
  const { policy, cycle, startedAt } = input;
  const wanted = dueAt(calendar, input.target, startedAt);
  const due = wanted < startedAt ? startedAt + lateStartMs : wanted;
  const targetMs = openTime(calendar, startedAt, due);
  return {
    policy,
    cycle,
    state: "in_progress",
    startedAt,
    targetMs,
    dueAt: due,
    atRiskAt: addOpenTime(calendar, startedAt, shareOf(targetMs, atRiskPercent)),
    originalDueAt: due,
    pausedWall: 0,
    pausedOpen: 0,
    rungs: [...input.rungs].sort((a, b) => a - b),
    fired: [],
    calendar: input.calendar,
  };
}

/** The first whole ms at which that percent is reached. Multiplied first: 0.8 × 36,000,000 is not a whole number in floats. */
const shareOf = (targetMs: number, percent: number): number => Math.ceil((targetMs * percent) / 100);

/** Stops elapsed, not the world: until it goes on there is no due time, unless the target is used up by now. */
export function pauseClock(clock: SlaClock, at: number): SlaClock {
  if (clock.state !== "in_progress") return clock;
  const paused: SlaClock = { ...clock, state: "paused", pausedAt: at };
  return clock.dueAt !== undefined && at >= clock.dueAt ? paused : { ...paused, dueAt: undefined, atRiskAt: undefined };
}

/** Goes on with what was left: due moves by the open time of the pause. One that had run out stays due when it was. */
export function resumeClock(clock: SlaClock, calendar: BusinessCalendar, at: number): SlaClock {
  if (clock.state !== "paused") return clock;
  const used = elapsed(clock, calendar, at).business;
  const left = (percent: number) => addOpenTime(calendar, at, shareOf(clock.targetMs, percent) - used);
  return {
    ...closePause(clock, calendar, at),
    state: "in_progress",
    dueAt: clock.dueAt ?? clock.breachedAt ?? left(100),
    atRiskAt: clock.atRiskAt ?? left(atRiskPercent),
  };
}

export const stopClock = (clock: SlaClock, calendar: BusinessCalendar, at: number): SlaClock => {
  const late = clock.stoppedAt === undefined && clock.dueAt !== undefined && at > clock.dueAt;
  return end(late ? breachClock(clock) : clock, calendar, at, "completed");
};

export const cancelClock = (clock: SlaClock, calendar: BusinessCalendar, at: number): SlaClock =>
  end(clock, calendar, at, "cancelled");

function end(clock: SlaClock, calendar: BusinessCalendar, at: number, state: "completed" | "cancelled"): SlaClock {
  if (clock.stoppedAt !== undefined) return clock;
  return { ...closePause(clock, calendar, at), state, stoppedAt: at };
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

/** What still rings and when, in order: each unfired warning at its percent, the breach 1 ms after due. Paused, only the breach. */
export function nextTimers(clock: SlaClock, calendar: BusinessCalendar): { rung: number | "breach"; at: number }[] {
  if (clock.stoppedAt !== undefined || clock.dueAt === undefined) return [];
  const timers: { rung: number | "breach"; at: number }[] = [];
  if (clock.state === "in_progress")
    for (const percent of clock.rungs) {
      if (clock.fired.includes(percent)) continue;
      // Pauses lie before now and an unfired rung after it: it stands where open time since the start is its share and all pauses.
      const open = shareOf(clock.targetMs, percent) + clock.pausedOpen;
      timers.push({ rung: percent, at: addOpenTime(calendar, clock.startedAt, open) });
    }
  if (clock.breachedAt === undefined) timers.push({ rung: "breach", at: clock.dueAt + 1 });
  return timers.sort((a, b) => a.at - b.at);
}
