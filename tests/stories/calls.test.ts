/** Processes that call outside systems: what is asked, what an answer does, and what becomes of one that never comes. */
import { expect, it } from "vitest";
import { openIncidents } from "@/db/queries/incidents.ts";
import { retryIncidents } from "@/server/commands/retry-incidents.ts";
import { saveConnection } from "@/server/commands/save-connection.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { isSigned } from "@/server/connections/signature.ts";
import type { Action } from "@/server/engine/process.ts";
import { describeOnBoth } from "../support/databases.ts";
import { connect, outside, sendingBy, testCalls } from "../support/outside.ts";
import { openBench } from "./bench.ts";

const process = (actions: unknown[], more: object = {}) => ({
  key: "billing",
  name: "Billing",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  variables: { number: { type: "text" }, seats: { type: "integer" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    { id: "call", kind: "automation", name: "Tell billing", actions, ...more },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "call" },
    { id: "e2", from: "call", to: "done" },
  ],
});
const post: Action = {
  verb: "http",
  method: "POST",
  connection: "billing",
  url: "/customers/{account.name}",
  headers: { "X-Source": "Millrace for {account.name}" },
  body: '{name: account.name, seats: 3, since: date("2026-03-02")}',
  map: { "run.number": "answer.body.id", "run.seats": "answer.body.seats + 1" },
};
const secret = "sk_live_0123456789";

describeOnBoth("a call", (open) => {
  async function house(actions: unknown[], more: object = {}) {
    const store = await open();
    const calls = testCalls();
    const bench = await openBench(store, undefined, undefined, { send: sendingBy(store, calls) });
    const billing = await outside();
    await connect(bench, calls, {
      key: "billing",
      config: { kind: "api", base: `${billing.url}/v1`, auth: { how: "bearer" }, operations: {} },
      secret,
    });
    await bench.publish(process(actions, more));
    const account = await bench.record("account", { name: "Lotus Foods" });
    const start = async () => {
      const runId = await bench.start("billing", account, "account");
      await bench.advance(15_000);
      return runId;
    };
    const incidents = async () => (await openIncidents(store, bench.workspaceId, {}, 10)).rows;
    return { bench, store, calls, billing, account, start, incidents };
  }

  it("goes out rendered, with its secret and its key, and its answer is written where the action says", async () => {
    const { bench, billing, start } = await house([post]);
    billing.answer(() => ({ status: 201, body: { id: "cus_7", seats: 3 } }));
    const run = await bench.run(await start());
    expect(run).toMatchObject({ status: "completed", variables: { number: "cus_7", seats: 4 } });
    expect(billing.asked).toHaveLength(1);
    const [asked] = billing.asked;
    expect(asked).toMatchObject({
      method: "POST",
      path: "/v1/customers/Lotus%20Foods",
      headers: {
        authorization: `Bearer ${secret}`,
        "content-type": "application/json",
        "x-source": "Millrace for Lotus Foods",
        "idempotency-key": expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    });
    expect(JSON.parse(asked!.body)).toEqual({ name: "Lotus Foods", seats: 3, since: "2026-03-02" });
  });

  it("that fails with 500 is made again with the same key, and done once", async () => {
    const { bench, billing, start } = await house([post]);
    billing.answer((_, n) =>
      n < 3 ? { status: 500, body: "broken", type: "text/plain" } : { body: { id: "cus_8", seats: 1 } },
    );
    const runId = await start();
    expect((await bench.run(runId)).status).toBe("active");
    await bench.advance(6 * 60_000);
    expect(await bench.run(runId)).toMatchObject({ status: "completed", variables: { number: "cus_8" } });
    expect(billing.asked).toHaveLength(3);
    expect(new Set(billing.asked.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("that is refused is an incident at once, with what the other side said and nothing that is secret", async () => {
    const { bench, store, billing, start, incidents } = await house([post]);
    billing.answer(({ headers }) => ({
      status: 422,
      type: "text/plain",
      body: `no such plan, you sent ${headers.authorization ?? ""} ${"x".repeat(500)}`,
    }));
    const runId = await start();
    const [incident] = await incidents();
    expect(incident).toMatchObject({ runId, node: "call", code: "EFFECT_FAILED" });
    expect(incident?.text).toMatch(/^“billing” answered 422: “no such plan, you sent •••/);
    expect(incident!.text.length).toBeLessThan(350);
    expect(billing.asked).toHaveLength(1);
    const tables = await Promise.all(
      [
        store.t.event,
        store.t.job,
        store.t.incident,
        store.t.run,
        store.t.connection,
        store.t.receipt,
        store.t.notice,
      ].map(async (table) => JSON.stringify(await store.read.select().from(table))),
    );
    for (const rows of tables) expect(rows).not.toContain(secret);
    // Mended on the other side, it goes on from the same action, and the other side knows the key again.
    billing.answer(() => ({ body: { id: "cus_9", seats: 1 } }));
    expect(
      (await retryIncidents(bench.engine, bench.ask(), [{ runId, incident: incident!.incident }])).retried,
    ).toMatchObject([{ result: "moved" }]);
    await bench.advance(15_000);
    expect(await bench.run(runId)).toMatchObject({ status: "completed", variables: { number: "cus_9" } });
    expect(new Set(billing.asked.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  });

  it("with another content after a value was put right has another key", async () => {
    const { bench, billing, account, start, incidents } = await house([post]);
    billing.answer((_, n) =>
      n === 1 ? { status: 400, body: { error: "bad name" } } : { body: { id: "cus_10", seats: 1 } },
    );
    const runId = await start();
    const [incident] = await incidents();
    const mended = await bench.send(
      { type: "retryIncident", runId, incident: incident!.incident, values: { "account.name": "Lotus" } },
      "linh",
    );
    expect(mended).toMatchObject({ ok: true });
    await bench.advance(15_000);
    expect(await bench.run(runId)).toMatchObject({ status: "completed" });
    expect(await bench.valuesOf(account)).toMatchObject({ name: "Lotus" });
    expect(billing.asked.map(({ path }) => path)).toEqual(["/v1/customers/Lotus%20Foods", "/v1/customers/Lotus"]);
    expect(new Set(billing.asked.map(({ headers }) => headers["idempotency-key"])).size).toBe(2);
  });

  it("that is never answered is tried by the step's own policy and then given up, while other runs go on", async () => {
    const { bench, billing, start, incidents } = await house([post], { retry: { tries: 3, first: "PT10S" } });
    billing.answer((_, n) => (n <= 3 ? "nothing" : { body: { id: "cus_11", seats: 1 } }));
    const stuck = await start();
    expect((await bench.run(stuck)).status).toBe("active");
    await bench.advance(30_000);
    expect(await incidents()).toMatchObject([{ runId: stuck, text: expect.stringContaining("did not answer within") }]);
    expect(billing.asked).toHaveLength(3);
    expect(await bench.run(await start())).toMatchObject({ status: "completed" });
  });

  it("answered with garbage, too much or the wrong thing is an incident that says so", async () => {
    const { bench, billing, start, incidents } = await house([post]);
    const answers = [
      [
        { body: "<html>sign in</html>", type: "text/html" },
        "answered 200 with text/html, not with JSON or plain text. Check the path that the step calls.",
      ],
      [{ body: "{broken" }, "is not JSON, though it says so"],
      [{ body: `{"__proto__":{"seats":1}}` }, "is not JSON, though it says so"],
      [{ body: { id: "x".repeat(300_000) } }, "more than can be kept"],
      [{ body: { id: "x", seats: 1.5 } }, "takes a whole number"],
    ] as const;
    for (const [says, text] of answers) {
      billing.answer(() => says);
      const runId = await start();
      const mine = (await incidents()).filter((one) => one.runId === runId);
      expect(mine, text).toHaveLength(1);
      expect(mine[0]?.text).toContain(text);
      expect((await bench.run(runId)).variables.seats).toBeNull();
    }
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("to where no connection allows it, or past its connection, is never made", async () => {
    const other = await outside();
    const wrong: Partial<Action>[] = [
      { url: `${other.url}/x`, connection: undefined },
      { url: `${other.url}/x` },
      { url: "/../../admin" },
      { connection: "nobody" },
      { headers: { Authorization: "mine" } },
      { headers: { Host: "evil" } },
    ] as Partial<Action>[];
    for (const change of wrong) {
      const { billing, start, incidents } = await house([{ ...post, ...change }]);
      await start();
      expect(await incidents(), JSON.stringify(change)).toMatchObject([{ code: "EFFECT_FAILED" }]);
      expect(billing.asked).toHaveLength(0);
    }
    expect(other.asked).toHaveLength(0);
  });

  it("by a connection whose host was changed has no secret any more", async () => {
    const { bench, calls, store, billing, start, incidents } = await house([post]);
    const other = await outside();
    const [row] = await store.read.select().from(store.t.connection);
    const saved = await saveConnection({ ...bench.engine, calls }, bench.ask(), {
      id: row!.id,
      key: "billing",
      name: "billing",
      config: { kind: "api", base: other.url, auth: { how: "bearer" }, operations: {} },
    });
    expect(saved).toMatchObject({ ok: true, dropped: true });
    await start();
    expect(await incidents()).toMatchObject([{ text: expect.stringContaining("has no secret") }]);
    // Nor does a row that was copied to another host open anything.
    await store.commit([
      {
        workspaceId: bench.workspaceId,
        guards: [],
        events: [],
        put: { connection: [{ ...row!, host: other.host, config: { ...row!.config, base: other.url } as never }] },
        drop: {},
      },
    ]);
    await start();
    expect((await incidents()).length).toBe(2);
    expect([...billing.asked, ...other.asked]).toHaveLength(0);
  });

  it("whose result is wanted by an older drawing goes to one field", async () => {
    const { bench, billing, start } = await house([
      { verb: "http", method: "GET", connection: "billing", url: "/n", result: "run.number" },
    ]);
    billing.answer(() => ({ body: "B-17", type: "text/plain" }));
    expect((await bench.run(await start())).variables.number).toBe("B-17");
  });
});

describeOnBoth("a chat message", (open) => {
  const escalating = {
    ...process([{ verb: "chat", connection: "team", text: "Deal of {account.name} <!channel> & more" }]),
  };
  const path = "/services/T000/B000/only-this-chat-knows-it";
  async function chatting() {
    const store = await open();
    const calls = testCalls();
    const bench = await openBench(store, undefined, undefined, { send: sendingBy(store, calls) });
    const chat = await outside();
    await connect(bench, calls, {
      key: "team",
      config: { kind: "chat", style: "slack" },
      secret: `${chat.url}${path}`,
    });
    await bench.publish(escalating);
    return { store, bench, chat, account: await bench.record("account", { name: "Lotus <Foods>" }) };
  }

  it("that is answered with a web page is an incident that says what came and what to do", async () => {
    const { bench, chat, account } = await chatting();
    chat.answer(() => ({ body: "<html>sign in</html>", type: "text/html" }));
    const runId = await bench.start("billing", account, "account");
    await bench.advance(15_000);
    expect(Object.values((await bench.run(runId)).incidents)).toMatchObject([
      { text: expect.stringMatching(/ answered 200 with text\/html\. A chat answers in plain text or JSON, .* anew/) },
    ]);
  });

  it("leaves without anybody waiting, and when the chat is away it becomes an incident that can be sent again", async () => {
    const { store, bench, chat, account } = await chatting();
    chat.answer((_, n) =>
      n === 1 ? { status: 404, body: `no_service ${path}`, type: "text/plain" } : { body: "ok", type: "text/plain" },
    );
    const runId = await bench.start("billing", account, "account");
    expect((await bench.run(runId)).status).toBe("completed");
    await bench.advance(15_000);
    const { incidents } = await bench.run(runId);
    expect(Object.values(incidents)).toMatchObject([{ code: "EFFECT_FAILED", token: "", node: "call" }]);
    expect(JSON.stringify(incidents)).not.toContain("only-this-chat-knows-it");
    expect(await bench.send({ type: "retryIncident", runId, incident: "i1" }, "linh")).toMatchObject({ ok: true });
    await bench.advance(15_000);
    expect((await bench.run(runId)).incidents).toEqual({});
    expect(chat.asked.map(({ body }) => JSON.parse(body).text)).toEqual([
      "Deal of Lotus &lt;Foods&gt; &lt;!channel&gt; &amp; more",
      "Deal of Lotus &lt;Foods&gt; &lt;!channel&gt; &amp; more",
    ]);
    expect(new Set(chat.asked.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    for (const table of [store.t.event, store.t.job, store.t.connection])
      expect(JSON.stringify(await store.read.select().from(table))).not.toContain("only-this-chat-knows-it");
  });
});

describeOnBoth("a signed webhook of ours", (open) => {
  it("carries the headers of Standard Webhooks, the same id on each try", async () => {
    const store = await open();
    const calls = testCalls();
    const bench = await openBench(store, undefined, undefined, { send: sendingBy(store, calls) });
    const partner = await outside();
    const saved = await connect(bench, calls, {
      key: "billing",
      config: { kind: "api", base: partner.url, auth: { how: "signed" }, operations: {} },
    });
    expect(saved.secret).toMatch(/^whsec_/);
    await bench.publish(process([{ ...post, map: undefined }]));
    partner.answer((_, n) => (n === 1 ? { status: 503, headers: { "retry-after": "30" } } : {}));
    const account = await bench.record("account", { name: "Lotus Foods" });
    const runId = await bench.start("billing", account, "account");
    await bench.advance(20_000);
    expect(partner.asked).toHaveLength(1);
    await bench.advance(60_000);
    expect((await bench.run(runId)).status).toBe("completed");
    expect(partner.asked).toHaveLength(2);
    for (const { headers, body } of partner.asked) {
      const given = {
        id: String(headers["webhook-id"]),
        timestamp: String(headers["webhook-timestamp"]),
        signature: String(headers["webhook-signature"]),
        body: Buffer.from(body),
      };
      expect(isSigned(saved.secret!, given, bench.clock.now())).toBe(true);
    }
    expect(new Set(partner.asked.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  });
});

describeOnBoth("a connector", (open) => {
  it("does the operations of its connection, and takes words that it does not know to the base with the record", async () => {
    const store = await open();
    const calls = testCalls();
    const bench = await openBench(store, undefined, undefined, { send: sendingBy(store, calls) });
    const billing = await outside();
    await connect(bench, calls, {
      key: "billing",
      config: {
        kind: "api",
        base: billing.url,
        auth: { how: "header", name: "X-Api-Key" },
        operations: {
          invoice: { method: "POST", path: "/invoices/{record.name}", body: "{who: record.name}" },
          look: { method: "GET", path: "/customers" },
        },
      },
      secret,
    });
    const operation = (name: string, more: object = {}) => ({
      verb: "connector",
      connector: "billing",
      operation: name,
      ...more,
    });
    await bench.publish(
      process([
        operation("invoice", { map: { "run.number": "answer.body.no" } }),
        operation("look"),
        operation("write the schedule of the order"),
      ]),
    );
    billing.answer(() => ({ body: { no: "INV-1" } }));
    const account = await bench.record("account", { name: "Lotus Foods" });
    const runId = await bench.start("billing", account, "account");
    await bench.advance(15_000);
    expect(await bench.run(runId)).toMatchObject({ status: "completed", variables: { number: "INV-1" } });
    expect(billing.asked.map(({ method, path, body }) => [method, path, body && JSON.parse(body)])).toMatchObject([
      ["POST", "/invoices/Lotus%20Foods", { who: "Lotus Foods" }],
      ["GET", "/customers", ""],
      ["POST", "/", { operation: "write the schedule of the order", record: { name: "Lotus Foods" } }],
    ]);
    for (const { headers } of billing.asked) expect(headers["x-api-key"]).toBe(secret);
  });
});
