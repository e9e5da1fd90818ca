/** Queues: who is in them and how they pick, what they handed out with the proof of each pick, and evening out open work. */
import { eq } from "drizzle-orm";
import { z } from "zod";
import { openWorkOf } from "@/db/queries/picks.ts";
import { findRecord } from "@/db/queries/records.ts";
import { moveWork } from "@/server/commands/move-work.ts";
import { removeQueue, saveQueue } from "@/server/commands/save-queue.ts";
import { identifier, processSchema } from "@/server/engine/process.ts";
import { membersOf } from "@/server/engine/work/assign.ts";
import { queueSettingsSchema } from "@/server/engine/work/queue-settings.ts";
import { ledgerCsv } from "@/server/routing/ledger-csv.ts";
import { levelLoad } from "@/server/routing/level-load.ts";
import { pickNames } from "@/server/routing/pick-names.ts";
import { readLedger } from "@/server/routing/read-ledger.ts";
import { peopleOfQueue } from "@/server/routing/queue-people.ts";
import { tellPick } from "@/server/routing/tell-pick.ts";
import { tryPick } from "@/server/routing/try-pick.ts";
import { orAbsent, orRefuse, refusalError } from "../errors.ts";
import { ownersOf } from "../owners.ts";
import { type Allowed, action, router } from "../procedure.ts";
import { askOf } from "./people.ts";

const id = z.string().min(1).max(60);
const name = z.string().trim().min(1).max(80);
const instant = z.number().int().min(0).max(8e15);
const workId = z.string().regex(/^[\w-]{1,80}\.w\d{1,6}$/, "not the id of a task");
/** One queue, or everybody of one team. */
const whose = z.union([z.strictObject({ queue: identifier }), z.strictObject({ team: id })]);
const ledger = z.strictObject({ key: identifier, from: instant, to: instant });

const queuesOf = ({ services: { store }, person }: Allowed) =>
  store.read
    .select()
    .from(store.t.queue)
    .where(eq(store.t.queue.workspaceId, person.workspaceId))
    .orderBy(store.t.queue.name);

const contextOf = ({ services, person }: Allowed) =>
  services.engine.contexts.get(person.workspaceId, services.clock.now());

async function ledgerOf(ctx: Allowed, input: z.infer<typeof ledger>, limit: number) {
  const queues = await queuesOf(ctx);
  const queue = orAbsent(
    queues.find(({ key }) => key === input.key),
    "This queue",
  );
  const context = await contextOf(ctx);
  const names = pickNames(context, new Map(queues.map((one) => [one.key, one.name])));
  const asked = { ...input, queue, workspaceId: ctx.person.workspaceId, limit };
  return { queue, ...(await readLedger(ctx.services.store, context, names, asked)) };
}

export const queuesRouter = router({
  /** Every queue with the live processes that take work from it. */
  list: action("queues.read").query(async ({ ctx }) => {
    const { live, directory } = await contextOf(ctx);
    return (await queuesOf(ctx)).map(({ key, name: title, members, settings }) => ({
      key,
      name: title,
      members,
      settings: settings ?? {},
      open: members.reduce((sum, one) => sum + (directory.open.get(one) ?? 0), 0),
      usedBy: [...live.values()]
        .filter((process) => Object.hasOwn(process.compiled.document.queues, key))
        .map((process) => ({
          id: process.id,
          name: process.name,
          strategy: process.compiled.document.queues[key]!.strategy,
        })),
    }));
  }),
  save: action("queues.change")
    .input(
      z.strictObject({
        key: identifier,
        name,
        members: z.array(id).max(200),
        settings: queueSettingsSchema.optional(),
        isNew: z.boolean(),
      }),
    )
    .mutation(async ({ ctx: { services, person }, input: { isNew, ...queue } }) =>
      orRefuse(await saveQueue(services.engine, askOf(services, person), queue, isNew)),
    ),
  remove: action("queues.change")
    .input(z.strictObject({ key: identifier }))
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(await removeQueue(services.engine, askOf(services, person), input.key)),
    ),
  /** What a queue handed out in a period: the share of each person against their weight, and the newest picks with their proof. */
  ledger: action("queues.read")
    .input(ledger)
    .query(async ({ ctx, input }) => {
      const { queue, shares, picks } = await ledgerOf(ctx, input, 100);
      return { key: queue.key, name: queue.name, shares, picks };
    }),
  exportLedger: action("queues.export")
    .input(ledger)
    .query(async ({ ctx, input }) => {
      const { picks } = await ledgerOf(ctx, input, 20_001);
      return { csv: ledgerCsv(picks.slice(0, 20_000), ctx.language), complete: picks.length <= 20_000 };
    }),
  /** Who would get the work of a role or step for a record, at an instant, by this drawing. Nothing is changed; it is asked like a change, for a drawing is too long for an address. */
  try: action("processes.test")
    .input(
      z.strictObject({
        document: processSchema,
        role: identifier,
        node: identifier.nullable(),
        record: z.string().min(1).max(120),
        at: instant.nullable(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const record = orAbsent(await findRecord(services.store, person.workspaceId, input.record), "This record");
      if (record.type !== input.document.recordType)
        throw refusalError({ code: "INVALID", text: "This process is not about records of this type." });
      const now = services.clock.now();
      const pick = await tryPick(services.engine, {
        workspaceId: person.workspaceId,
        document: input.document,
        role: input.role,
        node: input.node,
        record,
        at: input.at ?? now,
        now,
      });
      const queues = await queuesOf(ctx);
      const names = pickNames(await contextOf(ctx), new Map(queues.map((one) => [one.key, one.name])), input.document);
      return tellPick(pick, names);
    }),
  /** Who of a queue or team has how much open, and which tasks would move where. */
  plan: action("work.assign")
    .input(
      z.strictObject({
        of: whose,
        from: id.nullable(),
        to: id.nullable(),
        most: z.number().int().min(0).max(500),
      }),
    )
    .query(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const context = await contextOf(ctx);
      const now = services.clock.now();
      const reach = await ownersOf(ctx);
      const queue =
        "queue" in input.of
          ? orAbsent(
              (await queuesOf(ctx)).find(({ key }) => "queue" in input.of && key === input.of.queue),
              "This queue",
            )
          : null;
      const inTeam = [...context.directory.people.values()].filter(
        (one) => "team" in input.of && one.teamId === input.of.team,
      );
      const open = await openWorkOf(services.store, {
        workspaceId: person.workspaceId,
        ...(queue ? { queue: queue.key } : { members: inTeam.map((one) => one.id) }),
        limit: 5000,
      });
      // Whoever has work of the queue is in it, also one who is no longer listed.
      const members = queue ? peopleOfQueue(context, queue) : inTeam.map((one) => one.id);
      const ids = new Set([...members, ...open.flatMap((row) => row.assignee ?? [])]);
      const people = [...ids].flatMap((one) => {
        const known = context.directory.people.get(one);
        if (!known || (reach && !reach.includes(one))) return [];
        const away = known.absences.some((a) => a.from <= now && now < a.to);
        const weight = !members.includes(one) ? 0 : (queue?.settings?.weights?.[one] ?? 1);
        return { id: one, name: known.name, weight, available: known.active && !away, away, active: known.active };
      });
      const tasks = open
        .filter((row) => people.some((one) => one.id === row.assignee))
        .map((row) => ({
          id: `${row.runId}.${row.work}`,
          title: row.title,
          step: context.live.get(row.process)?.compiled.nodes.get(row.node)?.node.name ?? row.node,
          assignee: row.assignee!,
          // Whoever may approve is a matter of the request: such a task is moved one by one.
          begun: row.startedAt != null || row.approval,
          dueAt: row.dueAt ?? null,
          offeredAt: row.offeredAt,
          takers: membersOf({ world: context }, row.role, row.queue),
        }));
      const moves = levelLoad(people, tasks, input);
      const count = (
        list: { [K in "assignee" | "from" | "to"]?: string }[],
        key: "assignee" | "from" | "to",
        who: string,
      ) => list.filter((one) => one[key] === who).length;
      return {
        people: people.map((one) => ({
          ...one,
          open: count(tasks, "assignee", one.id),
          movable: tasks.filter((task) => task.assignee === one.id && !task.begun).length,
          after: count(tasks, "assignee", one.id) + count(moves, "to", one.id) - count(moves, "from", one.id),
        })),
        moves: moves.map((move) => {
          const task = tasks.find((one) => one.id === move.id)!;
          return { ...move, title: task.title, step: task.step, dueAt: task.dueAt };
        }),
      };
    }),
  /** Moves these tasks; the same with `from` and `to` the other way round takes it back. */
  move: action("work.assign")
    .input(
      z.strictObject({
        moves: z
          .array(z.strictObject({ id: workId, from: id, to: id }))
          .min(1)
          .max(500),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const reach = await ownersOf(ctx);
      const { people } = (await contextOf(ctx)).directory;
      for (const who of input.moves.flatMap(({ from, to }) => [from, to]))
        orAbsent(people.has(who) && (!reach || reach.includes(who)) ? who : null, "This person");
      const { moved, left } = await moveWork(ctx.services.engine, askOf(ctx.services, ctx.person), input.moves);
      return { moved, left: left.map((one) => ({ ...one, text: ctx.say(one.text) })) };
    }),
});
