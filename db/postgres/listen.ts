/** News of what was committed, by any server, over a connection of its own that is opened again when it is lost. */
import pg from "pg";
import type { Change } from "../store.ts";
import { connectionTo } from "./connections.ts";

/** News is on its way as soon as it is committed; longer than this it is not waited for. */
const newsMs = 1000;
/** Between two tries to be connected again. */
const againMs = 500;

/** `tell` hears of every change; of one `missed` where nobody here knows what it was. */
export async function listen(url: string, tell: (change: Change) => void) {
  /** How far what was written to each workspace's log has been heard of. */
  const upTo = new Map<string, number>();
  const waiting = new Set<() => void>();
  let client: pg.Client | null = null;
  let closed = false;

  function hear(change: Change): void {
    upTo.set(change.workspaceId, Math.max(change.seq, upTo.get(change.workspaceId) ?? 0));
    for (const look of waiting) look();
    tell(change);
  }
  const miss = (workspaceId: string, seq: number) => tell({ workspaceId, seq, types: [], jobsDue: null, missed: true });

  async function connect(): Promise<void> {
    const own = new pg.Client(connectionTo(url));
    own.on("notification", ({ payload }) => hear(JSON.parse(payload!) as Change));
    own.on("error", () => {});
    own.on("end", () => {
      if (client !== own) return;
      client = null;
      void again();
    });
    await own.connect();
    await own.query("listen millrace");
    client = own;
  }

  async function again(): Promise<void> {
    while (!closed && !client) {
      await new Promise((over) => setTimeout(over, againMs).unref());
      await connect().catch(() => {});
    }
    // Whatever was said meanwhile was said to nobody here.
    if (!closed) for (const [workspaceId, seq] of upTo) miss(workspaceId, seq);
  }

  /** False when it was not heard in time. */
  const heard = (workspaceId: string, seq: number): Promise<boolean> =>
    new Promise((resolve) => {
      const isThere = () => (upTo.get(workspaceId) ?? 0) >= seq;
      if (isThere()) return resolve(true);
      const end = (known: boolean) => {
        clearTimeout(timer);
        waiting.delete(look);
        resolve(known);
      };
      const look = () => void (isThere() && end(true));
      const timer = setTimeout(() => end(false), newsMs);
      waiting.add(look);
    });

  await connect();
  return {
    /** What was written to the workspace's log up to this number is known here afterwards; null for whatever was. */
    async hasHeard(workspaceId: string, seq: number | null): Promise<void> {
      if (seq === null || !(await heard(workspaceId, seq))) miss(workspaceId, seq ?? 0);
    },
    async close(): Promise<void> {
      closed = true;
      const last = client;
      client = null;
      await last?.end();
    },
  };
}
