/**
 * What a release does once to what an earlier one left, in slices, whichever server's turn it is. So far one thing: runs that wait
 * for what time alone brings about are looked at, and get the timer that runs of this release set by themselves.
 */
import { newJobRow } from "@/server/engine/rows.ts";
import { findUpkeep, neglected, runsAlong } from "@/db/queries/upkeep.ts";
import { runStates } from "@/db/queries/world.ts";
import type { Row, Store } from "@/db/store.ts";
import { heedsTime } from "@/server/engine/clocks/clock-review.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { CommandLoop } from "./command-loop.ts";
import type { Contexts } from "./workspace-context.ts";

/** Named anew when a release finds more of these conditions than the one before it: then it is done once more. */
const name = "waits_for_time_1";
/** Runs looked over in one slice, and of those that wait, commands at a time. */
const page = 1000;
const atOnce = 100;

const jobOf = (workspaceId: string) => `${workspaceId}/upkeep/${name}`;

/** Asks for it wherever it is not done; called when a server starts. `nowIn`: the time of a workspace. */
export async function orderUpkeep(store: Store, nowIn: (workspaceId: string) => number): Promise<void> {
  for (const workspaceId of await neglected(store, name, jobOf)) {
    const job: Row<"job"> = newJobRow({
      id: jobOf(workspaceId),
      workspaceId,
      kind: "upkeep",
      payload: {},
      dueAt: nowIn(workspaceId),
    });
    await put(store, workspaceId, { job: [job] });
  }
}

/** `false`: there is more to do. A slice that is done again finds every timer set, and writes nothing. */
export async function doUpkeepSlice(
  { store, loop, contexts }: { store: Store; loop: CommandLoop; contexts: Contexts },
  workspaceId: string,
  now: number,
  limit = page,
): Promise<boolean> {
  const upkeep = (await findUpkeep(store, workspaceId, name)) ?? { workspaceId, name, after: "", doneAt: null };
  if (upkeep.doneAt) return true;
  const runs = await runsAlong(store, workspaceId, { after: upkeep.after, limit });
  const { model } = await contexts.get(workspaceId, now);
  const mayWait = new Map<string, CompiledProcess>();
  for (const { status, process, version } of runs) {
    const key = `${process}@${version}`;
    const compiled =
      status === "active" && !mayWait.has(key) && (await contexts.version(workspaceId, process, version));
    if (compiled) mayWait.set(key, compiled);
  }
  const open = runs.filter(
    ({ status, process, version }) => status === "active" && mayWait.has(`${process}@${version}`),
  );
  for (let i = 0; i < open.length; i += atOnce) {
    const ids = open.slice(i, i + atOnce).map(({ id }) => id);
    const states = await runStates(store, { workspaceId, runs: ids });
    const waiting = states.filter(({ state }) =>
      heedsTime(mayWait.get(`${state.process}@${state.version}`)!, state, model),
    );
    await Promise.all(
      waiting.map(({ state }) =>
        // Everything is looked at, as after any news of it; only then is the timer set.
        loop.submit({
          id: `${jobOf(workspaceId)}/${state.id}`,
          workspaceId,
          runId: state.id,
          at: now,
          actor: { kind: "system" },
          type: "reviewStops",
        }),
      ),
    );
  }
  const last = runs.length < limit;
  const done = { ...upkeep, after: runs.at(-1)?.id ?? upkeep.after, doneAt: last ? now : null };
  await put(store, workspaceId, { upkeep: [done] });
  return last;
}

async function put(
  store: Store,
  workspaceId: string,
  rows: { job?: Row<"job">[]; upkeep?: Row<"upkeep">[] },
): Promise<void> {
  await store.commit([{ workspaceId, guards: [], events: [], put: rows, drop: {} }]);
}
