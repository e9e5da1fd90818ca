/** Clocks that were computed anew are adopted whole, or not at all where the run has moved on since. */
import { expect, it } from "vitest";
import { type ClockBench, at, clockBench, iso } from "@/tests/support/clock-bench.ts";
import type { CommandOf } from "@/server/engine/commands.ts";
import type { SlaClock } from "./sla.ts";

type One = CommandOf<"recomputeClocks">["clocks"][number];
const hour = 3_600_000;
const bench = () =>
  clockBench(
    `ask:task
     next:task
     start -> ask -> next -> done`,
    { slas: { p: { name: "P", target: "4h" }, q: { name: "Q", target: "9h" } }, nodes: { ask: { slas: ["p", "q"] } } },
    { start: "2026-03-02T10:00" },
  );
const again = (run: ClockBench, sla: string, to: (clock: SlaClock) => SlaClock, was?: SlaClock): One => {
  const { id, visit, sla: _sla, ...clock } = run.clocks(sla)[0]!;
  return { id, sla, node: "ask", visit, was: was ?? clock, clock: to(clock), breachedWith: null };
};
const adopt = (run: ClockBench, clocks: One[], seen = run.run().rev) =>
  run.send({ type: "recomputeClocks", clocks, how: "adopted", reason: "the hours were wrong", seen }, true);
const later = (clock: SlaClock): SlaClock => ({
  ...clock,
  dueAt: clock.dueAt! + hour,
  targetMs: clock.targetMs + hour,
});
const moved = "This run has moved on since. Nothing was changed; look at the differences again.";
const timers = (run: ClockBench) =>
  Object.values(run.run().timers).map(({ clock, due }) => `${clock} ${iso(due)?.slice(11)}`);

it("it counts by the new one from then on, and rings by it; the other stays as it is", () => {
  const run = bench();
  const [event] = adopt(run, [again(run, "p", later)]);
  expect(event).toMatchObject({ type: "ClockRecomputed", data: { how: "adopted", reason: "the hours were wrong" } });
  expect(timers(run).sort()).toEqual(["c1 15:00:00.001", "c2 19:00:00.001"]);
  run.to("2026-03-02T16:00");
  expect(run.story()).toEqual([
    "03-02T10:00 Started",
    "03-02T10:00 Started",
    "03-02T10:00 Recomputed",
    "03-02T15:00:00.001 Breached",
  ]);
});

it("computed anew it may have ended: it rings no more, and is over for its stay", () => {
  const run = bench();
  adopt(run, [again(run, "p", (clock) => ({ ...clock, state: "completed", stoppedAt: at("2026-03-02T09:30") }))]);
  expect([Object.keys(run.run().clocks), timers(run)]).toEqual([["c2"], ["c2 19:00:00.001"]]);
});

it("an ended one takes its new figures", () => {
  const run = bench().to("2026-03-02T15:00").finish("ask");
  adopt(run, [again(run, "p", ({ breachedAt: _breached, ...clock }) => ({ ...clock, revision: 1 }))]);
  expect(run.clocks("p")[0]).toMatchObject({ state: "completed", revision: 1 });
  expect(run.clocks("p")[0]?.breachedAt).toBeUndefined();
});

it("what was decided on an older look is refused, all of it", () => {
  const run = bench();
  const { rev } = run.run();
  run.to("2026-03-02T11:00").work("startWork");
  expect(() => adopt(run, [again(run, "p", later)], rev)).toThrow(moved);
  // The clock is not the one that was looked at.
  const other = later(later(run.clocks("p")[0]!));
  expect(() => adopt(run, [again(run, "q", later), again(run, "p", later, other)])).toThrow(moved);
  expect(run.story().some((line) => line.endsWith("Recomputed"))).toBe(false);
  // It was open when it was looked at, and is over by now.
  const open = again(run, "p", later);
  run.finish("ask");
  expect(() => adopt(run, [open])).toThrow(moved);
});

it("in whatever order its fields stand, and whether an unset one is there or not, it is the same clock", () => {
  const run = bench();
  const { id: _id, visit: _visit, sla: _sla, ...clock } = run.clocks("p")[0]!;
  const turned = Object.fromEntries(Object.entries({ ...clock, pausedAt: undefined }).reverse()) as SlaClock;
  adopt(run, [again(run, "p", later, turned)]);
  expect(iso(run.clocks("p")[0]?.dueAt)).toBe("2026-03-02T15:00");
});
