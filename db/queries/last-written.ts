import { and, eq } from "drizzle-orm";
import type { Store } from "../store.ts";
import { clockSettings } from "./clock-offsets.ts";

/** When the newest fact of any workspace was written (UTC epoch ms); 0 where nothing was. A practice clock's lead does not count. */
export async function lastWritten(store: Store): Promise<number> {
  const { read, t } = store;
  const ahead = new Map((await clockSettings(store)).map((one) => [one.workspaceId, one.ahead]));
  const rows = await read
    .select({ at: t.event.at, workspaceId: t.event.workspaceId })
    .from(t.logHead)
    .innerJoin(t.event, and(eq(t.event.workspaceId, t.logHead.workspaceId), eq(t.event.seq, t.logHead.seq)));
  return Math.max(0, ...rows.map(({ at, workspaceId }) => at - (ahead.get(workspaceId) ?? 0)));
}
