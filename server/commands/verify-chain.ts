import { eq } from "drizzle-orm";
import { chainHash, genesis } from "@/db/chain.ts";
import { logPages } from "@/db/queries/runs.ts";
import type { Store } from "@/db/store.ts";

/** Whether the log of every workspace is whole, from its first event to its head; nothing is rebuilt. */
export async function verifyChains(
  store: Store,
): Promise<{ ok: true; workspaces: string[]; events: number } | { ok: false; text: string }> {
  const { logHead, workspace } = store.t;
  const workspaces = (await store.read.select({ id: workspace.id }).from(workspace)).map(({ id }) => id);
  let all = 0;
  for (const workspaceId of workspaces) {
    let previous = genesis;
    let events = 0;
    for await (const page of logPages(store, workspaceId)) {
      for (const { hash, ...facts } of page) {
        if (facts.seq !== ++events) return { ok: false, text: `Event ${events} of ${workspaceId} is missing.` };
        if (chainHash(previous, facts) !== hash)
          return { ok: false, text: `Event ${facts.seq} of ${workspaceId} was changed after it was written.` };
        previous = hash;
      }
    }
    const [head] = await store.read.select().from(logHead).where(eq(logHead.workspaceId, workspaceId));
    if (head && (head.seq !== events || head.hash !== previous))
      return { ok: false, text: `The log of ${workspaceId} ends at event ${events}, and its head says ${head.seq}.` };
    all += events;
  }
  return { ok: true, workspaces, events: all };
}
