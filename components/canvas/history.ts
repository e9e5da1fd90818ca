/** Undo and redo: one entry a command, typing in one place is one entry. Patches, not copies. */
import { applyPatches, enablePatches, type Patch, produceWithPatches } from "immer";
import type { Process } from "@/server/engine/process.ts";

enablePatches();

export type Entry = { label: string; key: string | null; patches: Patch[]; inverse: Patch[] };
export type History = { doc: Process; past: Entry[]; future: Entry[] };

const most = 200;

export const begin = (doc: Process): History => ({ doc, past: [], future: [] });

/** Does a command. With the key of the entry before it, both become one. A command that changes nothing is no entry. */
export function execute(
  history: History,
  label: string,
  edit: (doc: Process) => Process,
  key: string | null = null,
): History {
  const next = edit(history.doc);
  if (next === history.doc) return history;
  const [doc, patches, inverse] = produceWithPatches(history.doc, (draft) => {
    for (const part of new Set([...Object.keys(draft), ...Object.keys(next)]) as Set<keyof Process>)
      if (!(part in next)) delete (draft as Record<string, unknown>)[part];
      else if (draft[part] !== next[part]) (draft as Record<string, unknown>)[part] = next[part];
  });
  const last = history.past.at(-1);
  const joined = key !== null && last?.key === key;
  const entry: Entry = joined
    ? { ...last, patches: [...last.patches, ...patches], inverse: [...inverse, ...last.inverse] }
    : { label, key, patches, inverse };
  return { doc, past: [...(joined ? history.past.slice(0, -1) : history.past), entry].slice(-most), future: [] };
}

export function undo(history: History): History {
  const entry = history.past.at(-1);
  return entry
    ? {
        doc: applyPatches(history.doc, entry.inverse),
        past: history.past.slice(0, -1),
        future: [entry, ...history.future],
      }
    : history;
}

export function redo(history: History): History {
  const [entry, ...future] = history.future;
  return entry
    ? { doc: applyPatches(history.doc, entry.patches), past: [...history.past, { ...entry, key: null }], future }
    : history;
}

/** Goes to the state after that many entries: back or forth through the list. */
export function travel(history: History, entries: number): History {
  let at = history;
  while (at.past.length > entries) at = undo(at);
  while (at.past.length < entries && at.future.length > 0) at = redo(at);
  return at;
}

/** Which steps and connections differ between two documents: those still there first, where focus and view go. */
export function touched(before: Process, after: Process): string[] {
  const differing = <T extends { id: string }>(a: readonly T[], b: readonly T[]) => {
    const old = new Map(a.map((one) => [one.id, one]));
    return b
      .filter((one) => old.get(one.id) !== one && JSON.stringify(old.get(one.id)) !== JSON.stringify(one))
      .map((one) => one.id);
  };
  return [...differing(before.nodes, after.nodes), ...differing(before.edges, after.edges)];
}
