/**
 * What runs ask of the world outside, done after their commit. Inner ones (telling other runs, starting processes) become
 * commands; outer ones (mail, HTTP, connectors) go through their own file and come back as an answer. Each try carries the same
 * key, so nothing happens twice on the other side; after eight tries a job is given up and kept for the operator.
 */
import { and, eq } from "drizzle-orm";
import { runsWatching, runsWatchingReferences, valuesOfRecord } from "@/db/queries/telling.ts";
import { findRun } from "@/db/queries/runs.ts";
import { recordsById } from "@/db/queries/world.ts";
import type { Row, Store } from "@/db/store.ts";
import type { CommandLoop } from "@/server/commands/command-loop.ts";
import { engineRecord } from "@/server/commands/load-world.ts";
import { aboutOf, isTriggered } from "@/server/commands/triggers.ts";
import type { Contexts } from "@/server/commands/workspace-context.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Effect } from "@/server/engine/events.ts";
import type { Plain } from "@/server/engine/model.ts";
import { startedBy, startedRun } from "@/server/engine/started-run.ts";
import { fingerprint } from "@/server/runtime/ids.ts";
import { doBatchSlice } from "@/server/commands/batches/do-batch.ts";
import { outcomeOf, type Wait } from "./answer.ts";
import { startScheduled } from "./start-scheduled.ts";

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
  ): Promise<{ done: true } | { again: { dueAt: number; error: string | null } } | { dead: string }>;
};

export function dispatcher({
  store,
  loop,
  contexts,
  send,
  waitFor,
}: {
  store: Store;
  loop: CommandLoop;
  contexts: Contexts;
  send: Sender;
  /** How long an answer is waited for is told by it; the machine's own clock without. */
  waitFor?: Wait | undefined;
}): Dispatcher {
  const { read, t } = store;
  return {
    async run(job, now) {
      const { workspaceId } = job;
      if (job.kind === "schedule") {
        await startScheduled({ store, loop, contexts }, job, now, (process, record, at) =>
          guardHolds(process, workspaceId, record, at, now),
        );
        return { done: true };
      }
      if (job.kind === "batch") {
        const { batch: id } = job.payload as { batch: string };
        const done = await doBatchSlice({ store, loop, contexts }, { workspaceId, id }, now);
        return done ? { done: true } : { again: { dueAt: now, error: null } };
      }
      const effect = job.payload as unknown as Effect & { effect: string; at: number };
      const system = { workspaceId, at: now, actor: { kind: "system" } as const };
      switch (effect.kind) {
        case "record_changed":
        case "emit": {
          const created = effect.kind === "record_changed" && effect.created;
          const told = new Set<string>(job.runId ? [job.runId] : []);
          for (const about of await toldOf(workspaceId, effect)) {
            for (const runId of await watchersOf(workspaceId, about.id, job.runId ?? null)) {
              told.add(runId);
              await loop.submit({
                ...system,
                id: `${job.id}/${about.id}/${runId}`,
                runId,
                type: "recordChanged",
                recordType: about.type,
                recordId: about.id,
                events: about.events,
                since: effect.at,
              });
            }
            const isNew = created && about.id === effect.recordId;
            await trigger(job.id, workspaceId, about.type, about.id, about.events, isNew, effect.at, now);
          }
          if (effect.kind === "emit") return { done: true };
          for (const runId of await lookingFor(workspaceId, effect)) {
            if (told.has(runId)) continue;
            await loop.submit({
              ...system,
              id: `${job.id}/newest/${runId}`,
              runId,
              type: "recordChanged",
              recordType: effect.recordType,
              recordId: effect.recordId,
              events: [],
              since: effect.at,
            });
          }
          return { done: true };
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
            if (!child?.includes("/") && child !== effect.effect) return { done: true };
          }
          const answer = await loop.submit({
            ...system,
            id: job.id,
            runId,
            type: "startRun",
            process: effect.process,
            version: effect.version ?? live.version,
            recordType: effect.recordType,
            recordId: effect.recordId,
            trigger: {
              event: effect.process === "order_to_cash" ? "billing.trigger" : "process.started",
              at: effect.at,
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
        case "connector": {
          const outcome = await outcomeOf(() => send(effect, job.id, workspaceId), waitFor);
          if (!outcome.ok && !outcome.final && job.attempts < waits.length) return tryAgain(job, now, outcome.text);
          // A mail's answer is no news to the run, unless it was given up.
          if (job.runId && (effect.kind !== "mail" || !outcome.ok))
            await loop.submit({
              ...system,
              id: `${job.id}/answer`,
              runId: job.runId,
              type: "effectAnswered",
              effect: effect.effect,
              ok: outcome.ok,
              result: outcome.ok ? outcome.result : outcome.text,
              ...(effect.kind === "mail" && { mail: letterOf(effect) }),
            });
          return outcome.ok ? { done: true } : { dead: outcome.text };
        }
        case "notice":
          return { done: true };
        default:
          return effect satisfies never;
      }
    },
  };

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

  /** Starts a run of every process whose trigger this is: for the record itself, or for the records of its type that refer to it. */
  async function trigger(
    jobId: string,
    workspaceId: string,
    recordType: string,
    recordId: string,
    events: string[],
    created: boolean,
    at: number,
    now: number,
  ): Promise<void> {
    const context = await contexts.get(workspaceId, now);
    for (const live of context.live.values()) {
      if (!isTriggered(live.compiled, recordType, events, created, context.model)) continue;
      const ids = live.recordType === recordType ? [recordId] : await referring(workspaceId, live.recordType, recordId);
      if (ids.length === 0) continue;
      const rows = await recordsById(store, { workspaceId, ids });
      for (const row of rows) {
        const record = engineRecord(row);
        if (!(await guardHolds(live.key, workspaceId, record, now, now))) continue;
        const config = live.compiled.start?.config;
        const event = config?.trigger === "record_created" ? "record.created" : String(config?.event);
        // The same job gives the same run: done again after a crash, it starts nothing twice.
        const cause = `${jobId}/${live.key}/${row.id}`;
        const command: RunCommand = {
          workspaceId,
          id: cause,
          at: now,
          actor: { kind: "system" },
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
    const text = live.compiled.start?.config.when;
    if (typeof text !== "string" || !text.trim()) return true;
    const guard = live.compiled.expression(text);
    if (!guard) return false;
    const related = new Map<string, ReturnType<typeof engineRecord>>();
    for (const [name, rule] of Object.entries(live.compiled.document.related)) {
      const field = rule.path?.split(".").at(-1);
      const id = field ? record.values[field] : null;
      if (typeof id !== "string") continue;
      const [row] = await recordsById(store, { workspaceId, ids: [id] });
      if (row) related.set(name, engineRecord(row));
    }
    const { model } = context;
    const scope = {
      now: at,
      zone: context.zone,
      get: (name: string) =>
        name === record.type
          ? model.toFeel(record)
          : related.has(name)
            ? model.toFeel(related.get(name)!)
            : name in live.compiled.document.related
              ? null
              : undefined,
    };
    return guard.evaluate(scope).value === true;
  }
}

/** What a job's payload holds of the letter itself. */
const letterOf = ({ to, template, values, node }: Extract<Effect, { kind: "mail" }>) => ({
  to,
  template,
  values,
  ...(node && { node }),
});

/** When a job that failed is tried next; after its eighth try it is given up. */
export function tryAgain(
  job: Row<"job">,
  now: number,
  error: string,
): { again: { dueAt: number; error: string } } | { dead: string } {
  const wait = waits[job.attempts ?? 0];
  return wait === undefined ? { dead: error } : { again: { dueAt: now + wait, error } };
}
