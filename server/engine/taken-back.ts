/** What an undo takes back of a run: everything that was counted between the state that it restores and the one that it ends. */
import type { Run } from "./model.ts";

export type TakenBack = {
  visits: string[];
  work: string[];
  clocks: string[];
  incidents: string[];
  timers: string[];
  effects: string[];
  /** Versions of the facts in between. */
  facts: number[];
};

/** `undo`: the version of the fact that takes it back. */
export function takenBack(restored: Run, run: Run, undo: number): TakenBack {
  const counted = (name: keyof Run["counters"], letter: string) =>
    between(restored.counters[name], run.counters[name]).map((n) => `${letter}${n}`);
  return {
    visits: counted("visit", "v"),
    work: counted("work", "w"),
    clocks: counted("clock", "c"),
    incidents: counted("incident", "i"),
    timers: Object.keys(run.timers).filter((id) => !restored.timers[id]),
    effects: counted("effect", "e"),
    facts: between(restored.rev, undo - 1),
  };
}

/** The whole numbers above `from`, up to `to`. */
const between = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i + 1);
