/** A full disk: writes are refused in one sentence, what was saved can be read, and work goes on when there is room again. */
import { spawnSync } from "node:child_process";
import { mkdirSync, statfsSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ask, call, must, owner, publish, setUp } from "./browser.ts";
import { chores, greet } from "./chores.ts";
import { folderOfItsOwn, freePort, launch, sleep, verify } from "./millrace.ts";

const sentence = "The disk is nearly full. Nothing was saved; reading goes on. Free some space and try again.";
let folder: string;
let remove: () => void;
beforeEach(() => void ({ folder, remove } = folderOfItsOwn()));
afterEach(() => remove());

const account = (name: string) => ({ type: "account", values: { name } });
async function serve(data: string, env: Record<string, string> = {}) {
  const server = launch({ data, port: await freePort(), env });
  await server.healthy();
  return server;
}
const signIn = (url: string) =>
  fetch(`${url}/api/auth/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email: owner.email, password: owner.password }),
  });

it("below the reserve, also when it starts there: reads, refuses writes and sign-ins, does nothing behind the scenes", async () => {
  const before = await serve(folder);
  const cookie = await setUp(before.url);
  await must(call(before.url, cookie, "records.create", account("Lotus Foods")));
  await before.stop();
  // A session that has been used for hours would be renewed at its next request.
  const db = new Database(path.join(folder, "millrace.db"));
  db.prepare(
    "update auth_session set expires_at = expires_at - 6 * 3600000, updated_at = updated_at - 6 * 3600000",
  ).run();
  db.close();

  const full = await serve(folder, { MILLRACE_RESERVE: "100000000" });
  expect(await must(ask(full.url, cookie, "records.list", { type: "account" }))).toMatchObject({ total: 1 });
  expect((await fetch(`${full.url}/records`, { headers: { cookie } })).status).toBe(200);
  const refused = await call(full.url, cookie, "records.create", account("Pho 24"));
  expect(refused).toEqual({ ok: false, lost: false, status: 503, code: "DISK_FULL", text: sentence });
  const answer = await signIn(full.url);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ error: { code: "DISK_FULL", text: sentence } });
  expect((await full.stop()).code).toBe(0);

  const after = await serve(folder);
  expect((await signIn(after.url)).status).toBe(200);
  await must(call(after.url, cookie, "records.create", account("Pho 24")));
  await after.stop();
  expect(await verify(folder)).toMatchObject({ records: 2 });
});

it("says in one sentence what is wrong with a reserve that is no number", async () => {
  const server = launch({ data: folder, port: await freePort(), env: { MILLRACE_RESERVE: "much" } });
  expect((await server.ended()).code).toBe(1);
  expect(server.said()).toBe('MILLRACE_RESERVE is "much". Give the megabytes of disk to keep free, such as 500.\n');
});

const disk = () => path.join(folder, "disk");
const mounted = () => {
  mkdirSync(disk());
  return spawnSync("mount", ["-t", "tmpfs", "-o", "size=48m", "tmpfs", disk()]).status === 0;
};

it("a small disk that fills up under the server is never written to its end, and work goes on when there is room", async () => {
  // Where nobody may mount a disk, the reserve above stands for one.
  if (!mounted()) return expect(process.getuid?.()).not.toBe(0);
  try {
    const server = await serve(disk());
    const cookie = await setUp(server.url);
    await publish(server.url, cookie, greet);
    await publish(server.url, cookie, chores);
    await must(call(server.url, cookie, "records.create", account("First")));
    const { bavail, bsize } = statfsSync(disk());
    const ballast = path.join(disk(), "ballast");
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - 2 * 1024 * 1024));
    expect(await call(server.url, cookie, "records.create", account("No room"))).toMatchObject({
      code: "DISK_FULL",
      text: sentence,
    });
    await sleep(1200);
    expect(await must(ask(server.url, cookie, "records.list", { type: "account" }))).toMatchObject({ total: 1 });
    truncateSync(ballast, 0);
    await must(call(server.url, cookie, "records.create", account("Second")));
    await sleep(800);
    expect((await server.stop()).code).toBe(0);
    expect(server.said()).not.toMatch(/background work failed/);
    expect(await verify(disk())).toMatchObject({ records: 2, runs: 2 });
  } finally {
    spawnSync("umount", [disk()]);
  }
});
