/** The demo at the start of a server: seeded once, afterwards only opened. */
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { isNearlyFull } from "@/db/disk.ts";
import { diskFull } from "@/db/trouble.ts";
import { lockFile, openSqlite } from "@/db/sqlite/store.ts";
import type { Store } from "@/db/store.ts";
import type { Sessions } from "@/server/auth/sessions.ts";
import { emailOf, people } from "./people.ts";
import { demoPassword, demoWorkspace, seedDemo } from "./seed.ts";

export type DemoSignIn = { name: string; title: string; email: string; password: string };
type AddUser = Pick<Sessions, "addUser">;

/** Who can sign in to the demo. */
export const demoSignIns = (): DemoSignIn[] =>
  people
    .filter((p) => p.signsIn)
    .map((p) => ({ name: p.name, title: p.title, email: emailOf(p), password: demoPassword }));

/**
 * Seeds a database in memory, writes it beside `file`, and gives it its name when it is complete and on the disk: whatever cuts
 * this off, the next start finds either no demo or a whole one. `sessionsOn`: sign-ins of the store that is being filled. Throws while another server
 * makes or runs this demo.
 */
export async function makeDemoFile({
  file,
  sessionsOn,
  now,
  say,
}: {
  file: string;
  sessionsOn(store: Store): AddUser;
  now: number;
  say(line: string): void;
}): Promise<void> {
  const unlock = lockFile(file);
  if (isNearlyFull(file, null)) throw diskFull();
  const half = `${file}.making`;
  clear(half);
  // Written once, at its end, and not after each of its thousands of groups.
  const store = openSqlite({ file: ":memory:" });
  await seedDemo({ store, sessions: sessionsOn(store), now, say });
  await store.backup(half);
  await store.close();
  sync(half, "r+");
  renameSync(half, file);
  // Elsewhere a folder can be opened and synced like a file.
  if (process.platform !== "win32") sync(path.dirname(file), "r");
  clear(half);
  unlock();
}

/** For a database that is not a file of ours: seeds it where it is empty. Throws when an earlier seeding was cut off. */
export async function fillDemo(
  store: Store,
  sessions: AddUser,
  now: number,
  say: (line: string) => void,
): Promise<void> {
  const [workspace] = await store.read.select().from(store.t.workspace).limit(1);
  if (!workspace) await seedDemo({ store, sessions, now, say });
  else if (workspace.id === demoWorkspace && workspace.settings.demo_ready !== true)
    throw new Error(
      "Making the demo was interrupted, so it is not complete. Empty its database and start the demo again.",
    );
}

/** What an earlier attempt left: the file, its log and its lock. */
function clear(half: string): void {
  for (const name of readdirSync(path.dirname(half)))
    if (name.startsWith(path.basename(half))) rmSync(path.join(path.dirname(half), name));
}

function sync(file: string, how: "r" | "r+"): void {
  const opened = openSync(file, how);
  fsyncSync(opened);
  closeSync(opened);
}
