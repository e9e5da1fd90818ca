import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { always, compileCalendar } from "@/server/engine/calendar/calendar.ts";
import { type BottleneckInput, bottlenecks, type ClockFacts } from "./bottlenecks.ts";
import type { VisitFacts } from "./measure.ts";

const hour = 3_600_000;
const day = 24 * hour;
const nine = [{ from: "09:00", to: "17:00" }];
const office = compileCalendar(
  { week: { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine, sat: [], sun: [] }, holidays: [] },
  "UTC",
);
if (!office.ok) throw new Error("the office has no hours");
/** Monday, 2 November 2026. */
const monday = Date.UTC(2026, 10, 2);

let count = 0;
const visit = (facts: Partial<VisitFacts> & { enteredAt: number }): VisitFacts => ({
  runId: `run_${++count}`,
  visit: "v1",
  recordId: `opp_${count}`,
  node: "legal",
  kind: "task",
  version: 1,
  owner: "mem_a",
  startedAt: null,
  leftAt: null,
  pausedAt: null,
  pauses: [],
  touchMs: 0,
  skipped: false,
  cancelled: false,
  rework: false,
  startRecorded: true,
  valueAtRisk: 1000,
  breachedAt: null,
  dueAt: null,
  calendar: null,
  zone: null,
  outcome: null,
  ...facts,
});
const input = (visits: VisitFacts[], more: Partial<BottleneckInput> = {}): BottleneckInput => ({
  visits,
  clocks: [],
  calendarOf: () => always,
  from: monday,
  to: monday + 28 * day,
  now: monday + 28 * day,
  defaultValue: 0,
  ...more,
});

describe("delay contributed", () => {
  it("is the worked example of the rule book: visits × value-weighted wait × mean value", () => {
    const step = (node: string, n: number, wait: number, value: number) =>
      Array.from({ length: n }, () =>
        visit({
          node,
          enteredAt: monday,
          startedAt: monday + wait * day,
          leftAt: monday + wait * day,
          valueAtRisk: value,
        }),
      );
    const report = bottlenecks(
      input([
        ...step("discovery", 130, 0.5, 13_000),
        ...step("first_touch", 900, 0.3, 6_000),
        ...step("director", 60, 0.8, 55_000),
        ...step("legal", 40, 3.5, 60_000),
      ]),
    );
    expect(report.rows.map((r) => [r.rank, r.node, r.n, Math.round(r.delay), Math.round(r.share * 100)])).toEqual([
      [1, "legal", 40, 8_400_000, 62],
      [2, "director", 60, 2_640_000, 20],
      [3, "first_touch", 900, 1_620_000, 12],
      [4, "discovery", 130, 845_000, 6],
    ]);
    expect(Math.round(report.total)).toBe(13_505_000);
    for (const r of report.rows) expect(r.n * r.meanWait * r.meanValue).toBeCloseTo(r.delay, 3);
  });

  it("counts business days of the visit's own calendar", () => {
    // Friday 15:00 to Monday 11:00: two hours and two hours, half a day of eight.
    const friday = monday + 4 * day;
    const [row] = bottlenecks(
      input([visit({ enteredAt: friday + 15 * hour, startedAt: friday + 3 * day + 11 * hour })], {
        calendarOf: () => office.calendar,
        now: friday + 3 * day + 11 * hour,
      }),
    ).rows;
    expect(row!.meanWait).toBeCloseTo(0.5, 9);
  });

  it("leaves a paused visit out while it is paused", () => {
    const enteredAt = monday;
    const still = visit({ enteredAt, pausedAt: enteredAt });
    expect(bottlenecks(input([still])).rows[0]).toMatchObject({ delay: 0, wip: 1 });
  });

  it("gives waits and called processes none", () => {
    for (const kind of ["wait", "subprocess"])
      expect(bottlenecks(input([visit({ kind, enteredAt: monday, leftAt: monday + day })])).total).toBe(0);
  });

  it("grows by the day while a visit is open", () => {
    const open = [visit({ enteredAt: monday })];
    const delays = [1, 2, 3].map((days) => bottlenecks(input(open, { now: monday + days * day })).total);
    expect(delays).toEqual([1000, 2000, 3000]);
  });

  it("splits a visit at the border of two periods and loses nothing", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 1, max: 27 }),
        (begins, waits, touches, border) => {
          const enteredAt = monday + begins * 9 * hour;
          const startedAt = enteredAt + waits * 5 * hour;
          const leftAt = startedAt + touches * hour;
          const one = [visit({ enteredAt, startedAt, leftAt, touchMs: (touches * hour) / 3 })];
          const all = input(one, { calendarOf: () => office.calendar });
          const middle = monday + border * day;
          const parts = [
            { ...all, to: middle },
            { ...all, from: middle },
          ].map((part) => bottlenecks(part).total);
          expect(parts[0]! + parts[1]!).toBeCloseTo(bottlenecks(all).total, 6);
        },
      ),
      { seed: 20_261_125, numRuns: 200 },
    );
  });

  it("adds up over steps and over the owners of a step; halving every value halves every score and changes no rank", () => {
    const visits = Array.from({ length: 60 }, (_, i) =>
      visit({
        node: ["legal", "review", "sign"][i % 3]!,
        owner: `mem_${i % 4}`,
        enteredAt: monday + i * 3 * hour,
        startedAt: monday + i * 3 * hour + ((i * 7) % 11) * hour,
        leftAt: monday + i * 3 * hour + 12 * hour,
        valueAtRisk: 1000 + i * 50,
      }),
    );
    const report = bottlenecks(input(visits));
    expect(report.rows.reduce((sum, r) => sum + r.delay, 0)).toBeCloseTo(report.total, 6);
    const legal = report.rows.find((r) => r.node === "legal")!;
    const byOwner = [0, 1, 2, 3].map(
      (n) => bottlenecks(input(visits.filter((v) => v.node === "legal" && v.owner === `mem_${n}`))).total,
    );
    expect(byOwner.reduce((a, b) => a + b, 0)).toBeCloseTo(legal.delay, 6);
    const halved = bottlenecks(input(visits.map((v) => ({ ...v, valueAtRisk: v.valueAtRisk! / 2 }))));
    expect(halved.rows.map((r) => r.node)).toEqual(report.rows.map((r) => r.node));
    for (const [i, r] of halved.rows.entries()) expect(r.delay).toBeCloseTo(report.rows[i]!.delay / 2, 6);
  });
});

describe("what is too little to say", () => {
  const few = (n: number) =>
    Array.from({ length: n }, (_, i) =>
      visit({ enteredAt: monday + i * day, startedAt: monday + i * day + hour, leftAt: monday + i * day + hour }),
    );

  it("hides percentiles under five ended visits and says low certainty under twenty", () => {
    expect(bottlenecks(input(few(4))).rows[0]).toMatchObject({ waitP50: null, waitP85: null, certainty: "low" });
    expect(bottlenecks(input(few(5))).rows[0]!.waitP50).toBeCloseTo(1 / 24, 9);
    expect(bottlenecks(input(few(20))).rows[0]!.certainty).toBe("fair");
  });

  it("calls steps tied whose intervals overlap by more than half", () => {
    const twin = (node: string) => few(12).map((v, i) => ({ ...v, node, startedAt: v.enteredAt + (i + 1) * hour }));
    const { rows } = bottlenecks(input([...twin("a"), ...twin("b")]));
    expect(rows.map((r) => r.tied)).toEqual([true, true]);
  });
});

describe("clocks", () => {
  const clock = (facts: Partial<ClockFacts>): ClockFacts => ({
    node: "legal",
    sla: "first_pass",
    startedAt: monday,
    dueAt: monday + day,
    breachedAt: null,
    stoppedAt: null,
    state: "completed",
    ...facts,
  });

  it("count as met or breached; cancelled ones not, open ones once they are late", () => {
    const clocks = [
      clock({ stoppedAt: monday + hour }),
      clock({ stoppedAt: monday + 2 * day, breachedAt: monday + day }),
      clock({ state: "cancelled", stoppedAt: monday + hour }),
      clock({ state: "in_progress" }),
      clock({ state: "in_progress", dueAt: monday + 90 * day }),
    ];
    const [row] = bottlenecks(input([visit({ enteredAt: monday })], { clocks })).rows;
    expect(row).toMatchObject({ slaMet: 1, slaBreached: 2 });
    expect(row!.slaAttainment).toBeCloseTo(1 / 3, 9);
  });
});
