/** One try of what leaves the house: its key, what comes of it, and whether there is another. */
import { canonical } from "@/db/chain.ts";
import type { Row } from "@/db/store.ts";
import type { CommandLoop } from "@/server/commands/command-loop.ts";
import type { Hop, Outgoing } from "@/server/engine/events.ts";
import type { Clocks } from "@/server/runtime/clock.ts";
import { fingerprint } from "@/server/runtime/ids.ts";
import { outcomeOf, type Wait } from "./answer.ts";
import type { Sender } from "./dispatch.ts";
import { nextWait } from "./ladder.ts";

type Done = { done: true } | { again: { dueAt: number; error: string } } | { dead: string };

export async function deliver(
  { loop, send, clocks, waitFor }: { loop: CommandLoop; send: Sender; clocks: Clocks; waitFor?: Wait | undefined },
  job: Row<"job">,
  given: Outgoing,
  /** The id of the effect in its run. */
  effect: string,
  now: number,
): Promise<Done> {
  const { workspaceId } = job;
  const key = given.kind === "mail" ? job.id : keyOf(job, given);
  const outcome = await outcomeOf(() => send(given, key, workspaceId, now), waitFor);
  const error = outcome.ok ? null : outcome.text;
  // It may have taken its time, and others have gone on meanwhile.
  const answeredAt = Math.max(now, clocks.of(workspaceId).now());
  if (!outcome.ok && !outcome.final) {
    const made = job.attempts ?? 0;
    const wait = nextWait(job.id, made, given.kind === "mail" ? {} : given.retry, outcome.waitMs);
    if (wait !== null) return { again: { dueAt: answeredAt + wait, error: outcome.text } };
  }
  const loose = given.kind === "mail" || given.loose === true;
  // The answer to what nobody waits for is no news to the run, unless it was given up.
  if (job.runId && (!loose || !outcome.ok))
    await loop.submit({
      workspaceId,
      at: answeredAt,
      actor: { kind: "system" },
      id: `${job.id}/answer`,
      runId: job.runId,
      type: "effectAnswered",
      effect,
      ok: outcome.ok,
      result: outcome.ok ? outcome.result : outcome.text,
      ...(loose && (given.kind === "mail" ? { mail: letterOf(given) } : { sent: given })),
      ...chainOf(given),
    });
  return error === null ? { done: true } : { dead: error };
}

/**
 * The key that the other side is told. The same call asked at the same place of the run has the same one, also when somebody retries
 * it after an incident; a call whose content was put right is another. Effects of earlier releases go by their job.
 */
function keyOf({ id, workspaceId, runId }: Row<"job">, given: Exclude<Outgoing, { kind: "mail" }>): string {
  if (given.once === undefined) return fingerprint(id).slice(0, 32);
  const { once, chain: _chain, retry: _retry, wants: _wants, loose: _loose, node: _node, ...asked } = given;
  return fingerprint(canonical([workspaceId, runId ?? "", once, asked])).slice(0, 32);
}

const letterOf = ({ to, template, values, node }: Extract<Outgoing, { kind: "mail" }>) => ({
  to,
  template,
  values,
  ...(node && { node }),
});

const chainOf = (given: Outgoing): { chain?: readonly Hop[] } =>
  given.kind !== "mail" && given.chain ? { chain: given.chain } : {};
