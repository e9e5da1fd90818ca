/**
 * How an approval with levels goes on: each decision, the time limit, approvers who go away, and the request that is taken back.
 * Only people approve: neither time nor a rule nor an absence ever does.
 */
import { announce } from "../clocks/clocks.ts";
import type { CommandOf } from "../commands.ts";
import { type Arrival, cancelWorkTimers, raise, release } from "../flow/leave.ts";
import { placeOf, resume, run as runTokens } from "../flow/moves.ts";
import type { CompiledNode } from "../graph.ts";
import { type Refusal, type Values, type Work, refuse } from "../model.ts";
import { writeField } from "../records.ts";
import { type Turn, emit, nodeOf, request } from "../turn.ts";
import { sourceOf } from "../actions.ts";
import { approvalOf, withdrawnBy } from "./approval-config.ts";
import { type ApprovalDecision, decisionOf } from "./approval.ts";
import { verdictOf, withVote } from "./approval-path.ts";
import { outcomeField } from "./form.ts";
import { openLevel, setTimeout } from "./open-approval.ts";
import {
  awayTimer,
  barredFrom,
  cancelTokenTimer,
  replacement,
  requesterOf,
  reviewSeat,
  seat,
  seatOf,
} from "./seats.ts";
import { standIn } from "./approvers.ts";
import { ownerOf } from "./pool.ts";

/** Why this decision cannot be taken like this; null when it can. Of approvals with and without levels. */
export function decisionRefusal(turn: Turn, item: Work, command: CommandOf<"completeWork">): Refusal | null {
  const config = approvalOf(nodeOf(turn, item.node));
  const decision = decisionOf(command.outcome);
  if (command.reason && config.reasons && !config.reasons.includes(command.reason))
    return refuse("INVALID", "That reason is not one of this step's reasons. Nothing was saved.", { field: "reason" });
  if (config.comment?.includes(decision) && !command.comment?.trim())
    return refuse("MISSING_FIELDS", "Say why in the comment. Nothing was decided yet.", {
      fields: [{ field: "comment", text: "Say why in the comment. Nothing was decided yet." }],
    });
  if (decision !== "approved" && config.reasons?.length && !command.reason)
    return refuse("MISSING_FIELDS", "Choose a reason. Nothing was decided yet.", {
      fields: [{ field: "reason", text: "Choose a reason. Nothing was decided yet." }],
    });
  if (!turn.run.visits[item.visit]?.approval) return null;
  const me = command.actor.kind === "member" ? command.actor.id : null;
  if (!me) return refuse("NOT_ALLOWED", "An approval is decided by a person. Nothing was decided.");
  const barred = barredFrom(turn, item, me);
  if (barred) return refuse("NOT_ALLOWED", barred);
  if (item.assignee && item.assignee !== me && standIn(turn, item.assignee, new Set()) !== me)
    return refuse(
      "NOT_ALLOWED",
      `This decision is ${turn.world.directory.people.get(item.assignee)?.name ?? "somebody else"}'s. Nothing was decided; hand it over first.`,
    );
  return null;
}

/** Whether this decision ends the whole approval: only then is the form's decision written. */
export function isLast(turn: Turn, item: Work, decision: ApprovalDecision): boolean {
  const approval = turn.run.visits[item.visit]?.approval;
  const level = approval?.levels[approval.level];
  const own = seatOf(turn, item);
  if (!approval || !level?.seats || !own) return true;
  const verdict = verdictOf(withVote(level.seats, own.id, { decision }), level.required ?? 1);
  return verdict !== null && (verdict !== "approved" || approval.level === approval.levels.length - 1);
}

/** One decision was taken: the level goes on, the next one opens, or the approval is over. */
export function afterVote(turn: Turn, item: Work, outcome: string | null, values: Values): void {
  const approval = turn.run.visits[item.visit]?.approval;
  const level = approval?.levels[approval.level];
  const verdict = level?.seats ? verdictOf(level.seats, level.required ?? 1) : null;
  cancelTokenTimer(turn, item.token, awayTimer + item.id);
  if (!approval || !verdict) return;
  const spared = closeLevel(turn, item.visit, "the decision is certain without it");
  emit(turn, "ApprovalLevelClosed", { visit: item.visit, level: approval.level, decision: verdict, spared });
  const node = nodeOf(turn, item.node);
  if (verdict === "approved" && approval.level < approval.levels.length - 1)
    return runTokens(turn, openLevel(turn, item.token, node, item.visit, approval.level + 1));
  emit(turn, "ApprovalSettled", { visit: item.visit, decision: verdict, why: "votes" });
  announce(turn, "work_item.completed", item.visit);
  runTokens(turn, resume(turn, item.token, { type: "work", outcome, values, decision: verdict }));
}

/** Cancels what is still open at a level; the seats that were spared. */
function closeLevel(turn: Turn, visit: string, reason: string): string[] {
  const spared: string[] = [];
  for (const item of Object.values(turn.run.work)) {
    if (item.visit !== visit) continue;
    const own = seatOf(turn, item);
    if (own) spared.push(own.id);
    release(turn, item.assignee);
    cancelWorkTimers(turn, item.id);
    cancelTokenTimer(turn, item.token, awayTimer + item.id);
    emit(turn, "WorkCancelled", { work: item.id, reason });
  }
  return spared;
}

/** The time limit of an approval has passed. */
export function approvalOverdue(turn: Turn, token: string, node: CompiledNode): Arrival[] {
  const { timeout } = approvalOf(node);
  const visit = turn.run.tokens[token]?.visit;
  if (!timeout || !visit) return [];
  const open = Object.values(turn.run.work).filter((item) => item.visit === visit);
  switch (timeout.do) {
    case "approve": // refused when it is published; whatever slips through only reminds
    case "remind":
      for (const item of open) tell(turn, node, item, "This approval is still waiting for you.");
      setTimeout(turn, token, node);
      return [];
    case "escalate": {
      let moved = false;
      for (const item of open) {
        const ask = timeout.to ?? managerOf(turn, item);
        const to = ask ? replacement(turn, item, node, { ask }) : null;
        if (to && to.member !== item.assignee) {
          seat(turn, item, to, "escalation");
          moved = true;
        } else tell(turn, node, item, "This approval is late, and there is nobody to pass it on to.");
      }
      if (moved) setTimeout(turn, token, node);
      return [];
    }
    case "reject":
    case "return":
      return settleByTime(turn, token, node, visit, timeout.do === "reject" ? "rejected" : "returned");
    default:
      return timeout.do satisfies never;
  }
}

function managerOf(turn: Turn, item: Work): string | null {
  const manager = item.assignee && turn.world.directory.people.get(item.assignee)?.managerId;
  return manager ? `@${manager}` : null;
}

function tell(turn: Turn, node: CompiledNode, item: Work, text: string): void {
  const to = item.assignee ?? turn.world.processOwner;
  if (to)
    request(turn, {
      kind: "notice",
      to,
      title: node.node.name,
      text,
      urgency: "warn",
      link: `/inbox/${turn.run.id}.${item.id}`,
    });
}

/** Time can only say no: the form's decision gets a value that means that, if it has one. */
function settleByTime(
  turn: Turn,
  token: string,
  node: CompiledNode,
  visit: string,
  decision: "rejected" | "returned",
): Arrival[] {
  const approval = turn.run.visits[visit]?.approval;
  const spared = closeLevel(turn, visit, "the time limit has passed");
  if (approval) emit(turn, "ApprovalLevelClosed", { visit, level: approval.level, decision, spared });
  emit(turn, "ApprovalSettled", { visit, decision, why: "timeout" });
  const field = outcomeField(turn.process, node, turn.world.model, turn.run);
  const value = field?.values.find((one) => decisionOf(one) === decision) ?? null;
  if (field && value !== null) {
    const wrong = writeField(turn, field.field, value, sourceOf(turn, placeOf(turn, token, node)));
    if (wrong) return raise(turn, token, node, "VALUE_REFUSED", wrong);
    turn.dirty = true;
  }
  return resume(turn, token, { type: "work", outcome: value ?? decision, values: {}, decision });
}

/** Approvers who have gone away since, or leave: their places are taken at once. */
export function reviewApprovers(turn: Turn, gone?: string): void {
  for (const item of Object.values(turn.run.work))
    if (item.approval) reviewSeat(turn, item.id, nodeOf(turn, item.node), gone);
}

/** The request is taken back. True when the whole run is to be cancelled for it. */
export function withdraw(turn: Turn, command: CommandOf<"withdrawApproval">): Refusal | { cancelRun: boolean } {
  const token = turn.run.tokens[command.token];
  const visit = token?.visit ? turn.run.visits[token.visit] : undefined;
  const items = Object.values(turn.run.work).filter((item) => item.token === command.token && item.approval);
  if (!token || !visit || token.state !== "in" || !items.length)
    return refuse("CONFLICT", "This request has been decided in the meantime. Nothing was changed.");
  const node = nodeOf(turn, token.node);
  const how = withdrawnBy(approvalOf(node));
  if (how === "forbid")
    return refuse("NOT_ALLOWED", "This request cannot be taken back once it is made. Nothing was changed.");
  const me = command.actor.kind === "member" ? command.actor.id : null;
  if (!me || (!command.forced && me !== requesterOf(turn, visit) && me !== ownerOf(turn)))
    return refuse("NOT_ALLOWED", "Only who made this request can take it back. Nothing was changed.");
  emit(turn, "ApprovalWithdrawn", {
    token: token.id,
    node: node.id,
    visit: visit.id,
    by: me,
    ...(command.reason && { reason: command.reason }),
  });
  announce(turn, "approval.decided", visit.id);
  if (how === "cancel") return { cancelRun: true };
  closeLevel(turn, visit.id, "the request was taken back");
  turn.dirty = true;
  runTokens(turn, resume(turn, token.id, { type: "work", outcome: "withdrawn", values: {}, decision: "withdrawn" }));
  return { cancelRun: false };
}
