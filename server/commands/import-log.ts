/**
 * Imports an event log as the history of a process: the process as it was discovered (or one that is there), a record for each
 * case, and the case's run. All of it goes through our own log, so everything that reads runs reads these; and it can be
 * taken back.
 */
import { recordsOfType } from "@/db/queries/records.ts";
import type { Row, WriteSet } from "@/db/store.ts";
import { type EngineRecord, type Refusal, refuse, type Values } from "@/server/engine/model.ts";
import type { Attributes, EventLog, LogReading } from "@/server/interop/log.ts";
import { type Visit, visitsOf } from "@/server/mining/visits.ts";
import type { Ask, Deps } from "./deps.ts";
import {
  bareSet,
  type Hold,
  type ImportState,
  jobRow,
  mostProblems,
  runOfRow,
  writeJob,
  writeUnder,
} from "./import-job.ts";
import { historyTarget } from "./history-target.ts";
import { engineRecord, prefixOf } from "./load-world.ts";
import { recordedRun } from "./recorded-run.ts";
import { recordSet } from "./record-writes.ts";
import type { WorkspaceContext } from "./workspace-context.ts";

export type LogImportInput = {
  fileName: string;
  reading: LogReading;
  /** The key of the process this is the history of; a new one is made of the log when it does not exist. */
  process?: string | undefined;
  /** What a case is. */
  recordType?: string | undefined;
  importId?: string | undefined;
  /** Of a server that works at it, and may have to go on with it later. */
  hold?: Hold | undefined;
  /** Before the first case, and after each piece. */
  onProgress?: (done: number, total: number) => void;
};
export type LogImportResult = {
  ok: true;
  importId: string;
  process: string;
  processId: string;
  version: number;
  cases: number;
  /** Cases that go on after the log's end. */
  open: number;
  visits: number;
  events: number;
  /** Rows of the file that were left out, and why the first ones were. */
  failed: number;
  problems: { row: number; text: string }[];
  from: number;
  to: number;
  /** The server ends, or another one works at it by now: this one is not the last word. */
  left?: true;
};

/** Cases a transaction. */
export const pieceSize = 200;

export async function importLog(deps: Deps, ask: Ask, input: LogImportInput): Promise<LogImportResult | Refusal> {
  const { log } = input.reading;
  const context = await deps.contexts.get(ask.workspaceId, ask.now);
  const recordType = input.recordType ?? "opportunity";
  if (!context.model.knows(recordType))
    return refuse("INVALID", `There is no record type ${recordType}. Nothing was imported.`);
  const visits = visitsOf(log);
  if (visits.length === 0) return refuse("INVALID", "No case of the log entered a step. Nothing was imported.");
  const importId = input.importId ?? deps.newId("imp");
  const sofar = input.hold?.sofar && input.hold.sofar.done > 0 ? input.hold.sofar : null;
  const before = sofar ? (sofar.mapping as { process: string; version: number; from: number; to: number }) : null;
  const target = await historyTarget(deps, ask, { ...input, importId, before }, recordType, visits);
  if (!target.ok) return target;
  const { compiled, nodeOf, endsCase } = target;
  const cases = byCase(visits);
  const owners = new Map<string, string>();
  for (const person of context.directory.people.values()) owners.set(person.name.toLowerCase(), person.id);
  const values = valueReader(log);
  const known = await knownCases(deps, ask.workspaceId, recordType, compiled.document.key);
  const result: LogImportResult = {
    ok: true,
    importId,
    process: compiled.document.key,
    processId: target.processId,
    version: target.version,
    cases: sofar?.done ?? 0,
    open: 0,
    visits: 0,
    events: log.events.length,
    failed: input.reading.rows - log.events.length,
    problems: input.reading.problems.slice(0, mostProblems).map((p) => ({ row: p.row ?? 0, text: p.text })),
    from: before?.from ?? Number.POSITIVE_INFINITY,
    to: before?.to ?? Number.NEGATIVE_INFINITY,
  };
  const { hold } = input;
  const job = (state: ImportState) => jobOf(ask, input, result, target.made, state, cases.length);
  if (!(await writeJob(deps, ask, importId, hold, () => job("running")))) return { ...result, left: true };
  input.onProgress?.(result.cases, cases.length);
  for (let i = result.cases; i < cases.length; i += pieceSize) {
    if (hold?.isLeaving()) return { ...result, left: true };
    const cause = deps.newId("cmd");
    const actor = { kind: "import" as const, id: importId };
    const some = cases.slice(i, i + pieceSize);
    const records: EngineRecord[] = [];
    const sets: WriteSet[] = [];
    const rows: Row<"importRow">[] = [];
    for (const [caseId, visits] of some) {
      const value = values(caseId);
      const there = known(caseId);
      const record =
        there ??
        recordOf(deps, ask, context, recordType, {
          caseId,
          externalId: `${compiled.document.key}/${caseId}`,
          at: visits[0]!.enteredAt,
          value,
        });
      if (!there) records.push(record);
      const row = i + rows.length + 1;
      rows.push({
        workspaceId: ask.workspaceId,
        importId,
        row,
        recordId: record.id,
        before: there ? record.values : null,
        version: record.version,
      });
      const set = recordedRun({
        workspaceId: ask.workspaceId,
        runId: runOfRow(importId, row),
        recordId: record.id,
        process: compiled,
        zone: context.zone,
        version: target.version,
        actor,
        cause,
        visits,
        nodeOf,
        ownerOf: (name) => owners.get(name.toLowerCase()) ?? name,
        value,
        endsCase,
      });
      sets.push(set);
      const run = set.put.run?.[0];
      result.cases++;
      result.visits += visits.length;
      if (run?.endedAt == null) result.open++;
      result.from = Math.min(result.from, run?.startedAt ?? result.from);
      result.to = Math.max(result.to, run?.lastAt ?? result.to);
    }
    const made = recordSet(
      { ...ask, actor, commandId: cause },
      context.model,
      records.map((after) => ({ before: undefined, after, source: "import:log", tell: false })),
    );
    const own = { workspaceId: ask.workspaceId, id: importId };
    const count = () => bareSet(ask.workspaceId, { importRow: rows, importJob: [job("running")] });
    const answer = await writeUnder(deps, own, hold, () => [made, ...sets, count()], cause);
    if (!answer.ok) {
      result.cases = i;
      if (!(await writeJob(deps, ask, importId, hold, () => job("stopped")))) return { ...result, left: true };
      const kept = `${i} of ${cases.length} cases were imported before it; undo the import ${importId} to take them back.`;
      return refuse(answer.code, `${answer.text} ${kept}`);
    }
    input.onProgress?.(Math.min(i + pieceSize, cases.length), cases.length);
  }
  return (await writeJob(deps, ask, importId, hold, () => job("done"))) ? result : { ...result, left: true };
}

/** The visits of each case, in the order of the file. */
function byCase(visits: readonly Visit[]): [string, Visit[]][] {
  const cases = new Map<string, Visit[]>();
  for (const visit of visits) {
    const list = cases.get(visit.caseId);
    if (list) list.push(visit);
    else cases.set(visit.caseId, [visit]);
  }
  return [...cases];
}

/** What a case is worth: the first attribute of the case, else of its events, that is named for an amount. */
function valueReader(log: EventLog): (caseId: string) => number | null {
  const isAmount = (name: string) => /(^|[^a-z])(amount|value|price|revenue|acv|arr|total)([^a-z]|$)/i.test(name);
  const ofEvents = new Map<string, number>();
  for (const { caseId, attributes } of log.events) {
    if (ofEvents.has(caseId)) continue;
    const value = amountIn(attributes, isAmount);
    if (value !== null) ofEvents.set(caseId, value);
  }
  return (caseId) => amountIn(log.cases.get(caseId) ?? {}, isAmount) ?? ofEvents.get(caseId) ?? null;
}

function amountIn(attributes: Attributes, isAmount: (name: string) => boolean): number | null {
  for (const [name, value] of Object.entries(attributes)) {
    if (!isAmount(name)) continue;
    const number =
      typeof value === "number" ? value : typeof value === "string" && value.trim() ? Number(value) : Number.NaN;
    if (Number.isFinite(number) && number >= 0) return number;
  }
  return null;
}

/** The record a case is of, if it is here already: named by its case in this process, or by its own number. */
async function knownCases(
  { store }: Deps,
  workspaceId: string,
  type: string,
  process: string,
): Promise<(caseId: string) => EngineRecord | undefined> {
  const byNumber = new Map<string, EngineRecord>();
  for (const row of await recordsOfType(store, workspaceId, type))
    if (row.externalId) byNumber.set(row.externalId, engineRecord(row));
  return (caseId) => byNumber.get(`${process}/${caseId}`) ?? byNumber.get(caseId);
}

function recordOf(
  deps: Deps,
  ask: Ask,
  { model, currency }: WorkspaceContext,
  type: string,
  { caseId, externalId, at, value }: { caseId: string; externalId: string; at: number; value: number | null },
): EngineRecord {
  const values: Values = {
    ...model.defaults(type),
    ...(model.hasField(type, "currency") && { currency }),
    ...(model.hasField(type, "name") ? { name: caseId } : model.hasField(type, "last_name") && { last_name: caseId }),
    external_id: externalId,
  };
  const bare: EngineRecord = { type, id: deps.newId(prefixOf(type)), version: 1, createdAt: at, values };
  const amount = value !== null && model.hasField(type, "amount") ? model.fromFeel(type, "amount", value, bare) : null;
  if (amount?.ok) values.amount = amount.value;
  return { ...bare, values: model.derive(type, values, ask.now) };
}

function jobOf(
  ask: Ask,
  { fileName, recordType, hold }: LogImportInput,
  result: LogImportResult,
  madeProcess: boolean,
  state: ImportState,
  total: number,
): Row<"importJob"> {
  return jobRow(
    ask,
    {
      id: result.importId,
      kind: "log",
      fileName,
      mapping: {
        process: result.process,
        processId: result.processId,
        from: Number.isFinite(result.from) ? result.from : null,
        to: Number.isFinite(result.to) ? result.to : null,
        recordType: recordType ?? "opportunity",
        madeProcess,
        version: result.version,
      },
      hold,
    },
    state,
    {
      total,
      done: result.cases,
      created: result.cases,
      updated: 0,
      failed: result.failed,
      started: result.cases,
    },
    result.problems,
  );
}
