/** What records were: their values from each change on, folded from their events. */
import { eventsOf } from "@/db/queries/runs.ts";
import type { Store } from "@/db/store.ts";
import type { StoredEvent } from "@/server/engine/events.ts";
import type { Values } from "@/server/engine/model.ts";

export type Past = Map<string, { at: number; values: Values }[]>;

/** Of each record, oldest first. A record that was deleted ends with what it last was. */
export async function pastOfRecords(store: Store, workspaceId: string, ids: readonly string[]): Promise<Past> {
  return ids.length ? foldPast(await eventsOf(store, workspaceId, "record", [...ids])) : new Map();
}

/** The same of events that are read already, in the order of the log. */
export function foldPast(events: readonly StoredEvent[]): Past {
  const past: Past = new Map();
  for (const event of events) {
    const states = past.get(event.stream.id) ?? [];
    const at = event.due ?? event.at;
    if (event.type === "RecordCreated") states.push({ at, values: { ...event.data.values } });
    else if (event.type === "RecordChanged" && states.length) {
      const values = { ...states.at(-1)!.values };
      for (const [field, { to }] of Object.entries(event.data.changes)) values[field] = to;
      states.push({ at, values });
    } else continue;
    past.set(event.stream.id, states);
  }
  return past;
}
