/**
 * Two of the shipped servers on one PostgreSQL, under load, and one of them killed: the other takes over what it held within 45
 * seconds, nothing is lost or doubled, and `millrace verify` finds the log whole.
 */
import { expect, it } from "vitest";
import { publish, setUp } from "./browser.ts";
import { chores, faultsOf, greet, newStory, type Story, work } from "./chores.ts";
import { chanceFrom, folderOfItsOwn, freePort, launch, type Running, seedOf, sleep, verify } from "./millrace.ts";
import { onPostgres } from "./on-postgres.ts";

const kills = process.env["TEST_LONG"] ? 20 : 1;
const clients = 8;
const takeoverMs = 45_000;
const seed = seedOf("two servers");
const chance = chanceFrom(seed);

const postgres = onPostgres();

it(`lose and double nothing in ${kills} kills of either`, async () => {
  const { folder, remove } = folderOfItsOwn();
  const env = postgres.env();
  const start = async (): Promise<Running> => launch({ data: folder, port: await freePort(), env });
  // Both at once: they make the tables together.
  const servers = [await start(), await start()];
  await Promise.all(servers.map((server) => server.healthy()));
  const cookie = await setUp(servers[0]!.url);
  await publish(servers[0]!.url, cookie, chores);
  await publish(servers[0]!.url, cookie, greet);
  await sleep(200);

  const desks: Story[][] = Array.from({ length: clients }, () => []);
  let begun = 0;
  /** Each client works at one server, and goes to the other when that is gone; its session is good at both. */
  const load = (isOpen: () => boolean) => {
    const urls = servers.map(({ url }) => url);
    const begin = () => newStory(`pair${begun++}`);
    return Promise.all(
      desks.map(async (stories, i) => {
        await work(urls[i % 2]!, cookie, { stories, begin, isOpen });
        await work(urls[(i + 1) % 2]!, cookie, { stories, begin, isOpen });
      }),
    );
  };

  for (let kill = 0; kill < kills; kill++) {
    let open = true;
    const working = load(() => open);
    await sleep(2000 + chance() * 2000);
    const which = chance() < 0.5 ? 0 : 1;
    const at = Date.now();
    await servers[which]!.kill();
    const held = (await postgres.ask<{ id: string }>("select id from job where lease > 0 and due_at > $1", [at])).rows;
    await sleep(1500);
    open = false;
    await working;
    const left = async () =>
      (await postgres.ask<{ n: number }>("select count(*) n from job where id = any($1)", [held.map(({ id }) => id)]))
        .rows[0]!.n;
    while ((await left()) > 0 && Date.now() - at < 2 * takeoverMs) await sleep(100);
    const took = Date.now() - at;
    console.log(`kill ${kill + 1}: ${held.length} jobs were held, all done ${(took / 1000).toFixed(1)} s after it`);
    expect(took).toBeLessThan(takeoverMs);
    servers[which] = await start();
    await servers[which].healthy();
    const faults = faultsOf(await postgres.seen(), desks.flat());
    expect(faults, `after kill ${kill + 1} of seed ${seed}`).toEqual([]);
  }
  await load(() => false);
  await sleep(1500);
  for (const server of servers) expect((await server.stop()).code).toBe(0);

  const stories = desks.flat();
  const verdict = await verify(folder, env);
  await postgres.expectAllDone(stories);
  console.log(`${stories.length} accounts, ${verdict.events} events`);
  remove();
}, 3_600_000);
