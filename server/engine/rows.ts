/** Rows as one value makes them: a visit, a task, a clock, a run, a record with its references and match keys. */
import type { Row } from "@/db/store.ts";
import type { CompiledProcess } from "./graph.ts";
import type { Effect } from "./events.ts";
import type { EngineRecord, Incident, Run, RunClock, Visit, Work } from "./model.ts";
import type { RecordRules } from "./world.ts";

/** A visit's row as it begins; what changes later is set by the projection. */
export const newVisitRow = (process: CompiledProcess, run: Run, visit: Visit): Row<"stepVisit"> => {
  const node = process.nodes.get(visit.node)?.node;
  return {
    workspaceId: run.workspaceId,
    runId: run.id,
    visit: visit.id,
    process: run.process,
    version: run.version,
    node: visit.node,
    kind: node?.kind ?? "task",
    visitNo: visit.no,
    recordId: run.recordId,
    role: node?.role ?? null,
    owner: null,
    enteredAt: visit.enteredAt,
    assignedAt: null,
    startedAt: null,
    pausedAt: null,
    leftAt: null,
    blockedMs: 0,
    touchMs: 0,
    outcome: null,
    port: null,
    skipped: false,
    cancelled: false,
    rework: visit.rework,
    calendar: visit.calendar?.key ?? null,
    zone: visit.calendar?.zone ?? null,
    dueAt: null,
    breachedAt: null,
    valueAtRisk: visit.valueAtRisk,
    valueAssumed: visit.valueAtRisk === null,
    startRecorded: true,
    pauses: [],
  };
};

/** The same of a task. */
export const newWorkRow = (run: Run, item: Work): Row<"workItem"> => ({
  workspaceId: run.workspaceId,
  runId: run.id,
  work: item.id,
  visit: item.visit,
  process: run.process,
  version: run.version,
  node: item.node,
  recordType: run.recordType,
  recordId: run.recordId,
  role: item.role,
  queue: item.queue,
  approval: item.approval,
  state: item.state,
  assignee: null,
  offeredAt: item.offeredAt,
  startedAt: null,
  snoozedUntil: null,
  blockedReason: null,
  priority: item.priority,
  dueAt: null,
  atRiskAt: null,
  valueAtRisk: null,
  completedAt: null,
  completedBy: null,
  outcome: null,
});

/** A clock's row. `stopped`: it ends with this event. */
export const clockRow = (run: Run, clock: RunClock, stopped: boolean): Row<"slaClock"> => ({
  workspaceId: run.workspaceId,
  runId: run.id,
  clock: clock.id,
  process: run.process,
  version: run.version,
  sla: clock.sla,
  node: clock.node,
  visit: clock.visit,
  state: clock.clock.state,
  startedAt: clock.clock.startedAt,
  dueAt: clock.clock.dueAt ?? null,
  breachedAt: clock.clock.breachedAt ?? null,
  stoppedAt: stopped ? (clock.clock.stoppedAt ?? run.lastAt) : null,
  breachedWith: clock.breachedWith ?? null,
  data: clock.clock,
});

/** An incident's row as it is raised. */
export const incidentRow = (
  run: Run,
  { id, node, code, text, at }: Pick<Incident, "id" | "node" | "code" | "text" | "at">,
): Row<"incident"> => ({
  workspaceId: run.workspaceId,
  runId: run.id,
  incident: id,
  process: run.process,
  version: run.version,
  node,
  code,
  text,
  raisedAt: at,
  resolvedAt: null,
});

/** A job that nobody has tried yet. */
export const newJobRow = (
  job: Pick<Row<"job">, "id" | "workspaceId" | "kind" | "payload" | "dueAt"> & { runId?: string | null },
): Row<"job"> => ({ runId: null, ...job, lease: 0, attempts: 0, deadAt: null, lastError: null });

/** The run's own row. */
export const runRow = (run: Run) => ({
  workspaceId: run.workspaceId,
  id: run.id,
  process: run.process,
  version: run.version,
  recordType: run.recordType,
  recordId: run.recordId,
  status: run.status,
  outcome: run.outcome,
  endNode: run.end,
  incidents: Object.keys(run.incidents).length,
  rev: run.rev,
  startedAt: run.startedAt,
  endedAt: run.endedAt,
  lastAt: run.lastAt,
  state: run,
});

/** A record's row: promoted columns beside its values. `at`: when it was changed, where it does not say so itself. */
export function recordRow(workspaceId: string, record: EngineRecord, model: RecordRules, at: number) {
  const { values } = record;
  const text = (field: string) => (typeof values[field] === "string" ? values[field] : null);
  const title = model.title(record.type, values);
  return {
    workspaceId,
    id: record.id,
    type: record.type,
    version: record.version,
    title,
    search: model.search(record.type, values),
    ownerId: text("owner_id"),
    accountId: text("account_id"),
    status: model.status(record.type, values),
    amount: model.amount(record.type, values),
    externalId: text("external_id"),
    lockedBy: record.lockedBy ?? null,
    values,
    createdAt: record.createdAt,
    updatedAt: record.changedAt ?? at,
    deletedAt: null,
  };
}

/** References of a record as link rows. */
export const linkRows = (workspaceId: string, record: EngineRecord, model: RecordRules) =>
  model
    .references(record.type)
    .flatMap(({ field }) =>
      typeof record.values[field] === "string"
        ? [{ workspaceId, fromId: record.id, field, toId: record.values[field], fromType: record.type }]
        : [],
    );

/** Match keys of a record as rows. */
export const keyRows = (workspaceId: string, record: EngineRecord, model: RecordRules) =>
  [...new Set(model.matchKeys(record.type, record.values))].map((key) => ({ workspaceId, key, recordId: record.id }));

/** `id`: the effect that asked for it. */
export const noticeRow = (
  { workspaceId, id: runId }: Run,
  id: string,
  memberId: string,
  { title, text, urgency, link }: Extract<Effect, { kind: "notice" }>,
  at: number,
): Row<"notice"> => ({
  workspaceId,
  id: `${runId}.${id}`,
  memberId,
  runId,
  title,
  text,
  urgency,
  link,
  at,
  readAt: null,
});

/** `no`: the version of the fact. */
export const hitRow = (
  { workspaceId, id: runId, process, version }: Run,
  no: number,
  { table, rules }: { table: string; rules: readonly (string | number)[] },
  at: number,
): Row<"tableHit"> => ({ workspaceId, runId, no, process, version, table, rules: rules.join(), at });
