/** A server that dies after a commit and before it has crossed the job off does the job again: nothing may happen twice. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { runsOfRecord } from "@/db/queries/runs.ts";
import { openSqlite } from "@/db/sqlite/store.ts";
import type { Store } from "@/db/store.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench } from "./bench.ts";

const minute = 60_000;

/** The store, whose jobs are never crossed off until `mend` is called: as if the process had died each time. */
function forgetful(store: Store): { store: Store; mend(): void } {
  let dying = true;
  return {
    store: { ...store, finishJobs: async (ended) => (dying ? undefined : store.finishJobs(ended)) },
    mend: () => void (dying = false),
  };
}

const account = { name: "Lotus Foods", billing_country: "VN", owner_id: "lan" };
const lead = {
  last_name: "Vo",
  company_name: "Lotus Foods",
  email: "an@lotus.test",
  source: "inbound_web",
  owner_id: "lan",
};
const greet = {
  key: "greet",
  name: "Greet",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "New account", config: { trigger: "record_created" } },
    { id: "call", kind: "task", name: "Call", role: "ae" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "call" },
    { id: "e2", from: "call", to: "done" },
  ],
};
const twice = {
  ...greet,
  key: "twice",
  recordType: "lead",
  name: "Waits twice for the same news",
  nodes: [
    { id: "start", kind: "start", name: "By hand", config: { trigger: "manual" } },
    { id: "first", kind: "wait", name: "First", config: { for: "event", event: "meeting.concluded" } },
    { id: "second", kind: "wait", name: "Second", config: { for: "event", event: "meeting.concluded" } },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "first" },
    { id: "e2", from: "first", port: "event", to: "second" },
    { id: "e3", from: "second", port: "event", to: "done" },
  ],
};

describeOnBoth("a job that is done again", (open) => {
  it("starts one run for a new record, although its process allows many", async () => {
    const { store, mend } = forgetful(await open());
    const bench = await openBench(store);
    await bench.publish(greet);
    const id = await bench.record("account", account);
    await bench.engine.worker.drain();
    expect(await bench.runsOf(id)).toHaveLength(1);
    bench.clock.advance(minute);
    mend();
    await bench.engine.worker.drain();
    expect(bench.errors).toEqual([]);
    expect(await bench.runsOf(id)).toHaveLength(1);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("tells a waiting run a piece of news once", async () => {
    const { store, mend } = forgetful(await open());
    const bench = await openBench(store);
    await bench.publish(twice);
    const id = await bench.record("lead", lead);
    const run = await bench.start("twice", id, "lead");
    bench.clock.advance(minute);
    await bench.engine.worker.drain();
    await bench.change(id, { meeting_status: "held" });
    await bench.engine.worker.drain();
    bench.clock.advance(minute);
    mend();
    await bench.engine.worker.drain();
    expect(bench.errors).toEqual([]);
    expect(Object.values((await bench.run(run)).tokens).map((token) => token.node)).toEqual(["second"]);
  });
});

it("is done at the next start, without waiting for the hold of the server that died", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "millrace-crash-"));
  const file = path.join(folder, "millrace.db");
  const died = openSqlite({ file, threads: false });
  const { store } = forgetful(died);
  const bench = await openBench(store);
  await bench.publish(greet);
  const id = await bench.record("account", account);
  await store.claimJobs(bench.clock.now(), 200, 30_000);
  await died.close();
  const opened = openSqlite({ file, threads: false });
  const engine = startEngine({
    store: opened,
    clock: bench.clock,
    newId: countedIds(900),
    send: async () => ({ ok: true, result: null }),
    onError: (error) => {
      throw error;
    },
  });
  await engine.worker.drain();
  expect(await runsOfRecord(opened, bench.workspaceId, id)).toHaveLength(1);
  await opened.close();
  rmSync(folder, { recursive: true, force: true });
});
