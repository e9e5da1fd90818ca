import { and, eq } from "drizzle-orm";
import { type Refusal, refuse } from "@/server/engine/model.ts";
import type { Ask, Deps } from "./deps.ts";
import { writeSetting } from "./write-setting.ts";

/** Ties a sign-in to a person who was only named so far (an owner that came with an import). */
export async function letSignIn(
  deps: Deps,
  ask: Ask,
  { id, userId, email }: { id: string; userId: string; email: string },
): Promise<{ ok: true } | Refusal> {
  const { read, t } = deps.store;
  return writeSetting(deps, ask, async () => {
    const [before] = await read
      .select()
      .from(t.member)
      .where(and(eq(t.member.workspaceId, ask.workspaceId), eq(t.member.id, id)));
    if (!before) return refuse("NOT_FOUND", "This person does not exist, or you may not see them.");
    if (before.userId) return refuse("CONFLICT", "This person can sign in already. Nothing was changed.");
    return {
      ok: true,
      setting: `member.${id}`,
      from: { signsIn: false },
      to: { signsIn: true },
      put: { member: [{ ...before, userId, email: email.toLowerCase() }] },
    };
  });
}
