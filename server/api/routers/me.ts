/** Who I am, and how I like to see things. */
import { z } from "zod";
import { changeMember } from "@/server/commands/members.ts";
import { isZone } from "@/server/records/places.ts";
import { actions, scopeOf } from "../authorisation.ts";
import { orRefuse } from "../errors.ts";
import { askOf } from "./people.ts";
import { action, router } from "../procedure.ts";

export const meRouter = router({
  read: action("me.read").query(({ ctx: { person, services } }) => ({
    workspaceId: person.workspaceId,
    memberId: person.memberId,
    name: person.name,
    email: person.email,
    roles: person.roles,
    processRoles: person.processRoles,
    teamId: person.teamId,
    zone: person.zone,
    locale: person.locale,
    theme: person.theme,
    demo: services.demo,
    /** What this person may do, by the names of the authorisation table: screens offer only that. */
    may: actions.filter((name) => scopeOf(name, person.roles) !== null),
  })),
  change: action("me.change")
    .input(
      z
        .strictObject({
          locale: z.enum(["en", "vi"]),
          theme: z.enum(["light", "dark", "system"]),
          zone: z.string().max(60).refine(isZone, "unknown time zone"),
        })
        .partial(),
    )
    .mutation(async ({ ctx: { services, person }, input }) => {
      orRefuse(await changeMember(services.engine, askOf(services, person), person.memberId, input));
      return { memberId: person.memberId };
    }),
});
