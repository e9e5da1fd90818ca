/** The people of the workspace, their roles and teams. */
import { eq } from "drizzle-orm";
import { z } from "zod";
import { actorOf, type Person } from "@/server/auth/person.ts";
import { passwordRule } from "@/server/auth/password.ts";
import { holdingsOf } from "@/db/queries/people.ts";
import { handOutWorkOf, handOverPerson } from "@/server/commands/hand-over-person.ts";
import { letSignIn } from "@/server/commands/let-sign-in.ts";
import { addMember, changeMember } from "@/server/commands/members.ts";
import { noteDeed } from "@/server/commands/note-deed.ts";
import type { WorkspaceContext } from "@/server/commands/workspace-context.ts";
import { membersOf } from "@/server/engine/work/assign.ts";
import { isZone } from "@/server/records/places.ts";
import type { Services } from "@/server/runtime/boot.ts";
import { roles } from "../authorisation.ts";
import { orAbsent, orRefuse, refusalError } from "../errors.ts";
import { action, router } from "../procedure.ts";

const id = z.string().min(1).max(60);
const password = z.string().min(passwordRule.min).max(passwordRule.max);
const shape = {
  name: z.string().trim().min(1).max(80),
  roles: z.array(z.enum(roles)).min(1).max(roles.length),
  processRoles: z.array(z.string().min(1).max(60)).max(40),
  teamId: id.nullable(),
  managerId: id.nullable(),
  zone: z.string().max(60).refine(isZone, "unknown time zone"),
  country: z.string().regex(/^[A-Z]{2}$/),
  locale: z.enum(["en", "vi"]),
};

export const peopleRouter = router({
  list: action("people.read").query(async ({ ctx: { services, person } }) => {
    const { member, team } = services.store.t;
    const [people, teams] = await Promise.all([
      services.store.read.select().from(member).where(eq(member.workspaceId, person.workspaceId)).orderBy(member.name),
      services.store.read.select().from(team).where(eq(team.workspaceId, person.workspaceId)).orderBy(team.name),
    ]);
    const { live } = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    const named = new Map(
      [...live.values()].flatMap(({ compiled }) =>
        Object.entries(compiled.document.roles).map(([key, role]) => [key, role.name ?? key] as const),
      ),
    );
    for (const key of people.flatMap((one) => one.processRoles)) if (!named.has(key)) named.set(key, key);
    return {
      people: people.map(({ userId, ...one }) => ({ ...one, signsIn: userId !== null })),
      teams,
      /** Roles that live processes name, and those people have. */
      processRoles: [...named].map(([key, name]) => ({ key, name })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
  }),
  /** Adds somebody who can sign in with this first password. */
  add: action("people.change")
    .input(z.strictObject({ ...shape, email: z.email().max(200), password }))
    .mutation(async ({ ctx: { services, person }, input: { password: first, ...who } }) => {
      const userId = await services.sessions.addUser({ email: who.email, name: who.name, password: first });
      if (!userId)
        throw refusalError({ code: "CONFLICT", text: "Somebody here has this e-mail already. Nobody was added." });
      const added = await addMember(services.engine, askOf(services, person), { ...who, userId });
      if (!added.ok) await services.sessions.removeUser(userId);
      return { id: orRefuse(added).id };
    }),
  change: action("people.change")
    .input(
      z.strictObject({
        id,
        patch: z
          .strictObject({
            ...shape,
            backupId: id.nullable(),
            capacityPerDay: z.number().int().min(0).max(1000).nullable(),
            skills: z.array(z.string().trim().min(1).max(60)).max(40),
            status: z.enum(["active", "inactive"]),
          })
          .partial(),
      }),
    )
    .mutation(async ({ ctx: { services, person }, input }) => {
      const ask = askOf(services, person);
      const changed = orRefuse(await changeMember(services.engine, ask, input.id, input.patch));
      if (changed.endSessions && changed.userId) await services.sessions.endAll(changed.userId);
      if (input.patch.status === "inactive") await handOutWorkOf(services.engine, ask, input.id);
      return { id: input.id };
    }),
  /** Gives somebody a new password and ends their sessions. */
  setPassword: action("people.change")
    .input(z.strictObject({ id, password }))
    .mutation(async ({ ctx: { services, person }, input }) => {
      const { member } = services.store.t;
      const people = await services.store.read
        .select({ id: member.id, userId: member.userId })
        .from(member)
        .where(eq(member.workspaceId, person.workspaceId));
      const { userId } = orAbsent(
        people.find((one) => one.id === input.id && one.userId),
        "This person",
      );
      if (userId) await services.sessions.setPassword(userId, input.password);
      await noteDeed(services.engine, askOf(services, person), { action: "people.setPassword", subject: input.id });
      return { id: input.id };
    }),
  /** Somebody who was only named so far may sign in with this first password. */
  letSignIn: action("people.change")
    .input(z.strictObject({ id, email: z.email().max(200), password }))
    .mutation(async ({ ctx: { services, person }, input }) => {
      const { people } = (await services.engine.contexts.get(person.workspaceId, services.clock.now())).directory;
      const named = orAbsent(people.get(input.id), "This person");
      const userId = await services.sessions.addUser({
        email: input.email,
        name: named.name,
        password: input.password,
      });
      if (!userId)
        throw refusalError({ code: "CONFLICT", text: "Somebody here has this e-mail already. Nothing was changed." });
      const tied = await letSignIn(services.engine, askOf(services, person), { ...input, userId });
      if (!tied.ok) await services.sessions.removeUser(userId);
      orRefuse(tied);
      return { id: input.id };
    }),
  /** What hangs on somebody: to be looked at, and given over, before they are deactivated. */
  holdings: action("people.handOver")
    .input(z.strictObject({ id }))
    .query(async ({ ctx: { services, person }, input }) => {
      const now = services.clock.now();
      const context = await services.engine.contexts.get(person.workspaceId, now);
      orAbsent(context.directory.people.get(input.id), "This person");
      const held = await holdingsOf(services.store, person.workspaceId, input.id, now);
      return {
        work: held.work.map(({ runId, work, title }) => ({ id: `${runId}.${work}`, title })),
        records: held.records,
        processes: held.processes.map((one) => ({ id: one.id, name: one.name })),
        queues: held.queues.map((one) => one.name),
        rules: held.ruled.map((one) => one.name),
        approvals: approvalsOf(context, input.id),
        teams: held.teams.map((one) => one.name),
        reports: held.reports.map((one) => one.name),
        backupOf: held.backupOf.map((one) => one.name),
        keys: held.keys.map((one) => one.name),
        onlyIn: held.onlyIn,
      };
    }),
  /** Gives all of it to a colleague and, when asked, deactivates the person. */
  handOver: action("people.handOver")
    .input(z.strictObject({ id, to: id, tasks: z.enum(["to", "by_rule"]).default("to"), deactivate: z.boolean() }))
    .mutation(async ({ ctx: { services, person, say }, input }) => {
      const ask = askOf(services, person);
      const given = orRefuse(await handOverPerson(services.engine, ask, input.id, input.to, input.tasks));
      if (input.deactivate) {
        const changed = orRefuse(await changeMember(services.engine, ask, input.id, { status: "inactive" }));
        if (changed.endSessions && changed.userId) await services.sessions.endAll(changed.userId);
      }
      const kept = given.kept.map((one) => ({ ...one, text: say(one.text) }));
      return { work: given.work, records: given.records, kept };
    }),
});

/** The approvals of live processes that come to this person: by their role, or by the queue of it. */
const approvalsOf = ({ live, directory }: WorkspaceContext, member: string) =>
  [...live.values()].flatMap(({ id: process, name, compiled }) =>
    compiled.document.nodes.flatMap((node) => {
      const queue = node.role ? compiled.document.roles[node.role]?.queue : undefined;
      const comes = node.role && membersOf({ world: { directory } }, node.role, queue ?? null).includes(member);
      return node.kind === "approval" && comes ? { process, name, step: node.name || node.id } : [];
    }),
  );

/** How a verb is told who asks, and when. */
export const askOf = (services: Services, person: Person) => ({
  workspaceId: person.workspaceId,
  actor: actorOf(person),
  now: services.clock.now(),
});
