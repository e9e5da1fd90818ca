/** The same thing asked for more than once, one after the other and at the same moment: it is done once. */
import { expect, it } from "vitest";
import type { Row } from "@/db/store.ts";
import { retryIncidents } from "@/server/commands/retry-incidents.ts";
import { changeRecord } from "@/server/commands/change-record.ts";
import { saveQueue } from "@/server/commands/save-queue.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { takeWebhook } from "@/server/effects/take-webhook.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import type { Plain } from "@/server/engine/model.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
import { connect, testCalls } from "../support/outside.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench, people } from "./bench.ts";

const start = Date.UTC(2026, 2, 2, 2);
const roles = { ae: { name: "Account executive" } };
const account = { name: "Lotus Foods", billing_country: "VN", owner_id: "lan" };
const news = (id: string) => ({ id, kind: "wait", name: id, config: { for: "event", event: "news" } });
const twice = {
  key: "twice",
  name: "Twice",
  recordType: "account",
  roles,
  nodes: [
    { id: "start", kind: "start", name: "By hand", config: { trigger: "manual" } },
    news("first"),
    news("second"),
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "first" },
    { id: "e2", from: "first", port: "event", to: "second" },
    { id: "e3", from: "second", port: "event", to: "done" },
  ],
};
const bill = {
  ...twice,
  key: "bill",
  name: "Bill",
  nodes: [
    { id: "start", kind: "start", name: "By hand", config: { trigger: "manual" } },
    {
      id: "post",
      kind: "automation",
      name: "Post",
      actions: [{ verb: "connector", connector: "books", operation: "post" }],
    },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "post" },
    { id: "e2", from: "post", to: "done" },
  ],
};

/** A call for whoever's turn it is in the queue. */
const calls = {
  ...twice,
  key: "calls",
  name: "Calls",
  runPolicy: "many",
  roles: { ae: { name: "Account executive", queue: "pool" } },
  queues: { pool: { name: "Pool", role: "ae", strategy: "round_robin", sticky: "off" } },
  nodes: [
    { id: "start", kind: "start", name: "By hand", config: { trigger: "manual" } },
    { id: "call", kind: "task", name: "Call", role: "ae" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "call" },
    { id: "e2", from: "call", to: "done" },
  ],
};

describeOnBoth("asked for more than once", (open, dialect) => {
  /** A second server on the same database; on SQLite there is none, so it is the same one. */
  const besides = (bench: Awaited<ReturnType<typeof openBench>>) =>
    dialect === "sqlite"
      ? bench.engine
      : startEngine({
          store: bench.store,
          clock: bench.clock,
          newId: countedIds(5000),
          send: async () => ({ ok: true, result: null }),
          onError: (error) => bench.errors.push(error),
        });

  it("a message that comes five times under one id is taken once, also by two servers at the same moment", async () => {
    const bench = await openBench(await open());
    await bench.publish(twice);
    const run = await bench.start("twice", await bench.record("account", account), "account");
    const message: RunCommand = {
      id: "msg-0001",
      workspaceId: bench.workspaceId,
      runId: run,
      at: bench.clock.now(),
      actor: { kind: "api", id: "key" },
      type: "receiveMessage",
      event: "news",
      payload: { n: 1 },
    };
    const servers = [bench.engine, besides(bench)];
    const answers = await Promise.all([0, 1, 0, 1, 0].map((i) => servers[i]!.loop.submit(message)));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
    const taken = (await bench.factsOf(run)).filter(({ type }) => type === "MessageReceived");
    expect(taken).toHaveLength(1);
    expect(Object.values((await bench.run(run)).tokens).map(({ node }) => node)).toEqual(["second"]);
    expect(bench.errors).toEqual([]);
  });

  it("work handed out of one queue by two servers at the same moment uses up each turn once", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId } = bench;
    const pool = { key: "pool", name: "Pool", members: ["lan", "mai"], settings: {} };
    expect(await saveQueue(bench.engine, bench.ask(), pool, true)).toMatchObject({ ok: true });
    await bench.publish(calls);
    const record = await bench.record("account", account);
    const servers = [bench.engine, besides(bench)];
    const live = (await bench.engine.contexts.get(workspaceId, bench.clock.now())).live.get("calls")!;
    const begun = Array.from({ length: 40 }, (_, i): RunCommand => {
      const asked = { process: "calls", version: live.version, recordType: "account", recordId: record };
      const who = { workspaceId, at: bench.clock.now(), actor: { kind: "member", id: "linh" } } as const;
      return {
        ...who,
        ...asked,
        id: `call-${i}`,
        runId: `run_${i}`,
        type: "startRun",
        trigger: { event: "manual", at: who.at },
      }; // prettier-ignore
    });
    for (let n = 0; n < begun.length; n += 8) {
      const some = begun.slice(n, n + 8);
      const answers = await Promise.all(some.map((command, i) => servers[i % 2]!.loop.submit(command)));
      expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    }
    const { pick } = store.t;
    const picks = await store.read.select({ turn: pick.turn, member: pick.member }).from(pick);
    expect(picks.map(({ turn }) => turn!).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(picks.filter(({ member }) => member === "lan")).toHaveLength(20);
    expect(bench.errors).toEqual([]);
    expect(await verifyWorkspace(bench.engine, workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("two messages about one new customer, taken by two servers at the same moment, make one record", async () => {
    const bench = await openBench(await open());
    const { store, workspaceId, clock } = bench;
    const takes = {
      what: "record",
      type: "account",
      match: { field: "name", value: "body.company" },
      create: true,
      values: { name: "body.company", employee_count: "body.people" },
    } as const;
    const ways = testCalls();
    const doors: string[] = [];
    for (const key of ["shop", "fair"])
      doors.push((await connect(bench, ways, { key, config: { kind: "hook", takes } })).id);
    const job = (door: number, message: string, body: Plain): Row<"job"> => ({
      id: `${workspaceId}/${message}`,
      workspaceId,
      kind: "hook",
      runId: null,
      dueAt: 0,
      lease: 1,
      attempts: 1,
      deadAt: null,
      lastError: null,
      payload: {
        receipt: message,
        connection: doors[door]!,
        message,
        body,
        at: clock.now(),
      },
    });
    const servers = [bench.engine, besides(bench)];
    const told = ["Elm", "Fir", "Oak", "Yew"].map((company) =>
      servers.map((server, i) => ({ server, job: job(i, `${company}-${i}`, { company, people: 10 + i }) })),
    );
    const take = (both: (typeof told)[number]) =>
      Promise.all(both.map(async (one) => takeWebhook(one.server, one.job, clock.now())));
    for (const both of told) expect(await take(both)).toEqual([{ done: true }, { done: true }]);
    const { record } = store.t;
    const names = async () => (await store.read.select().from(record)).map(({ title }) => title).sort();
    expect(await names()).toEqual(["Elm", "Fir", "Oak", "Yew"]);
    // Done again after a crash, each finds what it did.
    for (const both of told) expect(await take(both)).toEqual([{ done: true }, { done: true }]);
    expect(await names()).toEqual(["Elm", "Fir", "Oak", "Yew"]);
    // Renamed since, the first is another customer: the next message of the old name makes a new one.
    const [elm] = (await store.read.select().from(record)).filter(({ title }) => title === "Elm");
    await changeRecord(bench.engine, bench.ask(), { id: elm!.id, values: { name: "Elm Holding" } });
    expect(await takeWebhook(bench.engine, job(0, "later", { company: "Elm", people: 3 }), clock.now())).toEqual({
      done: true,
    });
    expect(await names()).toEqual(["Elm", "Elm Holding", "Fir", "Oak", "Yew"]);
    expect(bench.errors).toEqual([]);
    expect(await verifyWorkspace(bench.engine, workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("what one guard refuses leaves nothing of its set behind, whatever else the set was to make", async () => {
    const { store, workspaceId } = await openBench(await open());
    const { record } = store.t;
    const row = { workspaceId, id: "acc_new", type: "account", version: 1, title: "New", search: "new", values: {} };
    const whole = { ...row, createdAt: 1, updatedAt: 1 };
    const set = { workspaceId, events: [], put: { record: [whole] }, drop: {} };
    const isNew = { table: "record", id: "acc_new", was: 0 } as const;
    const lost = await store.commit([
      { ...set, guards: [isNew, { table: "run", id: "run_absent", was: 3 }] },
      { ...set, guards: [isNew, { table: "record", id: "acc_absent", was: 1 }] },
    ]);
    expect(lost.lost.sort()).toEqual([0, 1]);
    expect(await store.read.select().from(record)).toEqual([]);
    expect((await store.commit([{ ...set, guards: [isNew] }])).lost).toEqual([]);
    expect((await store.commit([{ ...set, guards: [isNew] }])).lost).toEqual([0]);
  });

  it("two operators retry one incident: it is sent once more, one of them is told that it was resolved", async () => {
    let tries = 0;
    const bench = await openBench(await open(), start, people, {
      send: async () => (++tries === 1 ? { ok: false, text: "no", final: true } : { ok: true, result: null }),
    });
    await bench.publish(bill);
    const run = await bench.start("bill", await bench.record("account", account), "account");
    await bench.advance(60_000);
    const [incident] = Object.keys((await bench.run(run)).incidents);
    const which = [{ runId: run, incident: incident! }];
    const [one, other] = await Promise.all([
      retryIncidents(bench.engine, bench.ask("linh"), which),
      retryIncidents(besides(bench), bench.ask("mai"), which),
    ]);
    const results = [...one.retried, ...other.retried].map(({ result }) => result).sort();
    expect(results).toEqual(["moved", "refused"]);
    await bench.advance(60_000);
    expect(tries).toBe(2);
    expect((await bench.run(run)).status).toBe("completed");
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});
