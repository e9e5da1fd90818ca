/** The server killed while it starts, migrates, is set up, makes the demo or takes an import in: the next start finds nothing half done. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ask, call, must, owner, setUp, signIn } from "./browser.ts";
import {
  chanceFrom,
  commandLine,
  folderOfItsOwn,
  freePort,
  launch,
  type Running,
  seedOf,
  sleep,
  verify,
} from "./millrace.ts";

const long = Boolean(process.env["TEST_LONG"]);
const chance = chanceFrom(seedOf("kills at the start"));
let folder: string;
let remove: () => void;
let port: number;
beforeEach(async () => {
  ({ folder, remove } = folderOfItsOwn());
  port = await freePort();
});
afterEach(() => remove());

const file = () => path.join(folder, "millrace.db");
const start = async (options: { demo?: boolean; env?: Record<string, string> } = {}): Promise<Running> => {
  const server = launch({ data: folder, port, ...options });
  await server.healthy();
  return server;
};
const until = async (holds: () => boolean, ms = 10_000) => {
  for (const end = performance.now() + ms; !holds(); await sleep(1))
    if (performance.now() > end) throw new Error("It did not come.");
};

it("starts after it was killed while it made its database", async () => {
  for (let kill = 0; kill < (long ? 40 : 4); kill++) {
    const server = launch({ data: folder, port });
    // The tables are made in the moments after the file appears.
    await until(() => existsSync(file()));
    await sleep(chance() * 60);
    await server.kill();
  }
  const server = await start();
  await setUp(server.url);
  expect((await server.stop()).code).toBe(0);
  expect(await verify(folder)).toMatchObject({ ok: true });
});

it("can be set up by the same person after it was killed while they set it up", async () => {
  for (let kill = 0; kill < (long ? 20 : 3); kill++) {
    const server = await start();
    const asked = setUp(server.url).catch(() => "");
    await sleep(chance() * 120);
    await server.kill();
    if (await asked) break;
    // What an unfinished set-up holds is free after a minute.
    const db = new Database(file());
    db.prepare("update installation set at = at - 60000").run();
    db.close();
  }
  const server = await start();
  const empty = await fetch(`${server.url}/sign-in`, { redirect: "manual" });
  const cookie = empty.status === 307 ? await setUp(server.url) : await signIn(server.url);
  expect(await must(ask(server.url, cookie, "me.read"))).toMatchObject({ email: owner.email });
  await server.stop();
  await verify(folder);
});

it("leaves within five seconds when asked to, also while it starts and under load", async () => {
  const early = launch({ data: folder, port });
  await until(() => existsSync(file()));
  expect((await early.stop()).ms).toBeLessThan(5000);
  const server = await start();
  const cookie = await setUp(server.url);
  let open = true;
  const made: string[] = [];
  const clients = Array.from({ length: 8 }, async (_, client) => {
    for (let n = 0; open; n++) {
      const commandId = `make-${client}-${n}`;
      const input = { type: "account", values: { name: commandId }, commandId };
      const answer = await call(server.url, cookie, "records.create", input);
      if (answer.ok) made.push(commandId);
      else return;
    }
  });
  await sleep(500);
  const { code, ms } = await server.stop();
  open = false;
  await Promise.all(clients);
  expect(code).toBe(0);
  expect(ms).toBeLessThan(5000);
  expect(made.length).toBeGreaterThan(10);
  const db = new Database(file(), { readonly: true });
  const there = new Set(db.prepare("select cause from event where type = 'RecordCreated'").pluck().all());
  db.close();
  expect(made.filter((key) => !there.has(key))).toEqual([]);
  await verify(folder);
});

it("makes the demo afresh when it was killed while it made it", async () => {
  const first = launch({ data: folder, port, demo: true });
  await until(() => first.said().includes("Making the demo workspace"), 60_000);
  await sleep(chance() * (long ? 8000 : 2500));
  await first.kill();
  expect(existsSync(path.join(folder, "demo.db"))).toBe(false);
  const second = launch({ data: folder, port, demo: true });
  if (!long) {
    await until(() => second.said().includes("Making the demo workspace"), 60_000);
    await second.kill();
    return;
  }
  await second.healthy();
  expect((await second.stop()).code).toBe(0);
  expect(readdirSync(folder).filter((name) => name.includes("making"))).toEqual([]);
  expect(await verify(folder)).toMatchObject({ ok: true });
});

it("holds a whole number of rows of an import that was killed, and takes the rest when it is given the table again", async () => {
  const server = await start();
  await setUp(server.url);
  await server.stop();
  const rows = 2000;
  const table = path.join(folder, "accounts.csv");
  const lines = Array.from({ length: rows }, (_, i) => `Account ${i},software,1996,1100.04,2822,United States,`);
  writeFileSync(
    table,
    `account,sector,year_established,revenue,employees,office_location,subsidiary_of\n${lines.join("\n")}\n`,
  );
  const words = ["import", "records", table, "--map", "crm-accounts", "--json"];
  for (let kill = 0; kill < (long ? 10 : 2); kill++) {
    await commandLine(folder, words, { killAfter: 700 + chance() * 900 });
    await verify(folder);
  }
  const { code, err } = await commandLine(folder, words);
  // What to do should it be cut off, and nothing else.
  expect(err).toMatch(/^Import imp_\w+: \d+ rows\. Should it be cut off, [^\n]+\n$/);
  expect(code).toBe(0);
  expect(await verify(folder)).toMatchObject({ records: rows });
});
