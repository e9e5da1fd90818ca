import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlite } from "@/db/sqlite/store.ts";
import { databaseFile } from "@/server/runtime/data-folder.ts";
import { openBench } from "@/tests/stories/bench.ts";
import { millrace } from "./millrace.ts";

const folder = mkdtempSync(path.join(tmpdir(), "millrace-import-"));
const before = process.env.MILLRACE_DATA;
beforeAll(async () => {
  const store = openSqlite({ file: databaseFile(folder, false), threads: false });
  await openBench(store);
  await store.close();
  process.env.MILLRACE_DATA = folder;
});
afterAll(() => {
  if (before === undefined) delete process.env.MILLRACE_DATA;
  else process.env.MILLRACE_DATA = before;
  rmSync(folder, { recursive: true, force: true });
});

async function run(...words: string[]) {
  const said: string[] = [];
  const complained: string[] = [];
  const code = await millrace(words, { say: (text) => said.push(text), complain: (text) => complained.push(text) });
  return { code, said: said.join("\n"), complained: complained.join("\n") };
}
const file = (name: string, bytes: string | Uint8Array) => {
  writeFileSync(path.join(folder, name), bytes);
  return path.join(folder, name);
};
const mapping = () =>
  file(
    "map.json",
    JSON.stringify({
      key: "m",
      recordType: "account",
      source: "file",
      columns: [{ column: "name", field: "name" }],
      mayBeMissing: [{ field: "owner_id" }],
    }),
  );

async function written() {
  const store = openSqlite({ file: databaseFile(folder, false), threads: false });
  const { read, t } = store;
  const rows = [
    await read.select().from(t.record),
    await read.select().from(t.process),
    await read.select().from(t.run),
  ];
  await store.close();
  return rows.map((list) => list.length);
}

describe("a file that cannot be used", () => {
  it.each([
    ["is empty", "", "The file is empty. Nothing was imported; choose another file."],
    [
      "is a picture",
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0),
      "The file is a picture, not a table of text. Nothing was imported; save it as CSV and choose that file.",
    ],
    [
      "is a bomb",
      gzipSync(`case,activity,time,name\n${"1,Call,2026-01-05,Acme\n".repeat(1_500_000)}`),
      "The file unpacks to more than 100 times its size, which no table or log does. Nothing was imported; hand it in unpacked if it is genuine.",
    ],
    [
      "is cut off",
      gzipSync("name,b\n1,2\n".repeat(50_000)).subarray(0, 40),
      "The compressed file is damaged or cut off. Nothing was imported; pack or download it again.",
    ],
  ])("%s: one sentence, exit code 1, nothing written", async (name, bytes, sentence) => {
    const at = file(`${name}.csv`, bytes);
    expect(await run("import", "log", at)).toEqual({ code: 1, said: "", complained: sentence });
    const records = await run("import", "records", at, "--map", mapping());
    expect([records.code, records.said]).toEqual([1, ""]);
    expect(records.complained).toBe(sentence);
    expect(await written()).toEqual([0, 0, 0]);
  });

  it("says which part of a mapping is wrong", async () => {
    const wrong = file(
      "wrong.json",
      JSON.stringify({ key: "m", recordType: "account", source: "file", columns: [{}] }),
    );
    const table = file("names.csv", "name\nAcme\n");
    expect((await run("import", "records", table, "--map", wrong)).complained).toMatch(
      /wrong\.json is not a mapping: columns\.0\.column: .*Nothing was imported\.$/,
    );
    expect(await written()).toEqual([0, 0, 0]);
  });
});

it("leaves ragged rows and formula cells to the reader: the first are named, the second are text", async () => {
  const table = file("dirty.csv", Buffer.from("name;b\nMüller;=1+1\nnur eins\n=cmd();x\n", "latin1"));
  const { code, said } = await run("import", "records", table, "--map", mapping(), "--json");
  expect(code).toBe(0);
  const answer = JSON.parse(said);
  expect(answer).toMatchObject({ total: 3, created: 2, failed: 1 });
  expect(answer.problems[0]).toMatchObject({ row: 3 });
  const undone = await run("import", "records", "--undo", answer.importId);
  expect(undone.said).toBe(
    "2 records removed, 0 put back, 0 left as somebody has changed them since, 0 runs cancelled.",
  );
});

const many = (rows: number) => ["name", ...Array.from({ length: rows }, (_, i) => `Company ${i}`)].join("\n");
const cutOff = (id: string) =>
  `Should it be cut off, it does not go on by itself: take back what is in with “millrace import records --undo ${id}”, then import the file again.`;

it("an import of several pieces says first how to go on after being cut off; what it says works after a kill", async () => {
  const table = file("many.csv", many(30_000));
  const before = (await written())[0]!;
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, "millrace.mjs"), "import", "records", table, "--map", mapping()],
    { env: process.env, stdio: ["ignore", "ignore", "pipe"] },
  );
  let told = "";
  child.stderr.on("data", (bytes) => (told += String(bytes)));
  const gone = once(child, "exit");
  const beside = new Database(databaseFile(folder, false), { readonly: true });
  const isIn = () => beside.prepare<[], { n: number }>("select count(*) n from record").get()!.n > before;
  while (child.exitCode === null && !isIn()) await new Promise((later) => setTimeout(later, 50));
  child.kill("SIGKILL");
  beside.close();
  expect((await gone)[1]).toBe("SIGKILL");
  const id = /Import (imp_\w+): 30000 rows\./.exec(told)?.[1] ?? "";
  expect(told.trim()).toBe(`Import ${id}: 30000 rows. ${cutOff(id)}`);
  const undone = await run("import", "records", "--undo", id);
  expect(undone).toMatchObject({
    code: 0,
    said: expect.stringMatching(/^[1-9]\d* records removed, 0 put back, 0 left/),
  });
  expect(await run("import", "records", file("many.csv", many(600)), "--map", mapping())).toMatchObject({
    code: 0,
    said: expect.stringMatching(/^600 rows: 600 created, /),
    complained: expect.stringMatching(/^Import imp_\w+: 600 rows\. Should it be cut off/),
  });
  // One piece is whole or not at all.
  const few = await run("import", "records", file("few.csv", many(3)), "--map", mapping());
  expect(few.complained).toBe("");
}, 60_000);
