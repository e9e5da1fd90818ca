/** Which records a run looks at besides its own, as far as its process says so, and how they are found. */
import { recordsReferring, recordsWithKeys } from "@/db/queries/world.ts";
import type { Store } from "@/db/store.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { EngineRecord, Run } from "@/server/engine/model.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import type { Subject } from "./runs-beside.ts";
import { targetOf, versionKey } from "./version-of.ts";
import { engineRecord } from "./warm-runs.ts";

export const recordsOf = ({ recordId, related }: Pick<Run, "recordId" | "related">): string[] => [
  recordId,
  ...Object.values(related).flatMap((id) => id ?? []),
];

export function subjectsOf(
  runs: Map<string, Run>,
  commands: readonly RunCommand[],
  processes: Map<string, CompiledProcess>,
): Subject[] {
  const subjects: Subject[] = [];
  for (const run of runs.values()) {
    const process = processes.get(versionKey(run.process, run.version));
    if (process) subjects.push({ process, recordType: run.recordType, recordId: run.recordId, related: run.related });
  }
  for (const command of commands) {
    const process =
      command.type === "startRun" ? processes.get(versionKey(command.process, command.version)) : undefined;
    if (process && command.type === "startRun")
      subjects.push({ process, recordType: command.recordType, recordId: command.recordId, related: {} });
    // What the version it goes on under looks at besides.
    const to = targetOf(command);
    const [run, other] = [runs.get(command.runId), to && processes.get(versionKey(to.process, to.version))];
    if (run && other)
      subjects.push({ process: other, recordType: run.recordType, recordId: run.recordId, related: run.related });
  }
  return subjects;
}

/** Ids that a subject's `path` rules name, as far as the records on the way are loaded; and its account, whose zone may count. */
export function referenced(
  { process, recordType, recordId, related }: Subject,
  records: Map<string, EngineRecord>,
): string[] {
  const account = records.get(recordId)?.values.account_id;
  const zones = Object.keys(process.document.calendars).length > 0 && typeof account === "string" ? [account] : [];
  return zones.concat(namedByPaths({ process, recordType, recordId, related }, records));
}

function namedByPaths(
  { process, recordType, recordId, related }: Subject,
  records: Map<string, EngineRecord>,
): string[] {
  return Object.values(process.document.related).flatMap((rule) => {
    if (!rule.path) return [];
    const [object, field] = rule.path.includes(".")
      ? [rule.path.slice(0, rule.path.indexOf(".")), rule.path.slice(rule.path.indexOf(".") + 1)]
      : [recordType, rule.path];
    const id = object === recordType ? recordId : related[object];
    const value = id ? records.get(id)?.values[field] : null;
    return typeof value === "string" ? [value] : [];
  });
}

export async function loadNewest(
  store: Store,
  workspaceId: string,
  subjects: Subject[],
  records: Map<string, EngineRecord>,
  newest: Map<string, EngineRecord[]>,
): Promise<void> {
  const asked = new Map<string, Set<string>>();
  for (const { process, recordType, recordId, related } of subjects) {
    for (const rule of Object.values(process.document.related)) {
      const named = (name: string) => (name === recordType ? recordId : related[name]);
      for (const of of [named(rule.of ?? recordType), rule.through ? named(rule.through) : null]) {
        if (!rule.newest || !of || newest.has(`${rule.newest}/${of}`)) continue;
        asked.set(rule.newest, (asked.get(rule.newest) ?? new Set()).add(of));
      }
    }
    // What a for-each goes through.
    for (const { kind, config } of process.document.nodes) {
      if (kind !== "for_each" || config.over !== "records" || typeof config.records !== "string") continue;
      const of = typeof config.of === "string" && config.of !== recordType ? related[config.of] : recordId;
      if (of && !newest.has(`${config.records}/${of}`))
        asked.set(config.records, (asked.get(config.records) ?? new Set()).add(of));
    }
  }
  for (const [type, ids] of asked) {
    for (const id of ids) newest.set(`${type}/${id}`, []);
    const rows = await recordsReferring(store, { workspaceId, type, to: [...ids] });
    for (const { record: row, to } of rows) {
      const record = records.get(row.id) ?? engineRecord(row);
      records.set(row.id, record);
      newest.get(`${type}/${to}`)!.push(record);
    }
  }
}

/** Lines of the loaded quotes, payments of the loaded invoices: what their totals are added up from. */
export async function loadParts(
  store: Store,
  workspaceId: string,
  records: Map<string, EngineRecord>,
  newest: Map<string, EngineRecord[]>,
  model: RecordRules,
): Promise<void> {
  const asked = new Map<string, string[]>();
  for (const { type, id } of records.values())
    for (const part of model.parts(type))
      if (part.as === "lines" || part.as === "payments") asked.set(part.type, [...(asked.get(part.type) ?? []), id]);
  for (const [type, ids] of asked) {
    for (const id of ids) newest.set(`${type}/${id}`, []);
    const rows = await recordsReferring(store, { workspaceId, type, to: ids });
    for (const { record: row, to } of rows) {
      const record = records.get(row.id) ?? engineRecord(row);
      records.set(row.id, record);
      newest.get(`${type}/${to}`)!.push(record);
    }
  }
}

/** Records that may be the same as, or the account of, a subject whose process matches: those that share a key. */
export async function loadCandidates(
  store: Store,
  workspaceId: string,
  subjects: Subject[],
  records: Map<string, EngineRecord>,
  model: RecordRules,
): Promise<EngineRecord[]> {
  const keys = new Set<string>();
  for (const { process, recordId } of subjects) {
    const matches = process.document.nodes.some((n) => n.actions?.some((a) => a.verb === "match"));
    const record = matches ? records.get(recordId) : undefined;
    for (const key of record ? model.matchKeys(record.type, record.values) : []) keys.add(key);
  }
  if (keys.size === 0) return [];
  const rows = await recordsWithKeys(store, { workspaceId, keys: [...keys] });
  return rows.map(({ record }) => engineRecord(record));
}

export function matchAmong(
  record: EngineRecord,
  candidates: EngineRecord[],
  model: RecordRules,
): { duplicateOf: string | null; account: string | null } {
  const others = candidates
    .filter((c) => c.id !== record.id && model.isSame(record, c))
    .sort((a, b) => a.createdAt - b.createdAt);
  return {
    duplicateOf:
      others.find((c) => c.type === record.type && c.createdAt <= record.createdAt && !model.isClosed(c.type, c.values))
        ?.id ?? null,
    account: others.find((c) => c.type === "account")?.id ?? null,
  };
}
