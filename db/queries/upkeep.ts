/** What a release sees to once: where it is done already, and the runs it walks along. */
import { and, asc, eq, gt, inArray } from "drizzle-orm";
import type { RunStatus } from "@/server/engine/model.ts";
import type { Row, Store } from "../store.ts";

export async function findUpkeep({ read, t }: Store, workspaceId: string, name: string): Promise<Row<"upkeep"> | null> {
  const { upkeep } = t;
  const [row] = await read
    .select()
    .from(upkeep)
    .where(and(eq(upkeep.workspaceId, workspaceId), eq(upkeep.name, name)));
  return row ?? null;
}

/** Workspaces in which it is not done, and for which no job will do it. `jobOf`: the job's id. */
export async function neglected(
  { read, t }: Store,
  name: string,
  jobOf: (workspaceId: string) => string,
): Promise<string[]> {
  const { workspace, upkeep, job } = t;
  const rows = await read
    .select({ id: workspace.id, doneAt: upkeep.doneAt })
    .from(workspace)
    .leftJoin(upkeep, and(eq(upkeep.workspaceId, workspace.id), eq(upkeep.name, name)));
  const open = rows.filter(({ doneAt }) => doneAt === null).map(({ id }) => id);
  if (open.length === 0) return [];
  const jobs = await read
    .select({ id: job.id })
    .from(job)
    .where(inArray(job.id, open.map(jobOf)));
  const waiting = new Set(jobs.map(({ id }) => id));
  return open.filter((id) => !waiting.has(jobOf(id)));
}

/** The next runs along the primary key, whatever became of them: an index of open ones in this order would serve nothing else. */
export async function runsAlong(
  { read, t }: Store,
  workspaceId: string,
  page: { after: string; limit: number },
): Promise<{ id: string; process: string; version: number; status: RunStatus }[]> {
  const { run } = t;
  return read
    .select({ id: run.id, process: run.process, version: run.version, status: run.status })
    .from(run)
    .where(and(eq(run.workspaceId, workspaceId), gt(run.id, page.after)))
    .orderBy(asc(run.id))
    .limit(page.limit);
}
