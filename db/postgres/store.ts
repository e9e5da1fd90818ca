/** The PostgreSQL store, for several servers on one database; what a commit does is in commit.ts. */
import path from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import type pg from "pg";
import { innerKinds } from "../outgoing.ts";
import { tables } from "../schema.postgres.ts";
import type { Row, Store, TableName } from "../store.ts";
import { isOutOfSpace } from "../disk.ts";
import { diskFull } from "../trouble.ts";
import { refuseNewerSchema } from "../versions.ts";
import { commitsOf } from "./commit.ts";
import { asking, openPool, orAway, preparing, type Sql } from "./connections.ts";
import { listen } from "./listen.ts";
import { addSets, putSets } from "./send.ts";
import { headOf, plans } from "./statements.ts";
import { inTransaction } from "./transaction.ts";

/** A server that is asked to end waits so long for what is still being written. */
const closeMs = 5000;

export async function openPostgres({
  url,
  migrations = path.join(process.cwd(), "db/migrations/postgres"),
}: {
  url: string;
  migrations?: string;
}): Promise<Store & { pool: pg.Pool; ask: Sql }> {
  const pool = openPool(url);
  const ask = asking(pool);
  await oneAtATime(pool, () => bringUpToDate(pool, migrations));
  const listeners = new Set<Parameters<Store["onCommit"]>[0]>();
  const ear = await listen(url, (change) => {
    for (const listener of listeners) listener(change);
  });
  const { commit, turns } = commitsOf(pool, ear.hasHeard);

  return {
    pool,
    ask,
    dialect: "postgres",
    t: tables,
    read: drizzle(preparing(pool)),
    commit: (sets) => orDiskFull(commit(sets)),
    turns: {
      isMine: turns.isMine,
      commit: (sets) => orDiskFull(turns.commit(sets)),
      async begin(workspaceId) {
        const writing = await orDiskFull(turns.begin(workspaceId));
        return writing && { ...writing, commit: () => orDiskFull(writing.commit()) };
      },
      hold: (workspaceId, work) => orDiskFull(turns.hold(workspaceId, work)),
    },
    async recount(workspaceId, make) {
      await inTransaction(pool, async (tx) => {
        await headOf(tx, workspaceId);
        const sets = [await make()];
        await Promise.all([...putSets(tx, sets), ...addSets(tx, sets)]);
      });
    },
    async claimJobs(now, most, holdMs, { of, kinds = "all" } = {}) {
      const values: unknown[] = [now + holdMs, now, most];
      const value = (one: unknown) => `$${values.push(one)}`;
      const whose =
        of && "only" in of
          ? `and workspace_id = ${value(of.only)}`
          : of?.except.length
            ? `and workspace_id <> all (${value(of.except)}::text[])`
            : "";
      const what =
        kinds === "timers"
          ? "and kind = 'timer'"
          : `and (kind = any (${value(innerKinds)}::text[]) or workspace_id not in (select workspace_id from outgoing_hold))`;
      const { rows } = await ask(
        `update job j set due_at = $1, lease = lease + 1, attempts = attempts + 1
         from (select id from job where due_at <= $2 and dead_at is null ${what} ${whose} order by due_at, id limit $3 for update skip locked) d
         where j.id = d.id returning j.*`,
        values,
      );
      return rows.map((row) => decode("job", row) as Row<"job">).sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async finishJobs(ended) {
      await inTransaction(pool, (tx) =>
        Promise.all(
          ended.map(({ id, lease, again }) => {
            if (!again) return tx("delete from job where id = $1 and lease = $2", [id, lease]);
            return "dueAt" in again
              ? tx("update job set due_at = $3, last_error = $4 where id = $1 and lease = $2", [
                  id,
                  lease,
                  again.dueAt,
                  again.error,
                ])
              : tx("update job set dead_at = $3, last_error = $4 where id = $1 and lease = $2", [
                  id,
                  lease,
                  again.at,
                  again.dead,
                ]);
          }),
        ),
      );
    },
    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async backup() {
      throw new Error(
        "Back a PostgreSQL database up with pg_dump: it knows how to do it while the database is in use.",
      );
    },
    isNearlyFull: () => false,
    async space() {
      const { rows } = await ask<{ bytes: number }>("select pg_database_size(current_database()) bytes");
      return { bytes: rows[0]!.bytes, free: null };
    },
    async close() {
      await ear.close();
      await Promise.race([pool.end(), new Promise((over) => setTimeout(over, closeMs).unref())]);
    },
  };
}

async function orDiskFull<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    throw isOutOfSpace(error) ? diskFull() : error;
  }
}

/** Brings the tables up to this release. Throws when they are of a newer one. */
async function bringUpToDate(pool: pg.Pool, migrations: string): Promise<void> {
  const count = async (from: string) =>
    (await asking(pool)<{ n: number }>(`select count(*) n from ${from}`)).rows[0]!.n;
  const known = await count(
    "information_schema.tables where table_schema = 'drizzle' and table_name = '__drizzle_migrations'",
  );
  const applied = known ? await count("drizzle.__drizzle_migrations") : 0;
  refuseNewerSchema(migrations, () => applied);
  await migrate(drizzle(pool), { migrationsFolder: migrations });
}

/** Any number that nobody else uses: servers that start together wait for each other by it. */
const startLock = 71_774;

async function oneAtATime(pool: pg.Pool, work: () => Promise<void>): Promise<void> {
  const client = await orAway(pool.connect());
  try {
    await client.query(`select pg_advisory_lock(${startLock})`);
    await work();
    await client.query(`select pg_advisory_unlock(${startLock})`);
  } catch (error) {
    // Released with the connection as well, should this server die meanwhile.
    client.release(true);
    throw error;
  }
  client.release();
}

const decode = (name: TableName, row: Record<string, unknown>) =>
  Object.fromEntries(
    plans[name].columns.map((c) => [c.key, row[c.name] === null ? null : c.column.mapFromDriverValue(row[c.name])]),
  );
