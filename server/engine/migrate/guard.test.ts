/** Whether a run could still finish where it would stand: each scope by itself, joins with what they have had. */
import { expect, it } from "vitest";
import { compiled, pairs } from "@/tests/support/move-on.ts";
import type { Facts } from "../events.ts";
import type { Run, Token } from "../model.ts";
import { newRun, newToken } from "../run-shape.ts";
import { stuckAfter } from "./guard.ts";
import { wholeMap } from "./map.ts";

const standing = (tokens: Partial<Token>[], more: Partial<Run> = {}): Run => ({
  ...newRun("run_1", { workspaceId: "ws", process: "care", variables: {}, related: {} } as Facts["RunStarted"], 0),
  tokens: Object.fromEntries(
    tokens.map((one, i) => [`t${i + 1}`, { ...newToken(`t${i + 1}`, "", null, "in", 0), ...one }]),
  ),
  ...more,
});

// e1 start→split, e2 split→a, e3 a→meet, e4 meet→done, e5 split→b, e6 b→meet
const branches = (join = "meet:join") =>
  `split:parallel\n a:task\n b:task\n ${join}\n start -> split -> a -> meet -> done\n split -> b -> meet`;

/** How runs that stand so fare on one and the same drawing, which is asked of all of them. */
function asked(text: string, names: string) {
  const [source, target] = [compiled("care", text), compiled("care", text, 2)];
  const map = wholeMap(source, target, { nodes: pairs(names) });
  return (tokens: Partial<Token>[], more: Partial<Run> = {}) => stuckAfter(source, target, standing(tokens, more), map);
}

it("every branch of a split is there, or the join waits for ever", () => {
  const fares = asked(branches(), "start split a b meet done");
  const stuck = { at: "meet", meet: false, from: "a" };
  expect(fares([{ node: "split", edge: "e1" }])).toBeNull();
  expect(fares([{ node: "a" }, { node: "b" }])).toBeNull();
  expect(fares([{ node: "b" }, { node: "a" }])).toBeNull();
  expect(fares([{ node: "a" }])).toEqual({ ...stuck, path: ["a"] });
  expect(fares([{ node: "b" }])).toEqual({ ...stuck, from: "b", path: ["b"] });
  expect(fares([{ node: "a" }, { node: "meet", edge: "e6" }])).toBeNull();
  expect(fares([{ node: "meet", edge: "e3" }, { node: "b" }])).toBeNull();
  // Both came by the same connection, or one of them by the one it still has to come by.
  expect(fares([{ node: "meet", edge: "e3" }, { node: "a" }])).toMatchObject({ at: "meet", meet: true, from: "meet" });
  expect(fares([{ node: "meet", edge: "e6" }, { node: "b" }])).toMatchObject({ at: "meet", meet: true });
  expect(fares([{ node: "a" }, { node: "a" }])).toMatchObject({ at: "a", meet: true, path: [] });
  // The same again is answered the same.
  expect(fares([{ node: "a" }])).toEqual({ ...stuck, path: ["a"] });
  // Put there by hand, a token ends with its step and is no branch.
  expect(fares([{ node: "a", alone: true }])).toBeNull();
  expect(fares([{ node: "a" }, { node: "b" }, { node: "a", alone: true }])).toBeNull();
});

it("a join that has gone on already takes in what is still to come", () => {
  const fares = asked(branches("meet:join mode=n_of_m count=1"), "start split a b meet done");
  expect(fares([{ node: "a" }, { node: "b" }])).toBeNull();
  // It had its one by a's connection: b's is still open and ends there.
  expect(fares([{ node: "b" }], { passed: { meet: ["e6"] } })).toBeNull();
  const all = asked(branches("meet:join mode=n_of_m count=2"), "start split a b meet done");
  expect(all([{ node: "b" }])).toMatchObject({ at: "meet" });
  expect(all([{ node: "b" }], { passed: { meet: ["e6"] } })).toBeNull();
  expect(all([{ node: "b" }], { passed: { "meet@s1": ["e6"] } })).toMatchObject({ at: "meet" });
  expect(all([{ node: "b" }], { passed: { meet: ["e3", "e6"] } })).toMatchObject({ at: "meet" });
});

it("what runs inside a step is played by itself, one round at a time", () => {
  const inside = `part:subprocess inline=true
    split:parallel in=part
    a:task in=part
    b:task in=part
    meet:join in=part
    over:end in=part
    split -> a -> meet -> over
    split -> b -> meet
    call:task
    start -> part -> call -> done`;
  const fares = asked(inside, "start part split a b meet over call done");
  const scope = {
    s1: { id: "s1", node: "part", token: "t1" },
    s2: { id: "s2", node: "part", token: "t1" },
  } as unknown as Run["scopes"];
  const part = { node: "part" };
  expect(fares([part, { node: "a", scope: "s1" }, { node: "b", scope: "s1" }], { scopes: scope })).toBeNull();
  expect(fares([part, { node: "a", scope: "s1" }], { scopes: scope })).toMatchObject({
    at: "meet",
    meet: false,
    from: "a",
  });
  // Each round has one branch: neither finishes.
  expect(fares([part, { node: "a", scope: "s1" }, { node: "b", scope: "s2" }], { scopes: scope })).toMatchObject({
    at: "meet",
  });
  // Two rounds may stand at the same step.
  expect(
    fares(
      [
        part,
        { node: "a", scope: "s1" },
        { node: "b", scope: "s1" },
        { node: "a", scope: "s2" },
        { node: "b", scope: "s2" },
      ],
      { scopes: scope },
    ),
  ).toBeNull();
  expect(fares([part, { node: "call" }])).toMatchObject({ at: "call", meet: true });
});
