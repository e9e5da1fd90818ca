import { and, eq } from "drizzle-orm";
import { type Plain, type Refusal, refuse } from "@/server/engine/model.ts";
import type { Ask, Deps } from "./deps.ts";
import { reviewApprovers } from "./review-approvers.ts";
import { writeSetting } from "./write-setting.ts";

/** Away from `from` (inclusive) to `to` (exclusive), epoch ms. */
export type AbsenceInput = { memberId: string; from: number; to: number; reason: string };

/** Notes when somebody is away. The reason stays in the row: why somebody is away is nobody's business for good. */
export async function addAbsence(
  deps: Deps,
  ask: Ask,
  input: AbsenceInput,
): Promise<{ ok: true; id: string } | Refusal> {
  const { read, t } = deps.store;
  const id = deps.newId("abs");
  const saved = await writeSetting(deps, ask, async () => {
    if (input.to <= input.from)
      return refuse("INVALID", "An absence ends after it begins. Nothing was saved; choose a later last day.");
    const known = await read
      .select()
      .from(t.absence)
      .where(and(eq(t.absence.workspaceId, ask.workspaceId), eq(t.absence.memberId, input.memberId)));
    if (known.some((one) => one.from < input.to && input.from < one.to))
      return refuse("CONFLICT", "This person is away in that time already. Nothing was saved; remove the other first.");
    return {
      ok: true,
      setting: `absence.${input.memberId}`,
      from: null,
      to: visible(input),
      put: { absence: [{ workspaceId: ask.workspaceId, id, ...input }] },
    };
  });
  if (!saved.ok) return saved;
  await reviewApprovers(deps, ask, input.memberId);
  return { ok: true, id };
}

export async function removeAbsence(deps: Deps, ask: Ask, id: string): Promise<{ ok: true } | Refusal> {
  const { read, t } = deps.store;
  return writeSetting(deps, ask, async () => {
    const [before] = await read
      .select()
      .from(t.absence)
      .where(and(eq(t.absence.workspaceId, ask.workspaceId), eq(t.absence.id, id)));
    if (!before) return refuse("NOT_FOUND", "This absence does not exist, or you may not see it.");
    return {
      ok: true,
      setting: `absence.${before.memberId}`,
      from: visible(before),
      to: null,
      drop: { absence: [[ask.workspaceId, id]] },
    };
  });
}

const visible = ({ from, to }: Pick<AbsenceInput, "from" | "to">): Plain => ({ from, to });
