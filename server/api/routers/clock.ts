/** The time of a workspace for practice: shown to everybody, moved ahead by admins. */
import { z } from "zod";
import { advanceClock, allowPractice, readClock } from "@/server/runtime/practice-clock.ts";
import { orRefuse } from "../errors.ts";
import { action, router } from "../procedure.ts";
import { askOf } from "./people.ts";

export const clockRouter = router({
  show: action("settings.read").query(async ({ ctx: { services, person } }) => ({
    ...(await readClock(services.engine, person.workspaceId)),
    mayMove: person.roles.includes("admin"),
  })),
  /** `by`: an ISO duration of hours and days; without it, to what falls due next. */
  advance: action("clock.advance")
    .input(z.strictObject({ by: z.string().max(20).optional() }))
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(
        await advanceClock(
          services.engine,
          askOf(services, person),
          input.by === undefined ? { next: true } : { by: input.by },
        ),
      ),
    ),
  /** Whether the workspace is one for practice, of which nothing leaves the house. */
  practice: action("clock.advance")
    .input(z.strictObject({ on: z.boolean() }))
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(await allowPractice(services.engine, askOf(services, person), input.on)),
    ),
});
