/** What a calendar says, and the sentence for each thing it cannot say. */
import { expect, it } from "vitest";
import { type CalendarDefinition, readHours } from "./calendar-hours.ts";
import { dayOfDate } from "./zone.ts";

const nine = [{ from: "09:00", to: "17:00" }];
const told = (definition: CalendarDefinition) => {
  const read = readHours(definition);
  return read.ok ? "fine" : read.problems.map(({ code, text }) => `${code}: ${text}`);
};
const span = (from: string, to: string) => told({ week: { tue: [{ from, to }] } });
const bad = (from: string, to: string) => [
  `BAD_INTERVAL: tue: ${from}–${to} is not a span of a day. Write 09:00–17:00, at most to 24:00.`,
];

it("a span of a day", () => {
  expect(span("0:00", "24:00")).toBe("fine");
  expect(span("09:00", "09:00")).toEqual(bad("09:00", "09:00"));
  expect(span("09:00", "24:01")).toEqual(bad("09:00", "24:01"));
  expect(span("17:00", "09:00")).toEqual(bad("17:00", "09:00"));
  expect(span("9", "17:00")).toEqual(bad("9", "17:00"));
  expect(span("09:00", "x17:00")).toEqual(bad("09:00", "x17:00"));
  expect(span("09:00", "17:00x")).toEqual(bad("09:00", "17:00x"));
});
it("spans overlap when one begins before the other ended, in whatever order they are written", () => {
  const week = (...spans: [string, string][]) => told({ week: { wed: spans.map(([from, to]) => ({ from, to })) } });
  expect(week(["13:00", "17:00"], ["09:00", "13:00"])).toBe("fine");
  expect(week(["12:59", "17:00"], ["09:00", "13:00"])).toEqual(["OVERLAP: wed: 12:59–17:00 overlaps 09:00–13:00."]);
  expect(week(["09:00", "13:00"], ["12:59", "17:00"])).toEqual(["OVERLAP: wed: 12:59–17:00 overlaps 09:00–13:00."]);
});
it("each thing that is wrong, by its day or date", () => {
  expect(
    told({
      week: { mon: nine, fri: [{ from: "17:00", to: "9:00" }] },
      holidays: ["2026-02-30"],
      special: { soon: nine, "2026-12-24": [{ from: "1", to: "2" }] },
    }),
  ).toEqual([
    "BAD_INTERVAL: fri: 17:00–9:00 is not a span of a day. Write 09:00–17:00, at most to 24:00.",
    "BAD_DATE: “soon” is not a date. Write 2026-12-24.",
    "BAD_INTERVAL: 2026-12-24: 1–2 is not a span of a day. Write 09:00–17:00, at most to 24:00.",
    "BAD_DATE: “2026-02-30” is not a date. Write 2026-12-24.",
  ]);
  expect(told({ week: { mon: [] }, special: { "2026-01-01": [] } })).toEqual([
    "NO_HOURS: This calendar has no open hours, so nothing would ever be due.",
  ]);
  expect(told({ week: {}, special: { "2026-01-01": nine } })).toBe("fine");
});
it("a special day before a holiday before the week, in minutes of the day", () => {
  const read = readHours({
    week: { thu: [...nine, { from: "18:00", to: "24:00" }] },
    holidays: ["2026-12-24", "2026-12-31"],
    special: { "2026-12-24": [{ from: "8:30", to: "12:00" }], "2026-12-17": [] },
  });
  if (!read.ok) throw new Error("refused");
  const on = (date: string) => read.hours.on(dayOfDate(date)!);
  expect(["2026-12-10", "2026-12-11", "2026-12-17", "2026-12-24", "2026-12-31"].map(on)).toEqual([
    [540, 1020, 1080, 1440],
    [],
    [],
    [510, 720],
    [],
  ]);
});
it("is plain with nothing but its week", () => {
  const plain = (more: Omit<CalendarDefinition, "week">) => {
    const read = readHours({ week: { mon: nine }, ...more });
    return read.ok && read.hours.plain;
  };
  expect(plain({})).toBe(true);
  expect(plain({ holidays: ["2026-01-01"] })).toBe(false);
  expect(plain({ special: { "2026-01-01": [] } })).toBe(false);
});
