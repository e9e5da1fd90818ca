/** Imports: what a handed-in file is, what would come of it, doing it behind the screen, and taking it back. */
import { z } from "zod";
import { findImport, listImports } from "@/db/queries/imports.ts";
import { actorOf } from "@/server/auth/person.ts";
import type { RowProblem } from "@/server/commands/import-job.ts";
import { removeMapping, saveMapping } from "@/server/commands/import-mappings.ts";
import { inspectFile, previewLog, previewTable, suggestForFile } from "@/server/commands/preview-import.ts";
import type { ImportOrder } from "@/server/commands/import-order.ts";
import { isUnderWay, startImport } from "@/server/commands/start-import.ts";
import { undoImport } from "@/server/commands/undo-import.ts";
import { undoLogImport } from "@/server/commands/undo-log-import.ts";
import { fieldsFor } from "@/server/commands/prepare-import.ts";
import { importFields } from "@/server/interop/csv/import-fields.ts";
import { refuse } from "@/server/engine/model.ts";
import { applyFixes } from "@/server/interop/csv/preview-records.ts";
import { mappingSchema } from "@/server/interop/csv/mapping-schema.ts";
import type { Row } from "@/db/store.ts";
import { orAbsent, orRefuse, refusalError } from "../errors.ts";
import { action, type Allowed, router } from "../procedure.ts";

const id = z.string().regex(/^[\w-]{1,80}$/);
const key = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/i);
const column = z.string().max(1000);
const fixes = z.array(z.strictObject({ column, from: z.string().max(70_000), to: z.string().max(1000) })).max(1000);
const logColumns = z.strictObject({
  case: column.exactOptional(),
  activity: column.exactOptional(),
  time: column.exactOptional(),
  start: column.exactOptional(),
  enabled: column.exactOptional(),
  resource: column.exactOptional(),
  lifecycle: column.exactOptional(),
});
const waiting =
  "The server that has its file does not run, so it stands still. It goes on when that server is started; if it never will be, take the import back and import the file again.";
const files = "This file (it is kept for a day)";

const askOf = ({ services, person }: Allowed) => ({
  workspaceId: person.workspaceId,
  actor: actorOf(person),
  now: services.clock.now(),
});
const begin = ({ services, person }: Allowed, file: Parameters<typeof startImport>[3], order: ImportOrder) =>
  startImport(
    { ...services, deps: services.engine },
    { workspaceId: person.workspaceId, actor: actorOf(person), now: services.clock.now() },
    person.memberId,
    file,
    order,
  );
const underWay = async ({ services }: Allowed, row: Row<"importJob">) =>
  isUnderWay(row, {
    background: services.background,
    now: services.serverClock.now(),
    home: await services.uploads.home(),
  });
const uploadOf = async ({ services, person }: Allowed, upload: string) =>
  orAbsent(await services.uploads.read(person.workspaceId, upload), files);

export const importsRouter = router({
  list: action("records.import").query(async ({ ctx }) =>
    Promise.all((await listImports(ctx.services.store, ctx.person.workspaceId, 100)).map((row) => told(ctx, row))),
  ),
  read: action("records.import")
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }) => {
      const row = orAbsent(await findImport(ctx.services.store, ctx.person.workspaceId, input.id), "This import");
      const problems = row.problems as RowProblem[];
      return {
        ...(await told(ctx, row)),
        problems: problems.slice(0, 100).map(({ row: at, text }) => ({ row: at, text: ctx.say(text) })),
      };
    }),
  inspect: action("records.import.preview")
    .input(z.strictObject({ upload: id }))
    .query(async ({ ctx, input }) => {
      const { bytes, fileName } = await uploadOf(ctx, input.upload);
      const found = orRefuse(await inspectFile(ctx.services.engine, askOf(ctx), bytes));
      return { ...found, notices: found.notices.map(ctx.say), fileName };
    }),
  /** What a column may fill: the fields of a type, the workspace's own among them. */
  fields: action("records.import.preview")
    .input(z.strictObject({ recordType: z.string().max(64) }))
    .query(async ({ ctx, input }) => {
      const { model } = orRefuse(await fieldsFor(ctx.services.engine, askOf(ctx), input, false));
      return importFields(input.recordType, model)
        .fields.filter(({ derived }) => !derived)
        .map(({ key: field, label, type, required, to, values }) => ({
          key: field,
          label,
          type,
          required: required === true,
          to: to ?? null,
          values: values ?? null,
        }));
    }),
  suggest: action("records.import.preview")
    .input(z.strictObject({ upload: id, recordType: z.string().max(64) }))
    .query(async ({ ctx, input }) => {
      const { bytes } = await uploadOf(ctx, input.upload);
      return orRefuse(await suggestForFile(ctx.services.engine, askOf(ctx), input.recordType, bytes));
    }),
  preview: action("records.import.preview")
    .input(z.strictObject({ upload: id, mapping: mappingSchema, fixes }))
    .mutation(async ({ ctx, input: { upload, ...input } }) => {
      const { bytes } = await uploadOf(ctx, upload);
      const preview = orRefuse(await previewTable(ctx.services.engine, askOf(ctx), { bytes, ...input }));
      return {
        ...preview,
        problems: preview.problems.map((problem) => ({ ...problem, text: ctx.say(problem.text) })),
        rows: preview.rows.map((row) => ({ ...row, problems: row.problems.map(ctx.say) })),
      };
    }),
  previewLog: action("log.import")
    .input(z.strictObject({ upload: id, columns: logColumns }))
    .mutation(async ({ ctx, input }) => {
      const { bytes } = await uploadOf(ctx, input.upload);
      const preview = orRefuse(await previewLog(ctx.services.engine, bytes, input.columns));
      return {
        ...preview,
        problems: preview.problems.map((problem) => ({ ...problem, text: ctx.say(problem.text) })),
        notices: preview.notices.map(ctx.say),
      };
    }),
  start: action("records.import")
    .input(
      z.strictObject({
        upload: id,
        mapping: mappingSchema,
        fixes,
        expected: z.number().int().min(0).max(1_000_000),
        start: key.optional(),
        startWhen: z.string().max(4096).optional(),
        startRows: z.array(z.number().int().min(1)).max(10_000).optional(),
      }),
    )
    .mutation(async ({ ctx, input: { upload, mapping, fixes: accepted, ...more } }) => {
      const file = await uploadOf(ctx, upload);
      const order = { kind: "records" as const, mapping: applyFixes(mapping, accepted), ...more };
      return begin(ctx, file, order);
    }),
  startLog: action("log.import")
    .input(
      z.strictObject({
        upload: id,
        columns: logColumns,
        process: key.optional(),
        recordType: z.string().max(64).optional(),
        expected: z.number().int().min(0).max(1_000_000),
      }),
    )
    .mutation(async ({ ctx, input: { upload, ...more } }) => {
      const file = await uploadOf(ctx, upload);
      return begin(ctx, file, { kind: "log", ...more });
    }),
  undo: action("records.import.undo")
    .input(z.strictObject({ id }))
    .mutation(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const row = orAbsent(await findImport(services.store, person.workspaceId, input.id), "This import");
      if (await underWay(ctx, row))
        throw refusalError(refuse("CONFLICT", "This import still runs. Take it back when it has ended."));
      if (row.kind !== "log") return orRefuse(await undoImport(services.engine, askOf(ctx), row.id));
      const undone = orRefuse(await undoLogImport(services.engine, askOf(ctx), row.id));
      return { ok: true as const, removed: undone.removed, restored: 0, kept: undone.kept, cancelled: 0 };
    }),
  saveMapping: action("records.import")
    .input(z.strictObject({ name: z.string().trim().min(1).max(80), mapping: mappingSchema }))
    .mutation(async ({ ctx, input }) => orRefuse(await saveMapping(ctx.services.engine, askOf(ctx), input))),
  removeMapping: action("records.import")
    .input(z.strictObject({ name: z.string().min(1).max(80) }))
    .mutation(async ({ ctx, input }) => orRefuse(await removeMapping(ctx.services.engine, askOf(ctx), input.name))),
});

/** An import as the screen shows it. One that is said to run and that nobody can go on with was cut off. */
async function told(ctx: Allowed, row: Row<"importJob">) {
  const { say } = ctx;
  const { id: of, kind, fileName, total, done, created, updated, failed, started, createdAt, undoneAt } = row;
  const mapping = row.mapping as {
    recordType?: string;
    process?: string;
    processId?: string;
    from?: number | null;
    to?: number | null;
  };
  const problems = row.problems as RowProblem[];
  const runs = await underWay(ctx, row);
  // Its server has its file, and may come back with it.
  const elsewhere = row.state === "running" && !runs && row.asked !== null && row.asked !== undefined;
  return {
    id: of,
    kind: kind === "log" ? ("log" as const) : ("records" as const),
    fileName,
    total,
    done,
    created,
    updated,
    failed,
    started,
    createdAt,
    undoneAt: undoneAt ?? null,
    state: row.state === "running" && !runs ? "stopped" : row.state,
    recordType: mapping.recordType ?? null,
    process: mapping.process ?? null,
    /** Where the history a log became can be looked at. */
    history:
      mapping.processId && mapping.from != null && mapping.to != null
        ? { processId: mapping.processId, from: mapping.from, to: mapping.to }
        : null,
    /** Why it stopped, where it did. */
    stopped: elsewhere
      ? say(waiting)
      : row.state === "stopped" && problems[0]?.row === 0
        ? say(problems[0].text)
        : null,
  };
}
