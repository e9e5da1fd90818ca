/** What a migration would do, run by run: the very command is decided in memory and forgotten. */
import { type RunFilter, runIds, searchRuns } from "@/db/queries/run-search.ts";
import { runStates } from "@/db/queries/world.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { MigrationPlan, VersionRef } from "@/server/engine/migrate/map.ts";
import { whatBecomes, type Fate } from "@/server/engine/migrate/told.ts";
import type { Ask, Deps } from "./deps.ts";
import { tryCommands } from "./try-commands.ts";

export type MigrationAsked = {
  from: VersionRef;
  to: VersionRef;
  plan: MigrationPlan;
  /** Begin after this run; pages are in the order of their ids. */
  after: string;
  limit: number;
  /** Only these runs. */
  only?: readonly string[] | undefined;
};
export type PreviewedRun = {
  id: string;
  recordId: string;
  recordType: string;
  title: string | null;
  /** Names of the steps it stands in. */
  stands: string[];
  verdict: "ok" | "refused";
  /** One sentence for each rule that refuses it. */
  reasons: { code: string; text: string }[];
  clocks: { name: string; fate: Fate; dueBefore: number | null; dueAfter: number | null }[];
  timers: { name: string; fate: Fate; due: number }[];
  /** What the other version waits for has happened already. */
  goesOn: boolean;
};

/** Runs of a version that have not ended. */
export const openRunsOf = ({ process, version }: VersionRef): RunFilter => ({
  process,
  version,
  status: ["active", "suspended"],
});

export async function previewMigration(
  deps: Pick<Deps, "store" | "contexts">,
  ask: Ask,
  { source, target }: { source: CompiledProcess; target: CompiledProcess },
  { from, to, plan, after, limit, only }: MigrationAsked,
): Promise<{ runs: PreviewedRun[]; next: string | null }> {
  const { workspaceId, now } = ask;
  const which = { ...openRunsOf(from), ...(only && { runs: only }) };
  const ids = await runIds(deps.store, workspaceId, which, now, { after, limit });
  const found = await searchRuns(deps.store, workspaceId, { runs: ids }, now, { sort: "started", after: null, limit });
  const states = ids.length ? await runStates(deps.store, { workspaceId, runs: ids }) : [];
  const standing = new Map(states.map(({ state }) => [state.id, Object.values(state.tokens).map(({ node }) => node)]));
  const tried = await tryCommands(
    deps,
    workspaceId,
    ids.map((runId) => ({
      id: runId,
      workspaceId,
      runId,
      at: now,
      actor: ask.actor,
      type: "migrateRun",
      to,
      plan,
      reason: "-",
    })),
    now,
  );
  const nameOf = (node: string) => source.nodes.get(node)?.node.name || node;
  const slaName = (key: string) => target.slas.get(key)?.sla.name ?? source.slas.get(key)?.sla.name ?? key;
  const rows = found.map((run): PreviewedRun => {
    const answer = tried.get(run.id);
    const told = answer?.ok ? whatBecomes(answer.before, answer.run, answer.events) : null;
    return {
      id: run.id,
      recordId: run.recordId,
      recordType: run.recordType,
      title: run.title,
      stands: [...new Set(standing.get(run.id))].map(nameOf),
      verdict: answer?.ok ? "ok" : "refused",
      reasons: answer && !answer.ok ? reasonsOf(answer) : [],
      clocks: (told?.clocks ?? []).map(({ sla, fate, dueBefore, dueAfter }) => ({
        name: slaName(sla),
        fate,
        dueBefore,
        dueAfter,
      })),
      timers: (told?.timers ?? []).map(({ name, fate, due }) => ({ name, fate, due })),
      goesOn: told?.goesOn ?? false,
    };
  });
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { runs: rows, next: ids.length === limit ? (ids.at(-1) ?? null) : null };
}

function reasonsOf({ code, text, details }: { code: string; text: string; details?: object }) {
  const { reasons } = (details ?? {}) as { reasons?: { code: string; text: string }[] };
  return (reasons ?? [{ code, text }]).map((one) => ({ code: one.code, text: one.text }));
}

/** The most runs whose places are counted one by one. */
const mostCounted = 10_000;

/** How many open runs of a version stand at each step, before its gate included; of very many, those of the first. */
export async function runsStanding(
  { store }: Pick<Deps, "store">,
  { workspaceId, now }: Ask,
  version: VersionRef,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let after = "", counted = 0; counted < mostCounted; ) {
    const ids = await runIds(store, workspaceId, openRunsOf(version), now, { after, limit: 500 });
    if (ids.length === 0) break;
    for (const { state } of await runStates(store, { workspaceId, runs: ids }))
      for (const node of new Set(Object.values(state.tokens).map((token) => token.node)))
        counts.set(node, (counts.get(node) ?? 0) + 1);
    counted += ids.length;
    after = ids.at(-1)!;
  }
  return counts;
}
