import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type { Caller } from "@/server/api/router.ts";
import { createCaller } from "@/server/api/router.ts";
import { createKey } from "@/server/auth/api-keys.ts";
import { ask, startServer, type TestServer } from "@/tests/support/server.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";

let server: TestServer;
let own: Side;
let foreign: Side;
let caller: Caller;
let bearer: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  const { engine, store, newId, clock, uploads } = server.services;
  ({ own, foreign } = await twoWorkspaces(engine, clock.now(), "full", uploads));
  caller = createCaller({ services: server.services, person: own.people.ops, signal: undefined });
  bearer = await keyOf(own.people.ops.memberId);
  async function keyOf(memberId: string) {
    const { secret } = await createKey(store, newId, clock.now(), {
      workspaceId: own.workspaceId,
      memberId,
      name: "k",
      scopes: ["*"],
      days: 1,
    });
    return { authorization: `Bearer ${secret}` };
  }
});

async function upload(bytes: Uint8Array | string, name = "accounts.csv", more: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/api/imports/upload`, {
    method: "POST",
    headers: {
      ...bearer,
      "content-type": "application/octet-stream",
      "x-file-name": encodeURIComponent(name),
      ...more,
    },
    body: typeof bytes === "string" ? bytes : Buffer.from(bytes),
  });
  return { status: response.status, body: (await response.json()) as { id: string; fileName: string } };
}

async function ended(id: string) {
  for (;;) {
    const job = await caller.imports.read({ id });
    if (job.state !== "running") return job;
    await new Promise((later) => setTimeout(later, 20));
  }
}

const table = 'Company name,Website,Remarks\nAcme,acme.test,=1+1\nBeta,beta.test,\n,gamma.test,"a, b"\n';

describe("a file that is handed in", () => {
  it("is kept under an id of ours, whatever its name says", async () => {
    const { status, body } = await upload(table, "../../etc/Kunden č.csv");
    expect([status, body.fileName]).toEqual([200, "Kunden č.csv"]);
    expect(body.id).toMatch(/^upl_[0-9a-z]+$/);
    await expect(caller.imports.inspect({ upload: foreign.uploadId })).rejects.toThrow("does not exist");
  });

  it("needs the right, the content type and a length within the limit", async () => {
    expect((await upload(table, "a.csv", { authorization: "Bearer mr_wrong" })).status).toBe(401);
    expect((await upload(table, "a.csv", { "content-type": "text/plain" })).status).toBe(415);
    const tooLarge = await ask(server, "POST", "/api/imports/upload", {
      ...bearer,
      "content-type": "application/octet-stream",
      "content-length": String(60_000_000),
    });
    expect(tooLarge.status).toBe(413);
  });

  it.each([
    ["an empty file", "", "The file is empty. Nothing was imported; choose another file."],
    ["a picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), "The file is a picture"],
    ["a bomb", gzipSync(Buffer.alloc(40_000_000, "a,b\n")), "The file unpacks to more than 100 times its size"],
    ["a cut-off archive", gzipSync("a,b\n1,2\n".repeat(5000)).subarray(0, 60), "The compressed file is damaged"],
    ["an open quote", 'a,b\n"1,2\n', "quote"],
  ])("%s is told in one sentence", async (_, bytes, sentence) => {
    const { body } = await upload(bytes, "x");
    const told = await caller.imports
      .inspect({ upload: body.id })
      .then(async ({ mapping, columns }) =>
        caller.imports.preview({
          upload: body.id,
          mapping: { ...mapping!, recordType: "account", columns: [{ column: columns[0]!.name, field: "name" }] },
          fixes: [],
        }),
      )
      .then(
        (preview) => preview.problems.map(({ text }) => text).join(" "),
        (error: Error) => error.message,
      );
    expect(told).toContain(sentence);
  });
});

describe("an import on the screen", () => {
  it("suggests, previews, imports behind, names what did not fit, and takes all of it back", async () => {
    const { body } = await upload(table);
    const inspected = await caller.imports.inspect({ upload: body.id });
    expect(inspected).toMatchObject({ kind: "table", mappingFrom: "suggested", fileName: "accounts.csv" });
    const mapping = {
      ...inspected.mapping!,
      recordType: "account",
      keyField: "name",
      columns: [
        { column: "Company name", field: "name" },
        { column: "Website", field: "website" },
      ],
    };
    delete mapping.mayBeMissing;
    mapping.mayBeMissing = [{ field: "owner_id" }];
    const preview = await caller.imports.preview({ upload: body.id, mapping, fixes: [] });
    expect(preview).toMatchObject({ total: 3, counts: { new: 2, update: 0, error: 1 } });
    const { id } = await caller.imports.start({ upload: body.id, mapping, fixes: [], expected: 3 });
    expect(await ended(id)).toMatchObject({ state: "done", total: 3, done: 3, created: 2, failed: 1 });
    await expect(caller.imports.inspect({ upload: body.id })).rejects.toThrow("does not exist");

    const left = await fetch(`${server.url}/api/imports/failed?id=${id}`, { headers: bearer });
    expect(left.headers.get("content-type")).toContain("text/csv");
    const lines = (await left.text()).replace("\ufeff", "").split("\r\n");
    expect(lines[0]).toBe("row,reason,Company name,Website,Remarks");
    expect(lines[1]).toMatch(/^4,.*,,gamma\.test,"a, b"$/);
    expect((await fetch(`${server.url}/api/imports/failed?id=${foreign.importId}`, { headers: bearer })).status).toBe(
      404,
    );

    expect(await caller.imports.undo({ id })).toMatchObject({ removed: 2, kept: 0 });
    expect((await caller.imports.list())[0]).toMatchObject({ id, state: "undone" });
  });

  it("keeps formulas of a left-out row from running where they are opened", async () => {
    const { body } = await upload("name,website\n,=cmd()\n");
    const mapping = {
      key: "file",
      recordType: "account",
      source: "file",
      columns: [
        { column: "name", field: "name" },
        { column: "website", field: "website" },
      ],
      mayBeMissing: [{ field: "owner_id" }],
    };
    const { id } = await caller.imports.start({ upload: body.id, mapping, fixes: [], expected: 1 });
    await ended(id);
    const left = await (await fetch(`${server.url}/api/imports/failed?id=${id}`, { headers: bearer })).text();
    expect(left).toContain(",'=cmd()");
  });

  it("saves a mapping under a name and chooses it for the next file with those columns", async () => {
    const { body } = await upload("Kunde,Seite\nAcme,acme.test\n");
    const mapping = { key: "x", recordType: "account", source: "file", columns: [{ column: "Kunde", field: "name" }] };
    await caller.imports.saveMapping({ name: "Kunden", mapping });
    const inspected = await caller.imports.inspect({ upload: body.id });
    expect([inspected.mappingFrom, inspected.mapping?.key]).toEqual(["saved", "Kunden"]);
    await caller.imports.removeMapping({ name: "Kunden" });
    expect((await caller.imports.inspect({ upload: body.id })).mappingFrom).toBe("suggested");
  });

  it("sees that a file is a log, and imports it as the history of a process", async () => {
    const log =
      "Case ID,Activity,Timestamp\n1,Call,2026-01-05T09:00:00Z\n1,Offer,2026-01-06T09:00:00Z\n2,Call,2026-01-07T09:00:00Z\n";
    const { body } = await upload(log, "deals.csv");
    const inspected = await caller.imports.inspect({ upload: body.id });
    expect(inspected).toMatchObject({
      kind: "log",
      logColumns: { case: "Case ID", activity: "Activity", time: "Timestamp" },
    });
    expect(await caller.imports.previewLog({ upload: body.id, columns: {} })).toMatchObject({ cases: 2, events: 3 });
    const { id } = await caller.imports.startLog({ upload: body.id, columns: {}, expected: 2 });
    expect(await ended(id)).toMatchObject({ state: "done", kind: "log", total: 2, done: 2, process: "deals" });
    expect(await caller.imports.undo({ id })).toMatchObject({ removed: 2 });
  });

  it("leaves no file behind that was cut off", () => {
    const home = path.join(path.dirname(databaseOf(server)), "uploads");
    expect(readdirSync(home).filter((name) => name.endsWith(".half"))).toEqual([]);
    for (const name of readdirSync(home).filter((one) => one.endsWith(".json")))
      expect(JSON.parse(readFileSync(path.join(home, name), "utf8"))).toHaveProperty("workspaceId");
  });
});

const databaseOf = ({ services: { store } }: TestServer): string => ("file" in store ? String(store.file) : "");
