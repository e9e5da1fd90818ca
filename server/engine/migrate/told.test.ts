/** What a migration would do, told for every clock and timer before anybody says yes. */
import { expect, it } from "vitest";
import { clockBench, iso, nineToFive } from "@/tests/support/clock-bench.ts";
import { pairs } from "@/tests/support/move-on.ts";
import type { textGraph } from "@/tests/support/text-graph.ts";
import type { MigrationPlan } from "./map.ts";
import { whatBecomes } from "./told.ts";

const calendars = { cal: { zone: "UTC", week: nineToFive } };
const promise = (name: string, target: string, more: object = {}) => ({ name, target, calendar: "cal", ...more });
const timer = (id: string, after: string) => ({ id, kind: "timer", after });
const first = {
  text: "ask:task\n start -> ask -> done\n ask.nudge -> nudged\n ask.gone -> done\n ask.lost -> done",
  more: {
    calendars,
    slas: {
      answer: promise("Answer", "PT8H"),
      reach: promise("Reach", "PT4H"),
      close: promise("Close", "PT16H", { starts: "run.started", stops: "run.completed" }),
    },
    nodes: {
      ask: {
        slas: ["answer", "reach"],
        boundary: [timer("nudge", "PT10H"), timer("gone", "PT20H"), timer("lost", "PT30H")],
      },
    },
  },
};
const second = {
  text: "call:task\n start -> call -> done\n call.remind -> nudged\n call.stop -> done\n call.halt -> done",
  more: {
    calendars,
    slas: {
      reply: promise("Reply", "PT2H"),
      touch: promise("Touch", "PT1H"),
      close: promise("Close", "PT24H", { starts: "run.started", stops: "run.completed" }),
    },
    nodes: {
      call: {
        slas: ["reply", "touch"],
        boundary: [timer("remind", "PT50H"), timer("stop", "PT5H"), timer("halt", "PT6H")],
      },
    },
  },
};
const plan: MigrationPlan = {
  nodes: pairs("start ask>call nudged done"),
  boundaries: [{ from: "ask.nudge", to: "call.remind" }],
  slas: [{ from: "answer", to: "reply" }],
  rebase: ["close"],
};
const day = (instant: number | null) => iso(instant)?.slice(5) ?? "-";

type Drawing = { text: string; more: NonNullable<Parameters<typeof textGraph>[2]> };
function told(from: Drawing, to: Drawing, given: MigrationPlan) {
  const bench = clockBench(from.text, from.more, { start: "2026-03-02T09:00" });
  bench.publish(to.text, to.more);
  bench.to("2026-03-02T11:00");
  const before = structuredClone(bench.run());
  const command = { type: "migrateRun", to: { process: "clocks", version: 2 }, plan: given, reason: "better" } as const;
  const events = bench.send(command, true);
  const { clocks, timers, goesOn } = whatBecomes(before, bench.run(), events);
  return {
    clocks: clocks.map(
      ({ sla, node, fate, dueBefore, dueAfter }) => `${sla} at ${node}: ${fate}, ${day(dueBefore)} to ${day(dueAfter)}`,
    ),
    timers: timers.map(({ name, node, fate, due }) => `${name} at ${node}: ${fate}, ${day(due)}`),
    goesOn,
  };
}

it("clocks and timers are kept under their new names, closed under their old, and opened", () => {
  expect(told(first, second, plan)).toEqual({
    clocks: [
      "close at null: retargeted, 03-03T17:00 to 03-04T17:00",
      "reply at call: kept, 03-02T17:00 to 03-02T17:00",
      "reach at ask: closed, 03-02T13:00 to -",
      "touch at call: opened, - to 03-02T12:00",
    ],
    timers: [
      "remind at call: kept, 03-02T19:00",
      "gone at ask: closed, 03-03T05:00",
      "lost at ask: closed, 03-03T15:00",
      "stop at call: opened, 03-02T16:00",
      "halt at call: opened, 03-02T17:00",
    ],
    goesOn: false,
  });
});

it("a run goes on at once where what the other version waits for holds already", () => {
  const wait = (config: string, port = "done"): Drawing => ({
    text: `nap:wait ${config}\n start -> nap\n nap.${port} -> done`,
    more: {},
  });
  const given = { nodes: pairs("start nap done") };
  const long = wait("for=duration duration=PT8H");
  const now = wait('for=condition condition={lead.last_name = "Vu"}', "event");
  expect(told(long, now, given)).toMatchObject({ timers: ["done at nap: closed, 03-02T17:00"], goesOn: true });
  expect(told(long, wait("for=duration duration=PT8H"), given)).toMatchObject({
    timers: ["done at nap: kept, 03-02T17:00"],
    goesOn: false,
  });
});

it("nothing is told of what moved nothing", () => {
  const bench = clockBench(first.text, first.more, { start: "2026-03-02T09:00" });
  const run = bench.run();
  expect(whatBecomes(run, run, bench.events)).toEqual({ clocks: [], timers: [], goesOn: false });
  expect(whatBecomes(run, run, [])).toEqual({ clocks: [], timers: [], goesOn: false });
});
