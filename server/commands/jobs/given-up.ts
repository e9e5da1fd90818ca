/** Jobs that were given up: sent once more, or put away with a reason. */
import { deadJobs, incidentOfJob } from "@/db/queries/jobs.ts";
import { findReceipt } from "@/db/queries/connections.ts";
import { findRun } from "@/db/queries/runs.ts";
import type { Row, WriteSet } from "@/db/store.ts";
import { innerKinds } from "@/db/outgoing.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import type { Ask, Deps } from "../deps.ts";
import { hookJobId, waitingMessage } from "../receive-webhook.ts";

export type JobResult = { id: string; result: "done" | "refused"; text: string | null };

/**
 * A job between runs is due again at once, with all its tries. What went outside stopped a step: its incident is retried, and asks
 * anew from there, so that step and letter do not part ways.
 */
export async function replayJobs(deps: Deps, ask: Ask, ids: readonly string[]): Promise<JobResult[]> {
  return each(deps, ask, ids, async (job) => {
    if (innerKinds.some((kind) => kind === job.kind) || !job.runId) {
      const again = { ...job, dueAt: ask.now, lease: (job.lease ?? 0) + 1, attempts: 0, deadAt: null, lastError: null };
      const webhookReceipt = job.kind === "hook" ? await waitingAgain(deps.store, job) : [];
      return write(deps, ask, job, "jobs.replay", null, { put: { job: [again], webhookReceipt }, drop: {} });
    }
    const incident = await incidentOfJob(deps.store, job);
    const run = incident ? await findRun(deps.store, ask.workspaceId, job.runId) : null;
    if (!incident || !run?.incidents[incident])
      return refuse("CONFLICT", "The run has gone on without it in the meantime. Put it away.");
    const answer = await deps.loop.submit({
      id: deps.newId("cmd"),
      workspaceId: ask.workspaceId,
      runId: job.runId,
      at: ask.now,
      actor: ask.actor,
      type: "retryIncident",
      incident,
    });
    if (!answer.ok) return answer;
    return write(deps, ask, job, "jobs.replay", null, { put: {}, drop: { job: [[job.id]] } });
  });
}

/** The message of a given-up job, as the list of what came in shows it: it waits to be taken once more. */
async function waitingAgain(
  store: Deps["store"],
  { workspaceId, payload }: Row<"job">,
): Promise<Row<"webhookReceipt">[]> {
  const waiting = waitingMessage.safeParse(payload);
  const row = waiting.success ? await findReceipt(store, workspaceId, waiting.data.receipt) : null;
  return row ? [{ ...row, state: "queued", note: null }] : [];
}

/** A message that was not taken, once more. */
export async function replayMessage(
  deps: Deps,
  ask: Ask,
  message: Row<"webhookReceipt">,
): Promise<{ ok: true } | Refusal> {
  const [result] = await replayJobs(deps, ask, [hookJobId(message)]);
  if (!result) return refuse("CONFLICT", "This message was taken or put away in the meantime. Nothing was changed.");
  return result.result === "done" ? { ok: true } : refuse("CONFLICT", result.text ?? "");
}

/** It is gone, and the audit says who put it away and why. An incident it led to stays open. */
export async function discardJobs(deps: Deps, ask: Ask, ids: readonly string[], reason: string): Promise<JobResult[]> {
  return each(deps, ask, ids, async (job) =>
    write(deps, ask, job, "jobs.discard", reason, { put: {}, drop: { job: [[job.id]] } }),
  );
}

async function each(
  deps: Deps,
  ask: Ask,
  ids: readonly string[],
  deed: (job: Row<"job">) => Promise<{ ok: true } | Refusal>,
): Promise<JobResult[]> {
  const jobs = await deadJobs(deps.store, ask.workspaceId, ids);
  const results: JobResult[] = [];
  for (const job of jobs) {
    const answer = await deed(job);
    results.push({ id: job.id, result: answer.ok ? "done" : "refused", text: answer.ok ? null : answer.text });
  }
  return results;
}

async function write(
  { store, loop, newId }: Deps,
  { workspaceId, actor, now }: Ask,
  job: Row<"job">,
  action: string,
  detail: string | null,
  rows: Pick<WriteSet, "put" | "drop">,
): Promise<{ ok: true } | Refusal> {
  const answer = await loop.write({
    workspaceId,
    id: newId("cmd"),
    make: async () => {
      // Somebody else may have been faster.
      const [still] = await deadJobs(store, workspaceId, [job.id]);
      if (!still && action === "jobs.discard") return refuse("CONFLICT", "Somebody else has dealt with this already.");
      const audit = { workspaceId, id: newId("aud"), at: now, actor, action, subject: job.id, ok: true, detail };
      return {
        ok: true,
        value: null,
        sets: [{ workspaceId, guards: [], events: [], put: { ...rows.put, audit: [audit] }, drop: rows.drop }],
      };
    },
  });
  return answer.ok ? { ok: true } : answer;
}
