/** The log of a run with that of its records, and the world a decision about it could look at: what explanations are made of. */
import { findRecord } from "@/db/queries/records.ts";
import { eventsOf, findRun } from "@/db/queries/runs.ts";
import type { Deps } from "@/server/commands/deps.ts";
import { versionsIn } from "@/server/commands/versions-in.ts";
import { loadWorld } from "@/server/commands/load-world.ts";
import { warmRuns } from "@/server/commands/warm-runs.ts";
import type { StoredEvent } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Run } from "@/server/engine/model.ts";
import type { World } from "@/server/engine/world.ts";
import type { Row } from "@/db/store.ts";

/** The most events of one run and its records that are read at once. */
const mostEvents = 60_000;

export type RunStory = {
  run: Run;
  process: CompiledProcess;
  record: Row<"record">;
  /** As they were written. */
  events: StoredEvent[];
  /** The versions it has been under, by `process@version`. */
  versions: ReadonlyMap<string, CompiledProcess>;
  world: World;
};

/** Null: there is no such run, or its version is gone. */
export async function runStory(
  { store, contexts }: Pick<Deps, "store" | "contexts">,
  workspaceId: string,
  runId: string,
  now: number,
): Promise<RunStory | null> {
  const run = await findRun(store, workspaceId, runId);
  const process = run && (await contexts.version(workspaceId, run.process, run.version));
  const record = run && (await findRecord(store, workspaceId, run.recordId));
  if (!run || !process || !record) return null;
  const look = { id: "look", runId, at: now, workspaceId } as const;
  const loaded = await loadWorld(
    store,
    contexts,
    workspaceId,
    [{ ...look, actor: { kind: "system" }, type: "fireTimer", timer: "" }],
    now,
    warmRuns(false),
  );
  const own = await eventsOf(store, workspaceId, "run", [runId], mostEvents);
  const ids = new Set([run.recordId]);
  // Also records that it was about before: what is related may have changed.
  for (const id of Object.values(run.related)) if (id) ids.add(id);
  for (const e of own) if (e.type === "RelatedBound" && e.data.id) ids.add(e.data.id);
  const others = await eventsOf(store, workspaceId, "record", [...ids], mostEvents);
  return {
    run,
    process,
    record,
    events: [...own, ...others].sort((a, b) => a.seq - b.seq),
    versions: await versionsIn({ contexts }, workspaceId, own),
    world: loaded.worldFor(process, loaded.records),
  };
}
