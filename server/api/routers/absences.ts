/** What is said of a person for some days: away, or approvals handed over to a colleague. */
import { and, eq, gte } from "drizzle-orm";
import { z } from "zod";
import { addAbsence, removeAbsence } from "@/server/commands/save-absence.ts";
import { addDelegation, endDelegation } from "@/server/commands/save-delegation.ts";
import { scopeOf } from "../authorisation.ts";
import { orAbsent, orRefuse } from "../errors.ts";
import { type Allowed, action, router } from "../procedure.ts";
import { askOf } from "./people.ts";

const id = z.string().min(1).max(60);
const instant = z.number().int().min(0).max(4_102_444_800_000);
const span = { memberId: id, from: instant, to: instant };

export const absencesRouter = router({
  /** Running and coming absences. Why somebody is away is told only to those who may change it. */
  list: action("people.read").query(async ({ ctx }) => {
    const { services, person } = ctx;
    const { absence } = services.store.t;
    const rows = await services.store.read
      .select()
      .from(absence)
      .where(and(eq(absence.workspaceId, person.workspaceId), gte(absence.to, services.clock.now())))
      .orderBy(absence.from);
    const people = await peopleOf(ctx);
    return rows.map((row) => told(ctx, people, row));
  }),
  add: action("absences.change")
    .input(z.strictObject({ ...span, reason: z.string().trim().max(200) }))
    .mutation(async ({ ctx, input }) => {
      await mustReach(ctx, input.memberId, "This person");
      return orRefuse(await addAbsence(ctx.services.engine, askOf(ctx.services, ctx.person), input));
    }),
  remove: action("absences.change")
    .input(z.strictObject({ id }))
    .mutation(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const { absence } = services.store.t;
      const [row] = await services.store.read
        .select()
        .from(absence)
        .where(and(eq(absence.workspaceId, person.workspaceId), eq(absence.id, input.id)));
      await mustReach(ctx, row?.memberId, "This absence");
      return orRefuse(await removeAbsence(services.engine, askOf(services, person), input.id));
    }),
});

/** Who decides on whose approvals for a time. */
export const delegationsRouter = router({
  /** Running and coming ones. Why is told to both, and to who may change it. */
  list: action("people.read").query(async ({ ctx }) => {
    const { services, person } = ctx;
    const { delegation } = services.store.t;
    const rows = await services.store.read
      .select()
      .from(delegation)
      .where(and(eq(delegation.workspaceId, person.workspaceId), gte(delegation.to, services.clock.now())))
      .orderBy(delegation.from);
    const people = await peopleOf(ctx);
    return rows.map((row) => ({
      ...told(ctx, people, row, row.delegateId),
      delegate: people.get(row.delegateId)?.name ?? row.delegateId,
    }));
  }),
  add: action("absences.change")
    .input(z.strictObject({ ...span, delegateId: id, reason: z.string().trim().min(1).max(200) }))
    .mutation(async ({ ctx, input }) => {
      await mustReach(ctx, input.memberId, "This person");
      return orRefuse(await addDelegation(ctx.services.engine, askOf(ctx.services, ctx.person), input));
    }),
  end: action("absences.change")
    .input(z.strictObject({ id }))
    .mutation(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const { delegation } = services.store.t;
      const [row] = await services.store.read
        .select()
        .from(delegation)
        .where(and(eq(delegation.workspaceId, person.workspaceId), eq(delegation.id, input.id)));
      await mustReach(ctx, row?.memberId, "This handing over");
      return orRefuse(await endDelegation(services.engine, askOf(services, person), input.id));
    }),
});

type People = Awaited<ReturnType<typeof peopleOf>>;

const peopleOf = async ({ services, person }: Allowed) =>
  (await services.engine.contexts.get(person.workspaceId, services.clock.now())).directory.people;

/** A row as its reader may see it: the reason is for those who may change it, and for `alsoTo`. */
function told(
  ctx: Allowed,
  people: People,
  row: { id: string; memberId: string; from: number; to: number; reason: string },
  alsoTo?: string,
) {
  const mayChange = reaches(ctx, people, row.memberId);
  return {
    id: row.id,
    memberId: row.memberId,
    name: people.get(row.memberId)?.name ?? row.memberId,
    from: row.from,
    to: row.to,
    reason: mayChange || alsoTo === ctx.person.memberId ? row.reason : null,
    mayChange,
  };
}

/** Somebody out of reach answers like somebody who does not exist: `what` is not there. */
async function mustReach(ctx: Allowed, memberId: string | undefined, what: string): Promise<void> {
  const people = await peopleOf(ctx);
  const within = memberId !== undefined && people.has(memberId) && reaches(ctx, people, memberId);
  orAbsent(within ? memberId : null, what);
}

/** Oneself, one's team and reports, or everybody: as far as the right goes. */
function reaches({ person }: Allowed, people: People, memberId: string): boolean {
  const scope = scopeOf("absences.change", person.roles);
  if (scope === "all" || memberId === person.memberId) return scope !== null;
  const other = people.get(memberId);
  return (
    scope === "team" &&
    !!other &&
    (other.managerId === person.memberId || (other.teamId !== null && other.teamId === person.teamId))
  );
}
