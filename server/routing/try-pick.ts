/** Who would be given a step's work for a record, at an instant, and why: without changing anything. */
import { runsOfRecord } from "@/db/queries/runs.ts";
import type { Store } from "@/db/store.ts";
import { loadWorld } from "@/server/commands/load-world.ts";
import { warmRuns } from "@/server/commands/warm-runs.ts";
import type { Contexts } from "@/server/commands/workspace-context.ts";
import type { Pick } from "@/server/engine/events.ts";
import type { Process } from "@/server/engine/process.ts";
import { worldApart } from "@/server/engine/explain/looking.ts";
import { rebind } from "@/server/engine/records.ts";
import { copyRun, newRun } from "@/server/engine/run-shape.ts";
import { newTurn } from "@/server/engine/turn.ts";
import { pickAssignee } from "@/server/engine/work/assign.ts";
import { compileVersion } from "@/server/steps/index.ts";

export type Tried = {
  workspaceId: string;
  document: Process;
  role: string;
  /** The step it is for: what it asks for, and whether it is an approval. */
  node: string | null;
  record: { type: string; id: string };
  /** When it would be; `now` is when it is asked. */
  at: number;
  now: number;
};

export async function tryPick(
  { store, contexts }: { store: Store; contexts: Contexts },
  { workspaceId, document, role, node, record, at, now }: Tried,
): Promise<Pick> {
  // Version 0 is no published one: this drawing stands in its place.
  const process = compileVersion(document, 0);
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
  const begun = (await runsOfRecord(store, workspaceId, record.id)).find(
    (run) => run.process === document.key && run.endedAt === null,
  );
  const answers = Object.fromEntries(Object.entries(document.variables).map(([key, v]) => [key, v.default ?? null]));
  const run = begun
    ? copyRun(begun.state)
    : newRun(runId, { ...start, workspaceId, variables: answers, related: {}, parent: null }, now);
  const turn = newTurn(process, run, world, { id: "try", actor, at });
  if (!begun) rebind(turn);
  return pickAssignee(turn, role, (node && process.nodes.get(node)) || null);
}
