/** What just changed in my workspace: screens listen and ask again for what they show. */
import { tracked } from "@trpc/server";
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Store } from "@/db/store.ts";
import { action, router } from "../procedure.ts";

export type Change = { seq: number; types: string[] };

export const liveRouter = router({
  /**
   * One message for each commit, or for several that came while the last one was being sent. A listener who was away hands in
   * the last `seq` it saw and is told at once when it missed something (`types` is then empty: anything may have changed).
   */
  changes: action("live.read")
    .input(
      z
        .strictObject({
          lastEventId: z
            .string()
            .regex(/^\d{1,15}$/)
            .optional(),
        })
        .optional(),
    )
    .subscription(async function* ({ ctx: { services, person }, input, signal }) {
      const changes = listen(services.store, person.workspaceId, signal);
      const seen = input?.lastEventId === undefined ? null : Number(input.lastEventId);
      const head = await headOf(services.store, person.workspaceId);
      if (seen !== null && seen < head) yield tracked(String(head), { seq: head, types: [] } satisfies Change);
      for await (const change of changes) yield tracked(String(change.seq), change);
    }),
});

async function headOf(store: Store, workspaceId: string): Promise<number> {
  const [row] = await store.read
    .select({ seq: store.t.logHead.seq })
    .from(store.t.logHead)
    .where(eq(store.t.logHead.workspaceId, workspaceId));
  return row?.seq ?? 0;
}

/** Listens from this call on; what comes while nobody reads is put together. Ends with the signal. */
function listen(store: Store, workspaceId: string, signal: AbortSignal | undefined): AsyncIterable<Change> {
  let waiting: Change | null = null;
  let wake = () => {};
  const off = store.onCommit((change) => {
    if (change.workspaceId !== workspaceId || change.types.length === 0) return;
    waiting = { seq: change.seq, types: [...new Set([...(waiting?.types ?? []), ...change.types])] };
    wake();
  });
  signal?.addEventListener("abort", () => wake(), { once: true });
  return {
    async *[Symbol.asyncIterator]() {
      try {
        while (!signal?.aborted) {
          const change: Change | null = waiting;
          waiting = null;
          if (change) yield change;
          else await new Promise<void>((woken) => (wake = woken));
        }
      } finally {
        off();
      }
    },
  };
}
