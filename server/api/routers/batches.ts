/** Batches over runs: looked at beforehand, started, stopped, let go on, and what came of each run. */
import { z } from "zod";
import { batchCounts, batchReasons, findBatch, itemsOfBatch, listBatches } from "@/db/queries/batches.ts";
import { runFilter } from "@/server/commands/batches/filter.ts";
import { batchKind, isBatchKind } from "@/server/commands/batches/kinds.ts";
import { goOnWithBatch, previewBatch, startBatch, stopBatch } from "@/server/commands/batches/start-batch.ts";
import { orAbsent, orRefuse, refusalError } from "../errors.ts";
import { action, type Allowed, router } from "../procedure.ts";
import { rightTo } from "../right.ts";
import { askOf } from "./people.ts";

const id = z.string().regex(/^[\w-]{1,80}$/);
const commandId = z
  .string()
  .regex(/^[\w-]{8,64}$/)
  .optional();
const order = {
  kind: z.string().refine(isBatchKind),
  params: z.record(z.string().max(64), z.unknown()).default({}),
  filter: runFilter,
  reason: z.string().trim().min(1).max(500),
};

export const batchesRouter = router({
  preview: action("batches.preview")
    .input(z.strictObject({ ...order, reason: order.reason.default("-"), after: z.string().max(80).default("") }))
    .query(async ({ ctx, input: { after, ...asked } }) => {
      await mayDo(ctx, asked);
      const found = orRefuse(await previewBatch(ctx.services.engine, askOf(ctx.services, ctx.person), asked, after));
      return { ...found, outcomes: found.outcomes.map((one) => ({ ...one, text: said(ctx, one.text) })) };
    }),
  start: action("batches.start")
    .input(z.strictObject({ ...order, commandId }))
    .mutation(async ({ ctx, input: { commandId: given, ...asked } }) => {
      await mayDo(ctx, asked);
      const ask = { ...askOf(ctx.services, ctx.person), memberId: ctx.person.memberId, commandId: given };
      return orRefuse(await startBatch(ctx.services.engine, ask, asked));
    }),
  stop: action("batches.stop")
    .input(z.strictObject({ id }))
    .mutation(async ({ ctx: { services, person }, input }) => {
      orAbsent(await findBatch(services.store, person.workspaceId, input.id), "This batch");
      return orRefuse(await stopBatch(services.engine, askOf(services, person), input.id));
    }),
  goOn: action("batches.start")
    .input(z.strictObject({ id }))
    .mutation(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const batch = orAbsent(await findBatch(services.store, person.workspaceId, input.id), "This batch");
      await mayDo(ctx, batch);
      const ask = { ...askOf(services, person), memberId: person.memberId };
      return orRefuse(await goOnWithBatch(services.engine, ask, input.id));
    }),
  list: action("batches.read").query(async ({ ctx }) => {
    const rows = await listBatches(ctx.services.store, ctx.person.workspaceId, 100);
    return { batches: await Promise.all(rows.map(async (row) => shown(ctx, row))) };
  }),
  read: action("batches.read")
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }) => {
      const { store } = ctx.services;
      const { workspaceId } = ctx.person;
      const batch = orAbsent(await findBatch(store, workspaceId, input.id), "This batch");
      const reasons = await batchReasons(store, workspaceId, input.id);
      return {
        ...(await shown(ctx, batch)),
        reasons: reasons.map((one) => ({ ...one, text: said(ctx, one.text) })),
      };
    }),
  items: action("batches.read")
    .input(
      z.strictObject({
        id,
        status: z.enum(["waiting", "done", "skipped", "refused"]).optional(),
        after: z.string().max(80).default(""),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .query(async ({ ctx, input }) => {
      const { store } = ctx.services;
      const { workspaceId } = ctx.person;
      orAbsent(await findBatch(store, workspaceId, input.id), "This batch");
      const items = await itemsOfBatch(store, workspaceId, input.id, input);
      return {
        items: items.map((one) => ({ ...one, text: said(ctx, one.text) })),
        next: items.length === input.limit ? (items.at(-1)?.runId ?? null) : null,
      };
    }),
});

const said = ({ say }: Allowed, text: string | null) => (text === null ? null : say(text));

/** A batch needs the right to what it does to one run, too. */
async function mayDo(ctx: Allowed, { kind, params }: { kind: string; params: unknown }): Promise<void> {
  const read = isBatchKind(kind) ? batchKind(kind, params) : null;
  if (!read)
    throw refusalError({ code: "INVALID", text: "Something is missing that this needs. Nothing was started." });
  const right = await rightTo(read.action, ctx);
  if (!right.ok) throw refusalError(right);
}

async function shown(ctx: Allowed, batch: NonNullable<Awaited<ReturnType<typeof findBatch>>>) {
  const { services, person } = ctx;
  const { workspaceId: _workspace, askedBy, filter, ...own } = batch;
  const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
  return {
    ...own,
    filter: runFilter.parse(filter),
    text: said(ctx, batch.text ?? null),
    reason: ctx.say(batch.reason),
    by: context.directory.people.get(askedBy)?.name ?? null,
    ...(await batchCounts(services.store, person.workspaceId, batch.id)),
  };
}
