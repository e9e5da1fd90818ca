/** Who I am. */
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
  })),
});
