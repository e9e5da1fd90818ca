/**
 * What a run and its records were at a place in the log: folded from their events and from nothing else, so that what is explained
 * stands on the values of that moment. Events are the run's own and those of its records, in the order of the log.
 */
import type { StoredEvent } from "../events.ts";
import { evolve } from "../evolve.ts";
import type { EngineRecord, Run } from "../model.ts";
import { copyRun } from "../run-shape.ts";
import type { Records } from "../world.ts";

/** When an event counts, which is when a timer was due and not when a worker came to it. */
export const instantOfEvent = (event: { at: number; due?: number }): number => event.due ?? event.at;

/** The run's events without what an undo has taken back; the undo itself stays. */
export function livedEvents(events: readonly StoredEvent[]): StoredEvent[] {
  const lived: StoredEvent[] = [];
  for (const event of events) {
    if (event.type === "WorkUndone") {
      const { work } = event.data;
      const done = lived.findLast((e) => e.type === "WorkCompleted" && e.data.work === work);
      if (done) {
        const first = lived.findIndex((e) => e.cause === done.cause);
        const kept = lived.slice(first).filter((e) => e.stream.kind !== "run");
        lived.splice(first, lived.length, ...kept);
      }
    }
    lived.push(event);
  }
  return lived;
}

/** The run after the last event that `until` lets through; null before it was started. */
export function runUntil(events: readonly StoredEvent[], until: (event: StoredEvent) => boolean): Run | null {
  let run: Run | null = null;
  for (const event of events) {
    if (event.stream.kind !== "run") continue;
    if (!until(event)) break;
    run = evolve(run && copyRun(run), event);
  }
  return run;
}

/** The run as it was right before each of these events, by their numbers: one pass over the log. */
export function runsBefore(events: readonly StoredEvent[], seqs: Iterable<number>): Map<number, Run> {
  const wanted = new Set(seqs);
  const found = new Map<number, Run>();
  let run: Run | null = null;
  for (const event of events) {
    if (event.stream.kind !== "run") continue;
    if (run && wanted.has(event.seq)) found.set(event.seq, copyRun(run));
    run = evolve(run, event);
  }
  return found;
}

/**
 * Records as they were after the last event that `until` lets through. One whose events are not given stays as it is in `now`; one
 * that was made later is not there.
 */
export function recordsUntil(
  events: readonly StoredEvent[],
  until: (event: StoredEvent) => boolean,
  now: Records,
): Records & { values(): IterableIterator<EngineRecord> } {
  const known = new Set(events.flatMap((e) => (e.stream.kind === "record" ? e.stream.id : [])));
  const then = new Map<string, EngineRecord>();
  for (const record of now.values()) if (!known.has(record.id)) then.set(record.id, record);
  for (const event of events) {
    if (event.stream.kind !== "record") continue;
    if (!until(event)) break;
    const { id } = event.stream;
    const before = then.get(id);
    switch (event.type) {
      case "RecordCreated":
        then.set(id, {
          type: event.data.type,
          id,
          version: event.version,
          values: { ...event.data.values },
          createdAt: instantOfEvent(event),
        });
        break;
      case "RecordChanged": {
        // The beginning of an imported record may lie in another log.
        const values = { ...(before ?? now.get(id))?.values };
        for (const [field, { to }] of Object.entries(event.data.changes)) values[field] = to;
        then.set(id, {
          type: event.data.type,
          id,
          createdAt: before?.createdAt ?? now.get(id)?.createdAt ?? instantOfEvent(event),
          ...(before?.lockedBy && { lockedBy: before.lockedBy }),
          version: event.version,
          values,
        });
        break;
      }
      case "RecordLocked":
        if (before) {
          const { lockedBy: _, ...free } = before;
          then.set(id, { ...free, version: event.version, ...(event.data.run && { lockedBy: event.data.run }) });
        }
        break;
      case "RecordMerged":
      case "RecordDeleted":
        then.delete(id);
        break;
      default:
        break;
    }
  }
  return {
    get: (id) => then.get(id),
    has: (id) => then.has(id),
    set: (id, record) => void then.set(id, record),
    remove: (id) => void then.delete(id),
    values: () => then.values(),
  };
}
