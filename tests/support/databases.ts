/**
 * The same stories on both databases: `describeOnBoth("command loop", (open) => { it(…, async () => { const store = await
 * open(); … }) })`. Each `open()` is a new, empty, migrated store; it is closed when its test file ends.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, inject } from "vitest";
import { openPostgres } from "@/db/postgres/store.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import type { Store } from "@/db/store.ts";
import { run } from "./postgres.ts";

export type OpenStore = () => Promise<Store>;

export function describeOnBoth(name: string, stories: (open: OpenStore, dialect: Store["dialect"]) => void): void {
  describe(`${name} on SQLite`, () => stories(onSqlite(), "sqlite"));
  // Mutants of the engine are looked for on one database: the engine is the same on both.
  describe.skipIf(process.env.TEST_SHORT)(`${name} on PostgreSQL`, () => stories(onPostgres(), "postgres"));
}

/** Stores in files of a folder that goes away with the test file; `scripts/record-history.mjs` takes them as golden histories. */
export function onSqlite(): OpenStore {
  const opened: Store[] = [];
  let folder: string | null = null;
  const story = path.basename(expect.getState().testPath ?? "story", ".test.ts");
  const record = process.env["RECORD_HISTORY"];
  afterAll(async () => {
    for (const store of opened) await store.close();
    if (record)
      for (const i of opened.keys())
        writeFileSync(
          path.join(record, `${story}-${i}.db.gz`),
          gzipSync(readFileSync(path.join(folder!, `${i}.db`)), { level: 9 }),
        );
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
  return async () => {
    folder ??= mkdtempSync(path.join(tmpdir(), "millrace-db-"));
    const file = path.join(folder, `${opened.length}.db`);
    copyFileSync(inject("migrated").file, file);
    const store = openSqlite({ file, threads: false });
    opened.push(store);
    return store;
  };
}

/** Databases of the run's own PostgreSQL, dropped with the test file. */
export function onPostgres(): OpenStore {
  const opened: { store: Store; name: string }[] = [];
  const admin = (...statements: string[]) => run(inject("postgresUrl"), ...statements);
  afterAll(async () => {
    for (const { store } of opened) await store.close();
    await admin(...opened.map(({ name }) => `drop database if exists ${name} with (force)`));
  });
  return async () => {
    const name = `t_${process.pid}_${performance.now().toString().replace(".", "_")}_${opened.length}`;
    await admin(`create database ${name} template ${inject("migrated").database} strategy file_copy`);
    const url = new URL(inject("postgresUrl"));
    url.pathname = `/${name}`;
    const store = await openPostgres({ url: url.href });
    opened.push({ store, name });
    return store;
  };
}
