import type { EngineRecord } from "@/server/engine/model.ts";
import type { Records } from "@/server/engine/world.ts";

/** Records as one command sees them: its own changes over what was there. A refused command's layer is thrown away. */
export function overlay(below: Records): Records & { merge(): void } {
  const own = new Map<string, EngineRecord>();
  return {
    get: (id) => own.get(id) ?? below.get(id),
    has: (id) => own.has(id) || below.has(id),
    set: (id, record) => void own.set(id, record),
    *values() {
      for (const record of below.values()) yield own.get(record.id) ?? record;
      for (const [id, record] of own) if (!below.has(id)) yield record;
    },
    merge() {
      for (const [id, record] of own) below.set(id, record);
    },
  };
}
