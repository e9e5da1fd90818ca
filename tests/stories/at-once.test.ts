/** The same thing asked for more than once, one after the other and at the same moment: it is done once. */
import { expect, it } from "vitest";
import { retryIncidents } from "@/server/commands/retry-incidents.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { RunCommand } from "@/server/engine/commands.ts";
import { startEngine } from "@/server/runtime/engine.ts";
import { countedIds } from "@/server/runtime/ids.ts";
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
