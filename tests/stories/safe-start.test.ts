/** What the server will not start on (G24): each in one sentence, with nothing changed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { openPostgres } from "@/db/postgres/store.ts";
import { expect, it } from "vitest";
import { refuseBrokenHead } from "@/db/chain-head.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import type { Store } from "@/db/store.ts";
import { refuseUnsafeSqlite } from "@/db/versions.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench } from "./bench.ts";

/** A hand in the database that does not ask the store. */
async function meddle(store: Store, sql: string): Promise<void> {
  if ("writer" in store) (store as ReturnType<typeof openSqlite>).writer.exec(sql);
  else await (store as Awaited<ReturnType<typeof openPostgres>>).ask(sql);
}

describeOnBoth("a log at the start", (open) => {
  const withLog = async () => {
    const store = await open();
    const bench = await openBench(store);
    await refuseBrokenHead(store);
    for (const name of ["Lotus Foods", "Pho 24", "Saigon Steel"]) await bench.record("account", { name });
    await refuseBrokenHead(store);
    return store;
  };
  const broken = /The log of this data does not end as it was written: event 3 is missing or was changed/;

  it("is refused when its last event was changed", async () => {
    const store = await withLog();
    await meddle(store, "update event set at = 7 where seq = 3");
    await expect(refuseBrokenHead(store)).rejects.toThrow(broken);
  });

  it("is refused when its last event is gone, or one is there that nobody counted", async () => {
    const store = await withLog();
    await meddle(store, "update log_head set seq = 2");
    await expect(refuseBrokenHead(store)).rejects.toThrow(/event 2 is missing or was changed/);
    await meddle(store, "update log_head set seq = 3");
    await meddle(store, "delete from event where seq = 3");
    await expect(refuseBrokenHead(store)).rejects.toThrow(broken);
  });
});

it("a database of a newer release is refused, and left as it is", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-newer-"));
  const file = path.join(folder, "millrace.db");
  const store = openSqlite({ file, threads: false });
  store.writer.exec("insert into __drizzle_migrations (hash, created_at) values ('newer', 9999999999999)");
  await store.close();
  expect(() => openSqlite({ file, threads: false })).toThrow(/written by a newer Millrace. Nothing was changed/);
  rmSync(folder, { recursive: true, force: true });
});

it("a SQLite that may lose what it has synced is refused", () => {
  for (const version of ["3.50.9", "3.51.2", "2.99.9"])
    expect(() => refuseUnsafeSqlite(version)).toThrow(`The SQLite here is ${version}`);
  for (const version of ["3.51.3", "3.53.2", "4.0.0"]) refuseUnsafeSqlite(version);
});
