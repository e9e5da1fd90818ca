/** What becomes of SLA clocks when a run is moved to another version: kept, closed, begun, or given the new target. */
import { describe, expect, it } from "vitest";
import { type ClockBench, at, clockBench, iso, nineToFive } from "@/tests/support/clock-bench.ts";
import { replayed } from "@/tests/support/replayed.ts";
import type { textGraph } from "@/tests/support/text-graph.ts";
import type { MigrationPlan } from "./map.ts";
import { pairsOf, proposeMap } from "./propose.ts";

type More = NonNullable<Parameters<typeof textGraph>[2]>;
const text = `ask:task
  start -> ask -> done`;
const week = { cal: { zone: "UTC", week: nineToFive } };
const answer = (target: string, more: object = {}) => ({ name: "Answer", target, calendar: "cal", ...more });
const on = (slas: Record<string, object>, keys: string[] = Object.keys(slas), rest: object = {}): More => ({
  calendars: week,
  slas,
  nodes: { ask: { slas: keys } },
  ...rest,
});

function moved(first: More, second: More, plan: Partial<MigrationPlan> = {}, when = "2026-03-02T11:00"): ClockBench {
  const bench = clockBench(text, first, { start: "2026-03-02T09:00" });
  bench.publish(text, second);
  bench.to(when);
  const [source, target] = bench.versions;
  const nodes = pairsOf(proposeMap(source!, target!));
  bench.send(
    { type: "migrateRun", to: { process: "clocks", version: 2 }, plan: { nodes, ...plan }, reason: "better" },
    true,
  );
  return bench;
}

/** How the open clocks stand: promise, due, state. */
const open = (bench: ClockBench) =>
  Object.values(bench.run().clocks).map(
    ({ sla, clock }) => `${sla} ${iso(clock.startedAt)?.slice(5)} → ${iso(clock.dueAt)?.slice(5)}`,
  );
/** The log computed anew says the same. */
const sameAgain = (bench: ClockBench) => {
  type Shown = { policy: string; startedAt: number; dueAt?: number | undefined; state: string };
  const shown = ({ policy, startedAt, dueAt, state }: Shown) => [policy, startedAt, dueAt, state].join(" ");
  const again = replayed(bench).map(({ clock }) => shown(clock));
  expect(again.sort()).toEqual(bench.clocks().map(shown).sort());
};

describe("a clock of a run that is moved", () => {
  it("is kept with the time that is left, though the promise says something else now", () => {
    const bench = moved(on({ answer: answer("PT8H") }), on({ answer: answer("PT2H") }));
    expect(open(bench)).toEqual(["answer 03-02T09:00 → 03-02T17:00"]);
    expect(bench.clock("answer").definition).toBe(1);
    sameAgain(bench);
  });

  it("takes the new target with what has elapsed where that was asked for", () => {
    const bench = moved(on({ answer: answer("PT8H") }), on({ answer: answer("PT4H", { warnAt: [50] }) }), {
      rebase: ["answer"],
    });
    expect(open(bench)).toEqual(["answer 03-02T09:00 → 03-02T13:00"]);
    expect(bench.clock("answer")).toMatchObject({ definition: 2, rungs: [50] });
    sameAgain(bench);
  });

  it("is breached at once when the new target is past already", () => {
    const bench = moved(on({ answer: answer("PT8H") }), on({ answer: answer("PT1H") }), { rebase: ["answer"] });
    bench.to("2026-03-02T11:01");
    expect(bench.story()).toEqual(["03-02T09:00 Started", "03-02T11:00 Retargeted", "03-02T11:00 Breached"]);
  });

  it("is closed when its promise is gone, and when its step does not name it any more", () => {
    for (const second of [on({}), on({ answer: answer("PT8H") }, [])]) {
      const bench = moved(on({ answer: answer("PT8H") }), second);
      expect(open(bench)).toEqual([]);
      expect(bench.run().timers).toEqual({});
      expect(bench.story()).toEqual(["03-02T09:00 Started", "03-02T11:00 Cancelled"]);
      expect(bench.events.find(({ type }) => type === "ClockCancelled")?.data).toMatchObject({
        why: { clause: "migrated" },
      });
    }
  });

  it("begins now when its promise is new where the run stands", () => {
    const bench = moved(on({ answer: answer("PT8H") }), on({ answer: answer("PT8H"), reach: answer("PT2H") }));
    expect(open(bench)).toEqual(["answer 03-02T09:00 → 03-02T17:00", "reach 03-02T11:00 → 03-02T13:00"]);
    sameAgain(bench);
  });

  it("goes on under another name when its promise was mapped to one", () => {
    const bench = moved(on({ answer: answer("PT8H") }), on({ reply: answer("PT2H") }), {
      slas: [{ from: "answer", to: "reply" }],
    });
    expect(open(bench)).toEqual(["reply 03-02T09:00 → 03-02T17:00"]);
    bench.finish("ask");
    expect(bench.story().at(-1)).toBe("03-02T11:00 Completed");
    sameAgain(bench);
  });

  it("of the run itself begins now when its promise is new and its start has happened", () => {
    const whole = answer("PT16H", { starts: "run.started", stops: "run.completed" });
    const bench = moved(on({}), on({ whole }, []));
    expect(open(bench)).toEqual(["whole 03-02T11:00 → 03-04T11:00"]);
    bench.finish("ask");
    expect(bench.story()).toEqual(["03-02T11:00 Started", "03-02T11:00 Completed"]);
  });

  it("does not change its goal because the goals have other numbers there", () => {
    const goals = (targets: object[]) => on({ answer: answer("PT8H", { targets }) });
    const hot = { when: "lead.last_name = null", target: "PT1H" };
    const mine = { when: 'lead.last_name = "Vu"', target: "PT6H" };
    const bench = moved(goals([mine]), goals([hot, mine]));
    bench.change({ phone: "1" });
    expect(open(bench)).toEqual(["answer 03-02T09:00 → 03-02T15:00"]);
    expect(bench.story()).toEqual(["03-02T09:00 Started"]);
  });

  it("that stands still goes on standing still, and its step with it", () => {
    const paused = (target: string) => on({ answer: answer(target, { pauseWhen: 'lead.phone = "busy"' }) });
    const bench = clockBench(text, paused("PT8H"), { start: "2026-03-02T09:00" });
    bench.publish(text, paused("PT4H"));
    bench.to("2026-03-02T10:00").change({ phone: "busy" }).to("2026-03-02T11:00");
    const nodes = pairsOf(proposeMap(bench.versions[0]!, bench.versions[1]!));
    bench.send({ type: "migrateRun", to: { process: "clocks", version: 2 }, plan: { nodes }, reason: "better" }, true);
    expect(Object.values(bench.run().clocks).map(({ clock }) => clock.state)).toEqual(["paused"]);
    expect(Object.values(bench.run().visits)[0]!.pausedAt).toBe(at("2026-03-02T10:00"));
    bench.to("2026-03-02T12:00").change({ phone: "free" });
    expect(open(bench)).toEqual(["answer 03-02T09:00 → 03-03T11:00"]);
    sameAgain(bench);
  });

  it("is refused when the hours it counts in are the version's own and are others there", () => {
    const second = on({ answer: answer("PT8H") }, ["answer"], {
      calendars: { cal: { ...week.cal, zone: "Asia/Tokyo" } },
    });
    expect(() => moved(on({ answer: answer("PT8H") }), second)).toThrow(
      "The hours in which “Answer” counts are not the same there. Let it take the new target.",
    );
    expect(open(moved(on({ answer: answer("PT8H") }), second, { rebase: ["answer"] }))).toEqual([
      "answer 03-02T09:00 → 03-03T08:00",
    ]);
  });
});

describe("a promise that is new where the run stands", () => {
  const both = `ask:task
  sign:task
  start -> ask -> sign -> done`;
  const story = (more: More, until = "2026-03-02T11:00", plan: Partial<MigrationPlan> = {}, first: More = on({})) => {
    const bench = clockBench(both, first, { start: "2026-03-02T09:00" });
    bench.publish(both, more);
    bench.to(until);
    const nodes = pairsOf(proposeMap(bench.versions[0]!, bench.versions[1]!));
    bench.send(
      { type: "migrateRun", to: { process: "clocks", version: 2 }, plan: { nodes, ...plan }, reason: "better" },
      true,
    );
    return bench;
  };

  it("of another step begins only when the run comes there", () => {
    const bench = story({ calendars: week, slas: { answer: answer("PT8H") }, nodes: { sign: { slas: ["answer"] } } });
    expect(open(bench)).toEqual([]);
    bench.finish("ask");
    expect(open(bench)).toEqual(["answer 03-02T11:00 → 03-03T11:00"]);
  });

  it("of the run begins with what starts it: the run itself, its trigger, the step it stands at, and nothing else", () => {
    const whole = (starts: string, more: object = {}) =>
      story(on({ whole: answer("PT16H", { starts, stops: "run.completed", ...more }) }, []));
    expect(open(whole("run.started"))).toEqual(["whole 03-02T11:00 → 03-04T11:00"]);
    expect(open(whole("manual"))).toEqual(["whole 03-02T11:00 → 03-04T11:00"]);
    expect(open(whole("deal.won"))).toEqual([]);
    expect(open(whole("run.completed", { stops: "run.cancelled" }))).toEqual([]);
    expect(whole("run.started").run().latches).toEqual({ "run.started": at("2026-03-02T09:00") });
    expect(whole("deal.won").run().latches).toEqual({});
  });

  it("is not one that was mapped, though its key is new", () => {
    const first = on({ whole: answer("PT16H", { starts: "run.started", stops: "run.completed" }) }, []);
    const second = on({ all: answer("PT8H", { starts: "run.started", stops: "run.completed" }) }, []);
    const mapped = story(second, "2026-03-02T11:00", { slas: [{ from: "whole", to: "all" }] }, first);
    expect(open(mapped)).toEqual(["all 03-02T09:00 → 03-03T17:00"]);
    expect(open(story(second, "2026-03-02T11:00", {}, first))).toEqual(["all 03-02T11:00 → 03-03T11:00"]);
  });

  it("does not begin again where its clock has ended under the other version", () => {
    const stopped = (more: object = {}) => on({ answer: answer("PT8H", { stops: "deal.won", ...more }) });
    const bench = clockBench(both, stopped(), { start: "2026-03-02T09:00" });
    bench.publish(both, stopped({ target: "PT4H" }));
    bench.to("2026-03-02T10:00").tell("deal.won").to("2026-03-02T11:00");
    expect(open(bench)).toEqual([]);
    const nodes = pairsOf(proposeMap(bench.versions[0]!, bench.versions[1]!));
    bench.send({ type: "migrateRun", to: { process: "clocks", version: 2 }, plan: { nodes }, reason: "better" }, true);
    expect(open(bench)).toEqual([]);
    expect(bench.story()).toEqual(["03-02T09:00 Started", "03-02T10:00 Completed"]);
  });
});

it("a new target brings its warnings in order, its goal's number and its ladder, and only those", () => {
  const goals = (targets: object[], more: object = {}) => on({ answer: answer("PT8H", { targets, ...more }) });
  const mine = { when: 'lead.last_name = "Vu"', target: "PT6H" };
  const rebased = moved(goals([]), goals([mine], { warnAt: [80, 20, 50] }), { rebase: ["answer"] });
  expect(rebased.clock("answer")).toMatchObject({ rungs: [20, 50, 80], rule: 0, definition: 2 });
  expect(rebased.clock("answer").ladder).toBeUndefined();
  const ladder = { ladder: [{ at: "50%", do: [{ verb: "log", text: "half" }] }] };
  const climbed = moved(goals([]), goals([], ladder), { rebase: ["answer"] });
  expect(climbed.clock("answer").ladder).toHaveLength(1);
  // Without a rebase the goal it has had keeps counting, by the number that it has there.
  const other = { when: "lead.last_name = null", target: "PT1H" };
  const renumbered = moved(goals([mine]), goals([other, mine]));
  expect(Object.values(renumbered.run().clocks).map(({ clock }) => [clock.rule, clock.targetMs / 3_600_000])).toEqual([
    [1, 6],
  ]);
  const same = moved(goals([other, mine]), goals([other, mine], { name: "Reply" }));
  expect(same.events.find(({ type }) => type === "RunMigrated")?.data).not.toHaveProperty("clocks");
});

it("closed clocks run again when the migration is taken back, as if it had not been", () => {
  const bench = clockBench(text, on({ answer: answer("PT8H") }), { start: "2026-03-02T09:00" });
  bench.publish(text, on({}));
  bench.to("2026-03-02T11:00");
  const before = structuredClone(bench.run());
  const nodes = pairsOf(proposeMap(bench.versions[0]!, bench.versions[1]!));
  bench.send({ type: "migrateRun", to: { process: "clocks", version: 2 }, plan: { nodes }, reason: "better" }, true);
  bench.to("2026-03-02T12:00");
  bench.send({ type: "undoMigration", before, reason: "no", seen: bench.run().rev } as never, true);
  expect(bench.run()).toEqual({ ...before, rev: bench.run().rev, lastAt: bench.run().lastAt });
  bench.to("2026-03-02T17:01");
  expect(bench.story().at(-1)).toBe("03-02T17:00:00.001 Breached");
  expect(replayed(bench).map(({ clock }) => [clock.state, iso(clock.breachedAt)])).toEqual([
    ["in_progress", "2026-03-02T17:00"],
  ]);
});
