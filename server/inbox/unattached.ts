import type { Deps } from "@/server/commands/deps.ts";
import { loadWorld } from "@/server/commands/load-world.ts";
import { warmRuns } from "@/server/commands/warm-runs.ts";
import { type NotAttached, whyNotAttached } from "@/server/engine/clocks/explain-clocks.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Run } from "@/server/engine/model.ts";
import { quietTurn } from "@/server/engine/quiet-turn.ts";

export type Unattached = NotAttached & { name: string };

/** Promises of a run that have no clock now, each with what keeps it; none of a run that is over. */
export async function unattached(
  { store, contexts }: Pick<Deps, "store" | "contexts">,
  process: CompiledProcess,
  run: Run,
  now: number,
): Promise<Unattached[]> {
  if (run.endedAt !== null || process.slas.size === 0) return [];
  const look = { id: "look", runId: run.id, at: now, workspaceId: run.workspaceId } as const;
  const loaded = await loadWorld(
    store,
    contexts,
    run.workspaceId,
    [{ ...look, actor: { kind: "system" }, type: "fireTimer", timer: "" }],
    now,
    warmRuns(false),
  );
  return whyNotAttached(quietTurn(process, run, loaded.worldFor(process, loaded.records), now)).map((one) => ({
    ...one,
    name: process.document.slas[one.sla]?.name ?? one.sla,
  }));
}
