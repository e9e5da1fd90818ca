/** Two servers on one PostgreSQL that decide at the same moment what the other is deciding about. */
import { afterAll, expect, inject, it } from "vitest";
import { openPostgres } from "@/db/postgres/store.ts";
import { startLine, stopLine } from "@/server/commands/stop-line.ts";
import { clearDemo } from "@/server/commands/clear-demo.ts";
import { changeRecord } from "@/server/commands/change-record.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import { textGraph } from "../support/text-graph.ts";
import { run } from "../support/postgres.ts";
import { openBench } from "./bench.ts";

const closing: (() => Promise<unknown>)[] = [];
const admin = (statement: string) => run(inject("postgresUrl"), statement);
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

let databases = 0;
/** Two servers, and a person's hand on either. */
async function twoServers() {
  const name = `at_once_${process.pid}_${Math.floor(performance.now())}_${databases++}`;
  await admin(`create database ${name}`);
  closing.push(() => admin(`drop database if exists ${name} with (force)`));
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  const [first, other] = [await openPostgres({ url: url.href }), await openPostgres({ url: url.href })];
  closing.push(first.close, other.close);
  const bench = await openBench(first);
  const second = startEngine({
    store: other,
    clock: bench.clock,
    newId: countedIds(50_000),
    send: async () => ({ ok: true, result: null }),
    onError: (error) => bench.errors.push(error),
  });
  const start = (server: typeof second, process: string, recordId: string) =>
    server.loop.submit({
      id: server.newId("cmd"),
      workspaceId: bench.workspaceId,
      runId: server.newId("run"),
      at: bench.clock.now(),
      actor: { kind: "member", id: "linh" },
      type: "startRun",
      process,
      version: 1,
      recordType: "account",
      recordId,
      trigger: { event: "manual", at: bench.clock.now() },
    });
  return { bench, servers: [bench.engine, second] as const, start };
}

it("start the one run that a record may have: one of them does, the other says that there is one", async () => {
  const { bench, servers, start } = await twoServers();
  await bench.publish(
    textGraph("once", "call:task\nstart -> call -> done", {
      recordType: "account",
      runPolicy: "one_active_per_record",
    }),
  );
  for (let i = 0; i < 30; i++) {
    const account = await bench.record("account", { name: `Account ${i}` });
    const answers = await Promise.all(servers.map((server) => start(server, "once", account)));
    expect(answers.map((answer) => answer.ok).sort()).toEqual([false, true]);
    expect(answers.find((answer) => !answer.ok)).toMatchObject({ code: "ALREADY_RUNNING" });
    expect(await bench.runsOf(account)).toHaveLength(1);
  }
  expect((await verifyWorkspace(servers[1], bench.workspaceId)).problems).toEqual([]);
});

it("one begins to wait for what the other is writing: it does not wait for ever", async () => {
  const { bench, servers, start } = await twoServers();
  await bench.publish(
    textGraph(
      "watching",
      `until:wait for=condition condition={account.employee_count > 100}
       call:task
       start -> until
       until.event -> call -> done`,
      { recordType: "account", runPolicy: "many" },
    ),
  );
  for (let i = 0; i < 30; i++) {
    const account = await bench.record("account", { name: `Account ${i}`, employee_count: 5 });
    const [started, changed] = await Promise.all([
      start(servers[i % 2 ? 0 : 1], "watching", account),
      changeRecord(servers[i % 2 ? 1 : 0], bench.ask(), { id: account, values: { employee_count: 500 } }),
    ]);
    expect([started, changed]).toMatchObject([{ ok: true }, { ok: true }]);
    await Promise.all(servers.map(({ worker }) => worker.drain()));
    const [run] = await bench.runsOf(account);
    expect(Object.values((await bench.run(run!.id)).tokens).map(({ node }) => node)).toEqual(["call"]);
  }
  expect((await verifyWorkspace(servers[1], bench.workspaceId)).problems).toEqual([]);
  expect(bench.errors).toEqual([]);
});

it("one is told to stop a step and to let it go again: the other has heard of either before it decides", async () => {
  const { bench, servers, start } = await twoServers();
  const { workspaceId, clock } = bench;
  await bench.publish(
    textGraph("stoppable", "call:task\ncheck:task\nstart -> call -> check -> done", {
      recordType: "account",
      runPolicy: "many",
      slas: { soon: { name: "Soon", target: "PT8H" } },
      nodes: { check: { slas: ["soon"] } },
    }),
  );
  const [first, second] = servers;
  const complete = (server: typeof first, runId: string) =>
    server.loop.submit({
      id: server.newId("cmd"),
      workspaceId,
      runId,
      at: clock.now(),
      actor: { kind: "member", id: "lan" },
      type: "completeWork",
      work: "w1",
      outcome: null,
      values: {},
    });
  const line = { process: "stoppable", node: "check" };
  const by = () => ({ ...bench.ask(), memberId: "linh" });
  for (let i = 0; i < 10; i++) {
    const account = await bench.record("account", { name: "Sen" });
    for (const server of servers) expect(await start(server, "stoppable", account)).toMatchObject({ ok: true });
    const [one, two] = (await bench.runsOf(account)).map(({ id }) => id) as [string, string];
    // Both know the workspace as it was, and the second has just written to it.
    await stopLine(first, by(), { ...line, reason: "prices are wrong", clocks: "pause" });
    expect(await complete(second, one)).toMatchObject({ ok: true });
    const inside = Object.values((await bench.run(one)).tokens);
    expect(inside.map(({ node, state }) => `${node} ${state}`)).toEqual(["check held"]);
    await startLine(first, by(), line);
    expect(await complete(second, two)).toMatchObject({ ok: true });
    expect(Object.values((await bench.run(two)).tokens).map(({ node, state }) => `${node} ${state}`)).toEqual([
      "check in",
    ]);
    await Promise.all(servers.map(({ worker }) => worker.drain()));
    expect(Object.values((await bench.run(one)).tokens).map(({ node, state }) => `${node} ${state}`)).toEqual([
      "check in",
    ]);
  }
  expect((await verifyWorkspace(second, workspaceId)).problems).toEqual([]);
  expect(bench.errors).toEqual([]);
});

it("one clears the demo that the other is working on: it waits for nobody, and the other finds it empty", async () => {
  const { bench, servers, start } = await twoServers();
  const { workspaceId, store } = bench;
  const [first, second] = servers;
  await bench.publish(textGraph("once", "call:task\nstart -> call -> done", { recordType: "account" }));
  const account = await bench.record("account", { name: "Sen" });
  expect(await start(second, "once", account)).toMatchObject({ ok: true });
  const [workspace] = await store.read.select().from(store.t.workspace);
  await store.commit([
    { workspaceId, guards: [], events: [], put: { workspace: [{ ...workspace!, demo: true }] }, drop: {} },
  ]);
  expect(await clearDemo(first, bench.ask(), "Test")).toEqual({ ok: true });
  expect((await store.read.select().from(store.t.event)).map(({ seq, type }) => [seq, type])).toEqual([
    [1, "SettingChanged"],
  ]);
  expect(await start(second, "once", account)).toMatchObject({ ok: false });
  for (const server of servers) expect((await verifyWorkspace(server, workspaceId)).problems).toEqual([]);
  expect(bench.errors).toEqual([]);
});
