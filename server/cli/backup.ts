import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { openSqlite } from "@/db/sqlite/store.ts";
import { verifyChains } from "@/server/commands/verify-chain.ts";
import { machineClock } from "@/server/runtime/clock.ts";
import { dataFolder, databaseInUse } from "@/server/runtime/data-folder.ts";
import { holdOutgoing } from "./hold.ts";
import { refuse, type Outcome, type Verb } from "./verb.ts";

export const verb: Verb = {
  usage: "backup FILE [--json]",
  about: "Copy the database into a file while it is in use, and check the copy. PostgreSQL is backed up with pg_dump.",
  arguments: { least: 1, most: 1 },
  async run({ files: [file = ""] }): Promise<Outcome> {
    if (process.env.DATABASE_URL)
      return refuse("This data is in PostgreSQL. Back it up with pg_dump, and run `millrace hold` after pg_restore.");
    const source = databaseInUse(dataFolder({ MILLRACE_DATA: process.env.MILLRACE_DATA }));
    if (!existsSync(source)) return refuse(`There is no database at ${source}.`);
    const target = path.resolve(file);
    if (existsSync(target)) return refuse(`${target} is there already. Nothing was written; choose another name.`);
    const at = machineClock.now();
    const db = new Database(source, { readonly: true });
    try {
      await db.backup(target);
    } catch (error) {
      removeDatabase(target);
      return refuse(`The copy could not be written: ${error instanceof Error ? error.message : String(error)}.`);
    } finally {
      db.close();
    }
    const checked = await checkDatabase(target, at);
    if (!checked.ok) return refuse(`The copy in ${target} is damaged: ${checked.text} Check the disk and try again.`);
    return {
      data: { file: target, events: checked.events },
      text: `Backed up to ${target}; the copy is sound, and its log of ${checked.events} events is whole. Keep secrets.json of the data folder with it.`,
    };
  },
};

/**
 * Opens a database file as a server would, looks at every page and every link of the log, and marks it so that whoever starts on it
 * sends nothing until that is released.
 */
export async function checkDatabase(
  file: string,
  heldSince: number,
): Promise<{ ok: true; events: number; workspaces: string[] } | { ok: false; text: string }> {
  try {
    const store = openSqlite({ file, threads: false });
    try {
      if (store.writer.pragma("integrity_check", { simple: true }) !== "ok")
        return { ok: false, text: "Some of its pages are not what was written." };
      const proof = await verifyChains(store);
      if (proof.ok) await holdOutgoing(store, proof.workspaces, heldSince);
      return proof;
    } finally {
      await store.close();
      rmSync(`${file}.lock`, { force: true });
    }
  } catch (error) {
    return { ok: false, text: error instanceof Error ? error.message : String(error) };
  }
}

/** The file and what SQLite keeps beside it. */
export function removeDatabase(file: string): void {
  for (const one of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`, `${file}.lock`])
    rmSync(one, { force: true });
}
