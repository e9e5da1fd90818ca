/** Stopping the line: nothing enters or leaves a step (or any step of a process) until it is started again. */
import { and, eq } from "drizzle-orm";
import type { Store } from "@/db/store.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import { followingBatch, startBatch } from "./batches/start-batch.ts";
import type { Ask, Deps } from "./deps.ts";
import { type SettingWrite, writeSetting } from "./write-setting.ts";

/** The reason of the batch that follows; nobody is asked for one. */
const startedAgain = "The step was started again.";

/** `node`: empty for the whole process. */
export type Line = { process: string; node: string };

/** Binds at once; the clocks of what stands there follow run by run, as a batch whose id is answered (null: no run is open). */
export async function stopLine(
  deps: Deps,
  ask: Ask & { memberId: string },
  { process, node, reason, clocks }: Line & { reason: string; clocks: "pause" | "go_on" },
): Promise<{ ok: true; batch: string | null } | Refusal> {
  const { workspaceId, now } = ask;
  const { live } = await deps.contexts.get(workspaceId, now);
  const drawn = live.get(process)?.compiled;
  if (!drawn || (node && !drawn.nodes.get(node)?.isStep))
    return refuse("INVALID", "There is no such step to stop. Nothing was changed.");
  return change(deps, ask, { process, node }, reason, async () => {
    if (await findStop(deps.store, workspaceId, { process, node }))
      return refuse("CONFLICT", "It is stopped already. Nothing was changed.");
    const row = { workspaceId, process, node, reason, clocks, stoppedBy: ask.memberId, at: now };
    return { ok: true, from: null, to: { clocks }, put: { lineStop: [row] } };
  });
}

/** What was held goes on, and what became due meanwhile happens. */
export async function startLine(
  deps: Deps,
  ask: Ask & { memberId: string },
  line: Line,
): Promise<{ ok: true; batch: string | null } | Refusal> {
  return change(deps, ask, line, startedAgain, async () => {
    const stop = await findStop(deps.store, ask.workspaceId, line);
    if (!stop) return refuse("CONFLICT", "It is not stopped any more. Nothing was changed.");
    const drop = { lineStop: [[ask.workspaceId, line.process, line.node]] };
    return { ok: true, from: { clocks: stop.clocks }, to: null, drop };
  });
}

/** The setting, and in the same write the batch that tells the runs of it. */
async function change(
  deps: Deps,
  ask: Ask & { memberId: string },
  { process, node }: Line,
  reason: string,
  make: () => Promise<Omit<SettingWrite, "setting"> | Refusal>,
): Promise<{ ok: true; batch: string | null } | Refusal> {
  const own = { ...ask, commandId: ask.commandId ?? deps.newId("cmd") };
  const order = {
    kind: "line" as const,
    params: { node },
    filter: { process, status: ["active" as const] },
    reason,
  };
  let batch: string | null = null;
  const written = await writeSetting(deps, own, async () => {
    const made = await make();
    if (!made.ok) return made;
    const telling = await followingBatch(deps, own, order);
    batch = telling?.id ?? null;
    return { ...made, setting: `stop.${process}.${node || "*"}`, put: { ...made.put, ...telling?.put } };
  });
  if (!written.ok) return written;
  // The first run may have begun on another server while this was written.
  const late = batch ? null : await startBatch(deps, { ...ask, commandId: undefined }, order);
  return { ok: true, batch: late?.ok ? late.id : batch };
}

async function findStop({ read, t }: Store, workspaceId: string, { process, node }: Line) {
  const { lineStop } = t;
  const [row] = await read
    .select()
    .from(lineStop)
    .where(and(eq(lineStop.workspaceId, workspaceId), eq(lineStop.process, process), eq(lineStop.node, node)));
  return row ?? null;
}
