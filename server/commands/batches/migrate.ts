/** Runs are moved to another version of their process, and moved back while that is possible. */
import { z } from "zod";
import { findUndoable, tryUndo, type Undoable, undoFound } from "../undo-migration.ts";
import { commandKind, skip } from "./command-kind.ts";
import type { BatchContext, BatchKind, ItemResult } from "./kind.ts";

const name = z.string().regex(/^[a-z]\w{0,63}$/i);
/** `step`, or `step.event`. */
const place = z.string().regex(/^[a-z]\w{0,63}(\.[a-z]\w{0,63})?$/i);
const runId = z.string().regex(/^[\w-]{1,80}$/);
export const versionRef = z.strictObject({ process: name, version: z.number().int().positive().max(1_000_000) });
export const migrationPlan = z.strictObject({
  nodes: z.array(z.strictObject({ from: name, to: name })).max(2000),
  edges: z
    .array(z.strictObject({ from: name, to: name }))
    .max(6000)
    .optional(),
  boundaries: z
    .array(z.strictObject({ from: place, to: place }))
    .max(2000)
    .optional(),
  slas: z
    .array(z.strictObject({ from: name, to: name.nullable() }))
    .max(500)
    .optional(),
  rebase: z.array(name).max(500).optional(),
  reassign: z.array(name).max(1000).optional(),
  renewForm: z.array(name).max(1000).optional(),
});

export const migrate = commandKind({
  action: "runs.migrate",
  params: z.strictObject({
    from: versionRef,
    to: versionRef,
    plan: migrationPlan,
    /** Other versions whose runs go there too, each by a map of its own. */
    also: z
      .array(z.strictObject({ from: versionRef, plan: migrationPlan }))
      .max(20)
      .optional(),
    /** Runs that the filter names and that are to stay all the same. */
    except: z.array(runId).max(1000).optional(),
  }),
  commands(run, { from, to, plan, also = [], except }, { reason }) {
    if (run.status === "completed" || run.status === "cancelled") return skip("This run has ended already.");
    const own = [{ from, plan }, ...also].find(
      (one) => one.from.process === run.process && one.from.version === run.version,
    );
    if (!own) return skip("It is not on that version any more.");
    return except?.includes(run.id) ? skip("It was left out.") : [{ type: "migrateRun", to, plan: own.plan, reason }];
  },
});

const undoParams = z.strictObject({
  /** Only what this batch moved. */
  batch: z.string().regex(/^[\w-]{1,80}$/),
});

/** Takes back what one batch has moved, run by run, where nothing has happened since. */
export const undoMigrations: BatchKind<z.infer<typeof undoParams>> = {
  action: "runs.migrate",
  params: undoParams,
  async preview(context, runs, { batch }) {
    const results: ItemResult[] = [];
    for (const run of runs) {
      const found = await movedBy(context, run.id, batch);
      results.push(found.ok ? asResult(await tryUndo(context, askOf(context), found, context.reason)) : found.result);
    }
    return results;
  },
  async one(context, run, { batch }) {
    const found = await movedBy(context, run.id, batch);
    if (!found.ok) return found.result;
    const ask = { ...askOf(context), commandId: context.commandId };
    return asResult(await undoFound({ ...context, newId: () => context.commandId }, ask, found, context.reason));
  },
};

const askOf = ({ workspaceId, actor, now }: BatchContext) => ({ workspaceId, actor, now });
const asResult = (answer: { ok: true } | { ok: false; text: string }): ItemResult =>
  answer.ok ? { result: "done", text: null } : { result: "refused", text: answer.text };

/** What the batch did to the run, if it can be taken back: its commands carry the batch's id. */
async function movedBy(
  context: BatchContext,
  id: string,
  batch: string,
): Promise<Undoable | { ok: false; result: ItemResult }> {
  const found = await findUndoable(context, context, id);
  if (!found.ok) return { ok: false, result: { result: "refused", text: found.text } };
  return found.migrated.cause?.startsWith(`${batch}/`)
    ? found
    : { ok: false, result: skip("It was not moved by that batch.") };
}
