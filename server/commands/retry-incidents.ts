import { eventsOf, findRun } from "@/db/queries/runs.ts";
import type { Store } from "@/db/store.ts";
import type { CommandOf } from "@/server/engine/commands.ts";
import type { Refusal } from "@/server/engine/model.ts";
import type { Ask, Deps } from "./deps.ts";
import type { WorkspaceContext } from "./workspace-context.ts";

/** How it is to go on; with the same action unless said otherwise. */
export type RetryHow = Pick<CommandOf<"retryIncident">, "how" | "reason" | "values">;

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
  how: RetryHow = {},
): Promise<{ retried: Retried[] }> {
  const answers = await Promise.all(
    incidents.map(({ runId, incident }) =>
      loop.submit({
        id: newId("cmd"),
        workspaceId: ask.workspaceId,
        runId,
        at: ask.now,
        actor: ask.actor,
        type: "retryIncident",
        incident,
        ...how,
      }),
    ),
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

/** Who resolved it before, where that is why this one was refused. */
async function nameWinner(
  store: Store,
  { id: workspaceId, directory }: WorkspaceContext,
  { runId, incident }: { runId: string; incident: string },
  refusal: Refusal,
): Promise<Refusal> {
  if (refusal.details?.incident !== incident) return refusal;
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
