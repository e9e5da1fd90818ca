/** Counts a workspace's visits anew: once after an earlier release, which counted none, and when its days begin at another hour. */
import { newJobRow } from "@/server/engine/rows.ts";
import { adding, counterNames, type Sums } from "@/db/adding.ts";
import { uncounted, visitPages, zoneOf } from "@/db/queries/step-days.ts";
import type { Row, Store, WriteSet } from "@/db/store.ts";
import { emptyTally, tallyChange } from "@/server/engine/tally.ts";
import type { CommandLoop } from "./command-loop.ts";

export const recountJob = (workspaceId: string, at: number): Row<"job"> =>
  newJobRow({
    id: `${workspaceId}/recount`,
    workspaceId,
    kind: "recount",
    payload: {},
    dueAt: at,
  });

/** Asks for it wherever visits are not counted; called when a server starts. `nowIn`: the time of a workspace. */
export async function orderRecounts(store: Store, nowIn: (workspaceId: string) => number): Promise<void> {
  for (const workspaceId of await uncounted(store)) {
    const put = { job: [recountJob(workspaceId, nowIn(workspaceId))] };
    await store.commit([{ workspaceId, guards: [], events: [], put, drop: {} }]);
  }
}

/** Alone in the loop, so that nothing is counted twice or not at all: commands wait for it, pages do not. */
export async function recount(
  { store, loop }: { store: Store; loop: CommandLoop },
  workspaceId: string,
  id: string,
): Promise<void> {
  // What others write waits for it in the store.
  if (store.turns) return store.recount(workspaceId, () => countAll(store, workspaceId));
  await loop.write({
    workspaceId,
    id,
    make: async () => {
      await store.recount(workspaceId, () => countAll(store, workspaceId));
      return { ok: true, sets: [], value: null };
    },
  });
}

/** All counters in place of those that are there, and the zone in which days were counted. */
async function countAll(store: Store, workspaceId: string): Promise<WriteSet> {
  const zone = await zoneOf(store, workspaceId);
  const sums = await sumVisits(store, workspaceId, zone);
  const add = { stepDay: sums.rows("stepDay"), stepTime: sums.rows("stepTime") };
  const put = { dayCount: [{ workspaceId, zone }] };
  return { workspaceId, guards: [], events: [], clear: counterNames, put, drop: {}, add };
}

/** What the counters have to be. */
export async function sumVisits(store: Store, workspaceId: string, zone: string): Promise<Sums> {
  const sums = adding();
  for await (const visits of visitPages(store, workspaceId)) {
    const tally = emptyTally();
    for (const visit of visits) tallyChange(tally, undefined, visit, zone);
    sums.add(tally);
  }
  return sums;
}
