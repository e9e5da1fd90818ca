/** Whose records a right that reaches so far is about. */
import type { Allowed } from "./procedure.ts";

/** Owners whose records this person may see or change; null = everybody's. */
export async function ownersOf(ctx: Allowed): Promise<string[] | null> {
  if (ctx.scope === "all") return null;
  const context = await ctx.services.engine.contexts.get(ctx.person.workspaceId, ctx.services.clock.now());
  const { memberId, teamId } = ctx.person;
  if (ctx.scope === "own") return [memberId];
  return [...context.directory.people.values()]
    .filter((p) => p.id === memberId || (teamId !== null && p.teamId === teamId) || p.managerId === memberId)
    .map((p) => p.id);
}
