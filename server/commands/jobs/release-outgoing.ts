/** What a restored workspace holds back is let go, or what may have been sent before the backup was restored is put away. */
import { findHold, outgoingUntil } from "@/db/queries/jobs.ts";
import type { Row } from "@/db/store.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import type { Ask, Deps } from "../deps.ts";

/** Jobs put away in one write. */
const page = 500;

/**
 * From now on everything goes out again. `discardOld`: what was due by the restore, or had been tried, was
 * probably sent by the server that went on after it; it is put away and counted.
 */
export async function releaseOutgoing(
  deps: Deps,
  ask: Ask,
  { discardOld }: { discardOld: boolean },
): Promise<{ ok: true; discarded: number } | Refusal> {
  const { store, loop, newId } = deps;
  const { workspaceId, actor, now } = ask;
  const hold = await findHold(store, workspaceId);
  if (!hold) return refuse("CONFLICT", "Nothing is held back any more. Nothing was changed.");
  let discarded = 0;
  while (discardOld) {
    const jobs = await outgoingUntil(store, workspaceId, hold.since, page);
    if (jobs.length === 0) break;
    await Promise.all(jobs.map(async (job) => tell(deps, ask, job)));
    await store.commit([{ workspaceId, guards: [], events: [], put: {}, drop: { job: jobs.map(({ id }) => [id]) } }]);
    discarded += jobs.length;
  }
  const detail = discardOld ? `${discarded} put away` : null;
  const audit = { workspaceId, id: newId("aud"), at: now, actor, action: "outgoing.release", subject: null, ok: true };
  const answer = await loop.write({
    workspaceId,
    id: newId("cmd"),
    make: async () => ({
      ok: true,
      value: null,
      sets: [
        {
          workspaceId,
          guards: [],
          events: [],
          put: { audit: [{ ...audit, detail }] },
          drop: { outgoingHold: [[workspaceId]] },
        },
      ],
    }),
  });
  return answer.ok ? { ok: true, discarded } : answer;
}

/** A step that waits for the answer of what is put away stops with an incident: somebody knows whether it was done, and retries. */
async function tell({ loop }: Deps, { workspaceId, now }: Ask, job: Row<"job">): Promise<void> {
  const { effect } = job.payload as { effect?: unknown };
  if (job.kind === "mail" || !job.runId || typeof effect !== "string") return;
  await loop.submit({
    id: `${job.id}/answer`,
    workspaceId,
    runId: job.runId,
    at: now,
    actor: { kind: "system" },
    type: "effectAnswered",
    effect,
    ok: false,
    result:
      "A backup was restored, and this was put away because it was probably sent before. Look whether it was, then retry.",
  });
}
