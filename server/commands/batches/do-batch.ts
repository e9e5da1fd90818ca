/**
 * One slice of a batch: first its runs are written down as items, then some of them are done. After each slice the worker has its
 * turn, so that timers and people do not wait for a batch. What a slice has done and not yet written down when its server dies is
 * told by the receipts of its commands.
 */
import { findBatch, lastGathered, waitingItems } from "@/db/queries/batches.ts";
import { runIds } from "@/db/queries/run-search.ts";
import { receiptsOf, runStates } from "@/db/queries/world.ts";
import type { Row } from "@/db/store.ts";
import { troubleIn } from "@/db/trouble.ts";
import { mayStill } from "../may-still.ts";
import { asAsked, runFilter } from "./filter.ts";
import type { BatchContext, BatchDeps, ItemResult } from "./kind.ts";
import { type ReadKind, batchKind, isBatchKind } from "./kinds.ts";

/** Runs written down, and runs done, in one slice. */
const gathered = 1000;
const atOnce = 100;

/** `false`: there is more to do. */
export async function doBatchSlice(
  deps: BatchDeps,
  { workspaceId, id }: { workspaceId: string; id: string },
  now: number,
): Promise<boolean> {
  const batch = await findBatch(deps.store, workspaceId, id);
  if (!batch || batch.status === "done" || batch.status === "stopped") return true;
  const kind = isBatchKind(batch.kind) ? batchKind(batch.kind, batch.params) : null;
  if (!kind) return end(deps, batch, now, "stopped", "This release does not know this kind of batch.");
  if (!(await mayStill(deps.store, workspaceId, batch.askedBy, kind.action)))
    return end(deps, batch, now, "stopped", "Whoever asked for it may not do this any more. Somebody else can go on.");
  if (!batch.gathered) return gather(deps, batch, now);
  const items = await waitingItems(deps.store, workspaceId, id, atOnce);
  if (items.length > 0) await put(deps, workspaceId, { batchItem: await doItems(deps, batch, kind, items, now) });
  // Whoever stopped it during its last slice came too late: there is nothing left to stop.
  const over = items.length < atOnce || (await waitingItems(deps.store, workspaceId, id, 1)).length === 0;
  return over ? end(deps, batch, now, "done", null) : false;
}

/** Writes down the next runs; the last page says so. */
async function gather(deps: BatchDeps, batch: Row<"batch">, now: number): Promise<boolean> {
  const { workspaceId, id: batchId, createdAt } = batch;
  const after = await lastGathered(deps.store, workspaceId, batchId);
  const { zone } = await deps.contexts.get(workspaceId, now);
  const filter = asAsked(batch.kind, runFilter.parse(batch.filter), createdAt, zone);
  const ids = await runIds(deps.store, workspaceId, filter, createdAt, { after, limit: gathered });
  await put(deps, workspaceId, {
    batchItem: ids.map((runId) => ({ workspaceId, batchId, runId, status: "waiting", text: null, at: null })),
  });
  if (ids.length === gathered) return false;
  await change(deps, batch, (now) => ({ ...now, gathered: true }));
  return false;
}

async function doItems(
  deps: BatchDeps,
  batch: Row<"batch">,
  kind: ReadKind,
  items: readonly Row<"batchItem">[],
  now: number,
): Promise<Row<"batchItem">[]> {
  const { workspaceId } = batch;
  const commandOf = (runId: string) => `${batch.id}/${runId}`;
  const runs = items.map(({ runId }) => runId);
  const states = new Map((await runStates(deps.store, { workspaceId, runs })).map(({ state }) => [state.id, state]));
  const before = await receiptsOf(deps.store, { workspaceId, commands: runs.map(commandOf) });
  const done = new Set(before.map(({ commandId }) => commandId));
  const context: BatchContext = {
    ...deps,
    workspaceId,
    actor: { kind: "member", id: batch.askedBy },
    reason: batch.reason,
    askedAt: batch.createdAt,
    now,
  };
  return Promise.all(
    items.map(async (item) => {
      const commandId = commandOf(item.runId);
      const run = states.get(item.runId);
      const result: ItemResult = done.has(commandId)
        ? { result: "done", text: null }
        : run
          ? await kind.one({ ...context, commandId }, run).catch(failed)
          : { result: "skipped", text: "The run is not there any more." };
      return { ...item, status: result.result, text: result.text, at: now };
    }),
  );
}

/** One poisonous run stops nobody but itself. A disk that is full or broken and a database that is away stop all. */
function failed(error: unknown): ItemResult {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  if (troubleIn(error) || code.startsWith("SQLITE_")) throw error;
  return { result: "refused", text: "Something went wrong on the server with this run. It was left as it was." };
}

async function end(
  deps: BatchDeps,
  batch: Row<"batch">,
  at: number,
  status: "done" | "stopped",
  text: string | null,
): Promise<true> {
  await change(deps, batch, (now) =>
    now.status === "stopped" && status === "stopped" ? null : { ...now, status, text, endedAt: at },
  );
  return true;
}

/** Somebody may have stopped it in the meantime: what is changed is what stands there now. */
async function change(
  { store, loop }: BatchDeps,
  { workspaceId, id }: Row<"batch">,
  to: (batch: Row<"batch">) => Row<"batch"> | null,
): Promise<void> {
  await loop.write({
    workspaceId,
    id: `${id}/status`,
    make: async () => {
      const batch = await findBatch(store, workspaceId, id);
      const changed = batch && to(batch);
      return { ok: true, value: null, sets: changed ? [rows(workspaceId, { batch: [changed] })] : [] };
    },
  });
}

const rows = (workspaceId: string, put: { batch?: Row<"batch">[]; batchItem?: Row<"batchItem">[] }) => ({
  workspaceId,
  guards: [],
  events: [],
  put,
  drop: {},
});

async function put({ store }: BatchDeps, workspaceId: string, what: Parameters<typeof rows>[1]): Promise<void> {
  await store.commit([rows(workspaceId, what)]);
}
