/**
 * A disk that fails under the server: writes past a small file-size limit, or syncs of the log or of the database, come back as
 * errors. The server ends instead of going on with what nobody knows, whatever it had acknowledged is there, and with a sound disk
 * everything is brought to its end.
 */
import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { publish, setUp, signIn } from "./browser.ts";
import { chores, faultsOf, greet, isDone, newStory, readLog, type Story, work } from "./chores.ts";
import { folderOfItsOwn, freePort, launch, sleep, verify } from "./millrace.ts";
import { openPostOffice } from "./post-office.ts";

const long = Boolean(process.env["TEST_LONG"]);
/** A limit that can be set from outside, in the middle of the work. */
const canLimit = spawnSync("prlimit", ["--version"]).status === 0;
/** strace is there, and may look at a process that is no child of its own. */
const canTrace = spawnSync("strace", ["-p", `${spawn("sleep", ["0.2"]).pid}`], { timeout: 5000 }).status === 0;

/** Every sync of this file fails from here on, whichever thread asks for it. strace sees itself out with the server. */
const failSyncs = (pid: number, file: string) =>
  void spawn(
    "strace",
    ["-f", "-p", `${pid}`, "-P", file, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO"],
    { stdio: "ignore" },
  );

const ways: { how: string; possible: boolean; short: number; begin(pid: number, file: string): void }[] = [
  {
    // No file may grow past what is less than the log of the database needs.
    how: "a write",
    possible: canLimit,
    short: 2,
    begin: (pid) => expect(spawnSync("prlimit", [`--pid=${pid}`, "--fsize=65536:65536"]).status).toBe(0),
  },
  { how: "a sync of the log", possible: canTrace, short: 1, begin: (pid, file) => failSyncs(pid, `${file}-wal`) },
  // Asked for by the thread that copies the log into the database, away from any command.
  { how: "a sync of the database", possible: canTrace, short: 1, begin: failSyncs },
];

for (const way of ways) {
  const rounds = long ? 20 : way.short;
  it.skipIf(!way.possible)(
    `ends when ${way.how} fails and loses nothing, ${rounds} times`,
    async () => {
      const { folder, remove } = folderOfItsOwn();
      const post = await openPostOffice();
      const env = { MILLRACE_SMTP_URL: post.url };
      const port = await freePort();
      const file = path.join(folder, "millrace.db");
      const stories: Story[] = [];
      let begun = 0;
      const begin = () => newStory(`disk${begun++}`);
      let server = launch({ data: folder, port, env });
      await server.healthy();
      let cookie = await setUp(server.url);
      await publish(server.url, cookie, chores);
      await publish(server.url, cookie, greet);
      for (let round = 0; round < rounds; round++) {
        const working = work(server.url, cookie, { stories, begin, isOpen: () => true });
        await sleep(800);
        way.begin(server.pid, file);
        const { code, signal } = await server.ended();
        expect({ code, signal }).toEqual({ code: 1, signal: null });
        await working;
        await verify(folder, env);
        // What was under way when the disk failed was told so: nobody knows whether it was done, and it is asked again.
        for (const story of stories) story.refused = story.refused.filter((text) => !text.includes(" 500 INTERNAL "));
        expect(faultsOf(await readLog(file), stories)).toEqual([]);
        server = launch({ data: folder, port, env });
        await server.healthy();
        cookie = await signIn(server.url);
      }
      await work(server.url, cookie, { stories, begin, isOpen: () => false });
      await sleep(700);
      expect((await server.stop()).code).toBe(0);
      await verify(folder, env);
      const seen = await readLog(file);
      expect(faultsOf(seen, stories)).toEqual([]);
      expect(stories.filter((story) => !isDone(story))).toEqual([]);
      expect(seen.open).toBe(0);
      expect(post.mails.size).toBe(stories.length);
      await post.close();
      remove();
    },
    1_800_000,
  );
}
