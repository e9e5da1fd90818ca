import { and, eq, gt } from "drizzle-orm";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import type { Ask, Deps } from "./deps.ts";
import { reviewApprovers } from "./review-approvers.ts";
import { writeSetting } from "./write-setting.ts";

/** Somebody else decides on a person's approvals from `from` (inclusive) to `to` (exclusive), epoch ms. */
export type DelegationInput = { memberId: string; delegateId: string; from: number; to: number; reason: string };

/** Hands a person's approvals over for a time. Those that wait for them now go over at once, each with both names in its log. */
export async function addDelegation(
  deps: Deps,
  ask: Ask,
  input: DelegationInput,
): Promise<{ ok: true; id: string } | Refusal> {
  const { store, contexts, newId } = deps;
  const { read, t } = store;
  const id = newId("del");
  const saved = await writeSetting(deps, ask, async () => {
    const { people } = (await contexts.get(ask.workspaceId, ask.now)).directory;
    if (input.to <= input.from || input.to <= ask.now)
      return refuse("INVALID", "The handing over ends after it begins, and not in the past. Nothing was saved.");
    if (input.delegateId === input.memberId || !people.get(input.delegateId)?.active || !people.has(input.memberId))
      return refuse("INVALID", "That person cannot take this over. Nothing was changed; choose an active colleague.");
    const known = await read
      .select()
      .from(t.delegation)
      .where(and(eq(t.delegation.workspaceId, ask.workspaceId), gt(t.delegation.to, ask.now)));
    const others = known.filter((one) => one.from < input.to && input.from < one.to);
    if (others.some((one) => one.memberId === input.memberId))
      return refuse(
        "CONFLICT",
        "Approvals are handed over in that time already. Nothing was saved; end the other first.",
      );
    if (leadsBack(others, input))
      return refuse("INVALID", "That person hands their approvals back to this one in that time. Nothing was saved.");
    return {
      ok: true,
      setting: `delegation.${input.memberId}`,
      from: null,
      to: visible(input),
      put: { delegation: [{ workspaceId: ask.workspaceId, id, ...input }] },
    };
  });
  if (!saved.ok) return saved;
  await reviewApprovers(deps, ask, input.memberId);
  return { ok: true, id };
}

/** Ends it now; what went over stays with the delegate, who may give it back. */
export async function endDelegation(deps: Deps, ask: Ask, id: string): Promise<{ ok: true } | Refusal> {
  const { read, t } = deps.store;
  return writeSetting(deps, ask, async () => {
    const [before] = await read
      .select()
      .from(t.delegation)
      .where(and(eq(t.delegation.workspaceId, ask.workspaceId), eq(t.delegation.id, id)));
    if (!before) return refuse("NOT_FOUND", "This handing over does not exist, or you may not see it.");
    return {
      ok: true,
      setting: `delegation.${before.memberId}`,
      from: visible(before),
      to: null,
      drop: { delegation: [[ask.workspaceId, id]] },
    };
  });
}

function leadsBack(known: readonly DelegationInput[], { memberId, delegateId }: DelegationInput): boolean {
  const seen = new Set<string>();
  for (let at: string | undefined = delegateId; at && !seen.has(at); ) {
    if (at === memberId) return true;
    seen.add(at);
    const person: string = at;
    at = known.find((one) => one.memberId === person)?.delegateId;
  }
  return false;
}

const visible = ({ delegateId, from, to }: Pick<DelegationInput, "delegateId" | "from" | "to">): Plain => ({
  delegate: delegateId,
  from,
  to,
});
