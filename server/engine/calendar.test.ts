import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  addOpenTime,
  always,
  type BusinessCalendar,
  compileCalendar,
  dueAt,
  endOfBusinessDay,
  openTime,
  parseTarget,
  type Interval,
} from "./calendar.ts";
import { holidaysOf } from "./holidays.ts";
import { elapsed, nextTimers, pauseClock, resumeClock, startClock, status, stopClock } from "./sla.ts";

const at = (text: string) => Date.parse(text);
const week = (days: string[], ...spans: [string, string][]) =>
  Object.fromEntries(days.map((d) => [d, spans.map(([from, to]) => ({ from, to }))]));
const workdays = ["mon", "tue", "wed", "thu", "fri"];
const make = (spans: [string, string][], zone = "UTC", more = {}): BusinessCalendar => {
  const result = compileCalendar({ week: week(workdays, ...spans), ...more }, zone);
  if (!result.ok) throw new Error(result.problems[0]!.text);
  return result.calendar;
};
const h = 3_600_000;

describe("golden vectors", () => {
  const nineToFive = make([["09:00", "17:00"]]);
  it("(a) 14:00 to 09:00 of the next weekday: 3 h business, 19 h wall", () => {
    expect(openTime(nineToFive, at("2026-03-03T14:00Z"), at("2026-03-04T09:00Z"))).toBe(3 * h);
    expect(openTime(always, at("2026-03-03T14:00Z"), at("2026-03-04T09:00Z"))).toBe(19 * h);
  });
  it("(b) Friday 21:00 to Monday 09:30 on 08–17: 1.5 h business, 60.5 h wall; of 8 h 18.75 % against 756 %", () => {
    const calendar = make([["08:00", "17:00"]]);
    const [from, to] = [at("2026-03-06T21:00Z"), at("2026-03-09T09:30Z")];
    expect(openTime(calendar, from, to)).toBe(1.5 * h);
    expect(to - from).toBe(60.5 * h);
    expect((openTime(calendar, from, to) / (8 * h)) * 100).toBe(18.75);
    expect(Math.round(((to - from) / (8 * h)) * 100)).toBe(756);
  });
  it("(c) without a calendar 10 h from 10:30 are due 20:30", () =>
    expect(addOpenTime(always, at("2026-03-03T10:30Z"), 10 * h)).toBe(at("2026-03-03T20:30Z")));
  it("(d) 08–16, due Wednesday 20:30 moves to Thursday 08:00", () =>
    expect(openTime(make([["08:00", "16:00"]]), at("2026-03-04T20:30Z"), at("2026-03-05T08:00Z"))).toBe(0));
  it("a lead of Friday 18:10 with one hour on 08:30–18:30 Berlin is due Monday 09:10", () => {
    const berlin = make([["08:30", "18:30"]], "Europe/Berlin");
    expect(dueAt(berlin, { kind: "open_time", ms: h }, at("2026-03-06T18:10+01:00"))).toBe(
      at("2026-03-09T09:10+01:00"),
    );
  });
});

describe("days and durations", () => {
  const lunch = make(
    [
      ["09:00", "12:00"],
      ["13:00", "18:00"],
    ],
    "Asia/Ho_Chi_Minh",
    { holidays: ["2026-09-02"] },
  );
  it.each([
    ["1bd", "2026-03-03T10:00+07:00", "2026-03-04T10:00+07:00"],
    ["1bd", "2026-03-06T16:00+07:00", "2026-03-09T16:00+07:00"],
    ["1bd", "2026-03-07T16:00+07:00", "2026-03-10T09:00+07:00"],
    ["1bd", "2026-09-01T12:30+07:00", "2026-09-03T13:00+07:00"],
    ["P2D", "2026-03-03T10:00+07:00", "2026-03-05T10:00+07:00"],
    ["PT4H", "2026-03-03T11:00+07:00", "2026-03-03T16:00+07:00"],
    ["90m", "2026-03-03T11:00+07:00", "2026-03-03T13:30+07:00"],
  ])("%s from %s is due %s", (text, start, due) => {
    const target = parseTarget(text, true);
    if (!("kind" in target)) throw new Error(target.text);
    expect(new Date(dueAt(lunch, target, at(start))).toISOString()).toBe(new Date(at(due)).toISOString());
  });
  it("bare days with a calendar are refused, with a hint", () =>
    expect(parseTarget("3d", true)).toMatchObject({ code: "BAD_DURATION" }));
  it("a calendar without hours, with an unknown zone or overlapping spans is refused", () => {
    expect(compileCalendar({ week: {} }, "UTC")).toMatchObject({ ok: false, problems: [{ code: "NO_HOURS" }] });
    expect(compileCalendar({ week: week(workdays, ["09:00", "17:00"]) }, "Mars/Base")).toMatchObject({
      ok: false,
      problems: [{ code: "UNKNOWN_ZONE" }],
    });
    expect(compileCalendar({ week: week(["mon"], ["09:00", "12:00"], ["11:00", "17:00"]) }, "UTC")).toMatchObject({
      ok: false,
      problems: [{ code: "OVERLAP" }],
    });
  });
});

describe("a clock", () => {
  const calendar = make([["09:00", "17:00"]]);
  const clock = startClock(
    {
      policy: "first_touch",
      cycle: 1,
      startedAt: at("2026-03-06T15:00Z"),
      target: { kind: "open_time", ms: 4 * h },
      rungs: [50, 75],
      calendar: null,
    },
    calendar,
  );
  it("is due Monday 11:00 and rings at 50 %, 75 % and 1 ms after due", () => {
    expect(nextTimers(clock, calendar).map((t) => [t.rung, new Date(t.at).toISOString()])).toEqual([
      [50, "2026-03-06T17:00:00.000Z"],
      [75, "2026-03-09T10:00:00.000Z"],
      ["breach", "2026-03-09T11:00:00.001Z"],
    ]);
  });
  it("a pause over the weekend moves it by the open time of the pause", () => {
    const paused = pauseClock(clock, calendar, at("2026-03-06T16:00Z"));
    expect([paused.dueAt, status(paused, at("2026-03-08T00:00Z"))]).toEqual([undefined, "paused"]);
    const resumed = resumeClock(paused, calendar, at("2026-03-09T12:00Z"));
    expect(resumed.dueAt).toBe(at("2026-03-09T15:00Z"));
    expect(elapsed(resumed, calendar, at("2026-03-09T13:00Z"))).toEqual({ wall: 2 * h, business: 2 * h });
  });
  it("exactly at due it is not breached; a millisecond later it is, and stopping late is a miss", () => {
    expect(status(clock, at("2026-03-09T11:00Z"))).toBe("at_risk");
    expect(status(clock, at("2026-03-09T11:00Z") + 1)).toBe("breached");
    expect(status(stopClock(clock, calendar, at("2026-03-09T12:00Z")), at("2026-03-10T00:00Z"))).toBe("missed");
    expect(status(stopClock(clock, calendar, at("2026-03-09T11:00Z")), at("2026-03-10T00:00Z"))).toBe("met");
  });
});

const file = path.join(process.cwd(), "../shared/data/sla/sla_cases.shared.json");
type Case = {
  id: string;
  calendar: string;
  start_utc: string;
  unit: string;
  amount: number;
  pauses: { from: string; to: string | null }[];
  due_utc: string | null;
};
type Definition = {
  timezone: string;
  hours: Record<string, [string, string][]>;
  holidays?: string[];
  special_hours?: Record<string, [string, string][]>;
};
describe.runIf(existsSync(file))("the shared cases", () => {
  const data = (
    existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { calendars: {}, cases: [], elapsed_cases: [] }
  ) as {
    calendars: Record<string, Definition>;
    cases: Case[];
    elapsed_cases: {
      id: string;
      calendar: string;
      from_utc: string;
      to_utc: string;
      pauses: { from: string; to: string }[];
      business_seconds: number;
    }[];
  };
  const spans = (list: [string, string][]): Interval[] => list.map(([from, to]) => ({ from, to }));
  const calendars = Object.fromEntries(
    Object.entries(data.calendars).map(([name, d]) => {
      const result = compileCalendar(
        {
          week: Object.fromEntries(Object.entries(d.hours).map(([k, v]) => [k, spans(v)])),
          holidays: d.holidays ?? [],
          special: Object.fromEntries(Object.entries(d.special_hours ?? {}).map(([k, v]) => [k, spans(v)])),
        },
        d.timezone,
      );
      if (!result.ok) throw new Error(result.problems[0]!.text);
      return [name, result.calendar];
    }),
  );
  it.each(data.cases.map((c) => [c.id, c] as const))("%s is due to the second", (_, c) => {
    const calendar = calendars[c.calendar]!;
    const start = at(c.start_utc);
    if (c.unit === "calendar_seconds") return expect(start + c.amount * 1000).toBe(at(c.due_utc!));
    if (c.unit === "business_days_eod") return expect(endOfBusinessDay(calendar, start, c.amount)).toBe(at(c.due_utc!));
    let clock = startClock(
      {
        policy: "p",
        cycle: 1,
        startedAt: start,
        target: { kind: "open_time", ms: c.amount * 1000 },
        rungs: [],
        calendar: null,
      },
      calendar,
    );
    const pauses = merged(
      c.pauses
        .map(
          (p) => [Math.max(start, at(p.from)), p.to === null ? Number.POSITIVE_INFINITY : at(p.to)] as [number, number],
        )
        .filter(([from, to]) => to > start && to > from),
    );
    for (const [from, to] of pauses) {
      if (clock.dueAt !== undefined && clock.dueAt <= from) break;
      clock = pauseClock(clock, calendar, from);
      if (Number.isFinite(to)) clock = resumeClock(clock, calendar, to);
    }
    expect(clock.dueAt ?? null).toBe(c.due_utc === null ? null : at(c.due_utc));
  });
  it.each(data.elapsed_cases.map((c) => [c.id, c] as const))("%s has its elapsed time", (_, c) => {
    const calendar = calendars[c.calendar]!;
    const [from, to] = [at(c.from_utc), at(c.to_utc)];
    const paused = merged(
      c.pauses
        .map((p) => [Math.max(from, at(p.from)), Math.min(to, at(p.to))] as [number, number])
        .filter(([a, b]) => b > a),
    ).reduce((sum, [a, b]) => sum + openTime(calendar, a, b), 0);
    expect((openTime(calendar, from, to) - paused) / 1000).toBe(c.business_seconds);
  });
});

function merged(spans: [number, number][]): [number, number][] {
  const out: [number, number][] = [];
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

it("knows the public holidays of the countries it names", () => {
  expect(holidaysOf("US")).toContain("2026-07-03");
  expect(holidaysOf("GB")).toContain("2026-04-06");
  expect(holidaysOf("VN")).toContain("2026-02-17");
  expect(holidaysOf("ZZ")).toEqual([]);
});
