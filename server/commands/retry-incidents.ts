import { eventsOf, findRun } from "@/db/queries/runs.ts";
import type { Store } from "@/db/store.ts";
import type { CommandOf } from "@/server/engine/commands.ts";
import { pairsOf, proposeMap } from "@/server/engine/migrate/propose.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import type { Answer } from "./command-loop.ts";
import type { Ask, Deps } from "./deps.ts";
import type { WorkspaceContext } from "./workspace-context.ts";

/** How it is to go on; with the same action unless said otherwise. */
export type RetryHow = Pick<CommandOf<"retryIncident">, "how" | "reason" | "values"> & {
  /** On the version that is live, to which the run is moved first; else on its own. */
  live?: boolean;
};

export type Retried = {
  runId: string;
  incident: string;
  /** `moved`: it went on; `stuck`: it stands before an incident again; `refused`: it was not tried. */
  result: "moved" | "stuck" | "refused";
  /** Why it is stuck again, or was refused. */
  text: string | null;
  /** Where the run stands now, by the ids of its steps; empty when it has ended. */
  at: string[];
};

/**
 * Lets stuck tokens try again, all in one group of the command loop, and tells for each what came of it. Of two who retry the same
 * one, the second is told who was faster.
 */
export async function retryIncidents(
  { store, loop, newId, contexts }: Deps,
  ask: Ask,
  incidents: readonly { runId: string; incident: string }[],
  { live = false, ...how }: RetryHow = {},
): Promise<{ retried: Retried[] }> {
  const moved = new Map<string, Refusal | null>();
  if (live)
    for (const { runId } of incidents) moved.set(runId, await moveToLive({ store, loop, newId, contexts }, ask, runId));
  const answers = await Promise.all(
    incidents.map(({ runId, incident }): Promise<Answer> => {
      const stays = moved.get(runId);
      if (stays) return Promise.resolve(stays);
      return loop.submit({
        id: newId("cmd"),
        workspaceId: ask.workspaceId,
        runId,
        at: ask.now,
        actor: ask.actor,
        type: "retryIncident",
        incident,
        ...how,
      });
    }),
  );
  const retried = await Promise.all(
    incidents.map(async ({ runId, incident }, i): Promise<Retried> => {
      const answer = answers[i]!;
      if (!answer.ok) {
        const context = await contexts.get(ask.workspaceId, ask.now);
        const { text } = await nameWinner(store, context, { runId, incident }, answer);
        return { runId, incident, result: "refused", text, at: [] };
      }
      const run = await findRun(store, ask.workspaceId, runId);
      const at = Object.values(run?.tokens ?? {}).map((token) => token.node);
      const again = Object.values(run?.incidents ?? {}).at(-1);
      return again
        ? { runId, incident, result: "stuck", text: again.text, at }
        : { runId, incident, result: "moved", text: null, at };
    }),
  );
  return { retried };
}

/**
 * Moves a run to the live version by the map that is proposed for the two; null when it is there. A refusal says why it stays: then
 * nothing of it was changed, and it can be moved by a map of one's own.
 */
async function moveToLive(
  { store, loop, newId, contexts }: Deps,
  { workspaceId, actor, now }: Ask,
  runId: string,
): Promise<Refusal | null> {
  const run = await findRun(store, workspaceId, runId);
  const live = run && (await contexts.get(workspaceId, now)).live.get(run.process);
  if (!run || !live) return refuse("NOT_FOUND", "This process has no live version, so nothing was tried.");
  if (live.version === run.version) return null;
  const source = await contexts.version(workspaceId, run.process, run.version);
  if (!source) return refuse("NOT_FOUND", "The version of this run is gone.");
  const answer = await loop.submit({
    id: newId("cmd"),
    workspaceId,
    runId,
    at: now,
    actor,
    type: "migrateRun",
    to: { process: run.process, version: live.version },
    plan: { nodes: pairsOf(proposeMap(source, live.compiled)) },
    reason: "to go on after an incident",
  });
  return answer.ok ? null : answer;
}

/** Who resolved it before, where that is why this one was refused. */
async function nameWinner(
  store: Store,
  { id: workspaceId, directory }: WorkspaceContext,
  { runId, incident }: { runId: string; incident: string },
  refusal: Refusal,
): Promise<Refusal> {
  const events = await eventsOf(store, workspaceId, "run", [runId]);
  const before = events.findLast((event) => event.type === "IncidentResolved" && event.data.id === incident);
  const by = before?.actor.kind === "member" ? directory.people.get(before.actor.id)?.name : undefined;
  return by
    ? {
        ...refusal,
        text: `${by} has dealt with this already. Nothing of yours was done.`,
        details: { by, at: before!.at },
      }
    : refusal;
}
