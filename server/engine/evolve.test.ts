/** What each fact leaves behind in the run: time at work, where tokens stand, what is counted. */
import { describe, expect, it } from "vitest";
import { type Fact, minute, fold, entered, offered, assigned, at, lan, visit } from "@/tests/support/folded.ts";
import type { Facts } from "./events.ts";
import { joinKey, placeKey } from "./evolve.ts";
import type { SlaClock } from "./clocks/sla.ts";

describe("time at work", () => {
  const begun: Fact[] = [entered, offered, assigned("lan", 2), ["WorkStarted", { work: "w1" }, 10]];
  it("counts from one sign of it to the next, and a long silence as half an hour", () => {
    const run = fold(
      ...begun,
      ["WorkSaved", { work: "w1", draft: { a: 1 } }, 20],
      ["WorkSaved", { work: "w1", draft: { a: 2 } }, 90],
      ["WorkCompleted", { work: "w1", outcome: null, values: {} }, 95, lan],
    );
    expect(at(run)).toMatchObject({ startedAt: 10 * minute, touchMs: (10 + 30 + 5) * minute, assignee: "lan" });
    expect([run.work, run.lastHuman, run.workers]).toEqual([{}, "lan", { ae: "lan" }]);
  });
  it("work that was never begun begins when it is done; done by the system it is nobody's", () => {
    const run = fold(entered, offered, ["WorkCompleted", { work: "w1", outcome: null, values: {} }, 7]);
    expect(at(run)).toMatchObject({ startedAt: 7 * minute, touchMs: 0 });
    expect([run.lastHuman, run.workers]).toEqual([null, {}]);
  });
  it("stands still while the step is blocked, and the task says so", () => {
    const paused = fold(...begun, ["StepPaused", { visit: "v1", by: "member", reason: "waits" }, 15]);
    expect(at(paused)).toMatchObject({
      pausedAt: 15 * minute,
      pausedBy: "member",
      pauseReason: "waits",
      touchMs: 5 * minute,
      activeSince: undefined,
    });
    expect(paused.work.w1).toMatchObject({ state: "paused", blockedReason: "waits" });
    // A second pause, of a clock, changes nothing of it; a draft saved meanwhile does not end it.
    const still = fold(
      ...begun,
      ["StepPaused", { visit: "v1", by: "member", reason: "waits" }, 15],
      ["StepPaused", { visit: "v1", by: "clock", reason: "P" }, 20],
      ["WorkSaved", { work: "w1", draft: {} }, 25],
    );
    expect([at(still).pausedAt, at(still).pausedBy, at(still).activeSince, still.work.w1!.state]).toEqual([
      15 * minute,
      "member",
      undefined,
      "paused",
    ]);
    const resumed = fold(
      ...begun,
      ["StepPaused", { visit: "v1", by: "member", reason: "waits" }, 15],
      ["StepResumed", { visit: "v1" }, 40],
    );
    expect(at(resumed)).toMatchObject({
      blockedMs: 25 * minute,
      pausedAt: undefined,
      pausedBy: undefined,
      pauseReason: undefined,
    });
    expect(resumed.work.w1).toMatchObject({ state: "in_progress", blockedReason: undefined });
  });
  it("paused by a clock the task stays what it is; taken up again a task is what it was before", () => {
    const byClock = fold(...begun, ["StepPaused", { visit: "v1", by: "clock", reason: "P" }, 15]);
    expect(byClock.work.w1).toMatchObject({ state: "in_progress", blockedReason: undefined });
    const state = (...given: Fact[]) =>
      fold(
        entered,
        offered,
        ...given,
        ["StepPaused", { visit: "v1", by: "member", reason: "x" }, 5],
        ["StepResumed", { visit: "v1" }, 6],
      ).work.w1!.state;
    expect([state(), state(assigned("lan", 2)), state(["WorkStarted", { work: "w1" }, 3])]).toEqual([
      "open",
      "claimed",
      "in_progress",
    ]);
  });
  it("done while it was blocked: that ends with it", () => {
    const run = fold(
      ...begun,
      ["StepPaused", { visit: "v1", by: "member", reason: "waits" }, 15],
      ["WorkCompleted", { work: "w1", outcome: null, values: {} }, 25, lan],
    );
    expect(at(run)).toMatchObject({ blockedMs: 10 * minute, pausedAt: undefined, touchMs: 5 * minute });
  });
  it("ends for who loses the task, and for a task that is cancelled", () => {
    const given = fold(...begun, assigned("tom", 16));
    expect([at(given).touchMs, at(given).assignee, given.work.w1!.state]).toEqual([6 * minute, "tom", "claimed"]);
    const freed = fold(...begun, assigned(null, 16));
    expect([at(freed).assignee, freed.work.w1!.assignee, freed.work.w1!.state]).toEqual([undefined, null, "open"]);
    const blocked = fold(...begun, ["StepPaused", { visit: "v1", by: "member", reason: "x" }, 12], assigned("tom", 16));
    expect(blocked.work.w1).toMatchObject({ state: "paused", assignee: "tom" });
    const cancelled = fold(...begun, ["WorkCancelled", { work: "w1", reason: "x" }, 14]);
    expect([at(cancelled).touchMs, cancelled.work]).toEqual([4 * minute, {}]);
  });
  it("as an import recorded it", () => {
    const data = { visit: "v1", startedAt: 3, touchMs: 4, blockedMs: 5, owner: "tom" } as Facts["WorkRecorded"];
    expect(at(fold(entered, ["WorkRecorded", data]))).toMatchObject({
      startedAt: 3,
      touchMs: 4,
      blockedMs: 5,
      assignee: "tom",
    });
    expect(
      at(
        fold(entered, offered, assigned("lan", 2), [
          "WorkRecorded",
          { ...data, startedAt: null, owner: null } as Facts["WorkRecorded"],
        ]),
      ),
    ).toMatchObject({ startedAt: undefined, assignee: "lan" });
  });
  it("put off, put further up", () => {
    const run = fold(
      entered,
      offered,
      ["WorkSnoozed", { work: "w1", until: 99 }],
      ["WorkPrioritised", { work: "w1", priority: 3 }],
    );
    expect(run.work.w1).toMatchObject({ snoozedUntil: 99, priority: 3 });
    expect(
      fold(entered, offered, ["WorkSnoozed", { work: "w1", until: 99 }], ["WorkSnoozed", { work: "w1", until: null }])
        .work.w1!.snoozedUntil,
    ).toBeUndefined();
  });
  it("facts about a task or a stay that is gone change nothing", () => {
    const before = fold(entered);
    for (const fact of [
      assigned("lan", 1),
      ["WorkStarted", { work: "w9" }],
      ["WorkSaved", { work: "w9", draft: {} }],
      ["WorkCompleted", { work: "w9", outcome: null, values: {} }, 0, lan],
      ["WorkCancelled", { work: "w9", reason: "" }],
      ["WorkSnoozed", { work: "w9", until: 1 }],
      ["WorkPrioritised", { work: "w9", priority: 1 }],
      ["StepPaused", { visit: "v9", by: "member", reason: "" }],
      ["StepResumed", { visit: "v9" }],
      ["ClockRearmed", { id: "c9" }],
      ["ScopeClosed", { id: "s9", how: "completed" }],
      ["LatchSet", { event: "x", at: 1, visit: "v9" }],
      ["WorkRecorded", { visit: "v9", startedAt: 1, touchMs: 2, blockedMs: 3, owner: "tom" } as Facts["WorkRecorded"]],
      ["ActionReached", { token: "t9", phase: "enter", action: 1, port: "done", outcome: null }],
      ["EffectAnswered", { id: "e9", ok: true, result: null }],
      ["ApprovalSettled", { visit: "v9", decision: "approved", why: "votes" }],
      ["ApprovalLevelClosed", { visit: "v1", level: 0, decision: "approved", spared: [] }],
      ["LoopStarted", { token: "t9", as: "one", records: false, items: [] }],
      ["ClockResumed", { id: "c9", clock: {} as SlaClock } as Facts["ClockResumed"]],
      ["ReworkStarted", { edge: "e1", from: "b", to: "a" }],
    ] as Fact[])
      expect({ ...fold(entered, fact), rev: 0, lastAt: 0 }).toEqual({ ...before, rev: 0, lastAt: 0 });
  });
});

describe("where tokens stand", () => {
  it("held before a step since it came there, however often it is looked at", () => {
    const held = (node: string, when: number): Fact => [
      "TokenHeld",
      {
        token: "t1",
        node,
        edge: "e1",
        criteria: { text: "", inputs: {}, result: false },
        missing: [],
      } as Facts["TokenHeld"],
      when,
    ];
    expect(fold(held("ask", 3), held("ask", 9)).tokens.t1).toMatchObject({
      state: "held",
      node: "ask",
      edge: "e1",
      since: 3 * minute,
    });
    expect(fold(held("ask", 3), held("next", 9)).tokens.t1!.since).toBe(9 * minute);
    expect(fold(entered, held("ask", 9)).tokens.t1!.since).toBe(9 * minute);
    expect(fold(held("ask", 3)).counters.token).toBe(1);
  });
  it("each stay has its number, and the bounds on endless loops start anew where something is waited for", () => {
    const twice: Fact = [
      "TokenEntered",
      {
        token: "t1",
        node: "ask",
        edge: null,
        from: null,
        visit: { ...visit, id: "v2", no: 2, rework: true },
      } as Facts["TokenEntered"],
      5,
    ];
    const run = fold(
      entered,
      ["TokenLeft", { token: "t1", node: "ask", port: "done", edges: ["e1"], visit: "v1" }],
      twice,
    );
    expect([run.automatic, run.spins, run.visited, Object.keys(run.visits)]).toEqual([
      2,
      { ask: 2 },
      { ask: 2 },
      ["v2"],
    ]);
    expect(run.visits.v2).toMatchObject({ no: 2, rework: true, enteredAt: 5 * minute });
    for (const wait of [
      offered,
      ["WaitStarted", { token: "t1", events: ["x"], condition: true }],
      ["ChildStarted", { token: "t1", child: "e1" }],
      ["IncidentResolved", { id: "i9" }],
    ] as Fact[]) {
      const rested = fold(entered, wait);
      expect([rested.automatic, rested.spins]).toEqual([0, {}]);
    }
  });
  it("inside a for-each stays are counted apart for each instance, one inside the other", () => {
    const opened = (id: string, more: object): Fact => [
      "ScopeOpened",
      { id, node: "all", token: "t1", ...more } as Facts["ScopeOpened"],
    ];
    const run = fold(
      entered,
      ["LoopStarted", { token: "t1", as: "one", records: false, items: ["a", "b"] }],
      opened("s1", { index: 0, item: "a" }),
      opened("s2", { index: 1, item: "b" }),
      opened("s3", { scope: "s2" }),
      opened("s4", { scope: "s2", index: 3 }),
    );
    expect(Object.values(run.scopes).map(({ at: place, parent, index, item }) => [place, parent, index, item])).toEqual(
      [
        ["0", null, 0, "a"],
        ["1", null, 1, "b"],
        ["1", "s2", undefined, undefined],
        ["1.3", "s2", 3, undefined],
      ],
    );
    expect([run.tokens.t1!.loop?.opened, run.automatic, run.counters.scope]).toEqual([4, 0, 4]);
    expect([
      placeKey(run, "ask", "s4"),
      placeKey(run, "ask", null),
      placeKey(run, "ask", "s9"),
      joinKey("meet", "s1"),
      joinKey("meet", null),
    ]).toEqual(["ask@1.3", "ask", "ask", "meet@s1", "meet"]);
  });
  it("a for-each counts how its instances ended, and takes more items while it is open", () => {
    const loop = (items: string[]): Fact => ["LoopStarted", { token: "t1", as: "one", records: false, items }];
    const scope = (id: string, index: number): Fact => [
      "ScopeOpened",
      { id, node: "all", token: "t1", index, item: "x" },
    ];
    const end = (id: string, outcome: "success" | "negative"): Fact[] => [
      ["TokenEntered", { token: "t2", node: "over", edge: null, from: null, scope: id } as Facts["TokenEntered"]],
      ["TokenLeft", { token: "t2", node: "over", port: "end", edges: [], ended: true, end: outcome }],
      ["ScopeClosed", { id, how: "completed" }],
    ];
    const run = fold(
      entered,
      loop(["a"]),
      scope("s1", 0),
      loop(["a", "b", "c", "d"]),
      ...end("s1", "success"),
      scope("s2", 1),
      ...end("s2", "negative"),
      scope("s3", 2),
      ["ScopeClosed", { id: "s3", how: "completed" }],
      scope("s4", 3),
      ["ScopeClosed", { id: "s4", how: "cancelled" }],
    );
    expect(run.tokens.t1!.loop).toEqual({
      as: "one",
      records: false,
      items: ["a", "b", "c", "d"],
      opened: 4,
      success: 1,
      neutral: 1,
      negative: 1,
    });
    expect([run.scopes, run.lastEnd]).toEqual([{}, null]);
  });
  it("a join remembers the edges of its round that may still come, until they have; a scope that closes takes its joins along", () => {
    const passed = (open: string[], scope?: string): Fact => [
      "JoinPassed",
      { node: "meet", open, ...(scope && { scope }) },
    ];
    const scope: Fact = ["ScopeOpened", { id: "s1", node: "part", token: "t1" }];
    expect(fold(passed(["e1", "e2"]), passed(["e2"])).passed).toEqual({ meet: ["e2"] });
    expect(fold(passed(["e1"]), passed([])).passed).toEqual({});
    expect(fold(entered, scope, passed(["e1"]), passed(["e3"], "s1")).passed).toEqual({
      meet: ["e1"],
      "meet@s1": ["e3"],
    });
    expect(
      fold(entered, scope, passed(["e1"]), passed(["e3"], "s1"), ["ScopeClosed", { id: "s1", how: "cancelled" }])
        .passed,
    ).toEqual({ meet: ["e1"] });
  });
  it("the last end counts, of the run or of its scope; merged tokens and the stay are gone", () => {
    const end = (node: string, outcome: "success" | "negative"): Fact => [
      "TokenLeft",
      { token: "t1", node, port: "end", edges: [], ended: true, end: outcome, visit: "v1", merged: ["t2"] },
    ];
    const other: Fact = [
      "TokenEntered",
      { token: "t2", node: "meet", edge: null, from: null } as Facts["TokenEntered"],
    ];
    const run = fold(entered, other, end("lost", "negative"));
    expect([run.lastEnd, run.tokens, run.visits]).toEqual([{ node: "lost", outcome: "negative" }, {}, {}]);
  });
  it("what is looked out for at the edge of a step stands with its token", () => {
    const armed = (more: object): Fact => ["BoundaryArmed", { token: "t1", ...more } as Facts["BoundaryArmed"]];
    const run = fold(
      entered,
      armed({ boundary: "a", key: "k" }),
      armed({ boundary: "b", holds: false }),
      armed({ boundary: "c" }),
    );
    expect(run.tokens.t1!.armed).toEqual({ a: { key: "k" }, b: { holds: false }, c: {} });
    expect(fold(armed({ boundary: "a" })).tokens).toEqual({});
  });
  it("an inline sub-process is no instance of a list, and opening it is no rest", () => {
    const run = fold(entered, ["ScopeOpened", { id: "s1", node: "part", token: "t1" }]);
    expect([run.scopes.s1!.at, run.automatic, Object.keys(run.scopes.s1!)]).toEqual([
      "",
      1,
      ["id", "node", "token", "parent", "at", "lastEnd"],
    ]);
    expect(fold(["ScopeOpened", { id: "s1", node: "part", token: "t9", scope: "s0" }]).scopes.s1).toMatchObject({
      parent: "s0",
      at: "",
    });
    expect(
      fold(["ScopeOpened", { id: "s1", node: "part", token: "t9" }], ["ScopeClosed", { id: "s1", how: "completed" }])
        .scopes,
    ).toEqual({});
  });
  it("steps that can be taken back wait for it, and are off the list once they are", () => {
    const left: Fact = [
      "TokenLeft",
      { token: "t1", node: "ask", port: "done", edges: [], visit: "v1", compensable: true },
    ];
    const done = (more: Partial<Facts["CompensationDone"]>): Fact => [
      "CompensationDone",
      { visit: "v1", node: "ask", action: 0, done: false, ...more } as Facts["CompensationDone"],
    ];
    expect(fold(entered, left).compensable).toEqual([{ visit: "v1", node: "ask", scope: null, action: 0 }]);
    expect(fold(entered, left, done({ action: 2 })).compensable).toMatchObject([{ action: 3 }]);
    expect(fold(entered, left, done({ visit: "v9", done: true })).compensable).toHaveLength(1);
    expect(fold(entered, left, done({ done: true })).compensable).toEqual([]);
  });
});

describe("what the run counts", () => {
  const enter = (token: string, visitId: string): Fact => [
    "TokenEntered",
    { token, node: "ask", edge: null, from: null, visit: { ...visit, id: visitId } } as Facts["TokenEntered"],
  ];
  it("tokens and stays: the highest number there was, in whatever order they come", () => {
    expect(fold(enter("t1", "v1"), enter("t2", "v2")).counters).toMatchObject({ token: 2, visit: 2 });
    expect(fold(enter("t5", "v7"), enter("t2", "v2")).counters).toMatchObject({ token: 5, visit: 7 });
    expect(fold(enter("t1", "v1"), enter("t1", "v2")).counters).toMatchObject({ token: 1, visit: 2 });
  });
  it("tasks and clocks; what is reached at a step stands with its token", () => {
    const clock: Fact = [
      "ClockStarted",
      { id: "c4", sla: "p", node: null, visit: null, clock: {} as SlaClock } as Facts["ClockStarted"],
    ];
    const reached: Fact = ["ActionReached", { token: "t1", phase: "complete", action: 2, port: "yes", outcome: "won" }];
    const run = fold(
      entered,
      offered,
      clock,
      reached,
      ["WaitStarted", { token: "t1", events: ["paid"], keys: ["k"], condition: true }],
      ["ChildStarted", { token: "t1", child: "e7" }],
    );
    expect(run.counters).toMatchObject({ work: 1, clock: 4, token: 1, visit: 1 });
    expect(run.tokens.t1).toMatchObject({
      state: "in",
      phase: "complete",
      action: 2,
      port: "yes",
      outcome: "won",
      events: ["paid"],
      keys: ["k"],
      condition: true,
      child: "e7",
    });
  });
  it("what an incident has in it stands with it, and nothing else does", () => {
    const raised = (more: object) =>
      Object.keys(
        fold(entered, ["IncidentRaised", { id: "i1", token: "t9", node: "ask", code: "X", text: "", ...more }])
          .incidents.i1!,
      );
    const own = ["id", "token", "node", "code", "text", "at"];
    expect([raised({}), raised({ mail: {} }), raised({ sent: {} }), raised({ sla: {} })]).toEqual([
      own,
      [...own, "mail"],
      [...own, "sent"],
      [...own, "sla"],
    ]);
  });
  it("a token that ends takes only itself along, and only an end is an end", () => {
    const left = fold(entered, offered, enter("t2", "v2"), [
      "TokenLeft",
      { token: "t2", node: "ask", port: "done", edges: ["e1"] },
    ]);
    expect([Object.keys(left.tokens), Object.keys(left.visits), left.lastEnd, left.compensable]).toEqual([
      ["t1"],
      ["v1", "v2"],
      null,
      [],
    ]);
  });
  it("of several tasks only those of the stay are blocked", () => {
    const other: Fact = [
      "WorkOffered",
      { work: "w2", token: "t2", visit: "v2", node: "next", role: "ae", queue: null, approval: false, priority: 0 },
    ];
    const run = fold(entered, offered, enter("t2", "v2"), other, [
      "StepPaused",
      { visit: "v1", by: "member", reason: "x" },
    ]);
    expect([run.work.w1!.state, run.work.w2!.state]).toEqual(["paused", "open"]);
  });
});
