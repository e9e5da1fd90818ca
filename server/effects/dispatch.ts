/**
 * What runs ask of the world outside, done after their commit. Inner ones (telling other runs, starting processes) become
 * commands; outer ones (mail, HTTP, connectors) go through their own file and come back as an answer. Each try carries the same
 * key, so nothing happens twice on the other side; after eight tries a job is given up and kept for the operator.
 */
import { and, eq } from "drizzle-orm";
import { callsUnderWay, runsWatching, runsWatchingReferences, valuesOfRecord } from "@/db/queries/telling.ts";
import { findRun, startsOfRecord } from "@/db/queries/runs.ts";
import { recordsById } from "@/db/queries/world.ts";
import type { Row, Store } from "@/db/store.ts";
import type { CommandLoop } from "@/server/commands/command-loop.ts";
import { relatedAtStart, startGuard } from "@/server/commands/start-guard.ts";
import { engineRecord } from "@/server/commands/load-world.ts";
import { aboutOf, isTriggered } from "@/server/commands/triggers.ts";
import type { Contexts } from "@/server/commands/workspace-context.ts";
import { oneAtATime } from "@/server/auth/one-at-a-time.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Effect, Hop, Outgoing } from "@/server/engine/events.ts";
import type { Plain } from "@/server/engine/model.ts";
import { startedBy, startedRun } from "@/server/engine/started-run.ts";
import type { Clocks } from "@/server/runtime/clock.ts";
import { fingerprint, type NewId } from "@/server/runtime/ids.ts";
import { takeWebhook } from "./take-webhook.ts";
import { deliver } from "./deliver.ts";
import { doBatchSlice } from "@/server/commands/batches/do-batch.ts";
import { recount } from "@/server/commands/recount.ts";
import { doUpkeepSlice } from "@/server/commands/upkeep.ts";
import type { Wait } from "./answer.ts";
import { waits } from "./ladder.ts";
import { batchJob, readEffect } from "./job-payload.ts";
import { startScheduled } from "./start-scheduled.ts";

export type Outcome =
  | { ok: true; result: Plain }
  | {
      ok: false;
      text: string;
      /** No further try can help. */
      final: boolean;
      /** The other side asked for this much time. */
      waitMs?: number;
    };
/** `key`: the same on each try, and told to the other side. `at`: now. */
export type Sender = (effect: Outgoing, key: string, workspaceId: string, at: number) => Promise<Outcome>;
/** A command that lost to others again and again: it was not refused, and what it tells would be lost. Its job is done once more. */
class Busy extends Error {}

export type Dispatcher = {
  run(
    job: Row<"job">,
    now: number,
  ): Promise<{ done: true } | { again: { dueAt: number; error: string | null } } | { dead: string }>;
};

export function dispatcher({
  store,
  loop: given,
  contexts,
  newId,
  clocks,
  send,
  waitFor,
}: {
  store: Store;
  loop: CommandLoop;
  contexts: Contexts;
  newId: NewId;
  clocks: Clocks;
  send: Sender;
  /** How long an answer is waited for is told by it; the machine's own clock without. */
  waitFor?: Wait | undefined;
}): Dispatcher {
  const { read, t } = store;
  const inTurn = oneAtATime();
  const loop: CommandLoop = {
    ...given,
    async submit(command) {
      const answer = await given.submit(command);
      if (!answer.ok && answer.code === "BUSY") throw new Busy(answer.text);
      return answer;
    },
  };
  return {
    async run(job, now) {
      try {
        return await done(job, now);
      } catch (error) {
        if (error instanceof Busy) return tryAgain(job, now, error.message);
        throw error;
      }
    },
  };

  async function done(job: Row<"job">, now: number): ReturnType<Dispatcher["run"]> {
    const { workspaceId } = job;
    if (job.kind === "schedule") {
      await startScheduled({ store, loop, contexts }, job, now, (process, record, at) =>
        guardHolds(process, workspaceId, record, at, now),
      );
      return { done: true };
    }
    // One after the other: two messages about a record that is not there yet would make it twice.
    if (job.kind === "hook") return inTurn(workspaceId, () => takeWebhook({ store, loop, contexts, newId }, job, now));
    if (job.kind === "batch") {
      const { batch: id } = batchJob.parse(job.payload);
      const done = await doBatchSlice({ store, loop: given, contexts }, { workspaceId, id }, now);
      return done ? { done: true } : { again: { dueAt: now, error: null } };
    }
    if (job.kind === "upkeep") {
      const done = await doUpkeepSlice({ store, loop, contexts }, workspaceId, now);
      return done ? { done: true } : { again: { dueAt: now, error: null } };
    }
    if (job.kind === "recount") {
      await recount({ store, loop }, workspaceId, `${job.id}/${job.lease}`);
      return { done: true };
    }
    const read = readEffect(job.payload);
    if (!read) return { dead: "This release cannot read what this job is to do. It is kept." };
    const { effect, asked } = read;
    const system = { workspaceId, at: now, actor: { kind: "system" } as const };
    const chain = "chain" in effect && effect.chain ? { chain: effect.chain } : {};
    switch (effect.kind) {
      case "record_changed":
      case "emit": {
        const created = effect.kind === "record_changed" && effect.created;
        const told = new Set<string>(job.runId ? [job.runId] : []);
        let waiting = false;
        for (const about of await toldOf(workspaceId, effect)) {
          for (const runId of await watchersOf(workspaceId, about.id, job.runId ?? null)) {
            told.add(runId);
            await loop.submit({
              ...system,
              ...chain,
              id: `${job.id}/${about.id}/${runId}`,
              runId,
              type: "recordChanged",
              recordType: about.type,
              recordId: about.id,
              events: about.events,
              since: asked.at,
            });
          }
          const isNew = created && about.id === effect.recordId;
          const isComplete = await trigger({
            job: job.id,
            by: job.runId ?? null,
            workspaceId,
            ...about,
            created: isNew,
            at: asked.at,
            now,
            ...chain,
          });
          if (!isComplete) waiting = true;
        }
        const looking = effect.kind === "record_changed" ? await lookingFor(workspaceId, effect) : [];
        for (const runId of looking) {
          if (told.has(runId)) continue;
          await loop.submit({
            ...system,
            ...chain,
            id: `${job.id}/newest/${runId}`,
            runId,
            type: "recordChanged",
            recordType: effect.recordType,
            recordId: effect.recordId,
            events: [],
            since: asked.at,
          });
        }
        if (!waiting) return { done: true };
        return { again: { dueAt: now + waits[Math.min(job.attempts ?? 0, waits.length - 1)]!, error: null } };
      }
      case "start_process": {
        const live = (await contexts.get(workspaceId, now)).live.get(effect.process);
        if (!live) return tryAgain(job, now, `The process ${effect.process} has no published version.`);
        // The same job gives the same run id: a second try after a lost answer starts nothing twice.
        const runId = startedBy(job.id);
        // The step that called it may have been left in the meantime.
        if (effect.parent) {
          const parent = await findRun(store, workspaceId, effect.parent.run);
          const child = parent?.tokens[effect.parent.token]?.child;
          if (!child?.includes("/") && child !== asked.effect) return { done: true };
        }
        const answer = await loop.submit({
          ...system,
          ...chain,
          id: job.id,
          runId,
          type: "startRun",
          process: effect.process,
          version: effect.version ?? live.version,
          recordType: effect.recordType,
          recordId: effect.recordId,
          trigger: {
            event: effect.process === "order_to_cash" ? "billing.trigger" : "process.started",
            at: asked.at,
          },
          ...(effect.variables && { variables: effect.variables }),
          ...(effect.parent && { parent: effect.parent }),
        });
        if (!answer.ok && effect.parent && !(await findRun(store, workspaceId, runId))) {
          // Whoever waits for it must hear that it will not come.
          await loop.submit({
            ...system,
            id: `${job.id}/refused`,
            runId: effect.parent.run,
            type: "childEnded",
            token: effect.parent.token,
            child: runId,
            outcome: null,
            error: { code: "CALL_REFUSED", text: answer.text },
          });
          return { done: true };
        }
        if (answer.ok || answer.code === "ALREADY_RUNNING" || answer.code === "NOT_FOUND") return { done: true };
        return tryAgain(job, now, answer.text);
      }
      case "child_ended": {
        await loop.submit({
          ...system,
          ...chain,
          id: job.id,
          runId: effect.run,
          type: "childEnded",
          token: effect.token,
          child: job.runId ?? "",
          outcome: effect.outcome,
          ...(effect.variables && { variables: effect.variables }),
          ...(effect.error && { error: effect.error }),
        });
        return { done: true };
      }
      case "cancel_child": {
        await loop.submit({
          ...system,
          id: job.id,
          runId: startedRun(workspaceId, job.runId ?? "", effect.child),
          type: "cancelRun",
          reason: effect.reason,
        });
        return { done: true };
      }
      case "mail":
      case "http":
      case "connector":
      case "chat":
        return deliver({ loop, send, clocks, waitFor }, job, effect, asked.effect, now);
      case "notice":
        return { done: true };
      default:
        return effect satisfies never;
    }
  }

  async function toldOf(
    workspaceId: string,
    effect: Extract<Effect, { kind: "emit" | "record_changed" }>,
  ): Promise<ReturnType<typeof aboutOf>> {
    if (effect.kind === "emit") return [{ type: effect.recordType, id: effect.recordId, events: [effect.event] }];
    const [row] = await valuesOfRecord(store, { workspaceId, record: effect.recordId });
    return aboutOf(effect.recordType, effect.recordId, row?.values ?? {}, effect.events);
  }

  /** Runs that look for the newest record of this type and see a record this one refers to. */
  async function lookingFor(
    workspaceId: string,
    { recordType, recordId }: { recordType: string; recordId: string },
  ): Promise<string[]> {
    const rows = await runsWatchingReferences(store, { workspaceId, record: recordId });
    const looking: string[] = [];
    for (const { runId, process, version } of rows) {
      const compiled = await contexts.version(workspaceId, process, version);
      const rules = Object.values(compiled?.document.related ?? {});
      if (rules.some((rule) => rule.newest === recordType)) looking.push(runId);
    }
    return looking;
  }

  async function watchersOf(workspaceId: string, recordId: string, except: string | null): Promise<string[]> {
    const rows = await runsWatching(store, { workspaceId, record: recordId });
    return rows.map((r) => r.runId).filter((id) => id !== except);
  }

  /**
   * Starts a run of every process whose trigger this is: for the record itself, or for the records of its type that refer to it.
   * False when one has to wait: the very run that caused this has called it, and only one may be. The call begins it and waits for it;
   * should the caller leave before that, this is asked once more.
   */
  async function trigger(news: News): Promise<boolean> {
    const { job, by, workspaceId, type, id, events, created, at, now, chain } = news;
    const context = await contexts.get(workspaceId, now);
    let complete = true;
    for (const live of context.live.values()) {
      if (!isTriggered(live.compiled, type, events, created, context.model)) continue;
      const ids = live.recordType === type ? [id] : await referring(workspaceId, live.recordType, id);
      if (ids.length === 0) continue;
      const rows = await recordsById(store, { workspaceId, ids });
      for (const row of rows) {
        const record = engineRecord(row);
        if (!(await guardHolds(live.key, workspaceId, record, now, now))) continue;
        const single = live.compiled.document.runPolicy === "one_active_per_record";
        if (by && single && (await isCalled(workspaceId, by, live.key, row.id))) {
          complete = false;
          continue;
        }
        const config = live.compiled.start?.config;
        const event = config?.trigger === "record_created" ? "record.created" : String(config?.event);
        // The same job gives the same run: done again after a crash, it starts nothing twice.
        const cause = `${job}/${live.key}/${row.id}`;
        const asked = { workspaceId, process: live.key, record: row.id, since: now - stormMs };
        const brake = (await startsOfRecord(store, asked)) >= mostStarts;
        const command: RunCommand = {
          workspaceId,
          id: cause,
          at: now,
          actor: { kind: "system" },
          ...(chain && { chain }),
          ...(brake && { brake }),
          runId: `run_${fingerprint(cause).slice(0, 26)}`,
          type: "startRun",
          process: live.key,
          version: live.version,
          recordType: live.recordType,
          recordId: row.id,
          trigger: { event, at },
        };
        await loop.submit(command);
      }
    }
    return complete;
  }

  async function isCalled(workspaceId: string, run: string, process: string, recordId: string): Promise<boolean> {
    const calls = await callsUnderWay(store, { workspaceId, run });
    return calls.some(({ payload }) => {
      const effect = readEffect(payload)?.effect;
      return effect?.kind === "start_process" && effect.process === process && effect.recordId === recordId;
    });
  }

  async function referring(workspaceId: string, type: string, to: string): Promise<string[]> {
    const rows = await read
      .select({ id: t.recordLink.fromId })
      .from(t.recordLink)
      .where(
        and(eq(t.recordLink.workspaceId, workspaceId), eq(t.recordLink.toId, to), eq(t.recordLink.fromType, type)),
      );
    return [...new Set(rows.map((r) => r.id))];
  }

  async function guardHolds(
    key: string,
    workspaceId: string,
    record: ReturnType<typeof engineRecord>,
    at: number,
    now: number,
  ): Promise<boolean> {
    const context = await contexts.get(workspaceId, now);
    const live = context.live.get(key)!;
    const ids = Object.values(relatedAtStart(live.compiled, record)).flatMap((id) => id ?? []);
    const rows = ids.length ? await recordsById(store, { workspaceId, ids }) : [];
    const named = new Map(rows.map((row) => [row.id, engineRecord(row)]));
    const { model, zone } = context;
    return startGuard(live.compiled, record, (id) => named.get(id) ?? null, { at, model, zone }).holds;
  }
}

/** What happened to a record, for the processes that it may start. */
type News = {
  job: string;
  /** The run that wrote it; null where none did. */
  by: string | null;
  workspaceId: string;
  type: string;
  id: string;
  events: string[];
  created: boolean;
  at: number;
  now: number;
  chain?: readonly Hop[];
};

/** So many starts of one process for one record in so much time are a storm: the next one stands until somebody has looked. */
const mostStarts = 20;
const stormMs = 60_000;

/** When a job that failed is tried next; after its eighth try it is given up. */
export function tryAgain(
  job: Row<"job">,
  now: number,
  error: string,
): { again: { dueAt: number; error: string } } | { dead: string } {
  const wait = waits[job.attempts ?? 0];
  return wait === undefined ? { dead: error } : { again: { dueAt: now + wait, error } };
}
