/** FEEL's own values: how they are read, how they are written, and what is none. */
import { describe, expect, it } from "vitest";
import {
  dateTextOf,
  type FeelValue,
  instantOf,
  instantOfFeel,
  isContext,
  isDate,
  isDateTime,
  isDuration,
  isFunction,
  isRange,
  isTagged,
  isTime,
  makeDate,
  makeDateTime,
  makeDuration,
  makeFunction,
  makeMonths,
  makeRange,
  makeTime,
  parseDate,
  parseDateTime,
  parseDuration,
  parseTime,
  startOfFeelDate,
  textOf,
  toFeel,
  toFeelDate,
  toFeelDateTime,
} from "./value.ts";

const hour = 3_600_000;
const day = 24 * hour;

describe("dates", () => {
  it.each([
    ["2026-03-02", 20514],
    ["1970-01-01", 0],
    ["1969-12-31", -1],
    ["2024-02-29", 19782],
    ["0000-01-01", -719528],
    ["12026-03-02", 3672939],
    ["0050-05-05", -701141],
    ["-2026-03-02", -1459449],
  ])("%s is read and written", (text, days) => {
    expect(parseDate(text)).toMatchObject({ kind: "date", day: days, text });
  });

  it.each([
    "2026-02-30",
    "2026-13-01",
    "2026-00-01",
    "12026-00-10",
    "12026-13-01",
    "12026-02-30",
    "02026-03-02",
    "-02026-03-02",
    "2026-3-2",
    "226-03-02",
    "2026-03-02Z",
    " 2026-03-02",
    "1234567890-01-01",
    "999999999-01-01",
  ])("%s is none", (text) => {
    expect(parseDate(text)).toBeNull();
  });

  it("stop where no calendar is kept any more", () => {
    expect(makeDate(365_000_001)).toBeNull();
    expect(makeDate(-365_000_001)).toBeNull();
    expect(toFeelDate("2026-03-02")).toMatchObject({ day: 20514 });
  });
});

describe("times", () => {
  it.each([
    ["09:30:00", "09:30:00", 9.5 * hour, null, null],
    ["23:59:59.120", "23:59:59.12", day - 880, null, null],
    ["00:00:00.0009", "00:00:00", 0, null, null],
    ["09:30:00Z", "09:30:00Z", 9.5 * hour, 0, null],
    ["09:30:00z", "09:30:00Z", 9.5 * hour, 0, null],
    ["09:30:00+07:00", "09:30:00+07:00", 9.5 * hour, 7 * hour, null],
    ["09:30:00-05:30", "09:30:00-05:30", 9.5 * hour, -5.5 * hour, null],
    ["09:30:00+18:59:58", "09:30:00+18:59:58", 9.5 * hour, 19 * hour - 2000, null],
    ["09:30:00@Asia/Tokyo", "09:30:00@Asia/Tokyo", 9.5 * hour, null, "Asia/Tokyo"],
  ])("%s is read and written as %s", (text, written, ms, offset, zone) => {
    expect(parseTime(text)).toEqual({ kind: "time", ms, offset, zone, text: written });
  });

  it.each([
    "24:00:00",
    "09:60:00",
    "09:30:60",
    "9:30:00",
    "09:30",
    "09:30:00+19:00",
    "09:30:00+07:60",
    "09:30:00@Nowhere/Land",
    "09:30:00 Z",
    "T09:30:00",
  ])("%s is none", (text) => {
    expect(parseTime(text)).toBeNull();
  });

  it("go round at midnight", () => {
    expect(makeTime(25 * hour, null, null).text).toBe("01:00:00");
    expect(makeTime(-hour, null, null).text).toBe("23:00:00");
    expect(makeTime(day, 0, null)).toMatchObject({ ms: 0, text: "00:00:00Z" });
  });
});

describe("dates with a time", () => {
  const noon = Date.UTC(2026, 2, 2, 12);
  it.each([
    ["2026-03-02T12:00:00", "2026-03-02T12:00:00", noon, null, null],
    ["2026-03-02", "2026-03-02T00:00:00", noon - 12 * hour, null, null],
    ["2026-03-02T24:00:00", "2026-03-03T00:00:00", noon + 12 * hour, null, null],
    ["2026-03-02T24:00:00Z", "2026-03-03T00:00:00Z", noon + 12 * hour, 0, null],
    ["2026-03-02T12:00:00.5+07:00", "2026-03-02T12:00:00.5+07:00", noon + 500, 7 * hour, null],
    // A zone has the offset of that day: New York is in winter time on 2 March and in summer time on 20 March.
    [
      "2026-03-02T12:00:00@America/New_York",
      "2026-03-02T12:00:00@America/New_York",
      noon,
      -5 * hour,
      "America/New_York",
    ],
    [
      "2026-03-20T12:00:00@America/New_York",
      "2026-03-20T12:00:00@America/New_York",
      noon + 18 * day,
      -4 * hour,
      "America/New_York",
    ],
    ["-0001-03-02T12:00:00Z", "-0001-03-02T12:00:00Z", Date.UTC(-1, 2, 2, 12), 0, null],
  ])("%s is read and written as %s", (text, written, wall, offset, zone) => {
    expect(parseDateTime(text)).toEqual({ kind: "dateTime", wall, offset, zone, text: written });
  });

  it.each([
    "2026-03-02T24:00:01",
    "2026-03-02T25:00:00",
    "2026-02-30T12:00:00",
    "2026-02-30",
    "2026-03-02 12:00:00",
    "T12:00:00",
    "2026-03-02T",
  ])("%s is none", (text) => {
    expect(parseDateTime(text)).toBeNull();
  });

  it("stop where no calendar is kept any more", () => {
    expect(makeDateTime(Infinity, null, null)).toBeNull();
    expect(makeDateTime(100_000_001 * day, null, null)).toBeNull();
    expect(makeDateTime(-100_000_001 * day, null, null)).toBeNull();
  });

  it("are an instant by their zone, their offset, or the zone that is asked for", () => {
    const at = (text: string) => instantOf(parseDateTime(text)!, "Asia/Ho_Chi_Minh");
    expect(at("2026-03-02T12:00:00")).toBe(noon - 7 * hour);
    expect(at("2026-03-02T12:00:00Z")).toBe(noon);
    expect(at("2026-03-02T12:00:00+02:00")).toBe(noon - 2 * hour);
    expect(at("2026-03-02T12:00:00@America/New_York")).toBe(noon + 5 * hour);
    expect(toFeelDateTime(noon)).toMatchObject({ wall: noon, offset: 0, text: "2026-03-02T12:00:00Z" });
  });
});

describe("durations", () => {
  it.each([
    ["P1D", day, "P1D"],
    ["-P1D", -day, "-P1D"],
    ["PT0S", 0, "PT0S"],
    ["P0D", 0, "PT0S"],
    ["PT36H", 1.5 * day, "P1DT12H"],
    ["PT90M", 1.5 * hour, "PT1H30M"],
    ["PT90S", 90_000, "PT1M30S"],
    ["PT0.5S", 500, "PT0.5S"],
    ["P2DT3H4M5.25S", 2 * day + 3 * hour + 4 * 60_000 + 5250, "P2DT3H4M5.25S"],
    ["P1DT24H", 2 * day, "P2D"],
  ])("%s is days and time, written %s", (text, ms, written) => {
    expect(parseDuration(text)).toEqual({ kind: "duration", ms, months: null, text: written });
  });

  it.each([
    ["P1Y", 12, "P1Y"],
    ["P1M", 1, "P1M"],
    ["P14M", 14, "P1Y2M"],
    ["-P1Y6M", -18, "-P1Y6M"],
    ["P0M", 0, "P0M"],
    ["P0Y", 0, "P0M"],
    ["-P24M", -24, "-P2Y"],
  ])("%s is years and months, written %s", (text, months, written) => {
    expect(parseDuration(text)).toEqual({ kind: "duration", months, ms: null, text: written });
  });

  it.each(["P", "PT", "P1DT", "P1Y1D", "P1H", "1D", "PT1.5H", "p1d", "P-1D", "P1M2Y", "-P", ""])(
    "“%s” is none",
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );
});

describe("what a value is", () => {
  const all: [string, FeelValue][] = [
    ["date", makeDate(1)],
    ["time", makeTime(1, null, null)],
    ["dateTime", makeDateTime(1, null, null)],
    ["duration", makeDuration(1)],
    ["months", makeMonths(1)],
    ["range", makeRange(1, 2, false, false)],
    ["function", makeFunction(["a"], () => null)],
    ["context", { a: 1 }],
    // What somebody else calls `kind` is a field like any other.
    ["lookalike", { kind: "date", day: 1, text: "no" }],
    ["frozen", Object.freeze({ kind: "invoice" })],
    ["list", [1]],
    ["null", null],
    ["text", "a"],
    ["number", 1],
  ];
  const those = (is: (value: FeelValue) => boolean) => all.filter(([, value]) => is(value)).map(([name]) => name);

  it("is told by its tag, which no context of a user has", () => {
    expect(those(isTagged)).toEqual(["date", "time", "dateTime", "duration", "months", "range", "function"]);
    expect(those(isContext)).toEqual(["context", "lookalike", "frozen"]);
    expect([isDate, isTime, isDateTime, isDuration, isRange, isFunction].map(those)).toEqual([
      ["date"],
      ["time"],
      ["dateTime"],
      ["duration", "months"],
      ["range"],
      ["function"],
    ]);
  });

  it("is written inside another as it would be typed", () => {
    const values: FeelValue[] = [
      null,
      true,
      1.5,
      'say "a"',
      [1, "a", [null]],
      { a: 1, b: { c: "x" } },
      {},
      parseDate("2026-03-02"),
      makeRange(1, 5, false, true),
      makeRange("a", null, true, false),
      makeRange(null, 5, true, true, "<"),
      makeRange(5, null, true, true, ">="),
      makeFunction(null, () => null),
    ];
    expect(values.map(textOf)).toEqual([
      "null",
      "true",
      "1.5",
      '"say \\"a\\""',
      '[1, "a", [null]]',
      '{a: 1, b: {c: "x"}}',
      "{}",
      "2026-03-02",
      "[1..5)",
      '("a"..null]',
      "<5",
      ">=5",
      "function",
    ]);
  });

  it("comes from what is stored by the type of its field", () => {
    expect(toFeel("2026-03-02", "date")).toMatchObject({ kind: "date", day: 20514 });
    expect(toFeel("2026-03-02")).toBe("2026-03-02");
    expect(toFeel(20514, "date")).toBe(20514);
    expect(toFeel(0, "datetime")).toMatchObject({ text: "1970-01-01T00:00:00Z" });
    expect(toFeel("2026-03-02T12:00:00", "datetime")).toMatchObject({ text: "2026-03-02T12:00:00", offset: null });
    expect(toFeel(true, "datetime")).toBeNull();
    expect([
      toFeel(null),
      toFeel(undefined),
      toFeel(NaN),
      toFeel(-Infinity),
      toFeel(() => 1),
      toFeel(Symbol("a")),
    ]).toEqual([null, null, null, null, null, null]);
    expect([toFeel(false), toFeel(""), toFeel(0), toFeel([1, [NaN], "a"])]).toEqual([false, "", 0, [1, [null], "a"]]);
    const context = toFeel({ a: 1, b: { c: undefined } });
    expect(textOf(context)).toBe("{a: 1, b: {c: null}}");
    expect(Object.getPrototypeOf(context)).toBeNull();
  });

  it("is a day or an instant only where it is a date", () => {
    const at = parseDateTime("2026-03-02T12:00:00")!;
    const date = parseDate("2026-03-02")!;
    expect([date, at, "2026-03-02", 5, null].map((value) => startOfFeelDate(value, "Asia/Tokyo"))).toEqual([
      Date.UTC(2026, 2, 1, 15),
      null,
      null,
      null,
      null,
    ]);
    expect([date, at, "2026-03-02", 5, null].map((value) => instantOfFeel(value, "Asia/Tokyo"))).toEqual([
      null,
      Date.UTC(2026, 2, 2, 3),
      null,
      null,
      null,
    ]);
    expect([date, at, "2026-03-02", 5, null].map(dateTextOf)).toEqual(["2026-03-02", "2026-03-02", null, null, null]);
  });
});
