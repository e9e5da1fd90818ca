/** Calendars of the workspace with their revisions. */
import { desc, eq } from "drizzle-orm";
import { z } from "zod";
import { reviseCalendar } from "@/server/commands/revise-calendar.ts";
import { calendarSchema } from "@/server/engine/process.ts";
import { orRefuse } from "../errors.ts";
import { action, router } from "../procedure.ts";
import { askOf } from "./people.ts";

const instant = z.number().int().min(0).max(4_102_444_800_000);
/** `office`, or `deal.office` when it came with a process. */
const key = z.string().regex(/^[a-z][a-z0-9_]{0,63}(\.[a-z][a-z0-9_]{0,63})?$/i);

export const calendarsRouter = router({
  /** Newest revision first in each; `current` is the one that counts now. */
  list: action("calendars.read").query(async ({ ctx: { services, person } }) => {
    const { calendar } = services.store.t;
    const rows = await services.store.read
      .select()
      .from(calendar)
      .where(eq(calendar.workspaceId, person.workspaceId))
      .orderBy(calendar.name, calendar.key, desc(calendar.revision));
    const { calendars, live } = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    return [...new Set(rows.map((row) => row.key))].map((one) => {
      const revisions = rows.filter((row) => row.key === one);
      return {
        key: one,
        name: revisions[0]!.name,
        current: calendars.get(one)?.revision ?? null,
        revisions: revisions.map(({ revision, definition, validFrom }) => ({ revision, definition, validFrom })),
        usedBy: [...live.values()]
          .filter(({ key: process, compiled }) =>
            one.includes(".")
              ? one.startsWith(`${process}.`)
              : Object.hasOwn(compiled.document.calendars, one) && !calendars.has(`${process}.${one}`),
          )
          .map((process) => ({ id: process.id, name: process.name })),
      };
    });
  }),
  save: action("calendars.change")
    .input(
      z.strictObject({
        key,
        name: z.string().trim().min(1).max(80),
        definition: calendarSchema,
        validFrom: instant,
        isNew: z.boolean(),
      }),
    )
    .mutation(async ({ ctx: { services, person }, input: { isNew, ...calendar } }) =>
      orRefuse(await reviseCalendar(services.engine, askOf(services, person), calendar, isNew)),
    ),
});
