import { recordsById } from "@/db/queries/world.ts";
import { type Plain, type Refusal, type Values, refuse } from "@/server/engine/model.ts";
import { besideOf, wholesOf } from "./beside.ts";
import type { Ask, Deps } from "./deps.ts";
import { engineRecord } from "./load-world.ts";
import { recordSet } from "./record-writes.ts";

/**
 * Writes fields of a record. `seen`: the version the person looked at; a newer one refuses with CONFLICT. A record that a run
 * holds (an approval in progress) is read-only.
 */
export async function changeRecord(
  { store, loop, contexts, newId }: Deps,
  ask: Ask,
  { id, values, seen }: { id: string; values: Values; seen?: number | undefined },
): Promise<{ ok: true; version: number } | Refusal> {
  const commandId = ask.commandId ?? newId("cmd");
  const answer = await loop.write({
    workspaceId: ask.workspaceId,
    id: commandId,
    receipt: { body: { id, values }, at: ask.now },
    make: async () => {
      const { model } = await contexts.get(ask.workspaceId, ask.now);
      const [row] = await recordsById(store, { workspaceId: ask.workspaceId, ids: [id] });
      if (!row) return refuse("NOT_FOUND", "This record does not exist.");
      if (seen !== undefined && seen !== row.version)
        return refuse("CONFLICT", "Somebody changed this record in the meantime. Nothing was saved; look at it again.");
      if (row.lockedBy)
        return refuse("LOCKED", "This record is held by a running approval and can only be read. Nothing was saved.");
      const before = engineRecord(row);
      for (const [field, value] of Object.entries(values)) {
        const wrong = model.hasField(before.type, field)
          ? model.check(before.type, field, value)
          : `There is no field ${field}.`;
        if (wrong) return refuse("INVALID", wrong, { field });
      }
      const given = { ...before.values, ...values };
      const beside = await besideOf(store, ask.workspaceId, model, { type: before.type, id, values: given });
      const full = model.derive(before.type, given, ask.now, before.values, beside);
      // What was wrong before and is not touched now keeps nobody from mending something else.
      const known = new Set(model.problems(before.type, before.values, before.values).map((p) => p.field));
      const problems = model
        .problems(before.type, full, before.values)
        .filter((p) => Object.hasOwn(values, p.field) || !known.has(p.field));
      if (problems.length) return refuse("MISSING_FIELDS", problems[0]!.text, { fields: problems as unknown as Plain });
      const after = { ...before, version: before.version + 1, values: full };
      const wholes = await wholesOf(store, ask.workspaceId, model, before, after, ask.now);
      return {
        ok: true,
        value: { version: after.version },
        sets: [
          recordSet({ ...ask, commandId }, model, [
            { before, after, source: "person", tell: true },
            ...wholes.map((whole) => ({ ...whole, source: "derived", tell: true })),
          ]),
        ],
      };
    },
  });
  return answer.ok ? { ok: true, version: (answer.value as { version: number }).version } : answer;
}
