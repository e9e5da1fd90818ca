import { expect, it } from "vitest";
import { addressOf, afterOf, filterOf, readAsked, sortOf } from "./run-address.ts";

it("a filter of runs stands in the address and is read from it again", () => {
  const asked = readAsked({
    q: "lotus",
    process: "deal",
    status: "open",
    step: "call",
    days: "2.5",
    sla: "breached",
    field: "amount",
    op: "at_least",
    value: "5000",
    from: "2026-03-01",
    to: "2026-03-02",
    sort: "in_step",
    after: "17.run_1",
  });
  expect(filterOf(asked)).toEqual({
    text: "lotus",
    process: "deal",
    status: ["active", "suspended"],
    node: "call",
    atLeastInStep: 216_000_000,
    sla: "breached",
    startedFrom: Date.UTC(2026, 2, 1),
    startedTo: Date.UTC(2026, 2, 3),
    fields: [{ field: "amount", op: "at_least", value: 5000 }],
  });
  expect([sortOf(asked), afterOf(asked)]).toEqual(["in_step", { at: 17, id: "run_1" }]);
  expect(readAsked(Object.fromEntries(new URL(addressOf(asked), "http://x").searchParams))).toEqual(asked);
});

it("what makes no sense in an address is left out", () => {
  const asked = readAsked({
    status: "flying",
    days: "many",
    sla: "x",
    field: "a;b",
    op: "is",
    value: "1",
    from: "soon",
  });
  expect(filterOf(asked)).toEqual({});
  expect(sortOf(asked)).toBe("started");
  expect(afterOf(readAsked({ after: "nowhere" }))).toBeUndefined();
  expect(addressOf({})).toBe("/operate");
  expect(filterOf(readAsked({ field: "vip", op: "is", value: "true" }))).toEqual({
    fields: [{ field: "vip", op: "is", value: true }],
  });
});
