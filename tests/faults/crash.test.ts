/**
 * The shipped server under load, killed at random instants. Whatever was acknowledged is there, nothing is there twice, and
 * `millrace verify` finds the chain whole, the state what the log replays, and the rows what the log rebuilds.
 */
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ask, must, publish, setUp, signIn } from "./browser.ts";
import { chores, faultsOf, greet, isDone, newStory, readLog, type Story, work } from "./chores.ts";
import { chanceFrom, folderOfItsOwn, freePort, launch, type Running, seedOf, sleep, verify } from "./millrace.ts";
import { openPostOffice, type PostOffice } from "./post-office.ts";

const cycles = process.env["TEST_LONG"] ? 200 : 10;
/** A new folder after so many kills, so that verifying stays quick. */
const kills = 20;
const clients = 8;

let post: PostOffice;
let env: Record<string, string>;
beforeAll(async () => {
  post = await openPostOffice();
  env = { MILLRACE_SMTP_URL: post.url };
});
afterAll(() => post.close());

const seed = seedOf("kills under load");
const chance = chanceFrom(seed);

for (let from = 0; from < cycles; from += kills)
  it(`nothing is lost or doubled by kills ${from + 1} to ${Math.min(cycles, from + kills)}`, async () => {
    const { folder, remove } = folderOfItsOwn();
    const port = await freePort();
    const desks: Story[][] = Array.from({ length: clients }, () => []);
    let begun = 0;
    post.mails.clear();
    const start = async (): Promise<Running> => {
      const server = launch({ data: folder, port, env });
      await server.healthy();
      return server;
    };
    const load = (url: string, cookie: string, isOpen: () => boolean) =>
      Promise.all(
        desks.map((stories) => work(url, cookie, { stories, begin: () => newStory(`s${from}x${begun++}`), isOpen })),
      );

    let server = await start();
    let cookie = await setUp(server.url);
    await publish(server.url, cookie, chores);
    await publish(server.url, cookie, greet);
    for (let kill = from; kill < Math.min(cycles, from + kills); kill++) {
      const before = cookie;
      cookie = await signIn(server.url);
      // A sign-in that was answered outlives the kill as well.
      await must(ask(server.url, before, "me.read"));
      const working = load(server.url, cookie, () => true);
      await sleep(100 + chance() * 900);
      await server.kill();
      await working;
      const { events } = await verify(folder, env);
      const faults = faultsOf(await readLog(path.join(folder, "millrace.db")), desks.flat());
      expect(faults, `after kill ${kill + 1} of seed ${seed}, ${events} events`).toEqual([]);
      server = await start();
    }
    // Everything that was left lying is asked again with its key, and brought to its end.
    await load(server.url, cookie, () => false);
    await sleep(700);
    const stopped = await server.stop();
    expect(stopped).toMatchObject({ code: 0, signal: null });
    expect(stopped.ms).toBeLessThan(5000);

    const verdict = await verify(folder, env);
    const stories = desks.flat();
    const seen = await readLog(path.join(folder, "millrace.db"));
    expect(faultsOf(seen, stories)).toEqual([]);
    expect(stories.filter((story) => !isDone(story))).toEqual([]);
    expect(seen.open).toBe(0);
    expect(seen.jobs).toEqual([]);
    expect(seen.greeted).toHaveLength(stories.length);
    expect(seen.timers).toHaveLength(stories.length);
    expect(seen.completed).toHaveLength(2 * stories.length);
    // At least once on the wire, always under the id of the one request.
    expect(seen.mails).toHaveLength(stories.length);
    expect(post.mails.size).toBe(stories.length);
    const doubled = [...post.mails.values()].filter((n) => n > 1).length;
    console.log(
      `kills ${from + 1}…: ${stories.length} accounts, ${verdict.events} events, ${doubled} mails came twice under the same id`,
    );
    remove();
  });
