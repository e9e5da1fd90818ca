/** The demo at the start of a server: seeded once into an empty database, afterwards only opened. */
import type Database from "better-sqlite3";
import type { Store } from "@/db/store.ts";
import type { Sessions } from "@/server/auth/sessions.ts";
import { emailOf, people } from "./people.ts";
import { demoPassword, demoWorkspace, seedDemo } from "./seed.ts";

export type DemoSignIn = { name: string; title: string; email: string; password: string };

/**
 * Answers who can sign in. `sqlite`: the file behind the store, if it is one. Throws with a sentence when an earlier seeding was
 * interrupted.
 */
export async function openDemo({
  store,
  sqlite,
  sessions,
  now,
  say,
}: {
  store: Store;
  sqlite: { file: string; writer: Database.Database } | null;
  sessions: Pick<Sessions, "addUser">;
  now: number;
  say(line: string): void;
}): Promise<DemoSignIn[]> {
  const [workspace] = await store.read.select().from(store.t.workspace).limit(1);
  if (!workspace) {
    // Nothing of value is written yet: the seeding is synced once, at its end, not after each of its thousands of groups.
    sqlite?.writer.pragma("synchronous = OFF");
    await seedDemo({ store, sessions, now, say });
    sqlite?.writer.pragma("synchronous = FULL");
    sqlite?.writer.pragma("wal_checkpoint(TRUNCATE)");
  } else if (workspace.id === demoWorkspace && workspace.settings.demo_ready !== true) {
    throw new Error(
      `Making the demo was interrupted, so it is not complete. Delete ${sqlite?.file ?? "its database"} and start the demo again.`,
    );
  }
  return people
    .filter((p) => p.signsIn)
    .map((p) => ({ name: p.name, title: p.title, email: emailOf(p), password: demoPassword }));
}
