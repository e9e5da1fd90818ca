import { eventsOf, findRun } from "@/db/queries/runs.ts";
import type { Ask, Deps } from "./deps.ts";

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

/** Lets stuck tokens try again, all in one group of the command loop, and tells for each what came of it. */
export async function retryIncidents(
  { store, contexts, loop, newId }: Deps,
  ask: Ask,
  incidents: readonly { runId: string; incident: string }[],
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
      }),
    ),
  );
  const retried = await Promise.all(
    incidents.map(async ({ runId, incident }, i): Promise<Retried> => {
      const answer = answers[i]!;
      if (!answer.ok) {
        const text = (await namedWinner({ store, contexts }, ask, runId, incident)) ?? answer.text;
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

/** Who was faster; null where the incident was not resolved by a person. */
async function namedWinner(
  { store, contexts }: Pick<Deps, "store" | "contexts">,
  { workspaceId, now }: Ask,
  runId: string,
  incident: string,
): Promise<string | null> {
  const events = await eventsOf(store, workspaceId, "run", [runId]);
  const resolved = events.findLast(
    ({ type, data }) => type === "IncidentResolved" && "id" in data && data.id === incident,
  );
  if (resolved?.actor.kind !== "member") return null;
  const { directory } = await contexts.get(workspaceId, now);
  const name = directory.people.get(resolved.actor.id)?.name;
  return name ? `${name} has retried this incident already. Nothing was done twice.` : null;
}
