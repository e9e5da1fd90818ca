/** What fault tests on PostgreSQL share: a server of its own, a place for the letters, and a look at what is stored. */
import { afterAll, beforeAll, expect } from "vitest";
import { asking, openPool, type Sql } from "@/db/postgres/connections.ts";
import { type Postgres, startPostgres } from "../support/postgres.ts";
import { faultsOf, isDone, readWith, type Story } from "./chores.ts";
import { openPostOffice, type PostOffice } from "./post-office.ts";

/** There from the first test on, gone after the last. */
export function onPostgres() {
  const it = {} as { database: Postgres; post: PostOffice; ask: Sql; end(): Promise<void> };
  beforeAll(async () => {
    // What is answered is on the disk, as where people keep their data.
    it.database = await startPostgres({ fsync: "on", synchronous_commit: "on", full_page_writes: "on" });
    it.post = await openPostOffice(300);
    const pool = openPool(it.database.url);
    it.ask = asking(pool);
    it.end = () => pool.end();
  });
  afterAll(async () => {
    await it.end();
    await it.post.close();
    await it.database.stop();
  });
  const seen = () => readWith(async (text) => (await it.ask(text)).rows);
  return {
    database: () => it.database,
    /** For the servers that work on it. */
    env: () => ({ DATABASE_URL: it.database.url, MILLRACE_SMTP_URL: it.post.url }),
    ask: <R>(text: string, values?: readonly unknown[]) => it.ask<R>(text, values),
    seen,
    /** Each story is at its end, once, and nothing is left to do. */
    async expectAllDone(stories: readonly Story[]): Promise<void> {
      const all = await seen();
      expect(faultsOf(all, stories)).toEqual([]);
      expect(stories.filter((story) => !isDone(story))).toEqual([]);
      expect(all.open).toBe(0);
      expect(all.jobs).toEqual([]);
      for (const once of [all.greeted, all.timers, all.mails]) expect(once).toHaveLength(stories.length);
      expect(all.completed).toHaveLength(2 * stories.length);
      expect(it.post.mails.size).toBe(stories.length);
    },
  };
}
