/** Where runs are stuck, and letting them try again. */
import { z } from "zod";
import { incidentGroups, openIncidents } from "@/db/queries/incidents.ts";
import { findRun } from "@/db/queries/runs.ts";
import { lookAtIncident } from "@/server/commands/look-at-incident.ts";
import { type RetryHow, retryIncidents } from "@/server/commands/retry-incidents.ts";
import type { Plain } from "@/server/engine/model.ts";
import { orAbsent } from "../errors.ts";
import { action, type Allowed, router } from "../procedure.ts";
import { askOf } from "./people.ts";

const id = z.string().regex(/^[\w-]{1,80}$/);
const plain: z.ZodType<Plain> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string().max(32_000), z.array(plain).max(200)]),
);
const incidentId = z.string().regex(/^i\d{1,6}$/);
const filter = {
  process: z.string().max(80).optional(),
  node: z.string().max(80).optional(),
  code: z.string().max(80).optional(),
};

export const incidentsRouter = router({
  list: action("incidents.read")
    .input(z.strictObject({ ...filter, limit: z.number().int().min(1).max(500).default(100) }))
    .query(async ({ ctx: { services, person, say }, input: { limit, ...asked } }) => {
      const { store, engine, clock } = services;
      const { workspaceId } = person;
      const [{ rows, total }, groups, context] = await Promise.all([
        openIncidents(store, workspaceId, asked, limit),
        incidentGroups(store, workspaceId),
        engine.contexts.get(workspaceId, clock.now()),
      ]);
      const version = async (key: string, number: number) => engine.contexts.version(workspaceId, key, number);
      const incidents = await Promise.all(
        rows.map(async (row) => {
          const drawn = await version(row.process, row.version);
          const live = context.live.get(row.process);
          return {
            ...row,
            text: say(row.text),
            id: `${row.runId}.${row.incident}`,
            processId: live?.id ?? null,
            processName: drawn?.document.name ?? row.process,
            stepName: drawn?.nodes.get(row.node)?.node.name || row.node,
            /** A newer version is live: a retry goes on in the old one. */
            newer: live && live.version > row.version ? live.version : null,
            owner: context.directory.people.get(context.owners.get(row.process) ?? "")?.name ?? null,
          };
        }),
      );
      return {
        incidents,
        total,
        groups: groups.map((group) => {
          const document = context.live.get(group.process)?.compiled.document;
          return {
            ...group,
            processName: document?.name ?? group.process,
            stepName: document?.nodes.find((node) => node.id === group.node)?.name || group.node,
          };
        }),
      };
    }),
  count: action("incidents.read").query(async ({ ctx: { services, person } }) => ({
    open: (await incidentGroups(services.store, person.workspaceId)).reduce((sum, group) => sum + group.n, 0),
  })),
  /** What failed and what it reads, for whoever wants to put that right. */
  look: action("incidents.read")
    .input(z.strictObject({ id, incident: incidentId }))
    .query(async ({ ctx: { services, person, language }, input }) =>
      orAbsent(
        await lookAtIncident(services.engine, {
          workspaceId: person.workspaceId,
          runId: input.id,
          incident: input.incident,
          language,
          now: services.clock.now(),
        }),
        "This incident",
      ),
    ),
  /**
   * One run's incident, tried again: with the same action, from the start of its step or of the run. Tells whether the run went on or
   * stands before another incident.
   */
  retry: action("incidents.retry")
    .input(
      z.strictObject({
        id,
        incident: incidentId,
        how: z.enum(["action", "step", "run"]).default("action"),
        reason: z.string().trim().max(500).optional(),
        /** On the version that is live, to which the run is moved first. */
        live: z.boolean().default(false),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      orAbsent(await findRun(ctx.services.store, ctx.person.workspaceId, input.id), "This run");
      const how = { how: input.how, live: input.live, ...(input.reason && { reason: input.reason }) };
      return retry(ctx, [{ runId: input.id, incident: input.incident }], how);
    }),
  /** Values put right, or the action that fails left out, and on it goes. */
  mend: action("incidents.mend")
    .input(
      z.strictObject({
        id,
        incident: incidentId,
        values: z.record(z.string().max(130), plain).default({}),
        skip: z.boolean().default(false),
        reason: z.string().trim().max(500).optional(),
        live: z.boolean().default(false),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      orAbsent(await findRun(ctx.services.store, ctx.person.workspaceId, input.id), "This run");
      return retry(ctx, [{ runId: input.id, incident: input.incident }], {
        how: input.skip ? "skip" : "action",
        values: input.values,
        live: input.live,
        ...(input.reason && { reason: input.reason }),
      });
    }),
  /** Every open incident of the filter, at most 500 at a time. */
  retryAll: action("incidents.retry")
    .input(z.strictObject(filter))
    .mutation(async ({ ctx, input }) => {
      const { rows } = await openIncidents(ctx.services.store, ctx.person.workspaceId, input, 500);
      return retry(ctx, rows);
    }),
});

async function retry(
  { services, person, say }: Allowed,
  incidents: readonly { runId: string; incident: string }[],
  how: RetryHow = {},
) {
  const { retried } = await retryIncidents(services.engine, askOf(services, person), incidents, how);
  return { retried: retried.map((one) => ({ ...one, text: one.text === null ? null : say(one.text) })) };
}
