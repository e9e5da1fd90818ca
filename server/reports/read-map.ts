/** How much went along each edge of a process in a period, and where something is stuck now. */
import { incidentsOfProcess } from "@/db/queries/incidents.ts";
import { edgesTaken } from "@/db/queries/report-facts.ts";
import { runsInPeriod, visitsInPeriod } from "@/db/queries/reports.ts";
import type { Process } from "@/server/engine/process.ts";
import { hasLabel, labelling, type ReportDeps, type ReportQuery, reportContext, visitFacts } from "./report-context.ts";

export type ReportMap = {
  document: Process;
  /** Times each edge was taken, by id. */
  edges: Record<string, number>;
  incidents: Record<string, number>;
};

export async function readMap(
  deps: ReportDeps,
  workspaceId: string,
  query: ReportQuery,
  now: number,
): Promise<ReportMap | null> {
  const found = await reportContext(deps, workspaceId, query, now);
  if (!found) return null;
  const runs = await runsInPeriod(deps.store, workspaceId, query);
  const only = query.owner || query.segment ? await runsWith(deps, workspaceId, query, found) : null;
  const ids = runs.map((run) => run.id).filter((id) => !only || only.has(id));
  const edges: Record<string, number> = {};
  for (const left of await edgesTaken(deps.store, workspaceId, ids, query))
    for (const edge of left.edges) edges[edge] = (edges[edge] ?? 0) + 1;
  const incidents = await incidentsOfProcess(deps.store, workspaceId, query.process);
  return { document: found.document, edges, incidents };
}

/** Runs that have a visit the filter keeps. */
async function runsWith(
  deps: ReportDeps,
  workspaceId: string,
  query: ReportQuery,
  found: NonNullable<Awaited<ReturnType<typeof reportContext>>>,
): Promise<Set<string>> {
  const visits = (await visitsInPeriod(deps.store, workspaceId, query)).map(visitFacts);
  const labelsOf = await labelling(deps, workspaceId, found, visits);
  const kept = visits.filter((v) => (!query.owner || v.owner === query.owner) && hasLabel(query.segment, labelsOf)(v));
  return new Set(kept.map((v) => v.runId));
}
