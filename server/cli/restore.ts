import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { machineClock } from "@/server/runtime/clock.ts";
import { dataFolder, databaseFile } from "@/server/runtime/data-folder.ts";
import { checkDatabase, removeDatabase } from "./backup.ts";
import { refuse, type Outcome, type Verb } from "./verb.ts";

export const verb: Verb = {
  usage: "restore FILE [--json]",
  about: "Check a backup and put it into an empty data folder. Nothing goes out until an admin releases it.",
  arguments: { least: 1, most: 1 },
  async run({ files: [file = ""] }): Promise<Outcome> {
    if (process.env.DATABASE_URL)
      return refuse("PostgreSQL is restored with pg_restore; run `millrace hold` after it, before the server starts.");
    const source = path.resolve(file);
    if (!existsSync(source)) return refuse(`There is no file at ${source}.`);
    const folder = dataFolder({ MILLRACE_DATA: process.env.MILLRACE_DATA });
    for (const demo of [false, true])
      if (existsSync(databaseFile(folder, demo)))
        return refuse(
          `There is data in ${folder} already. Nothing was changed; choose an empty folder with MILLRACE_DATA.`,
        );
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const half = path.join(folder, "restoring.db");
    removeDatabase(half);
    copyFileSync(source, half);
    const checked = await checkDatabase(half, machineClock.now());
    if (!checked.ok || checked.workspaces.length === 0) {
      removeDatabase(half);
      const why = checked.ok ? "There is no workspace in it." : checked.text;
      return refuse(`${source} cannot be restored: ${why} Nothing was changed; try another backup.`);
    }
    const target = databaseFile(folder, isDemo(half));
    renameSync(half, target);
    const text = `Restored to ${target}: a whole log of ${checked.events} events. Nothing goes out until an admin releases it under Operate, Health.`;
    const keys = existsSync(path.join(folder, "secrets.json"))
      ? ""
      : " Put secrets.json of the old folder beside it before the start, or everybody signs in anew.";
    return { data: { file: target, events: checked.events, held: true }, text: text + keys };
  },
};

function isDemo(file: string): boolean {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare("select count(*) from workspace where demo = 1").pluck().get() !== 0;
  } finally {
    db.close();
  }
}
