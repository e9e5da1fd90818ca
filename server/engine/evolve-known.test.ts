/** What each fact leaves behind in the run: what it knows, its clocks and its approvals. */
import { describe, expect, it } from "vitest";
import { type Fact, minute, event, fold, entered, offered, assigned, at } from "@/tests/support/folded.ts";
import type { Facts } from "./events.ts";
import { evolve } from "./evolve.ts";
import type { SlaClock } from "./clocks/sla.ts";

describe("what the run knows", () => {
  it("variables, related records, and those it made", () => {
    const run = fold(
      ["VariablesSet", { values: { mood: "busy", n: 1 }, cause: "x" }],
      ["RelatedBound", { name: "account", id: "a1" }],
      ["RelatedBound", { name: "quote", id: "q1", made: true }],
    );
    expect([run.variables, run.related, run.made]).toEqual([
      { mood: "busy", n: 1 },
      { account: "a1" },
      { quote: "q1" },
    ]);
  });
  it("latches of its own and of a stay; early messages until they are taken or too old", () => {
    const latch = (event: string, when: number, of?: string): Fact => [
      "LatchSet",
      { event, at: when, ...(of && { visit: of }) },
    ];
    const run = fold(entered, latch("quote.sent", 5), latch("quote.sent", 7), latch("work_item.started", 6, "v1"));
    expect([run.latches, at(run).latches]).toEqual([{ "quote.sent": 7 }, { "work_item.started": 6 }]);
    const message = (id: string | undefined, event: string, key?: string): Fact => [
      "MessageReceived",
      { event, payload: { a: 1 }, ...(id && { id }), ...(key && { key }) } as Facts["MessageReceived"],
      4,
    ];
    const kept = fold(message("n1", "paid", "k"), message(undefined, "old"), message("n2", "paid"));
    expect([kept.messages, kept.counters.message]).toEqual([
      {
        n1: { at: 4 * minute, payload: { a: 1 }, event: "paid", key: "k" },
        old: { at: 4 * minute, payload: { a: 1 } },
        n2: { at: 4 * minute, payload: { a: 1 }, event: "paid" },
      },
      2,
    ]);
    const consumed = (data: object): Fact => ["MessageConsumed", data as Facts["MessageConsumed"]];
    expect(
      Object.keys(
        fold(
          message("n1", "paid"),
          message(undefined, "old"),
          consumed({ event: "old", token: "t1" }),
          consumed({ event: "paid", id: "n1", token: "t1" }),
        ).messages,
      ),
    ).toEqual([]);
    expect(fold(message("n1", "paid"), ["MessageExpired", { id: "n1" } as Facts["MessageExpired"]]).messages).toEqual(
      {},
    );
  });
  it("an incident stops its token, its end lets it go on; what was asked outside is waited for until it is answered", () => {
    const raised: Fact = ["IncidentRaised", { id: "i1", token: "t1", node: "ask", code: "X", text: "Wrong." }, 3];
    expect(fold(entered, raised)).toMatchObject({
      incidents: { i1: { id: "i1", code: "X", text: "Wrong.", at: 3 * minute } },
      tokens: { t1: { state: "failed" } },
      counters: { incident: 1 },
    });
    expect(fold(entered, raised, ["IncidentResolved", { id: "i1" }])).toMatchObject({
      incidents: {},
      tokens: { t1: { state: "in" } },
    });
    const asked: Fact = [
      "EffectRequested",
      { id: "e1", token: "t1", effect: { kind: "chat", connection: "c", text: "" } } as Facts["EffectRequested"],
    ];
    expect([fold(entered, asked).tokens.t1!.effect, fold(entered, asked).counters.effect]).toEqual(["e1", 1]);
    const answered = (id: string): Fact => ["EffectAnswered", { id, ok: true, result: null }];
    expect([
      fold(entered, asked, answered("e2")).tokens.t1!.effect,
      fold(entered, asked, answered("e1")).tokens.t1!.effect,
    ]).toEqual(["e1", undefined]);
  });
  it("how often it went back: counted only where a cap counts, and anew after somebody let it go on", () => {
    const back = (counted?: true): Fact => [
      "ReworkStarted",
      { edge: "e1", from: "b", to: "a", ...(counted && { counted }) },
    ];
    const cap: Fact = ["IncidentRaised", { id: "i1", token: "t1", node: "ask", code: "LOOP_CAP", text: "" }];
    const other: Fact = ["IncidentRaised", { id: "i1", token: "t1", node: "ask", code: "X", text: "" }];
    const passed: Fact = ["JoinPassed", { node: "meet", open: ["e1"] }];
    expect(fold(back(true), back(true), back()).reworks).toEqual({ e1: 2 });
    expect(fold(entered, back(true), cap, ["IncidentResolved", { id: "i1" }]).reworks).toEqual({});
    expect(fold(entered, passed, back(true), other, ["IncidentResolved", { id: "i1" }])).toMatchObject({
      reworks: { e1: 1 },
      passed: { meet: ["e1"] },
    });
    expect(fold(entered, passed, back(true), other, ["IncidentResolved", { id: "i1", how: "run" }])).toMatchObject({
      reworks: {},
      passed: {},
      lastEnd: null,
    });
  });
  it("suspended, going on, ended", () => {
    const news = {
      type: "recordChanged",
      recordType: "lead",
      recordId: "l1",
      events: [],
      since: 1,
    } as Facts["NewsKept"]["news"];
    const suspended: Fact[] = [
      ["RunSuspended", { reason: "x" }],
      ["NewsKept", { news }],
      ["NewsKept", { news }],
    ];
    expect(fold(...suspended)).toMatchObject({ status: "suspended", kept: [news, news] });
    expect(fold(...suspended, ["RunResumed", {}])).toMatchObject({ status: "active", kept: undefined });
    expect(fold(["RunCompleted", { end: "won", outcome: "success" }, 8])).toMatchObject({
      status: "completed",
      end: "won",
      outcome: "success",
      endedAt: 8 * minute,
      rev: 2,
      lastAt: 8 * minute,
    });
    expect(fold(["RunCancelled", { reason: "x" }, 8])).toMatchObject({
      status: "cancelled",
      end: null,
      endedAt: 8 * minute,
    });
    expect(fold(["RunRemoved", {} as Facts["RunRemoved"], 8])).toMatchObject({ status: "cancelled" });
  });
  it("taken back it is what it was, and its log goes on", () => {
    const before = fold(entered, offered);
    const restored = JSON.stringify(before);
    for (const undone of [
      ["WorkUndone", { work: "w1", restored, undone: 1 }, 9],
      ["RunMigrated", { how: "undone", restored }, 9],
    ] as Fact[]) {
      const run = fold(entered, offered, assigned("lan", 2), undone);
      expect(JSON.stringify(run)).toBe(JSON.stringify({ ...before, rev: 5, lastAt: 9 * minute }));
    }
  });
  it("never goes back in time, and nothing happens to a run before it is there", () => {
    expect(
      fold(["VariablesSet", { values: {}, cause: "x" }, 9], ["VariablesSet", { values: {}, cause: "x" }, 4]),
    ).toMatchObject({ lastAt: 9 * minute, rev: 3 });
    expect(() => evolve(null, event(["RunResumed", {}], 1))).toThrow("RunResumed for a run that was not started");
  });
});

describe("clocks", () => {
  const clock = {
    policy: "p",
    cycle: 1,
    state: "in_progress",
    startedAt: 0,
    targetMs: 1,
    originalDueAt: 1,
    pausedWall: 0,
    pausedOpen: 0,
    rungs: [],
    fired: [],
    calendar: null,
  } as SlaClock;
  const begun = (more: object = {}): Fact => [
    "ClockStarted",
    { id: "c1", sla: "p", node: "ask", visit: "v1", clock, ...more } as Facts["ClockStarted"],
  ];
  const of = <T extends keyof Facts>(type: T, more: object = {}, when = 0): Fact =>
    [type, { id: "c1", clock, ...more } as Facts[T], when] as Fact;
  it("who had the work at the breach, and what paused it", () => {
    const run = fold(
      entered,
      begun({ resetHeld: true }),
      of("ClockBreached", { assignee: "lan" }),
      of("ClockPaused", { by: "event" }),
    );
    expect(run.clocks.c1).toEqual({
      id: "c1",
      sla: "p",
      node: "ask",
      visit: "v1",
      clock,
      resetHeld: true,
      breachedWith: "lan",
      pausedBy: "event",
    });
    expect(
      fold(
        entered,
        begun({ resetHeld: true }),
        of("ClockPaused", { by: "event" }),
        of("ClockResumed"),
        of("ClockRearmed"),
      ).clocks.c1,
    ).toMatchObject({ pausedBy: undefined, resetHeld: undefined });
  });
  it("ended at its stay it does not come back there, unless its start did not hold or it reopens", () => {
    const ended = (free?: string, given: object = {}) =>
      fold(entered, begun(given), of("ClockCompleted", free ? { free } : {}, 6));
    expect(ended()).toMatchObject({ clocks: {}, ended: { p: 1 }, free: undefined, visits: { v1: { ended: ["p"] } } });
    expect(ended("again")).toMatchObject({
      ended: { p: 1 },
      free: { p: 1 },
      reopened: undefined,
      visits: { v1: { ended: undefined } },
    });
    expect(ended("anew")).toMatchObject({ free: { p: 1 }, reopened: { "p/v1": 6 * minute } });
    expect(ended("anew", { visit: null })).toMatchObject({ free: { p: 1 }, reopened: { p: 6 * minute } });
    expect(fold(entered, of("ClockCancelled")).ended).toEqual({});
  });
  it("computed anew it may have ended", () => {
    const anew = (more: object) => fold(entered, begun(), of("ClockRecomputed", { breachedWith: "tom", ...more }));
    expect(anew({}).clocks.c1).toMatchObject({ breachedWith: "tom" });
    expect(anew({ clock: { ...clock, stoppedAt: 5 } })).toMatchObject({
      clocks: {},
      ended: { p: 1 },
      visits: { v1: { ended: ["p"] } },
    });
    expect(fold(entered, begun(), of("ClockWarned", { clock: { ...clock, stoppedAt: 5 } })).clocks.c1).toBeDefined();
  });
  it("timers stand until they ring or are cancelled", () => {
    const set: Fact = ["TimerSet", { id: "m3", name: "clock", due: 9, clock: "c1" }];
    expect(fold(set)).toMatchObject({ timers: { m3: { id: "m3", due: 9 } }, counters: { timer: 3 } });
    expect(fold(set, ["TimerFired", { id: "m3", due: 9 }]).timers).toEqual({});
    expect(fold(set, ["TimerCancelled", { id: "m3" }]).timers).toEqual({});
  });
});

describe("approvals", () => {
  const seats = [
    { id: "1.1", ask: "@lan", role: "ae" },
    { id: "1.2", ask: "@tom", role: "ae" },
  ];
  const planned: Fact = [
    "ApprovalPlanned",
    {
      visit: "v1",
      node: "ask",
      requester: "mai",
      levels: [
        { name: "", ask: ["@lan", "@tom"], needs: "any" },
        { name: "", ask: ["@boss"], needs: "all" },
      ],
    },
    2,
  ];
  const opened: Fact = ["ApprovalLevelOpened", { visit: "v1", level: 0, required: 1, seats }];
  it("from the plan to the end, seat by seat", () => {
    expect(at(fold(entered, planned)).approval).toMatchObject({ requester: "mai", at: 2 * minute, level: -1 });
    const run = fold(
      entered,
      planned,
      opened,
      ["ApprovalRequested", { work: "w1", approver: "lan", visit: "v1", seat: "1.1" }],
      [
        "ApprovalDecided",
        {
          work: "w1",
          decision: "approved",
          by: "lan",
          visit: "v1",
          seat: "1.1",
          for: "tom",
          comment: "yes",
          reason: "price",
        },
        7,
      ],
      ["ApprovalLevelClosed", { visit: "v1", level: 0, decision: "approved", spared: ["1.2"] }],
      ["ApprovalSettled", { visit: "v1", decision: "approved", why: "votes" }, 8],
    );
    expect(at(run).approval).toEqual({
      requester: "mai",
      at: 2 * minute,
      level: 0,
      levels: [
        {
          name: "",
          ask: ["@lan", "@tom"],
          needs: "any",
          required: 1,
          seats: [
            {
              ...seats[0],
              work: "w1",
              decision: "approved",
              by: "lan",
              at: 7 * minute,
              for: "tom",
              comment: "yes",
              reason: "price",
            },
            { ...seats[1], spared: true },
          ],
        },
        { name: "", ask: ["@boss"], needs: "all" },
      ],
      settled: { decision: "approved", why: "votes", at: 8 * minute },
    });
  });
  it("taken back, and one without levels, whose facts name no seat", () => {
    const back: Fact = ["ApprovalWithdrawn", { token: "t1", node: "ask", visit: "v1", by: "mai" }, 9];
    expect(at(fold(entered, planned, opened, back)).approval?.settled).toEqual({
      decision: "withdrawn",
      why: "withdrawn",
      at: 9 * minute,
    });
    expect(
      at(
        fold(
          entered,
          back,
          ["ApprovalRequested", { work: "w1", approver: "lan" }],
          ["ApprovalDecided", { work: "w1", decision: "approved", by: "lan" }],
        ),
      ).approval,
    ).toBeUndefined();
  });
});
