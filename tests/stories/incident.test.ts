import { expect, it } from "vitest";
import { incidentGroups, incidentsOfProcess, openIncidents } from "@/db/queries/incidents.ts";
import { retryIncidents } from "@/server/commands/retry-incidents.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { describeOnBoth } from "../support/databases.ts";
import { type Bench, openBench } from "./bench.ts";

/** A wait whose condition holds already waits for nothing: drawn soundly, and at run time it goes round and round. */
const roundProcess = {
  key: "round",
  name: "Round",
  recordType: "account",
  runPolicy: "many",
  roles: { am: { name: "Account manager" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    {
      id: "named",
      kind: "wait",
      name: "Until there is a name",
      config: { for: "condition", condition: "account.name != null" },
    },
    { id: "domain", kind: "decision", name: "Domain known?" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "named" },
    { id: "e2", from: "named", to: "domain", port: "event" },
    { id: "e3", from: "domain", to: "done", when: "account.domain != null", label: "Known" },
    { id: "e4", from: "domain", to: "named", otherwise: true, rework: true },
  ],
};

const started = async (bench: Bench, name: string) => {
  const recordId = await bench.record("account", { name });
  return { recordId, runId: await bench.start("round", recordId, "account") };
};

describeOnBoth("an endless loop", (open) => {
  it("becomes an incident with a reason, is mended in the record, and goes on after a retry", async () => {
    const bench = await openBench(await open());
    await bench.publish(roundProcess);
    const { recordId, runId } = await started(bench, "Lotus");
    const { store, workspaceId } = bench;
    expect((await bench.run(runId)).status).toBe("active");

    const { rows, total } = await openIncidents(store, workspaceId, {}, 10);
    expect(total).toBe(1);
    expect(rows[0]).toMatchObject({
      runId,
      incident: "i1",
      node: "named",
      code: "ENDLESS_LOOP",
      recordId,
      recordTitle: "Lotus",
      raisedAt: bench.clock.now(),
    });
    expect(rows[0]?.text).toContain("was reached again and again without any wait between");
    expect(await incidentsOfProcess(store, workspaceId, "round")).toEqual({ named: 1 });

    // Tried again without a change: it stands there again, and says why.
    const still = await retryIncidents(bench.engine, bench.ask(), [{ runId, incident: "i1" }]);
    expect(still.retried).toMatchObject([{ result: "stuck", text: rows[0]?.text, at: ["named"] }]);

    expect(await bench.change(recordId, { domain: "lotusfoods.com" })).toMatchObject({ ok: true });
    await bench.engine.worker.drain();
    const mended = await retryIncidents(bench.engine, bench.ask(), [{ runId, incident: "i2" }]);
    expect(mended.retried).toEqual([{ runId, incident: "i2", result: "moved", text: null, at: [] }]);
    expect(await bench.run(runId)).toMatchObject({ status: "completed", end: "done" });
    expect((await openIncidents(store, workspaceId, {}, 10)).total).toBe(0);

    const again = await retryIncidents(bench.engine, bench.ask(), [{ runId, incident: "i2" }]);
    expect(again.retried[0]?.result).toBe("refused");
    expect(await verifyWorkspace(bench.engine, workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("retried by two operators at once goes on once, and the second is told who was faster", async () => {
    const bench = await openBench(await open());
    await bench.publish(roundProcess);
    const { recordId, runId } = await started(bench, "Lotus");
    await bench.change(recordId, { domain: "lotusfoods.com" });
    const both = await Promise.all(
      ["linh", "mai"].map(async (who) => retryIncidents(bench.engine, bench.ask(who), [{ runId, incident: "i1" }])),
    );
    expect(both.map(({ retried }) => [retried[0]?.result, retried[0]?.text])).toEqual([
      ["moved", null],
      ["refused", "Linh Trần has dealt with this already. Nothing of yours was done."],
    ]);
    expect((await bench.factsOf(runId)).filter(({ type }) => type === "IncidentResolved")).toHaveLength(1);
  });

  it("of many runs is retried in one go, and each tells what came of it", async () => {
    const bench = await openBench(await open());
    await bench.publish(roundProcess);
    const runs = [];
    for (const name of ["Ash", "Birch", "Cedar"]) runs.push(await started(bench, name));
    const { store, workspaceId } = bench;
    expect(await incidentGroups(store, workspaceId)).toEqual([
      { process: "round", node: "named", code: "ENDLESS_LOOP", n: 3 },
    ]);
    await bench.change(runs[0]!.recordId, { domain: "ash.example" });
    await bench.change(runs[2]!.recordId, { domain: "cedar.example" });
    const { rows } = await openIncidents(store, workspaceId, { process: "round" }, 10);
    const { retried } = await retryIncidents(bench.engine, bench.ask(), rows);
    const resultOf = (runId: string) => retried.find((one) => one.runId === runId)?.result;
    expect(runs.map(({ runId }) => resultOf(runId))).toEqual(["moved", "stuck", "moved"]);
    expect((await openIncidents(store, workspaceId, {}, 10)).rows.map((one) => one.recordTitle)).toEqual(["Birch"]);
    expect((await openIncidents(store, workspaceId, { code: "NO_BRANCH" }, 10)).total).toBe(0);
  });
});
