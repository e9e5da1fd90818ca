/** Jobs and timers: how deep the queue is, what is late, what was given up; sent once more or put away. */
import { z } from "zod";
import { jobTotals, listJobs, timersByProcess } from "@/db/queries/jobs.ts";
import { runStates } from "@/db/queries/world.ts";
import { timerJob } from "@/server/effects/job-payload.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Plain, Run } from "@/server/engine/model.ts";
import { type NamedTimer, nameTimer } from "@/server/inbox/name-timer.ts";
import { discardJobs, type JobResult, replayJobs } from "@/server/commands/jobs/given-up.ts";
import { action, type Allowed, router } from "../procedure.ts";
import { askOf } from "./people.ts";

const word = z.string().trim().min(1).max(80);
const filter = {
  state: z.enum(["due", "later", "retrying", "dead"]).optional(),
  kind: word.optional(),
  process: word.optional(),
  runId: z
    .string()
    .regex(/^[\w-]{1,80}$/)
    .optional(),
};
/** At a time: the given-up ones that are named, or the first of a filter. */
const most = 500;
const which = {
  ids: z.array(z.string().max(200)).max(most).optional(),
  kind: filter.kind,
  process: filter.process,
};

export const jobsRouter = router({
  totals: action("jobs.read").query(async ({ ctx: { services, person } }) => {
    const now = services.clock.now();
    const [kinds, timers, context] = await Promise.all([
      jobTotals(services.store, person.workspaceId, now),
      timersByProcess(services.store, person.workspaceId, now),
      services.engine.contexts.get(person.workspaceId, now),
    ]);
    return {
      now,
      kinds,
      timers: timers.map((one) => ({ ...one, name: context.live.get(one.process)?.name ?? one.process })),
    };
  }),
  list: action("jobs.read")
    .input(
      z.strictObject({
        ...filter,
        after: z.strictObject({ at: z.number().int(), id: z.string().max(200) }).optional(),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .query(async ({ ctx: { services, person, say }, input: { after, limit, ...asked } }) => {
      const now = services.clock.now();
      const rows = await listJobs(services.store, person.workspaceId, asked, now, { after: after ?? null, limit });
      const timing = rows.flatMap(({ kind, runId }) => (kind === "timer" && runId ? [runId] : []));
      const runs = await runStates(services.store, { workspaceId: person.workspaceId, runs: [...new Set(timing)] });
      const runOf = new Map(runs.map(({ state }) => [state.id, state]));
      const jobs = await Promise.all(
        rows.map(async ({ payload, ...row }) => {
          const drawn =
            row.process && row.version !== null
              ? await services.engine.contexts.version(person.workspaceId, row.process, row.version)
              : null;
          return {
            ...row,
            processName: drawn?.document.name ?? row.process,
            lastError: row.lastError === null ? null : say(row.lastError),
            timer: row.kind === "timer" && drawn ? timerOf(drawn, runOf.get(row.runId ?? ""), payload) : null,
            about: row.kind === "timer" ? null : aboutOf(payload),
          };
        }),
      );
      const last = rows.length === limit ? rows.at(-1) : undefined;
      const at = last && (asked.state === "dead" ? last.deadAt : last.dueAt);
      return { now, jobs, next: last && at !== null && at !== undefined ? { at, id: last.id } : null };
    }),
  replay: action("jobs.replay")
    .input(z.strictObject(which))
    .mutation(async ({ ctx, input }) => {
      const ids = input.ids ?? (await givenUp(ctx, input));
      return counted(ctx, await replayJobs(ctx.services.engine, askOf(ctx.services, ctx.person), ids));
    }),
  discard: action("jobs.discard")
    .input(z.strictObject({ ...which, reason: z.string().trim().min(1).max(500) }))
    .mutation(async ({ ctx, input: { reason, ...asked } }) => {
      const ids = asked.ids ?? (await givenUp(ctx, asked));
      return counted(ctx, await discardJobs(ctx.services.engine, askOf(ctx.services, ctx.person), ids, reason));
    }),
});

async function givenUp(
  { services, person }: Allowed,
  { kind, process }: { kind?: string | undefined; process?: string | undefined },
): Promise<string[]> {
  const rows = await listJobs(
    services.store,
    person.workspaceId,
    { state: "dead", kind, process },
    services.clock.now(),
    { after: null, limit: most },
  );
  return rows.map(({ id }) => id);
}

const counted = ({ say }: Allowed, results: readonly JobResult[]) => ({
  done: results.filter(({ result }) => result === "done").length,
  refused: results.flatMap(({ id, result, text }) => (result === "refused" && text ? [{ id, text: say(text) }] : [])),
});

/** Null for one that its run does not have any more. */
function timerOf(process: CompiledProcess, run: Run | undefined, payload: Plain): NamedTimer | null {
  const read = timerJob.safeParse(payload);
  const timer = read.success ? run?.timers[read.data.timer] : undefined;
  return run && timer ? nameTimer(process, run, timer) : null;
}

/** What a job is about, without the values it carries: they may be somebody's. */
function aboutOf(of: Plain): string | null {
  if (typeof of !== "object" || of === null || Array.isArray(of)) return null;
  const about =
    of.template ?? of.url ?? of.connector ?? of.process ?? of.event ?? of.message ?? of.batch ?? of.recordId;
  return typeof about === "string" ? about : null;
}
