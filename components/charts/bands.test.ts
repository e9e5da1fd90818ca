import { expect, it } from "vitest";
import { swarm } from "./swarm.ts";
import { bandAt, bandPath, cumulated, spread, stackBands, wholeTicks } from "./bands.ts";

const bands = stackBands([
  [1, 3],
  [0, 0],
  [2, 2],
]);

it("the first band lies on top, an empty one has no height", () => {
  expect(bands).toEqual([
    { low: [2, 2], high: [3, 5] },
    { low: [2, 2], high: [2, 2] },
    { low: [0, 0], high: [2, 2] },
  ]);
  expect(stackBands([])).toEqual([]);
});

it("a point hits the band it lies in, also between two days, and none above them", () => {
  expect(bandAt(bands, 0, 1)).toBe(2);
  expect(bandAt(bands, 0.5, 3.9)).toBe(0);
  expect(bandAt(bands, 0.5, 4.1)).toBeNull();
  expect(bandAt(bands, 1, 4.1)).toBe(0);
});

it("outlines go there above and back below; a single day is as wide as the box", () => {
  expect(bandPath(bands[0]!, 10, 100, 50)).toBe("M0 35L100 25L100 40L0 40Z");
  expect(bandPath({ low: [0], high: [5] }, 10, 100, 50)).toBe("M0 25L100 25L100 50L0 50Z");
});

it("a scale has whole round numbers and ends at the most or above", () => {
  expect(wholeTicks(0)).toEqual([0, 1]);
  expect(wholeTicks(3)).toEqual([0, 1, 2, 3]);
  expect(wholeTicks(37)).toEqual([0, 10, 20, 30, 40]);
  expect(wholeTicks(40)).toEqual([0, 10, 20, 30, 40]);
  expect(wholeTicks(101)).toEqual([0, 50, 100, 150]);
});

it("marks are spread from the first to the last point", () => {
  expect(spread(90, 5)).toEqual([0, 22, 45, 67, 89]);
  expect(spread(3, 5)).toEqual([0, 1, 2]);
  expect(spread(1, 5)).toEqual([0]);
});

it("marks of the same height stand side by side around the middle", () => {
  expect(swarm([0.5, 0.51, 0.9, 0.52, 0.1], 10)).toEqual([0, 1, 0, -1, 0]);
});

it("what is added is summed up from where it started", () => {
  expect(cumulated(5, [2, 0, 1])).toEqual([7, 7, 8]);
});
