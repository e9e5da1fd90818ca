/**
 * One PostgreSQL for a whole vitest run, and on each kind of database one that is empty and migrated: the stores of the stories
 * are copies of it, which takes a fraction of the time. Migrations have tests of their own in db/.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { openPostgres } from "@/db/postgres/store.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import { run, startPostgres } from "./postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    postgresUrl: string;
    /** A database of that name on it, and a file. */
    migrated: { database: string; file: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-migrated-"));
  const migrated = { database: "migrated", file: path.join(folder, "migrated.db") };
  await run(server.url, `create database ${migrated.database}`);
  await (await openPostgres({ url: databaseAt(server.url, migrated.database) })).close();
  await openSqlite({ file: migrated.file, threads: false }).close();
  project.provide("postgresUrl", server.url);
  project.provide("migrated", migrated);
  return async () => {
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  };
}

function databaseAt(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
