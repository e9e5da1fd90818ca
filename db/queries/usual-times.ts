/** How long steps took so far: for telling people what to expect. */
import { and, desc, eq, isNotNull } from "drizzle-orm";
import type { Run } from "@/server/engine/model.ts";
import type { Store } from "../store.ts";

type Place = { process: string; node: string };
/** The last so many stays count; below the fewest nothing is said. */
const last = 200;
const fewest = 5;

/** Median stay in ms of each step, by `process/node`, of those that were left by a decision. Index `visit_left`. */
export async function usualTimes(
  { read, t }: Store,
  workspaceId: string,
  places: readonly Place[],
): Promise<Map<string, number>> {
  const { stepVisit } = t;
  const times = new Map<string, number>();
  const wanted = new Map(places.map((place) => [`${place.process}/${place.node}`, place]));
  for (const [key, { process, node }] of wanted) {
    const rows = await read
      .select({ from: stepVisit.enteredAt, to: stepVisit.leftAt })
      .from(stepVisit)
      .where(
        and(
          eq(stepVisit.workspaceId, workspaceId),
          eq(stepVisit.process, process),
          eq(stepVisit.node, node),
          eq(stepVisit.cancelled, false),
          eq(stepVisit.skipped, false),
          isNotNull(stepVisit.leftAt),
        ),
      )
      .orderBy(desc(stepVisit.leftAt))
      .limit(last);
    const stays = rows.map(({ from, to }) => (to ?? from) - from).sort((a, b) => a - b);
    if (stays.length < fewest) continue;
    const half = (stays.length - 1) / 2;
    times.set(key, (stays[Math.floor(half)]! + stays[Math.ceil(half)]!) / 2);
  }
  return times;
}

/** Where a run may be waiting for approval. */
export const approvalsOf = (run: Run): Place[] =>
  Object.values(run.work).flatMap(({ approval, node }) => (approval ? [{ process: run.process, node }] : []));
