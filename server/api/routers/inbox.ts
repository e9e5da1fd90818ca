/** The rep's inbox: what to do next, one task as a card, and everything that can be done with it. */
import { z } from "zod";
import { findWork } from "@/db/queries/inbox.ts";
import { undoWork } from "@/server/commands/undo-work.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Plain } from "@/server/engine/model.ts";
import { decisionView } from "@/server/inbox/decision-view.ts";
import { readCard } from "@/server/inbox/read-card.ts";
import { readInbox } from "@/server/inbox/read-inbox.ts";
import { recordLabels } from "@/server/records/rules.ts";
import { actorOf } from "@/server/auth/person.ts";
import { scopeOf } from "../authorisation.ts";
import { ownersOf } from "../owners.ts";
import { orAbsent, orRefuse, refusalError } from "../errors.ts";
import { type Allowed, action, router } from "../procedure.ts";

const workId = z.string().regex(/^[\w-]{1,80}\.w\d{1,6}$/, "not the id of a task");
const plain: z.ZodType<Plain> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string().max(32_000), z.array(plain).max(200)]),
);
const values = z.record(z.string().max(130), plain);
const commandId = z
  .string()
  .regex(/^[\w-]{8,64}$/)
  .optional();

type WorkCommand = Extract<RunCommand, { work: string }>;
type Body = WorkCommand extends infer C
  ? C extends WorkCommand
    ? Omit<C, "id" | "workspaceId" | "runId" | "at" | "actor" | "work">
    : never
  : never;

const depsOf = ({ services: { store, engine } }: Allowed) => ({
  store,
  contexts: engine.contexts,
  labels: recordLabels,
});
const readerOf = ({ person, language }: Allowed) => ({
  memberId: person.memberId,
  workspaceId: person.workspaceId,
  processRoles: person.processRoles,
  zone: person.zone,
  locale: language,
});

/** Sends a command about one task. A task of somebody else answers like an absent one, unless the right reaches further. */
async function send(ctx: Allowed, id: string, key: string | undefined, body: Body) {
  const { services, person } = ctx;
  const [runId = "", work = ""] = id.split(".");
  const row = await findWork(services.store, person.workspaceId, runId, work);
  const mine =
    row &&
    (row.assignee === person.memberId || row.assignee === null || ctx.scope !== "own" || row.completedAt !== null);
  const item = orAbsent(mine ? row : null, "This task");
  const now = services.clock.now();
  const command = {
    id: key ?? services.newId("cmd"),
    workspaceId: person.workspaceId,
    runId,
    at: now,
    actor: actorOf(person),
    work,
    ...body,
  } as RunCommand;
  if (item.completedAt !== null) {
    // Perhaps by this very request, whose answer was lost on the way: then it is the same answer again.
    const known = key ? await services.engine.loop.submit(command) : null;
    if (known?.ok) return { ...known, at: now };
    if (known?.code === "IDEMPOTENCY_MISMATCH") throw refusalError(known);
    const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    const who = item.completedBy ? (context.directory.people.get(item.completedBy)?.name ?? null) : null;
    throw refusalError({
      code: "CONFLICT",
      text: who
        ? `${who} has done this task already. Nothing of yours was saved.`
        : "This task is not open any more. Nothing was saved.",
      details: { by: who, at: item.completedAt ?? null, outcome: item.outcome ?? null },
    });
  }
  return { ...orRefuse(await services.engine.loop.submit(command)), at: now };
}

export const inboxRouter = router({
  list: action("work.read").query(({ ctx }) => readInbox(depsOf(ctx), readerOf(ctx), ctx.services.clock.now())),
  card: action("work.read")
    .input(z.strictObject({ id: workId }))
    .query(async ({ ctx, input }) => {
      const card = await readCard(depsOf(ctx), readerOf(ctx), input.id, ctx.services.clock.now());
      const visible =
        card &&
        (ctx.scope === "all" ||
          card.mine ||
          card.assignee === null ||
          card.completedAt !== null ||
          ctx.person.roles.includes("manager"));
      const shown = orAbsent(visible ? card : null, "This task");
      return {
        ...shown,
        activity: shown.activity.map((one) =>
          one.what === "stuck" ? { ...one, detail: ctx.say(one.detail ?? "") } : one,
        ),
      };
    }),
  /** An approval as the page shows it that a mail leads to. Reading it decides nothing. */
  decision: action("work.read")
    .input(z.strictObject({ id: workId, of: z.number().int().positive().optional() }))
    .query(async ({ ctx, input }) => {
      const reach = scopeOf("records.read", ctx.person.roles);
      const owners = reach && (await ownersOf({ ...ctx, scope: reach }));
      const view = await decisionView(
        depsOf(ctx),
        readerOf(ctx),
        input,
        ctx.services.clock.now(),
        (owner) => reach !== null && (!owners || owner === null || owners.includes(owner)),
      );
      return orAbsent(view, "This request");
    }),
  begin: action("work.do")
    .input(z.strictObject({ id: workId }))
    .mutation(({ ctx, input }) => send(ctx, input.id, undefined, { type: "startWork" })),
  save: action("work.do")
    .input(z.strictObject({ id: workId, values }))
    .mutation(({ ctx, input }) => send(ctx, input.id, undefined, { type: "saveWork", values: input.values })),
  complete: action("work.do")
    .input(
      z.strictObject({
        id: workId,
        outcome: z.string().max(80).nullable(),
        values,
        checklist: z.array(z.string().max(64)).max(50).optional(),
        /** Of an approval: why, and which of its reasons. */
        comment: z.string().trim().max(4000).optional(),
        reason: z.string().max(120).optional(),
        commandId,
      }),
    )
    .mutation(({ ctx, input }) =>
      send(ctx, input.id, input.commandId, {
        type: "completeWork",
        outcome: input.outcome,
        values: input.values,
        ...(input.checklist && { checklist: input.checklist }),
        ...(input.comment && { comment: input.comment }),
        ...(input.reason && { reason: input.reason }),
      }),
    ),
  undo: action("work.undo")
    .input(z.strictObject({ id: workId }))
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(
        await undoWork(
          services.engine,
          { workspaceId: person.workspaceId, actor: actorOf(person), now: services.clock.now() },
          input.id,
        ),
      ),
    ),
  claim: action("work.do")
    .input(z.strictObject({ id: workId }))
    .mutation(({ ctx, input }) => send(ctx, input.id, undefined, { type: "assignWork", how: { kind: "claim" } })),
  release: action("work.do")
    .input(z.strictObject({ id: workId }))
    .mutation(({ ctx, input }) => send(ctx, input.id, undefined, { type: "assignWork", how: { kind: "release" } })),
  handOver: action("work.do")
    .input(z.strictObject({ id: workId, to: z.string().max(80), note: z.string().max(2000).optional() }))
    .mutation(({ ctx, input }) =>
      send(ctx, input.id, undefined, {
        type: "assignWork",
        how: { kind: "hand_over", to: input.to, ...(input.note && { note: input.note }) },
      }),
    ),
  assign: action("work.assign")
    .input(z.strictObject({ id: workId, to: z.string().max(80), note: z.string().max(2000).optional() }))
    .mutation(({ ctx, input }) =>
      send(ctx, input.id, undefined, {
        type: "assignWork",
        how: { kind: "hand_over", to: input.to, ...(input.note && { note: input.note }) },
      }),
    ),
  block: action("work.do")
    .input(z.strictObject({ id: workId, reason: z.string().trim().min(1).max(500) }))
    .mutation(({ ctx, input }) => send(ctx, input.id, undefined, { type: "pauseWork", reason: input.reason })),
  unblock: action("work.do")
    .input(z.strictObject({ id: workId }))
    .mutation(({ ctx, input }) => send(ctx, input.id, undefined, { type: "resumeWork" })),
  snooze: action("work.do")
    .input(
      z.strictObject({
        id: workId,
        until: z.number().int().positive().nullable(),
        reason: z.string().max(500).optional(),
      }),
    )
    .mutation(({ ctx, input }) =>
      send(ctx, input.id, undefined, {
        type: "snoozeWork",
        until: input.until,
        ...(input.reason && { reason: input.reason }),
      }),
    ),
  /** Who work can be handed to. */
  people: action("people.read").query(async ({ ctx: { services, person } }) => {
    const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    return [...context.directory.people.values()]
      .filter((p) => p.active)
      .map(({ id, name }) => ({ id, name }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }),
});
