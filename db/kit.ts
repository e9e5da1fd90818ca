/**
 * One set of table definitions, two dialects. PostgreSQL's builder types are canonical; SQLite's builders have the same
 * names, so `makeTables(kit)` is written once. The one cast is here: drizzle's SQLite builders are thenable and answer the
 * same calls that shared code makes (select, insert, update, delete, `$count`), which the data suite checks on both.
 */
import * as pg from "drizzle-orm/pg-core";
import * as lite from "drizzle-orm/sqlite-core";

export const postgresKit = {
  table: pg.pgTable,
  text: (name: string) => pg.text(name),
  int: (name: string) => pg.integer(name),
  /** Counters and sequence numbers beyond 2^31, read as numbers. */
  long: (name: string) => pg.bigint(name, { mode: "number" }),
  real: (name: string) => pg.doublePrecision(name),
  bool: (name: string) => pg.boolean(name),
  json: <T>(name: string) => pg.jsonb(name).$type<T>(),
  /** UTC epoch ms. */
  time: (name: string) => pg.bigint(name, { mode: "number" }),
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  primaryKey: pg.primaryKey,
};
export type Kit = typeof postgresKit;

const sqlite = {
  table: lite.sqliteTable,
  text: (name: string) => lite.text(name),
  int: (name: string) => lite.integer(name),
  long: (name: string) => lite.integer(name),
  real: (name: string) => lite.real(name),
  bool: (name: string) => lite.integer(name, { mode: "boolean" }),
  json: (name: string) => lite.text(name, { mode: "json" }),
  time: (name: string) => lite.integer(name),
  index: lite.index,
  uniqueIndex: lite.uniqueIndex,
  primaryKey: lite.primaryKey,
};
export const sqliteKit = sqlite as unknown as Kit;
