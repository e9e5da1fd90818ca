import { and, eq } from "drizzle-orm";
import type { Store } from "../store.ts";
import { clockSettings } from "./clock-offsets.ts";

/** When the newest fact of any workspace was written (UTC epoch ms); 0 where nothing was. A practice clock is ahead of that. */
export async function lastWritten(store: Store): Promise<number> {
  const { read, t } = store;
  const rows = await read
    .select({ workspaceId: t.logHead.workspaceId, at: t.event.at })
    .from(t.logHead)
    .innerJoin(t.event, and(eq(t.event.workspaceId, t.logHead.workspaceId), eq(t.event.seq, t.logHead.seq)));
  const ahead = new Map((await clockSettings(store)).map((one) => [one.workspaceId, one.ahead]));
  return Math.max(0, ...rows.map(({ workspaceId, at }) => at - (ahead.get(workspaceId) ?? 0)));
}
