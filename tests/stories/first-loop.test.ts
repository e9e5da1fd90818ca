import { expect, it } from "vitest";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench } from "./bench.ts";
import { dealProcess } from "./deal-process.ts";

const hour = 3_600_000;
describeOnBoth("the first loop", (open) => {
  it("a new deal starts its run, is offered to its owner, warns, breaches, and is won", async () => {
    const store = await open();
    const bench = await openBench(store);
    await bench.publish(dealProcess);
    const account = await bench.record("account", {
      name: "Lotus Foods",
      domain: "lotusfoods.com",
      billing_country: "VN",
    });
    const id = await bench.record("opportunity", {
      name: "Lotus Foods",
      account_id: account,
      type: "new_business",
      stage: "qualification",
      amount: 8_400_000,
      currency: "USD",
      owner_id: "lan",
      close_date: "2026-06-30",
      source: "inbound_web",
    });
    await bench.engine.worker.drain();
    expect(bench.errors).toEqual([]);
    const [row] = await bench.runsOf(id);
    const run = await bench.run(row!.id);
    expect(Object.values(run.tokens).map((t) => t.node)).toEqual(["qualify"]);
    expect(Object.values(run.work)[0]).toMatchObject({ role: "ae", assignee: "lan", state: "claimed" });
    expect(Object.values(run.visits)[0]?.valueAtRisk).toBe(84_000);
    await bench.advance(5 * hour);
    const late = await bench.run(run.id);
    expect(Object.values(late.clocks)[0]?.clock).toMatchObject({ fired: [50], breachedAt: Date.UTC(2026, 2, 2, 6) });
    const refused = await bench.send(
      { type: "completeWork", runId: run.id, work: "w1", outcome: null, values: {} },
      "lan",
    );
    expect(refused).toMatchObject({ ok: false, code: "MISSING_FIELDS" });
    const done = await bench.send(
      { type: "completeWork", runId: run.id, work: "w1", outcome: "go", values: { "run.result": "go" } },
      "lan",
    );
    expect(done).toMatchObject({ ok: true });
    const after = await bench.run(run.id);
    expect(after).toMatchObject({ status: "completed", end: "won", outcome: "success" });
    const again = await bench.send(
      { type: "completeWork", runId: run.id, work: "w1", outcome: "go", values: { "run.result": "go" } },
      "tom",
    );
    expect(again).toMatchObject({ ok: false, code: "RUN_OVER" });
    const visits = await store.read.select().from(store.t.stepVisit);
    expect(visits.map((v) => [v.node, v.outcome, v.leftAt !== null, v.breachedAt])).toEqual([
      ["qualify", "go", true, Date.UTC(2026, 2, 2, 6)],
      ["win", null, true, null],
    ]);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, runs: 1, problems: [] });
  });
});
