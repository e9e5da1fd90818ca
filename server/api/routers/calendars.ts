/** Calendars of the workspace with their revisions, and who is away. */
import { and, desc, eq, gte } from "drizzle-orm";
import { z } from "zod";
import { reviseCalendar } from "@/server/commands/revise-calendar.ts";
import { addDelegation, endDelegation } from "@/server/commands/save-delegation.ts";
import { addAbsence, removeAbsence } from "@/server/commands/save-absence.ts";
import { calendarSchema } from "@/server/engine/process.ts";
import { scopeOf } from "../authorisation.ts";
import { orAbsent, orRefuse } from "../errors.ts";
import { type Allowed, action, router } from "../procedure.ts";
import { askOf } from "./people.ts";

const id = z.string().min(1).max(60);
const instant = z.number().int().min(0).max(4_102_444_800_000);
/** `office`, or `deal.office` when it came with a process. */
const key = z.string().regex(/^[a-z][a-z0-9_]{0,63}(\.[a-z][a-z0-9_]{0,63})?$/i);

export const calendarsRouter = router({
  /** Newest revision first in each; `current` is the one that counts now. */
  list: action("calendars.read").query(async ({ ctx: { services, person } }) => {
    const { calendar } = services.store.t;
    const rows = await services.store.read
      .select()
      .from(calendar)
      .where(eq(calendar.workspaceId, person.workspaceId))
      .orderBy(calendar.name, calendar.key, desc(calendar.revision));
    const { calendars, live } = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    return [...new Set(rows.map((row) => row.key))].map((one) => {
      const revisions = rows.filter((row) => row.key === one);
      return {
        key: one,
        name: revisions[0]!.name,
        current: calendars.get(one)?.revision ?? null,
        revisions: revisions.map(({ revision, definition, validFrom }) => ({ revision, definition, validFrom })),
        usedBy: [...live.values()]
          .filter(({ key: process, compiled }) =>
            one.includes(".")
              ? one.startsWith(`${process}.`)
              : Object.hasOwn(compiled.document.calendars, one) && !calendars.has(`${process}.${one}`),
          )
          .map((process) => ({ id: process.id, name: process.name })),
      };
    });
  }),
  save: action("calendars.change")
    .input(
      z.strictObject({
        key,
        name: z.string().trim().min(1).max(80),
        definition: calendarSchema,
        validFrom: instant,
        isNew: z.boolean(),
      }),
    )
    .mutation(async ({ ctx: { services, person }, input: { isNew, ...calendar } }) =>
      orRefuse(await reviseCalendar(services.engine, askOf(services, person), calendar, isNew)),
    ),
});

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
    const { people } = (await services.engine.contexts.get(person.workspaceId, services.clock.now())).directory;
    return rows.map((row) => {
      const mayChange = reaches(ctx, people, row.memberId);
      return {
        id: row.id,
        memberId: row.memberId,
        name: people.get(row.memberId)?.name ?? row.memberId,
        from: row.from,
        to: row.to,
        reason: mayChange ? row.reason : null,
        mayChange,
      };
    });
  }),
  add: action("absences.change")
    .input(z.strictObject({ memberId: id, from: instant, to: instant, reason: z.string().trim().max(200) }))
    .mutation(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const { people } = (await services.engine.contexts.get(person.workspaceId, services.clock.now())).directory;
      orAbsent(people.has(input.memberId) && reaches(ctx, people, input.memberId) ? input : null, "This person");
      return orRefuse(await addAbsence(services.engine, askOf(services, person), input));
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
      const { people } = (await services.engine.contexts.get(person.workspaceId, services.clock.now())).directory;
      orAbsent(row && reaches(ctx, people, row.memberId) ? row : null, "This absence");
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
    const { people } = (await services.engine.contexts.get(person.workspaceId, services.clock.now())).directory;
    return rows.map((row) => {
      const mayChange = reaches(ctx, people, row.memberId);
      return {
        id: row.id,
        memberId: row.memberId,
        name: people.get(row.memberId)?.name ?? row.memberId,
        delegate: people.get(row.delegateId)?.name ?? row.delegateId,
        from: row.from,
        to: row.to,
        reason: mayChange || row.delegateId === person.memberId ? row.reason : null,
        mayChange,
      };
    });
  }),
  add: action("absences.change")
    .input(
      z.strictObject({
        memberId: id,
        delegateId: id,
        from: instant,
        to: instant,
        reason: z.string().trim().min(1).max(200),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const { people } = (await services.engine.contexts.get(person.workspaceId, services.clock.now())).directory;
      orAbsent(people.has(input.memberId) && reaches(ctx, people, input.memberId) ? input : null, "This person");
      return orRefuse(await addDelegation(services.engine, askOf(services, person), input));
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
      const { people } = (await services.engine.contexts.get(person.workspaceId, services.clock.now())).directory;
      orAbsent(row && reaches(ctx, people, row.memberId) ? row : null, "This handing over");
      return orRefuse(await endDelegation(services.engine, askOf(services, person), input.id));
    }),
});

type People = ReadonlyMap<string, { teamId: string | null; managerId: string | null }>;

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
