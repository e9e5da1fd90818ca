/** What publishing a version changed: the waits of its visits beside those of the version before. */
import { publishings } from "@/db/queries/report-facts.ts";
import { visitsInPeriod } from "@/db/queries/reports.ts";
import { dayMs } from "@/server/engine/calendar/zone.ts";
import { measureVisits, type Measured } from "./bottlenecks.ts";
import { type ReportDeps, type ReportQuery, reportContext, visitFacts } from "./report-context.ts";
import { ascending, percentile } from "./statistics.ts";

export type StepChange = {
  node: string;
  before: { n: number; waitP50: number | null };
  after: { n: number; waitP50: number | null };
  /** After over before; null while either side has fewer than five. */
  ratio: number | null;
};
export type VersionChange = {
  version: number;
  note: string;
  publishedAt: number;
  /** Length of the windows on both sides, ms. */
  window: number;
  steps: StepChange[];
};
const longest = 180 * dayMs;

/** Windows of the same length on both sides, up to half a year; visits that ended in them, by the version they ran under. */
export async function readChanges(
  deps: ReportDeps,
  workspaceId: string,
  query: Pick<ReportQuery, "process" | "time" | "owner">,
  now: number,
): Promise<VersionChange[] | null> {
  const found = await reportContext(deps, workspaceId, query, now);
  if (!found) return null;
  const changes: VersionChange[] = [];
  for (const { version, note, publishedAt } of await publishings(deps.store, workspaceId, query.process)) {
    if (version === 1) continue;
    const window = Math.min(longest, now - publishedAt);
    const waits = async (of: number, from: number, to: number) => {
      const rows = await visitsInPeriod(deps.store, workspaceId, { process: query.process, from, to, versions: [of] });
      const visits = rows.map(visitFacts).filter((v) => !query.owner || v.owner === query.owner);
      // Whole visits that ended in the window: each is measured from its beginning.
      const begins = visits.reduce((least, v) => Math.min(least, v.enteredAt), from);
      return measureVisits({ ...found, visits, clocks: [], from: begins, to, now }).filter(
        (m) => m.visit.leftAt !== null && m.visit.leftAt < to && !m.visit.cancelled && m.visit.kind !== "automation",
      );
    };
    const before = await waits(version - 1, publishedAt - window, publishedAt);
    const after = await waits(version, publishedAt, now);
    const steps = found.document.nodes
      .map(({ id }) => stepChange(id, before, after))
      .filter((step) => step.before.n + step.after.n > 0)
      .sort((a, b) => Math.abs(Math.log(b.ratio ?? 1)) - Math.abs(Math.log(a.ratio ?? 1)));
    changes.push({ version, note, publishedAt, window, steps });
  }
  return changes;
}

function stepChange(node: string, before: readonly Measured[], after: readonly Measured[]): StepChange {
  const side = (list: readonly Measured[]) => {
    const waits = ascending(list.filter((m) => m.visit.node === node).map((m) => m.times.wait / m.times.businessDay));
    return { n: waits.length, waitP50: waits.length < 5 ? null : percentile(waits, 0.5) };
  };
  const [was, is] = [side(before), side(after)];
  const comparable = was.waitP50 !== null && is.waitP50 !== null && was.waitP50 > 0 && is.waitP50 > 0;
  return { node, before: was, after: is, ratio: comparable ? is.waitP50! / was.waitP50! : null };
}
