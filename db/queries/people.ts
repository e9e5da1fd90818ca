/** What hangs on a person: what they would leave behind. */
import { and, count, eq, gt, isNotNull, isNull } from "drizzle-orm";
import type { Row, Store } from "../store.ts";
import { kept } from "./kept.ts";

export type Holdings = Awaited<ReturnType<typeof holdingsOf>>;

/** Everything that names this person and would be left without them. Index `work_mine` for the tasks. */
export async function holdingsOf({ read, t }: Store, workspaceId: string, memberId: string, now: number) {
  const work = await read
    .select({ runId: t.workItem.runId, work: t.workItem.work, node: t.workItem.node, title: t.record.title })
    .from(t.workItem)
    .innerJoin(t.record, and(eq(t.record.workspaceId, t.workItem.workspaceId), eq(t.record.id, t.workItem.recordId)))
    .where(
      and(eq(t.workItem.workspaceId, workspaceId), eq(t.workItem.assignee, memberId), isNull(t.workItem.completedAt)),
    )
    .orderBy(t.workItem.offeredAt);
  const [records] = await read
    .select({ n: count() })
    .from(t.record)
    .where(and(eq(t.record.workspaceId, workspaceId), eq(t.record.ownerId, memberId), isNull(t.record.deletedAt)));
  const processes = await read
    .select()
    .from(t.process)
    .where(and(eq(t.process.workspaceId, workspaceId), eq(t.process.ownerId, memberId)));
  const members = await read.select().from(t.member).where(eq(t.member.workspaceId, workspaceId));
  const email = members.find((one) => one.id === memberId)?.email.toLowerCase();
  const allQueues = await read.select().from(t.queue).where(eq(t.queue.workspaceId, workspaceId));
  /** Queues with a rule that names the person. */
  const ruled = allQueues.filter((queue) =>
    queue.settings?.territories?.some(({ to }) => to.trim() === memberId || to.trim().toLowerCase() === email),
  );
  const queues = allQueues.filter((queue) => queue.members.includes(memberId));
  const teams = await read
    .select()
    .from(t.team)
    .where(and(eq(t.team.workspaceId, workspaceId), eq(t.team.managerId, memberId)));
  const keys = await read
    .select()
    .from(t.apiKey)
    .where(
      and(
        eq(t.apiKey.workspaceId, workspaceId),
        eq(t.apiKey.memberId, memberId),
        isNull(t.apiKey.revokedAt),
        gt(t.apiKey.expiresAt, now),
      ),
    );
  const others = members.filter((one) => one.id !== memberId && one.status === "active");
  const roles = members.find((one) => one.id === memberId)?.processRoles ?? [];
  return {
    work,
    records: Number(records?.n ?? 0),
    processes,
    queues,
    ruled,
    teams,
    reports: members.filter((one) => one.managerId === memberId),
    backupOf: members.filter((one) => one.backupId === memberId),
    keys,
    /** Roles of processes that nobody else active has: their work would go to the process owner. */
    onlyIn: roles.filter((role) => !others.some((one) => one.processRoles.includes(role))),
  };
}

/** Ids of the records somebody owns, in pages by id. */
export async function recordsOwnedBy(
  { read, t }: Store,
  workspaceId: string,
  memberId: string,
  after: string,
  limit: number,
): Promise<Row<"record">[]> {
  return read
    .select()
    .from(t.record)
    .where(
      and(
        eq(t.record.workspaceId, workspaceId),
        eq(t.record.ownerId, memberId),
        isNull(t.record.deletedAt),
        gt(t.record.id, after),
      ),
    )
    .orderBy(t.record.id)
    .limit(limit);
}

/** How much work is open, by who has it. Index `work_mine`. */
export const openWorkByPerson = kept<{ workspaceId: string }, { member: string | null; n: number }>(
  ({ read, t }, { given }) =>
    read
      .select({ member: t.workItem.assignee, n: count() })
      .from(t.workItem)
      .where(
        and(
          eq(t.workItem.workspaceId, given("workspaceId")),
          isNull(t.workItem.completedAt),
          isNotNull(t.workItem.assignee),
        ),
      )
      .groupBy(t.workItem.assignee),
);

/** Approvals that wait for this person. Index `work_mine`. */
export const openApprovalsOf = ({ read, t }: Store, workspaceId: string, memberId: string) =>
  read
    .select({ runId: t.workItem.runId, work: t.workItem.work })
    .from(t.workItem)
    .where(
      and(
        eq(t.workItem.workspaceId, workspaceId),
        eq(t.workItem.assignee, memberId),
        eq(t.workItem.approval, true),
        isNull(t.workItem.completedAt),
      ),
    );
