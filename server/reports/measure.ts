/**
 * The time figures of one visit inside a period (domain/reports, section 1; glossary "Time on a visit").
 * Business time counts only open calendar time; pauses are left out; a visit that straddles a border is split, not doubled.
 */
import { type BusinessCalendar, meanOpenDay, openTime } from "@/server/engine/calendar/calendar.ts";

export type VisitFacts = {
  runId: string;
  visit: string;
  recordId: string;
  node: string;
  kind: string;
  version: number;
  owner: string | null;
  enteredAt: number;
  startedAt: number | null;
  leftAt: number | null;
  pausedAt: number | null;
  pauses: readonly (readonly [number, number])[];
  touchMs: number;
  skipped: boolean;
  cancelled: boolean;
  rework: boolean;
  startRecorded: boolean;
  valueAtRisk: number | null;
  breachedAt: number | null;
  dueAt: number | null;
  /** Key and zone of the calendar it was entered under; null where its step has no SLA. */
  calendar: string | null;
  zone: string | null;
  outcome: string | null;
};

/** ms of open time. `wait` = queue + idle, the internal wait; wait and subprocess steps have none. */
export type VisitTimes = {
  queue: number;
  touch: number;
  blocked: number;
  idle: number;
  cycle: number;
  wait: number;
  businessDay: number;
};

type Span = readonly [number, number];

export function measureVisit(visit: VisitFacts, calendar: BusinessCalendar, period: Span, now: number): VisitTimes {
  const end = visit.leftAt ?? Math.max(now, visit.enteredAt);
  const inside = clip([visit.enteredAt, end], period);
  const businessDay = meanOpenDay(calendar);
  const nothing = { queue: 0, touch: 0, blocked: 0, idle: 0, cycle: 0, wait: 0, businessDay };
  if (!inside) return nothing;
  const cycle = openTime(calendar, inside[0], inside[1]);
  // The time of a wait is planned, the time of a called process belongs to its own visits.
  if (visit.kind === "wait" || visit.kind === "subprocess") return { ...nothing, cycle, blocked: cycle };
  const pauses: Span[] = visit.pausedAt === null ? [...visit.pauses] : [...visit.pauses, [visit.pausedAt, end]];
  const blockedIn = (span: Span) => pauses.reduce((sum, pause) => sum + open(calendar, clip(pause, span)), 0);
  const blocked = blockedIn(inside);
  // Nobody recorded when work began: all that was not blocked is waiting, and the column says so.
  if (!visit.startRecorded)
    return { queue: cycle - blocked, touch: 0, blocked, idle: 0, cycle, wait: cycle - blocked, businessDay };
  const started = visit.startedAt ?? end;
  const queueSpan = clip([visit.enteredAt, started], period);
  const queue = queueSpan ? open(calendar, queueSpan) - blockedIn(queueSpan) : 0;
  const workSpan: Span = [started, end];
  const workInside = clip(workSpan, period);
  if (!workInside) return { queue, touch: 0, blocked, idle: 0, cycle, wait: queue, businessDay };
  const workOpen = open(calendar, workInside) - blockedIn(workInside);
  const whole =
    open(calendar, workSpan) - pauses.reduce((sum, pause) => sum + open(calendar, clip(pause, workSpan)), 0);
  // Touch is known as a sum: inside the period it is taken in proportion. Work outside opening hours is not waiting either.
  const touch = whole > 0 ? Math.min(workOpen, visit.touchMs * (workOpen / whole)) : 0;
  const idle = workOpen - touch;
  return { queue, touch, blocked, idle, cycle, wait: queue + idle, businessDay };
}

const open = (calendar: BusinessCalendar, span: Span | null) => (span ? openTime(calendar, span[0], span[1]) : 0);

function clip(span: Span, to: Span): Span | null {
  const from = Math.max(span[0], to[0]);
  const end = Math.min(span[1], to[1]);
  return end >= from ? [from, end] : null;
}
