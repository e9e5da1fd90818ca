import { recordsById } from "@/db/queries/world.ts";
import type { Row } from "@/db/store.ts";
import { type EngineRecord, type Plain, type Refusal, type Values, refuse } from "@/server/engine/model.ts";
import { besideOf, wholesOf } from "./beside.ts";
import type { Ask, Deps } from "./deps.ts";
import { engineRecord } from "./load-world.ts";
import { recordSet } from "./record-writes.ts";
import { stageGate, stageRefusal } from "./stage-gate.ts";

/**
 * Writes fields of a record. `seen`: the version the person looked at; a newer one refuses with CONFLICT. A record that a run
 * holds (an approval in progress) is read-only. A stage is changed only as far as the gates of the record's runs let it.
 */
export async function changeRecord(
  deps: Deps,
  ask: Ask,
  { id, values, seen }: { id: string; values: Values; seen?: number | undefined },
): Promise<{ ok: true; version: number } | Refusal> {
  const { store, loop, contexts, newId } = deps;
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
      const would = await whatWouldBe(deps, ask, row, values);
      if (!would.ok) return would;
      const { before, after, problems } = would;
      if (problems.length) return refuse("MISSING_FIELDS", problems[0]!.text, { fields: problems as unknown as Plain });
      // What comes from outside is a fact already; people, and programs in their stead, keep to the gates.
      const byHand = ask.actor.kind === "member" || ask.actor.kind === "api";
      const gate = byHand ? await stageGate(deps, ask, before, after) : null;
      if (gate?.held) return stageRefusal(gate.held);
      const wholes = await wholesOf(store, ask.workspaceId, model, before, after, ask.now);
      const set = recordSet({ ...ask, commandId }, model, [
        { before, after, source: "person", tell: true },
        ...wholes.map((whole) => ({ ...whole, source: "derived", tell: true })),
      ]);
      // A run that has moved on since may forbid what it allowed: then all of it is looked at again.
      set.guards.push(...(gate?.guards ?? []));
      return { ok: true, value: { version: after.version }, sets: [set] };
    },
  });
  return answer.ok ? { ok: true, version: (answer.value as { version: number }).version } : answer;
}

/** The record with these values, and what keeps it from being saved. */
export async function whatWouldBe(
  { store, contexts }: Pick<Deps, "store" | "contexts">,
  { workspaceId, now }: Ask,
  row: Row<"record">,
  values: Values,
): Promise<
  { ok: true; before: EngineRecord; after: EngineRecord; problems: { field: string; text: string }[] } | Refusal
> {
  const { model } = await contexts.get(workspaceId, now);
  const before = engineRecord(row);
  for (const [field, value] of Object.entries(values)) {
    const wrong = model.hasField(before.type, field)
      ? model.check(before.type, field, value)
      : `There is no field ${field}.`;
    if (wrong) return refuse("INVALID", wrong, { field });
  }
  const given = { ...before.values, ...values };
  const beside = await besideOf(store, workspaceId, model, { type: before.type, id: before.id, values: given });
  const full = model.derive(before.type, given, now, before.values, beside);
  // What was wrong before and is not touched now keeps nobody from mending something else.
  const known = new Set(model.problems(before.type, before.values, before.values).map((p) => p.field));
  const problems = model
    .problems(before.type, full, before.values)
    .filter((p) => Object.hasOwn(values, p.field) || !known.has(p.field));
  return { ok: true, before, after: { ...before, version: before.version + 1, values: full }, problems };
}
