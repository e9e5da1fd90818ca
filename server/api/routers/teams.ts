/** Teams and queues of the workspace. */
import { eq } from "drizzle-orm";
import { z } from "zod";
import { removeQueue, saveQueue } from "@/server/commands/save-queue.ts";
import { removeTeam, saveTeam } from "@/server/commands/save-team.ts";
import { identifier } from "@/server/engine/process.ts";
import { isZone } from "@/server/records/places.ts";
import { orRefuse } from "../errors.ts";
import { action, router } from "../procedure.ts";
import { askOf } from "./people.ts";

const id = z.string().min(1).max(60);
const name = z.string().trim().min(1).max(80);
const queueKey = identifier;

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

export const queuesRouter = router({
  /** Every queue with the live processes that take work from it. */
  list: action("settings.read").query(async ({ ctx: { services, person } }) => {
    const { queue } = services.store.t;
    const rows = await services.store.read
      .select()
      .from(queue)
      .where(eq(queue.workspaceId, person.workspaceId))
      .orderBy(queue.name);
    const { live } = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    return rows.map(({ key, name: title, members }) => ({
      key,
      name: title,
      members,
      usedBy: [...live.values()]
        .filter((process) => Object.hasOwn(process.compiled.document.queues, key))
        .map((process) => ({ id: process.id, name: process.name })),
    }));
  }),
  save: action("queues.change")
    .input(z.strictObject({ key: queueKey, name, members: z.array(id).max(200), isNew: z.boolean() }))
    .mutation(async ({ ctx: { services, person }, input: { isNew, ...queue } }) =>
      orRefuse(await saveQueue(services.engine, askOf(services, person), queue, isNew)),
    ),
  remove: action("queues.change")
    .input(z.strictObject({ key: queueKey }))
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(await removeQueue(services.engine, askOf(services, person), input.key)),
    ),
});
