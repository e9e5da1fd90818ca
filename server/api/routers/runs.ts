/** Runs: started by hand, cancelled, moved against what is drawn, sent a message. */
import { z } from "zod";
import { findRecord } from "@/db/queries/records.ts";
import { findRun } from "@/db/queries/runs.ts";
import { actorOf } from "@/server/auth/person.ts";
import { runsOfRecord } from "@/db/queries/runs.ts";
import type { CommandOf } from "@/server/engine/commands.ts";
import type { Plain } from "@/server/engine/model.ts";
import { orAbsent, orRefuse, refusalError } from "../errors.ts";
import { scopeOf } from "../authorisation.ts";
import { ownersOf } from "../owners.ts";
import { action, type Allowed, router } from "../procedure.ts";
import { pastProcedures } from "./past.ts";

const id = z.string().regex(/^[\w-]{1,80}$/);
const commandId = z
  .string()
  .regex(/^[\w-]{8,64}$/)
  .optional();
const token = z.string().regex(/^t\d{1,9}$/);
const node = z.string().regex(/^[a-z]\w{0,63}$/i);
const reason = z.string().trim().min(1).max(500);
const plain: z.ZodType<Plain> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.string().max(32_000),
    z.array(plain).max(1000),
    z.record(z.string().max(64), plain),
  ]),
);
const how = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("jump"), token, to: node }),
  z.strictObject({ kind: z.literal("skip"), token, port: node.optional() }),
  z.strictObject({ kind: z.literal("add"), node }),
  z.strictObject({ kind: z.literal("add_item"), token, item: plain }),
]);

export const runsRouter = router({
  ...pastProcedures,
  start: action("runs.start")
    .input(
      z.strictObject({
        process: z.string().max(64),
        recordId: id,
        commandId,
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
  suspend: action("runs.suspend")
    .input(z.strictObject({ id, reason, clocks: z.enum(["pause", "go_on"]).default("go_on"), commandId }))
    .mutation(async ({ ctx, input: { reason: why, clocks, ...run } }) =>
      toRun(ctx, run, { type: "suspendRun", reason: why, clocks }),
    ),
  resume: action("runs.resume")
    .input(z.strictObject({ id, commandId }))
    .mutation(async ({ ctx, input }) => toRun(ctx, input, { type: "resumeRun" })),
  /** Takes a request for approval back. The engine lets its requester and the record's owner; who may cancel runs may too. */
  withdraw: action("work.do")
    .input(z.strictObject({ id, token, reason: z.string().trim().max(500).optional(), commandId }))
    .mutation(async ({ ctx: { services, person }, input }) => {
      orAbsent(await findRun(services.store, person.workspaceId, input.id), "This run");
      return orRefuse(
        await services.engine.loop.submit({
          id: input.commandId ?? services.newId("cmd"),
          workspaceId: person.workspaceId,
          runId: input.id,
          at: services.clock.now(),
          actor: actorOf(person),
          type: "withdrawApproval",
          token: input.token,
          ...(input.reason && { reason: input.reason }),
          ...(scopeOf("runs.cancel", person.roles) && { forced: true }),
        }),
      );
    }),
  /** Moves a run against what is drawn, with the reason: it stands in its history as a deviation. */
  jump: action("runs.jump")
    .input(z.strictObject({ id, how, reason, commandId }))
    .mutation(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const found = await findRun(services.store, person.workspaceId, input.id);
      const owners = await ownersOf(ctx);
      const record = found && (await findRecord(services.store, person.workspaceId, found.recordId));
      const run = orAbsent(
        !owners || record?.ownerId == null || owners.includes(record.ownerId) ? found : null,
        "This run",
      );
      const { how } = input;
      const item =
        how.kind === "add_item" && run.tokens[how.token]?.loop?.records
          ? await findRecord(services.store, person.workspaceId, String(how.item))
          : undefined;
      if (item === null)
        throw refusalError({ code: "INVALID", text: "There is no such record to add. Nothing was added." });
      return orRefuse(
        await services.engine.loop.submit({
          id: input.commandId ?? services.newId("cmd"),
          workspaceId: person.workspaceId,
          runId: run.id,
          at: services.clock.now(),
          actor: actorOf(person),
          type: "jump",
          how: how.kind === "skip" ? { kind: "skip", token: how.token, ...(how.port && { port: how.port }) } : how,
          reason: input.reason,
        }),
      );
    }),
  /** A message for a run, or for the open runs of a record: each that waits for such a one takes it or keeps it. */
  message: action("runs.message")
    .input(
      z
        .strictObject({
          recordId: id.optional(),
          runId: id.optional(),
          event: z.string().trim().min(1).max(80),
          key: z.union([z.string().max(200), z.number(), z.boolean()]).optional(),
          payload: z.record(z.string().max(64), plain).default({}),
          commandId,
        })
        .refine(({ recordId, runId }) => (recordId === undefined) !== (runId === undefined), "a record or a run"),
    )
    .mutation(async ({ ctx: { services, person }, input: { recordId, runId, commandId, ...message } }) => {
      const { store, engine, clock } = services;
      const { workspaceId } = person;
      const runs = runId
        ? [orAbsent(await findRun(store, workspaceId, runId), "This run").id]
        : (
            await runsOfRecord(
              store,
              workspaceId,
              orAbsent(await findRecord(store, workspaceId, recordId ?? ""), "This record").id,
            )
          )
            .filter((run) => run.endedAt === null)
            .map((run) => run.id);
      const command = commandId ?? services.newId("cmd");
      const answers = await Promise.all(
        runs.map(async (run) =>
          engine.loop.submit({
            // The same request names the same command of each run.
            id: runs.length > 1 ? `${command}.${run}` : command,
            workspaceId,
            runId: run,
            at: clock.now(),
            actor: actorOf(person),
            type: "receiveMessage",
            event: message.event,
            payload: message.payload,
            ...(message.key !== undefined && { key: message.key }),
          }),
        ),
      );
      const taken = answers.filter((answer) => answer.ok);
      const [refused] = answers.filter((answer) => !answer.ok);
      if (taken.length === 0) {
        if (refused) orRefuse(refused);
        throw refusalError({
          code: "INVALID",
          text: "No open run of this record waits for such a message. It was not taken.",
        });
      }
      return { runs: taken.length };
    }),
});

async function toRun(
  { services, person }: Allowed,
  { id: runId, commandId: given }: { id: string; commandId?: string | undefined },
  command: Pick<CommandOf<"suspendRun">, "type" | "reason" | "clocks"> | Pick<CommandOf<"resumeRun">, "type">,
) {
  orAbsent(await findRun(services.store, person.workspaceId, runId), "This run");
  return orRefuse(
    await services.engine.loop.submit({
      id: given ?? services.newId("cmd"),
      workspaceId: person.workspaceId,
      runId,
      at: services.clock.now(),
      actor: actorOf(person),
      ...command,
    }),
  );
}
