/** The time, asked from the machine in this folder only. Everything else is given a `Clock` or a number. */

/** `now()` is UTC epoch ms. */
export type Clock = { now(): number };

export const machineClock: Clock = { now: () => Date.now() };

/** A clock that stands until it is moved: for demos, simulation and tests. It never runs back. */
export function virtualClock(start: number): Clock & { set(to: number): void; advance(ms: number): void } {
  let time = start;
  const set = (to: number) => {
    if (to < time) throw new Error(`The virtual clock cannot run back from ${time} to ${to}.`);
    time = to;
  };
  return { now: () => time, set, advance: (ms) => set(time + ms) };
}

/** Monotonic ms, for measuring how long something took. */
export const stopwatch = (): (() => number) => {
  const start = performance.now();
  return () => performance.now() - start;
};
