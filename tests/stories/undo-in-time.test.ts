/** A completion can be taken back before ten seconds have passed; at ten, what it sends leaves. Never both. */
import { expect, it } from "vitest";
import { undoWork } from "@/server/commands/undo-work.ts";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { describeOnBoth } from "../support/databases.ts";
import { openBench } from "./bench.ts";

const thank = {
  key: "thank",
  name: "Thank",
  recordType: "account",
  runPolicy: "many",
  roles: { ae: { name: "Account executive" } },
  nodes: [
    { id: "start", kind: "start", name: "Start", config: { trigger: "manual" } },
    { id: "call", kind: "task", name: "Call", role: "ae" },
    {
      id: "mail",
      kind: "automation",
      name: "Mail",
      actions: [{ verb: "send_template", template: "thanks", to: "ae" }],
    },
    { id: "check", kind: "task", name: "Check", role: "ae" },
    { id: "done", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "call" },
    { id: "e2", from: "call", to: "mail" },
    { id: "e3", from: "mail", to: "check" },
    { id: "e4", from: "check", to: "done" },
  ],
};

describeOnBoth("what a completion sends", (open) => {
  async function called() {
    const bench = await openBench(await open());
    await bench.publish(thank);
    const runId = await bench.start("thank", await bench.record("account", { name: "Lotus Foods" }), "account");
    const done = { type: "completeWork", runId, work: "w1", outcome: null, values: {} } as const;
    await bench.send(done, "lan");
    const begun = bench.clock.now();
    const undo = async (at = bench.clock.now()) =>
      undoWork(bench.engine, { ...bench.ask("lan"), now: at }, `${runId}.w1`);
    const at = async () => Object.values((await bench.run(runId)).tokens).map(({ node }) => node);
    const verified = async () => (await verifyWorkspace(bench.engine, bench.workspaceId)).problems;
    return { bench, begun, runId, done, undo, at, verified };
  }

  it("is taken back with it at 9.999 s, and never leaves", async () => {
    const { bench, undo, at, verified } = await called();
    await bench.advance(9_999);
    expect(await undo()).toEqual({ ok: true });
    expect(await at()).toEqual(["call"]);
    await bench.advance(3_600_000);
    expect(bench.sent).toEqual([]);
    expect(await verified()).toEqual([]);
  });

  it("is not taken back where something else happened between the look and the undo (simulation, seed 2434)", async () => {
    const { bench, runId, at } = await called();
    const { engine } = bench;
    const submit: typeof engine.loop.submit = async (command) => {
      await bench.send({ type: "startWork", runId, work: "w2" }, "lan");
      return engine.loop.submit(command);
    };
    const overtaken = { ...engine, loop: { ...engine.loop, submit } };
    expect(await undoWork(overtaken, bench.ask("lan"), `${runId}.w1`)).toEqual({
      ok: false,
      code: "UNDO_REFUSED",
      text: "Something else has happened since. Nothing was undone.",
    });
    expect(await at()).toEqual(["check"]);
  });

  it("leaves at 10 s, when it cannot be taken back any more", async () => {
    const { bench, begun, undo, at } = await called();
    bench.clock.set(begun + 10_000);
    expect(await undo()).toMatchObject({ code: "UNDO_REFUSED" });
    await bench.engine.worker.drain();
    expect(bench.sent).toHaveLength(1);
    expect(await at()).toEqual(["check"]);
  });

  it("that is on its way already refuses an undo that was asked for in time", async () => {
    const { bench, begun, undo, at, verified } = await called();
    await bench.engine.worker.drain();
    // Another server, or a worker that was faster, has taken the letter.
    bench.clock.set(begun + 10_000);
    const claimed = await bench.store.claimJobs(bench.clock.now(), 10, 30_000);
    expect(claimed.map(({ kind }) => kind)).toEqual(["mail"]);
    expect(await undo(begun + 9_999)).toEqual({
      ok: false,
      code: "UNDO_REFUSED",
      text: "Something else has happened since. Nothing was undone.",
    });
    // Or it has been sent.
    await bench.store.finishJobs(claimed.map(({ id, lease }) => ({ id, lease: lease! })));
    expect(await undo(begun + 9_999)).toMatchObject({ code: "UNDO_REFUSED" });
    expect(await at()).toEqual(["check"]);
    expect(await verified()).toEqual([]);
  });

  it("leaves once when the task is completed again after it was taken back", async () => {
    const { bench, runId, done, undo, verified } = await called();
    await bench.advance(5_000);
    expect(await undo()).toEqual({ ok: true });
    expect(await bench.send({ ...done, runId }, "lan")).toMatchObject({ ok: true });
    await bench.advance(9_000);
    expect(bench.sent).toEqual([]);
    await bench.advance(2_000);
    expect(bench.sent).toHaveLength(1);
    expect(await verified()).toEqual([]);
  });
});
