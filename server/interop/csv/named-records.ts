import { fold } from "@/server/records/fold.ts";
import { type Lookups } from "./mapping.ts";

export type NamedRecord = { type: string; by: string; name: string; id: string };

/**
 * Lookups over records in memory: a name as it is written wins, then the same name but for case, accents and punctuation.
 * Two records under one name are both returned, so that nobody is picked by chance.
 */
export function lookupsOf(records: Iterable<NamedRecord>): Lookups {
  const byName = new Map<string, Map<string, string[]>>();
  const byFolded = new Map<string, Map<string, string[]>>();
  for (const { type, by, name, id } of records) {
    put(byName, `${type}.${by}`, name, id);
    put(byFolded, `${type}.${by}`, fold(name), id);
  }
  return {
    find(type, by, text) {
      const exact = byName.get(`${type}.${by}`)?.get(text);
      return exact ?? byFolded.get(`${type}.${by}`)?.get(fold(text)) ?? [];
    },
    names: (type, by) => [...(byName.get(`${type}.${by}`)?.keys() ?? [])],
  };
}

function put(index: Map<string, Map<string, string[]>>, kind: string, name: string, id: string): void {
  const names = index.get(kind) ?? new Map<string, string[]>();
  index.set(kind, names);
  const ids = names.get(name) ?? [];
  names.set(name, ids);
  if (!ids.includes(id)) ids.push(id);
}
