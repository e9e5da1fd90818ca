import { and, eq } from "drizzle-orm";
import type { Store } from "../store.ts";

/** When the newest fact of any workspace was written (UTC epoch ms); 0 where nothing was. */
export async function lastWritten({ read, t }: Store): Promise<number> {
  const rows = await read
    .select({ at: t.event.at })
    .from(t.logHead)
    .innerJoin(t.event, and(eq(t.event.workspaceId, t.logHead.workspaceId), eq(t.event.seq, t.logHead.seq)));
  return Math.max(0, ...rows.map(({ at }) => at));
}
