/**
 * Imports a table as records: rows are read, mapped and written piece by piece, each piece whole or not at all and together
 * with how far the import came. Rows that do not fit are left out and named; the rest is in. What an import made or changed is
 * kept, so that it can be taken back; and one that was cut off goes on where its count stands.
 */
import { and, eq } from "drizzle-orm";
import type { Row } from "@/db/store.ts";
import { type Trouble, troubleIn } from "@/db/trouble.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import type { Mapping } from "@/server/interop/csv/mapping.ts";
import type { CsvPiece, CsvRow } from "@/server/interop/csv/read-csv.ts";
import type { FileReader } from "@/server/interop/file-reader.ts";
import type { Ask, Deps, FileDeps } from "./deps.ts";
import { type Hold, type RowProblem, writeJob } from "./import-job.ts";
import { importPeople } from "./import-people.ts";
import {
  fail,
  finish,
  jobOf,
  pieceSize,
  recall,
  rowsOfImport,
  type Running,
  startMissingRuns,
  type Starts,
} from "./import-pieces.ts";
import { prepareImport } from "./prepare-import.ts";
import { writePiece } from "./write-piece.ts";

export type ImportResult = {
  ok: true;
  importId: string;
  total: number;
  created: number;
  updated: number;
  failed: number;
  started: number;
  problems: RowProblem[];
  /** The server ends, or another one works at it by now: this one is not the last word. */
  left?: true;
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
  /** Of a server that works at it, and may have to go on with it later. */
  hold?: Hold | undefined;
  /** Before the first row, and after each piece. */
  onProgress?: (done: number, total: number) => void;
};

export async function importRecords(deps: FileDeps, ask: Ask, input: ImportInput): Promise<ImportResult | Refusal> {
  const { mapping, hold } = input;
  const sofar = hold?.sofar && hold.sofar.done > 0 ? hold.sofar : null;
  const whole = sofar ? { ok: true as const, rows: sofar.total } : await readThrough(deps.files, input.bytes);
  if (!whole.ok) return whole;
  const file = await deps.files.csv(input.bytes);
  if (!file.ok) return refuse("INVALID", file.problem.text);
  const starting = await startingOf(deps, ask, input);
  if (!starting.ok) return starting;
  const importId = input.importId ?? deps.newId("imp");
  const since = hold?.since ?? ask.now;
  const written = sofar ? await rowsOfImport(deps.store, ask.workspaceId, importId) : [];
  // Names mean what they meant when the import began: what it made itself is known by its place in the file.
  const without = sofar ? await madeBefore(deps, ask, mapping, written, since) : new Set<string>();
  const prepared = await prepareImport(deps, ask, mapping, file.columns, { write: true, without });
  if (!prepared.ok) return prepared;
  // Read again: the fields that the mapping brings along may just have been made.
  const { model, zone } = await deps.contexts.get(ask.workspaceId, ask.now);
  const { created = 0, updated = 0, failed = 0, started = 0 } = sofar ?? {};
  const run: Running = {
    about: { id: importId, fileName: input.fileName, mapping, start: input.start ?? null, columns: file.columns },
    hold,
    since,
    expected: whole.rows,
    model,
    zone,
    counts: { total: sofar?.done ?? 0, created, updated, failed, started },
    problems: sofar && Array.isArray(sofar.problems) ? (sofar.problems as RowProblem[]) : [],
    starts: starting.starts,
    keys: new Map(),
    later: new Map(),
  };
  const result = (): ImportResult => ({ ok: true, importId, ...run.counts, problems: run.problems });
  if (!(await writeJob(deps, ask, importId, hold, () => jobOf(ask, run, "running"))))
    return { ...result(), left: true };
  input.onProgress?.(run.counts.total, run.expected);
  if (sofar) await startMissingRuns(deps, ask, run, written);
  const rowOf = new Map(written.map((row) => [row.row, row]));
  let at = 0;
  for await (const piece of file.pieces) {
    if (piece.type === "refused") throw new Error(`a file that was read through is refused: ${piece.problem.code}`);
    const lines = linesOf(piece);
    for (let i = 0; i < lines.length; i += pieceSize) {
      const all = lines.slice(i, i + pieceSize);
      const in_ = Math.max(0, Math.min(all.length, (sofar?.done ?? 0) - at));
      at += all.length;
      recall(run, rowsIn(all.slice(0, in_)).map(prepared.mapper.map), rowOf);
      const lacking = all.slice(in_);
      if (lacking.length === 0) continue;
      if (hold?.isLeaving()) return { ...result(), left: true };
      for (const line of lacking) if ("text" in line) fail(run, line);
      const rows = rowsIn(lacking);
      const cells = new Map(rows.map(({ row, values }) => [row, values]));
      const some = rows.map(prepared.mapper.map);
      if (mapping.recordType === "user") await importPeople(deps, ask, run, some);
      else {
        const before = run.counts.created + run.counts.updated;
        const stopped = await writePiece(deps, ask, run, some, cells).catch(troubleOr);
        // What was counted of a piece that could not be written is not in.
        if (stopped) return refuse(stopped.code, `${stopped.message} ${keptSentence(importId, before)}`, { importId });
      }
      input.onProgress?.(run.counts.total, run.expected);
    }
  }
  return (await finish(deps, ask, run)) ? result() : { ...result(), left: true };
}

/** A line of the file: a row, or why it cannot be read as one. */
type Line = CsvRow | { row: number; text: string };

const linesOf = ({ rows, problems }: Extract<CsvPiece, { type: "rows" }>): Line[] =>
  [...rows, ...problems.map((problem) => ({ row: problem.row ?? 0, text: problem.text }))].sort(
    (a, b) => a.row - b.row,
  );
const rowsIn = (lines: readonly Line[]): CsvRow[] => lines.flatMap((line) => ("values" in line ? [line] : []));

/** Ids of the records, or people, that the import made before it was cut off. */
async function madeBefore(
  { store: { read, t } }: Deps,
  ask: Ask,
  mapping: Mapping,
  written: readonly Row<"importRow">[],
  since: number,
): Promise<Set<string>> {
  if (mapping.recordType !== "user")
    return new Set(written.filter(({ before }) => before === null).map(({ recordId }) => recordId));
  const people = await read
    .select({ id: t.member.id })
    .from(t.member)
    .where(and(eq(t.member.workspaceId, ask.workspaceId), eq(t.member.createdAt, since)));
  return new Set(people.map(({ id }) => id));
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

/** What is nobody's fault and is told; anything else goes on up. */
function troubleOr(error: unknown): Trouble {
  const trouble = troubleIn(error);
  if (trouble) return trouble;
  throw error;
}

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
