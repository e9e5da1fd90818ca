/** The counters of steps by days, and what they are counted from. */
import { and, asc, eq, gt, isNull, or } from "drizzle-orm";
import type { Row, Store } from "../store.ts";

/** Workspaces whose visits are not counted. */
export async function uncounted({ read, t }: Store): Promise<string[]> {
  const rows = await read
    .select({ id: t.workspace.id })
    .from(t.workspace)
    .leftJoin(t.dayCount, eq(t.dayCount.workspaceId, t.workspace.id))
    .where(isNull(t.dayCount.workspaceId));
  return rows.map(({ id }) => id);
}

export async function zoneOf({ read, t }: Store, workspaceId: string): Promise<string> {
  const [row] = await read.select({ zone: t.workspace.zone }).from(t.workspace).where(eq(t.workspace.id, workspaceId));
  if (!row) throw new Error(`there is no workspace ${workspaceId}`);
  return row.zone;
}

/** Every visit of a workspace, along the primary key. */
export async function* visitPages(
  { read, t }: Store,
  workspaceId: string,
  limit = 2000,
): AsyncGenerator<Row<"stepVisit">[]> {
  const { stepVisit } = t;
  let last: Row<"stepVisit"> | undefined;
  do {
    const after: typeof last = last;
    const rows: Row<"stepVisit">[] = await read
      .select()
      .from(stepVisit)
      .where(
        and(
          eq(stepVisit.workspaceId, workspaceId),
          after &&
            or(
              gt(stepVisit.runId, after.runId),
              and(eq(stepVisit.runId, after.runId), gt(stepVisit.visit, after.visit)),
            ),
        ),
      )
      .orderBy(asc(stepVisit.runId), asc(stepVisit.visit))
      .limit(limit);
    yield rows;
    last = rows.length === limit ? rows.at(-1) : undefined;
  } while (last);
}

/** In which zone's days they are counted; null while they are not. */
export async function countedIn({ read, t }: Store, workspaceId: string): Promise<string | null> {
  const [row] = await read
    .select({ zone: t.dayCount.zone })
    .from(t.dayCount)
    .where(eq(t.dayCount.workspaceId, workspaceId));
  return row?.zone ?? null;
}

export async function storedCounters(
  { read, t }: Store,
  workspaceId: string,
): Promise<{ stepDay: Row<"stepDay">[]; stepTime: Row<"stepTime">[] }> {
  const [stepDay, stepTime] = await Promise.all([
    read.select().from(t.stepDay).where(eq(t.stepDay.workspaceId, workspaceId)),
    read.select().from(t.stepTime).where(eq(t.stepTime.workspaceId, workspaceId)),
  ]);
  return { stepDay, stepTime };
}
