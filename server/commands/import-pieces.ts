/** The pieces of an import of records: what is written of one, what is known of those before it, and what waits for the end. */
import { and, asc, eq, inArray } from "drizzle-orm";
import { recordsById } from "@/db/queries/world.ts";
import type { Row } from "@/db/store.ts";
import type { Compiled } from "@/server/engine/expression/index.ts";
import type { EngineRecord, Plain, Values } from "@/server/engine/model.ts";
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
import { engineRecord, prefixOf } from "./load-world.ts";
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
  existing: Map<string, EngineRecord>;
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
const openLinks = (run: Running, row: Exclude<RowResult, { outcome: "error" }>) =>
  row.links.filter((link) => link.type !== run.about.mapping.recordType || !run.keys.has(link.text));

/** Writes a piece with the import's own count, then starts its runs. */
export async function writePiece(
  deps: Deps,
  ask: Ask,
  run: Running,
  some: RowResult[],
  cells: ReadonlyMap<number, string[]>,
): Promise<void> {
  const { existing, keys, later, model, counts } = run;
  const { mapping, id: importId } = run.about;
  const source = `import:${mapping.source}`;
  const written: Parameters<typeof recordSet>[2] = [];
  const rows: Row<"importRow">[] = [];
  const fresh: Fresh[] = [];
  for (const row of some) {
    if (row.outcome === "error") {
      const said = row.problems.map((p) => p.text).join(" ");
      fail(run, { row: row.row, text: said, ...(cells.has(row.row) && { cells: cells.get(row.row)! }) });
      continue;
    }
    counts.total++;
    const before = row.outcome === "update" ? existing.get(row.id) : undefined;
    const id = before?.id ?? deps.newId(prefixOf(mapping.recordType));
    const values: Values = { ...(before?.values ?? model.defaults(mapping.recordType)), ...row.values };
    const open = openLinks(run, row);
    for (const link of row.links) if (!open.includes(link)) values[link.field] = keys.get(link.text)!;
    const after: EngineRecord = {
      type: mapping.recordType,
      id,
      version: (before?.version ?? 0) + 1,
      createdAt: before?.createdAt ?? createdAt(values, ask.now),
      values: model.derive(mapping.recordType, values, ask.now),
    };
    existing.set(id, after);
    if (row.key) keys.set(row.key, id);
    if (!before) fresh.push({ row: row.row, record: after });
    written.push({ before, after, source, tell: false });
    const kept = {
      workspaceId: ask.workspaceId,
      importId,
      row: row.row,
      recordId: id,
      before: before?.values ?? null,
      version: after.version,
    };
    rows.push(kept);
    if (open.length) later.set(id, { row: kept, links: open.map(({ field, text }) => ({ field, text })) });
    counts[before ? "updated" : "created"]++;
  }
  const commandId = deps.newId("cmd");
  const set = recordSet({ ...ask, commandId }, model, written);
  const put = () => ({ ...set.put, importRow: rows, importJob: [jobOf(ask, run, "running")] });
  const own = { workspaceId: ask.workspaceId, id: importId };
  const answer = await writeUnder(deps, own, run.hold, () => [{ ...set, put: put() }], commandId);
  if (!answer.ok) throw Object.assign(new Error(answer.text), { code: answer.code });
  await startRuns(deps, ask, run, fresh);
}

type Fresh = { row: number; record: EngineRecord };

async function startRuns(
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
  const records = last.flatMap(({ row, recordId }): Fresh[] => {
    const record = run.existing.get(recordId);
    return record ? [{ row, record }] : [];
  });
  await startRuns(deps, ask, run, records);
}

function holds(when: Compiled, record: EngineRecord, model: RecordRules, now: number, zone: string): boolean {
  const context = model.toFeel(record);
  return when.evaluate({ now, zone, get: (name) => (name === record.type ? context : undefined) }).value === true;
}

/** A table that says when the record began is believed; a date of the future is not. */
function createdAt(values: Values, now: number): number {
  const date = values.x_engage_date;
  const at = typeof date === "string" ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(at) && at < now ? at : now;
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
