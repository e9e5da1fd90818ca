/** Where runs are stuck. */
import { and, count, desc, eq, isNull } from "drizzle-orm";
import type { Store } from "../store.ts";

export type IncidentFilter = { process?: string | undefined; node?: string | undefined; code?: string | undefined };

/** Open incidents, newest first, with the record each belongs to, and how many there are in all. Index `incident_open`. */
export async function openIncidents({ read, t }: Store, workspaceId: string, filter: IncidentFilter, limit: number) {
  const where = and(
    eq(t.incident.workspaceId, workspaceId),
    isNull(t.incident.resolvedAt),
    filter.process ? eq(t.incident.process, filter.process) : undefined,
    filter.node ? eq(t.incident.node, filter.node) : undefined,
    filter.code ? eq(t.incident.code, filter.code) : undefined,
  );
  const [{ total } = { total: 0 }] = await read.select({ total: count() }).from(t.incident).where(where);
  const rows = await read
    .select({
      runId: t.incident.runId,
      incident: t.incident.incident,
      process: t.incident.process,
      version: t.incident.version,
      node: t.incident.node,
      code: t.incident.code,
      text: t.incident.text,
      raisedAt: t.incident.raisedAt,
      recordId: t.run.recordId,
      recordTitle: t.record.title,
      recordType: t.record.type,
    })
    .from(t.incident)
    .innerJoin(t.run, and(eq(t.run.workspaceId, t.incident.workspaceId), eq(t.run.id, t.incident.runId)))
    .leftJoin(t.record, and(eq(t.record.workspaceId, t.run.workspaceId), eq(t.record.id, t.run.recordId)))
    .where(where)
    .orderBy(desc(t.incident.raisedAt), t.incident.runId)
    .limit(limit);
  return { rows, total: Number(total) };
}

/** How many are open, by process, step and reason: what the filters offer. */
export async function incidentGroups({ read, t }: Store, workspaceId: string) {
  const rows = await read
    .select({ process: t.incident.process, node: t.incident.node, code: t.incident.code, n: count() })
    .from(t.incident)
    .where(and(eq(t.incident.workspaceId, workspaceId), isNull(t.incident.resolvedAt)))
    .groupBy(t.incident.process, t.incident.node, t.incident.code);
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

/** Open incidents of one process by step. */
export async function incidentsOfProcess({ read, t }: Store, workspaceId: string, process: string) {
  const rows = await read
    .select({ node: t.incident.node, n: count() })
    .from(t.incident)
    .where(and(eq(t.incident.workspaceId, workspaceId), eq(t.incident.process, process), isNull(t.incident.resolvedAt)))
    .groupBy(t.incident.node);
  return Object.fromEntries(rows.map((row) => [row.node, Number(row.n)]));
}
