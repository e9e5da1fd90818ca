import { askByMail } from "./ask-by-mail.ts";
import { handOut, pickAssignee } from "./assign.ts";
import { announce } from "../clocks/clocks.ts";
import type { CommandOf } from "../commands.ts";
import type { Pick } from "../events.ts";
import { type Refusal, type Work, refuse } from "../model.ts";
import { release } from "../flow/leave.ts";
import { reviewSeat } from "./seats.ts";
import { type Turn, emit, nodeOf, standAt } from "../turn.ts";

/** Open work goes to somebody else: claimed, given back, handed over by a person or by the queue's rule. */
export function reassign(turn: Turn, item: Work, command: CommandOf<"assignWork">): Refusal | null {
  const me = command.actor.kind === "member" ? command.actor.id : null;
  const { how } = command;
  if (how.kind === "claim" && item.assignee && item.assignee !== me)
    return refuse("CONFLICT", `${nameOf(turn, item.assignee) ?? "Somebody else"} has taken this task.`);
  if ((how.kind === "rebalance" || how.kind === "rule") && item.assignee !== how.from)
    return refuse("CONFLICT", "Somebody else has this task by now. It was left where it is.");
  // The seats of an approval have rules of their own: who sits there already, who decides in whose place.
  if (how.kind === "rule" && turn.run.visits[item.visit]?.approval) {
    reviewSeat(turn, item.id, nodeOf(turn, item.node), how.from);
    return null;
  }
  const pick = how.kind === "rule" ? byRule(turn, item) : null;
  const to = pick ? pick.chosen : how.kind === "claim" ? me : "to" in how ? how.to : null;
  if (to && !turn.world.directory.people.get(to)?.active)
    return refuse("INVALID", "That person cannot take work. Nothing was changed; choose somebody else.");
  if (to === item.assignee) return null;
  release(turn, item.assignee);
  if (pick) handOut(turn, pick);
  else if (to) handOut(turn, { rule: how.kind, queue: item.queue, role: item.role, pool: [], chosen: to });
  emit(turn, "WorkAssigned", {
    work: item.id,
    assignee: to,
    from: item.assignee,
    why: how.kind,
    ...(how.kind === "hand_over" && how.note && { note: how.note }),
    ...(pick && { pick }),
  });
  if (how.kind === "claim") announce(turn, "work_item.claimed", item.visit);
  announce(turn, item.assignee ? "work_item.reassigned" : "work_item.assigned", item.visit);
  if (to && how.kind !== "claim") askByMail(turn, nodeOf(turn, item.node), item.id, to);
  return null;
}

function byRule(turn: Turn, item: Work): Pick {
  standAt(turn, item.token);
  const node = turn.process.nodes.get(item.node) ?? null;
  return pickAssignee(turn, item.role, node, { not: item.assignee, sticky: false });
}

const nameOf = (turn: Turn, member: string) => turn.world.directory.people.get(member)?.name;
