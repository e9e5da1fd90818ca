/** A change of the workspace's settings: rows and the fact that says so, in one write of the loop. */
import { and, desc, eq } from "drizzle-orm";
import type { Store, WriteSet } from "@/db/store.ts";
import type { Plain, Refusal } from "@/server/engine/model.ts";
import type { Ask, Deps } from "./deps.ts";

export type SettingWrite = {
  ok: true;
  /** What was changed, as the audit names it: `team.team_x`, `calendar.office`. */
  setting: string;
  from: Plain;
  to: Plain;
  put?: WriteSet["put"];
  drop?: WriteSet["drop"];
  clear?: WriteSet["clear"];
};

/**
 * Writes what `make` answers in its place in the queue, so it sees everything written before it. `from` and `to` stand in the
 * log for good: no names, addresses or reasons of people in them.
 */
export async function writeSetting(
  { store, loop, newId }: Deps,
  ask: Ask,
  make: () => Promise<SettingWrite | Refusal>,
): Promise<{ ok: true } | Refusal> {
  const commandId = ask.commandId ?? newId("cmd");
  const answer = await loop.write({
    workspaceId: ask.workspaceId,
    id: commandId,
    make: async () => {
      const made = await make();
      if (!made.ok) return made;
      const { setting, from, to, put = {}, drop = {}, clear = [] } = made;
      const set = await settingSet(store, { ...ask, commandId }, { setting, from, to }, { put, drop, clear });
      return { ok: true, value: null, sets: [set] };
    },
  });
  return answer.ok ? { ok: true } : answer;
}

/** The write set of one changed setting: its rows, and the fact as the next of the workspace's stream. */
export async function settingSet(
  store: Store,
  { workspaceId, actor, now, commandId }: Ask & { commandId: string },
  data: { setting: string; from: Plain; to: Plain },
  { put, drop, clear = [] }: Pick<WriteSet, "put" | "drop" | "clear">,
): Promise<WriteSet> {
  return {
    workspaceId,
    guards: [],
    events: [
      {
        type: "SettingChanged",
        stream: { kind: "workspace", id: workspaceId },
        version: clear.includes("event") ? 1 : (await lastVersion(store, workspaceId)) + 1,
        at: now,
        actor,
        cause: commandId,
        data,
      },
    ],
    put,
    drop,
    clear,
  };
}

async function lastVersion({ read, t: { event } }: Store, workspaceId: string): Promise<number> {
  const [last] = await read
    .select({ version: event.version })
    .from(event)
    .where(and(eq(event.workspaceId, workspaceId), eq(event.streamKind, "workspace"), eq(event.streamId, workspaceId)))
    .orderBy(desc(event.version))
    .limit(1);
  return last?.version ?? 0;
}
