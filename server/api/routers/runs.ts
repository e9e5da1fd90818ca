/** Runs: started by hand, cancelled. */
import { z } from "zod";
import { findRecord } from "@/db/queries/records.ts";
import { findRun } from "@/db/queries/runs.ts";
import { actorOf } from "@/server/auth/person.ts";
import { orAbsent, orRefuse, refusalError } from "../errors.ts";
import { action, router } from "../procedure.ts";

const id = z.string().regex(/^[\w-]{1,80}$/);

export const runsRouter = router({
  start: action("runs.start")
    .input(
      z.strictObject({
        process: z.string().max(64),
        recordId: id,
        commandId: z
          .string()
          .regex(/^[\w-]{8,64}$/)
          .optional(),
      }),
    )
    .mutation(async ({ ctx: { services, person }, input }) => {
      const now = services.clock.now();
      const record = orAbsent(await findRecord(services.store, person.workspaceId, input.recordId), "This record");
      const live = orAbsent(
        (await services.engine.contexts.get(person.workspaceId, now)).live.get(input.process),
        "This process",
      );
      if (live.recordType !== record.type)
        throw refusalError({
          code: "INVALID",
          text: `${live.name} takes a ${live.recordType}, not a ${record.type}. Nothing was started.`,
        });
      const commandId = input.commandId ?? services.newId("cmd");
      // The run's id follows from the command, so that a repeated request is about the same run.
      const runId = `run_${commandId.replace(/^cmd_/, "")}`;
      return orRefuse(
        await services.engine.loop.submit({
          id: commandId,
          workspaceId: person.workspaceId,
          runId,
          at: now,
          actor: actorOf(person),
          type: "startRun",
          process: live.key,
          version: live.version,
          recordType: record.type,
          recordId: record.id,
          trigger: { event: "manual", at: now },
        }),
      );
    }),
  cancel: action("runs.cancel")
    .input(z.strictObject({ id, reason: z.string().trim().min(1).max(500) }))
    .mutation(async ({ ctx: { services, person }, input }) => {
      orAbsent(await findRun(services.store, person.workspaceId, input.id), "This run");
      return orRefuse(
        await services.engine.loop.submit({
          id: services.newId("cmd"),
          workspaceId: person.workspaceId,
          runId: input.id,
          at: services.clock.now(),
          actor: actorOf(person),
          type: "cancelRun",
          reason: input.reason,
        }),
      );
    }),
});
