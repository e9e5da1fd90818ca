/** A person's inbox: their open work and what waits in their queues, ranked. */
import { doneWork, type InboxItem, openClocks, openWork } from "@/db/queries/inbox.ts";
import type { Row, Store } from "@/db/store.ts";
import type { Contexts, WorkspaceContext } from "@/server/commands/workspace-context.ts";
import { calendarAt } from "@/server/commands/resolve-calendar.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { RecordModel } from "@/server/records/model.ts";
import type { RecordLabels } from "@/server/records/rules.ts";
import { timeLeft } from "./clock-bands.ts";
import { itemTitles } from "./item-titles.ts";
import { byRank, rankOf, type Ranked, type Split, splitOf } from "./rank.ts";

export type Reader = {
  memberId: string;
  workspaceId: string;
  processRoles: readonly string[];
  zone: string;
  locale: "en" | "vi";
};
export type InboxDeps = {
  store: Store;
  contexts: Contexts;
  labels: (locale: "en" | "vi", model: RecordModel) => RecordLabels;
};

export type InboxRow = {
  id: string;
  runId: string;
  work: string;
  title: string;
  kind: string;
  process: string;
  processName: string;
  /** `account`: the customer, unless the title says it. */
  record: { id: string; type: string; title: string; account: string | null };
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
  const clocks = await openClocks(
    deps.store,
    reader.workspaceId,
    open.map((item) => item.runId),
  );
  const items = await itemTitles(deps, context, open);
  const rows = await Promise.all(
    open.map((item) => rowOf(deps, context, item, clocks, now, items.get(`${item.runId}.${item.work}`))),
  );
  const finished = await Promise.all(done.map((item) => rowOf(deps, context, item, [], now)));
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

/** A task as a row of the queue. `clocks`: those that may be the one it is due by. `about`: the item of a for-each. */
export async function rowOf(
  deps: InboxDeps,
  context: WorkspaceContext,
  item: InboxItem,
  clocks: readonly Row<"slaClock">[],
  now: number,
  about?: string,
): Promise<InboxRow> {
  const process = await deps.contexts.version(item.workspaceId, item.process, item.version);
  const node = process?.nodes.get(item.node);
  const dueAt = item.dueAt ?? null;
  const leftMs = dueAt === null || !process ? null : leftOf(context, process, item, clocks, dueAt, now);
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
    title: [node?.node.name ?? item.node, about].filter(Boolean).join(" – "),
    kind: node?.node.kind ?? "task",
    process: item.process,
    processName: process?.document.name ?? item.process,
    record: {
      id: item.recordId,
      type: item.recordType,
      title: item.recordTitle,
      account: item.accountTitle && !item.recordTitle.includes(item.accountTitle) ? item.accountTitle : null,
    },
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
      : splitOf({ status: rank.status, snoozedUntil: item.snoozedUntil ?? null, state: item.state }, now),
    completedAt: item.completedAt ?? null,
    outcome: item.outcome ?? null,
  };
}

/** Open time between now and due, in the calendar that the clock which is due then runs under. */
function leftOf(
  context: WorkspaceContext,
  process: CompiledProcess,
  item: InboxItem,
  clocks: readonly Row<"slaClock">[],
  dueAt: number,
  now: number,
): number {
  const clock = clocks.find((c) => c.runId === item.runId && c.dueAt === dueAt);
  return timeLeft(calendarAt(context.revisions, process.document, clock?.data.calendar ?? null), dueAt, now);
}
