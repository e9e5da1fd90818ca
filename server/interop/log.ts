import { type Problem, type ProblemCode, type Refused } from "./problem.ts";

/** The transitions of the XES lifecycle extension; a transition outside it is `unknown`. */
export const lifecycles = [
  "schedule",
  "assign",
  "reassign",
  "start",
  "suspend",
  "resume",
  "complete",
  "withdraw",
  "autoskip",
  "manualskip",
  "pi_abort",
  "ate_abort",
  "unknown",
] as const;
export type Lifecycle = (typeof lifecycles)[number];

export type AttributeValue = string | number | boolean;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/**
 * One event of a log. Times are UTC epoch milliseconds, with a fraction where the file has finer digits. Without
 * `lifecycle` the event is a completion. A row that names its own start (and when it became possible) is one event with
 * `startAt` (and `enabledAt`), and `at` is its end.
 */
export type LogEvent = {
  caseId: string;
  activity: string;
  at: number;
  startAt?: number;
  enabledAt?: number;
  lifecycle?: Lifecycle;
  resource?: string;
  attributes: Attributes;
};

/** Events in file order, whole; what is said of a case stands once, by its id. */
export type EventLog = { events: LogEvent[]; cases: Map<string, Attributes> };

/** A log and what was left out of it: the first problems of each kind, and how many there were of each. */
export type LogReading = {
  ok: true;
  log: EventLog;
  /** Event rows or elements in the file, read or left out. */
  rows: number;
  problems: Problem[];
  problemCounts: Partial<Record<ProblemCode, number>>;
  notices: Problem[];
};

export type LogResult = LogReading | Refused;

export type LogProgress = (at: { bytesRead: number; events: number }) => void;

export const isCompletion = (event: LogEvent): boolean =>
  event.lifecycle === undefined || event.lifecycle === "complete";

export function lifecycleOf(text: string): Lifecycle {
  const lower = text.trim().toLowerCase();
  return lifecycles.find((known) => known === lower) ?? "unknown";
}

/** The events of each case, in the file's order of cases and events. */
export function eventsByCase(events: Iterable<LogEvent>): Map<string, LogEvent[]> {
  const byCase = new Map<string, LogEvent[]>();
  for (const event of events) {
    const list = byCase.get(event.caseId);
    if (list) list.push(event);
    else byCase.set(event.caseId, [event]);
  }
  return byCase;
}

/** Keeps problems countable without keeping a million of them: the first hundred of each kind, and the totals. */
export class ProblemList {
  readonly problems: Problem[] = [];
  readonly counts: Partial<Record<ProblemCode, number>> = {};

  add(problem: Problem): void {
    const count = (this.counts[problem.code] ?? 0) + 1;
    this.counts[problem.code] = count;
    if (count <= 100) this.problems.push(problem);
  }
}

/** One copy of each text that repeats in a log (names, people, attribute values), so that a million events stay small. */
export function createInterner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const same = known.get(text);
    if (same !== undefined) return same;
    // Beyond this many different texts they are ids or amounts, and remembering them costs more than it saves.
    if (known.size < 50_000) known.set(text, text);
    return text;
  };
}

export const noAttributes: Attributes = Object.freeze({});
