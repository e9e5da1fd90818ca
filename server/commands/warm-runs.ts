/**
 * Runs as they were left by the last command, so that the next one need not read and parse them again. Where one process writes
 * (SQLite) this is what a read would find; and should it ever not be, the version guard of the commit refuses what was built on
 * it, the run is forgotten and read afresh.
 */
import type { Row, WriteSet } from "@/db/store.ts";
import type { Run } from "@/server/engine/model.ts";

export type WarmRun = {
  run: Run;
  /** Rows of open visits and open work, as stored. */
  visits: Map<string, Row<"stepVisit">>;
  work: Map<string, Row<"workItem">>;
};
export type WarmRuns = ReturnType<typeof warmRuns>;

const most = 2000;

/** `alone`: nobody else writes to this database; else nothing is kept. */
export function warmRuns(alone: boolean) {
  const kept = new Map<string, WarmRun>();
  const nameOf = (workspaceId: string, runId: string) => `${workspaceId}/${runId}`;
  return {
    get: (workspaceId: string, runId: string): WarmRun | undefined => kept.get(nameOf(workspaceId, runId)),
    keep(workspaceId: string, { run, visits, work }: WarmRun): void {
      const name = nameOf(workspaceId, run.id);
      kept.delete(name);
      if (!alone || run.endedAt !== null) return;
      kept.set(name, {
        run,
        visits: new Map([...visits].filter(([, row]) => row.leftAt === null)),
        work: new Map([...work].filter(([, row]) => row.completedAt === null)),
      });
      if (kept.size > most) kept.delete(kept.keys().next().value!);
    },
    /** Of sets that were lost, or that something else than a run's own command wrote. */
    forget(sets: readonly WriteSet[]): void {
      for (const { workspaceId, guards, put } of sets) {
        for (const { table, id } of guards) if (table === "run") kept.delete(nameOf(workspaceId, id));
        for (const { id } of put.run ?? []) kept.delete(nameOf(workspaceId, id));
      }
    },
  };
}
