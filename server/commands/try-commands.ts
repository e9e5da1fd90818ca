/** What commands would lead to: decided in memory, one after the other, and forgotten. */
import type { RunCommand } from "@/server/engine/commands.ts";
import { decide } from "@/server/engine/decide.ts";
import type { Event } from "@/server/engine/events.ts";
import type { Refusal, Run } from "@/server/engine/model.ts";
import { refuse } from "@/server/engine/model.ts";
import type { Store } from "@/db/store.ts";
import { loadWorld } from "./load-world.ts";
import { versionKey } from "./version-of.ts";
import { overlay } from "./overlay.ts";
import { warmRuns } from "./warm-runs.ts";
import type { Contexts } from "./workspace-context.ts";

/** `before`: the run as it stood; `events`: what would stand in its log. */
export type Tried = { ok: true; before: Run; run: Run; events: Event[] } | Refusal;

/** By command id. Commands of one run build on each other; commands of different runs do not see what the others did. */
export async function tryCommands(
  { store, contexts }: { store: Store; contexts: Contexts },
  workspaceId: string,
  commands: readonly RunCommand[],
  now: number,
): Promise<Map<string, Tried>> {
  const tried = new Map<string, Tried>();
  if (commands.length === 0) return tried;
  const loaded = await loadWorld(store, contexts, workspaceId, [...commands], now, warmRuns(false));
  for (const command of commands) {
    const before = loaded.runs.get(command.runId);
    const process = before && loaded.processes.get(versionKey(before.process, before.version));
    if (!before || !process) {
      tried.set(command.id, refuse("NOT_FOUND", "This run does not exist."));
      continue;
    }
    const decided = decide(process, before, command, loaded.worldFor(process, overlay(loaded.records)));
    tried.set(command.id, decided.ok ? { ...decided, before } : decided);
    if (decided.ok) loaded.runs.set(command.runId, decided.run);
  }
  return tried;
}
