/**
 * The machine's clock leaps by an hour and by a year, ahead and back, while people work and timers wait, and the server is killed
 * meanwhile. Work goes on at its own pace: no timer fires before its time, none is lost, and Health says what is wrong.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { ask, call, must, publish, setUp, signIn } from "./browser.ts";
import { chores, faultsOf, greet, isDone, newStory, readLog, type Story, work } from "./chores.ts";
import { folderOfItsOwn, freePort, launch, sleep, verify } from "./millrace.ts";
import { openPostOffice } from "./post-office.ts";

const hour = 3_600_000;
const year = 365 * 24 * hour;
const rounds = process.env["TEST_LONG"] ? 10 : 1;
const waiting = 5;

/** Waits for half an hour: no leap may let it go on. */
const patience = {
  ...chores,
  key: "patience",
  name: "Patience",
  slas: {},
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    { id: "rest", kind: "wait", name: "Rest", config: { for: "duration", duration: "PT30M" } },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "rest" },
    { id: "e2", from: "rest", to: "done" },
  ],
};

it("a clock that leaps by an hour or a year, ahead or back, with a kill on the way, loses, doubles and hurries nothing", async () => {
  const { folder, remove } = folderOfItsOwn();
  const post = await openPostOffice();
  const port = await freePort();
  const file = path.join(folder, "millrace.db");
  const wrong = path.join(folder, "wrong-by");
  const leap = (ms: number) => writeFileSync(wrong, String(ms));
  leap(0);
  const env = {
    MILLRACE_SMTP_URL: post.url,
    WRONG_CLOCK: wrong,
    MILLRACE_LOG: "silent",
    NODE_OPTIONS: `--import=${path.resolve("tests/faults/wrong-clock.mjs")}`,
  };
  const start = async () => {
    const server = launch({ data: folder, port, env });
    await server.healthy();
    return server;
  };
  let server = await start();
  let cookie = await setUp(server.url);
  for (const process of [chores, greet, patience]) await publish(server.url, cookie, process);
  const account = await must<{ id: string }>(
    call(server.url, cookie, "records.create", { type: "account", values: { name: "Lotus Foods" } }),
  );
  for (let i = 0; i < waiting; i++)
    await must(call(server.url, cookie, "runs.start", { process: "patience", recordId: account.id }));

  const stories: Story[] = [];
  let begun = 0;
  let open = true;
  /** People go on working; whom the wrong time has signed out signs in again. */
  const day = async () => {
    const begin = () => newStory(`leap${begun++}`);
    while (open) {
      await work(server.url, cookie, { stories, begin, isOpen: () => open });
      for (const story of stories) story.refused = story.refused.filter((text) => !text.includes(" 401 "));
      cookie = await signIn(server.url).catch(() => cookie);
    }
  };
  const working = day();
  const clock = async () => {
    const read = () => ask(server.url, cookie, "time.read");
    const said = await read();
    if (!said.ok) cookie = await signIn(server.url);
    return (await must<{ clock: { kind: string; byMs?: number } }>(said.ok ? Promise.resolve(said) : read())).clock;
  };
  const fired = (process: string): number => {
    const db = new Database(file, { readonly: true });
    const text = `select count(*) from event e join run r on r.id = e.stream_id where e.type = 'TimerFired' and r.process = ?`;
    const n = db.prepare(text).pluck().get(process);
    db.close();
    return Number(n);
  };

  for (let round = 0; round < rounds; round++)
    for (const ms of [hour, -hour, year, -year]) {
      const before = fired("chores");
      leap(ms);
      await sleep(1600);
      const said = await clock();
      expect(said.kind).toBe(ms > 0 ? "ahead" : "behind");
      expect(Math.abs(said.byMs! - Math.abs(ms))).toBeLessThan(60_000);
      if (ms === year) {
        // A server that comes up in the middle of it is told by the machine's uptime.
        await server.kill();
        server = await start();
        expect((await clock()).kind).toBe("ahead");
        await sleep(1600);
      }
      expect(fired("patience")).toBe(0);
      // Timers of a second go on, each of them at most once: that is counted at the end.
      expect(fired("chores")).toBeGreaterThan(before);
      leap(0);
      await sleep(200);
      expect((await clock()).kind).toBe("right");
    }

  // An admin says that the later time is right: now what is due by it fires, once.
  leap(hour);
  await sleep(200);
  await clock();
  await must(call(server.url, cookie, "time.release", {}));
  await sleep(1600);
  expect((await clock()).kind).toBe("right");
  expect(fired("patience")).toBe(waiting);
  // That holds after a restart, too.
  await server.kill();
  server = await start();
  expect((await clock()).kind).toBe("right");

  open = false;
  await working;
  cookie = await signIn(server.url);
  await work(server.url, cookie, { stories, begin: () => newStory("none"), isOpen: () => false });
  await sleep(700);
  expect((await server.stop()).code).toBe(0);
  await verify(folder, { MILLRACE_SMTP_URL: post.url });
  const seen = await readLog(file);
  expect(faultsOf(seen, stories)).toEqual([]);
  expect(stories.filter((story) => !isDone(story))).toEqual([]);
  expect(seen.open).toBe(0);
  expect(seen.jobs).toEqual([]);
  expect(post.mails.size).toBe(stories.length);
  await post.close();
  remove();
});
