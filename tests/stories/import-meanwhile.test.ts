/** Somebody works on a record while a table is imported that changes it: both count, and what cannot is one row, not the import. */
import { expect, it } from "vitest";
import { findImport } from "@/db/queries/imports.ts";
import type { Store } from "@/db/store.ts";
import { changeRecord } from "@/server/commands/change-record.ts";
import type { FileDeps } from "@/server/commands/deps.ts";
import { importRecords } from "@/server/commands/import-records.ts";
import { saveTeam } from "@/server/commands/save-team.ts";
import { undoImport } from "@/server/commands/undo-import.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { Mapping } from "@/server/interop/csv/mapping.ts";
import { inThisThread } from "@/server/interop/file-reader.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { accountMapping } from "../support/account-file.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench } from "./bench.ts";

const number = (n: number) => String(n).padStart(4, "0");
const table = (name: string, rows: number) =>
  Buffer.from(
    ["Id,Company,Parent", ...Array.from({ length: rows }, (_, i) => `${number(i)},${name} ${i},`)].join("\n"),
  );

describeOnBoth("an import beside people", (open) => {
  async function imported(rows: number) {
    const bench = await openBench(await open());
    const deps = { ...bench.engine, files: inThisThread };
    const about = { fileName: "accounts.csv", mapping: accountMapping };
    const first = await importRecords(deps, bench.ask(), { ...about, bytes: table("Old", rows) });
    expect(first).toMatchObject({ ok: true, created: rows });
    const { read, t } = bench.store;
    const recordOf = async (n: number) => (await read.select().from(t.record)).find((r) => r.externalId === number(n))!;
    const ids = new Map((await read.select().from(t.record)).map((row) => [row.externalId, row.id]));
    /** The same table brought up to date by another server; `meanwhile`: just before each of its writes of rows. */
    const bringUp = async (meanwhile: (write: number) => Promise<unknown>) => {
      // It asks nobody for its turn: what it decided on may be old by the time it writes.
      const { begin: _begin, turns: _turns, ...whole } = bench.store;
      let writes = 0;
      const store: Store = {
        ...whole,
        async commit(sets) {
          if (sets.some(({ put }) => put.importRow?.length)) await meanwhile(++writes);
          return bench.store.commit(sets);
        },
      };
      const other = startEngine({
        store,
        clock: bench.clock,
        newId: bench.engine.newId,
        send: async () => ({ ok: true, result: null }),
        onError: (error) => bench.errors.push(error),
      });
      const input = { ...about, bytes: table("New", rows) };
      return importRecords({ ...other, files: inThisThread }, bench.ask(), input);
    };
    const edit = (n: number, city: string) =>
      changeRecord(bench.engine, bench.ask("lan"), { id: ids.get(number(n))!, values: { billing_city: city } });
    const verified = async () => (await verifyWorkspace(bench.engine, bench.workspaceId)).problems;
    return { bench, ids, recordOf, bringUp, edit, verified };
  }

  it("what somebody writes into another field stays, whether before its piece is read or just before it is written", async () => {
    const { bringUp, edit, recordOf, verified } = await imported(700);
    const answer = await bringUp(async (write) => {
      if (write === 1) {
        await edit(3, "Huế");
        await edit(650, "Đà Nẵng");
      }
    });
    expect(answer).toMatchObject({ ok: true, total: 700, updated: 700, failed: 0 });
    expect((await recordOf(3)).values).toMatchObject({ name: "New 3", billing_city: "Huế" });
    expect((await recordOf(650)).values).toMatchObject({ name: "New 650", billing_city: "Đà Nẵng" });
    expect(await verified()).toEqual([]);
  });

  it("a record that is written again and again is one row left out, and the others are in", async () => {
    const { bench, bringUp, edit, recordOf, verified } = await imported(20);
    let edits = 0;
    const answer = await bringUp(async (write) => write <= 5 && edit(7, `City ${++edits}`));
    expect(answer).toMatchObject({ ok: true, total: 20, updated: 19, failed: 1 });
    if (!answer.ok) throw new Error(answer.text);
    expect(answer.problems).toEqual([
      {
        row: 9,
        text: "Somebody else kept changing this record meanwhile. Import this row once more.",
        cells: ["0007", "New 7", ""],
      },
    ]);
    expect((await recordOf(7)).values).toMatchObject({ name: "Old 7", billing_city: "City 5" });
    expect((await recordOf(8)).values.name).toBe("New 8");
    const job = await findImport(bench.store, bench.workspaceId, answer.importId);
    expect(job).toMatchObject({ state: "done", done: 20, updated: 19, failed: 1 });
    expect(await undoImport(bench.engine, bench.ask(), answer.importId)).toMatchObject({ restored: 19, kept: 0 });
    expect(await verified()).toEqual([]);
  });

  it("a record that a running approval holds is one row left out, and stays held", async () => {
    const { bench, bringUp, recordOf } = await imported(3);
    const held = { ...(await recordOf(1)), lockedBy: "run_offer" };
    await bench.store.commit([
      { workspaceId: bench.workspaceId, guards: [], events: [], put: { record: [held] }, drop: {} },
    ]);
    const answer = await bringUp(async () => {});
    expect(answer).toMatchObject({ ok: true, total: 3, updated: 2, failed: 1 });
    if (!answer.ok) throw new Error(answer.text);
    expect(answer.problems[0]).toMatchObject({
      row: 3,
      text: "This record is held by a running approval and can only be read. Import this row once more when it is decided.",
    });
    const { values, lockedBy } = await recordOf(1);
    expect([values.name, lockedBy]).toEqual(["Old 1", "run_offer"]);
  });

  it("a person whom somebody deactivates while their row waits its turn stays so, and a team that is renamed is not named back", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId, engine } = bench;
    const mapping: Mapping = {
      key: "people",
      recordType: "user",
      source: "file",
      keyField: "name",
      columns: [
        { column: "Name", field: "name" },
        { column: "Team", field: "team_id", lookup: { type: "team", by: "name", create: true } },
      ],
      mayBeMissing: [{ field: "email" }, { field: "timezone" }],
    };
    const south = { managerId: null, zone: "Asia/Ho_Chi_Minh", calendar: null };
    const team = await saveTeam(engine, bench.ask(), null, { name: "South", ...south });
    if (!team.ok) throw new Error(team.text);
    const deactivate = async (id: string) => {
      const member = (await store.read.select().from(store.t.member)).filter((one) => one.id === id);
      const put = { member: member.map((one) => ({ ...one, status: "inactive" as const })) };
      await store.commit([{ workspaceId, guards: [], events: [], put, drop: {} }]);
    };
    let waits = 0;
    const deps: FileDeps = {
      ...engine,
      files: inThisThread,
      loop: {
        ...engine.loop,
        // Its turn has not come yet; another one's has.
        async write(write) {
          if (++waits === 2) {
            await deactivate("tom");
            await saveTeam(engine, bench.ask(), team.id, { name: "Far south", ...south });
          }
          return engine.loop.write(write);
        },
      },
    };
    const bytes = Buffer.from("Name,Team\nTom Reed,North\nHoa Bùi,North\n");
    const answer = await importRecords(deps, bench.ask(), { fileName: "people.csv", mapping, bytes });
    expect(answer).toMatchObject({ ok: true, total: 2, created: 1, updated: 1, problems: [] });
    const teams = new Map((await store.read.select().from(store.t.team)).map(({ id, name }) => [id, name]));
    const members = await store.read.select().from(store.t.member);
    const told = members.map(({ name, status, teamId }) => [name, status, teams.get(teamId ?? "")]);
    expect(told).toContainEqual(["Tom Reed", "inactive", "North"]);
    expect(told).toContainEqual(["Hoa Bùi", "active", "North"]);
    expect([...teams.values()].sort()).toEqual(["Far south", "North"]);
    expect((await verifyWorkspace(engine, workspaceId)).problems).toEqual([]);
  });

  it("a record that is gone by then is one row left out", async () => {
    const { bench, ids, bringUp, recordOf, verified } = await imported(5);
    const first = (await bench.store.read.select().from(bench.store.t.importJob))[0]!;
    const answer = await bringUp(async (write) => {
      if (write > 1) return;
      // Whoever takes the first import back takes its records with it, but the one that was changed.
      await changeRecord(bench.engine, bench.ask(), { id: ids.get(number(2))!, values: { billing_city: "Huế" } });
      await undoImport(bench.engine, bench.ask(), first.id);
    });
    expect(answer).toMatchObject({ ok: true, total: 5, updated: 1, created: 0, failed: 4 });
    if (!answer.ok) throw new Error(answer.text);
    expect(answer.problems[0]).toMatchObject({
      row: 2,
      text: "This record was deleted meanwhile. Import this row once more to make it anew.",
    });
    expect((await recordOf(2)).values).toMatchObject({ name: "New 2", billing_city: "Huế" });
    expect(await verified()).toEqual([]);
  });
});
