import type { Store } from "@/db/store.ts";
import { openPostgres } from "@/db/postgres/store.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import { verifyChains } from "@/server/commands/verify-chain.ts";
import { machineClock } from "@/server/runtime/clock.ts";
import { dataFolder, databaseInUse } from "@/server/runtime/data-folder.ts";
import { existsSync } from "node:fs";
import { refuse, type Outcome, type Verb } from "./verb.ts";

export const verb: Verb = {
  usage: "hold [--json]",
  about:
    "Check the log and hold back everything that goes out, until an admin releases it: after pg_restore, before the start.",
  arguments: { least: 0, most: 0 },
  async run(): Promise<Outcome> {
    const url = process.env.DATABASE_URL;
    const file = databaseInUse(dataFolder({ MILLRACE_DATA: process.env.MILLRACE_DATA }));
    if (!url && !existsSync(file)) return refuse(`There is no database at ${file}.`);
    let store: Store;
    try {
      store = url ? await openPostgres({ url }) : openSqlite({ file, threads: false });
    } catch (error) {
      return refuse(error instanceof Error ? error.message : String(error));
    }
    try {
      const proof = await verifyChains(store);
      if (!proof.ok) return refuse(`${proof.text} Nothing was changed; restore another backup.`);
      await holdOutgoing(store, proof.workspaces, machineClock.now());
      return {
        data: { events: proof.events, workspaces: proof.workspaces.length },
        text: `The log is whole (${proof.events} events). Nothing goes out until an admin releases it under Operate, Health.`,
      };
    } finally {
      await store.close();
    }
  },
};

/** Nothing leaves these workspaces from now on. When the backup was made stays, where that is known. */
export async function holdOutgoing(store: Store, workspaces: readonly string[], since: number): Promise<void> {
  const known = await store.read.select().from(store.t.outgoingHold);
  await store.commit(
    workspaces.map((workspaceId) => {
      const backupAt = known.find((one) => one.workspaceId === workspaceId)?.backupAt ?? since;
      const outgoingHold = [{ workspaceId, since, backupAt }];
      return { workspaceId, guards: [], events: [], put: { outgoingHold }, drop: {} };
    }),
  );
}
