/**
 * One SLA clock as plain data and pure functions on it (semantics, section 1). A clock is in progress, paused, completed or
 * cancelled; breached is a flag with a time, and a breached clock keeps counting. Everything is computed from due instants, so it
 * does not matter how late a worker came.
 */
import { addOpenTime, type BusinessCalendar, neverDue, openTime } from "../calendar/calendar.ts";
import { dueAt, type Target } from "../calendar/calendar-target.ts";
import { elapsedAtRung, type Rung } from "./rung.ts";

export type SlaClock = {
  policy: string;
  cycle: number;
  state: "in_progress" | "paused" | "completed" | "cancelled";
  startedAt: number;
  /** Target as open time, fixed at the start: two business days are the open time from the start to that instant. */
  targetMs: number;
  /** None while paused, unless the target was used up before the pause. */
  dueAt?: number | undefined;
  /** When the share of the target from which it is at risk is used; none while `dueAt` has none. */
  atRiskAt?: number | undefined;
  originalDueAt: number;
  breachedAt?: number;
  stoppedAt?: number;
  pausedAt?: number | undefined;
  /** Closed pauses, ms of wall and of open time. */
  pausedWall: number;
  pausedOpen: number;
  /** The closed pauses themselves, in order, as long as there are not very many (and none of a clock of an older release). */
  pauses?: readonly (readonly [number, number])[] | undefined;
  /** Warn percents in order, and those that have fired. */
  rungs: number[];
  fired: number[];
  /** The calendar it runs under, fixed at the start; null = every hour counts. */
  calendar: { key: string; revision: number; zone: string; country: string } | null;
  // What a clock of an older release, or a plain one, does not have:
  /** Elapsed counts from here: a switch of the goal that starts it anew. */
  countsFrom?: number;
  /** When it was attached, where that is later than its start; nothing rings before. */
  attachedAt?: number;
  /** The last switch of its goal; nothing rings before. */
  switchedAt?: number;
  /** Which of the definition's targets fitted (-1 = the default one), and its words. */
  rule?: number;
  target?: string;
  /** Percent from which it is at risk. */
  riskAt?: number;
  ladder?: readonly Rung[];
  /** Rungs of the ladder that have fired, by their text. */
  rang?: readonly string[];
  /** Version of the process whose definition it runs under. */
  definition?: number;
  /** How often it was recomputed. */
  revision?: number;
};

const atRiskPercent = 80;
/** A target that was past when the clock started is due this much after the start. */
const lateStartMs = 1000;
/** Pauses kept one by one. Beyond, only their sum is: what rings lies after them. */
const mostPauses = 200;

export type Goal = {
  target: Target;
  calendar: SlaClock["calendar"];
  rule?: number;
  text?: string;
};

export function startClock(
  input: {
    policy: string;
    cycle: number;
    startedAt: number;
    target: Target;
    rungs: readonly number[];
    calendar: SlaClock["calendar"];
    attachedAt?: number;
    riskAt?: number | undefined;
    ladder?: readonly Rung[] | undefined;
    definition?: number;
    rule?: number;
    text?: string;
    /** Pauses between the start and the moment it is attached, in order and disjoint. */
    pauses?: readonly (readonly [number, number])[];
  },
  calendar: BusinessCalendar,
): SlaClock {
  const { policy, cycle, startedAt, pauses = [] } = input;
  const first = firstDue(calendar, input.target, startedAt);
  const clock: SlaClock = {
    policy,
    cycle,
    state: "in_progress",
    startedAt,
    targetMs: first.targetMs,
    originalDueAt: first.due,
    pausedWall: pauses.reduce((sum, [from, to]) => sum + to - from, 0),
    pausedOpen: pauses.reduce((sum, [from, to]) => sum + openTime(calendar, from, to), 0),
    pauses,
    rungs: [...input.rungs].sort((a, b) => a - b),
    fired: [],
    calendar: input.calendar,
    ...(input.attachedAt !== undefined && input.attachedAt > startedAt && { attachedAt: input.attachedAt }),
    ...(input.riskAt !== undefined && input.riskAt !== atRiskPercent && { riskAt: input.riskAt }),
    ...(input.ladder?.length && { ladder: input.ladder, rang: [] }),
    ...(input.definition !== undefined && { definition: input.definition }),
    ...(input.rule !== undefined && { rule: input.rule }),
    ...(input.text !== undefined && { target: input.text }),
  };
  return { ...clock, ...dues(clock, calendar, first.due) };
}

/** When a target that starts now is due before any pause, and how much open time that is. A past one: a second after the start. */
function firstDue(calendar: BusinessCalendar, target: Target, startedAt: number): { due: number; targetMs: number } {
  const wanted = dueAt(calendar, target, startedAt);
  const due = wanted < startedAt ? startedAt + lateStartMs : wanted;
  // An amount stays what it is, also in a calendar that never holds that much.
  if (target.kind === "open_time") return { due, targetMs: target.ms };
  return { due, targetMs: due >= neverDue ? due - startedAt : openTime(calendar, startedAt, due) };
}

/** The first whole ms at which that percent is reached. Multiplied first: 0.8 × 36,000,000 is not a whole number in floats. */
const shareOf = (targetMs: number, percent: number): number => Math.ceil((targetMs * percent) / 100);

/** The due and at-risk instants as they stand. `plain`: the due instant of a clock that never paused, which may lie outside hours. */
function dues(clock: SlaClock, calendar: BusinessCalendar, plain?: number): Pick<SlaClock, "dueAt" | "atRiskAt"> {
  const unpaused = clock.pausedWall === 0 && clock.pausedAt === undefined;
  return {
    dueAt: unpaused && plain !== undefined ? plain : reaches(clock, calendar, clock.targetMs),
    atRiskAt: reaches(clock, calendar, shareOf(clock.targetMs, clock.riskAt ?? atRiskPercent)),
  };
}

/** The instant at which elapsed reaches `ms`; none while a pause that has not ended stands before it. */
function reaches(clock: SlaClock, calendar: BusinessCalendar, ms: number): number | undefined {
  let at = clock.countsFrom ?? clock.startedAt;
  let left = ms;
  if (!clock.pauses) left += clock.pausedOpen;
  for (const [from, to] of clock.pauses ?? []) {
    const open = openTime(calendar, at, from);
    if (left <= open) break;
    left -= open;
    at = to;
  }
  const reached = addOpenTime(calendar, at, left);
  return clock.pausedAt !== undefined && reached > clock.pausedAt ? undefined : reached;
}

/** Stops elapsed, not the world: until it goes on there is no due time, unless the target is used up by now. */
export function pauseClock(clock: SlaClock, at: number): SlaClock {
  if (clock.state !== "in_progress") return clock;
  const paused: SlaClock = { ...clock, state: "paused", pausedAt: at };
  return clock.dueAt !== undefined && at >= clock.dueAt ? paused : { ...paused, dueAt: undefined, atRiskAt: undefined };
}

/** Goes on with what was left: due moves by the open time of the pause. One that had run out stays due when it was. */
export function resumeClock(clock: SlaClock, calendar: BusinessCalendar, at: number): SlaClock {
  if (clock.state !== "paused") return clock;
  const resumed: SlaClock = { ...closePause(clock, calendar, at), state: "in_progress" };
  const now = dues(resumed, calendar);
  return {
    ...resumed,
    dueAt: clock.dueAt ?? clock.breachedAt ?? now.dueAt,
    atRiskAt: clock.atRiskAt ?? now.atRiskAt,
  };
}

/**
 * Another target fits now. `keep`: what has elapsed counts against the new one from the start; `restart`: elapsed begins anew at
 * `at`. A breach that has happened stays; a due instant that the switch moves into the past is that instant.
 */
export function switchGoal(
  clock: SlaClock,
  calendar: BusinessCalendar,
  at: number,
  goal: Goal,
  how: "keep" | "restart",
): SlaClock {
  if (clock.stoppedAt !== undefined) return clock;
  const kept = how === "keep" ? (clock.pauses ?? []) : [];
  const from = how === "keep" ? (clock.countsFrom ?? clock.startedAt) : at;
  const first = firstDue(calendar, goal.target, from);
  const summed = how === "keep" && !clock.pauses;
  const switched: SlaClock = {
    ...clock,
    calendar: goal.calendar,
    targetMs: first.targetMs,
    pausedWall: summed ? clock.pausedWall : kept.reduce((sum, [a, b]) => sum + b - a, 0),
    pausedOpen: summed ? clock.pausedOpen : kept.reduce((sum, [a, b]) => sum + openTime(calendar, a, b), 0),
    ...(!summed && { pauses: kept }),
    switchedAt: at,
    ...(how === "restart" && { countsFrom: at, ...(clock.pausedAt !== undefined && { pausedAt: at }) }),
    ...(goal.rule !== undefined && { rule: goal.rule }),
    ...(goal.text !== undefined && { target: goal.text }),
  };
  const now = dues(switched, calendar, first.due);
  return { ...switched, dueAt: clock.breachedAt ?? now.dueAt, atRiskAt: now.atRiskAt };
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
  // A clock of an older release has only the sum of its pauses: a list would not tell all of them.
  const listed = clock.pauses ?? (clock.pausedWall === 0 ? [] : undefined);
  return {
    ...rest,
    pausedWall: clock.pausedWall + (at - pausedAt),
    pausedOpen: clock.pausedOpen + openTime(calendar, pausedAt, at),
    pauses: listed && listed.length < mostPauses ? [...listed, [pausedAt, at]] : undefined,
  };
}

/** The breach: the flag's time is the due instant, whenever somebody looked. */
export const breachClock = (clock: SlaClock): SlaClock => ({
  ...clock,
  breachedAt: clock.breachedAt ?? clock.dueAt ?? clock.originalDueAt,
});

export const warnClock = (clock: SlaClock, rung: number | string): SlaClock =>
  typeof rung === "number"
    ? { ...clock, fired: [...clock.fired, rung] }
    : { ...clock, rang: [...(clock.rang ?? []), rung] };

/** ms since the start without pauses, wall and open. */
export function elapsed(clock: SlaClock, calendar: BusinessCalendar, now: number): { wall: number; business: number } {
  const until = clock.stoppedAt ?? clock.pausedAt ?? now;
  const from = clock.countsFrom ?? clock.startedAt;
  return {
    wall: until - from - clock.pausedWall,
    business: openTime(calendar, from, until) - clock.pausedOpen,
  };
}

/** Everything that is shown of a clock. Percents are of the target, exact; `leftMs` is negative once late, null while paused before due. */
export type ClockFigures = {
  wallMs: number;
  businessMs: number;
  wallPercent: number;
  businessPercent: number;
  pausedWallMs: number;
  pausedBusinessMs: number;
  leftMs: number | null;
};

export function figures(clock: SlaClock, calendar: BusinessCalendar, now: number): ClockFigures {
  const { wall, business } = elapsed(clock, calendar, now);
  const percent = (ms: number) => (clock.targetMs > 0 ? (ms * 100) / clock.targetMs : ms > 0 ? 100 : 0);
  const until = clock.stoppedAt ?? now;
  const open = clock.pausedAt === undefined ? null : clock.pausedAt;
  return {
    wallMs: wall,
    businessMs: business,
    wallPercent: percent(wall),
    businessPercent: percent(business),
    pausedWallMs: clock.pausedWall + (open === null ? 0 : Math.max(0, until - open)),
    pausedBusinessMs: clock.pausedOpen + (open === null ? 0 : openTime(calendar, open, until)),
    leftMs: clock.dueAt === undefined ? null : clock.targetMs - business,
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

/** `at` is when it rings; `reached`, where that was earlier, when it would have been reached had the clock been there by then. */
export type Ring = { rung: number | string | "breach"; at: number; reached: number };

/**
 * What still rings and when, in order: each unfired warning and rung of the ladder where its elapsed is reached, the breach 1 ms
 * after due. Paused, only the breach. Nothing rings before the clock was attached, its goal last switched or it last went on.
 */
export function nextTimers(clock: SlaClock, calendar: BusinessCalendar): Ring[] {
  if (clock.stoppedAt !== undefined || clock.dueAt === undefined) return [];
  const timers: Ring[] = [];
  const earliest = Math.max(
    clock.attachedAt ?? clock.startedAt,
    clock.switchedAt ?? clock.startedAt,
    clock.pauses?.at(-1)?.[1] ?? clock.startedAt,
  );
  const add = (rung: Ring["rung"], reached: number | undefined) => {
    if (reached !== undefined) timers.push({ rung, at: Math.max(reached, earliest), reached });
  };
  if (clock.state === "in_progress") {
    for (const percent of clock.rungs)
      if (!clock.fired.includes(percent)) add(percent, reaches(clock, calendar, shareOf(clock.targetMs, percent)));
    for (const rung of clock.ladder ?? [])
      if (!clock.rang?.includes(rung.at)) add(rung.at, reaches(clock, calendar, elapsedAtRung(rung, clock.targetMs)));
  }
  if (clock.breachedAt === undefined) add("breach", clock.dueAt + 1);
  return timers.sort((a, b) => a.at - b.at || a.reached - b.reached);
}
