/** The PostgreSQL store, for several servers on one database; what a commit does is in commit.ts. */
import path from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { innerKinds } from "../outgoing.ts";
import { tables } from "../schema.postgres.ts";
import type { Change, Q, Row, Store, TableName } from "../store.ts";
import { diskFull, isOutOfSpace } from "../disk.ts";
import { refuseNewerSchema } from "../versions.ts";
import { counterNames } from "../adding.ts";
import { addSets, commitsOf } from "./commit.ts";
import { headOf, plans, putRows } from "./statements.ts";

export async function openPostgres({
  url,
  migrations = path.join(process.cwd(), "db/migrations/postgres"),
}: {
  url: string;
  migrations?: string;
}): Promise<Store & { sql: postgres.Sql }> {
  const sql = postgres(url, {
    max: 10,
    onnotice: () => {},
    types: { bigint: { to: 20, from: [20], parse: Number, serialize: String } },
  });
  await oneAtATime(sql, () => bringUpToDate(sql, migrations));
  const listeners = new Set<Parameters<Store["onCommit"]>[0]>();
  const ear = hearing();
  const { unlisten } = await sql.listen("millrace", (payload) => {
    const change = JSON.parse(payload) as Change;
    ear.hear(change);
    for (const listener of listeners) listener(change);
  });

  const { commit, turns } = commitsOf(sql, async (workspaceId, seq) => {
    if (seq !== null && (await ear.heard(workspaceId, seq))) return;
    // Nobody here knows what it was.
    for (const listener of listeners) listener({ workspaceId, seq: seq ?? 0, types: [], jobsDue: null, missed: true });
  });

  return {
    sql,
    dialect: "postgres",
    t: tables,
    read: drizzle(preparing(sql)) as unknown as Q,
    commit: (sets) => orDiskFull(commit(sets)),
    turns: {
      isMine: turns.isMine,
      commit: (sets) => orDiskFull(turns.commit(sets)),
      hold: (workspaceId, work) => orDiskFull(turns.hold(workspaceId, work)),
    },
    async recount(workspaceId, make) {
      await sql.begin(async (tx) => {
        await headOf(tx, workspaceId);
        const { zone, ...add } = await make();
        for (const name of counterNames)
          await tx`delete from ${tx(plans[name].name)} where workspace_id = ${workspaceId}`;
        await putRows(tx, "dayCount", [{ workspaceId, zone }]);
        await Promise.all(addSets(tx, [{ workspaceId, guards: [], events: [], put: {}, drop: {}, add }]));
      });
    },
    async clear(workspaceId, names) {
      await sql.begin(async (tx) => {
        for (const name of names) await tx`delete from ${tx(plans[name].name)} where workspace_id = ${workspaceId}`;
      });
    },
    async claimJobs(now, most, holdMs, { of, kinds = "all" } = {}) {
      const whose =
        of && "only" in of
          ? sql`and workspace_id = ${of.only}`
          : of?.except.length
            ? sql`and workspace_id not in ${sql(of.except)}`
            : sql``;
      const what =
        kinds === "timers"
          ? sql`and kind = 'timer'`
          : sql`and (kind = any (${[...innerKinds]}) or workspace_id not in (select workspace_id from outgoing_hold))`;
      const rows = await sql`update job j set due_at = ${now + holdMs}, lease = lease + 1, attempts = attempts + 1
        from (select id from job where due_at <= ${now} and dead_at is null ${what} ${whose} order by due_at, id limit ${most} for update skip locked) d where j.id = d.id returning j.*`;
      return rows.map((row) => decode("job", row) as Row<"job">).sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async finishJobs(ended) {
      await sql.begin(async (tx) => {
        for (const { id, lease, again } of ended) {
          if (!again) await tx`delete from job where id = ${id} and lease = ${lease}`;
          else if ("dueAt" in again)
            await tx`update job set due_at = ${again.dueAt}, last_error = ${again.error} where id = ${id} and lease = ${lease}`;
          else
            await tx`update job set dead_at = ${again.at}, last_error = ${again.dead} where id = ${id} and lease = ${lease}`;
        }
      });
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
      const [row] = await sql<{ bytes: number }[]>`select pg_database_size(current_database())::bigint bytes`;
      return { bytes: Number(row!.bytes), free: null };
    },
    async close() {
      await unlisten();
      await sql.end({ timeout: 5 });
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

/** News is on its way as soon as it is committed; longer than this it is not waited for. */
const newsMs = 1000;

/** How far what was written to each workspace's log has been heard of. */
function hearing() {
  const upTo = new Map<string, number>();
  const waiting = new Set<() => void>();
  return {
    hear({ workspaceId, seq }: Change): void {
      upTo.set(workspaceId, Math.max(seq, upTo.get(workspaceId) ?? 0));
      for (const look of waiting) look();
    },
    /** False when it was not heard in time. */
    heard: (workspaceId: string, seq: number): Promise<boolean> =>
      new Promise((resolve) => {
        const isThere = () => (upTo.get(workspaceId) ?? 0) >= seq;
        if (isThere()) return resolve(true);
        const end = (heard: boolean) => {
          clearTimeout(timer);
          waiting.delete(look);
          resolve(heard);
        };
        const look = () => void (isThere() && end(true));
        const timer = setTimeout(() => end(false), newsMs);
        waiting.add(look);
      }),
  };
}

/** Texts that are asked again and again, as the product's reads are; lists of other lengths are other texts. */
const mostPrepared = 300;

/** The same connections; what drizzle asks a second time is prepared, so that PostgreSQL need not parse and plan it each time. */
function preparing(sql: postgres.Sql): postgres.Sql {
  const asked = new Set<string>();
  const prepared = new Set<string>();
  const isKnown = (text: string): boolean => {
    if (prepared.has(text)) return true;
    if (prepared.size >= mostPrepared) return false;
    if (asked.has(text)) prepared.add(text);
    if (asked.size >= 10 * mostPrepared) asked.clear();
    asked.add(text);
    return prepared.has(text);
  };
  return new Proxy(sql, {
    get: (of, name) =>
      name === "unsafe"
        ? (...[text, values, how]: Parameters<typeof sql.unsafe>) =>
            of.unsafe(text, values, { ...how, prepare: how?.prepare ?? isKnown(text) })
        : (Reflect.get(of, name) as unknown),
  });
}

/** Brings the tables up to this release. Throws when they are of a newer one. */
async function bringUpToDate(sql: postgres.Sql, migrations: string): Promise<void> {
  const applied = await sql<
    { n: number }[]
  >`select count(*)::int n from information_schema.tables where table_schema = 'drizzle' and table_name = '__drizzle_migrations'`;
  const count = applied[0]!.n
    ? (await sql<{ n: number }[]>`select count(*)::int n from drizzle.__drizzle_migrations`)[0]!.n
    : 0;
  refuseNewerSchema(migrations, () => count);
  await migrate(drizzle(sql), { migrationsFolder: migrations });
}

/** Any number that nobody else uses: servers that start together wait for each other by it. */
const startLock = 71_774;

async function oneAtATime(sql: postgres.Sql, work: () => Promise<void>): Promise<void> {
  const own = await sql.reserve();
  try {
    await own`select pg_advisory_lock(${startLock})`;
    await work();
  } finally {
    // Released with the connection as well, should this server die meanwhile.
    await own`select pg_advisory_unlock(${startLock})`;
    own.release();
  }
}

const decode = (name: TableName, row: Record<string, unknown>) =>
  Object.fromEntries(
    plans[name].columns.map((c) => [c.key, row[c.name] === null ? null : c.column.mapFromDriverValue(row[c.name])]),
  );
