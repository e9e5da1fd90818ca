/** The process that a log becomes the history of: one that is there, or one discovered from it. */
import { and, eq } from "drizzle-orm";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import type { LogReading } from "@/server/interop/log.ts";
import { discoverGraph } from "@/server/mining/discover-graph.ts";
import { discoveredProcess, slug, withUnfinished } from "@/server/mining/discovered-process.ts";
import type { Visit } from "@/server/mining/visits.ts";
import { createProcess } from "./create-process.ts";
import type { Ask, Deps } from "./deps.ts";
import { publishProcess } from "./publish-process.ts";

/** `before`: where the import was when it was cut off. */
type Named = {
  fileName: string;
  reading: LogReading;
  process?: string | undefined;
  importId: string;
  before: { process: string; version: number } | null;
};

type Target = {
  ok: true;
  processId: string;
  version: number;
  compiled: CompiledProcess;
  /** By this import, of the log. */
  made: boolean;
  nodeOf: (activity: string) => string;
  endsCase: (activity: string) => boolean;
};

/** The process the history belongs to: one that is there and has a step for every activity, or one made of the log. */
export async function historyTarget(
  deps: Deps,
  ask: Ask,
  input: Named,
  recordType: string,
  visits: readonly Visit[],
): Promise<Target | Refusal> {
  const { log } = input.reading;
  const completed = discoverGraph(log);
  const graph = withUnfinished(completed, visits);
  const ends = new Set(completed.ends.map((e) => e.name));
  const endsCase = (activity: string) => ends.has(activity);
  const context = await deps.contexts.get(ask.workspaceId, ask.now);
  // The process it made before it was cut off has its name from the import.
  const own = `prc_${input.importId.replace(/^imp_/, "")}`;
  const ownKey = await keyOf(deps, ask.workspaceId, own);
  const live = input.process && !ownKey ? await versionOf(deps, ask, input.process, input.before) : undefined;
  if (live) {
    const nodes = new Map(
      live.compiled.document.nodes.flatMap((n) => [
        [n.name.toLowerCase(), n.id] as const,
        [n.id.toLowerCase(), n.id] as const,
      ]),
    );
    const unknown = graph.activities.filter((a) => !nodes.has(a.name.toLowerCase()) && !nodes.has(slug(a.name)));
    if (unknown.length)
      return refuse(
        "INVALID",
        `The process ${live.key} has no step named ${unknown
          .slice(0, 3)
          .map((a) => `“${a.name}”`)
          .join(
            ", ",
          )}${unknown.length > 3 ? ` and ${unknown.length - 3} more` : ""}. Nothing was imported; name another process, or leave it out to make one of the log.`,
      );
    const nodeOf = (activity: string) => nodes.get(activity.toLowerCase()) ?? nodes.get(slug(activity))!;
    const { id: processId, version, compiled } = live;
    return { ok: true, processId, version, compiled, made: false, nodeOf, endsCase };
  }
  const name = input.fileName.replace(/^.*[\\/]/, "").replace(/\.(gz|csv|xes|xml|txt)\b/gi, "");
  let key = ownKey ?? input.process ?? slug(name);
  if (!/^[a-z][a-z0-9_]{0,63}$/i.test(key))
    return refuse(
      "INVALID",
      `“${key}” cannot be the key of a process: letters, digits and _ only. Nothing was imported.`,
    );
  if (!ownKey && input.process && context.owners.has(key))
    return refuse(
      "CONFLICT",
      `The process ${key} has no published version yet. Publish it, or choose another key. Nothing was imported.`,
    );
  for (let n = 2; !ownKey && context.owners.has(key); n++) key = `${slug(name)}_${n}`;
  const discovered = discoveredProcess(graph, {
    key,
    name: name || key,
    summary: `Discovered from ${log.cases.size || new Set(log.events.map((e) => e.caseId)).size} cases of an event log.`,
    recordType,
    valueAtRisk: context.model.hasField(recordType, "amount_base") ? `${recordType}.amount_base` : undefined,
  });
  const memberId = ask.actor.kind === "member" ? ask.actor.id : null;
  if (!ownKey) {
    const created = await createProcess(
      deps,
      { ...ask, commandId: own.replace("prc_", "cmd_") },
      memberId,
      discovered.document,
    );
    if (!created.ok) return created;
  }
  // The first version is the import's own, whatever was drawn since.
  const first = 1;
  let compiled = ownKey ? await deps.contexts.version(ask.workspaceId, key, first) : undefined;
  if (!compiled) {
    const published = await publishProcess(deps, ask, {
      processId: own,
      document: discovered.document,
      note: `Discovered from ${input.fileName.replace(/^.*[\\/]/, "")}`,
      baseVersion: null,
      memberId,
      changes: discovered.document.nodes.length,
    });
    if (!published.ok) return published;
    compiled = await deps.contexts.version(ask.workspaceId, key, first);
  }
  if (!compiled) throw new Error(`the version of ${key} that was just published is gone`);
  return {
    ok: true,
    processId: own,
    version: first,
    compiled,
    made: true,
    nodeOf: (activity) => discovered.nodeOf.get(activity)!,
    endsCase,
  };
}

async function keyOf({ store: { read, t } }: Deps, workspaceId: string, processId: string): Promise<string | null> {
  const [process] = await read
    .select({ key: t.process.key })
    .from(t.process)
    .where(and(eq(t.process.workspaceId, workspaceId), eq(t.process.id, processId)));
  return process?.key ?? null;
}

/** The process that is there: as it is live, or in the version in which the import began. */
async function versionOf(deps: Deps, ask: Ask, key: string, before: { version: number } | null) {
  const live = (await deps.contexts.get(ask.workspaceId, ask.now)).live.get(key);
  if (!live || !before || before.version === live.version) return live;
  const compiled = await deps.contexts.version(ask.workspaceId, key, before.version);
  return compiled ? { ...live, version: before.version, compiled } : undefined;
}
