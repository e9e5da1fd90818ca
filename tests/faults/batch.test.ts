/** A batch over many runs, whose server is killed again and again while it works through them: each run once, and all of them. */
import path from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { ask, call, must, publish, setUp, signIn } from "./browser.ts";
import { chores } from "./chores.ts";
import { chanceFrom, folderOfItsOwn, freePort, launch, seedOf, sleep, verify } from "./millrace.ts";

const long = Boolean(process.env["TEST_LONG"]);
const runs = long ? 5000 : 500;
const mostKills = long ? 20 : 2;
const seed = seedOf("kills during a batch");
const chance = chanceFrom(seed);

type Batch = { status: string; counts?: Record<string, number> } & Record<string, unknown>;

it(`goes on after each of up to ${mostKills} kills, and cancels each of ${runs} runs once`, async () => {
  const { folder, remove } = folderOfItsOwn();
  const port = await freePort();
  const file = path.join(folder, "millrace.db");
  const start = async () => {
    const server = launch({ data: folder, port });
    await server.healthy();
    return server;
  };
  let server = await start();
  let cookie = await setUp(server.url);
  await publish(server.url, cookie, chores);
  const values = { name: "Lotus Foods" };
  const { id } = await must<{ id: string }>(call(server.url, cookie, "records.create", { type: "account", values }));
  for (let n = 0; n < runs; n += 50)
    await Promise.all(
      Array.from({ length: 50 }, () =>
        must(call(server.url, cookie, "runs.start", { process: "chores", recordId: id })),
      ),
    );

  const order = { kind: "cancel", params: {}, filter: { process: "chores" }, reason: "The campaign is over" };
  const started = call(server.url, cookie, "batches.start", { ...order, commandId: "batch-of-the-day" });
  const batch = await must<{ id: string }>(started);
  const read = () => must<Batch>(ask(server.url, cookie, "batches.read", { id: batch.id }));
  let kills = 0;
  while (kills < mostKills && (await read()).status === "running") {
    await sleep(chance() * 60);
    await server.kill();
    kills++;
    await verify(folder);
    server = await start();
    cookie = await signIn(server.url);
  }
  // Asked again with its key, it is the same batch.
  expect(await must(call(server.url, cookie, "batches.start", { ...order, commandId: "batch-of-the-day" }))).toEqual(
    batch,
  );
  for (const end = Date.now() + 120_000; (await read()).status === "running"; await sleep(50))
    if (Date.now() > end) throw new Error(`The batch did not end: ${JSON.stringify(await read())}`);
  expect((await server.stop()).code).toBe(0);
  await verify(folder);

  const db = new Database(file, { readonly: true });
  const all = (text: string) => db.prepare(text).raw().all();
  expect(all("select status, count(*) from batch_item group by 1")).toEqual([["done", runs]]);
  expect(all("select status, count(*) from run where process = 'chores' group by 1")).toEqual([["cancelled", runs]]);
  expect(all("select count(*), count(distinct stream_id) from event where type = 'RunCancelled'")).toEqual([
    [runs, runs],
  ]);
  expect(all("select count(*) from batch")).toEqual([[1]]);
  db.close();
  expect(kills, `seed ${seed}`).toBeGreaterThan(0);
  console.log(`${kills} kills during a batch of ${runs}`);
  remove();
});
