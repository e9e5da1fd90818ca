/** Messages of other systems: signed, taken once, and what they do. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { receiptsOfConnection } from "@/db/queries/connections.ts";
import { replayMessage } from "@/server/commands/jobs/given-up.ts";
import { receiveWebhook } from "@/server/commands/receive-webhook.ts";
import { signed } from "@/server/connections/signature.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { Taking } from "@/server/engine/connection.ts";
import { describeOnBoth } from "../support/databases.ts";
import { connect, testCalls } from "../support/outside.ts";
import { openBench } from "./bench.ts";

/** Waits for the payment of its account's order number, which the run keeps. */
const waiting = {
  key: "paid",
  name: "Paid",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  variables: { amount: { type: "decimal" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    {
      id: "wait",
      kind: "wait",
      name: "Payment",
      config: {
        for: "event",
        event: "payment.received",
        correlate: "account.name",
        output: { "run.amount": "message.amount" },
      },
    },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "wait" },
    { id: "e2", from: "wait", to: "done", port: "event" },
  ],
};
const started = {
  ...waiting,
  key: "welcome",
  name: "Welcome",
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "event", event: "contract.signed" } },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [{ id: "e1", from: "start", to: "done" }],
};

describeOnBoth("a webhook", (open) => {
  async function door(takes: Taking) {
    const store = await open();
    const calls = testCalls();
    const bench = await openBench(store);
    const { id, secret } = await connect(bench, calls, { key: "pay", config: { kind: "hook", takes } });
    const post = (message: string, body: unknown, change: Partial<Record<string, string>> = {}) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const headers = { ...signed(secret!, { id: message, at: bench.clock.now(), body: text }), ...change };
      const given = {
        connection: change.connection ?? id,
        id: headers["webhook-id"]!,
        timestamp: headers["webhook-timestamp"]!,
        signature: headers["webhook-signature"]!,
        body: Buffer.from(change.body ?? text),
      };
      return receiveWebhook({ ...bench.engine, calls }, given, bench.clock.now());
    };
    const came = async () =>
      (await receiptsOfConnection(store, { workspaceId: bench.workspaceId, id, limit: 50 })).map(({ state, note }) => ({
        state,
        note,
      }));
    return { bench, store, post, came, id };
  }
  const message = (more: object = {}): Taking => ({
    what: "message",
    event: "payment.received",
    key: "body.order",
    ...more,
  });

  it("wakes the run that waits for its key, with what it carries, once for five times", async () => {
    const { bench, post, came } = await door(message());
    await bench.publish(waiting);
    const runs = [];
    for (const name of ["Ash", "Birch"])
      runs.push(await bench.start("paid", await bench.record("account", { name }), "account"));
    const body = { order: "Birch", amount: 12.5 };
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push(await post("msg_1", body));
    expect(answers).toEqual([
      { ok: true, duplicate: false },
      ...Array.from({ length: 4 }, () => ({ ok: true, duplicate: true })),
    ]);
    await bench.advance(1000);
    expect(await bench.run(runs[0]!)).toMatchObject({ status: "active" });
    expect(await bench.run(runs[1]!)).toMatchObject({ status: "completed", variables: { amount: 12.5 } });
    const states = (await came()).map(({ state }) => state).sort();
    expect(states).toEqual(["again", "again", "again", "again", "done"]);
    const facts = await bench.factsOf(runs[1]!);
    expect(facts.filter(({ type }) => type === "MessageReceived")).toHaveLength(1);
    expect(await post("msg_1", { order: "Ash", amount: 1 })).toMatchObject({ ok: false, code: "IDEMPOTENCY_MISMATCH" });
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("that comes before anybody waits is kept for who comes", async () => {
    const { bench, post, came } = await door(message());
    await bench.publish(waiting);
    expect(await post("msg_2", { order: "Cedar", amount: 3 })).toMatchObject({ ok: true });
    await bench.advance(60_000);
    expect(await came()).toEqual([{ state: "queued", note: null }]);
    const run = await bench.start("paid", await bench.record("account", { name: "Cedar" }), "account");
    await bench.advance(3_600_000);
    expect(await bench.run(run)).toMatchObject({ status: "completed", variables: { amount: 3 } });
    // Nobody ever comes for this one.
    await post("msg_3", { order: "Nobody" });
    await bench.advance(40 * 3_600_000);
    expect((await came())[0]).toEqual({ state: "nobody", note: "No run waits for it." });
  });

  it("of a record goes to its runs, or starts a process", async () => {
    const record = { type: "account", field: "name", value: "body.customer" };
    const { bench, post, came } = await door({ what: "message", event: "contract.signed", record });
    await bench.publish(started);
    const account = await bench.record("account", { name: "Dogwood" });
    for (let i = 0; i < 5; i++) await post("one", { customer: "Dogwood" });
    await bench.advance(1000);
    expect(await bench.runsOf(account)).toHaveLength(1);
    for (let i = 0; i < 5; i++) await post(`another ${i}`.replace(" ", "_"), { customer: "Dogwood" });
    await bench.advance(1000);
    expect(await bench.runsOf(account)).toHaveLength(6);
    expect((await came()).filter(({ state }) => state === "done")).toHaveLength(6);
  });

  it("makes a record or changes the one that is there", async () => {
    const { bench, store, post, came } = await door({
      what: "record",
      type: "account",
      match: { field: "name", value: "body.company" },
      create: true,
      values: { name: "body.company", employee_count: "body.people" },
    });
    await post("r1", { company: "Elm", people: 10 });
    await post("r2", { company: "Elm", people: 12 });
    await post("r3", { company: "Fir", people: "many" });
    await bench.advance(1000);
    const rows = await store.read.select().from(store.t.record);
    expect(rows.map(({ values }) => values)).toMatchObject([{ name: "Elm", employee_count: 12 }]);
    expect((await came()).map(({ state }) => state).sort()).toEqual(["done", "done", "failed"]);
    expect((await came()).find(({ state }) => state === "failed")?.note).toBe(
      "Employees cannot hold this result. What came is the text “many”.",
    );
  });

  it("that was not taken is taken once more, by what the connection says then", async () => {
    const takes = { what: "record", type: "account", create: true, values: { name: "body.company" } } as const;
    const { bench, store, post, came, id } = await door({
      ...takes,
      values: { ...takes.values, employee_count: "body.people" },
    });
    await post("r1", { company: "Fir", people: "many" });
    await bench.advance(1000);
    const receipt = async () =>
      (await receiptsOfConnection(store, { workspaceId: bench.workspaceId, id, limit: 1 }))[0]!;
    expect(await receipt()).toMatchObject({ state: "failed" });
    expect(await replayMessage(bench.engine, bench.ask(), await receipt())).toEqual({ ok: true });
    expect(await came()).toEqual([{ state: "queued", note: null }]);
    await bench.advance(1000);
    expect(await receipt()).toMatchObject({ state: "failed" });
    // Somebody puts the connection right.
    const config = { kind: "hook", takes } as const;
    await connect(bench, testCalls(), { id, key: "pay", config });
    expect(await replayMessage(bench.engine, bench.ask(), await receipt())).toEqual({ ok: true });
    await bench.advance(1000);
    expect(await came()).toEqual([{ state: "done", note: "A record was made." }]);
    expect(await replayMessage(bench.engine, bench.ask(), await receipt())).toMatchObject({ code: "CONFLICT" });
    expect(await store.read.select().from(store.t.record)).toMatchObject([{ title: "Fir" }]);
  });

  it("that is not signed, not for here, too old or made up is not taken, and all are told the same", async () => {
    const { bench, post, came } = await door(message());
    const old = { "webhook-timestamp": String(Math.floor(bench.clock.now() / 1000) - 301) };
    const answers = [
      await post("m", { a: 1 }, { "webhook-signature": "v1,AAAA" }),
      await post("m", { a: 1 }, { "webhook-id": "other" }),
      await post("m", { a: 1 }, old),
      await post("m", { a: 1 }, { body: '{"a":2}' }),
      await post("m", { a: 1 }, { connection: "con_absent" }),
      await post("", { a: 1 }),
    ];
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ ok: false, code: "UNSIGNED" });
    expect(await came()).toEqual([]);
    expect(await post("m", "{broken")).toMatchObject({ ok: false, code: "INVALID" });
    expect(await post("m", '{"__proto__":1}')).toMatchObject({ ok: false, code: "INVALID" });
    expect(await came()).toEqual([]);
  });

  it("of any signed content is taken or refused, and leaves everything whole", async () => {
    const { bench, post } = await door(message());
    await bench.publish(waiting);
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.string({ unit: "binary" })), async (text) => {
        const answer = await post(`f${n++}`, text);
        expect(answer.ok || answer.code === "INVALID").toBe(true);
      }),
      { numRuns: 60 },
    );
    await bench.advance(1000);
    expect(bench.errors).toEqual([]);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});
