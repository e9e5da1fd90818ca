/** A server dies in the middle of an import. The next one goes on, and what is there in the end is what would have been there anyway. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, expect, it } from "vitest";
import { findImport } from "@/db/queries/imports.ts";
import type { Store } from "@/db/store.ts";
import type { ImportOrder } from "@/server/commands/import-order.ts";
import { importRecords } from "@/server/commands/import-records.ts";
import { startImport, takeUpImports } from "@/server/commands/start-import.ts";
import { undoImport } from "@/server/commands/undo-import.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { inThisThread } from "@/server/interop/file-reader.ts";
import { openBackground } from "@/server/runtime/background.ts";
import { clocksOf } from "@/server/runtime/clock.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds, idMaker, type NewId } from "@/server/runtime/ids.ts";
import { openUploads } from "@/server/runtime/uploads.ts";
import { accountMapping } from "../support/account-file.ts";
import { describeOnBoth } from "../support/databases.ts";
import { type Bench, openBench } from "./bench.ts";

const folder = mkdtempSync(path.join(tmpdir(), "millrace-imports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const number = (n: number) => String(n).padStart(4, "0");
const accounts = {
  kind: "records" as const,
  mapping: accountMapping,
  start: "care",
  startRows: [3, 400, 490, 700, 1100],
  expected: 1200,
} satisfies ImportOrder;
/** Parents stand above and below, also in other pieces; some rows do not fit, one names a key of long ago. */
const accountTable = [
  "Id,Company,Parent",
  ...Array.from({ length: 1200 }, (_, i) => {
    if (i === 900) return "0005,Once more,";
    if (i % 90 === 40) return `${number(i)},,`;
    if (i % 90 === 41) return `${number(i)},Too,many,cells`;
    const parent = i % 50 === 0 ? number((i + 607) % 1200) : "";
    return `${number(i)},Company ${i},${parent}`;
  }),
].join("\n");

const users: ImportOrder = {
  kind: "records",
  mapping: {
    key: "people",
    recordType: "user",
    source: "file",
    keyField: "name",
    columns: [
      { column: "Name", field: "name" },
      { column: "Manager", field: "manager_id", lookup: { type: "user", by: "name", create: true } },
      { column: "Team", field: "team_id", lookup: { type: "team", by: "name", create: true } },
    ],
    mayBeMissing: [{ field: "email" }, { field: "timezone" }],
  },
  expected: 1100,
};
const userTable = [
  "Name,Manager,Team",
  ...Array.from({ length: 1100 }, (_, i) => `Person ${i},${i < 10 ? "" : `Person ${i % 10}`},Team ${i % 3}`),
].join("\n");

const log: ImportOrder = {
  kind: "log",
  columns: { case: "case", activity: "activity", time: "time" },
  recordType: "account",
  expected: 450,
};
const logTable = [
  "case,activity,time",
  ...Array.from({ length: 450 }, (_, i) =>
    ["Call", "Offer", i % 2 ? "Sign" : "Decline"].map((step, n) => `${number(i)},${step},2026-01-0${n + 1}T08:00:00Z`),
  ).flat(),
].join("\n");

const care = {
  key: "care",
  name: "Care",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    {
      id: "note",
      kind: "automation",
      name: "Note it",
      actions: [{ verb: "set", field: "account.billing_city", value: '"Hanoi"' }],
    },
    { id: "call", kind: "task", name: "Call", role: "ae" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "note" },
    { id: "e2", from: "note", to: "call" },
    { id: "e3", from: "call", to: "done" },
  ],
};

/** A server on the bench's database. `commits`: after so many it is dead: what it writes then is answered by nobody. */
function serverOn(bench: Bench, newId: NewId, at: string, commits = Number.POSITIVE_INFINITY) {
  let left = commits;
  let died = (): void => {};
  const death = new Promise<void>((resolve) => (died = resolve));
  const { begin: _, turns, ...whole } = bench.store;
  const mortal = async <T>(commit: () => Promise<T>): Promise<T> => {
    if (left <= 0) return new Promise(() => {});
    const done = await commit();
    if (--left > 0) return done;
    died();
    return new Promise(() => {});
  };
  const store: Store = {
    ...whole,
    commit: (sets) => mortal(() => whole.commit(sets)),
    ...(turns && {
      turns: {
        ...turns,
        commit: (sets) => mortal(() => turns.commit(sets)),
        hold: (workspaceId, work) => mortal(() => turns.hold(workspaceId, work)),
      },
    }),
  };
  const deps = startEngine({
    store,
    clock: bench.clock,
    newId,
    files: inThisThread,
    send: async () => ({ ok: true, result: null }),
    onError: (error) => bench.errors.push(error),
  });
  return {
    deps,
    uploads: openUploads(path.join(folder, at), idMaker(bench.clock.now)),
    background: openBackground((error) => bench.errors.push(error)),
    serverClock: bench.clock,
    clocks: clocksOf(bench.clock),
    death,
  };
}

async function begin(bench: Bench, server: ReturnType<typeof serverOn>, order: ImportOrder, table: string) {
  const { uploads } = server;
  const about = { workspaceId: bench.workspaceId, fileName: "table.csv", at: bench.clock.now() };
  const { id } = await uploads.save(about, Readable.from([table]));
  const upload = (await uploads.read(bench.workspaceId, id))!;
  const ask = {
    workspaceId: bench.workspaceId,
    actor: { kind: "member" as const, id: "linh" },
    now: bench.clock.now(),
  };
  return { upload: id, ...(await startImport(server, ask, "linh", upload, order)) };
}

/** All that an import leaves, by names instead of ids. */
async function leftOf(bench: Bench, importId: string) {
  const { read, t } = bench.store;
  const records = await read.select().from(t.record);
  const nameOf = new Map(records.map((row) => [row.id, row.externalId]));
  const members = await read.select().from(t.member);
  const memberOf = new Map(members.map((row) => [row.id, row.name]));
  const teams = new Map((await read.select().from(t.team)).map((row) => [row.id, row.name]));
  const job = (await findImport(bench.store, bench.workspaceId, importId))!;
  return {
    job: [job.state, job.total, job.done, job.created, job.updated, job.failed, job.started],
    problems: job.problems,
    records: records
      .map((row) => [row.externalId, row.values.name, nameOf.get(String(row.values.parent_account_id)) ?? null])
      .sort(),
    runs: (await read.select().from(t.run)).map((row) => [row.process, nameOf.get(row.recordId), row.startedAt]).sort(),
    members: members
      .map((row) => [row.name, row.roles, memberOf.get(row.managerId ?? ""), teams.get(row.teamId ?? "")])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    processes: (await read.select().from(t.process)).map(({ key, liveVersion }) => [key, liveVersion]).sort(),
  };
}

describeOnBoth("an import whose server dies", (open, dialect) => {
  const opened = async () => {
    const bench = await openBench(await open(), Date.UTC(2026, 2, 10));
    await bench.publish(care);
    // One of the rows is there already, and is brought up to date.
    const deps = { ...bench.engine, files: inThisThread };
    const old = {
      fileName: "old.csv",
      bytes: Buffer.from("Id,Company,Parent\n0007,Old,\n"),
      mapping: accounts.mapping,
    };
    expect(await importRecords(deps, bench.ask(), old)).toMatchObject({ created: 1 });
    return bench;
  };

  it.each([
    ["table", accounts, accountTable],
    ["table of people", users, userTable],
    ["log", log, logTable],
  ] as const)(
    "a %s goes on wherever it was, and leaves what it would have left",
    async (_, order, table) => {
      const whole = await opened();
      const server = serverOn(whole, whole.engine.newId, "whole");
      const { id } = await begin(whole, server, order, table);
      await server.background.idle();
      const expected = await leftOf(whole, id);
      expect(expected.job[0]).toBe("done");
      expect(expected.job[3]).toBeGreaterThan(400);

      let cut = 0;
      for (let commits = 2; commits < 10; commits += dialect === "sqlite" ? 1 : 2) {
        const bench = await opened();
        const newId = countedIds(500_000);
        const first = serverOn(bench, newId, `${dialect}-${commits}`, commits);
        const { id: cutOff } = await begin(bench, first, order, table);
        await Promise.race([first.death, first.background.idle()]);
        if (first.background.has(cutOff)) cut++;
        const next = serverOn(bench, newId, `${dialect}-${commits}`);
        // Only on a database of its own does a server know that nobody else works at it.
        if (dialect === "postgres") {
          await takeUpImports(next);
          expect(next.background.has(cutOff)).toBe(false);
          bench.clock.set(bench.clock.now() + 31_000);
        }
        await takeUpImports(next);
        await next.background.idle();
        expect({ commits, ...(await leftOf(bench, cutOff)) }).toEqual({
          commits,
          ...expected,
          runs: expect.anything(),
        });
        const bare = ({ runs }: typeof expected) => runs.map(([process, record]) => [process, record]);
        expect(bare(await leftOf(bench, cutOff))).toEqual(bare(expected));
        expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
        expect(bench.errors).toEqual([]);
      }
      expect(cut).toBeGreaterThan(1);
    },
    180_000,
  );

  it("ends at the next piece when its server is stopped, goes on with the next, and can be taken back whole", async () => {
    const bench = await opened();
    const first = serverOn(bench, bench.engine.newId, "stopped");
    const { id } = await begin(bench, first, accounts, accountTable);
    first.background.leave();
    await first.background.idle();
    const job = (await findImport(bench.store, bench.workspaceId, id))!;
    expect([job.state, job.heldUntil]).toEqual(["running", null]);
    expect(job.done).toBeLessThan(1200);
    const next = serverOn(bench, bench.engine.newId, "stopped");
    await takeUpImports(next);
    await next.background.idle();
    const done = (await findImport(bench.store, bench.workspaceId, id))!;
    expect([done.state, done.done, done.started]).toEqual(["done", 1200, 5]);
    const { created } = done;
    expect(await undoImport(bench.engine, bench.ask(), id)).toMatchObject({ removed: created, kept: 0, cancelled: 5 });
  });

  it("says what was kept and what to do when its file is gone", async () => {
    const bench = await opened();
    const first = serverOn(bench, bench.engine.newId, "gone", 3);
    const { id, upload } = await begin(bench, first, accounts, accountTable);
    await first.death;
    await first.uploads.remove(upload);
    bench.clock.set(bench.clock.now() + 31_000);
    // Another folder is another matter: there the file may yet be.
    await takeUpImports(serverOn(bench, bench.engine.newId, "elsewhere"));
    expect((await findImport(bench.store, bench.workspaceId, id))!.state).toBe("running");
    await takeUpImports(serverOn(bench, bench.engine.newId, "gone"));
    const { state, problems } = (await findImport(bench.store, bench.workspaceId, id))!;
    expect([state, (problems as { text: string }[])[0]!.text]).toEqual([
      "stopped",
      "Its file is no longer on the server, so the import cannot go on. 500 of 1200 rows are in. Take the import back and import the file again.",
    ]);
  });

  // SQLite has one server.
  it.runIf(dialect === "postgres")(
    "a server that was thought dead and is not writes nothing more once another has taken over",
    async () => {
      const bench = await opened();
      const slow = serverOn(bench, bench.engine.newId, "slow");
      const { id } = await begin(bench, slow, accounts, accountTable);
      while ((await findImport(bench.store, bench.workspaceId, id))!.done === 0)
        await new Promise((later) => setImmediate(later));
      bench.clock.set(bench.clock.now() + 31_000);
      const next = serverOn(bench, bench.engine.newId, "slow");
      // It takes what stands still; one that writes at that very moment is left alone.
      for (let look = 0; look < 3; look++) await takeUpImports(next);
      await Promise.all([slow.background.idle(), next.background.idle()]);
      const { job, records } = await leftOf(bench, id);
      expect(job).toEqual(["done", 1200, 1200, records.length - 1, 1, 1200 - records.length, 5]);
      expect(new Set(records.map(([externalId]) => externalId)).size).toBe(records.length);
      expect(bench.errors).toEqual([]);
    },
  );
});
