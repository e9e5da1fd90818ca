/** What keeps a stage from being changed by hand, in a form that is read and filled in on the spot. */
import type { Ask, Deps } from "@/server/commands/deps.ts";
import { whatWouldBe } from "@/server/commands/change-record.ts";
import { recordAt } from "@/server/commands/load-world.ts";
import { stageGate, stageRefusal } from "@/server/commands/stage-gate.ts";
import type { Row } from "@/db/store.ts";
import type { Values } from "@/server/engine/model.ts";
import type { RecordLabels } from "@/server/records/rules.ts";
import { type MissingPart, missingField, missingParts } from "./missing-view.ts";

/** `refusal`: what cannot be filled in. `task`: where the step that asks is finished. */
export type StageView = {
  refusal: string | null;
  step: string | null;
  process: string | null;
  task: string | null;
  parts: MissingPart[];
};

export async function stageView(
  deps: Pick<Deps, "store" | "contexts">,
  ask: Ask,
  row: Row<"record">,
  values: Values,
  labels: RecordLabels,
): Promise<StageView> {
  const nothing: StageView = { refusal: null, step: null, process: null, task: null, parts: [] };
  const would = await whatWouldBe(deps, ask, row, values);
  if (!would.ok) return { ...nothing, refusal: would.text };
  const { model } = await deps.contexts.get(ask.workspaceId, ask.now);
  const { before, after, problems } = would;
  // What is empty is filled in here; what is wrong otherwise is told.
  const wrong = problems.find(({ field }) => after.values[field] !== null && after.values[field] !== undefined);
  if (wrong) return { ...nothing, refusal: wrong.text };
  const own = problems.map(({ field }): MissingPart => {
    const path = `${before.type}.${field}`;
    return {
      kind: "field",
      words: null,
      text: "",
      wants: null,
      record: null,
      atLeast: null,
      fields: [missingField(path, before, before.type, labels, { model })],
    };
  });
  const { held: found } = await stageGate(deps, ask, before, after);
  if (!found) return { ...nothing, parts: own };
  const { held, run, process, turn } = found;
  const { node } = held.node;
  const work = Object.values(run.work).find((one) => one.node === held.node.id);
  const by = {
    step: node.name || node.id,
    process: process.document.name,
    task: work ? `${run.id}.${work.id}` : null,
  };
  if (held.how !== "missing") return { ...by, refusal: stageRefusal(found).text, parts: own };
  // Fields as they stand, not as they would be: what is filled in is saved on top of them.
  const records = new Map([...turn.world.records.values()].map((one) => [one.id, model.onDay(one, ask.now)]));
  records.set(before.id, recordAt(model, row, ask.now));
  const asked = missingParts(process, run, { model, records }, labels, held.unmet);
  const known = new Set(own.flatMap(({ fields }) => fields.map(({ path }) => path)));
  return {
    ...by,
    refusal: null,
    parts: [...own, ...asked.filter((one) => one.kind !== "field" || !known.has(one.fields[0]?.path ?? ""))],
  };
}
