/** Who was given work: what everybody had today, whose turn it is, who had a record before. */
import { and, count, desc, eq, gte, inArray, isNotNull, isNull, lt } from "drizzle-orm";
import type { Pick } from "@/server/engine/events.ts";
import type { Store } from "../store.ts";
import { kept } from "./kept.ts";

/** What was handed out since an instant, by whom it went to and from which queue. Index `pick_day`. */
export const pickedSince = kept<
  { workspaceId: string; since: number },
  { member: string; queue: string | null; n: number }
>(({ read, t }, { given }) =>
  read
    .select({ member: t.pick.member, queue: t.pick.queue, n: count() })
    .from(t.pick)
    .where(and(eq(t.pick.workspaceId, given("workspaceId")), gte(t.pick.at, given("since"))))
    .groupBy(t.pick.member, t.pick.queue),
);

/** The newest turn of a queue: the fact that holds it says how everybody stands. Index `pick_turn`. */
const newestTurn = kept<{ workspaceId: string; queue: string }, { data: unknown }>(({ read, t }, { given }) =>
  read
    .select({ data: t.event.data })
    .from(t.pick)
    .innerJoin(
      t.event,
      and(
        eq(t.event.workspaceId, t.pick.workspaceId),
        eq(t.event.streamKind, "run"),
        eq(t.event.streamId, t.pick.runId),
        eq(t.event.version, t.pick.no),
      ),
    )
    .where(and(eq(t.pick.workspaceId, given("workspaceId")), eq(t.pick.queue, given("queue")), isNotNull(t.pick.turn)))
    .orderBy(desc(t.pick.turn))
    .limit(1),
);

/** The last pick of weighted round robin in each of these queues that had one. */
export async function lastTurns(
  store: Store,
  workspaceId: string,
  queues: readonly string[],
): Promise<Map<string, Pick>> {
  const turns = new Map<string, Pick>();
  for (const queue of queues) {
    const [row] = await newestTurn(store, { workspaceId, queue });
    const pick = row && (row.data as { pick?: Pick }).pick;
    if (pick) turns.set(queue, pick);
  }
  return turns;
}

/** Everybody who was given work for these records, oldest first. Index `run_record`. */
export const holdersOfRecords = kept<
  { workspaceId: string; records: readonly string[] },
  { recordId: string; role: string; member: string }
>(({ read, t }, { given, among }) =>
  read
    .select({ recordId: t.run.recordId, role: t.pick.role, member: t.pick.member })
    .from(t.run)
    .innerJoin(t.pick, and(eq(t.pick.workspaceId, t.run.workspaceId), eq(t.pick.runId, t.run.id)))
    .where(and(eq(t.run.workspaceId, given("workspaceId")), among(t.run.recordId, "records")))
    .orderBy(t.pick.at, t.pick.no),
);

/** Records that belong to these accounts, the accounts themselves left out. Index `link_to`. */
export const recordsOfAccounts = kept<
  { workspaceId: string; accounts: readonly string[] },
  { id: string; account: string }
>(({ read, t }, { given, among }) =>
  read
    .select({ id: t.recordLink.fromId, account: t.recordLink.toId })
    .from(t.recordLink)
    .where(and(eq(t.recordLink.workspaceId, given("workspaceId")), among(t.recordLink.toId, "accounts"))),
);

/** What was handed out from one queue, newest first, with the facts that prove it. Index `pick_queue`. */
export async function picksOfQueue(
  { read, t }: Store,
  {
    workspaceId,
    queue,
    from,
    to,
    limit,
  }: { workspaceId: string; queue: string; from: number; to: number; limit: number },
) {
  return read
    .select({
      runId: t.pick.runId,
      no: t.pick.no,
      at: t.pick.at,
      rule: t.pick.rule,
      role: t.pick.role,
      member: t.pick.member,
      turn: t.pick.turn,
      process: t.pick.process,
      recordId: t.pick.recordId,
      title: t.record.title,
      recordType: t.record.type,
      type: t.event.type,
      data: t.event.data,
      actor: t.event.actor,
      seq: t.event.seq,
    })
    .from(t.pick)
    .innerJoin(
      t.event,
      and(
        eq(t.event.workspaceId, t.pick.workspaceId),
        eq(t.event.streamKind, "run"),
        eq(t.event.streamId, t.pick.runId),
        eq(t.event.version, t.pick.no),
      ),
    )
    .leftJoin(t.record, and(eq(t.record.workspaceId, t.pick.workspaceId), eq(t.record.id, t.pick.recordId)))
    .where(and(eq(t.pick.workspaceId, workspaceId), eq(t.pick.queue, queue), gte(t.pick.at, from), lt(t.pick.at, to)))
    .orderBy(desc(t.pick.at), desc(t.event.seq))
    .limit(limit);
}

/** How often each person was picked from a queue, by rule. Index `pick_queue`. */
export async function sharesOfQueue(
  { read, t }: Store,
  { workspaceId, queue, from, to }: { workspaceId: string; queue: string; from: number; to: number },
): Promise<{ member: string; rule: string; n: number }[]> {
  const rows = await read
    .select({ member: t.pick.member, rule: t.pick.rule, n: count() })
    .from(t.pick)
    .where(and(eq(t.pick.workspaceId, workspaceId), eq(t.pick.queue, queue), gte(t.pick.at, from), lt(t.pick.at, to)))
    .groupBy(t.pick.member, t.pick.rule);
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

/** Open work that somebody has, of one queue or of these people: what can be moved. At most `limit`. Index `work_mine`. */
export async function openWorkOf(
  { read, t }: Store,
  { workspaceId, queue, members, limit }: { workspaceId: string; queue?: string; members?: string[]; limit: number },
) {
  return read
    .select({
      runId: t.workItem.runId,
      work: t.workItem.work,
      process: t.workItem.process,
      node: t.workItem.node,
      role: t.workItem.role,
      queue: t.workItem.queue,
      approval: t.workItem.approval,
      assignee: t.workItem.assignee,
      startedAt: t.workItem.startedAt,
      dueAt: t.workItem.dueAt,
      offeredAt: t.workItem.offeredAt,
      title: t.record.title,
    })
    .from(t.workItem)
    .innerJoin(t.record, and(eq(t.record.workspaceId, t.workItem.workspaceId), eq(t.record.id, t.workItem.recordId)))
    .where(
      and(
        eq(t.workItem.workspaceId, workspaceId),
        isNull(t.workItem.completedAt),
        isNotNull(t.workItem.assignee),
        ...(queue === undefined ? [] : [eq(t.workItem.queue, queue)]),
        ...(members === undefined ? [] : [inArray(t.workItem.assignee, members)]),
      ),
    )
    .orderBy(t.workItem.offeredAt)
    .limit(limit);
}

export async function namesOfQueues({ read, t }: Store, workspaceId: string): Promise<Map<string, string>> {
  const rows = await read
    .select({ key: t.queue.key, name: t.queue.name })
    .from(t.queue)
    .where(eq(t.queue.workspaceId, workspaceId));
  return new Map(rows.map(({ key, name }) => [key, name]));
}
