/** Runs as those see them who run the product: found by anything, and taken along as a file. */
import { z } from "zod";
import { standsOf } from "@/db/queries/run-places.ts";
import { countRuns, incidentsOfRuns, type RunSort, searchRuns } from "@/db/queries/run-search.ts";
import { findHold, outgoingByKind } from "@/db/queries/jobs.ts";
import { releaseOutgoing } from "@/server/commands/jobs/release-outgoing.ts";
import { runFilter, readable } from "@/server/commands/batches/filter.ts";
import { runsCsv } from "@/server/reports/runs-csv.ts";
import { readHealth } from "@/server/runtime/health.ts";
import { startLine, stopLine } from "@/server/commands/stop-line.ts";
import { lineStops } from "@/db/queries/line-stops.ts";
import { orAbsent, orRefuse } from "../errors.ts";
import { action, type Allowed, router } from "../procedure.ts";
import { askOf } from "./people.ts";

/** A step of a process; an empty `node` is the whole process. */
const line = { process: z.string().min(1).max(80), node: z.string().max(80).default("") };
const reason = z.string().trim().min(1).max(500);
const key = z.strictObject({ at: z.number().int().min(0), id: z.string().max(80) });
const sort = z.enum(["started", "oldest", "in_step"]).default("started");
const asked = { filter: runFilter.default({}), sort };
/** Counted exactly up to here; more is "more than". */
const mostCounted = 100_000;
/** Rows of one file, and of one read of them. */
const mostExported = 20_000;
const perRead = 500;

export const operateRouter = router({
  runs: action("runs.search")
    .input(z.strictObject({ ...asked, after: key.optional(), limit: z.number().int().min(1).max(500).default(100) }))
    .query(async ({ ctx, input }) => {
      const runs = await read(ctx, { ...input, after: input.after ?? null });
      const last = runs.length === input.limit ? runs.at(-1) : undefined;
      return { runs, next: last ? keyOf(last, input.sort) : null };
    }),
  count: action("runs.search")
    .input(z.strictObject({ filter: runFilter.default({}) }))
    .query(async ({ ctx: { services, person }, input }) => {
      const now = services.clock.now();
      const { zone } = await services.engine.contexts.get(person.workspaceId, now);
      const n = await countRuns(
        services.store,
        person.workspaceId,
        readable(input.filter, now, zone),
        now,
        mostCounted,
      );
      return { n: Math.min(n, mostCounted), more: n > mostCounted };
    }),
  /** The filtered rows as a CSV file. */
  export: action("runs.export")
    .input(z.strictObject(asked))
    .query(async ({ ctx, input }) => {
      const all: Awaited<ReturnType<typeof read>> = [];
      let after: z.infer<typeof key> | null = null;
      let complete = false;
      while (!complete && all.length < mostExported) {
        const page: typeof all = await read(ctx, { ...input, after, limit: perRead });
        all.push(...page);
        const last = page.at(-1);
        complete = page.length < perRead;
        if (last) after = keyOf(last, input.sort);
      }
      return { csv: runsCsv(all, ctx.language), complete };
    }),
  /** What the filters offer: processes with their steps and versions, people, and the fields of records. */
  choices: action("runs.search").query(async ({ ctx: { services, person, language } }) => {
    const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
    return {
      processes: [...context.live.values()].map(({ key: process, name, version, recordType, compiled }) => ({
        key: process,
        name,
        version,
        recordType,
        steps: compiled.document.nodes
          .filter(({ kind }) => kind !== "start" && kind !== "end")
          .map((node) => ({ id: node.id, name: node.name || node.id, kind: node.kind })),
      })),
      people: [...context.directory.people.values()].map(({ id, name }) => ({ id, name })),
      fields: Object.values(context.fields.types).map((type) => ({
        type: type.key,
        label: type.label[language],
        fields: Object.entries(type.fields).map(([name, field]) => ({
          key: name,
          label: field.label[language],
          type: field.type,
        })),
      })),
    };
  }),
  /** What is stopped: of one process, or all. */
  stops: action("lines.read")
    .input(z.strictObject({ process: z.string().max(80).optional() }))
    .query(async ({ ctx: { services, person }, input }) => {
      const context = await services.engine.contexts.get(person.workspaceId, services.clock.now());
      const stops = await lineStops(services.store, person.workspaceId, input.process);
      return stops.map(({ process, node, reason: why, clocks, at, stoppedBy }) => ({
        process,
        node,
        reason: why,
        clocks,
        at,
        by: context.directory.people.get(stoppedBy)?.name ?? null,
        name: context.live.get(process)?.compiled.nodes.get(node)?.node.name ?? null,
      }));
    }),
  stopLine: action("lines.stop")
    .input(z.strictObject({ ...line, reason, clocks: z.enum(["pause", "go_on"]) }))
    .mutation(async ({ ctx: { services, person }, input }) => {
      await processThere(services, person.workspaceId, input.process);
      const ask = { ...askOf(services, person), memberId: person.memberId };
      return orRefuse(await stopLine(services.engine, ask, input));
    }),
  startLine: action("lines.start")
    .input(z.strictObject(line))
    .mutation(async ({ ctx: { services, person }, input }) => {
      await processThere(services, person.workspaceId, input.process);
      const ask = { ...askOf(services, person), memberId: person.memberId };
      return orRefuse(await startLine(services.engine, ask, input));
    }),
  health: action("health.read").query(async ({ ctx: { services, person } }) => ({
    ...(await readHealth(services, person.workspaceId)),
    version: services.version,
    ready: !services.store.isNearlyFull(),
  })),
  /** What is held back since a restore, by kind; null where nothing is. */
  held: action("outgoing.read").query(async ({ ctx: { services, person } }) => {
    const hold = await findHold(services.store, person.workspaceId);
    if (!hold) return { hold: null };
    const { since, backupAt } = hold;
    return { hold: { since, backupAt, kinds: await outgoingByKind(services.store, person.workspaceId) } };
  }),
  release: action("outgoing.release")
    .input(z.strictObject({ discardOld: z.boolean() }))
    .mutation(async ({ ctx: { services, person }, input }) =>
      orRefuse(await releaseOutgoing(services.engine, askOf(services, person), input)),
    ),
});

async function processThere({ engine, clock }: Allowed["services"], workspaceId: string, key: string): Promise<void> {
  orAbsent((await engine.contexts.get(workspaceId, clock.now())).live.get(key), "This process");
}

const keyOf = (run: { id: string; startedAt: number; inStepSince: number | null }, by: RunSort) => ({
  at: by === "in_step" ? (run.inStepSince ?? 0) : run.startedAt,
  id: run.id,
});

/** One page with the steps each run stands in and its open incidents, in the reader's words. */
async function read(
  { services, person, say }: Allowed,
  page: { filter: z.infer<typeof runFilter>; sort: RunSort; after: z.infer<typeof key> | null; limit: number },
) {
  const { store, engine, clock } = services;
  const { workspaceId } = person;
  const now = clock.now();
  const context = await engine.contexts.get(workspaceId, now);
  const found = await searchRuns(store, workspaceId, readable(page.filter, now, context.zone), now, page);
  const ids = found.map(({ id }) => id);
  const [stands, incidents] = await Promise.all([
    standsOf(store, workspaceId, ids),
    incidentsOfRuns(store, workspaceId, ids),
  ]);
  return Promise.all(
    found.map(async (run) => {
      const drawn = await engine.contexts.version(workspaceId, run.process, run.version);
      const nameOf = (node: string) => drawn?.nodes.get(node)?.node.name || node;
      return {
        ...run,
        processName: drawn?.document.name ?? run.process,
        processId: context.live.get(run.process)?.id ?? null,
        owner: run.ownerId === null ? null : (context.directory.people.get(run.ownerId)?.name ?? run.ownerId),
        steps: stands
          .filter(({ runId }) => runId === run.id)
          .map(({ node, enteredAt, dueAt, breachedAt, pausedAt }) => ({
            node,
            name: nameOf(node),
            enteredAt,
            dueAt,
            late: breachedAt !== null || (dueAt !== null && dueAt < now),
            paused: pausedAt !== null,
          })),
        errors: incidents
          .filter(({ runId }) => runId === run.id)
          .map(({ incident, node, code, text }) => ({ incident, step: nameOf(node), code, text: say(text) })),
      };
    }),
  );
}
