import { describe, expect, it } from "vitest";
import { always, compileCalendar } from "./calendar.ts";
import { dueAt, isRelative, parseTarget, type Target } from "./calendar-target.ts";

const [minute, h, day] = [60_000, 3_600_000, 86_400_000];

describe("with a calendar", () => {
  it.each([
    ["PT8H", { kind: "open_time", ms: 8 * h }],
    ["8h", { kind: "open_time", ms: 8 * h }],
    ["pt5m", { kind: "open_time", ms: 5 * minute }],
    ["PT1H30M", { kind: "open_time", ms: 1.5 * h }],
    ["PT0.5H", { kind: "open_time", ms: h / 2 }],
    ["1.5 h", { kind: "open_time", ms: 1.5 * h }],
    ["90s", { kind: "open_time", ms: 90_000 }],
    ["P1D", { kind: "business_days", days: 1 }],
    ["1bd", { kind: "business_days", days: 1 }],
    ["P10D", { kind: "business_days", days: 10 }],
    ["P2W", { kind: "business_days", days: 10 }],
    ["eod", { kind: "end_of_business_day", days: 0 }],
    ["2eod", { kind: "end_of_business_day", days: 2 }],
    ["1bd 16:00", { kind: "time_on_business_day", days: 1, minute: 960 }],
  ] satisfies [string, Target][])("%s", (text, target) => expect(parseTarget(text, true)).toEqual(target));
  it("bare days are the units trap and are refused with what to write", () =>
    expect(parseTarget("3d", true)).toEqual({
      code: "BAD_DURATION",
      text: "“3d”: with a calendar write 3bd for business days, or hours.",
    }));
});

describe("without a calendar a day has 24 hours", () => {
  it.each([
    ["P1D", day],
    ["1bd", day],
    ["1d", day],
    ["P1W", 7 * day],
    ["P1DT2H", 26 * h],
    ["PT8H", 8 * h],
  ])("%s", (text, ms) => expect(parseTarget(text, false)).toEqual({ kind: "open_time", ms }));
  it.each(["eod", "1bd 16:00"])("%s needs one", (text) =>
    expect(parseTarget(text, false)).toMatchObject({
      code: "BAD_DURATION",
      text: expect.stringContaining("needs a calendar"),
    }),
  );
});

it.each([
  "",
  "soon",
  "P",
  "PT",
  "P1DT",
  "P1M",
  "P1Y",
  "0h",
  "PT0S",
  "P0D",
  "0bd",
  "-1h",
  "1.5bd",
  "P1DT2H",
  "1bd 25:00",
  "PT99999999H",
  "9999bd",
  "1e3h",
  "NaNh",
])("“%s” is refused", (text) => {
  const result = parseTarget(text, true);
  expect(result).toMatchObject({ code: "BAD_DURATION" });
  expect("text" in result && result.text).toMatch(/[.]$/);
});

describe("due", () => {
  const nineToFive = [{ from: "09:00", to: "17:00" }];
  const result = compileCalendar(
    { week: { mon: nineToFive, tue: nineToFive, wed: nineToFive, thu: nineToFive, fri: nineToFive } },
    "Europe/Berlin",
  );
  if (!result.ok) throw new Error("refused");
  const start = Date.parse("2026-03-06T15:00+01:00");
  it.each([
    [{ kind: "open_time", ms: 4 * h }, "2026-03-09T11:00+01:00"],
    [{ kind: "business_days", days: 2 }, "2026-03-10T15:00+01:00"],
    [{ kind: "end_of_business_day", days: 0 }, "2026-03-06T17:00+01:00"],
    [{ kind: "end_of_business_day", days: 1 }, "2026-03-09T17:00+01:00"],
    [{ kind: "time_on_business_day", days: 1, minute: 960 }, "2026-03-09T16:00+01:00"],
    [{ kind: "time_on_business_day", days: 1, minute: 1020 }, "2026-03-09T17:00+01:00"],
    [{ kind: "time_on_business_day", days: 1, minute: 1080 }, "2026-03-10T09:00+01:00"],
    [{ kind: "instant", at: Date.parse("2026-03-10T12:00+01:00") }, "2026-03-10T12:00+01:00"],
    [{ kind: "instant", at: Date.parse("2026-03-08T12:00+01:00") }, "2026-03-09T09:00+01:00"],
  ] satisfies [Target, string][])("%o", (target, due) =>
    expect(dueAt(result.calendar, target, start)).toBe(Date.parse(due)),
  );
  it("only points in time are relative: their clocks cannot be paused", () => {
    expect(
      [
        { kind: "open_time", ms: h },
        { kind: "business_days", days: 1 },
      ].map((t) => isRelative(t as Target)),
    ).toEqual([false, false]);
    expect(isRelative({ kind: "end_of_business_day", days: 1 })).toBe(true);
  });
  it("without a calendar ten hours from 10:30 are 20:30", () =>
    expect(dueAt(always, { kind: "open_time", ms: 10 * h }, Date.parse("2026-03-03T10:30Z"))).toBe(
      Date.parse("2026-03-03T20:30Z"),
    ));
});
