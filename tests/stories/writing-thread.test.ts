/** A server's writer has a thread of its own: what is decided is on its way to the disk while the next is decided. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, expect, inject, it } from "vitest";
import { openSqlite } from "@/db/sqlite/store.ts";
import type { Store, WriteSet } from "@/db/store.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { workspaceContexts } from "@/server/commands/workspace-context.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import { openBench } from "./bench.ts";

const folder = mkdtempSync(path.join(tmpdir(), "millrace-thread-"));
const opened: Store[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function open(threads: boolean) {
  const file = path.join(folder, `${++files}.db`);
  copyFileSync(inject("migrated").file, file);
  const store = openSqlite({ file, threads });
  opened.push(store);
  return store;
}

const approve = {
  key: "line",
  name: "Line",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "By hand", config: { trigger: "manual" } },
    { id: "ask", kind: "task", name: "Ask", role: "ae" },
    {
      id: "mark",
      kind: "automation",
      name: "Mark",
      actions: [{ verb: "set", field: "account.employee_count", value: "account.employee_count + 1" }],
    },
    { id: "next", kind: "task", name: "Next", role: "ae" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "ask" },
    { id: "e2", from: "ask", to: "mark" },
    { id: "e3", from: "mark", to: "next" },
    { id: "e4", from: "next", to: "done" },
  ],
};

/** Fifty runs of one account, and everything people may ask of them in the same moment. */
async function play(
  store: Store,
  meanwhile: (send: Awaited<ReturnType<typeof openBench>>["engine"]["loop"]) => void = () => {},
) {
  const bench = await openBench(store);
  await bench.publish(approve);
  const account = await bench.record("account", { name: "Lotus", employee_count: 0, owner_id: "lan" });
  const runs = await Promise.all(Array.from({ length: 50 }, () => bench.start("line", account, "account")));
  let asked = 0;
  const ask = (runId: string, work: string, by: string, id = `ask_${++asked}`) =>
    bench.engine.loop.submit({
      id,
      workspaceId: bench.workspaceId,
      at: bench.clock.now(),
      actor: { kind: "member", id: by },
      runId,
      type: "completeWork",
      work,
      outcome: null,
      values: {},
    } as RunCommand);
  meanwhile(bench.engine.loop);
  const answers = await Promise.all([
    ...runs.map((run) => ask(run, "w1", "lan")),
    // Twice by the same request, once more by another, and for a run that is not there.
    ask(runs[0]!, "w1", "lan", "ask_1"),
    ask(runs[1]!, "w1", "lan"),
    ask("run_gone", "w1", "lan"),
    // The next task of a run that is written in the same transaction.
    ...runs.slice(0, 20).map((run) => ask(run, "w2", "lan")),
  ]);
  const said = answers.map((answer) => (answer.ok ? "ok" : answer.code));
  const [head] = await store.read
    .select()
    .from(store.t.logHead)
    .where(eq(store.t.logHead.workspaceId, bench.workspaceId));
  const verdict = await verifyWorkspace(bench.engine, bench.workspaceId);
  const { employee_count: count } = await bench.valuesOf(account);
  return { bench, said, head, verdict, count };
}

it("writes the same log to the last hash, and answers the same, as one that writes where it decides", async () => {
  const here = await play(open(false));
  const there = await play(open(true));
  expect(here.said).toEqual([...Array(51).fill("ok"), "CONFLICT", "NOT_FOUND", ...Array(20).fill("ok")]);
  expect(there.said).toEqual(here.said);
  expect(there.head).toEqual(here.head);
  expect([here.count, there.count]).toEqual([50, 50]);
  expect(there.verdict).toMatchObject({ ok: true, problems: [] });
});

const setting = (id: string, was: number): WriteSet => ({
  workspaceId: "ws_test",
  guards: [{ table: "record", id: "acc", was }],
  events: [],
  put: {
    audit: [{ workspaceId: "ws_test", id, at: 1, actor: { kind: "system" }, action: "looked", ok: true }],
  },
  drop: {},
});

it("leaves nothing of a transaction of which one thing did not hold, and the next one goes on", async () => {
  const store = open(true);
  await openBench(store);
  const audits = () => store.read.select({ id: store.t.audit.id }).from(store.t.audit);
  const before = await audits();
  const writing = store.begin!()!;
  for (let i = 0; i < 1000; i++) writing.add(setting(`a${i}`, i === 500 ? 7 : 0));
  await expect(writing.commit()).rejects.toThrow("not what the commands were decided on");
  expect(await audits()).toEqual(before);
  const abandoned = store.begin!()!;
  for (let i = 0; i < 1000; i++) abandoned.add(setting(`b${i}`, 0));
  abandoned.abandon();
  expect(await store.commit([setting("c", 0), setting("d", 7), setting("e", 0)])).toMatchObject({ lost: [1] });
  expect((await audits()).map(({ id }) => id).filter((id) => /^[a-e]\d*$/.test(id))).toEqual(["c", "e"]);
});

it("decides again one by one what could not be written together, and nobody but the one it was about is refused", async () => {
  const store = open(true);
  const { said, count, bench } = await play(store, () => {
    const begin = store.begin!;
    // As if another server had written the first run: it is not where it was read.
    store.begin = () => {
      store.begin = begin;
      store.writer.exec("update run set rev = rev + 1 where id = (select min(id) from run)");
      return begin();
    };
  });
  expect(said).toEqual([
    "BUSY",
    ...Array(49).fill("ok"),
    "BUSY",
    "CONFLICT",
    "NOT_FOUND",
    "CONFLICT",
    ...Array(19).fill("ok"),
  ]);
  expect(count).toBe(49);
  store.writer.exec("update run set rev = rev - 1 where id = (select min(id) from run)");
  expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
});

it("copies the database while others write, and the copy holds what its log says", async () => {
  const store = open(true);
  const copy = path.join(folder, "copy.db");
  const copying: Promise<void>[] = [];
  const { verdict } = await play(store, () => void copying.push(store.backup(copy)));
  await Promise.all(copying);
  expect(verdict.ok).toBe(true);
  const again = openSqlite({ file: copy, threads: false });
  opened.push(again);
  expect(await verifyWorkspace({ store: again, contexts: workspaceContexts(again) }, "ws_test")).toMatchObject({
    ok: true,
    problems: [],
  });
});
