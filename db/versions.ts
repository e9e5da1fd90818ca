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
