/** Reads on one connection, whose statements are prepared once: SQLite takes longer to prepare most of ours than to run them. */
import type Database from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import type { Q } from "../store.ts";

/** More texts than the product has; lists of other lengths are other texts. */
const most = 500;

export function readingQ(connection: Database.Database): Q {
  const kept = new Map<string, Database.Statement>();
  const prepare = (text: string) => {
    let statement = kept.get(text);
    if (statement) kept.delete(text);
    else {
      statement = connection.prepare(text);
      if (kept.size >= most) kept.delete(kept.keys().next().value!);
    }
    // The text asked for last goes to the end: the first is the one that nobody missed for the longest.
    kept.set(text, statement);
    return statement;
  };
  // drizzle asks its connection for nothing else, and runs a statement to its end before it gives it back. Its SQLite builders
  // are thenable and answer the calls that `Q` names; the data suite checks them on both databases.
  return drizzle({ prepare } as unknown as Database.Database) as unknown as Q;
}
