/** What an import of records carries from piece to piece: what is known of the rows before, which runs begin, and what waits for the end. */
import { and, asc, eq, inArray } from "drizzle-orm";
import { recordsById } from "@/db/queries/world.ts";
import type { Row } from "@/db/store.ts";
import type { Compiled } from "@/server/engine/expression/index.ts";
import type { EngineRecord, Plain } from "@/server/engine/model.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import type { Mapping, RowResult } from "@/server/interop/csv/mapping.ts";
import type { Ask, Deps } from "./deps.ts";
import {
  type Hold,
  type ImportCounts,
  type ImportState,
  jobRow,
  mostProblems,
  type RowProblem,
  runOfRow,
  writeUnder,
} from "./import-job.ts";
import { engineRecord } from "./load-world.ts";
import { recordSet } from "./record-writes.ts";
import type { LiveProcess } from "./workspace-context.ts";

/** Rows a transaction. */
export const pieceSize = 500;

/** What one import carries from piece to piece. */
export type Running = {
  about: { id: string; fileName: string; mapping: Mapping; start: string | null; columns: string[] };
  hold: Hold | undefined;
  /** When the import was begun: its runs say so, and are found by it when they are taken back. */
  since: number;
  /** How many rows there are: what a progress bar stands against. */
  expected: number;
  model: RecordRules;
  zone: string;
  counts: Omit<ImportCounts, "done">;
  problems: RowProblem[];
  starts: Starts | null;
  keys: Map<string, string>;
  /** References that wait for a row further down, by the record that has them. */
  later: Map<string, { row: Row<"importRow">; links: { field: string; text: string }[] }>;
};

export type Starts = { live: LiveProcess; when: Compiled | null; rows: ReadonlySet<number> | null };

export function fail({ counts, problems }: Pick<Running, "counts" | "problems">, problem: RowProblem): void {
  counts.total++;
  counts.failed++;
  if (problems.length < mostProblems) problems.push(problem);
}

/** What an import has made and changed so far, in the order of the file. */
export async function rowsOfImport(
  { read, t }: Deps["store"],
  workspaceId: string,
  importId: string,
): Promise<Row<"importRow">[]> {
  return read
    .select()
    .from(t.importRow)
    .where(and(eq(t.importRow.workspaceId, workspaceId), eq(t.importRow.importId, importId)))
    .orderBy(asc(t.importRow.row));
}

/** Rows that went in before a restart: later rows may name them, and they may still wait for later ones. */
export function recall(run: Running, rows: readonly RowResult[], written: ReadonlyMap<number, Row<"importRow">>): void {
  for (const row of rows) {
    const kept = written.get(row.row);
    if (row.outcome === "error" || !kept) continue;
    const open = openLinks(run, row).map(({ field, text }) => ({ field, text }));
    if (row.key) run.keys.set(row.key, kept.recordId);
    if (open.length) run.later.set(kept.recordId, { row: kept, links: open });
  }
}

/** References that no row before this one answers. */
export const openLinks = (run: Running, row: Exclude<RowResult, { outcome: "error" }>) =>
  row.links.filter((link) => link.type !== run.about.mapping.recordType || !run.keys.has(link.text));

export type Fresh = { row: number; record: EngineRecord };

export async function startRuns(
  deps: Deps,
  ask: Ask,
  { starts, model, zone, since, about, counts }: Running,
  fresh: readonly Fresh[],
): Promise<void> {
  if (!starts) return;
  const { live, when, rows } = starts;
  const chosen = fresh.filter(
    ({ row, record }) => (rows?.has(row) ?? true) && (when === null || holds(when, record, model, ask.now, zone)),
  );
  const answers = await Promise.all(
    chosen.map(({ row, record }) =>
      deps.loop.submit({
        id: deps.newId("cmd"),
        workspaceId: ask.workspaceId,
        runId: runOfRow(about.id, row),
        at: ask.now,
        actor: { kind: "import", id: about.id },
        type: "startRun",
        process: live.key,
        version: live.version,
        recordType: live.recordType,
        recordId: record.id,
        trigger: { event: "import", at: since },
      }),
    ),
  );
  // One that another server has just started for the same row is started, too.
  const refused = chosen.flatMap(({ row }, i) => (answers[i]!.ok ? [] : [runOfRow(about.id, row)]));
  counts.started += chosen.length - refused.length + (await runsThere(deps, ask.workspaceId, refused)).size;
}

/** Which of these runs exist. */
async function runsThere({ store }: Deps, workspaceId: string, ids: readonly string[]): Promise<Set<string>> {
  const { read, t } = store;
  const there = new Set<string>();
  for (let i = 0; i < ids.length; i += pieceSize) {
    const found = await read
      .select({ id: t.run.id })
      .from(t.run)
      .where(and(eq(t.run.workspaceId, workspaceId), inArray(t.run.id, ids.slice(i, i + pieceSize))));
    for (const { id } of found) there.add(id);
  }
  return there;
}

/** Runs of the last piece that a restart came before; those that are there are counted, wherever the count stood. */
export async function startMissingRuns(
  deps: Deps,
  ask: Ask,
  run: Running,
  rows: readonly Row<"importRow">[],
): Promise<void> {
  if (!run.starts) return;
  const made = rows.filter(({ before }) => before === null);
  const ids = made.map(({ row }) => runOfRow(run.about.id, row));
  const there = await runsThere(deps, ask.workspaceId, ids);
  run.counts.started = there.size;
  const last = made.slice(-pieceSize).filter(({ row }) => !there.has(runOfRow(run.about.id, row)));
  const stored = await recordsById(deps.store, {
    workspaceId: ask.workspaceId,
    ids: last.map(({ recordId }) => recordId),
  });
  const known = new Map(stored.map((row) => [row.id, engineRecord(row)]));
  const records = last.flatMap(({ row, recordId }): Fresh[] => {
    const record = known.get(recordId);
    return record ? [{ row, record }] : [];
  });
  await startRuns(deps, ask, run, records);
}

function holds(when: Compiled, record: EngineRecord, model: RecordRules, now: number, zone: string): boolean {
  const context = model.toFeel(record);
  return when.evaluate({ now, zone, get: (name) => (name === record.type ? context : undefined) }).value === true;
}

/** References to rows that came later in the same table, and with them the end of the import: both or neither. */
export async function finish(deps: Deps, ask: Ask, run: Running): Promise<boolean> {
  const { model, later, keys } = run;
  const waiting = [...later].flatMap(([id, { row, links }]) => {
    const found = links.flatMap(({ field, text }) => (keys.has(text) ? [[field, keys.get(text)!] as const] : []));
    return found.length ? [{ id, row, values: Object.fromEntries(found) }] : [];
  });
  const commandId = deps.newId("cmd");
  const own = { workspaceId: ask.workspaceId, id: run.about.id };
  const make = async () => {
    // As they stand now: the runs that the import started, or somebody, may have changed them.
    const ids = waiting.map(({ id }) => id);
    const stored = await recordsById(deps.store, { workspaceId: ask.workspaceId, ids });
    const records = new Map(stored.map((row) => [row.id, engineRecord(row)]));
    const written: Parameters<typeof recordSet>[2] = [];
    const rows: Row<"importRow">[] = [];
    for (const { id, row, values } of waiting) {
      const before = records.get(id);
      if (!before) continue;
      const after = { ...before, version: before.version + 1, values: { ...before.values, ...values } };
      written.push({ before, after, source: "import", tell: false });
      // What somebody else has written since stays told apart, so that taking the import back leaves it.
      if (before.version === row.version) rows.push({ ...row, version: after.version });
    }
    const set = recordSet({ ...ask, commandId }, model, written);
    return [{ ...set, put: { ...set.put, importRow: rows, importJob: [jobOf(ask, run, "done")] } }];
  };
  return (await writeUnder(deps, own, run.hold, make, commandId)).ok;
}

export function jobOf(
  ask: Ask,
  { about, hold, expected, counts, problems }: Running,
  state: ImportState,
): Row<"importJob"> {
  const { id, fileName, mapping, start, columns } = about;
  return jobRow(
    ask,
    {
      id,
      kind: "records",
      fileName,
      mapping: JSON.parse(JSON.stringify({ ...mapping, start, fileColumns: columns })) as Plain,
      hold,
    },
    state,
    { ...counts, total: state === "running" ? Math.max(counts.total, expected) : counts.total, done: counts.total },
    problems,
  );
}
