import type { StoredEvent } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Deps } from "./deps.ts";
import { versionKey } from "./version-of.ts";

/** The versions a run has been under by its log, by `process@version`: the first and each that it was moved to. */
export async function versionsIn(
  { contexts }: Pick<Deps, "contexts">,
  workspaceId: string,
  events: readonly StoredEvent[],
): Promise<Map<string, CompiledProcess>> {
  const refs = events.flatMap((event) =>
    event.type === "RunStarted" ? event.data : event.type === "RunMigrated" ? event.data.to : [],
  );
  const versions = new Map<string, CompiledProcess>();
  for (const { process, version } of refs) {
    const compiled = await contexts.version(workspaceId, process, version);
    if (compiled) versions.set(versionKey(process, version), compiled);
  }
  return versions;
}
