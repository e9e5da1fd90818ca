import { and, asc, eq, gt, isNull } from "drizzle-orm";
import type { Row, Store } from "@/db/store.ts";
import type { CommandLoop } from "@/server/commands/command-loop.ts";
import { recordAt } from "@/server/commands/load-world.ts";
import { dailyTime, scheduleJob as jobOfDay } from "@/server/commands/schedule.ts";
import type { Contexts } from "@/server/commands/workspace-context.ts";
import { scheduleJob } from "./job-payload.ts";
import type { EngineRecord } from "@/server/engine/model.ts";

/** Records looked at in one query. */
const page = 500;

/**
 * Starts the process for every record that meets its guard on the day of this job: `today()` is that day, also when the job is
 * late. The next day's job is put first; both keep their ids when this is tried again, so nothing starts twice.
 */
export async function startScheduled(
  { store, loop, contexts }: { store: Store; loop: CommandLoop; contexts: Contexts },
  job: Row<"job">,
  now: number,
  guardHolds: (process: string, record: EngineRecord, at: number) => Promise<boolean>,
): Promise<void> {
  const { workspaceId } = job;
  const { process, time, at } = scheduleJob.parse(job.payload);
  const context = await contexts.get(workspaceId, now);
  const live = context.live.get(process);
  // Retired, or started another way or at another time since: the version that is live has its own job.
  if (!live || dailyTime(live.compiled.document) !== time) return;
  const next = jobOfDay(workspaceId, process, time, context.zone, at);
  await store.commit([{ workspaceId, guards: [], events: [], put: { job: [next] }, drop: {} }]);
  const { read, t } = store;
  for (let after = ""; ; ) {
    const rows = await read
      .select()
      .from(t.record)
      .where(
        and(
          eq(t.record.workspaceId, workspaceId),
          eq(t.record.type, live.recordType),
          gt(t.record.id, after),
          isNull(t.record.deletedAt),
        ),
      )
      .orderBy(asc(t.record.id))
      .limit(page);
    for (const row of rows) {
      // Days to the renewal, days past due: as they are on that day, not as they were written.
      if (!(await guardHolds(process, recordAt(context.model, row, at), at))) continue;
      const id = `${job.id}/${row.id}`;
      await loop.submit({
        workspaceId,
        id,
        at: now,
        actor: { kind: "system" },
        runId: `run_${id.replaceAll(/[^a-z0-9]/gi, "")}`,
        type: "startRun",
        process,
        version: live.version,
        recordType: live.recordType,
        recordId: row.id,
        trigger: { event: "timer.daily", at },
      });
    }
    const last = rows.at(-1);
    if (!last || rows.length < page) return;
    after = last.id;
  }
}
