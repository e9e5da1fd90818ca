/** API keys of the workspace. */
import { z } from "zod";
import { createKey, listKeys, longestKeyDays, revokeKey } from "@/server/auth/api-keys.ts";
import { actorOf } from "@/server/auth/person.ts";
import { actions } from "../authorisation.ts";
import { orAbsent } from "../errors.ts";
import { action, router } from "../procedure.ts";

const areas = [...new Set(actions.map((name) => `${name.split(".")[0]}.*`))];
const scope = z.enum(["*", ...areas, ...actions]);

export const keysRouter = router({
  list: action("keys.read").query(({ ctx: { services, person } }) => listKeys(services.store, person.workspaceId)),
  create: action("keys.create")
    .input(
      z.strictObject({
        name: z.string().trim().min(1).max(80),
        scopes: z.array(scope).min(1).max(60),
        days: z.number().int().min(1).max(longestKeyDays),
      }),
    )
    .mutation(({ ctx: { services, person }, input }) =>
      createKey(services.store, services.newId, services.engine.clocks.now(), {
        ...input,
        workspaceId: person.workspaceId,
        memberId: person.memberId,
      }),
    ),
  revoke: action("keys.revoke")
    .input(z.strictObject({ id: z.string().max(60) }))
    .mutation(async ({ ctx: { services, person }, input }) => {
      const revoked = await revokeKey(services.store, services.newId, services.engine.clocks.now(), {
        workspaceId: person.workspaceId,
        id: input.id,
        actor: actorOf(person),
      });
      return { id: orAbsent(revoked ? input.id : null, "This key") };
    }),
});
