/**
 * What is kept for a time is forgotten after it, a little at a time: receipts of commands after thirty days (G3), and of messages that
 * came in as long after that as nobody waits for them.
 */
import { deadJobIds } from "@/db/queries/jobs.ts";
import { livingJobs, messagesBefore, receiptsBefore, workspaceIds } from "@/db/queries/old.ts";
import type { Store, WriteSet } from "@/db/store.ts";
import { hookJobId } from "./receive-webhook.ts";

export const keptMs = 30 * 86_400_000;
const page = 1000;

type Cleaning = {
  store: Store;
  /** Now, in a workspace. */
  nowIn(workspaceId: string): number;
  /** Between two pages: others have their turn. False where the server is to stop. */
  breathe(): Promise<boolean>;
};

/** How many rows were forgotten. Begun again after a crash, it goes on with what is left. */
export async function forgetOld({ store, nowIn, breathe }: Cleaning): Promise<number> {
  let gone = 0;
  for (const workspaceId of await workspaceIds(store)) {
    const before = nowIn(workspaceId) - keptMs;
    gone += await forgetReceipts(store, workspaceId, before, breathe);
    gone += await forgetMessages(store, workspaceId, before, breathe);
  }
  return gone;
}

/** A job that was given up and is done again tells by its receipts what it had done: they stay as long as it does. */
async function forgetReceipts(
  store: Store,
  workspaceId: string,
  before: number,
  breathe: Cleaning["breathe"],
): Promise<number> {
  const dead = await deadJobIds(store, workspaceId);
  const isNeeded = (command: string) => dead.some((id) => command === id || command.startsWith(`${id}/`));
  let gone = 0;
  for (let after = ""; ; ) {
    const found = await receiptsBefore(store, { workspaceId, after, before, limit: page });
    const old = found.ids.filter((id) => !isNeeded(id));
    if (old.length) await drop(store, workspaceId, { receipt: old.map((id) => [workspaceId, id]) });
    gone += old.length;
    if (found.last === null || !(await breathe())) return gone;
    after = found.last;
  }
}

async function forgetMessages(
  store: Store,
  workspaceId: string,
  before: number,
  breathe: Cleaning["breathe"],
): Promise<number> {
  let gone = 0;
  for (let after = ""; ; ) {
    const rows = await messagesBefore(store, { workspaceId, after, before, limit: page });
    // One that waits, or was given up and can be taken once more, stays with its job.
    const waiting = await livingJobs(store, workspaceId, rows.map(hookJobId));
    const old = rows.filter(
      ({ state, ...row }) => state === "again" || state === "other" || !waiting.has(hookJobId(row)),
    );
    if (old.length) await drop(store, workspaceId, { webhookReceipt: old.map(({ id }) => [workspaceId, id]) });
    gone += old.length;
    if (rows.length < page || !(await breathe())) return gone;
    after = rows.at(-1)!.id;
  }
}

async function drop(store: Store, workspaceId: string, rows: WriteSet["drop"]): Promise<void> {
  await store.commit([{ workspaceId, guards: [], events: [], put: {}, drop: rows }]);
}
