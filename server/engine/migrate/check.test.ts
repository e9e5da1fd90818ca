/** What stands in the way of a migration, each reason with the step it is about: of the plan, and of one run. */
import { describe, expect, it } from "vitest";
import { nineToFive } from "@/tests/support/clock-bench.ts";
import { compiled, type Drawn, pairs } from "@/tests/support/move-on.ts";
import type { SlaClock } from "../clocks/sla.ts";
import type { Facts } from "../events.ts";
import type { Run, Token } from "../model.ts";
import { newRun, newToken } from "../run-shape.ts";
import { checkMigration, planProblems, type MigrationReason } from "./check.ts";
import type { MigrationPlan } from "./map.ts";

const told = (reasons: readonly MigrationReason[]) =>
  reasons.map(({ code, text, node }) => `${code}${node === undefined ? "" : ` at ${node}`}: ${text}`);
const ofPlan = (first: Drawn, second: Drawn, plan: Partial<MigrationPlan> = {}) =>
  told(planProblems(compiled("care", first), compiled("care", second, 2), { nodes: [], ...plan }));

const short = "call:task\n start -> call -> done";
const longer = "call:task\n check:task\n start -> call -> check -> done";
const named = (text: string, names: Record<string, string>) => ({
  text,
  more: { nodes: Object.fromEntries(Object.entries(names).map(([id, name]) => [id, { name }])) },
});

describe("the plan", () => {
  it("is told all that is wrong with its steps at once, by their names", () => {
    expect(
      ofPlan(named(short, { call: "Call them" }), named(longer, { check: "Look again" }), {
        nodes: pairs("start>done call>check call>call ring>call call>ring done>start"),
      }),
    ).toMatchInlineSnapshot(`
      [
        "OTHER_KIND at start: “start” cannot become “done”: that is another kind of step.",
        "SOURCE_TWICE at call: “Call them” is mapped twice. A step becomes one step.",
        "UNKNOWN_STEP at ring: The map names a step that does not exist: ring.",
        "UNKNOWN_STEP at call: The map names a step that does not exist: ring.",
        "OTHER_KIND at done: “done” cannot become “start”: that is another kind of step.",
      ]
    `);
  });

  it("lets two steps become one unless what they wait for can be taken once", () => {
    const two =
      "a:task\n b:task\n w:wait for=duration duration=PT1H\n x:wait for=duration duration=PT1H\n start -> a -> b -> w -> x -> done";
    expect(ofPlan(two, two, { nodes: pairs("a b>a") })).toEqual([]);
    expect(ofPlan(two, two, { nodes: pairs("w x>w") })).toMatchInlineSnapshot(`
      [
        "TARGET_TWICE at x: “w” and “x” would both become “w”. What waits can be taken once.",
      ]
    `);
    expect(ofPlan(two, two, { nodes: pairs("start start") })).toMatchInlineSnapshot(`
      [
        "SOURCE_TWICE at start: “start” is mapped twice. A step becomes one step.",
      ]
    `);
  });

  it("keeps what is inside a step inside what that step becomes", () => {
    const inside =
      "part:subprocess inline=true\n other:subprocess inline=true\n ask:task in=part\n over:end in=part\n say:task in=other\n fine:end in=other\n ask -> over\n say -> fine\n call:task\n start -> part -> other -> call -> done";
    expect(ofPlan(inside, inside, { nodes: pairs("part other ask over say fine call") })).toEqual([]);
    expect(
      ofPlan(inside, inside, { nodes: pairs("part>other other>part ask>say say>ask over>fine fine>over") }),
    ).toEqual([]);
    // What is around it is in no pair: it stays where it is.
    expect(ofPlan(inside, inside, { nodes: pairs("ask over") })).toEqual([]);
    expect(ofPlan(inside, inside, { nodes: pairs("part other ask>say call>ask") })).toMatchInlineSnapshot(`
      [
        "OTHER_SCOPE at ask: “ask” and “say” are not in the same place: what is inside a step must stay inside it.",
        "OTHER_SCOPE at call: “call” and “ask” are not in the same place: what is inside a step must stay inside it.",
      ]
    `);
  });

  it("keeps the rule of a join, the list of a for-each and how a sub-process runs", () => {
    const join = (mode: string) =>
      `split:parallel\n a:task\n b:task\n meet:join mode=${mode}\n start -> split -> a -> meet -> done\n split -> b -> meet`;
    const list = (mode: string, over = "list") =>
      `each:for_each ${over === "list" ? "list={[1,2]}" : "over=records recordType=activity"} as=one mode=${mode}\n look:task in=each\n seen:end in=each\n look -> seen\n start -> each -> done`;
    expect(ofPlan(join("all"), join("any"), { nodes: pairs("meet") })).toMatchInlineSnapshot(`
      [
        "OTHER_KIND at meet: “meet” cannot become “meet”: that is another kind of step.",
      ]
    `);
    expect(ofPlan(list("parallel"), list("sequential"), { nodes: pairs("each") })).toMatchInlineSnapshot(`
      [
        "LOOP_MODE at each: “each” goes through its list one after the other or all at once, and “each” the other way. That cannot change on the way.",
      ]
    `);
    expect(ofPlan(list("parallel"), list("parallel"), { nodes: pairs("each") })).toEqual([]);
  });

  it("names events at the edge that are there, at the same step, of the same kind, each once", () => {
    const edge = (events: object[]) => ({
      text: `call:task\n mail:task\n start -> call -> mail -> done\n${events.map((e) => ` call.${(e as { id: string }).id} -> gone\n mail.${(e as { id: string }).id} -> gone`).join("\n")}`,
      more: { nodes: { call: { name: "Call them", boundary: events }, mail: { boundary: events } } },
    });
    const timer = (id: string) => ({ id, kind: "timer", after: "P1D" });
    const ours = edge([timer("late"), timer("later"), { id: "stop", kind: "message", event: "stop" }]);
    const nodes = pairs("call mail");
    const said = (...of: [string, string][]) =>
      ofPlan(ours, ours, { nodes, boundaries: of.map(([from, to]) => ({ from, to })) });
    expect(said(["call.late", "call.later"], ["call.later", "call.late"])).toEqual([]);
    expect(
      said(
        ["call.none", "call.late"],
        ["call.late", "call.none"],
        ["ring.late", "call.late"],
        ["call.late", "ring.late"],
      ),
    ).toMatchInlineSnapshot(`
      [
        "UNKNOWN_STEP: The map names an event that does not exist: call.none.",
        "UNKNOWN_STEP: The map names an event that does not exist: call.none.",
        "UNKNOWN_STEP: The map names an event that does not exist: ring.late.",
        "TARGET_TWICE: Two events would become “late”. An event can be taken once.",
        "UNKNOWN_STEP: The map names an event that does not exist: ring.late.",
        "SOURCE_TWICE: The event “late” is mapped twice. An event becomes one event.",
      ]
    `);
    expect(said(["call.late", "mail.late"], ["mail.stop", "mail.late"])).toMatchInlineSnapshot(`
      [
        "BOUNDARY_MOVED at call: The event “late” must stay at what “Call them” becomes.",
        "OTHER_KIND at mail: The event “stop” cannot become “late”: that is another kind of event.",
        "TARGET_TWICE: Two events would become “late”. An event can be taken once.",
      ]
    `);
    expect(
      said(["call.late", "call.late"], ["call.late", "call.later"], ["call.later", "call.later"]),
    ).toMatchInlineSnapshot(`
      [
        "SOURCE_TWICE: The event “late” is mapped twice. An event becomes one event.",
        "TARGET_TWICE: Two events would become “later”. An event can be taken once.",
      ]
    `);
  });

  it("names promises that are there, each once", () => {
    const slas = (...keys: string[]) => ({
      text: short,
      more: {
        slas: Object.fromEntries(keys.map((key) => [key, { name: `The ${key}`, target: "PT8H" }])),
        nodes: { call: { slas: keys } },
      },
    });
    const said = (...of: [string, string | null][]) =>
      ofPlan(slas("answer", "reach"), slas("reply", "touch"), { slas: of.map(([from, to]) => ({ from, to })) });
    expect(said(["answer", "reply"], ["reach", null])).toEqual([]);
    expect(said(["answer", null], ["reach", null])).toEqual([]);
    expect(said(["answer", "nothing"], ["nobody", "touch"], ["nobody", null])).toMatchInlineSnapshot(`
      [
        "UNKNOWN_STEP: The map names an SLA that does not exist: nothing.",
        "UNKNOWN_STEP: The map names an SLA that does not exist: nobody.",
        "UNKNOWN_STEP: The map names an SLA that does not exist: nobody.",
      ]
    `);
    expect(said(["answer", "reply"], ["reach", "reply"])).toMatchInlineSnapshot(`
      [
        "TARGET_TWICE: Two SLAs would become “The reply”. An SLA can be taken once.",
      ]
    `);
  });

  it("is for another version, and for the same type of record", () => {
    const process = compiled("care", short);
    expect(told(planProblems(process, process, { nodes: [] }))).toEqual([
      "SAME_VERSION: It is on this version already.",
    ]);
    const other = compiled("other", { text: short, more: { recordType: "account", name: "Care of accounts" } });
    expect(told(planProblems(process, other, { nodes: [] }))).toEqual([
      "OTHER_RECORD_TYPE: “Care of accounts” is for another type of record: account, not lead.",
    ]);
    expect(told(planProblems(process, compiled("other", short), { nodes: [] }))).toEqual([]);
  });
});

describe("one run", () => {
  const standing = (tokens: Partial<Token>[], more: Partial<Run> = {}): Run => ({
    ...newRun(
      "run_1",
      {
        workspaceId: "ws",
        process: "care",
        version: 1,
        recordType: "lead",
        recordId: "lead_1",
        trigger: { event: "manual", at: 0 },
        parent: null,
        variables: {},
        related: {},
      } as Facts["RunStarted"],
      0,
    ),
    tokens: Object.fromEntries(
      tokens.map((one, i) => [`t${i + 1}`, { ...newToken(`t${i + 1}`, "call", null, "in", 0, "v1"), ...one }]),
    ),
    ...more,
  });
  const ofRun = (
    first: Drawn,
    second: Drawn,
    run: Run,
    plan: Partial<MigrationPlan> & { nodes: MigrationPlan["nodes"] },
  ) => {
    const verdict = checkMigration(compiled("care", first), compiled("care", second, 2), run, plan);
    return verdict.ok ? [] : told(verdict.reasons);
  };
  const nodes = pairs("start call done");
  const waiting = { events: ["reply"] };

  it("that has ended goes nowhere, and a plan that is wrong is told first", () => {
    for (const status of ["completed", "cancelled"] as const)
      expect(ofRun(short, longer, standing([], { status }), { nodes })).toEqual(["RUN_OVER: This run has ended."]);
    expect(ofRun(short, longer, standing([{ node: "gone" }]), { nodes: pairs("call>ring") })).toEqual([
      "UNKNOWN_STEP at call: The map names a step that does not exist: ring.",
    ]);
  });

  it("has each step that becomes none told once", () => {
    expect(
      ofRun(
        longer,
        short,
        standing([{ node: "check" }, { node: "check" }, { node: "call", ...waiting }, { node: "gone" }]),
        { nodes },
      ),
    ).toMatchInlineSnapshot(`
      [
        "NOT_MAPPED at check: It stands at “check”, which becomes no step.",
        "NOT_MAPPED at gone: It stands at “gone”, which becomes no step.",
      ]
    `);
  });

  it("is moved while it waits for something, and not on its way through", () => {
    const work = { token: "t1" } as Run["work"][string];
    const at = (token: Partial<Token>, more: Partial<Run> = {}) =>
      ofRun(short, longer, standing([token], more), { nodes });
    expect(at({})).toEqual(["NOT_WAITING at call: It does not wait at “call”; it can be moved only while it waits."]);
    expect(at({}, { work: { w1: { ...work, token: "t2" } } })).toHaveLength(1);
    expect(at({}, { timers: { m1: { id: "m1", due: 1, name: "x", token: "t2" } } })).toHaveLength(1);
    expect(at({}, { scopes: { s1: { token: "t2", node: "call" } as Run["scopes"][string] } })).toHaveLength(1);
    for (const token of [waiting, { condition: true }, { child: "e1" }, { loop: {} as Token["loop"] }])
      expect(at(token as Partial<Token>)).toEqual([]);
    expect(at({}, { work: { w1: work } })).toEqual([]);
    expect(at({}, { timers: { m1: { id: "m1", due: 1, name: "x", token: "t1" } } })).toEqual([]);
    expect(at({}, { scopes: { s1: { token: "t1", node: "call" } as Run["scopes"][string] } })).toEqual([]);
    // Before a gate or stopped by a fault it stands as well.
    expect(at({ state: "held" })).toEqual([]);
    expect(at({ state: "failed" })).toEqual([]);
    expect(
      ofRun("call:decision\n start -> call -> done", "call:decision\n start -> call -> done", standing([waiting]), {
        nodes,
      }),
    ).toEqual(["NOT_WAITING at call: It does not wait at “call”; it can be moved only while it waits."]);
  });

  it("in the middle of its actions finds those done and the one under way there", () => {
    const acts = (enter: object[], complete: object[] = [], boundary = false): Drawn => ({
      text: `${short}${boundary ? "\n call.late -> done" : ""}`,
      more: {
        nodes: {
          call: {
            actions: enter,
            onComplete: complete,
            ...(boundary && { boundary: [{ id: "late", kind: "timer", after: "P1D" }] }),
          },
        },
      },
    });
    const log = (text: string) => ({ verb: "log", text });
    const call = (url: string) => ({ verb: "http", method: "POST", url });
    const at = (ours: Drawn, theirs: Drawn, token: Partial<Token>) =>
      ofRun(ours, theirs, standing([token]), { nodes }).map((one) => one.split(":")[0]);
    const sent = { phase: "enter", action: 1, effect: "e1" } as const;
    const three = [log("a"), call("https://a.example/1"), log("c")];
    expect(at(acts(three), acts(three), sent)).toEqual([]);
    // What comes after the one under way may be anything.
    expect(at(acts(three), acts([...three.slice(0, 2), call("https://b.example/2")]), sent)).toEqual([]);
    expect(at(acts(three), acts([log("b"), ...three.slice(1)]), sent)).toEqual(["ACTIONS_CHANGED at call"]);
    expect(at(acts(three), acts([three[0]!, call("https://a.example/2")]), sent)).toEqual(["ACTIONS_CHANGED at call"]);
    expect(at(acts(three), acts([three[0]!]), sent)).toEqual(["ACTIONS_CHANGED at call"]);
    // One that failed may have been mended there, but not have become another.
    const failed = { phase: "enter", action: 1, state: "failed" } as const;
    expect(at(acts(three), acts([three[0]!, call("https://a.example/2")]), failed)).toEqual([]);
    expect(at(acts(three), acts([three[0]!, log("b")]), failed)).toEqual(["ACTIONS_CHANGED at call"]);
    expect(at(acts(three), acts([log("b"), three[1]!]), failed)).toEqual(["ACTIONS_CHANGED at call"]);
    const leaving = { phase: "complete", action: 0, effect: "e1", port: "done" } as const;
    expect(
      at(acts([], [call("https://a.example/1")]), acts([log("x")], [call("https://a.example/1")]), leaving),
    ).toEqual([]);
    expect(at(acts([], [call("https://a.example/1")]), acts([call("https://a.example/1")]), leaving)).toEqual([
      "ACTIONS_CHANGED at call",
    ]);
    const late = { ...leaving, port: "late" };
    expect(
      at(acts([], [call("https://a.example/1")], true), acts([], [call("https://a.example/1")], true), late),
    ).toEqual([]);
    expect(
      ofRun(acts([], [call("https://a.example/1")], true), acts([], [call("https://a.example/1")]), standing([late]), {
        nodes,
      }),
    ).toEqual(["NO_EXIT at call: It is leaving “call” by the exit “late”, which is not there in the other version."]);
    const undo = [{ verb: "compensate" }];
    expect(at(acts(undo), acts(undo), { phase: "enter", action: 0, effect: "e1" })).toEqual([
      "ACTIONS_CHANGED at call",
    ]);
    expect(at(acts(undo), acts(undo), { phase: "enter", action: 0, state: "failed" })).toEqual([]);
  });

  it("holds values that can be read there", () => {
    const reads = (type: string): Drawn => ({ text: short, more: { variables: { n: { type } } } });
    const holds = (n: string | number | boolean | null, type: string) =>
      ofRun(short, reads(type), standing([waiting], { variables: { n } }), { nodes });
    const wrong = ["VALUE_KIND: The run holds a value in “n” that the other version cannot read."];
    for (const [type, fits] of [
      ["text", ["a"]],
      ["date", ["2026-03-02"]],
      ["integer", [1]],
      ["decimal", [1.5]],
      ["percent", [50]],
      ["boolean", [true]],
    ] as const)
      for (const value of ["a", "2026-03-02", 1, 1.5, 50, true])
        expect([type, value, holds(value, type)]).toEqual([type, value, typeof value === typeof fits[0] ? [] : wrong]);
    expect(holds(null, "integer")).toEqual([]);
    expect(ofRun(short, reads("integer"), standing([waiting]), { nodes })).toEqual([]);
  });

  it("keeps the hours its clocks count in, where they are the version's own", () => {
    const hours = (zone: string | null): Drawn => ({
      text: short,
      more: {
        ...(zone && { calendars: { cal: { zone, week: nineToFive } } }),
        slas: { answer: { name: "The answer", target: "PT8H" } },
        nodes: { call: { slas: ["answer"] } },
      },
    });
    const counts = (calendar: object | undefined): Partial<Run> => ({
      clocks: {
        c1: { id: "c1", sla: "answer", node: "call", visit: "v1", clock: { calendar } as unknown as SlaClock },
      },
    });
    const own = { key: "cal", revision: 0 };
    const at = (first: Drawn, second: Drawn, calendar: object | undefined, plan: Partial<MigrationPlan> = {}) =>
      ofRun(first, second, standing([waiting], counts(calendar)), { nodes, ...plan });
    const wrong = [
      "CALENDAR_CHANGED: The hours in which “The answer” counts are not the same there. Let it take the new target.",
    ];
    expect(at(hours("UTC"), hours("Asia/Tokyo"), own)).toEqual(wrong);
    expect(at(hours("UTC"), hours(null), own)).toEqual(wrong);
    expect(at(hours("UTC"), hours("UTC"), own)).toEqual([]);
    expect(at(hours("UTC"), hours("Asia/Tokyo"), own, { rebase: ["answer"] })).toEqual([]);
    expect(at(hours("UTC"), hours("Asia/Tokyo"), own, { rebase: ["other"] })).toEqual(wrong);
    expect(at(hours("UTC"), hours("Asia/Tokyo"), own, { slas: [{ from: "answer", to: null }] })).toEqual([]);
    // The workspace's calendars are the same for all, and without one all time counts.
    expect(at(hours("UTC"), hours("Asia/Tokyo"), { key: "cal", revision: 3 })).toEqual([]);
    expect(at(hours("UTC"), hours("Asia/Tokyo"), undefined)).toEqual([]);
    expect(at(hours(null), hours("Asia/Tokyo"), own)).toEqual([]);
  });

  it("whose branch waits before a join stays before it by a connection that is there", () => {
    const both = (into = "meet") =>
      `split:parallel\n a:task\n b:task\n meet:join\n c:task\n start -> split -> a -> ${into} -> done\n split -> b -> meet\n${into === "c" ? " c -> meet" : " meet -> done"}`;
    const before = compiled("care", both()).document.edges.find(({ from, to }) => from === "a" && to === "meet")!.id;
    const b = { node: "b", ...waiting };
    const run = standing([{ node: "meet", edge: before }, b]);
    expect(ofRun(both(), both(), run, { nodes: pairs("start split a b meet done") })).toEqual([]);
    expect(
      ofRun(both(), both(), standing([{ node: "meet", edge: null }, b]), { nodes: pairs("start split a b meet done") }),
    ).toMatchInlineSnapshot(`
      [
        "EDGE_NOT_MAPPED at meet: A branch waits before “meet”, and the connection it came by becomes none into “meet”.",
      ]
    `);
    expect(
      ofRun(both(), both(), run, { nodes: pairs("start split a b meet done"), edges: [{ from: before, to: "e1" }] }),
    ).toMatchInlineSnapshot(`
      [
        "EDGE_NOT_MAPPED at meet: A branch waits before “meet”, and the connection it came by becomes none into “meet”.",
      ]
    `);
  });
});
