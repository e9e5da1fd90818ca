/** A person's inbox: their open work and what waits in their queues, ranked; and one task as a card. */
import { findRecords } from "@/db/queries/records.ts";
import { doneWork, findWork, type InboxItem, openWork } from "@/db/queries/inbox.ts";
import { clocksOfRuns, eventsOf, findRun, visitsOfRuns } from "@/db/queries/runs.ts";
import type { Store } from "@/db/store.ts";
import type { Contexts, WorkspaceContext } from "@/server/commands/workspace-context.ts";
import { engineRecord } from "@/server/commands/load-world.ts";
import { resolveCalendar } from "@/server/commands/resolve-calendar.ts";
import { openTime } from "@/server/engine/calendar.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { EngineRecord, Run } from "@/server/engine/model.ts";
import type { RecordLabels } from "@/server/records/rules.ts";
import { formView, outcomesView } from "./form-view.ts";
import { nextSteps, pathView } from "./path-view.ts";
import { byRank, rankOf, type Ranked, type Split, splitOf } from "./rank.ts";

export type Reader = {
  memberId: string;
  workspaceId: string;
  processRoles: readonly string[];
  zone: string;
  locale: "en" | "vi";
};
export type InboxDeps = { store: Store; contexts: Contexts; labels: (locale: "en" | "vi") => RecordLabels };

export type InboxRow = {
  id: string;
  runId: string;
  work: string;
  title: string;
  kind: string;
  process: string;
  processName: string;
  record: { id: string; type: string; title: string };
  amount: number | null;
  valueAtRisk: number | null;
  assignee: string | null;
  dueAt: number | null;
  /** ms of working time until due; negative once late. */
  leftMs: number | null;
  offeredAt: number;
  snoozedUntil: number | null;
  blockedReason: string | null;
  rank: Ranked;
  split: Split;
  completedAt: number | null;
  outcome: string | null;
};

const dayMs = 86_400_000;

export async function readInbox(
  deps: InboxDeps,
  reader: Reader,
  now: number,
): Promise<{ rows: InboxRow[]; currency: string; at: number }> {
  const context = await deps.contexts.get(reader.workspaceId, now);
  const roles = rolesOf(context, reader);
  const open = await openWork(deps.store, reader.workspaceId, reader.memberId, roles);
  const done = await doneWork(deps.store, reader.workspaceId, reader.memberId, now - dayMs);
  const rows = await Promise.all(open.map((item) => rowOf(deps, context, item, now)));
  const finished = await Promise.all(done.map((item) => rowOf(deps, context, item, now)));
  return { rows: [...rows.sort(byRank), ...finished], currency: context.currency, at: now };
}

/** Process roles a person works for: their own, and those of queues they are in. */
function rolesOf(context: WorkspaceContext, reader: Reader): string[] {
  const roles = new Set(reader.processRoles);
  for (const live of context.live.values())
    for (const [key, queue] of Object.entries(live.compiled.document.queues))
      if (context.directory.queue(key).includes(reader.memberId)) roles.add(queue.role);
  return [...roles];
}

async function rowOf(deps: InboxDeps, context: WorkspaceContext, item: InboxItem, now: number): Promise<InboxRow> {
  const process = await deps.contexts.version(item.workspaceId, item.process, item.version);
  const node = process?.nodes.get(item.node);
  const dueAt = item.dueAt ?? null;
  const leftMs = dueAt === null || !process ? null : leftOf(context, process, item, dueAt, now);
  const rank = rankOf(
    {
      dueAt,
      atRiskAt: item.atRiskAt ?? null,
      paused: item.state === "paused",
      valueAtRisk: item.valueAtRisk ?? null,
      offeredAt: item.offeredAt,
      priority: item.priority,
      leftMs: leftMs === null ? null : Math.max(0, leftMs),
    },
    now,
  );
  return {
    id: `${item.runId}.${item.work}`,
    runId: item.runId,
    work: item.work,
    title: node?.node.name ?? item.node,
    kind: node?.node.kind ?? "task",
    process: item.process,
    processName: process?.document.name ?? item.process,
    record: { id: item.recordId, type: item.recordType, title: item.recordTitle },
    amount: item.recordAmount,
    valueAtRisk: item.valueAtRisk ?? null,
    assignee: item.assignee ?? null,
    dueAt,
    leftMs,
    offeredAt: item.offeredAt,
    snoozedUntil: item.snoozedUntil ?? null,
    blockedReason: item.blockedReason ?? null,
    rank,
    split: item.completedAt
      ? "done"
      : splitOf(
          { status: rank.status, snoozedUntil: item.snoozedUntil ?? null, state: item.state, dueAt },
          now,
          now + dayMs,
        ),
    completedAt: item.completedAt ?? null,
    outcome: item.outcome ?? null,
  };
}

/** Open time between now and due in the calendar of the step's first SLA, read in the workspace's zone rule. */
function leftOf(
  context: WorkspaceContext,
  process: CompiledProcess,
  item: InboxItem,
  dueAt: number,
  now: number,
): number {
  const key = process.nodes.get(item.node)?.slas.find((s) => s.sla.calendar)?.sla.calendar;
  const definition = key
    ? (context.calendars.get(`${process.document.key}.${key}`)?.definition ??
      context.calendars.get(key)?.definition ??
      process.document.calendars[key])
    : undefined;
  if (!key || !definition) return dueAt - now;
  const person = item.assignee ? context.directory.people.get(item.assignee) : undefined;
  const teamZone = definition.zone === "team" ? context.teamZones.get(person?.teamId ?? "") : undefined;
  const zone =
    definition.zone === "owner" || definition.zone === "team"
      ? (teamZone ?? person?.zone ?? context.zone)
      : definition.zone === "record" || !definition.zone
        ? context.zone
        : definition.zone;
  const calendar = resolveCalendar(
    key,
    definition,
    zone,
    definition.holidays === "by_country" ? (person?.country ?? context.country) : "",
  );
  return dueAt >= now ? openTime(calendar, now, dueAt) : -openTime(calendar, dueAt, now);
}

export type StepCard = Awaited<ReturnType<typeof readCard>>;

/** Everything the card of one task shows. Null when there is no such task. */
export async function readCard(deps: InboxDeps, reader: Reader, id: string, now: number) {
  const [runId = "", workId = ""] = id.split(".");
  const { store } = deps;
  const row = await findWork(store, reader.workspaceId, runId, workId);
  const run = row ? await findRun(store, reader.workspaceId, runId) : null;
  const process = run ? await deps.contexts.version(reader.workspaceId, run.process, run.version) : null;
  const node = row && process ? process.nodes.get(row.node) : undefined;
  if (!row || !run || !process || !node) return null;
  const context = await deps.contexts.get(reader.workspaceId, now);
  const records = await recordsOfRun(store, run);
  const record = records.get(run.recordId);
  const named = (name: string): EngineRecord | null =>
    name === run.recordType ? (record ?? null) : (records.get(run.related[name] ?? "") ?? null);
  const item = run.work[workId];
  const labels = deps.labels(reader.locale);
  const input = { process, node, run, recordNamed: named, labels, draft: item?.draft ?? {} };
  const visits = await visitsOfRuns(store, reader.workspaceId, [runId]);
  const clocks = (await clocksOfRuns(store, reader.workspaceId, [runId])).filter(
    (c) => c.visit === row.visit || (c.node === row.node && c.stoppedAt === null),
  );
  const inboxRow = await rowOf(
    deps,
    context,
    {
      ...row,
      recordTitle: record ? context.model.title(record.type, record.values) : "",
      recordAmount: record ? context.model.amount(record.type, record.values) : null,
    },
    now,
  );
  const { field, outcomes } = outcomesView({ ...input, picklist: context.model.picklist });
  const name = (memberId: string | null | undefined) =>
    memberId ? (context.directory.people.get(memberId)?.name ?? null) : null;
  return {
    ...inboxRow,
    rev: run.rev,
    version: run.version,
    state: row.state,
    open: item !== undefined,
    approval: row.approval,
    role: process.document.roles[row.role]?.name ?? row.role,
    mine: row.assignee === reader.memberId,
    assigneeName: name(row.assignee),
    completedByName: name(row.completedBy),
    guidance: node.node.playbook ?? null,
    checklist: node.node.checklist ?? [],
    fields: formView(input),
    outcomeField: field,
    outcomes,
    next: nextSteps(process, node.id),
    path: pathView(
      process,
      visits.map((v) => ({ node: v.node, enteredAt: v.enteredAt, leftAt: v.leftAt ?? null, skipped: v.skipped })),
      new Set(Object.values(run.incidents).map((one) => one.node)),
    ),
    clocks: clocks.map((c) => ({
      id: c.clock,
      name: process.document.slas[c.sla]?.name ?? c.sla,
      target: process.document.slas[c.sla]?.target ?? "",
      state: c.state,
      startedAt: c.startedAt,
      dueAt: c.dueAt ?? null,
      breachedAt: c.breachedAt ?? null,
      stoppedAt: c.stoppedAt ?? null,
    })),
    recordFields: record
      ? labels.summary(record.type).map((f) => ({ ...f, value: record.values[f.name] ?? null }))
      : [],
    recordCurrency: typeof record?.values.currency === "string" ? record.values.currency : context.currency,
    snoozedUntil: item?.snoozedUntil ?? null,
    lastEvents: (await eventsOf(store, reader.workspaceId, "run", [runId])).slice(-30),
  };
}

/** The run's own record and every record it has a name for. */
export async function recordsOfRun(store: Store, run: Run): Promise<Map<string, EngineRecord>> {
  const rows = await findRecords(store, run.workspaceId, [
    run.recordId,
    ...Object.values(run.related).flatMap((id) => id ?? []),
  ]);
  return new Map(rows.map((row) => [row.id, engineRecord(row)]));
}
