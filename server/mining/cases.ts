import { type EventLog, type LogEvent, eventsByCase, isCompletion } from "@/server/interop/log.ts";

/** One case: its completions in order of start (where the log has starts), then completion, then the file. */
export type Case = { id: string; events: LogEvent[]; startedAt: number; endedAt: number };

/** The cases of a log as they are counted; other transitions (schedule, start …) are left to `lifecycleTimes`. */
export function casesOf(log: EventLog): Case[] {
  const cases: Case[] = [];
  for (const [id, all] of eventsByCase(log.events)) {
    const events = all.filter(isCompletion).sort(inOrder);
    if (events.length === 0) continue;
    let startedAt = Number.POSITIVE_INFINITY;
    let endedAt = Number.NEGATIVE_INFINITY;
    for (const event of events) {
      startedAt = Math.min(startedAt, event.startAt ?? event.at);
      endedAt = Math.max(endedAt, event.at);
    }
    cases.push({ id, events, startedAt, endedAt });
  }
  return cases;
}

/** Array.prototype.sort is stable: equal times keep the file's order. */
const inOrder = (a: LogEvent, b: LogEvent): number => (a.startAt ?? a.at) - (b.startAt ?? b.at) || a.at - b.at;
