/** Records: lists, one record with its runs and history, making and changing them. */
import { z } from "zod";
import { findRecord, listRecords } from "@/db/queries/records.ts";
import { changeRecord } from "@/server/commands/change-record.ts";
import { createRecord } from "@/server/commands/create-record.ts";
import { sampleValues } from "@/server/commands/sample-values.ts";
import { processSchema } from "@/server/engine/process.ts";
import type { Plain, Values } from "@/server/engine/model.ts";
import { recordAt } from "@/server/commands/load-world.ts";
import { recordView } from "@/server/inbox/record-view.ts";
import { whyNoRun } from "@/server/inbox/why-no-run.ts";
import { stageView } from "@/server/inbox/stage-view.ts";
import { fold } from "@/server/records/fold.ts";
import { listColumns } from "@/server/records/lists.ts";
import { recordType, recordTypes } from "@/server/records/model.ts";
import { normalise } from "@/server/records/validate-record.ts";
import { recordLabels } from "@/server/records/rules.ts";
import { actorOf } from "@/server/auth/person.ts";
import { orAbsent, orRefuse } from "../errors.ts";
import { scopeOf } from "../authorisation.ts";
import { ownersOf } from "../owners.ts";
import { type Allowed, action, router } from "../procedure.ts";

const type = z.string().refine((key) => recordType(key) !== null, "unknown record type");
const id = z.string().regex(/^[\w-]{1,80}$/);
const plain: z.ZodType<Plain> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string().max(32_000), z.array(plain).max(200)]),
);
const values = z.record(z.string().max(64), plain);
/** The caller's own name for this request: asked again with it, nothing happens twice and the answer is the same. */
const commandId = z
  .string()
  .regex(/^[\w-]{8,64}$/)
  .optional();

/** The record, where this person may see it. */
async function seen(ctx: Allowed, recordId: string) {
  const row = await findRecord(ctx.services.store, ctx.person.workspaceId, recordId);
  const owners = await ownersOf(ctx);
  return orAbsent(row && (!owners || row.ownerId == null || owners.includes(row.ownerId)) ? row : null, "This record");
}

export const recordsRouter = router({
  types: action("records.read").query(({ ctx }) =>
    recordTypes().map(({ key, plural }) => ({
      key,
      label: recordLabels(ctx.language).type(key),
      plural: plural[ctx.language],
    })),
  ),
  list: action("records.read")
    .input(
      z.strictObject({
        type,
        search: z.string().max(200).optional(),
        ownerId: id.optional(),
        status: z.string().max(64).optional(),
        sort: z.enum(["title", "amount", "status", "createdAt", "updatedAt", "ownerId"]).optional(),
        descending: z.boolean().optional(),
        offset: z.number().int().min(0).max(10_000_000).default(0),
        limit: z.number().int().min(1).max(200).default(50),
      }),
    )
    .query(async ({ ctx, input: { offset, limit, search, ...filter } }) => {
      const { services, person, language } = ctx;
      const now = services.clock.now();
      const context = await services.engine.contexts.get(person.workspaceId, now);
      const { rows, total } = await listRecords(
        services.store,
        person.workspaceId,
        { ...filter, ...(search?.trim() && { search: fold(search.trim()) }) },
        await ownersOf(ctx),
        { offset, limit },
      );
      const labels = recordLabels(language, context.fields);
      return {
        total,
        currency: context.currency,
        columns: listColumns(filter.type).map((field) => labels.describe(filter.type, field)),
        rows: rows.map((r) => ({
          id: r.id,
          title: r.title,
          status: labels.status(r.type, r.status),
          amount: r.amount,
          ownerId: r.ownerId,
          owner: r.ownerId ? (context.directory.people.get(r.ownerId)?.name ?? null) : null,
          createdAt: r.createdAt,
          updatedAt: r.updatedAt,
          values: recordAt(context.model, r, now).values,
        })),
      };
    }),
  read: action("records.read")
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }) => {
      const { services, person, language, say } = ctx;
      const record = await seen(ctx, input.id);
      const reach = scopeOf("runs.jump", person.roles);
      const theirs = reach && (await ownersOf({ ...ctx, scope: reach }));
      const mayMove = reach !== null && (!theirs || record.ownerId == null || theirs.includes(record.ownerId));
      const mayCancel = scopeOf("runs.cancel", person.roles) !== null;
      const { workspaceId, memberId } = person;
      return recordView(
        services.engine,
        { workspaceId, memberId, language, say, mayMove, mayCancel },
        record,
        services.clock.now(),
      );
    }),
  /** What expressions of a process would read on this record; to try them while one draws. */
  sample: action("records.read")
    .input(z.strictObject({ id, related: processSchema.shape.related }))
    .query(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const record = await seen(ctx, input.id);
      const now = services.clock.now();
      const { model } = await services.engine.contexts.get(person.workspaceId, now);
      const values = await sampleValues(services.store, model, person.workspaceId, record, input.related, now);
      return { id: record.id, title: record.title, values };
    }),
  create: action("records.create")
    .input(
      z.strictObject({
        type,
        values,
        commandId,
      }),
    )
    .mutation(async ({ ctx: { services, person }, input }) => {
      const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
      // Whoever makes a record has it, unless they say who else.
      const own: Values =
        recordType(input.type)?.fields.owner_id && input.values.owner_id === undefined
          ? { owner_id: person.memberId }
          : {};
      return orRefuse(
        await createRecord(
          services.engine,
          {
            workspaceId: person.workspaceId,
            actor: actorOf(person),
            now: services.clock.now(),
            commandId: input.commandId,
          },
          { type: input.type, values: normalise(input.type, { ...own, ...input.values }, context.fields) },
        ),
      );
    }),
  change: action("records.change")
    .input(z.strictObject({ id, values, seen: z.number().int().positive().optional(), commandId }))
    .mutation(async ({ ctx, input: { commandId, ...input } }) => {
      const { services, person } = ctx;
      const record = await seen(ctx, input.id);
      const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
      return orRefuse(
        await changeRecord(
          services.engine,
          { workspaceId: person.workspaceId, actor: actorOf(person), now: services.clock.now(), commandId },
          { ...input, values: normalise(record.type, input.values, context.fields) },
        ),
      );
    }),
  /** Why no run of a process is at work on the record: for each process of its type. */
  whyNoRun: action("records.read")
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }) => {
      const { services, person, language, say } = ctx;
      const record = await seen(ctx, input.id);
      const now = services.clock.now();
      const { fields } = await services.engine.contexts.get(person.workspaceId, now);
      const { processes, ...rest } = await whyNoRun(services.engine, record, now, recordLabels(language, fields));
      const told = ({ reason, ...one }: (typeof processes)[number]) => ({
        ...one,
        reason: reason.why === "told" ? { ...reason, error: reason.error && say(reason.error) } : reason,
      });
      return { ...rest, processes: processes.map(told) };
    }),
  /** What keeps the record from being moved to this stage by hand. */
  stage: action("records.change")
    .input(z.strictObject({ id, to: z.string().min(1).max(80) }))
    .query(async ({ ctx, input }) => {
      const { services, person, language, say } = ctx;
      const record = await seen(ctx, input.id);
      const now = services.clock.now();
      const { model, fields } = await services.engine.contexts.get(person.workspaceId, now);
      const field = orAbsent(model.stageField(record.type), "This stage");
      const view = await stageView(
        services.engine,
        { workspaceId: person.workspaceId, actor: actorOf(person), now },
        record,
        { [field]: input.to },
        recordLabels(language, fields),
      );
      return { ...view, refusal: view.refusal && say(view.refusal) };
    }),
  describe: action("fields.read")
    .input(z.strictObject({ type }))
    .query(async ({ ctx: { services, person, language }, input }) => {
      const { fields } = await services.engine.contexts.get(person.workspaceId, services.clock.now());
      const labels = recordLabels(language, fields);
      return Object.keys(recordType(input.type, fields)?.fields ?? {}).map((key) => labels.describe(input.type, key));
    }),
});
