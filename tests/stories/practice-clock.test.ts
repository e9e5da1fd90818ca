/** A workspace for practice is ahead of the world: what falls due on the way is done in its order, and only there. */
import { expect, it } from "vitest";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { workspaceClocks } from "@/server/runtime/clock.ts";
import {
  advanceClock,
  allowPractice,
  followClocks,
  heldInPractice,
  readClock,
} from "@/server/runtime/practice-clock.ts";
import { describeOnBoth } from "../support/databases.ts";
import { newLead } from "../support/flow-play.ts";
import { openBench } from "./bench.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** A task with four hours for it, a reminder after a day beside it, and two days until it is given up. */
const patience = {
  key: "patience",
  name: "Patience",
  recordType: "lead",
  roles: { ae: { name: "Account executive" } },
  slas: { fast: { name: "Fast", target: "PT4H", warnAt: [50] } },
  nodes: [
    { id: "start", kind: "start", name: "Start" },
    {
      id: "call",
      kind: "task",
      name: "Call",
      role: "ae",
      slas: ["fast"],
      boundary: [
        { id: "remind", kind: "timer", after: "P1D", interrupting: false },
        { id: "give_up", kind: "timer", after: "P2D" },
      ],
    },
    { id: "note", kind: "automation", name: "Note", actions: [{ verb: "log", text: "still open" }], multiMerge: true },
    { id: "noted", kind: "end", name: "Noted", config: { outcome: "neutral" } },
    { id: "done", kind: "end", name: "Done", config: { outcome: "success" } },
    { id: "lost", kind: "end", name: "Lost", config: { outcome: "negative" } },
  ],
  edges: [
    { id: "e1", from: "start", to: "call" },
    { id: "e2", from: "call", to: "done", port: "done" },
    { id: "e3", from: "call", to: "note", port: "remind" },
    { id: "e4", from: "note", to: "noted" },
    { id: "e5", from: "call", to: "lost", port: "give_up" },
  ],
};

describeOnBoth("the practice clock", (open) => {
  it("is refused where real work is done, and goes ahead as if time had passed where it is allowed", async () => {
    const bench = await openBench(await open());
    const { engine, workspaceId, store } = bench;
    await bench.publish(patience);
    const lead = await newLead(bench);
    const runId = await bench.start("patience", lead, "lead");
    expect(await advanceClock(engine, bench.ask(), { by: "P3D" })).toMatchObject({ ok: false, code: "INVALID" });

    expect(await allowPractice(engine, bench.ask(), true)).toEqual({ ok: true });
    const before = bench.clock.now();
    await engine.worker.drain();
    expect(await readClock(engine, workspaceId)).toMatchObject({
      now: before,
      ahead: 0,
      allowed: true,
      next: { at: before + 2 * hour, kind: "timer" },
    });
    for (const by of ["P0D", "-P1D", "P2M", "soon", "P500D"])
      expect(await advanceClock(engine, bench.ask(), { by })).toMatchObject({ ok: false, code: "INVALID" });

    // To what is due next: the warning at half of the four hours, and nothing else.
    expect(await advanceClock(engine, bench.ask(), { next: true })).toMatchObject({ ok: true, to: before + 2 * hour });
    expect((await bench.factsOf(runId)).map(({ type }) => type)).toContain("ClockWarned");

    expect(await advanceClock(engine, bench.ask(), { by: "P3D" })).toMatchObject({ to: before + 2 * hour + 3 * day });
    const facts = await bench.factsOf(runId);
    const told = facts
      .filter(({ type }) => ["ClockWarned", "ClockBreached", "BoundaryFired", "RunCompleted"].includes(type))
      // A promise is broken the moment after its last.
      .map((e) => [e.type, Math.floor((e.at - before) / hour)]);
    expect(told).toEqual([
      ["ClockWarned", 2],
      ["ClockBreached", 4],
      ["BoundaryFired", 24],
      ["BoundaryFired", 48],
      ["RunCompleted", 48],
    ]);
    expect(await bench.run(runId)).toMatchObject({ status: "completed", end: "lost" });
    // The world's clock has not moved, and what has happened stays in order.
    expect(bench.clock.now()).toBe(before);
    expect(facts.every((e, i) => i === 0 || e.at >= facts[i - 1]!.at)).toBe(true);
    expect(await verifyWorkspace(engine, workspaceId)).toMatchObject({ ok: true, problems: [] });

    // Whoever opens the database next is as far ahead, and never less.
    const again = workspaceClocks(bench.clock);
    await followClocks(store, again);
    expect(again.of(workspaceId).now()).toBe(before + 2 * hour + 3 * day);
    again.put(workspaceId, 0);
    expect(again.ahead(workspaceId)).toBe(2 * hour + 3 * day);
    expect(await allowPractice(engine, bench.ask(), false)).toMatchObject({ ok: false, code: "CONFLICT" });
  });

  it("leaves other workspaces of the server at their own time", async () => {
    const bench = await openBench(await open());
    const { engine, store, workspaceId } = bench;
    await bench.publish(patience);
    const lead = await newLead(bench);
    const runId = await bench.start("patience", lead, "lead");
    const rows = await store.read.select().from(store.t.workspace);
    await store.commit([
      {
        workspaceId: "ws_practice",
        guards: [],
        events: [],
        drop: {},
        put: { workspace: [{ ...rows[0]!, id: "ws_practice", name: "Practice", settings: { practice: true } }] },
      },
    ]);
    const moved = await advanceClock(engine, { ...bench.ask(), workspaceId: "ws_practice" }, { by: "P30D" });
    expect(moved).toMatchObject({ ok: true, done: 0 });
    expect(engine.clocks.of("ws_practice").now()).toBe(bench.clock.now() + 30 * day);
    expect(engine.clocks.of(workspaceId).now()).toBe(bench.clock.now());
    expect((await bench.factsOf(runId)).map(({ type }) => type)).not.toContain("ClockWarned");
    await bench.advance(5 * hour);
    expect((await bench.factsOf(runId)).map(({ type }) => type)).toContain("ClockBreached");
  });

  it("keeps mail and calls of a workspace for practice in the house", async () => {
    const bench = await openBench(await open());
    const { engine, store, workspaceId } = bench;
    const left: string[] = [];
    const send = heldInPractice(store, engine.clocks, async ({ kind }) => {
      left.push(kind);
      return { ok: true, result: null };
    });
    const mail = { kind: "mail", to: "lan@example.com", template: "hello", values: {} } as const;
    await send(mail, "k1", workspaceId, 0);
    await allowPractice(engine, bench.ask(), true);
    expect(await send(mail, "k2", workspaceId, 0)).toEqual({ ok: true, result: { held: true } });
    expect(left).toEqual(["mail"]);
  });
});
