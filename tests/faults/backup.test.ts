/**
 * A backup of a server that people work at, restored elsewhere and started: it is whole, it goes on inside, and nothing of it reaches
 * anybody until an admin lets it. The letters that wait in it leave then, each once; those that were probably sent before can be left.
 */
import path from "node:path";
import { copyFileSync } from "node:fs";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { ask, call, must, publish, setUp, signIn } from "./browser.ts";
import { chores, greet, newStory, readLog, type Story, work } from "./chores.ts";
import { commandLine, folderOfItsOwn, freePort, launch, sleep, verify } from "./millrace.ts";
import { openPostOffice } from "./post-office.ts";

const backups = process.env["TEST_LONG"] ? 20 : 2;
type Held = { hold: { since: number } | null };
type Mail = { id: string; due: number; tries: number };

function mailsIn(file: string): Mail[] {
  const db = new Database(file, { readonly: true });
  const mails = db.prepare<[], Mail>("select id, due_at due, attempts tries from job where kind = 'mail'").all();
  db.close();
  return mails;
}

it("a backup made under load is whole, and what goes out of it waits until it is released", async () => {
  const { folder, remove } = folderOfItsOwn();
  const nowhere = `smtp://127.0.0.1:${await freePort()}`;
  const data = path.join(folder, "data");
  // Nobody takes a letter, so every backup has some that wait.
  const server = launch({ data, port: await freePort(), env: { MILLRACE_SMTP_URL: nowhere } });
  await server.healthy();
  const cookie = await setUp(server.url);
  await publish(server.url, cookie, chores);
  await publish(server.url, cookie, greet);
  let open = true;
  const desks: Story[][] = Array.from({ length: 4 }, () => []);
  let begun = 0;
  const begin = () => newStory(`backup${begun++}`);
  const working = Promise.all(desks.map((stories) => work(server.url, cookie, { stories, begin, isOpen: () => open })));
  await sleep(1500);
  const copies: { file: string; done: string[] }[] = [];
  for (let n = 0; n < backups; n++) {
    // What was acknowledged before the backup began is in it.
    const done = desks.flat().flatMap(({ acknowledged }) => acknowledged);
    const file = path.join(folder, `copy-${n}.db`);
    const { code, err } = await commandLine(data, ["backup", file, "--json"]);
    expect(err).toBe("");
    expect(code).toBe(0);
    copies.push({ file, done });
  }
  open = false;
  await working;
  expect((await server.stop()).code).toBe(0);
  expect(desks.flat().flatMap(({ refused }) => refused)).toEqual([]);

  for (const [n, { file, done }] of copies.entries()) {
    const post = await openPostOffice();
    const elsewhere = path.join(folder, `restored-${n}`);
    expect((await commandLine(elsewhere, ["restore", file])).code).toBe(0);
    copyFileSync(path.join(data, "secrets.json"), path.join(elsewhere, "secrets.json"));
    await verify(elsewhere);
    const before = await readLog(path.join(elsewhere, "millrace.db"));
    const there = new Set(before.causes.map(({ cause }) => cause));
    expect(done.filter((key) => !there.has(key))).toEqual([]);
    const letters = before.jobs.filter(({ kind }) => kind === "mail").length;
    expect(letters).toBeGreaterThan(0);

    const copy = launch({ data: elsewhere, port: await freePort(), env: { MILLRACE_SMTP_URL: post.url } });
    await copy.healthy();
    const admin = await signIn(copy.url);
    await sleep(1500);
    const { hold } = await must<Held>(ask(copy.url, admin, "operate.held"));
    expect(post.mails.size).toBe(0);
    const held = mailsIn(path.join(elsewhere, "millrace.db"));
    // Waits that were under way have come to their letters meanwhile.
    expect(held.length).toBeGreaterThanOrEqual(letters);
    const discardOld = n % 2 === 1;
    const old = held.filter(({ due, tries }) => due <= hold!.since || tries > 0);
    const released = call(copy.url, admin, "operate.release", { discardOld });
    expect(await must(released)).toMatchObject({ discarded: discardOld ? old.length : 0 });
    expect(await must<Held>(ask(copy.url, admin, "operate.held"))).toEqual({ hold: null });
    const kept = discardOld ? held.filter((mail) => !old.includes(mail)) : held;
    // One that nobody took twice is tried again in five minutes.
    const soon = kept.filter(({ due }) => due < Date.now() + 10_000).length;
    for (const end = Date.now() + 30_000; post.mails.size < soon && Date.now() < end; ) await sleep(50);
    await sleep(300);
    expect(post.mails.size).toBeGreaterThanOrEqual(soon);
    expect(post.mails.size).toBeLessThanOrEqual(kept.length);
    expect([...post.mails.values()].every((times) => times === 1)).toBe(true);
    expect((await copy.stop()).code).toBe(0);
    await verify(elsewhere);
    await post.close();
  }
  remove();
});
