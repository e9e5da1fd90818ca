import { recordsById } from "@/db/queries/world.ts";
import { type Plain, type Refusal, type Values, refuse } from "@/server/engine/model.ts";
import { besideOf, wholesOf } from "./beside.ts";
import type { Ask, Deps } from "./deps.ts";
import { prefixOf } from "./load-world.ts";
import { recordSet } from "./record-writes.ts";

/**
 * Makes a record. `values` are as stored (money in minor units, dates as text); refused when a required field is missing. `as`: the
 * id it must have, so that whoever else is about to make the same thing finds it taken (CONFLICT).
 */
export async function createRecord(
  { store, loop, contexts, newId }: Deps,
  ask: Ask,
  { type, values, source = "person", as }: { type: string; values: Values; source?: string; as?: string },
): Promise<{ ok: true; id: string } | Refusal> {
  const { model } = await contexts.get(ask.workspaceId, ask.now);
  if (!model.knows(type)) return refuse("NOT_FOUND", `There is no record type ${type}.`);
  const commandId = ask.commandId ?? newId("cmd");
  // The id follows from the command, so that a repeated request answers with the same record.
  const id = as ?? `${prefixOf(type)}_${commandId.replace(/^cmd_/, "")}`;
  const answer = await loop.write({
    workspaceId: ask.workspaceId,
    id: commandId,
    receipt: { body: { type, values }, at: ask.now },
    make: async () => {
      if (as && (await recordsById(store, { workspaceId: ask.workspaceId, ids: [as] })).length)
        return refuse("CONFLICT", "Somebody else has just made this record. Nothing was saved; look at it again.");
      const given = model.numbered(type, id, { ...model.defaults(type), ...values });
      const beside = await besideOf(store, ask.workspaceId, model, { type, id, values: given });
      const full = model.derive(type, given, ask.now, null, beside);
      const problems = model.problems(type, full, null);
      if (problems.length) return refuse("MISSING_FIELDS", problems[0]!.text, { fields: problems as unknown as Plain });
      const after = { type, id, version: 1, createdAt: ask.now, values: full };
      const wholes = await wholesOf(store, ask.workspaceId, model, undefined, after, ask.now);
      return {
        ok: true,
        value: { id },
        sets: [
          recordSet({ ...ask, commandId }, model, [
            { before: undefined, after, source, tell: true },
            ...wholes.map((whole) => ({ ...whole, source: "derived", tell: true })),
          ]),
        ],
      };
    },
  });
  return answer.ok ? { ok: true, id } : answer;
}
