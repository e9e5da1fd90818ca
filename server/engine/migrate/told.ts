/** What a migration would do to what counts and waits in a run, told for each clock and timer. */
import type { Event } from "../events.ts";
import type { Run, Timer } from "../model.ts";
import { applyMigration } from "./apply.ts";
import { copyRun } from "../run-shape.ts";

export type Fate = "kept" | "closed" | "opened" | "retargeted";
export type ClockFate = {
  /** Key of its SLA: in the target, or in the source of one that is closed. */
  sla: string;
  node: string | null;
  fate: Fate;
  dueBefore: number | null;
  dueAfter: number | null;
};
export type TimerFate = { name: string; node: string; fate: Exclude<Fate, "retargeted">; due: number };

export type Told = {
  clocks: ClockFate[];
  timers: TimerFate[];
  /** It would go on at once: what the target waits for has happened. */
  goesOn: boolean;
};

/** `before`: the run the command found; `events`: what the command led to. */
export function whatBecomes(before: Run, after: Run, events: readonly Event[]): Told {
  const at = events.findIndex(({ type }) => type === "RunMigrated");
  const moved = events[at];
  if (moved?.type !== "RunMigrated" || !moved.data.map) return { clocks: [], timers: [], goesOn: false };
  const renamed = copyRun(before);
  applyMigration(renamed, moved.data);
  const closed = idsOf(events, "ClockCancelled");
  const opened = idsOf(events, "ClockStarted");
  const retargeted = idsOf(events, "ClockRetargeted");
  const clocks = Object.values(before.clocks).map(
    ({ id, sla, node, clock }): ClockFate => ({
      sla: closed.has(id) ? sla : (renamed.clocks[id]?.sla ?? sla),
      node: closed.has(id) ? node : (renamed.clocks[id]?.node ?? node),
      fate: closed.has(id) ? "closed" : retargeted.has(id) ? "retargeted" : "kept",
      dueBefore: clock.dueAt ?? null,
      dueAfter: closed.has(id) ? null : (after.clocks[id]?.clock.dueAt ?? clock.dueAt ?? null),
    }),
  );
  for (const { id, sla, node, clock } of Object.values(after.clocks))
    if (opened.has(id)) clocks.push({ sla, node, fate: "opened", dueBefore: null, dueAfter: clock.dueAt ?? null });
  return {
    clocks,
    timers: timersOf(before, renamed, after),
    goesOn: events.slice(at).some(({ type }) => type === "TokenLeft" || type === "TokenEntered"),
  };
}

const idsOf = (events: readonly Event[], type: Event["type"]): Set<string> =>
  new Set(events.flatMap((event) => (event.type === type ? (event.data as { id: string }).id : [])));

/** Those of steps and of events at their edge: others belong to clocks and tasks, which are told of elsewhere. */
function timersOf(before: Run, renamed: Run, after: Run): TimerFate[] {
  const nodeOf = (run: Run, { token }: Timer) => (token ? (run.tokens[token]?.node ?? "") : "");
  const named = ({ name }: Timer) => name.replace(/^boundary:/, "");
  const old = Object.values(before.timers).filter(({ token }) => token !== undefined);
  return [
    ...old.map((timer): TimerFate => {
      const kept = after.timers[timer.id];
      return kept
        ? { name: named(kept), node: nodeOf(renamed, kept), fate: "kept", due: kept.due }
        : { name: named(timer), node: nodeOf(before, timer), fate: "closed", due: timer.due };
    }),
    ...Object.values(after.timers).flatMap((timer): TimerFate[] =>
      timer.token !== undefined && before.timers[timer.id] === undefined
        ? [{ name: named(timer), node: nodeOf(after, timer), fate: "opened", due: timer.due }]
        : [],
    ),
  ];
}
