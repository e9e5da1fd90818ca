import type { Store } from "@/db/store.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import { worldApart } from "@/server/engine/explain/looking.ts";
import type { Run } from "@/server/engine/model.ts";
import { rebind } from "@/server/engine/records.ts";
import { copyRun, newRun } from "@/server/engine/run-shape.ts";
import { type Turn, newTurn } from "@/server/engine/turn.ts";
import { loadWorld } from "./load-world.ts";
import { warmRuns } from "./warm-runs.ts";
import type { Contexts } from "./workspace-context.ts";

/**
 * A turn of a drawing on a record, to look at what it would do: its whole world is there, and nothing of it is stored. The drawing
 * is of version 0, which no published one is, and stands in the place of its process. `run`: one that is under way, else a new one
 * that stands nowhere yet. `at`: when it would be; `now`: when it is asked.
 */
export async function drawnTurn(
  { store, contexts }: { store: Store; contexts: Contexts },
  workspaceId: string,
  process: CompiledProcess,
  record: { type: string; id: string },
  { at, now, run = null }: { at: number; now: number; run?: Run | null },
): Promise<Turn> {
  const { document } = process;
  const runId = "run_tried";
  const actor = { kind: "system" } as const;
  const trigger = { event: "manual", at: now };
  const start = { process: document.key, version: 0, recordType: record.type, recordId: record.id, trigger };
  const loaded = await loadWorld(
    store,
    contexts,
    workspaceId,
    [{ id: "try", workspaceId, runId, at: now, actor, type: "startRun", ...start }],
    now,
    warmRuns(false),
    process,
  );
  const world = worldApart(loaded.worldFor(process, loaded.records));
  const variables = Object.fromEntries(Object.entries(document.variables).map(([key, v]) => [key, v.default ?? null]));
  const own = run ? copyRun(run) : newRun(runId, { ...start, workspaceId, variables, related: {}, parent: null }, now);
  const turn = newTurn(process, own, world, { id: "try", actor, at });
  if (!run) rebind(turn);
  return turn;
}
