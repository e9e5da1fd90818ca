import { existsSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { dataFolder, databaseInUse } from "@/server/runtime/data-folder.ts";
import type { Outcome, Verb } from "./verb.ts";

export const verb: Verb = {
  usage: "backup FILE [--json]",
  about: "Copy the database into a file while it is in use, and check the copy. PostgreSQL is backed up with pg_dump.",
  arguments: { least: 1, most: 1 },
  async run({ files: [file = ""] }): Promise<Outcome> {
    if (process.env.DATABASE_URL) return { refused: "This data is in PostgreSQL. Back it up with pg_dump." };
    const source = databaseInUse(dataFolder({ MILLRACE_DATA: process.env.MILLRACE_DATA }));
    if (!existsSync(source)) return { refused: `There is no database at ${source}.` };
    const target = path.resolve(file);
    if (existsSync(target)) return { refused: `${target} is there already. Nothing was written; choose another name.` };
    const db = new Database(source, { readonly: true });
    try {
      await db.backup(target);
    } finally {
      db.close();
    }
    const copy = new Database(target, { readonly: true });
    const sound = copy.pragma("integrity_check", { simple: true }) === "ok";
    copy.close();
    if (!sound) return { refused: `The copy in ${target} is damaged. Check the disk and try again.` };
    return { data: { file: target }, text: `Backed up to ${target}; the copy is sound.` };
  },
};
