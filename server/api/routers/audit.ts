/** Who did what. */
import { z } from "zod";
import { type AuditCursor, auditRows, namesOfStreams } from "@/db/queries/audit.ts";
import { areaTypes, auditAreas, auditCsv, auditEntries } from "@/server/reports/audit.ts";
import { action, type Allowed, router } from "../procedure.ts";

const instant = z.number().int().min(0).max(4_102_444_800_000);
const filter = {
  area: z.enum(auditAreas).optional(),
  actorId: z.string().max(80).optional(),
  from: instant.optional(),
  to: instant.optional(),
};
/** Rows of one file: more than a spreadsheet is opened with, less than would hold up the server. */
const mostExported = 20_000;

export const auditRouter = router({
  list: action("audit.read")
    .input(
      z.strictObject({
        ...filter,
        cursor: z.strictObject({ seq: z.number().int().min(0), audit: z.string().max(80) }).optional(),
        limit: z.number().int().min(1).max(200).default(50),
      }),
    )
    .query(async ({ ctx, input: { cursor, limit, ...asked } }) => {
      const { entries, next } = await read(ctx, asked, cursor ?? null, limit);
      // A reason that Millrace itself gave is read by people here; the file has the log as it is.
      return {
        entries: entries.map((one) => (typeof one.to === "string" ? { ...one, to: ctx.say(one.to) } : one)),
        next,
      };
    }),
  /** The filtered rows as a CSV file. */
  export: action("audit.export")
    .input(z.strictObject(filter))
    .query(async ({ ctx, input }) => {
      const { entries, next } = await read(ctx, input, null, mostExported);
      return { csv: auditCsv(entries, ctx.language), complete: next === null };
    }),
});

async function read(
  { services, person }: Allowed,
  { area, ...asked }: { area?: (typeof auditAreas)[number] | undefined } & Record<string, unknown>,
  cursor: AuditCursor | null,
  limit: number,
) {
  const { types, deeds } = areaTypes(area ?? null);
  const rows = await auditRows(
    services.store,
    person.workspaceId,
    { ...asked, types, refusals: deeds },
    cursor,
    limit + 1,
  );
  const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
  return auditEntries(rows, {
    limit,
    cursor,
    named: await namesOfStreams(services.store, person.workspaceId, rows.events),
    name: (id) => context.directory.people.get(id)?.name ?? null,
  });
}
