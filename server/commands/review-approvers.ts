import { openApprovalsOf } from "@/db/queries/people.ts";
import type { Ask, Deps } from "./deps.ts";

/**
 * Tells every run in which this person is to decide something that they are away, have handed that over or are gone, now or from
 * some instant on: their places are taken by the rules of each approval.
 */
export async function reviewApprovers(
  { store, loop, newId }: Deps,
  { workspaceId, now, actor }: Ask,
  memberId: string,
  gone = false,
): Promise<void> {
  const runs = new Set((await openApprovalsOf(store, workspaceId, memberId)).map(({ runId }) => runId));
  await Promise.all(
    [...runs].map((runId) =>
      loop.submit({
        id: newId("cmd"),
        workspaceId,
        runId,
        at: now,
        actor,
        type: "reviewApprovers",
        ...(gone && { gone: memberId }),
      }),
    ),
  );
}
