/**
 * Imports a table as records: rows are read, mapped and written piece by piece, each piece whole or not at all and together
 * with how far the import came. Rows that do not fit are left out and named; the rest is in. What an import made or changed is
 * kept, so that it can be taken back.
 */
import { recordsOfType } from "@/db/queries/records.ts";
import type { Row } from "@/db/store.ts";
import type { Compiled } from "@/server/engine/expression/index.ts";
import { type EngineRecord, type Plain, type Refusal, refuse, type Values } from "@/server/engine/model.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import type { Mapping, RowResult } from "@/server/interop/csv/mapping.ts";
import type { FileReader } from "@/server/interop/file-reader.ts";
import type { Ask, Deps, FileDeps } from "./deps.ts";
import { type ImportState, jobRow, mostProblems, type RowProblem, writeJob } from "./import-job.ts";
import { importPeople } from "./import-people.ts";
import { engineRecord, prefixOf } from "./load-world.ts";
import { prepareImport } from "./prepare-import.ts";
import { recordSet } from "./record-writes.ts";
import type { LiveProcess } from "./workspace-context.ts";

export type ImportResult = {
  ok: true;
  importId: string;
  total: number;
  created: number;
  updated: number;
  failed: number;
  started: number;
  problems: RowProblem[];
};
export type ImportInput = {
  fileName: string;
  bytes: Uint8Array;
  mapping: Mapping;
  /** Start a run of this process for every new record, or for those that meet `startWhen` (FEEL) or stand in `startRows`. */
  start?: string | undefined;
  startWhen?: string | undefined;
  startRows?: readonly number[] | undefined;
  importId?: string | undefined;
  onProgress?: (done: number) => void;
};

const pieceSize = 500;

export async function importRecords(deps: FileDeps, ask: Ask, input: ImportInput): Promise<ImportResult | Refusal> {
  const { mapping } = input;
  const whole = await readThrough(deps.files, input.bytes);
  if (!whole.ok) return whole;
  const file = await deps.files.csv(input.bytes);
  if (!file.ok) return refuse("INVALID", file.problem.text);
  const starting = await startingOf(deps, ask, input);
  if (!starting.ok) return starting;
  const prepared = await prepareImport(deps, ask, mapping, file.columns, { write: true });
  if (!prepared.ok) return prepared;
  // Read again: the fields that the mapping brings along may just have been made.
  const { model, zone } = await deps.contexts.get(ask.workspaceId, ask.now);
  const importId = input.importId ?? deps.newId("imp");
  const result: ImportResult = {
    ok: true,
    importId,
    total: 0,
    created: 0,
    updated: 0,
    failed: 0,
    started: 0,
    problems: [],
  };
  const run: Running = {
    input,
    expected: whole.rows,
    columns: file.columns,
    importId,
    model,
    zone,
    result,
    starts: starting.starts,
    existing: new Map(
      (await recordsOfType(deps.store, ask.workspaceId, mapping.recordType)).map((row) => [row.id, engineRecord(row)]),
    ),
    keys: new Map(),
    later: new Map(),
  };
  await writeJob(deps, jobOf(ask, run, "running"));
  for await (const piece of file.pieces) {
    if (piece.type === "refused") throw new Error(`a file that was read through is refused: ${piece.problem.code}`);
    for (const problem of piece.problems) fail(result, { row: problem.row ?? 0, text: problem.text });
    for (let i = 0; i < piece.rows.length; i += pieceSize) {
      const cells = new Map(piece.rows.slice(i, i + pieceSize).map(({ row, values }) => [row, values]));
      const some = piece.rows.slice(i, i + pieceSize).map((row) => prepared.mapper.map(row));
      if (mapping.recordType === "user") {
        await importPeople(deps, ask, some, result);
        await writeJob(deps, jobOf(ask, run, "running"));
      } else {
        const { created, updated } = result;
        const stopped = await writePiece(deps, ask, run, some, cells).catch(diskFull);
        // What was counted of a piece that could not be written is not in.
        if (stopped)
          return refuse("DISK_FULL", `${stopped.message} ${keptSentence(importId, created + updated)}`, {
            importId,
          });
      }
      input.onProgress?.(result.total);
    }
  }
  await linkLater(deps, ask, run);
  await writeJob(deps, jobOf(ask, run, "done"));
  return result;
}

/** A file that turns out bad in the middle is refused before anything of it is written. */
async function readThrough(files: FileReader, bytes: Uint8Array): Promise<{ ok: true; rows: number } | Refusal> {
  const file = await files.csv(bytes);
  if (!file.ok) return refuse("INVALID", file.problem.text);
  let rows = 0;
  for await (const piece of file.pieces) {
    if (piece.type === "refused") return refuse("INVALID", piece.problem.text);
    rows += piece.rows.length + piece.problems.length;
  }
  return { ok: true, rows };
}

const keptSentence = (importId: string, kept: number): string =>
  `${kept} records were imported before it; undo the import ${importId} to take them back.`;

/** The one failure that is nobody's fault and is told; anything else goes on up. */
function diskFull(error: unknown): Error {
  if (error instanceof Error && "code" in error && error.code === "DISK_FULL") return error;
  throw error;
}

/** What one import carries from piece to piece. */
type Running = {
  input: ImportInput;
  /** How many rows there are: what a progress bar stands against. */
  expected: number;
  columns: string[];
  importId: string;
  model: RecordRules;
  zone: string;
  result: ImportResult;
  starts: Starts | null;
  existing: Map<string, EngineRecord>;
  keys: Map<string, string>;
  /** References that wait for a row further down, by the record that has them. */
  later: Map<string, { row: Row<"importRow">; links: { field: string; text: string }[] }>;
};

type Starts = { live: LiveProcess; when: Compiled | null; rows: ReadonlySet<number> | null };

/** Which process new records start, and which of them. */
async function startingOf(
  deps: Deps,
  ask: Ask,
  { start, startWhen, startRows, mapping }: ImportInput,
): Promise<{ ok: true; starts: Starts | null } | Refusal> {
  if (!start) return { ok: true, starts: null };
  const live = (await deps.contexts.get(ask.workspaceId, ask.now)).live.get(start);
  if (!live) return refuse("NOT_FOUND", `There is no published process ${start}. Nothing was imported.`);
  if (live.recordType !== mapping.recordType)
    return refuse(
      "INVALID",
      `${live.name} takes a ${live.recordType}, not a ${mapping.recordType}. Nothing was imported.`,
    );
  const when = startWhen?.trim() ? live.compiled.expression(startWhen) : null;
  if (startWhen?.trim() && !when)
    return refuse("INVALID", `The condition “${startWhen}” cannot be read. Nothing was imported.`);
  return { ok: true, starts: { live, when, rows: startRows ? new Set(startRows) : null } };
}

function fail(result: ImportResult, problem: RowProblem): void {
  result.total++;
  result.failed++;
  if (result.problems.length < mostProblems) result.problems.push(problem);
}

async function writePiece(
  deps: Deps,
  ask: Ask,
  run: Running,
  some: RowResult[],
  cells: ReadonlyMap<number, string[]>,
): Promise<void> {
  const { existing, keys, later, model, result, importId } = run;
  const { mapping } = run.input;
  const source = `import:${mapping.source}`;
  const written: Parameters<typeof recordSet>[2] = [];
  const rows: Row<"importRow">[] = [];
  const fresh: { row: number; record: EngineRecord }[] = [];
  for (const row of some) {
    if (row.outcome === "error") {
      const said = row.problems.map((p) => p.text).join(" ");
      fail(result, { row: row.row, text: said, ...(cells.has(row.row) && { cells: cells.get(row.row)! }) });
      continue;
    }
    result.total++;
    const before = row.outcome === "update" ? existing.get(row.id) : undefined;
    const id = before?.id ?? deps.newId(prefixOf(mapping.recordType));
    const values: Values = { ...(before?.values ?? model.defaults(mapping.recordType)), ...row.values };
    const open: { field: string; text: string }[] = [];
    for (const link of row.links) {
      const found = link.type === mapping.recordType ? keys.get(link.text) : undefined;
      if (found) values[link.field] = found;
      else open.push({ field: link.field, text: link.text });
    }
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
    if (open.length) later.set(id, { row: kept, links: open });
    result[before ? "updated" : "created"]++;
  }
  const commandId = deps.newId("cmd");
  const set = recordSet({ ...ask, commandId }, model, written);
  const answer = await deps.loop.write({
    workspaceId: ask.workspaceId,
    id: commandId,
    make: async () => ({
      ok: true,
      value: null,
      sets: [{ ...set, put: { ...set.put, importRow: rows, importJob: [jobOf(ask, run, "running")] } }],
    }),
  });
  if (!answer.ok) throw Object.assign(new Error(answer.text), { code: answer.code });
  await startRuns(deps, ask, run, fresh);
}

async function startRuns(
  deps: Deps,
  ask: Ask,
  { starts, model, zone, importId, result }: Running,
  fresh: { row: number; record: EngineRecord }[],
): Promise<void> {
  if (!starts) return;
  const { live, when, rows } = starts;
  const chosen = fresh.filter(
    ({ row, record }) => (rows?.has(row) ?? true) && (when === null || holds(when, record, model, ask.now, zone)),
  );
  const answers = await Promise.all(
    chosen.map(({ record }) =>
      deps.loop.submit({
        id: deps.newId("cmd"),
        workspaceId: ask.workspaceId,
        runId: deps.newId("run"),
        at: ask.now,
        actor: { kind: "import", id: importId },
        type: "startRun",
        process: live.key,
        version: live.version,
        recordType: live.recordType,
        recordId: record.id,
        trigger: { event: "import", at: ask.now },
      }),
    ),
  );
  result.started += answers.filter((a) => a.ok).length;
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

/** References to rows that came later in the same table. */
async function linkLater(deps: Deps, ask: Ask, { model, later, keys, existing }: Running): Promise<void> {
  const written: Parameters<typeof recordSet>[2] = [];
  const rows: Row<"importRow">[] = [];
  for (const [id, { row, links }] of later) {
    const found = links.flatMap(({ field, text }) => (keys.has(text) ? [[field, keys.get(text)!] as const] : []));
    const before = existing.get(id);
    if (found.length === 0 || !before) continue;
    const after = {
      ...before,
      version: before.version + 1,
      values: { ...before.values, ...Object.fromEntries(found) },
    };
    existing.set(id, after);
    written.push({ before, after, source: "import", tell: false });
    rows.push({ ...row, version: after.version });
  }
  if (written.length === 0) return;
  const commandId = deps.newId("cmd");
  const set = recordSet({ ...ask, commandId }, model, written);
  await deps.loop.write({
    workspaceId: ask.workspaceId,
    id: commandId,
    make: async () => ({ ok: true, value: null, sets: [{ ...set, put: { ...set.put, importRow: rows } }] }),
  });
}

function jobOf(
  ask: Ask,
  { input, expected, columns, importId, result }: Running,
  state: ImportState,
): Row<"importJob"> {
  const { total, created, updated, failed, started } = result;
  return jobRow(
    ask,
    {
      id: importId,
      kind: "records",
      fileName: input.fileName,
      mapping: JSON.parse(
        JSON.stringify({ ...input.mapping, start: input.start ?? null, fileColumns: columns }),
      ) as Plain,
    },
    state,
    {
      total: state === "running" ? Math.max(total, expected) : total,
      done: total,
      created,
      updated,
      failed,
      started,
    },
    result.problems,
  );
}
