/**
 * What starts runs without anybody asking: a record that is made or changed, an event, a time of day. The same cause gives the
 * same run, so a job that is done again after a crash starts nothing twice.
 */
import { and, eq, inArray, isNull } from "drizzle-orm";
import { recordsOfType } from "@/db/queries/records.ts";
import type { Store } from "@/db/store.ts";
import type { CommandLoop } from "@/server/commands/command-loop.ts";
import { engineRecord, isTriggered } from "@/server/commands/load-world.ts";
import type { Contexts, LiveProcess, WorkspaceContext } from "@/server/commands/workspace-context.ts";
import type { EngineRecord } from "@/server/engine/model.ts";
import { dailyJob, nextDaily } from "@/server/commands/daily-job.ts";
import { fingerprint } from "@/server/runtime/ids.ts";

type Told = { type: string; id: string; events: readonly string[] };

export function triggersOf({ store, loop, contexts }: { store: Store; loop: CommandLoop; contexts: Contexts }) {
  const { read, t } = store;

  async function start(
    live: LiveProcess,
    workspaceId: string,
    recordId: string,
    { cause, event, at, now }: { cause: string; event: string; at: number; now: number },
  ): Promise<void> {
    const id = `${cause}/${live.key}/${recordId}`;
    await loop.submit({
      workspaceId,
      id,
      at: now,
      actor: { kind: "system" },
      runId: `run_${fingerprint(id).slice(0, 26)}`,
      type: "startRun",
      process: live.key,
      version: live.version,
      recordType: live.recordType,
      recordId,
      trigger: { event, at },
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

  /** Whether the start's condition is true of this record, seen at that instant. */
  async function guardHolds(
    live: LiveProcess,
    context: WorkspaceContext,
    record: EngineRecord,
    now: number,
  ): Promise<boolean> {
    const text = live.compiled.start?.config.when;
    if (typeof text !== "string" || !text.trim()) return true;
    const guard = live.compiled.expression(text);
    if (!guard) return false;
    const related = new Map<string, EngineRecord>();
    for (const [name, rule] of Object.entries(live.compiled.document.related)) {
      const field = rule.path?.split(".").at(-1);
      const id = field ? record.values[field] : null;
      if (typeof id !== "string") continue;
      const [row] = await read
        .select()
        .from(t.record)
        .where(and(eq(t.record.workspaceId, context.id), eq(t.record.id, id)));
      if (row) related.set(name, engineRecord(row));
    }
    const { model } = context;
    const scope = {
      now,
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

  return {
    /** Starts a run of every process whose trigger this is: for the record itself, or for the records of its type that refer to it. */
    async changed(news: {
      cause: string;
      workspaceId: string;
      record: Told;
      created: boolean;
      at: number;
      now: number;
    }): Promise<void> {
      const { workspaceId, record, created, now } = news;
      const context = await contexts.get(workspaceId, now);
      for (const live of context.live.values()) {
        if (!isTriggered(live.compiled, record.type, record.events, created, context.model)) continue;
        const ids =
          live.recordType === record.type ? [record.id] : await referring(workspaceId, live.recordType, record.id);
        if (ids.length === 0) continue;
        const rows = await read
          .select()
          .from(t.record)
          .where(and(eq(t.record.workspaceId, workspaceId), inArray(t.record.id, ids), isNull(t.record.deletedAt)));
        const config = live.compiled.start?.config;
        const event = config?.trigger === "record_created" ? "record.created" : String(config?.event);
        for (const row of rows)
          if (await guardHolds(live, context, engineRecord(row), now))
            await start(live, workspaceId, row.id, { cause: news.cause, event, at: news.at, now });
      }
    },

    /**
     * The day's start of a process that runs by the clock: a run for every record that meets its condition as seen at `due`, and
     * the next day's job. A day that was missed while the server was down is made up for, with `today()` being that day.
     */
    async daily(workspaceId: string, process: string, due: number, now: number): Promise<void> {
      const context = await contexts.get(workspaceId, now);
      const live = context.live.get(process);
      const next = live && nextDaily(live.compiled.document, context.zone, due);
      // Another version starts otherwise, or at another time: it has a job of its own.
      if (!live || !next || nextDaily(live.compiled.document, context.zone, due - 1) !== due) return;
      for (const row of await recordsOfType(store, workspaceId, live.recordType)) {
        const record = engineRecord(row);
        // Fields that tell of today (days to the renewal) are as of that day.
        const seen = { ...record, values: context.model.derive(record.type, record.values, due, record.values) };
        if (await guardHolds(live, context, seen, due))
          await start(live, workspaceId, row.id, { cause: `schedule/${due}`, event: "timer.daily", at: due, now });
      }
      const put = { job: [dailyJob(workspaceId, process, next)] };
      await store.commit([{ workspaceId, guards: [], events: [], put, drop: {} }]);
    },
  };
}
