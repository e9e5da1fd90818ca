/** Imports whose server is killed again and again in the middle of them: each row once, and all of them, without anybody's help. */
import path from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { accountMapping } from "../support/account-file.ts";
import { ask, call, must, publish, setUp, signIn } from "./browser.ts";
import { chores } from "./chores.ts";
import { chanceFrom, folderOfItsOwn, freePort, launch, seedOf, sleep, verify } from "./millrace.ts";

const long = Boolean(process.env["TEST_LONG"]);
const rows = long ? 40_000 : 4_000;
const mostKills = long ? 10 : 2;
const seed = seedOf("kills during an import");
const chance = chanceFrom(seed);

type Job = { state: string; done: number; total: number } & Record<string, unknown>;
const number = (n: number) => String(n).padStart(5, "0");

/** Every tenth account has a parent that stands further down; every hundredth has no name. */
const table = () =>
  ["Id,Company,Parent"]
    .concat(
      Array.from({ length: rows }, (_, i) => {
        const parent = i % 10 === 0 ? number(i + 7) : "";
        return `${number(i)},${i % 100 === 99 ? "" : `Company ${number(i)}`},${parent}`;
      }),
    )
    .join("\n");
/** Lines of accounts that start a run. */
const chosen = Array.from({ length: rows / 10 }, (_, i) => 10 * i + 7);
const log = () =>
  ["case,activity,time"]
    .concat(
      Array.from({ length: rows }, (_, i) =>
        ["Call,2026-03-02T08:00:00Z", "Offer,2026-03-03T08:00:00Z"].map((step) => `${number(i)},${step}`),
      ).flat(),
    )
    .join("\n");

it.each(["table", "log"] as const)(
  `a %s goes on after each of up to ${mostKills} kills, each row once`,
  async (kind) => {
    const { folder, remove } = folderOfItsOwn();
    const port = await freePort();
    const start = async () => {
      const server = launch({ data: folder, port });
      await server.healthy();
      return server;
    };
    let server = await start();
    let cookie = await setUp(server.url);
    await publish(server.url, cookie, chores);
    const handed = await fetch(`${server.url}/api/imports/upload`, {
      method: "POST",
      headers: { "content-type": "application/octet-stream", "x-file-name": `${kind}.csv`, origin: server.url, cookie },
      body: kind === "table" ? table() : log(),
    });
    const { id: upload } = (await handed.json()) as { id: string };
    const { id } = await must<{ id: string }>(
      kind === "table"
        ? call(server.url, cookie, "imports.start", {
            upload,
            mapping: accountMapping,
            fixes: [],
            expected: rows,
            start: "chores",
            startRows: chosen,
          })
        : call(server.url, cookie, "imports.startLog", {
            upload,
            columns: { case: "case", activity: "activity", time: "time" },
            expected: rows,
            recordType: "account",
          }),
    );
    const read = () => must<Job>(ask(server.url, cookie, "imports.read", { id }));
    const until = async (met: (job: Job) => boolean) => {
      for (const end = Date.now() + 60_000; ; await sleep(10)) {
        const job = await read();
        if (met(job)) return job;
        if (Date.now() > end) throw new Error(`It stands still: ${JSON.stringify(job)}`);
      }
    };
    let kills = 0;
    for (let done = 0; kills < mostKills; ) {
      const job = await until((at) => at.done > done || at.state !== "running");
      if (job.state !== "running") break;
      done = job.done;
      await sleep(chance() * 60);
      await server.kill();
      kills++;
      await verify(folder);
      server = await start();
      cookie = await signIn(server.url);
    }
    const job = await until(({ state }) => state !== "running");
    const nameless = rows / 100;
    expect(job).toMatchObject(
      kind === "table"
        ? { state: "done", total: rows, created: rows - nameless, failed: nameless, started: chosen.length }
        : { state: "done", total: rows, created: rows },
    );
    expect((await server.stop()).code).toBe(0);
    await verify(folder);

    const db = new Database(path.join(folder, "millrace.db"), { readonly: true });
    const one = (text: string) => db.prepare(text).raw().get();
    const made = kind === "table" ? rows - nameless : rows;
    expect(one("select count(*), count(distinct external_id) from record where type = 'account'")).toEqual([
      made,
      made,
    ]);
    const runs = kind === "table" ? chosen.length : rows;
    expect(one("select count(*), count(distinct record_id) from run")).toEqual([runs, runs]);
    expect(one("select count(*), count(distinct stream_id) from event where type = 'RecordCreated'")).toEqual([
      made,
      made,
    ]);
    if (kind === "table")
      expect(
        one("select count(*), count(distinct from_id) from record_link where field = 'parent_account_id'"),
      ).toEqual([rows / 10, rows / 10]);
    else expect(one("select count(*) from process where key <> 'chores'")).toEqual([1]);
    db.close();
    expect(kills, `seed ${seed}`).toBeGreaterThan(0);
    console.log(`${kills} kills during the import of a ${kind} of ${rows}`);
    remove();
  },
);
