/** Looking back: why a run is where it is and what would move it, and what it was at any past instant. */
import { z } from "zod";
import { runsByIds } from "@/db/queries/runs.ts";
import type { Store } from "@/db/store.ts";
import { findRecords } from "@/db/queries/records.ts";
import { readWhy } from "@/server/inbox/read-why.ts";
import { runAsOf } from "@/server/inbox/run-as-of.ts";
import { runStory } from "@/server/inbox/run-story.ts";
import { recordLabels } from "@/server/records/rules.ts";
import { orAbsent } from "../errors.ts";
import { ownersOf } from "../owners.ts";
import { type Allowed, action } from "../procedure.ts";

const id = z.string().regex(/^[\w-]{1,80}$/);
const instant = z.number().int().min(0).max(8.64e15);

/** The run with its log, as far as this person may see its record. */
async function seen(ctx: Allowed, runId: string) {
  const { services, person } = ctx;
  const now = services.clock.now();
  const story = await runStory(services.engine, person.workspaceId, runId, now);
  const owners = await ownersOf(ctx);
  const mine = story && (!owners || story.record.ownerId == null || owners.includes(story.record.ownerId));
  const context = await services.engine.contexts.get(person.workspaceId, now);
  return {
    story: orAbsent(mine ? story : null, "This run"),
    now,
    context,
    labels: recordLabels(ctx.language, context.fields),
    name: (member: string | null | undefined) => (member ? (context.directory.people.get(member)?.name ?? null) : null),
  };
}

/** Of the run that called it and of those it called then: which process, and where it can be looked at. */
async function kinOf(store: Store, workspaceId: string, runs: readonly string[], nameOf: (process: string) => string) {
  const rows = await runsByIds(store, workspaceId, runs);
  return rows.map(({ id: run, process, recordId }) => ({ run, recordId, processName: nameOf(process) }));
}

export const pastProcedures = {
  /** Why it is where it is, why not elsewhere, and what was tried on a copy and would move it. Changes nothing. */
  why: action("runs.read")
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }) => {
      const { services, person, say } = ctx;
      const { story, now, context, labels, name } = await seen(ctx, input.id);
      const around = Object.values(story.run.related).flatMap((to) => to ?? []);
      const titles = new Map(
        (await findRecords(services.store, person.workspaceId, [story.run.recordId, ...around])).map((r) => [
          r.id,
          r.title,
        ]),
      );
      const process = context.live.get(story.run.process)?.id ?? null;
      const title = (one: string) => titles.get(one) ?? null;
      return readWhy(services.engine, story, process, now, { name, labels, title, say });
    }),
  /** The run as it was at an instant, or right after one of its events; and what is different now. */
  asOf: action("runs.read")
    .input(z.strictObject({ id, at: instant.optional(), seq: z.number().int().min(1).optional() }))
    .query(async ({ ctx, input }) => {
      const { story, now, labels, name, context } = await seen(ctx, input.id);
      const asked = input.seq !== undefined ? { seq: input.seq } : { at: input.at ?? now };
      const view = runAsOf(story, asked, now, { name, labels, say: ctx.say });
      const { store } = ctx.services;
      const { workspaceId } = ctx.person;
      const kin = [view.parent, ...(view.state?.places ?? []).map(({ child }) => child)].flatMap((one) => one ?? []);
      return { ...view, kin: await kinOf(store, workspaceId, kin, (key) => context.live.get(key)?.name ?? key) };
    }),
};
