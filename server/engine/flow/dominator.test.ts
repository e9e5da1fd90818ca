import { expect, it } from "vitest";
import { nearestDominator } from "./dominator.ts";

const ways = (edges: Record<string, string[]>) => (id: string) => edges[id] ?? [];

it("of a join it is the split that its branches come from", () => {
  const next = ways({ start: ["split"], split: ["a", "b"], a: ["meet"], b: ["meet"], meet: ["done"] });
  expect(nearestDominator("start", "meet", next)).toBe("split");
});

it("of a join inside a branch it is the inner split, not the outer one", () => {
  const next = ways({
    start: ["outer"],
    outer: ["inner", "c"],
    inner: ["a", "b"],
    a: ["meet"],
    b: ["meet"],
    meet: ["last"],
    c: ["last"],
  });
  expect(nearestDominator("start", "meet", next)).toBe("inner");
  expect(nearestDominator("start", "last", next)).toBe("outer");
});

it("a way back does not hide it, and a longer way round counts as well", () => {
  const next = ways({
    start: ["split"],
    split: ["a", "b"],
    a: ["check"],
    check: ["split", "meet"],
    b: ["meet"],
    meet: [],
  });
  expect(nearestDominator("start", "meet", next)).toBe("split");
});

it("of the step after another it is that other, and of the first step it is the start", () => {
  const next = ways({ start: ["a"], a: ["b"] });
  expect(nearestDominator("start", "b", next)).toBe("a");
  expect(nearestDominator("start", "a", next)).toBe("start");
});

it("there is none for the start itself and where no way leads", () => {
  const next = ways({ start: ["a"] });
  expect(nearestDominator("start", "start", next)).toBeNull();
  expect(nearestDominator("start", "elsewhere", next)).toBeNull();
});
