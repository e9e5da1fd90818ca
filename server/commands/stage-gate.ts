/** Whether the runs of a record let its stage be changed by hand, and if not, which one and why. */
import { runsAtWork } from "@/db/queries/world.ts";
import type { WriteSet } from "@/db/store.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { EngineRecord, Run } from "@/server/engine/model.ts";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import { newTurn, type Turn } from "@/server/engine/turn.ts";
import { unmetText } from "@/server/engine/work/gate.ts";
import { type StageHeld, stageHeld } from "@/server/engine/work/stage-move.ts";
import type { Ask, Deps } from "./deps.ts";
import { loadWorld } from "./load-world.ts";
import { versionKey } from "./version-of.ts";
import { overlay } from "./overlay.ts";
import { warmRuns } from "./warm-runs.ts";

export type HeldBy = { run: Run; process: CompiledProcess; turn: Turn; held: StageHeld };

/**
 * `held`: the first run, the oldest first, that does not let the record become `after`; null when its stage stays or may be changed.
 * `guards`: what was looked at for that, as it stood; whoever writes the record holds the runs to it.
 */
export async function stageGate(
  { store, contexts }: Pick<Deps, "store" | "contexts">,
  { workspaceId, actor, now }: Ask,
  before: EngineRecord,
  after: EngineRecord,
): Promise<{ held: HeldBy | null; guards: WriteSet["guards"] }> {
  const { model } = await contexts.get(workspaceId, now);
  const field = model.stageField(before.type);
  const [from, to] = field ? [before.values[field], after.values[field]] : [];
  if (!field || typeof to !== "string" || from === to) return { held: null, guards: [] };
  const runs = await runsAtWork(store, { workspaceId, record: before.id });
  if (runs.length === 0) return { held: null, guards: [] };
  // Nothing is decided: the commands only name the runs whose world is wanted.
  const commands = runs.map(({ id }) => ({
    type: "reviewStops" as const,
    id,
    workspaceId,
    at: now,
    actor,
    runId: id,
  }));
  const loaded = await loadWorld(store, contexts, workspaceId, commands, now, warmRuns(false));
  const guards: WriteSet["guards"] = [];
  for (const { id } of runs) {
    const run = loaded.runs.get(id);
    const process = run && loaded.processes.get(versionKey(run.process, run.version));
    if (!run || !process) continue;
    guards.push({ table: "run", id, was: run.rev });
    const records = overlay(loaded.records);
    records.set(after.id, after);
    const turn = newTurn(process, run, loaded.worldFor(process, records), { id: "stage", actor, at: now });
    const held = stageHeld(turn, {
      field,
      from: typeof from === "string" ? from : "",
      to,
      member: actor.kind === "member" ? actor.id : null,
    });
    if (held) return { held: { run, process, turn, held }, guards };
  }
  return { held: null, guards };
}

/** What a person reads who may not change the stage. `unmet`: what is missing, part by part. */
export function stageRefusal({ run, turn, held }: HeldBy): Refusal {
  const step = held.node.node.name || held.node.id;
  const about = { stage: { run: run.id, node: held.node.id, how: held.how } } as { stage: Plain };
  switch (held.how) {
    case "who":
      return refuse("NOT_ALLOWED", `Only ${held.roles} may move it on from “${step}”. Nothing was saved.`, about);
    case "skip":
      return refuse("NOT_ALLOWED", `“${step}” may not be passed over. Finish it first; nothing was saved.`, about);
    case "back":
      return refuse("NOT_ALLOWED", `“${step}” is passed, and nobody goes back to before it. Nothing was saved.`, about);
    case "missing":
      return refuse(
        "MISSING_FIELDS",
        `“${step}” asks for more first; nothing was saved. ${unmetText(turn, held.unmet[0]!)}`,
        {
          ...about,
          fields: held.unmet.map((one) => ({
            field: one.fields[0] ?? one.item ?? one.record ?? "",
            text: unmetText(turn, one),
          })),
        },
      );
    default:
      return held satisfies never;
  }
}
