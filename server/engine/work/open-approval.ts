/** Opens an approval that has levels: plans it once, then asks one level after the other. */
import type { Place } from "../actions.ts";
import { announce } from "../clocks/clocks.ts";
import { dueOf } from "../flow/boundary.ts";
import { type Arrival, raise } from "../flow/leave.ts";
import type { CompiledNode } from "../graph.ts";
import { fieldsOfAnswer } from "../tables/decision-table.ts";
import { type Turn, emit, nextId, plainOf } from "../turn.ts";
import { approvalOf, hasLevels } from "./approval-config.ts";
import { type Approval, type ApprovalSeat, requiredOf, roleAsked } from "./approval-path.ts";
import { type Approver, findApprover, findEverybody } from "./approvers.ts";
import { askByMail } from "./ask-by-mail.ts";
import { handOut } from "./assign.ts";
import { planApproval } from "./plan-approval.ts";
import { cancelTokenTimer, watchAbsence } from "./seats.ts";

export const timeoutTimer = "approval";

/** Whether this node's approvals have levels, so that `openApproval` opens them. */
export const isLevelled = (node: CompiledNode): boolean => node.node.kind === "approval" && hasLevels(approvalOf(node));

/** The first level, or after an incident the one that could not be opened. */
export function openApproval(turn: Turn, token: string, node: CompiledNode): Arrival[] {
  const visit = turn.run.visits[turn.run.tokens[token]?.visit ?? ""];
  if (!visit) return [];
  if (visit.approval) return openLevel(turn, token, node, visit.id, nextLevel(visit.approval));
  const planned = planApproval(turn, node, visit);
  const { asked } = planned;
  if (asked) {
    const { answer } = asked;
    const outputs = node.matrix ? fieldsOfAnswer(node.matrix, answer) : {};
    emit(turn, "DecisionMade", {
      token,
      node: node.id,
      visit: visit.id,
      table: asked.table,
      inputs: Object.fromEntries(
        (node.matrix?.inputs ?? []).map(({ text }, i) => [text, plainOf(answer.inputs[i] ?? null)]),
      ),
      rules: answer.rules,
      outputs: Object.fromEntries(Object.entries(outputs).map(([field, value]) => [field, plainOf(value)])),
      ...(answer.error && { error: answer.error.text }),
    });
  }
  if (!planned.ok) return raise(turn, token, node, planned.code, planned.text);
  emit(turn, "ApprovalPlanned", {
    visit: visit.id,
    node: node.id,
    requester: turn.run.lastHuman,
    levels: planned.levels,
    ...(asked && { matrix: asked.table }),
  });
  return openLevel(turn, token, node, visit.id, 0);
}

/** The level that is to be opened: the next one, once the open one has approved. */
const nextLevel = ({ level, levels }: Approval): number => (levels[level]?.seats ? level + 1 : Math.max(0, level));

export function openLevel(turn: Turn, token: string, node: CompiledNode, visitId: string, index: number): Arrival[] {
  const approval = turn.run.visits[visitId]?.approval;
  const level = approval?.levels[index];
  if (!approval || !level) return [];
  const { seats, approvers } = fillSeats(turn, node, approval.requester, level.ask, index);
  const required = requiredOf(level.needs, seats.length);
  if (mostVotes(turn, node, approval.requester, approvers) < required)
    return raise(
      turn,
      token,
      node,
      "NO_APPROVER",
      required === 1
        ? `“${node.node.name || node.id}” needs somebody to approve who did not ask for it, and nobody is there. Nothing was approved; name others, then retry.`
        : `“${node.node.name || node.id}” needs ${required} different people to approve who did not ask for it, and too few are there. Nothing was approved; name others, then retry.`,
    );
  emit(turn, "ApprovalLevelOpened", { visit: visitId, level: index, required, seats });
  seats.forEach((seat, i) => {
    const approver = approvers[i];
    if (approver) offerSeat(turn, token, node, visitId, seat, approver);
  });
  setTimeout(turn, token, node);
  return [];
}

/** Who would sit at a level now. */
export function fillSeats(
  turn: Turn,
  node: CompiledNode,
  requester: string | null,
  asked: readonly string[],
  index: number,
): { seats: ApprovalSeat[]; approvers: (Approver | null)[] } {
  const taken = new Set<string>();
  const approvers: (Approver | null)[] = [];
  const seats: ApprovalSeat[] = [];
  for (const ask of asked) {
    const found = ask.startsWith("*")
      ? findEverybody(turn, node, ask.slice(1), requester, taken)
      : [findApprover(turn, node, ask, requester, taken)];
    for (const approver of found) {
      if (approver?.member) taken.add(approver.member);
      if (approver?.for) taken.add(approver.for);
      const role = approver?.role ?? roleAsked(ask) ?? node.node.role ?? "process_owner";
      seats.push({ id: `${index + 1}.${seats.length + 1}`, ask, role, ...(!approver && { vacant: true }) });
      approvers.push(approver);
    }
  }
  return { seats, approvers };
}

/** How many different people can decide: seats that lie in a queue need somebody in it who does not sit at the level. */
function mostVotes(turn: Turn, node: CompiledNode, requester: string | null, approvers: (Approver | null)[]): number {
  const seated = new Set(approvers.flatMap((one) => one?.member ?? []));
  const queued = new Map<string, number>();
  for (const one of approvers) if (one && one.member === null) queued.set(one.role, (queued.get(one.role) ?? 0) + 1);
  let votes = seated.size;
  for (const [role, seats] of queued) {
    const free = findEverybody(turn, node, role, requester, seated).filter((one) => one?.member).length;
    votes += Math.min(seats, free);
  }
  return votes;
}

function offerSeat(
  turn: Turn,
  token: string,
  node: CompiledNode,
  visit: string,
  seat: ApprovalSeat,
  { member, role, pick, for: place }: Approver,
): void {
  const work = nextId(turn, "work");
  emit(turn, "WorkOffered", {
    work,
    token,
    visit,
    node: node.id,
    role,
    queue: pick.queue,
    approval: true,
    priority: 0,
  });
  const inPlace = place && { for: place };
  emit(turn, "ApprovalRequested", { work, approver: member, visit, seat: seat.id, ...inPlace });
  announce(turn, "approval.requested", visit);
  if (!member) return;
  handOut(turn, pick);
  emit(turn, "WorkAssigned", { work, assignee: member, from: null, why: "rule", pick, ...inPlace });
  announce(turn, "work_item.assigned", visit);
  watchAbsence(turn, token, work, member);
  askByMail(turn, node, work, member);
}

/** The time limit counts anew for each level. */
export function setTimeout(turn: Turn, token: string, node: CompiledNode): void {
  cancelTokenTimer(turn, token, timeoutTimer);
  const { timeout } = approvalOf(node);
  if (!timeout) return;
  const visit = turn.run.visits[turn.run.tokens[token]?.visit ?? ""] ?? null;
  const place: Place = { token, node, visit, assignee: visit?.assignee ?? null };
  const { after, calendar } = timeout;
  const due = dueOf(turn, { after, ...(calendar && { calendar }) }, place);
  if (typeof due === "number") emit(turn, "TimerSet", { id: nextId(turn, "timer"), name: timeoutTimer, due, token });
}
