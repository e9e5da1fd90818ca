import { handOut } from "./assign.ts";
import { announce } from "../clocks/clocks.ts";
import type { CommandOf } from "../commands.ts";
import { type Refusal, type Work, refuse } from "../model.ts";
import { release } from "../flow/leave.ts";
import { type Turn, emit } from "../turn.ts";

/** Open work goes to somebody else: claimed, given back, or handed over. */
export function reassign(turn: Turn, item: Work, command: CommandOf<"assignWork">): Refusal | null {
  const me = command.actor.kind === "member" ? command.actor.id : null;
  const { how } = command;
  if (how.kind === "claim" && item.assignee && item.assignee !== me)
    return refuse(
      "CONFLICT",
      `${turn.world.directory.people.get(item.assignee)?.name ?? "Somebody else"} has taken this task.`,
    );
  const to = how.kind === "claim" ? me : how.kind === "release" ? null : how.to;
  if (to && !turn.world.directory.people.get(to)?.active)
    return refuse("INVALID", "That person cannot take work. Nothing was changed; choose somebody else.");
  if (to === item.assignee) return null;
  release(turn, item.assignee);
  if (to) handOut(turn, { rule: how.kind, queue: item.queue, role: item.role, pool: [], chosen: to });
  emit(turn, "WorkAssigned", {
    work: item.id,
    assignee: to,
    from: item.assignee,
    why: how.kind,
    ...(how.kind === "hand_over" && how.note && { note: how.note }),
  });
  if (how.kind === "claim") announce(turn, "work_item.claimed", item.visit);
  announce(turn, item.assignee ? "work_item.reassigned" : "work_item.assigned", item.visit);
  return null;
}
