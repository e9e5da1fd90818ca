/** Automations that set each other off, and automations whose publisher may no longer do what they do. */
import { expect, it } from "vitest";
import { openIncidents } from "@/db/queries/incidents.ts";
import { retryIncidents } from "@/server/commands/retry-incidents.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench } from "./bench.ts";

/** Runs whenever something happened, and makes something happen. */
const reacting = (key: string, name: string, on: string, emits: string, more: object = {}) => ({
  key,
  name,
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "event", event: on } },
    { id: "act", kind: "automation", name: `${name} tells`, actions: [{ verb: "emit", event: emits }] },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "act" },
    { id: "e2", from: "act", to: "done" },
  ],
  ...more,
});

describeOnBoth("automations that set each other off", (open) => {
  it("are stopped after some rounds by an incident that names the steps of the circle; a retry begins a new chain", async () => {
    const bench = await openBench(await open());
    await bench.publish(reacting("ping", "Ping", "contract.signed", "quote.sent"));
    await bench.publish(reacting("pong", "Pong", "quote.sent", "contract.signed"));
    const account = await bench.record("account", { name: "Lotus" });
    await bench.start("ping", account, "account");
    await bench.advance(60_000);
    const { rows } = await openIncidents(bench.store, bench.workspaceId, {}, 10);
    expect(rows).toMatchObject([{ code: "ENDLESS_CHAIN", node: "act" }]);
    expect(rows[0]?.text).toMatch(/“Pong tells” → “Ping tells”|“Ping tells” → “Pong tells”/);
    const runs = await bench.runsOf(account);
    expect(runs).toHaveLength(17);
    const facts = await bench.factsOf(rows[0]!.runId);
    expect(facts.find(({ type }) => type === "IncidentRaised")?.data).toMatchObject({
      cycle: [{ node: "act" }, { node: "act" }],
    });
    // A person who lets it go on begins anew, and is stopped anew.
    await retryIncidents(bench.engine, bench.ask(), rows);
    await bench.advance(120_000);
    expect((await openIncidents(bench.store, bench.workspaceId, {}, 10)).total).toBe(1);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("in a long line that is no circle go on", async () => {
    const bench = await openBench(await open());
    const events = ["contract.signed", "quote.sent", "quote.accepted", "invoice.issued", "payment.received"];
    for (const [i, event] of events.slice(0, -1).entries())
      await bench.publish(reacting(`p${i}`, `P${i}`, event, events[i + 1]!));
    const account = await bench.record("account", { name: "Lotus" });
    await bench.start("p0", account, "account");
    await bench.advance(60_000);
    expect(await bench.runsOf(account)).toHaveLength(4);
    expect((await openIncidents(bench.store, bench.workspaceId, {}, 10)).total).toBe(0);
  });

  it("started by a storm from outside stand at their start until somebody looks", async () => {
    const bench = await openBench(await open());
    await bench.publish(reacting("welcome", "Welcome", "contract.signed", "quote.sent"));
    const account = await bench.record("account", { name: "Lotus" });
    for (let i = 0; i < 25; i++) {
      const payload = {
        effect: "",
        at: bench.clock.now(),
        kind: "emit",
        event: "contract.signed",
        recordType: "account",
        recordId: account,
      };
      const job = {
        id: `storm${i}`,
        workspaceId: bench.workspaceId,
        kind: "emit",
        runId: null,
        payload,
        dueAt: bench.clock.now(),
      };
      await bench.store.commit([
        {
          workspaceId: bench.workspaceId,
          guards: [],
          events: [],
          put: { job: [{ ...job, lease: 0, attempts: 0, deadAt: null, lastError: null }] },
          drop: {},
        },
      ]);
      await bench.engine.worker.drain();
    }
    const { rows, total } = await openIncidents(bench.store, bench.workspaceId, {}, 10);
    expect(total).toBe(5);
    expect(rows[0]).toMatchObject({ code: "STORM", node: "start" });
    expect(await bench.runsOf(account)).toHaveLength(25);
    const { retried } = await retryIncidents(bench.engine, bench.ask(), rows.slice(0, 1));
    expect(retried).toMatchObject([{ result: "moved" }]);
    expect((await bench.run(rows[0]!.runId)).status).toBe("completed");
  });
});

describeOnBoth("an automation", (open) => {
  const writing = reacting("write", "Write", "contract.signed", "quote.sent", {
    nodes: [
      { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
      {
        id: "act",
        kind: "automation",
        name: "Write",
        actions: [{ verb: "set", field: "account.website", value: '"https://done.example"' }],
      },
      { id: "done", kind: "end", name: "Done" },
    ],
  });
  async function published() {
    const bench = await openBench(await open());
    await bench.publish(writing);
    const become = async (id: string, change: object) => {
      const { member } = bench.store.t;
      const rows = await bench.store.read.select().from(member);
      const row = rows.find((one) => one.id === id)!;
      const put = { member: [{ ...row, ...change }] };
      await bench.engine.loop.write({
        workspaceId: bench.workspaceId,
        id: bench.engine.newId("cmd"),
        make: async () => ({
          ok: true,
          value: null,
          sets: [{ workspaceId: bench.workspaceId, guards: [], events: [], put, drop: {} }],
        }),
      });
    };
    const run = async (owner: string) => {
      const account = await bench.record("account", { name: "Lotus", owner_id: owner });
      return bench.run(await bench.start("write", account, "account"));
    };
    return { bench, become, run };
  }

  it("does no more than its publisher may: made a rep, only with the publisher's own records", async () => {
    const { bench, become, run } = await published();
    expect((await run("lan")).status).toBe("completed");
    await become("linh", { roles: ["rep"] });
    const stopped = await run("lan");
    expect(Object.values(stopped.incidents)).toMatchObject([{ code: "NOT_ALLOWED", node: "act" }]);
    expect((await run("linh")).status).toBe("completed");
    // Given the right again, the same run goes on.
    await become("linh", { roles: ["ops"] });
    expect(await bench.send({ type: "retryIncident", runId: stopped.id, incident: "i1" }, "mai")).toMatchObject({
      ok: true,
    });
    expect((await bench.run(stopped.id)).status).toBe("completed");
  });

  it("of a publisher who has left does what the process's owner may, to whom it was handed over", async () => {
    const { bench, become, run } = await published();
    await become("linh", { status: "disabled" });
    expect(Object.values((await run("lan")).incidents)).toMatchObject([{ code: "NOT_ALLOWED" }]);
    const { process } = bench.store.t;
    const [row] = await bench.store.read.select().from(process);
    await become("mai", { roles: ["ops"] });
    await bench.engine.loop.write({
      workspaceId: bench.workspaceId,
      id: bench.engine.newId("cmd"),
      make: async () => ({
        ok: true,
        value: null,
        sets: [
          {
            workspaceId: bench.workspaceId,
            guards: [],
            events: [],
            put: { process: [{ ...row!, ownerId: "mai" }] },
            drop: {},
          },
        ],
      }),
    });
    expect((await run("lan")).status).toBe("completed");
  });
});
