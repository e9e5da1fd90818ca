import { readFileSync } from "node:fs";
import path from "node:path";

/** Refuses a database that a newer release has migrated: this one would not know what it holds. */
export function refuseNewerSchema(migrations: string, applied: () => number): void {
  const journal = JSON.parse(readFileSync(path.join(migrations, "meta/_journal.json"), "utf8")) as {
    entries: unknown[];
  };
  if (applied() > journal.entries.length)
    throw new Error(
      "This data was written by a newer Millrace. Nothing was changed; start that version, or restore a backup made before it.",
    );
}

/** The oldest SQLite without known ways to lose what it has synced. */
const safeSqlite = [3, 51, 3];

/** Refuses a SQLite library that is older than we trust with data. `version` reads "3.53.2". */
export function refuseUnsafeSqlite(version: string): void {
  const parts = version.split(".").map(Number);
  for (const [i, least] of safeSqlite.entries()) {
    const part = parts[i] ?? 0;
    if (part > least) return;
    if (part < least)
      throw new Error(
        `The SQLite here is ${version}; Millrace keeps data only with ${safeSqlite.join(".")} or later. Install its packages again (npm ci).`,
      );
  }
}
