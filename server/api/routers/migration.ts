/** Versions in flight: which runs are on which version, the map to another, what it would do to each run, and taking it back. */
import { and, count, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { versionRef, migrationPlan } from "@/server/commands/batches/migrate.ts";
import { openRunsOf, previewMigration, runsStanding } from "@/server/commands/preview-migration.ts";
import { findUndoable, undoMigration, undoWindow } from "@/server/commands/undo-migration.ts";
import { findProcess, publicationsOf } from "@/db/queries/processes.ts";
import { countRuns } from "@/db/queries/run-search.ts";
import { findRun } from "@/db/queries/runs.ts";
import { planProblems } from "@/server/engine/migrate/check.ts";
import { wholeMap, type VersionRef } from "@/server/engine/migrate/map.ts";
import { pairOffers } from "@/server/engine/migrate/pairs.ts";
import { comparable, pairsOf, proposeMap } from "@/server/engine/migrate/propose.ts";
import type { CompiledNode, CompiledProcess } from "@/server/engine/graph.ts";
import type { Run } from "@/server/engine/model.ts";
import { orAbsent, orRefuse } from "../errors.ts";
import { action, type Allowed, router } from "../procedure.ts";
import { askOf } from "./people.ts";

const id = z.string().regex(/^[\w-]{1,80}$/);
const between = { from: versionRef, to: versionRef };
const reason = z.string().trim().min(1).max(500);
const commandId = z
  .string()
  .regex(/^[\w-]{8,64}$/)
  .optional();

export const migrationRouter = router({
  /** The versions of a process with their open runs, and where those could go: other versions, other processes of the record type. */
  versions: action("runs.migrate")
    .input(z.strictObject({ id }))
    .query(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const { read, t } = services.store;
      const processes = await read
        .select({ id: t.process.id, key: t.process.key, name: t.process.name, recordType: t.process.recordType })
        .from(t.process)
        .where(eq(t.process.workspaceId, person.workspaceId))
        .orderBy(t.process.name);
      const own = orAbsent(
        processes.find((process) => process.id === input.id),
        "This process",
      );
      const versions = await read
        .select({
          processId: t.processVersion.processId,
          version: t.processVersion.version,
          note: t.processVersion.note,
          publishedAt: t.processVersion.publishedAt,
        })
        .from(t.processVersion)
        .where(eq(t.processVersion.workspaceId, person.workspaceId));
      const open = await read
        .select({ version: t.run.version, n: count() })
        .from(t.run)
        .where(and(eq(t.run.workspaceId, person.workspaceId), eq(t.run.process, own.key), isNull(t.run.endedAt)))
        .groupBy(t.run.version);
      const runsOn = new Map(open.map(({ version, n }) => [version, Number(n)]));
      const { settings, live } = await services.engine.contexts.get(person.workspaceId, askOf(services, person).now);
      return {
        key: own.key,
        name: own.name,
        undoHours: undoWindow(settings) / 3_600_000,
        targets: processes
          .filter(({ recordType }) => recordType === own.recordType)
          .map((process) => ({
            key: process.key,
            name: process.name,
            live: live.get(process.key)?.version ?? null,
            versions: versions
              .filter(({ processId }) => processId === process.id)
              .map(({ version, note, publishedAt }) => ({
                version,
                note,
                publishedAt,
                runs: process.key === own.key ? (runsOn.get(version) ?? 0) : 0,
              }))
              .sort((a, b) => b.version - a.version),
          }))
          .filter((target) => target.versions.length > 0),
      };
    }),
  /** The map as it is proposed, with how many runs stand where. */
  propose: action("runs.migrate")
    .input(z.strictObject(between))
    .query(async ({ ctx, input }) => {
      const { source, target } = await versionsOf(ctx, input);
      const { services, person } = ctx;
      const { nodes } = proposeMap(source, target);
      const to = new Map(nodes.map((one) => [one.from, one]));
      const standing = await runsStanding(services.engine, askOf(services, person), input.from);
      const slas = wholeMap(source, target, { nodes }).slas;
      return {
        runs: await countRuns(
          services.store,
          person.workspaceId,
          openRunsOf(input.from),
          askOf(services, person).now,
          100_000,
        ),
        source: [...source.nodes.values()].map((node) => ({
          ...shown(node, source),
          runs: standing.get(node.id) ?? 0,
          to: to.get(node.id)?.to ?? null,
          unsure: to.get(node.id)?.unsure ?? false,
          /** What it may become. */
          may: [...target.nodes.values()].flatMap((other) => (comparable(node, other) ? other.id : [])),
        })),
        target: [...target.nodes.values()].map((node) => shown(node, target)),
        slas: [...source.slas.values()].map(({ key, sla }) => ({
          key,
          name: sla.name,
          target: sla.target,
          to: slas[key] ?? null,
        })),
        targetSlas: [...target.slas.values()].map(({ key, sla }) => ({ key, name: sla.name, target: sla.target })),
      };
    }),
  /** What is wrong with a map, whatever run it is for, and what of it was found by itself. A map of many steps is too long for an address. */
  check: action("runs.migrate")
    .input(z.strictObject({ ...between, plan: migrationPlan }))
    .mutation(async ({ ctx, input }) => {
      const { source, target } = await versionsOf(ctx, input);
      const problems = planProblems(source, target, input.plan).map((one) => ({ ...one, text: ctx.say(one.text) }));
      return { problems, ...pairOffers(source, target, input.plan) };
    }),
  /** A page of the runs with what would become of each. Nothing is changed. */
  preview: action("runs.migrate")
    .input(
      z.strictObject({
        ...between,
        plan: migrationPlan,
        after: z.string().max(80).default(""),
        limit: z.number().int().min(1).max(200).default(100),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const versions = await versionsOf(ctx, input);
      const page = await previewMigration(ctx.services.engine, askOf(ctx.services, ctx.person), versions, input);
      return {
        ...page,
        runs: page.runs.map((run) => ({
          ...run,
          reasons: run.reasons.map(({ code, text }) => ({ code, text: ctx.say(text) })),
        })),
      };
    }),
  /** One run alone: to which versions it could go, what the proposed map would do to it, and whether its last move can be undone. */
  run: action("runs.migrate")
    .input(z.strictObject({ runId: id, to: z.number().int().positive().optional() }))
    .query(async ({ ctx, input }) => {
      const { services, person } = ctx;
      const run = orAbsent(await findRun(services.store, person.workspaceId, input.runId), "This run");
      const ask = askOf(services, person);
      const { live } = await services.engine.contexts.get(person.workspaceId, ask.now);
      const process = await findProcess(services.store, person.workspaceId, run.process);
      const published = process ? await publicationsOf(services.store, person.workspaceId, process.id) : [];
      const versions = published.map(({ version }) => version).filter((version) => version !== run.version);
      const current = live.get(run.process)?.version ?? null;
      const to = input.to ?? versions.find((version) => version === current) ?? versions.at(-1) ?? null;
      const undoable = await findUndoable(services.engine, ask, run.id);
      const ends = to === null ? null : endsOf(run, to);
      const looked = ends && (await lookAt(ctx, run.id, ends));
      return {
        processId: process?.id ?? null,
        version: run.version,
        rev: run.rev,
        live: current,
        versions: versions.sort((a, b) => b - a),
        to,
        preview: looked && {
          ...looked,
          reasons: looked.reasons.map(({ code, text }) => ({ code, text: ctx.say(text) })),
        },
        undoable: undoable.ok ? { until: undoable.until, from: undoable.migrated.data.from } : null,
      };
    }),
  /** Moves one run by the proposed map, as it was looked at. */
  move: action("runs.migrate")
    .input(z.strictObject({ runId: id, to: z.number().int().positive(), seen: z.number().int(), reason, commandId }))
    .mutation(async ({ ctx, input: { runId, to, seen, reason: why, commandId: given } }) => {
      const { services, person } = ctx;
      const run = orAbsent(await findRun(services.store, person.workspaceId, runId), "This run");
      const ends = endsOf(run, to);
      const { source, target } = await versionsOf(ctx, ends);
      const { workspaceId, actor, now: at } = askOf(services, person);
      return orRefuse(
        await services.engine.loop.submit({
          id: given ?? services.newId("cmd"),
          workspaceId,
          runId,
          at,
          actor,
          seen,
          type: "migrateRun",
          to: ends.to,
          plan: { nodes: pairsOf(proposeMap(source, target)) },
          reason: why,
        }),
      );
    }),
  /** Whether the last migration of a run can still be taken back, and until when. */
  undoable: action("runs.migrate")
    .input(z.strictObject({ runId: id }))
    .query(async ({ ctx, input }) => {
      const { services, person } = ctx;
      orAbsent(await findRun(services.store, person.workspaceId, input.runId), "This run");
      const found = await findUndoable(services.engine, askOf(services, person), input.runId);
      return found.ok
        ? { until: found.until, from: found.migrated.data.from, to: found.migrated.data.to, text: null }
        : { until: null, from: null, to: null, text: ctx.say(found.text) };
    }),
  undo: action("runs.migrate")
    .input(z.strictObject({ runId: id, reason, commandId }))
    .mutation(async ({ ctx, input }) => {
      const { services, person } = ctx;
      orAbsent(await findRun(services.store, person.workspaceId, input.runId), "This run");
      const ask = { ...askOf(services, person), commandId: input.commandId };
      return orRefuse(await undoMigration(services.engine, ask, input.runId, input.reason));
    }),
});

const endsOf = ({ process, version }: Run, to: number) => ({
  from: { process, version },
  to: { process, version: to },
});

/** What the proposed map would do to one run. */
async function lookAt(ctx: Allowed, runId: string, ends: ReturnType<typeof endsOf>) {
  const versions = await versionsOf(ctx, ends);
  const plan = { nodes: pairsOf(proposeMap(versions.source, versions.target)) };
  const page = { ...ends, plan, after: "", limit: 1, only: [runId] };
  const { runs } = await previewMigration(ctx.services.engine, askOf(ctx.services, ctx.person), versions, page);
  return runs[0] ?? null;
}

async function versionsOf(
  { services, person }: Allowed,
  { from, to }: { from: VersionRef; to: VersionRef },
): Promise<{ source: CompiledProcess; target: CompiledProcess }> {
  const version = async (ref: VersionRef) =>
    orAbsent(await services.engine.contexts.version(person.workspaceId, ref.process, ref.version), "This version");
  return { source: await version(from), target: await version(to) };
}

const shown = ({ id, node }: CompiledNode, process: CompiledProcess) => ({
  id,
  name: node.name || id,
  kind: node.kind,
  inside: node.in ? process.nodes.get(node.in)?.node.name || node.in : null,
});
