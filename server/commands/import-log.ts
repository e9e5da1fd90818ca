/**
 * Imports an event log as the history of a process: the process as it was discovered (or one that is there), a record for each
 * case, and the case's run. All of it goes through our own log, so everything that reads runs reads these; and it can be
 * taken back.
 */
import { and, eq } from "drizzle-orm";
import { recordsOfType } from "@/db/queries/records.ts";
import type { Row, WriteSet } from "@/db/store.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import { type EngineRecord, type Refusal, refuse, type Values } from "@/server/engine/model.ts";
import type { Attributes, EventLog, LogReading } from "@/server/interop/log.ts";
import { discoverGraph } from "@/server/mining/discover-graph.ts";
import { discoveredProcess, slug, withUnfinished } from "@/server/mining/discovered-process.ts";
import { type Visit, visitsOf } from "@/server/mining/visits.ts";
import { createProcess } from "./create-process.ts";
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
import { engineRecord, prefixOf } from "./load-world.ts";
import { publishProcess } from "./publish-process.ts";
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
  const target = await targetOf(deps, ask, { ...input, importId, before }, recordType, visits);
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

type Target = {
  ok: true;
  processId: string;
  version: number;
  compiled: CompiledProcess;
  /** By this import, of the log. */
  made: boolean;
  nodeOf: (activity: string) => string;
  endsCase: (activity: string) => boolean;
};

/** The process the history belongs to: one that is there and has a step for every activity, or one made of the log. */
async function targetOf(
  deps: Deps,
  ask: Ask,
  input: LogImportInput & { importId: string; before: { process: string; version: number } | null },
  recordType: string,
  visits: readonly Visit[],
): Promise<Target | Refusal> {
  const { log } = input.reading;
  const completed = discoverGraph(log);
  const graph = withUnfinished(completed, visits);
  const ends = new Set(completed.ends.map((e) => e.name));
  const endsCase = (activity: string) => ends.has(activity);
  const context = await deps.contexts.get(ask.workspaceId, ask.now);
  // The process it made before it was cut off has its name from the import.
  const own = `prc_${input.importId.replace(/^imp_/, "")}`;
  const ownKey = await keyOf(deps, ask.workspaceId, own);
  const live = input.process && !ownKey ? await versionOf(deps, ask, input.process, input.before) : undefined;
  if (live) {
    const nodes = new Map(
      live.compiled.document.nodes.flatMap((n) => [
        [n.name.toLowerCase(), n.id] as const,
        [n.id.toLowerCase(), n.id] as const,
      ]),
    );
    const unknown = graph.activities.filter((a) => !nodes.has(a.name.toLowerCase()) && !nodes.has(slug(a.name)));
    if (unknown.length)
      return refuse(
        "INVALID",
        `The process ${live.key} has no step named ${unknown
          .slice(0, 3)
          .map((a) => `“${a.name}”`)
          .join(
            ", ",
          )}${unknown.length > 3 ? ` and ${unknown.length - 3} more` : ""}. Nothing was imported; name another process, or leave it out to make one of the log.`,
      );
    const nodeOf = (activity: string) => nodes.get(activity.toLowerCase()) ?? nodes.get(slug(activity))!;
    const { id: processId, version, compiled } = live;
    return { ok: true, processId, version, compiled, made: false, nodeOf, endsCase };
  }
  const name = input.fileName.replace(/^.*[\\/]/, "").replace(/\.(gz|csv|xes|xml|txt)\b/gi, "");
  let key = ownKey ?? input.process ?? slug(name);
  if (!/^[a-z][a-z0-9_]{0,63}$/i.test(key))
    return refuse(
      "INVALID",
      `“${key}” cannot be the key of a process: letters, digits and _ only. Nothing was imported.`,
    );
  if (!ownKey && input.process && context.owners.has(key))
    return refuse(
      "CONFLICT",
      `The process ${key} has no published version yet. Publish it, or choose another key. Nothing was imported.`,
    );
  for (let n = 2; !ownKey && context.owners.has(key); n++) key = `${slug(name)}_${n}`;
  const discovered = discoveredProcess(graph, {
    key,
    name: name || key,
    summary: `Discovered from ${log.cases.size || new Set(log.events.map((e) => e.caseId)).size} cases of an event log.`,
    recordType,
    valueAtRisk: context.model.hasField(recordType, "amount_base") ? `${recordType}.amount_base` : undefined,
  });
  const memberId = ask.actor.kind === "member" ? ask.actor.id : null;
  if (!ownKey) {
    const created = await createProcess(
      deps,
      { ...ask, commandId: own.replace("prc_", "cmd_") },
      memberId,
      discovered.document,
    );
    if (!created.ok) return created;
  }
  // The first version is the import's own, whatever was drawn since.
  const first = 1;
  let compiled = ownKey ? await deps.contexts.version(ask.workspaceId, key, first) : undefined;
  if (!compiled) {
    const published = await publishProcess(deps, ask, {
      processId: own,
      document: discovered.document,
      note: `Discovered from ${input.fileName.replace(/^.*[\\/]/, "")}`,
      baseVersion: null,
      memberId,
      changes: discovered.document.nodes.length,
    });
    if (!published.ok) return published;
    compiled = await deps.contexts.version(ask.workspaceId, key, first);
  }
  if (!compiled) throw new Error(`the version of ${key} that was just published is gone`);
  return {
    ok: true,
    processId: own,
    version: first,
    compiled,
    made: true,
    nodeOf: (activity) => discovered.nodeOf.get(activity)!,
    endsCase,
  };
}

async function keyOf({ store: { read, t } }: Deps, workspaceId: string, processId: string): Promise<string | null> {
  const [process] = await read
    .select({ key: t.process.key })
    .from(t.process)
    .where(and(eq(t.process.workspaceId, workspaceId), eq(t.process.id, processId)));
  return process?.key ?? null;
}

/** The process that is there: as it is live, or in the version in which the import began. */
async function versionOf(deps: Deps, ask: Ask, key: string, before: { version: number } | null) {
  const live = (await deps.contexts.get(ask.workspaceId, ask.now)).live.get(key);
  if (!live || !before || before.version === live.version) return live;
  const compiled = await deps.contexts.version(ask.workspaceId, key, before.version);
  return compiled ? { ...live, version: before.version, compiled } : undefined;
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
