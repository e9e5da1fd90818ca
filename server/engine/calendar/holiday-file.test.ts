import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileCalendar, isOpen } from "./calendar.ts";
import { readHolidayFile } from "./holiday-file.ts";
import { dayOfRule, holidaysOf, hoursOf } from "./holidays.ts";
import type { ProcessCalendar } from "../process.ts";
import { dateOfDay } from "./zone.ts";

const ics = (...events: string[][]) =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    ...events.flatMap((lines) => ["BEGIN:VEVENT", ...lines, "END:VEVENT"]),
    "END:VCALENDAR",
  ].join("\r\n");
const read = (text: string) => {
  const file = readHolidayFile(text);
  if (!file.ok) throw new Error(file.text);
  return file.lists[0]!;
};
const refused = (text: string) => {
  const file = readHolidayFile(text);
  return file.ok ? null : file.text;
};

describe("an .ics file", () => {
  it("whole days, one or several: the end is the day after the last", () => {
    const list = read(
      ics(
        ["DTSTART;VALUE=DATE:20260501", "DTEND;VALUE=DATE:20260502", "SUMMARY:Labour Day"],
        ["DTSTART;VALUE=DATE:20260216", "DTEND;VALUE=DATE:20260221", "SUMMARY:Tết\\, the lunar\r\n  new year"],
        ["DTSTART;VALUE=DATE:20261224", "DURATION:P2D"],
        ["DTSTART;VALUE=DATE:20260902"],
      ),
    );
    expect(list.days).toEqual([
      ...[16, 17, 18, 19, 20].map((d) => ({ date: `2026-02-${d}`, name: "Tết, the lunar new year" })),
      { date: "2026-05-01", name: "Labour Day" },
      { date: "2026-09-02" },
      { date: "2026-12-24" },
      { date: "2026-12-25" },
    ]);
  });
  it("every year for ever: a rule of the calendar, by date or by weekday", () => {
    const list = read(
      ics(
        ["DTSTART;VALUE=DATE:20201225", "RRULE:FREQ=YEARLY", "SUMMARY:Christmas"],
        ["DTSTART;VALUE=DATE:20201126", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "SUMMARY:Thanksgiving"],
        ["DTSTART;VALUE=DATE:20200525", "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO"],
      ),
    );
    expect(list.rules).toEqual([
      { kind: "date", month: 12, day: 25, name: "Christmas" },
      { kind: "weekday", month: 11, weekday: "thu", nth: 4, name: "Thanksgiving" },
      { kind: "weekday", month: 5, weekday: "mon", nth: -1 },
    ]);
  });
  it("every year with an end, every second year, with exceptions and extra dates: written out", () => {
    const dates = (...lines: string[]) => read(ics(lines)).days.map(({ date }) => date);
    expect(dates("DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=YEARLY;COUNT=3")).toEqual([
      "2026-01-05",
      "2027-01-05",
      "2028-01-05",
    ]);
    expect(dates("DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=YEARLY;UNTIL=20270105")).toEqual([
      "2026-01-05",
      "2027-01-05",
    ]);
    expect(dates("DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=YEARLY;INTERVAL=2;COUNT=2")).toEqual([
      "2026-01-05",
      "2028-01-05",
    ]);
    expect(
      dates(
        "DTSTART;VALUE=DATE:20260105",
        "RRULE:FREQ=YEARLY;COUNT=3",
        "EXDATE;VALUE=DATE:20270105",
        "RDATE;VALUE=DATE:20270106",
      ),
    ).toEqual(["2026-01-05", "2027-01-06", "2028-01-05"]);
    expect(
      dates(
        "DTSTART;VALUE=DATE:20260525",
        "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=MO;BYMONTHDAY=25,26,27,28,29,30,31;COUNT=2",
      ),
    ).toEqual(["2026-05-25", "2027-05-31"]);
    expect(dates("DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=WEEKLY;COUNT=2")).toEqual(["2026-01-05", "2026-01-12"]);
    expect(dates("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY;COUNT=2")).toEqual(["2024-02-29", "2028-02-29"]);
  });
  it("what is no whole day, is cancelled, or repeats in a way we do not read is left out and counted", () => {
    const list = read(
      ics(
        ["DTSTART;VALUE=DATE:20260501"],
        ["DTSTART:20260502T090000Z", "DTEND:20260502T100000Z"],
        ["DTSTART;VALUE=DATE:20260503", "STATUS:CANCELLED"],
        ["DTSTART;VALUE=DATE:20260504", "RRULE:FREQ=MONTHLY;BYSETPOS=1"],
        ["DTSTART;VALUE=DATE:20260505", "DTEND;VALUE=DATE:20260401"],
      ),
    );
    expect([list.days, list.skipped]).toEqual([[{ date: "2026-05-01" }], 3]);
  });
  it("alarms inside an event and a name in quotes do not disturb it", () => {
    const list = read(
      ics([
        'DTSTART;VALUE=DATE;X-NOTE="a:b;c":20260501',
        "BEGIN:VALARM",
        "DTSTART;VALUE=DATE:20260601",
        "END:VALARM",
        "SUMMARY;LANGUAGE=en:May Day",
      ]),
    );
    expect(list.days).toEqual([{ date: "2026-05-01", name: "May Day" }]);
  });
});

describe("a list in JSON", () => {
  it("dates, dates with names, or several lists by country", () => {
    expect(read('["2026-12-25","2026-01-01","2026-12-25"]').days.map(({ date }) => date)).toEqual([
      "2026-01-01",
      "2026-12-25",
    ]);
    expect(read('[{"date":"2026-12-25","title":"Christmas"},{"when":"?"}]')).toMatchObject({
      days: [{ date: "2026-12-25", name: "Christmas" }],
      skipped: 1,
    });
    const file = readHolidayFile('{"US":["2026-07-04"],"DE":{"events":[{"date":"2026-10-03"}]},"source":"x"}');
    expect(file.ok && file.lists.map(({ name, days }) => [name, days.length])).toEqual([
      ["US", 1],
      ["DE", 1],
    ]);
  });
  const shared = new URL("../../../shared/data/sla/", import.meta.url);
  it.skipIf(!existsSync(shared))("the shared files: seven countries, three divisions", () => {
    const lists = (name: string) => {
      const file = readHolidayFile(readFileSync(new URL(name, shared), "utf8"));
      return file.ok ? file.lists.map((list) => [list.name, list.days.length > 10, list.skipped]) : file.text;
    };
    expect(lists("holidays-2025-2026.json")).toHaveLength(7);
    expect(lists("uk-bank-holidays.json")).toEqual([
      ["england-and-wales", true, 0],
      ["scotland", true, 0],
      ["northern-ireland", true, 0],
    ]);
  });
});

describe("a file that is not one is refused in a sentence", () => {
  for (const [name, text] of [
    ["empty", ""],
    ["a picture", "\u0089PNG\r\n\u001a\n"],
    ["broken JSON", "[1,"],
    ["JSON of something else", '{"a":1}'],
    ["a calendar without whole days", ics(["DTSTART:20260502T090000Z"])],
    ["cut off in the middle", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:2026"],
    ["impossible dates", '["2026-02-30","yesterday"]'],
    ["3 MB", "[".repeat(3_000_000)],
    ["too many days", JSON.stringify(Array.from({ length: 3000 }, (_, i) => dateOfDay(20_000 + i)))],
  ] as const)
    it(name, () => expect(refused(text)).toMatch(/^(This|There).*\.$/));
});

describe("holidays that come every year", () => {
  const dates = (rule: Parameters<typeof dayOfRule>[0], ...years: number[]) =>
    years.map((year) => {
      const day = dayOfRule(rule, year);
      return day === null ? null : dateOfDay(day);
    });
  it("a date, with where it is kept when it falls on a weekend", () => {
    // 4 July 2026 is a Saturday, in 2027 a Sunday.
    expect(dates({ kind: "date", month: 7, day: 4 }, 2026)).toEqual(["2026-07-04"]);
    expect(dates({ kind: "date", month: 7, day: 4, observed: "nearest" }, 2026, 2027)).toEqual([
      "2026-07-03",
      "2027-07-05",
    ]);
    expect(dates({ kind: "date", month: 7, day: 4, observed: "monday" }, 2026, 2027)).toEqual([
      "2026-07-06",
      "2027-07-05",
    ]);
    expect(dates({ kind: "date", month: 2, day: 29 }, 2027, 2028)).toEqual([null, "2028-02-29"]);
  });
  it("the n-th weekday of a month, also from its end", () => {
    expect(dates({ kind: "weekday", month: 11, weekday: "thu", nth: 4 }, 2025, 2026)).toEqual([
      "2025-11-27",
      "2026-11-26",
    ]);
    expect(dates({ kind: "weekday", month: 5, weekday: "mon", nth: -1 }, 2026)).toEqual(["2026-05-25"]);
    expect(dates({ kind: "weekday", month: 12, weekday: "thu", nth: -2 }, 2026)).toEqual(["2026-12-24"]);
    expect(dates({ kind: "weekday", month: 2, weekday: "mon", nth: 5 }, 2026)).toEqual([null]);
  });
  it("so many days from Easter", () => {
    expect(dates({ kind: "easter", days: -2 }, 2024, 2025, 2026)).toEqual(["2024-03-29", "2025-04-18", "2026-04-03"]);
    expect(dates({ kind: "easter", days: 50 }, 2026)).toEqual(["2026-05-25"]);
  });
  it("with a country's, days of one's own, and special hours that override them all", () => {
    const nine = [{ from: "09:00", to: "17:00" }];
    const calendar: ProcessCalendar = {
      zone: "UTC",
      week: { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine, sat: [], sun: [] },
      holidays: "GB",
      holidayRules: [{ kind: "date", month: 6, day: 1 }],
      closed: [{ date: "2026-06-02" }],
      special: [
        { date: "2026-12-25", hours: [{ from: "10:00", to: "12:00" }] },
        { date: "2026-06-03", hours: [] },
      ],
    };
    const compiled = compileCalendar(hoursOf(calendar, "GB"), "UTC");
    if (!compiled.ok) throw new Error("refused");
    const open = (text: string) => isOpen(compiled.calendar, Date.parse(`${text}Z`));
    expect(holidaysOf("GB")).toContain("2026-12-25");
    expect(["2026-12-25T11:00", "2026-12-25T14:00", "2026-12-28T11:00"].map(open)).toEqual([true, false, false]);
    expect(["2026-06-01T11:00", "2026-06-02T11:00", "2026-06-03T11:00", "2026-06-04T11:00"].map(open)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});
