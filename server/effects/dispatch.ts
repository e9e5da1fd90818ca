/**
 * What runs ask of the world outside, done after their commit. Inner ones (telling other runs, starting processes) become
 * commands; outer ones (mail, HTTP, connectors) go through their own file and come back as an answer. Each try carries the same
 * key, so nothing happens twice on the other side; after eight tries a job is given up and kept for the operator.
 */
import { and, eq, isNull } from "drizzle-orm";
import type { Row, Store } from "@/db/store.ts";
import type { CommandLoop } from "@/server/commands/command-loop.ts";
import type { DailyJob } from "@/server/commands/daily-job.ts";
import type { Contexts } from "@/server/commands/workspace-context.ts";
import type { Effect } from "@/server/engine/events.ts";
import type { Plain } from "@/server/engine/model.ts";
import { subjectOf } from "@/server/records/business-events.ts";
import { triggersOf } from "./triggers.ts";

/** Waits between tries: at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h. */
const waits = [0, 5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000];

export type Outcome =
  | { ok: true; result: Plain }
  | { ok: false; text: string /** no further try can help */; final: boolean };
export type Sender = (
  effect: Extract<Effect, { kind: "mail" | "http" | "connector" }>,
  key: string,
  workspaceId: string,
) => Promise<Outcome>;
export type Dispatcher = {
  run(
    job: Row<"job">,
    now: number,
  ): Promise<{ done: true } | { again: { dueAt: number; error: string } } | { dead: string }>;
};

export function dispatcher({
  store,
  loop,
  contexts,
  send,
}: {
  store: Store;
  loop: CommandLoop;
  contexts: Contexts;
  send: Sender;
}): Dispatcher {
  const { read, t } = store;
  const triggers = triggersOf({ store, loop, contexts });
  return {
    async run(job, now) {
      const { workspaceId } = job;
      const effect = job.payload as unknown as (Effect | DailyJob) & { effect: string; at: number };
      const system = { workspaceId, at: now, actor: { kind: "system" } as const };
      switch (effect.kind) {
        case "record_changed":
        case "emit": {
          for (const told of await subjectsOf(workspaceId, effect)) {
            for (const runId of await watchersOf(workspaceId, told.id, job.runId ?? null))
              await loop.submit({
                ...system,
                id: told.id === effect.recordId ? `${job.id}/${runId}` : `${job.id}/${told.id}/${runId}`,
                runId,
                type: "recordChanged",
                recordType: told.type,
                recordId: told.id,
                events: told.events,
              });
            const created = effect.kind === "record_changed" && effect.created && told.id === effect.recordId;
            await triggers.changed({ cause: job.id, workspaceId, record: told, created, at: effect.at, now });
          }
          return { done: true };
        }
        case "start_process": {
          const live = (await contexts.get(workspaceId, now)).live.get(effect.process);
          if (!live) return retry(job, now, `The process ${effect.process} has no published version.`);
          // The same job gives the same run id: a second try after a lost answer starts nothing twice.
          const answer = await loop.submit({
            ...system,
            id: job.id,
            runId: `run_${job.id.replaceAll(/[^a-z0-9]/gi, "")}`,
            type: "startRun",
            process: effect.process,
            version: live.version,
            recordType: effect.recordType,
            recordId: effect.recordId,
            trigger: {
              event: effect.process === "order_to_cash" ? "billing.trigger" : "process.started",
              at: effect.at,
            },
            ...(effect.parent && { parent: effect.parent }),
          });
          if (answer.ok || answer.code === "ALREADY_RUNNING" || answer.code === "NOT_FOUND") return { done: true };
          return retry(job, now, answer.text);
        }
        case "child_ended": {
          await loop.submit({
            ...system,
            id: job.id,
            runId: effect.run,
            type: "childEnded",
            token: effect.token,
            child: job.runId ?? "",
            outcome: effect.outcome,
          });
          return { done: true };
        }
        case "mail":
        case "http":
        case "connector": {
          const outcome = await send(effect, job.id, workspaceId);
          if (!outcome.ok && !outcome.final && job.attempts < waits.length) return retry(job, now, outcome.text);
          if (effect.kind !== "mail" && job.runId)
            await loop.submit({
              ...system,
              id: `${job.id}/answer`,
              runId: job.runId,
              type: "effectAnswered",
              effect: effect.effect,
              ok: outcome.ok,
              result: outcome.ok ? outcome.result : outcome.text,
            });
          return outcome.ok ? { done: true } : { dead: outcome.text };
        }
        case "notice":
          return { done: true };
        case "schedule":
          await triggers.daily(workspaceId, effect.process, effect.at, now);
          return { done: true };
        default:
          return effect satisfies never;
      }
    },
  };

  /** Who has to hear of it: the record itself, and the ones its events are about (a payment's invoice, what a reply is to). */
  async function subjectsOf(
    workspaceId: string,
    effect: Extract<Effect, { kind: "record_changed" | "emit" }>,
  ): Promise<{ type: string; id: string; events: string[] }[]> {
    const own = { type: effect.recordType, id: effect.recordId, events: [] as string[] };
    if (effect.kind === "emit") return [{ ...own, events: [effect.event] }];
    const told = new Map([[own.id, own]]);
    const [row] = await read
      .select({ values: t.record.values })
      .from(t.record)
      .where(and(eq(t.record.workspaceId, workspaceId), eq(t.record.id, effect.recordId)));
    for (const event of effect.events) {
      const about = event === "record.created" ? own : subjectOf(own.type, own.id, row?.values ?? {}, event);
      if (!about) continue;
      const subject = told.get(about.id) ?? { ...about, events: [] };
      subject.events.push(event);
      told.set(about.id, subject);
    }
    return [...told.values()];
  }

  async function watchersOf(workspaceId: string, recordId: string, except: string | null): Promise<string[]> {
    const rows = await read
      .select({ runId: t.runLink.runId })
      .from(t.runLink)
      .innerJoin(t.run, and(eq(t.run.workspaceId, t.runLink.workspaceId), eq(t.run.id, t.runLink.runId)))
      .where(and(eq(t.runLink.workspaceId, workspaceId), eq(t.runLink.recordId, recordId), isNull(t.run.endedAt)));
    return rows.map((r) => r.runId).filter((id) => id !== except);
  }
}

function retry(
  job: Row<"job">,
  now: number,
  error: string,
): { again: { dueAt: number; error: string } } | { dead: string } {
  const wait = waits[job.attempts ?? 0];
  return wait === undefined ? { dead: error } : { again: { dueAt: now + wait, error } };
}
