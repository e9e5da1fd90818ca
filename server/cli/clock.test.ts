import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSqlite } from "@/db/sqlite/store.ts";
import { databaseFile } from "@/server/runtime/data-folder.ts";
import { openBench } from "@/tests/stories/bench.ts";
import { millrace } from "./millrace.ts";

const folder = mkdtempSync(path.join(tmpdir(), "millrace-clock-"));
beforeAll(async () => {
  const store = openSqlite({ file: databaseFile(folder, false), threads: false });
  await openBench(store);
  await store.close();
  process.env.MILLRACE_DATA = folder;
});
afterAll(() => {
  delete process.env.MILLRACE_DATA;
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: string[]) {
  const said: string[] = [];
  const complained: string[] = [];
  const code = await millrace(words, { say: (t) => said.push(t), complain: (t) => complained.push(t) });
  return { code, said: said.join("\n"), complained: complained.join("\n") };
}

it("moves the time of a workspace for practice ahead, and refuses it where real work is done", async () => {
  expect(await run("clock", "advance", "P3D")).toMatchObject({
    code: 1,
    complained: expect.stringMatching(/^This workspace does real work/),
  });
  expect(await run("clock", "practice")).toMatchObject({ code: 0 });
  const moved = await run("clock", "advance", "P3D", "--json");
  expect(moved.code).toBe(0);
  expect(JSON.parse(moved.said)).toMatchObject({ ok: true, ahead: 259_200_000, done: 0 });
  // Another command, another process: it is kept.
  const shown = JSON.parse((await run("clock", "show", "--workspace", "Test", "--json")).said) as {
    ahead: number;
    now: number;
  };
  expect(shown.ahead).toBe(259_200_000);
  expect(await run("clock", "advance", "next")).toMatchObject({
    code: 1,
    complained: expect.stringContaining("Nothing falls due"),
  });
  expect(await run("clock", "real")).toMatchObject({ code: 1 });
  expect(await run("clock", "advance", "yesterday")).toMatchObject({ code: 1 });
  expect(await run("clock", "show", "--workspace", "nowhere")).toMatchObject({
    code: 1,
    complained: "There is no workspace nowhere.",
  });
});
