import { describe, expect, it } from "vitest";
import { bucketOf, timeOfBucket } from "@/server/engine/tally.ts";
import { processSchema } from "@/server/engine/process.ts";
import { type FlowCounts, flowOf, type StepDay } from "./flow.ts";
import { wholeDays } from "./read-flow.ts";

const hour = 3_600_000;
const drawing = processSchema.parse({
  key: "care",
  name: "Care",
  recordType: "account",
  nodes: [
    { id: "done", kind: "end", name: "Done", position: { x: 900, y: 0 } },
    { id: "sign", kind: "approval", name: "Sign", position: { x: 600, y: 0 } },
    { id: "sort", kind: "decision", name: "Sort", position: { x: 300, y: 0 } },
    { id: "mail", kind: "automation", name: "Mail", position: { x: 450, y: 0 } },
    { id: "each", kind: "for_each", name: "Each", position: { x: 700, y: 0 } },
    { id: "check", kind: "task", name: "Check", position: { x: 720, y: 50 }, in: "each" },
    { id: "call", kind: "task", name: "Call", position: { x: 150, y: 0 } },
    { id: "start", kind: "start", name: "Start", position: { x: 0, y: 0 } },
  ],
  edges: [],
});
const on = (day: number, node: string, counted: Partial<StepDay>): StepDay => ({
  node,
  day,
  arrivals: 0,
  reworks: 0,
  completions: 0,
  skips: 0,
  cancellations: 0,
  sojournMs: 0,
  blockedMs: 0,
  touchMs: 0,
  ...counted,
});
const counts = (days: StepDay[], more: Partial<FlowCounts> = {}): FlowCounts => ({
  before: new Map(),
  days,
  times: [],
  ...more,
});
const week = { first: 100, last: 106, part: 1 };
const flow = (given: FlowCounts, period = week) => flowOf(given, drawing, period);

describe("flow by step and day", () => {
  it("what is in progress at the end of a day is all that came in less all that left", () => {
    const report = flow(
      counts(
        [
          on(100, "call", { arrivals: 3 }),
          on(101, "call", { arrivals: 2, completions: 4 }),
          on(104, "call", { skips: 1, cancellations: 1 }),
        ],
        { before: new Map([["call", 5]]) },
      ),
    );
    expect(report.steps).toEqual([
      {
        node: "call",
        arrivals: 5,
        completions: 4,
        skips: 1,
        cancellations: 1,
        rework: 0,
        wipStart: 5,
        wipEnd: 4,
        net: -1,
        p50: null,
        p85: null,
        touch: null,
        blocked: null,
        leavesADay: 6 / 7,
        in: [3, 2, 0, 0, 0, 0, 0],
        out: [0, 4, 0, 0, 2, 0, 0],
        wip: [8, 6, 6, 6, 4, 4, 4],
      },
    ]);
  });

  it("shares are those of the arrivals, and of the elapsed time of what was completed", () => {
    const [call] = flow(
      counts([
        on(100, "call", { arrivals: 8, reworks: 2 }),
        on(103, "call", { completions: 2, sojournMs: 40 * hour, touchMs: 4 * hour, blockedMs: 10 * hour }),
      ]),
    ).steps;
    expect(call).toMatchObject({ rework: 0.25, touch: 0.1, blocked: 0.25 });
  });

  it("percentiles are of type 7 between the times of the buckets, hidden under five", () => {
    const times = (hours: number[]) => hours.map((h) => ({ node: "call", bucket: bucketOf(h * hour), n: 1 }));
    const of = (hours: number[]) => flow(counts([on(100, "call", { arrivals: 9 })], { times: times(hours) })).steps[0]!;
    expect(of([1, 2, 3, 4])).toMatchObject({ p50: null, p85: null });
    const { p50, p85 } = of([10, 1, 4, 2, 3]);
    expect(p50).toBe(timeOfBucket(bucketOf(3 * hour)));
    // 85 % of the way over four gaps: 0.4 of the way from the fourth to the fifth.
    const [fourth, fifth] = [4, 10].map((h) => timeOfBucket(bucketOf(h * hour))) as [number, number];
    expect(p85).toBeCloseTo(fourth + 0.4 * (fifth - fourth), 6);
    expect(p85! / (6.4 * hour)).toBeGreaterThan(0.99);
    expect(p85! / (6.4 * hour)).toBeLessThan(1.01);
  });

  it("only what takes time is shown, from left to right: no gateway, no frame around other steps, no mail that left at once", () => {
    const came = ["done", "sign", "sort", "mail", "each", "check", "call", "start", "gone"];
    const shown = (days: StepDay[]) => flow(counts(days)).steps.map(({ node }) => node);
    const through = came.map((node) => on(101, node, { arrivals: 4, completions: 4 }));
    expect(shown(through)).toEqual(["call", "sign", "check"]);
    // A mail that waits for its server over midnight, and a step that only an earlier drawing has.
    expect(shown(came.map((node) => on(101, node, { arrivals: 4 })))).toEqual([
      "call",
      "mail",
      "sign",
      "check",
      "gone",
    ]);
  });

  it("what leaves on a mean day is counted from when the process began, and today only as far as it has come", () => {
    const days = [on(102, "call", { arrivals: 9 }), on(105, "call", { completions: 9 })];
    expect(flow(counts(days), { ...week, part: 0.5 }).steps[0]!.leavesADay).toBe(9 / 4.5);
    const before = new Map([["sign", 1]]);
    expect(flow(counts(days, { before }), { ...week, part: 0.5 }).steps[0]!.leavesADay).toBe(9 / 6.5);
    expect(
      flow(counts([on(106, "call", { arrivals: 2, completions: 2 })]), { ...week, part: 0.1 }).steps[0],
    ).toMatchObject({ leavesADay: 2 });
  });

  it("the finding is the step that grew most, else the one that fell most, else that nothing moved", () => {
    const moved = (node: string, arrivals: number, completions: number) => on(101, node, { arrivals, completions });
    const finding = (days: StepDay[], before: [string, number][] = []) =>
      flow(counts(days, { before: new Map(before) })).finding;
    expect(finding([moved("call", 40, 28), moved("sign", 30, 12), moved("check", 3, 9)], [["check", 9]])).toEqual({
      kind: "grew",
      node: "sign",
      by: 18,
      arrivals: 30,
      departures: 12,
    });
    expect(finding([moved("call", 41, 40), moved("sign", 3, 21)], [["sign", 20]])).toEqual({
      kind: "fell",
      node: "sign",
      by: 18,
      arrivals: 3,
      departures: 21,
    });
    // 4 more than 20 is what chance does, and 2 is too few to name.
    expect(finding([moved("call", 60, 56), moved("sign", 2, 0)], [["call", 20]])).toEqual({
      kind: "steady",
      wip: 26,
      net: 6,
    });
    expect(finding([])).toBeNull();
  });
});

describe("whole days of a period", () => {
  const zone = "Asia/Ho_Chi_Minh";
  /** Midnight in Hanoi at the beginning of 2026-03-02. */
  const monday = Date.UTC(2026, 2, 1, 17);
  const day = 24 * hour;
  const first = 20_514;
  it("that begins and ends at midnights is taken as it is", () => {
    expect(wholeDays(zone, { from: monday, to: monday + 7 * day }, monday + 30 * day)).toEqual({
      first,
      last: first + 6,
      part: 1,
      from: monday,
      to: monday + 7 * day,
      moved: false,
    });
  });
  it("ninety days back from now are ninety days: the one it begins in is left out, today counts up to now", () => {
    const now = monday + 9 * hour;
    expect(wholeDays(zone, { from: now - 90 * day, to: now }, now)).toEqual({
      first: first - 89,
      last: first,
      part: 9 / 24,
      from: monday - 89 * day,
      to: now,
      moved: true,
    });
  });
  it("a day that the end cuts is counted whole, and one day is at least that day", () => {
    const now = monday + 30 * day;
    expect(wholeDays(zone, { from: monday, to: monday + 10 * hour }, now)).toMatchObject({
      first,
      last: first,
      part: 1,
      moved: true,
    });
    expect(wholeDays(zone, { from: monday + hour, to: monday + 10 * hour }, now)).toMatchObject({
      first,
      last: first,
      from: monday,
    });
  });
  it("never reaches further back than five years, nor past now", () => {
    const days = wholeDays(zone, { from: -9e15, to: 9e15 }, monday);
    expect(days.last).toBe(first - 1);
    expect(days.last - days.first).toBe(5 * 366 - 1);
    expect(wholeDays(zone, { from: 9e15, to: 9e15 }, monday + hour)).toMatchObject({ first, last: first });
  });
});
