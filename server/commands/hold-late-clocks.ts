/**
 * With several servers, one that has not heard yet that a step is stopped lets a run into it, after the batch that tells the runs has
 * passed that run by. Whoever hears of a clock that began elsewhere, or of a changed setting, looks once more.
 */
import { runningWhereStopped } from "@/db/queries/line-stops.ts";
import type { Deps } from "./deps.ts";

/** Clocks that run in a step whose stop holds them stand still from now on. A run of which that is true already is not changed. */
export async function holdLateClocks(
  { store, loop, newId }: Pick<Deps, "store" | "loop" | "newId">,
  workspaceId: string,
  now: number,
): Promise<void> {
  const runs = await runningWhereStopped(store, workspaceId);
  await Promise.all(
    runs.map((runId) =>
      loop.submit({ id: newId("cmd"), workspaceId, runId, at: now, actor: { kind: "system" }, type: "reviewStops" }),
    ),
  );
}
