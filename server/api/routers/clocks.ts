/** SLA clocks of a run computed anew from its log: the differences, adopted or taken back. */
import { z } from "zod";
import { findRun } from "@/db/queries/runs.ts";
import { adoptClocks, previewClocks, revertClock } from "@/server/commands/recompute-clocks.ts";
import { orAbsent, orRefuse } from "../errors.ts";
import { action, router } from "../procedure.ts";
import { askOf } from "./people.ts";

const runId = z.string().regex(/^[\w-]{1,80}$/);
const clock = z.string().regex(/^c\d{1,9}$/);
const under = z.enum(["own", "live"]);
const reason = z.string().trim().min(1).max(500);

export const clocksRouter = router({
  /** Every clock as it stands and as computed anew; nothing is written. */
  preview: action("clocks.recompute")
    .input(z.strictObject({ runId, under }))
    .query(async ({ ctx: { services, person }, input }) => {
      orAbsent(await findRun(services.store, person.workspaceId, input.runId), "This run");
      return orRefuse(await previewClocks(services.engine, askOf(services, person), input.runId, input.under));
    }),
  adopt: action("clocks.recompute")
    .input(z.strictObject({ runId, under, clocks: z.array(clock).max(200), reason, rev: z.number().int().min(0) }))
    .mutation(async ({ ctx: { services, person }, input }) => {
      orAbsent(await findRun(services.store, person.workspaceId, input.runId), "This run");
      return orRefuse(await adoptClocks(services.engine, askOf(services, person), input));
    }),
  revert: action("clocks.recompute")
    .input(z.strictObject({ runId, clock, reason }))
    .mutation(async ({ ctx: { services, person }, input }) => {
      orAbsent(await findRun(services.store, person.workspaceId, input.runId), "This run");
      return orRefuse(await revertClock(services.engine, askOf(services, person), input));
    }),
});
