import { expect, it } from "vitest";
import { chosenRuns, planOf, proposedChoice, toggled, withStep } from "./plan.ts";

const between = { from: { process: "care", version: 1 }, to: { process: "care", version: 2 } };
const ids = (n: number) => Array.from({ length: n }, (_, i) => `r${i}`);

it("the proposal makes a plan as it stands, and what becomes nothing is in no pair", () => {
  const proposed = {
    source: [
      { id: "call", to: "phone" },
      { id: "old", to: null },
    ],
    slas: [
      { key: "answer", to: "answer" },
      { key: "gone", to: null },
    ],
  };
  const choice = proposedChoice(proposed);
  expect(planOf({ ...choice, rebase: ["answer", "gone"], reassign: toggled([], "call") })).toEqual({
    nodes: [{ from: "call", to: "phone" }],
    slas: [
      { from: "answer", to: "answer" },
      { from: "gone", to: null },
    ],
    rebase: ["answer"],
    reassign: ["call"],
    renewForm: [],
  });
});

it("few runs are named, of many those that stay are, and too many of both cannot be said", () => {
  expect(chosenRuns([{ between }], ids(3), new Set(["r1"]))).toEqual({ filter: { runs: ["r1"] }, except: [] });
  const all = ids(3000);
  expect(chosenRuns([{ between }], all, new Set(all.slice(2)))).toEqual({ filter: between.from, except: ["r0", "r1"] });
  expect(chosenRuns([{ between }], all, new Set(all.slice(1500)))).toBeNull();
});

it("runs of several versions are those of any of them", () => {
  const moves = [1, 3].map((version) => ({ between: { ...between, from: { process: "care", version } } }));
  const all = ids(3000);
  expect(chosenRuns(moves, all, new Set(all))).toEqual({ filter: { process: "care", versions: [1, 3] }, except: [] });
});

it("what was said of a step's connections and events goes when the step becomes another", () => {
  const offer = (from: string, node: string) => ({ from, node, name: from, to: null, may: [] });
  const offers = { edges: [offer("e1", "join"), offer("e2", "other")], boundaries: [offer("call.late", "call")] };
  const said = {
    ...proposedChoice({ source: [{ id: "join", to: "both" }], slas: [] }),
    edges: { e1: "x1", e2: "x2" },
    boundaries: { "call.late": "phone.late" },
  };
  expect(planOf(said)).toMatchObject({
    edges: [
      { from: "e1", to: "x1" },
      { from: "e2", to: "x2" },
    ],
    boundaries: [{ from: "call.late", to: "phone.late" }],
  });
  expect(withStep(said, "join", "all", offers)).toMatchObject({
    nodes: { join: "all" },
    edges: { e2: "x2" },
    boundaries: { "call.late": "phone.late" },
  });
});
