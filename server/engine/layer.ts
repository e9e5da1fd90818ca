import type { EngineRecord } from "./model.ts";
import type { Records } from "./world.ts";

/** Records with changes over them that nobody else sees, until they are merged; or thrown away with a command that was refused. */
export function layerOver(below: Records): Records & { merge(): void } {
  /** null: gone. */
  const own = new Map<string, EngineRecord | null>();
  const get = (id: string): EngineRecord | undefined => {
    const mine = own.get(id);
    return mine === undefined ? below.get(id) : (mine ?? undefined);
  };
  return {
    get,
    has: (id) => get(id) !== undefined,
    set: (id, record) => void own.set(id, record),
    remove: (id) => void own.set(id, null),
    *values() {
      for (const { id } of below.values()) {
        const record = get(id);
        if (record) yield record;
      }
      for (const [id, record] of own) if (record && !below.has(id)) yield record;
    },
    merge() {
      for (const [id, record] of own) {
        if (record) below.set(id, record);
        else below.remove(id);
      }
    },
  };
}
