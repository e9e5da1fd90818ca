/** What the engine believes when the machine's clock is wrong. */
import { expect, it } from "vitest";
import { type ClockState, engineClock } from "./engine-clock.ts";

const minute = 60_000;
const hour = 60 * minute;
const year = 365 * 24 * hour;
const noon = Date.UTC(2026, 2, 2, 12);

/** A machine whose clock can be set wrong; `pass` is what really passes. `expected`: what its uptime tells at the start. */
function machine(from = noon, expected: number | null = null) {
  let wall = from;
  let steady = 0;
  let slept = 0;
  const states: ClockState["kind"][] = [];
  const parts = { wall: () => wall, steady: () => steady, slept: () => slept };
  const clock = engineClock(parts, noon, (state) => states.push(state.kind), expected);
  return {
    clock,
    states,
    setWrongBy: (ms: number) => void (wall += ms),
    pass(ms: number) {
      for (let left = ms; left > 0; left -= minute) {
        wall += Math.min(left, minute);
        steady += Math.min(left, minute);
        clock.now();
      }
    },
    sleep(ms: number) {
      wall += ms;
      slept += ms;
    },
    since: () => clock.now() - noon,
  };
}

it("follows the machine while it is right", () => {
  const { pass, since, states } = machine();
  pass(3 * hour);
  expect(since()).toBe(3 * hour);
  expect(states).toEqual([]);
});

it("follows a small correction at once and stands still for a small step back", () => {
  const { setWrongBy, since, states } = machine();
  setWrongBy(9 * minute);
  expect(since()).toBe(9 * minute);
  setWrongBy(-500);
  expect(since()).toBe(9 * minute);
  expect(states).toEqual([]);
});

it.each([hour, year])(
  "does not believe a leap forward by %i ms: timers wait, and one who knows can confirm it",
  (leap) => {
    const { clock, pass, setWrongBy, since, states } = machine();
    setWrongBy(leap);
    pass(5 * minute);
    expect(since()).toBe(5 * minute);
    expect(clock.state()).toEqual({ kind: "ahead", byMs: leap });
    clock.release();
    expect(since()).toBe(leap + 5 * minute);
    expect(clock.state()).toEqual({ kind: "right" });
    expect(states).toEqual(["ahead", "right"]);
  },
);

it.each([hour, year])("forgets a leap of %i ms that was taken back", (leap) => {
  const { clock, pass, setWrongBy, since, states } = machine();
  setWrongBy(leap);
  pass(20 * minute);
  setWrongBy(-leap);
  pass(minute);
  expect(since()).toBe(21 * minute);
  expect(clock.state()).toEqual({ kind: "right" });
  expect(states).toEqual(["ahead", "right"]);
});

it.each([hour, year])(
  "goes on at its own pace after a leap back by %i ms, and meets the machine when it is set right",
  (leap) => {
    const { clock, pass, setWrongBy, since, states } = machine();
    pass(minute);
    setWrongBy(-leap);
    pass(30 * minute);
    expect(since()).toBe(31 * minute);
    expect(clock.state()).toEqual({ kind: "behind", byMs: leap, slow: false });
    setWrongBy(leap);
    pass(minute);
    expect(since()).toBe(32 * minute);
    expect(states).toEqual(["behind", "right"]);
  },
);

it("goes half as fast once somebody says that the earlier time is right, until they meet", () => {
  const { clock, pass, setWrongBy, since } = machine();
  pass(2 * hour);
  setWrongBy(-hour);
  pass(minute);
  clock.release();
  expect(clock.state()).toMatchObject({ kind: "behind", slow: true });
  const before = since();
  pass(hour);
  expect(since() - before).toBe(hour / 2);
  pass(hour + 2 * minute);
  expect(clock.state()).toEqual({ kind: "right" });
});

it("takes the sleep of a closed lid for what it is", () => {
  const { sleep, since, states } = machine();
  sleep(8 * hour);
  expect(since()).toBe(8 * hour);
  expect(states).toEqual([]);
});

it("starts no earlier than the last thing that was written", () => {
  const { clock, pass, since } = machine(noon - year);
  expect(since()).toBe(0);
  pass(hour);
  expect(since()).toBe(hour);
  expect(clock.state()).toEqual({ kind: "behind", byMs: year, slow: false });
});

it.each([hour, year])(
  "does not believe a leap by %i ms that it finds at its start, where the uptime of the machine tells the time",
  (leap) => {
    const { clock, pass, since, states } = machine(noon + leap, noon + minute);
    expect(since()).toBe(minute);
    pass(5 * minute);
    expect(since()).toBe(6 * minute);
    expect(clock.state()).toMatchObject({ kind: "ahead", byMs: leap - minute });
    clock.release();
    expect(since()).toBe(leap + 5 * minute);
    expect(states).toEqual(["ahead", "right"]);
  },
);

it("believes any time at its start where nothing tells, or where it was off for so long", () => {
  for (const expected of [null, noon + year]) expect(machine(noon + year, expected).since()).toBe(year);
  // Clock and uptime part by some seconds a day.
  expect(machine(noon + 9 * minute, noon).since()).toBe(9 * minute);
});
