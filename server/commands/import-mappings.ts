/** Mappings that people keep under a name of theirs, to be used again. */
import { savedMappings } from "@/db/queries/imports.ts";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import type { Mapping } from "@/server/interop/csv/mapping.ts";
import type { Ask, Deps } from "./deps.ts";

/** A mapping of that name is replaced. */
export async function saveMapping(
  { loop, newId }: Deps,
  ask: Ask,
  { name, mapping }: { name: string; mapping: Mapping },
): Promise<{ ok: true } | Refusal> {
  const { workspaceId } = ask;
  const row = {
    workspaceId,
    name,
    recordType: mapping.recordType,
    mapping: JSON.parse(JSON.stringify({ ...mapping, key: name })) as Plain,
    savedAt: ask.now,
  };
  const answer = await loop.write({
    workspaceId,
    id: newId("cmd"),
    make: async () => ({
      ok: true,
      value: null,
      sets: [{ workspaceId, guards: [], events: [], put: { importMapping: [row] }, drop: {} }],
    }),
  });
  return answer.ok ? { ok: true } : answer;
}

export async function removeMapping(
  { store, loop, newId }: Deps,
  ask: Ask,
  name: string,
): Promise<{ ok: true } | Refusal> {
  const { workspaceId } = ask;
  const answer = await loop.write({
    workspaceId,
    id: newId("cmd"),
    make: async () => {
      if (!(await savedMappings(store, workspaceId)).some((one) => one.name === name))
        return refuse("NOT_FOUND", "There is no mapping of this name.");
      const drop = { importMapping: [[workspaceId, name]] };
      return { ok: true, value: null, sets: [{ workspaceId, guards: [], events: [], put: {}, drop }] };
    },
  });
  return answer.ok ? { ok: true } : answer;
}
