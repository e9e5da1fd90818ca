/** One approval as the page shows it that a mail leads to: what is asked, and whether this reader can still decide it. */
import { findWork } from "@/db/queries/inbox.ts";
import { eventsOf } from "@/db/queries/runs.ts";
import type { StoredEvent } from "@/server/engine/events.ts";
import type { Run } from "@/server/engine/model.ts";
import { type StepCard, readCard } from "./read-card.ts";
import type { InboxDeps, Reader } from "./read-inbox.ts";

/** How a request was over without a decision of this seat. */
type Closed = {
  why: "withdrawn" | "timeout" | "not_needed" | "cancelled";
  by: string | null;
  at: number;
  reason: string | null;
};
export type DecisionView = {
  card: NonNullable<StepCard>;
  /** `free`: nobody has it, and this reader may take it. */
  state: "yours" | "free" | "theirs" | "decided" | "closed";
  decided: { by: string | null; at: number; outcome: string; comment: string | null; reason: string | null } | null;
  closed: Closed | null;
};

type Gone = { state: "gone"; at: number };

/**
 * `of`: the revision of the run at which it was asked. `gone`: that request was taken back by an undo, and is another one's number
 * now, or nobody's. Null when there is no such approval, or it is none of the reader's business. `seesRecord`: whether they may read a record of this
 * owner, and so know of it anyway.
 */
export async function decisionView(
  deps: InboxDeps,
  reader: Reader,
  { id, of }: { id: string; of?: number | undefined },
  now: number,
  seesRecord: (owner: string | null) => boolean,
): Promise<DecisionView | Gone | null> {
  const [runId = "", workId = ""] = id.split(".");
  const told = await eventsOf(deps.store, reader.workspaceId, "run", [runId]);
  const { kept: log, undone } = standing(told);
  const asked = (events: readonly StoredEvent[]) =>
    events.some((event) => event.type === "WorkAssigned" && is(event, workId) && has(event, reader));
  const offered = lastOffer(log, workId);
  const meant =
    of === undefined
      ? offered
      : lastOffer(
          told.filter(({ version }) => version <= of),
          workId,
        );
  if (undone !== null && (meant ? meant.seq !== offered?.seq : !offered))
    return asked(told) ? { state: "gone", at: undone } : null;
  const row = await findWork(deps.store, reader.workspaceId, runId, workId);
  if (!row?.approval) return null;
  const card = await readCard(deps, reader, id, now);
  if (!card) return null;
  const context = await deps.contexts.get(reader.workspaceId, now);
  const name = (member: string | null | undefined) =>
    member ? (context.directory.people.get(member)?.name ?? null) : null;
  const owner = card.recordOwner;
  if (!card.mine && !asked(log) && row.completedBy !== reader.memberId && !seesRecord(owner))
    return undone !== null && asked(told) ? { state: "gone", at: undone } : null;
  const end = row.completedAt === null ? null : lastEnd(log, workId);
  if (end?.type === "WorkCompleted") {
    const vote = log.findLast((event) => event.type === "ApprovalDecided" && event.data.work === workId);
    const said = vote?.type === "ApprovalDecided" ? vote.data : null;
    return {
      card,
      state: "decided",
      decided: {
        by: name(end.actor.kind === "member" ? end.actor.id : null),
        at: end.due ?? end.at,
        outcome: said?.decision ?? end.data.outcome ?? "",
        comment: said?.comment ?? null,
        reason: said?.reason ?? null,
      },
      closed: null,
    };
  }
  if (end || !card.open)
    return { card, state: "closed", decided: null, closed: end ? closedBy(log, end, name) : overBy(log, name) };
  return { card, state: card.mine ? "yours" : card.assignee === null ? "free" : "theirs", decided: null, closed: null };
}

/** What has happened without what an undo took back, and when the last undo was. */
function standing(log: readonly StoredEvent[]): { kept: StoredEvent[]; undone: number | null } {
  const kept: StoredEvent[] = [];
  let undone: number | null = null;
  for (const event of log) {
    const restored = event.type === "WorkUndone" || event.type === "RunMigrated" ? event.data.restored : undefined;
    if (restored !== undefined) {
      const { rev } = JSON.parse(restored) as Run;
      while ((kept.at(-1)?.version ?? 0) > rev) kept.pop();
      undone = event.at;
    }
    kept.push(event);
  }
  return { kept, undone };
}

const lastOffer = (log: readonly StoredEvent[], work: string): StoredEvent | null =>
  log.findLast((event) => event.type === "WorkOffered" && event.data.work === work) ?? null;

const is = (event: StoredEvent, work: string): boolean => "work" in event.data && event.data.work === work;
const has = (event: StoredEvent, { memberId }: Reader): boolean =>
  event.type === "WorkAssigned" && (event.data.assignee === memberId || event.data.from === memberId);

type End = Extract<StoredEvent, { type: "WorkCompleted" | "WorkCancelled" }>;

const lastEnd = (log: readonly StoredEvent[], work: string): End | null =>
  (log.findLast((event) => (event.type === "WorkCompleted" || event.type === "WorkCancelled") && is(event, work)) as
    | End
    | undefined) ?? null;

/** Why nobody is asked any more: what else the same command did. */
function closedBy(log: readonly StoredEvent[], end: End, name: (member: string) => string | null): Closed {
  const at = end.due ?? end.at;
  const together = log.filter((event) => event.cause === end.cause && event.at === end.at);
  const withdrawn = together.find((event) => event.type === "ApprovalWithdrawn");
  if (withdrawn?.type === "ApprovalWithdrawn")
    return { why: "withdrawn", by: name(withdrawn.data.by), at, reason: withdrawn.data.reason ?? null };
  if (together.some((event) => event.type === "ApprovalSettled" && event.data.why === "timeout"))
    return { why: "timeout", by: null, at, reason: null };
  if (together.some((event) => event.type === "ApprovalLevelClosed"))
    return { why: "not_needed", by: null, at, reason: null };
  return { ...overBy(together, name), at };
}

/** The run was ended, or somebody moved it on by hand. */
function overBy(log: readonly StoredEvent[], name: (member: string) => string | null): Closed {
  const over = log.findLast((event) => event.type === "RunCancelled" || event.type === "RunJumped");
  return {
    why: "cancelled",
    by: over?.actor.kind === "member" ? name(over.actor.id) : null,
    at: over?.at ?? log.at(-1)?.at ?? 0,
    reason: over?.type === "RunCancelled" || over?.type === "RunJumped" ? (over.data.reason ?? null) : null,
  };
}
