/** Who would be given a step's work for a record, at an instant, and why: without changing anything. */
import { runsOfRecord } from "@/db/queries/runs.ts";
import type { Store } from "@/db/store.ts";
import { drawnTurn } from "@/server/commands/drawn-turn.ts";
import type { Contexts } from "@/server/commands/workspace-context.ts";
import type { Pick } from "@/server/engine/events.ts";
import type { Process } from "@/server/engine/process.ts";
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
  const begun = (await runsOfRecord(store, workspaceId, record.id)).find(
    (run) => run.process === document.key && run.endedAt === null,
  );
  const turn = await drawnTurn({ store, contexts }, workspaceId, process, record, {
    at,
    now,
    run: begun?.state ?? null,
  });
  return pickAssignee(turn, role, (node && process.nodes.get(node)) || null);
}
