/** A completion can be taken back before ten seconds have passed; at ten, what it sends leaves. Never both. */
import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { eventsOf } from "@/db/queries/runs.ts";
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

describeOnBoth("what a completion makes", (open) => {
  async function ordered(greeted = false) {
    const bench = await openBench(await open());
    await bench.publish({
      ...thank,
      key: "order",
      name: "Order",
      nodes: thank.nodes.map((node) =>
        node.id === "mail"
          ? {
              ...node,
              actions: [{ verb: "create", type: "lead", with: { last_name: '"Vu"', email: '"vu@lotus.vn"' } }],
            }
          : node,
      ),
    });
    if (greeted)
      await bench.publish({
        ...thank,
        key: "greet",
        name: "Greet",
        recordType: "lead",
        nodes: thank.nodes.map((node) =>
          node.id === "start" ? { ...node, config: { trigger: "record_created" } } : node,
        ),
      });
    const runId = await bench.start("order", await bench.record("account", { name: "Lotus Foods" }), "account");
    await bench.send({ type: "completeWork", runId, work: "w1", outcome: null, values: {} }, "lan");
    const made = (await bench.run(runId)).made.lead!;
    const undo = async () => undoWork(bench.engine, bench.ask("lan"), `${runId}.w1`);
    const verified = async () => (await verifyWorkspace(bench.engine, bench.workspaceId)).problems;
    const stands = async () => {
      const { t, read } = bench.store;
      const [row] = await read.select({ gone: t.record.deletedAt }).from(t.record).where(eq(t.record.id, made));
      const keys = await read.select().from(t.recordKey).where(eq(t.recordKey.recordId, made));
      return { there: row?.gone === null, keys: keys.length > 0 };
    };
    return { bench, runId, made, undo, stands, verified };
  }

  it("goes with it, and comes anew when it is completed again (simulation, seed 3834)", async () => {
    const { bench, runId, made, undo, stands, verified } = await ordered();
    expect(await stands()).toEqual({ there: true, keys: true });
    expect(await undo()).toEqual({ ok: true });
    expect(await stands()).toEqual({ there: false, keys: false });
    const facts = await eventsOf(bench.store, bench.workspaceId, "record", [made]);
    expect(facts.map(({ type }) => type)).toEqual(["RecordCreated", "RecordDeleted"]);
    await bench.send({ type: "completeWork", runId, work: "w1", outcome: null, values: {} }, "lan");
    const again = (await bench.run(runId)).made.lead!;
    expect(again).not.toBe(made);
    await bench.advance(3_600_000);
    expect(await verified()).toEqual([]);
  });

  it("keeps it from being taken back once somebody has changed it, or another process works on it", async () => {
    const changed = await ordered();
    await changed.bench.change(changed.made, { job_title: "Buyer" });
    expect(await changed.undo()).toMatchObject({
      code: "UNDO_REFUSED",
      text: "“Vu” was changed since. Nothing was undone.",
    });
    expect((await changed.stands()).there).toBe(true);
    const begun = await ordered();
    const submit: typeof begun.bench.engine.loop.submit = async (command) => {
      await begun.bench.publish({ ...thank, key: "call", name: "Call", recordType: "lead" });
      await begun.bench.start("call", begun.made, "lead");
      return begun.bench.engine.loop.submit(command);
    };
    const { engine } = begun.bench;
    const overtaken = { ...engine, loop: { ...engine.loop, submit } };
    expect(await undoWork(overtaken, begun.bench.ask("lan"), `${begun.runId}.w1`)).toMatchObject({
      code: "UNDO_REFUSED",
      text: "Another process works on what it made already. Nothing was undone.",
    });
    expect((await begun.stands()).there).toBe(true);
    const told = await ordered(true);
    await told.bench.engine.worker.drain();
    expect(await told.undo()).toMatchObject({
      code: "UNDO_REFUSED",
      text: "“Greet” works on “Vu” already. Nothing was undone.",
    });
    expect(await told.verified()).toEqual([]);
  });
});
