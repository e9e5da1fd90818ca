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

/**
 * The machine's time, and each workspace's: a workspace for practice may be ahead of it. Nothing of a workspace is dated by
 * anything else, so an offset only grows.
 */
export type Clocks = Clock & {
  of(workspaceId: string): Clock;
  /** How far a workspace is ahead, ms. */
  ahead(workspaceId: string): number;
  /** Those that are ahead at all. */
  moved(): string[];
  /** A smaller one than it has is let be: time does not run back. */
  put(workspaceId: string, ahead: number): void;
};

export function workspaceClocks(machine: Clock): Clocks {
  const offsets = new Map<string, number>();
  const ahead = (workspaceId: string) => offsets.get(workspaceId) ?? 0;
  return {
    now: () => machine.now(),
    of: (workspaceId) => ({ now: () => machine.now() + ahead(workspaceId) }),
    ahead,
    moved: () => [...offsets.keys()],
    put(workspaceId, by) {
      if (by > ahead(workspaceId)) offsets.set(workspaceId, by);
    },
  };
}

export const clocksOf = (clock: Clock | Clocks): Clocks => ("of" in clock ? clock : workspaceClocks(clock));

/** Monotonic ms, for measuring how long something took. */
export const stopwatch = (): (() => number) => {
  const start = performance.now();
  return () => performance.now() - start;
};
