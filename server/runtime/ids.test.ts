import { expect, it } from "vitest";
import { virtualClock } from "./clock.ts";
import { idMaker } from "./ids.ts";

it("ids say what they name and sort by the time they were made, within a millisecond too", () => {
  const clock = virtualClock(Date.UTC(2026, 0, 1));
  const newId = idMaker(clock.now);
  const made: string[] = [];
  for (let i = 0; i < 2_000; i++) {
    made.push(newId("run"));
    if (i % 7 === 0) clock.advance(1);
  }
  expect(made.every((id) => /^run_[0-9a-hjkmnp-tv-z]{26}$/.test(id))).toBe(true);
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});

it("two makers of one instant do not meet", () => {
  const at = () => 1;
  const [a, b] = [idMaker(at), idMaker(at)];
  const all = Array.from({ length: 1_000 }, () => [a("x"), b("x")]).flat();
  expect(new Set(all).size).toBe(all.length);
});

it("a machine whose clock went back still counts on", () => {
  let now = 1_000;
  const newId = idMaker(() => now);
  const first = newId("x");
  now = 10;
  expect(newId("x") > first).toBe(true);
});
