/**
 * Runs as they were left by the last command, so that the next one need not read and parse them again. Where one process writes
 * (SQLite) this is what a read would find; and should it ever not be, the version guard of the commit refuses what was built on
 * it, the run is forgotten and read afresh. Where others write as well, the database is asked whether a run stands where it was
 * left, which is less than the whole of it; everything of a run that is kept is written with its revision.
 */
import { runRevisions } from "@/db/queries/world.ts";
import type { Row, Store, WriteSet } from "@/db/store.ts";
import type { EngineRecord, Run } from "@/server/engine/model.ts";
import type { RecordRules } from "@/server/engine/world.ts";

export const engineRecord = (row: Row<"record">): EngineRecord => ({
  type: row.type,
  id: row.id,
  version: row.version,
  values: row.values,
  createdAt: row.createdAt,
  changedAt: row.updatedAt,
  ...(row.lockedBy && { lockedBy: row.lockedBy }),
});

/** A stored record as it is read at `at`: its counts of days have gone on since somebody wrote it. */
export const recordAt = (model: RecordRules, row: Row<"record">, at: number): EngineRecord =>
  model.onDay(engineRecord(row), at);

export type WarmRun = {
  run: Run;
  /** Rows of open visits and open work, as stored. */
  visits: Map<string, Row<"stepVisit">>;
  work: Map<string, Row<"workItem">>;
};
export type WarmRuns = ReturnType<typeof warmRuns>;

const most = 2000;
const mostRecords = 5000;

/** `alone`: nobody else writes to this database; else records are not kept, and runs are only as good as their revision. */
export function warmRuns(alone: boolean) {
  const kept = new Map<string, WarmRun>();
  const records = new Map<string, EngineRecord>();
  const nameOf = (workspaceId: string, runId: string) => `${workspaceId}/${runId}`;
  return {
    /** Those of these runs that are kept. */
    found: (workspaceId: string, runIds: readonly string[]): WarmRun[] =>
      runIds.flatMap((id) => kept.get(nameOf(workspaceId, id)) ?? []),
    /** Those of them that stand as they were left. */
    async current(store: Store, workspaceId: string, found: WarmRun[]): Promise<WarmRun[]> {
      if (alone || found.length === 0) return found;
      const rows = await runRevisions(store, { workspaceId, runs: found.map(({ run }) => run.id) });
      const revisions = new Map(rows.map(({ id, rev }) => [id, rev]));
      return found.filter(({ run }) => revisions.get(run.id) === run.rev);
    },
    keep(workspaceId: string, { run, visits, work }: WarmRun): void {
      const name = nameOf(workspaceId, run.id);
      kept.delete(name);
      if (run.endedAt !== null) return;
      kept.set(name, {
        run,
        visits: new Map([...visits].filter(([, row]) => row.leftAt === null)),
        work: new Map([...work].filter(([, row]) => row.completedAt === null)),
      });
      if (kept.size > most) kept.delete(kept.keys().next().value!);
    },
    /** A record as it is stored, if it was read before and not written since: every write of a record goes through the loop. */
    record: (workspaceId: string, id: string): EngineRecord | undefined => records.get(nameOf(workspaceId, id)),
    keepRecord(workspaceId: string, record: EngineRecord): void {
      if (!alone) return;
      records.set(nameOf(workspaceId, record.id), record);
      if (records.size > mostRecords) records.delete(records.keys().next().value!);
    },
    /** Of sets that were lost, or that something else than a run's own command wrote; and of every record that is written. */
    forget(sets: readonly WriteSet[]): void {
      for (const { workspaceId, guards, put, drop, clear } of sets) {
        for (const [table, names] of [
          ["run", kept],
          ["record", records],
        ] as const)
          if (clear?.includes(table))
            for (const name of names.keys()) if (name.startsWith(`${workspaceId}/`)) names.delete(name);
        for (const { id } of put.record ?? []) records.delete(nameOf(workspaceId, id));
        for (const [workspace, id] of drop.record ?? []) records.delete(nameOf(String(workspace), String(id)));
        for (const { table, id } of guards) if (table === "run") kept.delete(nameOf(workspaceId, id));
        for (const { id } of put.run ?? []) kept.delete(nameOf(workspaceId, id));
      }
    },
  };
}
