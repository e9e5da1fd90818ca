/** The other side throws, talks nonsense or never answers: one token stops with a reason, and everybody else goes on. */
import { expect, it } from "vitest";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import type { Outcome } from "@/server/effects/dispatch.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench, people } from "./bench.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.UTC(2026, 2, 2, 2);

const bill = {
  key: "bill",
  name: "Bill",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "By hand", config: { trigger: "manual" } },
    {
      id: "post",
      kind: "automation",
      name: "Post it",
      actions: [{ verb: "connector", connector: "books", operation: "post" }],
    },
    { id: "call", kind: "task", name: "Call", role: "ae" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "post" },
    { id: "e2", from: "post", to: "call" },
    { id: "e3", from: "call", to: "done" },
  ],
};
const rest = {
  ...bill,
  key: "rest",
  name: "Rest",
  nodes: [
    { id: "start", kind: "start", name: "By hand", config: { trigger: "manual" } },
    { id: "nap", kind: "wait", name: "Nap", config: { for: "duration", duration: "PT1M" } },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "nap" },
    { id: "e2", from: "nap", to: "done" },
  ],
};
const account = { name: "Lotus Foods", billing_country: "VN", owner_id: "lan" };

const itself: unknown[] = [];
itself.push(itself);
const nonsense: [string, () => Promise<unknown>][] = [
  ["throws", () => Promise.reject(new Error("socket hang up"))],
  ["answers nothing", async () => undefined],
  ["answers with a page", async () => "<html>"],
  ["answers with what refers to itself", async () => ({ ok: true, result: itself })],
  ["answers with what is no value", async () => ({ ok: true, result: () => 1 })],
];

describeOnBoth("the other side", (open) => {
  it.each(nonsense)("%s: eight tries under one key, then an incident on that token alone", async (_, answer) => {
    const keys: string[] = [];
    const bench = await openBench(await open(), start, people, {
      send: async (_effect, key) => {
        keys.push(key);
        return (await answer()) as Outcome;
      },
    });
    await bench.publish(bill);
    await bench.publish(rest);
    const id = await bench.record("account", account);
    const stuck = await bench.start("bill", id, "account");
    const other = await bench.start("rest", id, "account");
    await bench.advance(2 * minute);
    expect((await bench.run(other)).status).toBe("completed");
    await bench.advance(2 * day);
    expect(keys).toHaveLength(8);
    expect(new Set(keys).size).toBe(1);
    const [incident] = Object.values((await bench.run(stuck)).incidents);
    expect(incident).toMatchObject({ node: "post", code: "EFFECT_FAILED" });
    expect(bench.errors).toEqual([]);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("answers with more than an event may hold: an incident at once", async () => {
    const bench = await openBench(await open(), start, people, {
      send: async () => ({ ok: true, result: "x".repeat(300_000) }),
    });
    await bench.publish(bill);
    const run = await bench.start("bill", await bench.record("account", account), "account");
    await bench.advance(minute);
    const [incident] = Object.values((await bench.run(run)).incidents);
    expect(incident?.text).toBe("The answer is larger than 256 kB, so it was not kept.");
  });

  it("never answers: two hundred who wait for it keep nobody else from the minute that is over", async () => {
    const given: (() => void)[] = [];
    const bench = await openBench(await open(), start, people, {
      send: () => new Promise<never>(() => {}),
      waitFor: () => new Promise((resolve) => given.push(resolve)),
    });
    await bench.publish(bill);
    await bench.publish(rest);
    const id = await bench.record("account", account);
    await bench.engine.worker.drain();
    const stuck = await Promise.all(Array.from({ length: 210 }, () => bench.start("bill", id, "account")));
    const { worker } = bench.engine;
    bench.clock.advance(10_000); // until then it could be undone
    while (await worker.round());
    expect(bench.sent).toHaveLength(200);
    const other = await bench.start("rest", id, "account");
    bench.clock.advance(minute);
    while (await worker.round());
    expect((await bench.run(other)).status).toBe("completed");

    // Nobody waits for ever: the try is over, and the eighth of them stops the token.
    const patience = setInterval(() => given.splice(0).forEach((over) => over()), 1);
    await bench.advance(2 * day);
    clearInterval(patience);
    const [incident] = Object.values((await bench.run(stuck[0]!)).incidents);
    expect(incident?.text).toBe("No answer came in time.");
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});
