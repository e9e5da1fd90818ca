import fc from "fast-check";
import { expect, it } from "vitest";
import type { DecisionTableDefinition, OutputCell } from "@/server/engine/process.ts";
import {
  addInput,
  copyRule,
  dropOutput,
  meantCell,
  moveInput,
  moveRule,
  saidCell,
  setDefault,
  setInputValues,
} from "./table-cells.ts";

const table: DecisionTableDefinition = {
  hitPolicy: "first",
  inputs: ["a", "b"],
  outputs: ["x", "y"],
  rules: [
    { when: ["1", "2"], then: [1, "one"] },
    { when: ["3"], then: [3, null], note: "short" },
  ],
};

it("what is typed into an output cell is what stands there when it is shown again", () => {
  const cell: fc.Arbitrary<OutputCell> = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom("1", "true", "", "= 1", '"a"', "-5", "1.50", "007").map((s) => s),
    fc.string().map((feel) => ({ feel })),
  );
  fc.assert(
    fc.property(cell, (one) => {
      expect(meantCell(saidCell(one))).toEqual(one);
    }),
  );
  expect(meantCell("= lead.score * 2")).toEqual({ feel: "lead.score * 2" });
  expect(saidCell("= not FEEL")).toBe('"= not FEEL"');
});
it("columns move with their values, cells and defaults; short rules are filled up", () => {
  const full = setDefault(setInputValues(table, 1, "[0..9]"), 1, "none");
  expect(moveInput(full, 0, 1)).toMatchObject({
    inputs: ["b", "a"],
    inputValues: ["[0..9]", ""],
    rules: [{ when: ["2", "1"] }, { when: ["-", "3"] }],
  });
  expect(addInput(full).inputValues).toEqual(["", "[0..9]", ""]);
  expect(dropOutput(full, 1)).toEqual({
    hitPolicy: "first",
    inputs: ["a", "b"],
    inputValues: ["", "[0..9]"],
    outputs: ["x"],
    rules: [
      { when: ["1", "2"], then: [1] },
      { when: ["3"], then: [3], note: "short" },
    ],
  });
  expect(setInputValues(full, 1, "")).not.toHaveProperty("inputValues");
});
it("rules move up and down within the table, and are copied below themselves", () => {
  expect(moveRule(table, 1, -1).rules.map((r) => r.when[0])).toEqual(["3", "1"]);
  expect(moveRule(table, 0, -1)).toBe(table);
  expect(copyRule(table, 0).rules.map((r) => r.when[0])).toEqual(["1", "1", "3"]);
});
