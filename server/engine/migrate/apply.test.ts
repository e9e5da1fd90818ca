/** What stands in a run by name takes the names of the version it goes to; all else stays. */
import { expect, it } from "vitest";
import type { SlaClock } from "../clocks/sla.ts";
import type { Facts } from "../events.ts";
import type { Run, RunClock } from "../model.ts";
import { copyRun, newRun, newToken, newVisit, newWork } from "../run-shape.ts";
import { applyMigration } from "./apply.ts";
import { mapOfRun } from "./map-of-run.ts";
import { compiled } from "@/tests/support/move-on.ts";

const bare = (): Run =>
  newRun(
    "run_1",
    {
      workspaceId: "ws",
      process: "old",
      version: 1,
      recordType: "lead",
      recordId: "lead_1",
      trigger: { event: "manual", at: 0 },
      parent: null,
      variables: { seats: 7 },
      related: {},
    } as Facts["RunStarted"],
    0,
  );
const token = (id: string, node: string, edge: string | null, more: object = {}) => ({
  ...newToken(id, node, edge, "in", 0),
  ...more,
});
const clock = (id: string, sla: string, node: string | null, visit: string | null): RunClock => ({
  id,
  sla,
  node,
  visit,
  clock: { policy: sla, startedAt: 5, state: "in_progress" } as SlaClock,
});
const visit = (id: string, node: string) =>
  newVisit({ id, no: 1, valueAtRisk: null, rework: false } as Parameters<typeof newVisit>[0], node, "t1", 0);
const work = (id: string, node: string) =>
  newWork(
    { work: id, token: "t1", visit: "v1", node, role: "ae", queue: null, approval: false, priority: 1 } as Parameters<
      typeof newWork
    >[0],
    0,
  );

/** `call` becomes `phone`, `each` becomes `every`; `sign` and the edges and promises of it become nothing. */
const map = {
  nodes: { call: "phone", each: "every", meet: "join", done: "won" },
  edges: { e1: "x1", e2: "x2", back: "again" },
  boundaries: { "call.late": "slow", "call.stop": "halt" },
  slas: { answer: "reply", whole: "all" },
};
const moved = (run: Run, more: Partial<Facts["RunMigrated"]> = {}): Run => {
  const copy = copyRun(run);
  applyMigration(copy, {
    how: "migrated",
    from: { process: "old", version: 1 },
    to: { process: "new", version: 4 },
    reason: "better",
    map,
    ...more,
  });
  return copy;
};

it("a run stands in the other process and version, and its bounds on endless loops start anew", () => {
  const run = moved({ ...bare(), automatic: 90, spins: { call: 9 } });
  expect([run.process, run.version, run.automatic, run.spins]).toEqual(["new", 4, 0, {}]);
});

it("a migration without a map, which an undo is, renames nothing", () => {
  const run = { ...bare(), tokens: { t1: token("t1", "call", "e1") } };
  const copy = copyRun(run);
  applyMigration(copy, {
    how: "undone",
    from: { process: "new", version: 4 },
    to: { process: "old", version: 1 },
    reason: "no",
  });
  expect(copy).toEqual(run);
});

it("tokens stand at the new steps, by the new connections, with the events at their edge that are there still", () => {
  const run = moved(
    {
      ...bare(),
      tokens: {
        t1: token("t1", "call", "e1", { armed: { late: { holds: false }, stop: { key: "a" }, gone: { key: "b" } } }),
        t2: token("t2", "each", null, { loop: { as: "one", records: false, items: [], opened: 1 } }),
        t3: token("t3", "sign", "e9", { loop: { as: "two", records: false, items: [], opened: 1 } }),
      },
    },
    { loops: { t2: "item" } },
  );
  expect(Object.values(run.tokens).map(({ node, edge, armed, loop }) => [node, edge, armed, loop?.as])).toEqual([
    ["phone", "x1", { slow: { holds: false }, halt: { key: "a" } }, undefined],
    ["every", null, undefined, "item"],
    ["sign", null, undefined, "two"],
  ]);
});

it("timers of events at the edge take the event's new name; others keep theirs", () => {
  const timer = (id: string, name: string, more: object = {}) => ({ id, due: 9, name, ...more });
  const run = moved({
    ...bare(),
    tokens: { t1: token("t1", "call", null) },
    timers: {
      m1: timer("m1", "boundary:late", { token: "t1" }),
      m2: timer("m2", "boundary:gone", { token: "t1" }),
      m3: timer("m3", "late", { token: "t1" }),
      m4: timer("m4", "boundary:late"),
      m5: timer("m5", "boundary:late", { token: "t9" }),
    },
  });
  expect(Object.values(run.timers)).toEqual([
    { id: "m1", due: 9, name: "boundary:slow", token: "t1" },
    { id: "m2", due: 9, name: "boundary:gone", token: "t1" },
    { id: "m3", due: 9, name: "late", token: "t1" },
    { id: "m4", due: 9, name: "boundary:late" },
    { id: "m5", due: 9, name: "boundary:late", token: "t9" },
  ]);
});

it("stays, tasks and incidents are those of the new steps; a task is handed over and emptied as was said", () => {
  const run = moved(
    {
      ...bare(),
      visits: { v1: { ...visit("v1", "call"), ended: ["answer", "gone"] }, v2: visit("v2", "sign") },
      work: {
        w1: { ...work("w1", "call"), draft: { "lead.phone": "1" } },
        w2: { ...work("w2", "sign"), draft: { "lead.phone": "2" } },
      },
      incidents: {
        i1: { id: "i1", token: "t1", node: "call", code: "HTTP", text: "no", at: 3 },
        i2: { id: "i2", token: "t1", node: "sign", code: "HTTP", text: "no", at: 3 },
      },
    },
    { work: { w1: { role: "manager", queue: "first", draft: null } } },
  );
  expect(Object.values(run.visits).map(({ node, ended }) => [node, ended])).toEqual([
    ["phone", ["reply"]],
    ["sign", undefined],
  ]);
  expect(Object.values(run.work).map(({ node, role, queue, draft }) => [node, role, queue, draft])).toEqual([
    ["phone", "manager", "first", undefined],
    ["sign", "ae", null, { "lead.phone": "2" }],
  ]);
  expect(Object.values(run.incidents).map(({ node, code }) => [node, code])).toEqual([
    ["phone", "HTTP"],
    ["sign", "HTTP"],
  ]);
});

it("clocks count for the new promise and the target it has there", () => {
  const run = moved(
    {
      ...bare(),
      clocks: {
        c1: clock("c1", "answer", "call", "v1"),
        c2: clock("c2", "whole", null, null),
        c3: clock("c3", "gone", "sign", "v2"),
      },
    },
    { clocks: { "answer/v1": 2, "whole/": -1 } },
  );
  expect(Object.values(run.clocks)).toEqual([
    { ...clock("c1", "reply", "phone", "v1"), clock: { policy: "reply", startedAt: 5, state: "in_progress", rule: 2 } },
    { ...clock("c2", "all", null, null), clock: { policy: "all", startedAt: 5, state: "in_progress", rule: -1 } },
    { ...clock("c3", "gone", null, "v2"), clock: { policy: "gone", startedAt: 5, state: "in_progress" } },
  ]);
});

it("what was counted by step, connection and promise is counted on, rounds of a list and joins by themselves", () => {
  const run = moved({
    ...bare(),
    visited: { call: 2, "call@0.2": 1, sign: 4 },
    passed: { meet: ["e1", "e9"], "meet@s1": ["e2"], "each@s2": ["e9"], sign: ["e1"] },
    reworks: { back: 2, e9: 1 },
    latches: { "deal.won": 3, "step.entered:call": 4, "step.entered:sign": 5, ":call": 6 },
    ended: { answer: 2, gone: 1 },
    free: { answer: 1, gone: 1 },
    reopened: { answer: 8, "whole/v3": 9, "gone/v1": 7 },
    compensable: [
      { visit: "v1", node: "call", scope: null, action: 0 },
      { visit: "v2", node: "sign", scope: null, action: 1 },
    ],
    scopes: {
      s1: { ...scope("s1", "each"), lastEnd: { node: "done", outcome: "success" } },
      s2: { ...scope("s2", "sign"), lastEnd: null },
    },
    lastEnd: { node: "sign", outcome: "negative" },
  });
  const { visited, passed, reworks, latches, ended, free, reopened, compensable, scopes, lastEnd } = run;
  expect({ visited, passed, reworks, latches, ended, free, reopened, compensable, lastEnd }).toEqual({
    visited: { phone: 2, "phone@0.2": 1 },
    passed: { join: ["x1"], "join@s1": ["x2"] },
    reworks: { again: 2 },
    latches: { "deal.won": 3, "step.entered:phone": 4, ":phone": 6 },
    ended: { reply: 2 },
    free: { reply: 1 },
    reopened: { reply: 8, "all/v3": 9 },
    compensable: [{ visit: "v1", node: "phone", scope: null, action: 0 }],
    lastEnd: { node: "sign", outcome: "negative" },
  });
  expect(Object.values(scopes).map(({ id, node, lastEnd: end }) => [id, node, end])).toEqual([
    ["s1", "every", { node: "won", outcome: "success" }],
    ["s2", "sign", null],
  ]);
  expect(moved({ ...bare(), visited: { sign: 4 } }).visited).toEqual({});
});

const scope = (id: string, node: string) => ({ ...({} as Run["scopes"][string]), id, node, token: "t2" });

it("of two steps that become one the stays add up, and the later news and the higher count stay", () => {
  const both = { ...map, nodes: { call: "phone", mail: "phone" }, edges: { back: "x", up: "x" } };
  const run = moved(
    {
      ...bare(),
      visited: { call: 2, mail: 3 },
      reworks: { back: 2, up: 5 },
      latches: { "step.entered:call": 9, "step.entered:mail": 4 },
      passed: { call: ["back"], mail: ["up"] },
      ended: { answer: 2, other: 3 },
      free: { answer: 1, other: 4 },
      reopened: { answer: 6, other: 8 },
    },
    { map: { ...both, slas: { answer: "reply", other: "reply" } } },
  );
  expect([run.visited, run.reworks, run.latches, run.passed, run.ended, run.free, run.reopened]).toEqual([
    { phone: 5 },
    { x: 5 },
    { "step.entered:phone": 9 },
    { phone: ["x"] },
    { reply: 5 },
    { reply: 5 },
    { reply: 8 },
  ]);
});

it("variables that are new begin with what the version says; those it has stay", () => {
  expect(moved(bare(), { variables: { seats: 1, level: "plain" } }).variables).toEqual({ seats: 7, level: "plain" });
  expect(moved(bare()).variables).toEqual({ seats: 7 });
});

it("the fact keeps of the map no more than what says something of the run", () => {
  const source = compiled("old", {
    text: "call:task\n sign:task\n start -> call -> sign -> done\n call.late -> gone\n sign.late -> over",
    more: {
      nodes: {
        call: { boundary: [{ id: "late", kind: "timer", after: "PT1H" }] },
        sign: { boundary: [{ id: "late", kind: "timer", after: "PT1H" }] },
      },
    },
  });
  const all = ["call", "sign", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
  const same = (names: string[]) => Object.fromEntries(names.map((name) => [name, name]));
  const whole = {
    nodes: same(all),
    edges: same(["e1", "e2", "e3", "e4"]),
    boundaries: same(["call.late", "sign.late"]),
    slas: same(["answer", "gone"]),
  };
  const run: Run = {
    ...bare(),
    tokens: { t1: token("t1", "call", "e1") },
    incidents: { i1: { id: "i1", token: "", node: "a", code: "HTTP", text: "no", at: 0 } },
    clocks: { c1: clock("c1", "answer", "b", null), c2: clock("c2", "answer", null, null) },
    visited: { c: 1, "d@0.1": 1 },
    passed: { e: ["e2"], "f@s1": [] },
    latches: { "step.entered:g": 1, "deal.won": 2 },
    compensable: [{ visit: "v1", node: "h", scope: null, action: 0 }],
    scopes: { s1: { ...scope("s1", "i"), lastEnd: { node: "j", outcome: "success" } } },
    lastEnd: { node: "k", outcome: "success" },
    reworks: { e3: 1 },
  };
  expect(mapOfRun(run, source, whole)).toEqual({
    nodes: same(all.filter((name) => name !== "sign")),
    edges: same(["e1", "e2", "e3"]),
    boundaries: same(["call.late"]),
    slas: same(["answer", "gone"]),
  });
  expect(mapOfRun(bare(), source, whole)).toEqual({ nodes: {}, edges: {}, boundaries: {}, slas: whole.slas });
});
