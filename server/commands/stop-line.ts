/** Stopping the line: nothing enters or leaves a step (or any step of a process) until it is started again. */
import { and, eq } from "drizzle-orm";
import type { Store } from "@/db/store.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import { startBatch } from "./batches/start-batch.ts";
import type { Ask, Deps } from "./deps.ts";
import { writeSetting } from "./write-setting.ts";

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
  const written = await writeSetting(deps, ask, async () => {
    if (await findStop(deps.store, workspaceId, { process, node }))
      return refuse("CONFLICT", "It is stopped already. Nothing was changed.");
    const row = { workspaceId, process, node, reason, clocks, stoppedBy: ask.memberId, at: now };
    const setting = `stop.${process}.${node || "*"}`;
    return { ok: true, setting, from: null, to: { clocks }, put: { lineStop: [row] } };
  });
  return written.ok ? { ok: true, batch: await tellRuns(deps, ask, { process, node }, reason) } : written;
}

/** What was held goes on, and what became due meanwhile happens. */
export async function startLine(
  deps: Deps,
  ask: Ask & { memberId: string },
  line: Line,
): Promise<{ ok: true; batch: string | null } | Refusal> {
  const written = await writeSetting(deps, ask, async () => {
    const stop = await findStop(deps.store, ask.workspaceId, line);
    if (!stop) return refuse("CONFLICT", "It is not stopped any more. Nothing was changed.");
    const setting = `stop.${line.process}.${line.node || "*"}`;
    const drop = { lineStop: [[ask.workspaceId, line.process, line.node]] };
    return { ok: true, setting, from: { clocks: stop.clocks }, to: null, drop };
  });
  return written.ok ? { ok: true, batch: await tellRuns(deps, ask, line, startedAgain) } : written;
}

async function tellRuns(deps: Deps, ask: Ask & { memberId: string }, line: Line, reason: string) {
  const { commandId: _, ...own } = ask;
  const started = await startBatch(deps, own, {
    kind: "line",
    params: { node: line.node },
    filter: { process: line.process, status: ["active"] },
    reason,
  });
  return started.ok ? started.id : null;
}

async function findStop({ read, t }: Store, workspaceId: string, { process, node }: Line) {
  const { lineStop } = t;
  const [row] = await read
    .select()
    .from(lineStop)
    .where(and(eq(lineStop.workspaceId, workspaceId), eq(lineStop.process, process), eq(lineStop.node, node)));
  return row ?? null;
}
