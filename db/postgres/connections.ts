/**
 * Connections to PostgreSQL. What is asked of one goes out at once, without waiting for the answers to what was asked before; texts
 * that are asked again are prepared. A connection that is lost refuses what is asked of it from then on, and is never used again.
 */
import pg from "pg";
import { databaseAway } from "../trouble.ts";

/** Asks one thing: the rows that come back, and how many were found or written. */
export type Sql = <R = Record<string, unknown>>(
  text: string,
  values?: readonly unknown[],
) => Promise<{ rows: R[]; count: number }>;

/** A connection of which nothing is heard is looked after by the system, and one that does not come about is given up. */
export const connectionTo = (url: string) => ({
  connectionString: url,
  keepAlive: true,
  keepAliveInitialDelayMillis: 30_000,
  connectionTimeoutMillis: 30_000,
});

export function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ ...connectionTo(url), max: 10, pipeline: true, idleTimeoutMillis: 0 });
  // Whoever waits for an answer is told; that a connection was lost on which nobody waits is no error of anybody.
  pool.on("error", () => {});
  pool.on("connect", (client) => void client.on("error", () => {}));
  return pool;
}

/** Of the texts of this folder, which are few: each is prepared. */
export const asking =
  (client: pg.Pool | pg.PoolClient): Sql =>
  async <R>(text: string, values: readonly unknown[] = []) => {
    const { rows, rowCount } = await orAway(client.query({ name: nameOf(text), text, values: [...values], types }));
    return { rows: rows as R[], count: rowCount ?? 0 };
  };

/** The same connections for drizzle: what it asks a second time is prepared, so that PostgreSQL need not parse and plan it each time. */
export function preparing(pool: pg.Pool): pg.Pool {
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
  const query = (config: pg.QueryConfig, values: unknown[]) => {
    const { text, types: theirs } = config;
    return orAway(
      pool.query(
        { ...config, ...(isKnown(text) && { name: nameOf(text) }), types: theirs ? withNumbers(theirs) : types },
        values,
      ),
    );
  };
  return new Proxy(pool, { get: (of, name) => (name === "query" ? query : (Reflect.get(of, name) as unknown)) });
}

export async function orAway<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw isAway(error) ? databaseAway(error) : error;
  }
}

/** It ends, starts or takes nobody in, or nothing is heard of it. Anything else is about what was asked. */
function isAway(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|57P0[1-5]|53300)/.test(error.code ?? "");
  if (!(error instanceof Error)) return false;
  return ("code" in error && /^E[A-Z_]+$/.test(String(error.code))) || /connect|not queryable/i.test(error.message);
}

/** Texts that are asked again and again, as the product's reads are; lists of other lengths are other texts. */
const mostPrepared = 300;

const names = new Map<string, string>();
/** What a text is called where it is prepared. */
function nameOf(text: string): string {
  let name = names.get(text);
  if (!name) names.set(text, (name = `q${names.size}`));
  return name;
}

/** Counts and times are bigint there, and numbers here: none is beyond what a double holds. */
const withNumbers = (types: pg.CustomTypesConfig): pg.CustomTypesConfig => ({
  getTypeParser: (oid, format) =>
    (oid as number) === pg.types.builtins.INT8
      ? Number
      : (types.getTypeParser(oid, format) as (value: string) => unknown),
});
const types = withNumbers(pg.types as pg.CustomTypesConfig);
