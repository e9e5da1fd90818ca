import { expect, it } from "vitest";
import { nextWait } from "./ladder.ts";

const [s, min, h] = [1000, 60_000, 3_600_000];

it("is the usual ladder, each wait up to a tenth longer, and ends after eight tries", () => {
  const waits = Array.from({ length: 8 }, (_, i) => nextWait("ws/run/e1", i + 1));
  const usual = [5 * s, 5 * min, 30 * min, 2 * h, 5 * h, 10 * h, 10 * h];
  usual.forEach((wait, i) => {
    expect(waits[i]).toBeGreaterThanOrEqual(wait);
    expect(waits[i]).toBeLessThanOrEqual(wait * 1.1);
  });
  expect(waits[7]).toBeNull();
});

it("is the same again for the same job, and another for another", () => {
  expect(nextWait("ws/run/e1", 2)).toBe(nextWait("ws/run/e1", 2));
  expect(new Set(["e1", "e2", "e3", "e4"].map((id) => nextWait(id, 2))).size).toBeGreaterThan(1);
});

it("follows the step's own policy: so many tries, a first wait that doubles, ten hours at most", () => {
  const policy = { tries: 4, first: 10 * s };
  const waits = [1, 2, 3, 4].map((made) => nextWait("j", made, policy));
  [10 * s, 20 * s, 40 * s].forEach((wait, i) => expect(Math.round(waits[i]! / wait)).toBe(1));
  expect(waits[3]).toBeNull();
  expect(nextWait("j", 19, { tries: 20, first: h })).toBeLessThanOrEqual(11 * h);
  expect(nextWait("j", 1, { tries: 1 })).toBeNull();
});

it("gives the other side the time it asks for", () => {
  expect(nextWait("j", 1, {}, 120 * s)).toBe(120 * s);
});
