/** Who else looks at the records of a group of commands: runs at work on them, runs that ended, and who had them last. */
import { lastEndsOfRecords, openRunsOfRecords, watchersOfRecords } from "@/db/queries/world.ts";
import type { Store } from "@/db/store.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { EngineRecord, Run } from "@/server/engine/model.ts";
import type { World } from "@/server/engine/world.ts";
import { holdersOfRecords, recordsOfAccounts } from "@/db/queries/picks.ts";
import type { WorkspaceContext } from "./workspace-context.ts";
import { versionKey, targetOf } from "./version-of.ts";

export type Subject = {
  process: CompiledProcess;
  recordType: string;
  recordId: string;
  related: Record<string, string | null>;
};

export async function loadWatchers(store: Store, workspaceId: string, ids: string[]): Promise<Map<string, string[]>> {
  const watchers = new Map<string, string[]>();
  if (ids.length === 0) return watchers;
  const rows = await watchersOfRecords(store, { workspaceId, records: ids });
  for (const { recordId, first, last } of rows)
    watchers.set(
      recordId,
      [first, last].filter((id) => id !== null),
    );
  return watchers;
}

/** Who last had these records, or anything of their accounts: asked only where a queue wants to know. */
export async function loadHolders(
  store: Store,
  { id: workspaceId, directory }: WorkspaceContext,
  subjects: Subject[],
  records: Map<string, EngineRecord>,
): Promise<World["heldBefore"]> {
  const wanted = (process: CompiledProcess) =>
    Object.entries(process.document.queues).map(([key, queue]) => directory.settings(key).sticky ?? queue.sticky);
  const asked = subjects.map(({ process, recordId }) => ({ recordId, within: new Set(wanted(process)) }));
  const account = (recordId: string) => {
    const record = records.get(recordId);
    const named = record?.values.account_id;
    return record?.type === "account" ? recordId : typeof named === "string" ? named : null;
  };
  const accounts = asked.flatMap(({ recordId, within }) => (within.has("account") && account(recordId)) || []);
  const alone = asked.flatMap(({ recordId, within }) => (within.has("record") ? recordId : []));
  if (accounts.length + alone.length === 0) return () => null;
  const belongs = new Map(accounts.map((id) => [id, id]));
  if (accounts.length)
    for (const row of await recordsOfAccounts(store, { workspaceId, accounts })) belongs.set(row.id, row.account);
  const last = new Map<string, string>();
  const ids = [...new Set([...alone, ...belongs.keys()])];
  for (const { recordId, role, member } of await holdersOfRecords(store, { workspaceId, records: ids })) {
    last.set(`record/${recordId}/${role}`, member);
    const of = belongs.get(recordId);
    if (of) last.set(`account/${of}/${role}`, member);
  }
  return (recordId, role, within) =>
    last.get(`${within}/${within === "account" ? account(recordId) : recordId}/${role}`) ?? null;
}

export async function loadActive(
  store: Store,
  workspaceId: string,
  commands: readonly RunCommand[],
  runs: ReadonlyMap<string, Run>,
): Promise<Set<string>> {
  const goingIn = (c: RunCommand) => {
    const run = runs.get(c.runId);
    return run && targetOf(c) && targetOf(c)?.process !== run.process ? [run.recordId] : [];
  };
  const ids = [...new Set(commands.flatMap((c) => (c.type === "startRun" ? [c.recordId] : goingIn(c))))];
  if (ids.length === 0) return new Set();
  const rows = await openRunsOfRecords(store, { workspaceId, records: ids });
  return new Set(rows.map((r) => `${r.process}/${r.recordId}`));
}

export async function loadEnded(
  store: Store,
  workspaceId: string,
  commands: readonly RunCommand[],
  processes: Map<string, CompiledProcess>,
): Promise<Map<string, number>> {
  const limited = (process: string, version: number) => {
    const { reentry = "always" } = processes.get(versionKey(process, version))?.document ?? {};
    return reentry !== "always";
  };
  const ids = new Set(
    commands.flatMap((c) => (c.type === "startRun" && limited(c.process, c.version) ? [c.recordId] : [])),
  );
  const ended = new Map<string, number>();
  if (ids.size === 0) return ended;
  for (const { process, recordId, endedAt } of await lastEndsOfRecords(store, { workspaceId, records: [...ids] })) {
    const key = `${process}/${recordId}`;
    if (endedAt !== null) ended.set(key, Math.max(ended.get(key) ?? 0, endedAt));
  }
  return ended;
}
