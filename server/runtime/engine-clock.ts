/**
 * The time the engine goes by (G19). The machine's clock may lie: it is followed while it moves as time does. It never makes the
 * engine's time run back, and a leap of more than ten minutes is not believed before somebody has confirmed it: until then the
 * engine goes on at the pace of a stopwatch, so that no timer fires too early.
 */
import os from "node:os";
import type { Clock } from "./clock.ts";

/** UTC epoch ms as the machine says; ms that only rise; ms that the machine has slept so far, asked for only when in doubt. */
export type Machine = { wall(): number; steady(): number; slept(): number };

export type ClockState =
  | { kind: "right" }
  /** The machine says that it is later, or earlier, by so many ms than the engine believes. `slow`: it waits for the machine. */
  | { kind: "ahead"; byMs: number }
  | { kind: "behind"; byMs: number; slow: boolean };

export type EngineClock = Clock & {
  state(): ClockState;
  /**
   * The machine is right. Ahead: its time counts from now on, and what fell due meanwhile fires. Behind: the engine's time goes
   * half as fast until the machine has caught up.
   */
  release(): void;
};

const leapMs = 10 * 60_000;
/** Steps back of a clock that is being set right all the time. */
const tremorMs = 1_000;

/**
 * `from`: when the last thing was written; the engine's time starts no earlier. `expected`: what time it must be, where something
 * tells (`clock-anchor.ts`); a machine that says more than ten minutes more is not believed at the start either. `onChange` is told
 * of each new state.
 */
export function engineClock(
  machine: Machine,
  from: number,
  onChange: (state: ClockState) => void,
  expected: number | null = null,
): EngineClock {
  const known = expected === null ? null : Math.max(from, expected);
  const leapt = known !== null && machine.wall() - known > leapMs;
  let time = leapt ? known : Math.max(from, machine.wall());
  let seen = machine.steady();
  let slept = machine.slept();
  let kind: ClockState["kind"] = "right";
  let slow = false;

  function now(): number {
    const wall = machine.wall();
    const steady = machine.steady();
    const elapsed = Math.max(0, steady - seen);
    let expected = time + (slow ? elapsed / 2 : elapsed);
    if (wall - expected > leapMs) {
      // A closed lid is no leap.
      const sleep = Math.max(0, machine.slept() - slept);
      slept += sleep;
      expected += sleep;
    }
    seen = steady;
    if (wall - expected > leapMs) {
      time = expected;
      become("ahead");
    } else if (wall < (kind === "behind" ? expected : time) - tremorMs) {
      time = expected;
      become("behind");
    } else {
      time = Math.max(time, wall);
      become("right");
    }
    return (time = Math.max(time, 0));
  }

  function become(next: ClockState["kind"]): void {
    if (next !== "behind") slow = false;
    if (next === kind) return;
    kind = next;
    onChange(state());
  }

  function state(): ClockState {
    const byMs = Math.abs(machine.wall() - time);
    switch (kind) {
      case "right":
        return { kind };
      case "ahead":
        return { kind, byMs };
      case "behind":
        return { kind, byMs, slow };
      default:
        return kind satisfies never;
    }
  }

  now();
  return {
    now: () => Math.floor(now()),
    state() {
      now();
      return state();
    },
    release() {
      now();
      if (kind === "ahead") {
        time = machine.wall();
        become("right");
      } else if (kind === "behind") slow = true;
    },
  };
}

/** This machine. What it sleeps is the time it has been up less the time its stopwatch has run. */
export function thisMachine(): Machine {
  const up = () => os.uptime() * 1000;
  const steady = () => performance.now();
  const apart = up() - steady();
  return { wall: () => Date.now(), steady, slept: () => Math.max(0, up() - steady() - apart) };
}
