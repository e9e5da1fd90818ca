/**
 * The shipped server on a PostgreSQL that ends its connections in the midst of work, and is restarted: the server stays up and goes
 * on, nothing is lost or doubled, and no statement strays into a transaction of somebody else.
 */
import { expect, it } from "vitest";
import { publish, setUp } from "./browser.ts";
import { chores, greet, isDone, newStory, type Story, work } from "./chores.ts";
import { chanceFrom, folderOfItsOwn, freePort, launch, seedOf, sleep, verify } from "./millrace.ts";
import { onPostgres } from "./on-postgres.ts";

const cuts = process.env["TEST_LONG"] ? 300 : 20;
const clients = 8;
const seed = seedOf("cut connections");
const chance = chanceFrom(seed);

const postgres = onPostgres();

it(`loses and doubles nothing while its connections are cut ${cuts} times`, async () => {
  const { folder, remove } = folderOfItsOwn();
  const env = postgres.env();
  const server = launch({ data: folder, port: await freePort(), env });
  await server.healthy();
  const cookie = await setUp(server.url);
  await publish(server.url, cookie, chores);
  await publish(server.url, cookie, greet);

  const desks: Story[][] = Array.from({ length: clients }, () => []);
  let begun = 0;
  let open = true;
  const begin = () => newStory(`cut${begun++}`);
  const working = Promise.all(
    desks.map(async (stories) => {
      // A request whose connection was cut is answered so, and asked again under the same key.
      do {
        await work(server.url, cookie, { stories, begin, isOpen: () => open });
        await sleep(20);
      } while (open || stories.some((story) => !isDone(story)));
    }),
  );
  await sleep(500);
  const restarted = postgres.database().restart(1500);
  await sleep(700);
  const away = await Promise.all(
    ["/api/health", "/api/ready", "/inbox"].map((page) => fetch(server.url + page, { headers: { cookie } })),
  );
  expect(away.map(({ status }) => status)).toEqual([200, 503, 500]);
  // Next's own answer for a page that failed; what it shows is in app/error.tsx.
  expect(await away[2]!.text()).toContain("UNAVAILABLE");
  await restarted;
  let ended = 0;
  for (let cut = 0; cut < cuts; cut++) {
    await sleep(chance() * 300);
    const { rows } = await postgres.ask<{ n: number }>(
      `select count(pg_terminate_backend(pid)) n from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and random() < $1`,
      [0.2 + chance()],
    );
    ended += rows[0]!.n;
  }
  open = false;
  await working;
  // What was cut in a job is tried again after a while.
  const left = async () => (await postgres.ask<{ n: number }>("select count(*) n from job")).rows[0]!.n;
  for (let wait = 0; wait < 1200 && (await left()) > 0; wait++) await sleep(500);
  expect((await server.stop()).code, server.said()).toBe(0);

  const stories = desks.flat();
  const verdict = await verify(folder, env);
  await postgres.expectAllDone(stories);
  console.log(`${ended} connections ended, ${stories.length} accounts, ${verdict.events} events`);
  remove();
}, 3_600_000);
