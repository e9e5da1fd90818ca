/** Teams of the workspace. */
import { z } from "zod";
import { removeTeam, saveTeam } from "@/server/commands/save-team.ts";
import { isZone } from "@/server/records/places.ts";
import { orRefuse } from "../errors.ts";
import { action, router } from "../procedure.ts";
import { askOf } from "./people.ts";

const id = z.string().min(1).max(60);
const name = z.string().trim().min(1).max(80);

export const teamsRouter = router({
  save: action("teams.change")
    .input(
      z.strictObject({
        id: id.nullable(),
        name,
        managerId: id.nullable(),
        zone: z.string().max(60).refine(isZone, "unknown time zone"),
        calendar: z.string().max(130).nullable(),
      }),
    )
    .mutation(async ({ ctx: { services, person }, input: { id: team, ...input } }) =>
      orRefuse(await saveTeam(services.engine, askOf(services, person), team, input)),
    ),
  remove: action("teams.change")
    .input(z.strictObject({ id }))
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(await removeTeam(services.engine, askOf(services, person), input.id)),
    ),
});
