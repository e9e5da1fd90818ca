/** The database behind a command, opened as a server would, and the workspace it is about. */
import { eq, or } from "drizzle-orm";
import { openPostgres } from "@/db/postgres/store.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import { followClocks } from "@/server/runtime/practice-clock.ts";
import { type Clocks, machineClock, workspaceClocks } from "@/server/runtime/clock.ts";
import type { Store } from "@/db/store.ts";
import { type Contexts, workspaceContexts } from "@/server/commands/workspace-context.ts";
import { dataFolder, databaseInUse } from "@/server/runtime/data-folder.ts";

export type Opened =
  | { ok: true; store: Store; contexts: Contexts; workspaceId: string; clocks: Clocks }
  | { ok: false; text: string };

/**
 * `DATABASE_URL`, else the file of the data folder. Refused while a server holds the file, or when nothing is set up. `asked`: an
 * id or name; the first one without.
 */
export async function openWorkspace(asked?: string): Promise<Opened> {
  let store: Store;
  try {
    const url = process.env.DATABASE_URL;
    store = url
      ? await openPostgres({ url })
      : openSqlite({
          file: databaseInUse(dataFolder({ MILLRACE_DATA: process.env.MILLRACE_DATA })),
          threads: false,
        });
  } catch (error) {
    return { ok: false, text: error instanceof Error ? error.message : String(error) };
  }
  const { id, name } = store.t.workspace;
  const named = asked === undefined ? undefined : or(eq(id, asked), eq(name, asked));
  const [workspace] = await store.read.select({ id }).from(store.t.workspace).where(named).limit(1);
  if (workspace) {
    const clocks = workspaceClocks(machineClock);
    await followClocks(store, clocks);
    return { ok: true, store, contexts: workspaceContexts(store), workspaceId: workspace.id, clocks };
  }
  await store.close();
  if (asked !== undefined) return { ok: false, text: `There is no workspace ${asked}.` };
  return { ok: false, text: "There is no workspace yet. Start the server and set one up first." };
}
