/** A quick look at the end of every log before the server starts on it; `millrace verify` walks the whole of it. */
import { and, eq, gte } from "drizzle-orm";
import { chainHash, genesis } from "./chain.ts";
import type { Store } from "./store.ts";

/** Throws one sentence when a log does not end as its head says, or its last event was changed. */
export async function refuseBrokenHead({ read, t }: Store): Promise<void> {
  for (const head of await read.select().from(t.logHead)) {
    const last = await read
      .select()
      .from(t.event)
      .where(and(eq(t.event.workspaceId, head.workspaceId), gte(t.event.seq, head.seq - 1)))
      .orderBy(t.event.seq)
      .limit(3);
    const event = last.find(({ seq }) => seq === head.seq);
    const before = last.find(({ seq }) => seq === head.seq - 1);
    const previous = head.seq === 1 ? genesis : before?.hash;
    const whole =
      head.seq === 0
        ? last.length === 0
        : event && previous && event.hash === head.hash && chainHash(previous, event) === head.hash;
    if (!whole || last.some(({ seq }) => seq > head.seq))
      throw new Error(
        `The log of this data does not end as it was written: event ${head.seq} is missing or was changed. Nothing was touched; run millrace verify to see more, or restore a backup.`,
      );
  }
}
