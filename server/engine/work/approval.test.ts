import { expect, it } from "vitest";
import { decisionOf } from "./approval.ts";

it.each([
  [null, "approved"],
  ["accepted", "approved"],
  ["approved", "approved"],
  ["approved_with_conditions", "approved"],
  ["proceed", "approved"],
  ["go", "approved"],
  ["passed", "approved"],
  ["plan_agreed", "approved"],
  ["promise", "approved"],
  ["save_plan", "approved"],
  ["write_off", "approved"],
  ["rework", "returned"],
  ["pending", "returned"],
  ["returned", "returned"],
  ["rejected", "rejected"],
  ["no_go", "rejected"],
  ["", "rejected"],
] as const)("the answer %j means %s", (value, decision) => {
  expect(decisionOf(value)).toBe(decision);
});
