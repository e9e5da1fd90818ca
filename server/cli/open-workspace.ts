/** The database behind a command, opened as a server would, and the workspace it is about. */
import { openPostgres } from "@/db/postgres/store.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import type { Store } from "@/db/store.ts";
import { type Contexts, workspaceContexts } from "@/server/commands/workspace-context.ts";
import { dataFolder, databaseInUse } from "@/server/runtime/data-folder.ts";

export type Opened = { ok: true; store: Store; contexts: Contexts; workspaceId: string } | { ok: false; text: string };

/** `DATABASE_URL`, else the file of the data folder. Refused while a server holds the file, or when nothing is set up. */
export async function openWorkspace(): Promise<Opened> {
  let store: Store;
  try {
    const url = process.env.DATABASE_URL;
    store = url
      ? await openPostgres({ url })
      : openSqlite({
          file: databaseInUse(dataFolder({ MILLRACE_DATA: process.env.MILLRACE_DATA })),
          checkpointer: false,
        });
  } catch (error) {
    return { ok: false, text: error instanceof Error ? error.message : String(error) };
  }
  const [workspace] = await store.read.select({ id: store.t.workspace.id }).from(store.t.workspace).limit(1);
  if (workspace) return { ok: true, store, contexts: workspaceContexts(store), workspaceId: workspace.id };
  await store.close();
  return { ok: false, text: "There is no workspace yet. Start the server and set one up first." };
}
