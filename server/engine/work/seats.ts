/** The seats of an open approval: who sits there, who takes whose place, and when that has to be looked at again. */
import { announce } from "../clocks/clocks.ts";
import type { Facts } from "../events.ts";
import type { CompiledNode } from "../graph.ts";
import type { Visit, Work } from "../model.ts";
import { type Turn, emit, nextId, nodeOf, request } from "../turn.ts";
import { type ApprovalSeat, seatedAt } from "./approval-path.ts";
import { type Approver, excludedFrom, findApprover, nextChange, standIn } from "./approvers.ts";
import { askByMail } from "./ask-by-mail.ts";
import { handOut } from "./assign.ts";

/** With the work after it: when this person's place is taken by somebody else. */
export const awayTimer = "approver:";

/** The seat of a work item at the level that is open. */
export const seatOf = (turn: Turn, item: Work): ApprovalSeat | undefined => {
  const approval = turn.run.visits[item.visit]?.approval;
  return approval?.levels[approval.level]?.seats?.find(({ work }) => work === item.id);
};

/** Everybody who sits at the open level, but for the seat of this work. */
export function othersAt(turn: Turn, visit: Visit | undefined, work: string): Set<string> {
  const seats = visit?.approval?.levels[visit.approval.level]?.seats ?? [];
  return seatedAt(
    seats.filter((seat) => seat.work !== work),
    (id) => ({ member: turn.run.work[id]?.assignee ?? null, for: turn.run.work[id]?.for }),
  );
}

/** Who asked: kept with an approval that has levels; else who completed the last human step. */
export const requesterOf = (turn: Turn, visit: Visit | undefined): string | null =>
  visit?.approval ? visit.approval.requester : turn.run.lastHuman;

/** Why this person may not have this approval; null when they may. */
export function barredFrom(turn: Turn, item: Work, member: string): string | null {
  const visit = turn.run.visits[item.visit];
  if (excludedFrom(turn, nodeOf(turn, item.node), requesterOf(turn, visit)).has(member))
    return "Nobody approves their own request. Nothing was changed; choose somebody else.";
  return othersAt(turn, visit, item.id).has(member)
    ? "This person decides at this level already. Nothing was changed; choose somebody else."
    : null;
}

/** Looks again at the instant from which somebody else decides for this person. */
export function watchAbsence(turn: Turn, token: string, work: string, member: string): void {
  const due = nextChange(turn.world.directory.people.get(member), turn.instant);
  cancelTokenTimer(turn, token, awayTimer + work);
  if (due !== null) emit(turn, "TimerSet", { id: nextId(turn, "timer"), name: awayTimer + work, due, token });
}

export function cancelTokenTimer(turn: Turn, token: string, name: string): void {
  for (const timer of Object.values(turn.run.timers))
    if (timer.token === token && timer.name === name) emit(turn, "TimerCancelled", { id: timer.id });
}

/**
 * Whoever decides in the approver's place now, else somebody else for the same seat. `gone`: a person who is about to leave, `ask`:
 * whom to take instead of whom the process asks. Null when there is nobody, or nobody is needed.
 */
export function replacement(
  turn: Turn,
  item: Work,
  node: CompiledNode,
  { gone, ask }: { gone?: string | undefined; ask?: string | undefined } = {},
): Approver | null {
  const visit = turn.run.visits[item.visit];
  const requester = requesterOf(turn, visit);
  const others = othersAt(turn, visit, item.id);
  const now = item.assignee;
  if (!now && !ask) return null;
  const barred = new Set([...excludedFrom(turn, node, requester), ...others, ...(gone ? [gone] : [])]);
  const whose = item.for ?? now;
  if (!ask && now && whose && now !== gone) {
    // In whose place it is decided stays, also when the one who does it goes away.
    const inPlace = standIn(turn, now, barred);
    if (inPlace === now) return null;
    if (inPlace && inPlace !== whose)
      return { member: inPlace, for: whose, role: item.role, pick: stoodIn(item, inPlace) };
  }
  return findApprover(
    turn,
    node,
    ask ?? seatOf(turn, item)?.ask ?? item.role,
    requester,
    new Set([...others, ...(now ? [now] : []), ...(gone ? [gone] : [])]),
  );
}

const stoodIn = (item: Work, chosen: string): Approver["pick"] => ({
  rule: "stand_in",
  queue: item.queue,
  role: item.role,
  pool: [],
  chosen,
});

/** Gives an open approval to somebody else. */
export function seat(turn: Turn, item: Work, to: Approver, why: Facts["WorkAssigned"]["why"], note?: string): void {
  const { member, pick } = to;
  const open = turn.world.directory.open;
  if (item.assignee) open.set(item.assignee, Math.max(0, (open.get(item.assignee) ?? 1) - 1));
  handOut(turn, pick);
  emit(turn, "WorkAssigned", {
    work: item.id,
    assignee: member,
    from: item.assignee,
    why,
    pick,
    ...(note && { note }),
    ...(to.for && { for: to.for }),
  });
  announce(turn, item.assignee ? "work_item.reassigned" : "work_item.assigned", item.visit);
  if (!member) return;
  watchAbsence(turn, item.token, item.id, member);
  askByMail(turn, nodeOf(turn, item.node), item.id, member);
}

/** A person who has handed their approvals over, has gone away or leaves: somebody takes the place, now or when it comes to that. */
export function reviewSeat(turn: Turn, work: string, node: CompiledNode, gone?: string): void {
  const item = turn.run.work[work];
  if (!item?.assignee) return;
  const to = replacement(turn, item, node, { gone });
  if (to && to.member !== item.assignee) return seat(turn, item, to, "rule");
  watchAbsence(turn, item.token, item.id, item.assignee);
  const left = item.assignee === gone || turn.world.directory.people.get(item.assignee)?.active !== true;
  if (left && turn.world.processOwner)
    request(turn, {
      kind: "notice",
      to: turn.world.processOwner,
      title: node.node.name,
      text: "An approver has left, and nobody can take their place here. Hand the approval over.",
      urgency: "breach",
      link: `/records/${turn.run.recordId}`,
    });
}

/** Every seat that is still open goes to somebody else whom it asks, or to the named role: a backup. */
export function reassignApprovers(turn: Turn, visit: string, node: CompiledNode, role?: string): void {
  for (const item of Object.values(turn.run.work)) {
    if (item.visit !== visit) continue;
    const to = replacement(turn, item, node, { ask: role ?? seatOf(turn, item)?.ask ?? item.role });
    if (to && to.member !== item.assignee) seat(turn, item, to, "escalation");
  }
}

/** The seat is filled as if it were new: by whom it asks now, who may be the one that has it. */
export function fillAnew(turn: Turn, item: Work, node: CompiledNode): void {
  const visit = turn.run.visits[item.visit];
  const ask = seatOf(turn, item)?.ask ?? item.role;
  const to = findApprover(turn, node, ask, requesterOf(turn, visit), othersAt(turn, visit, item.id));
  if (to && (to.member !== item.assignee || to.for !== item.for)) seat(turn, item, to, "rule");
}
