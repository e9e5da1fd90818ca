import { expect, it } from "vitest";
import { chosenRuns, planOf, proposedChoice, toggled } from "./plan.ts";

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
  expect(chosenRuns(between, ids(3), new Set(["r1"]))).toEqual({ filter: { runs: ["r1"] }, except: [] });
  const all = ids(3000);
  expect(chosenRuns(between, all, new Set(all.slice(2)))).toEqual({ filter: between.from, except: ["r0", "r1"] });
  expect(chosenRuns(between, all, new Set(all.slice(1500)))).toBeNull();
});
