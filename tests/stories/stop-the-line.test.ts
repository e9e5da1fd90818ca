/** A run, a step and a whole process held still, with clocks that stand or go on, and let go again. */
import { expect, it } from "vitest";
import { findBatch } from "@/db/queries/batches.ts";
import { startLine, stopLine } from "@/server/commands/stop-line.ts";
import { previewClocks } from "@/server/commands/recompute-clocks.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { describeOnBoth } from "../support/databases.ts";
import { type Bench, openBench } from "./bench.ts";

const [minute, hour] = [60_000, 3_600_000];
const process = {
  key: "call",
  name: "Call",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  slas: { soon: { name: "Soon", target: "PT4H", calendar: "always" } },
  calendars: { always: { zone: "UTC", holidays: "none", week: week() } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    { id: "rest", kind: "wait", name: "An hour", config: { for: "duration", duration: "PT1H" } },
    { id: "call", kind: "task", name: "Call", role: "ae", slas: ["soon"] },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "rest" },
    { id: "e2", from: "rest", to: "call" },
    { id: "e3", from: "call", to: "done" },
  ],
};

function week() {
  return Object.fromEntries(
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, [{ from: "00:00", to: "24:00" }]]),
  );
}

const by = (bench: Bench) => ({ ...bench.ask(), memberId: "linh" });
const nodesOf = async (bench: Bench, run: string) =>
  Object.values((await bench.run(run)).tokens).map(({ node, state }) => `${node} ${state}`);
const clockOf = async (bench: Bench, run: string) => Object.values((await bench.run(run)).clocks)[0]?.clock;
const callIt = async (bench: Bench, runId: string) =>
  bench.send({ type: "completeWork", runId, work: "w1", outcome: null, values: {} }, "lan");

async function begun(bench: Bench): Promise<string> {
  return bench.start("call", await bench.record("account", { name: "Lotus" }), "account");
}

describeOnBoth("stopping", (open) => {
  it("a run holds its clocks or lets them count, as was chosen, and the log can be computed anew", async () => {
    const bench = await openBench(await open());
    await bench.publish(process);
    const [still, counting] = [await begun(bench), await begun(bench)];
    await bench.advance(hour + minute);
    const due = (await clockOf(bench, still))!.dueAt!;
    await bench.send({ type: "suspendRun", runId: still, reason: "audit", clocks: "pause" }, "linh");
    await bench.send({ type: "suspendRun", runId: counting, reason: "audit", clocks: "go_on" }, "linh");
    expect(await clockOf(bench, still)).toMatchObject({ state: "paused" });
    expect(await callIt(bench, still)).toMatchObject({ ok: false, code: "UNAVAILABLE" });
    await bench.advance(6 * hour);
    for (const runId of [still, counting]) await bench.send({ type: "resumeRun", runId }, "linh");
    expect(await clockOf(bench, still)).toMatchObject({ state: "in_progress", dueAt: due + 6 * hour });
    // It was due while nobody could work on it, and counts as that.
    expect(await clockOf(bench, counting)).toMatchObject({ breachedAt: due });
    const anew = await previewClocks(bench.engine, bench.ask(), still, "own");
    expect(anew.ok && anew.differences.filter(({ differs }) => differs)).toEqual([]);
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("a step keeps what is in it in and what comes out, until it goes on", async () => {
    const bench = await openBench(await open());
    const { engine, store, workspaceId } = bench;
    await bench.publish(process);
    const inside = await begun(bench);
    await bench.advance(hour + minute);
    const coming = await begun(bench);
    const due = (await clockOf(bench, inside))!.dueAt!;
    const line = { process: "call", node: "call" };
    const stop = await stopLine(engine, by(bench), { ...line, reason: "prices are wrong", clocks: "pause" });
    expect(stop).toMatchObject({ ok: true });
    await bench.advance(2 * hour);
    expect(await findBatch(store, workspaceId, stop.ok ? stop.batch! : "")).toMatchObject({ status: "done" });
    expect(await nodesOf(bench, inside)).toEqual(["call in"]);
    expect(await clockOf(bench, inside)).toMatchObject({ state: "paused" });
    expect(await callIt(bench, inside)).toMatchObject({
      ok: false,
      text: "“Call” is stopped: prices are wrong. Nothing was changed.",
    });
    // The other one came to it meanwhile, and stands before it.
    expect(await nodesOf(bench, coming)).toEqual(["call held"]);
    const held = (await bench.factsOf(coming)).find(({ type }) => type === "TokenHeld");
    expect(held).toMatchObject({ data: { node: "call", stopped: "prices are wrong", missing: [] } });
    expect(await stopLine(engine, by(bench), { ...line, reason: "again", clocks: "pause" })).toMatchObject({
      code: "CONFLICT",
    });

    expect(await startLine(engine, by(bench), line)).toMatchObject({ ok: true });
    await engine.worker.drain();
    expect(await nodesOf(bench, coming)).toEqual(["call in"]);
    expect(await clockOf(bench, inside)).toMatchObject({ state: "in_progress", dueAt: due + 2 * hour });
    expect(await callIt(bench, inside)).toMatchObject({ ok: true });
    expect((await bench.run(inside)).status).toBe("completed");
    expect(await startLine(engine, by(bench), line)).toMatchObject({ code: "CONFLICT" });
    const anew = await previewClocks(engine, bench.ask(), inside, "own");
    expect(anew.ok && anew.differences.filter(({ differs }) => differs)).toEqual([]);
    expect(await verifyWorkspace(engine, workspaceId)).toMatchObject({ ok: true, problems: [] });
  });

  it("a step that is started again by a server that dies right after lets nobody stand (simulation, seed 2073)", async () => {
    const bench = await openBench(await open());
    const { engine } = bench;
    await bench.publish(process);
    const line = { process: "call", node: "call" };
    const coming = await begun(bench);
    await stopLine(engine, by(bench), { ...line, reason: "prices are wrong", clocks: "pause" });
    await bench.advance(2 * hour);
    expect(await nodesOf(bench, coming)).toEqual(["call held"]);
    let writes = 0;
    const write: typeof engine.loop.write = async (one) => {
      if (++writes > 1) throw new Error("the server died");
      return engine.loop.write(one);
    };
    await startLine({ ...engine, loop: { ...engine.loop, write } }, by(bench), line).catch(() => null);
    await engine.worker.drain();
    expect(await nodesOf(bench, coming)).toEqual(["call in"]);
  });

  it("a whole process lets runs begin and none go on, and what became due happens afterwards at its instant", async () => {
    const bench = await openBench(await open());
    const { engine } = bench;
    await bench.publish(process);
    const waiting = await begun(bench);
    const since = bench.clock.now();
    await stopLine(engine, by(bench), { process: "call", node: "", reason: "recall", clocks: "go_on" });
    const late = await begun(bench);
    await bench.advance(3 * hour);
    expect([await nodesOf(bench, waiting), await nodesOf(bench, late)]).toEqual([["rest in"], ["rest held"]]);
    await startLine(engine, by(bench), { process: "call", node: "" });
    await engine.worker.drain();
    expect([await nodesOf(bench, waiting), await nodesOf(bench, late)]).toEqual([["call in"], ["rest in"]]);
    const [entered] = (await bench.factsOf(waiting)).filter(
      ({ type, data }) => type === "TokenEntered" && (data as { node: string }).node === "call",
    );
    expect(entered?.due).toBe(since + hour);
    expect(
      await stopLine(engine, by(bench), { process: "call", node: "done", reason: "x", clocks: "pause" }),
    ).toMatchObject({ code: "INVALID" });
  });
});
