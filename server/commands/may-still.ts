/** Rights are those of now, not of when something was asked for that goes on behind. */
import { and, eq } from "drizzle-orm";
import type { Store } from "@/db/store.ts";
import { type Action, isRole, scopeOf } from "@/server/api/authorisation.ts";

export async function mayStill(
  { read, t }: Store,
  workspaceId: string,
  memberId: string,
  action: Action,
): Promise<boolean> {
  const [person] = await read
    .select({ roles: t.member.roles, status: t.member.status })
    .from(t.member)
    .where(and(eq(t.member.workspaceId, workspaceId), eq(t.member.id, memberId)));
  return person?.status === "active" && scopeOf(action, person.roles.filter(isRole)) === "all";
}
