import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
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
  describe("how often it repeats", () => {
    const dates = (first: string, rule: string, ...more: string[]) => {
      const list = read(
        ics([`DTSTART;VALUE=DATE:${first}`, `RRULE:${rule}`, ...more], ["DTSTART;VALUE=DATE:20000101"]),
      );
      return list.skipped ? "not read" : list.days.map(({ date }) => date).filter((date) => date !== "2000-01-01");
    };
    it("each day and each second day, each week on its own weekday", () => {
      expect(dates("20260105", "FREQ=DAILY;COUNT=3")).toEqual(["2026-01-05", "2026-01-06", "2026-01-07"]);
      expect(dates("20260105", "FREQ=DAILY;INTERVAL=2;COUNT=2")).toEqual(["2026-01-05", "2026-01-07"]);
      expect(dates("20260105", "FREQ=DAILY;UNTIL=20260106T000000Z")).toEqual(["2026-01-05", "2026-01-06"]);
      // 5 January 2026 is a Monday.
      const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
      for (const [i, weekday] of weekdays.entries())
        expect(dates(`2026010${5 + i}`.slice(-8), `FREQ=WEEKLY;COUNT=2;BYDAY=${weekday}`)).toEqual(
          i < 5 ? [`2026-01-0${5 + i}`, `2026-01-${12 + i}`] : "not read",
        );
      expect(dates("20260110", "FREQ=WEEKLY;COUNT=2;BYDAY=SA;WKST=SU")).toEqual(["2026-01-10", "2026-01-17"]);
      expect(dates("20260111", "FREQ=WEEKLY;COUNT=2;BYDAY=SU")).toEqual(["2026-01-11", "2026-01-18"]);
      expect(dates("20260105", "FREQ=WEEKLY;COUNT=2;BYDAY=TU")).toBe("not read");
      expect(dates("20260105", "FREQ=DAILY;COUNT=2;BYDAY=MO")).toBe("not read");
      expect(dates("20260105", "FREQ=DAILY;COUNT=2;BYMONTH=1")).toBe("not read");
      expect(dates("20260105", "FREQ=DAILY;COUNT=2;BYMONTHDAY=5")).toBe("not read");
    });
    it("in several months, on several days, on several weekdays, in their order", () => {
      expect(dates("20260201", "FREQ=YEARLY;BYMONTH=8,2;COUNT=3")).toEqual(["2026-02-01", "2026-08-01", "2027-02-01"]);
      expect(dates("20260105", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=6,5;COUNT=2")).toEqual(["2026-01-05", "2026-01-06"]);
      expect(dates("20260105", "FREQ=YEARLY;BYMONTH=1;BYDAY=1TU,1MO;COUNT=2")).toEqual(["2026-01-05", "2026-01-06"]);
      // Days before the first are none.
      expect(dates("20260201", "FREQ=YEARLY;BYMONTH=1,2;COUNT=1")).toEqual(["2026-02-01"]);
      for (const [weekday, first] of [
        ["TU", "20260106"],
        ["WE", "20260107"],
        ["FR", "20260102"],
        ["SA", "20260103"],
        ["SU", "20260104"],
      ] as const)
        expect(dates(first, `FREQ=YEARLY;BYMONTH=1;BYDAY=1${weekday};COUNT=1`)).toEqual([
          `${first.slice(0, 4)}-${first.slice(4, 6)}-${first.slice(6)}`,
        ]);
    });
    it("until 2040, where it has no end, and a day that some years lack only in those that have it", () => {
      const found = dates("20300105", "FREQ=YEARLY;INTERVAL=5");
      expect(found).toEqual(["2030-01-05", "2035-01-05", "2040-01-05"]);
      expect(dates("20240229", "FREQ=YEARLY;UNTIL=20330101")).toEqual(["2024-02-29", "2028-02-29", "2032-02-29"]);
    });
    it("in a way that is not read", () => {
      for (const rule of [
        "FREQ=MONTHLY",
        "FREQ=YEARLY;BYSETPOS=1",
        "FREQ=YEARLY;BYSETPOS=1;COUNT=2",
        "FREQ=YEARLY;BYDAY=1MO",
        "FREQ=YEARLY;BYDAY=1MO;COUNT=2",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYMONTH=0",
        "FREQ=YEARLY;BYMONTH=13;COUNT=2",
        "FREQ=YEARLY;BYMONTHDAY=0",
        "FREQ=YEARLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYMONTHDAY=-1;COUNT=2",
        "FREQ=YEARLY;BYMONTHDAY=1.5;COUNT=2",
        "FREQ=YEARLY;BYMONTH=1;BYDAY=9MO;COUNT=2",
        "FREQ=YEARLY;INTERVAL=0;COUNT=2",
        "FREQ=YEARLY;INTERVAL=1.5;COUNT=2",
        "FREQ=YEARLY;INTERVAL=x",
        "FREQ=YEARLY;COUNT=0",
        "FREQ=YEARLY;UNTIL=soon",
        "nonsense",
      ])
        expect([rule, dates("20260105", rule)]).toEqual([rule, "not read"]);
    });
    it("each year for ever, in each month, on each weekday", () => {
      const rule = (first: string, text: string) =>
        read(ics([`DTSTART;VALUE=DATE:${first}`, `RRULE:FREQ=YEARLY;${text}`])).rules[0];
      expect(rule("20260131", "BYMONTH=1")).toEqual({ kind: "date", month: 1, day: 31 });
      expect(rule("20261201", "BYMONTHDAY=1;INTERVAL=1")).toEqual({ kind: "date", month: 12, day: 1 });
      for (const [ics, ours] of [
        ["TU", "tue"],
        ["WE", "wed"],
        ["FR", "fri"],
        ["SA", "sat"],
        ["SU", "sun"],
      ] as const)
        expect(rule("20260101", `BYMONTH=12;BYDAY=+2${ics}`)).toEqual({
          kind: "weekday",
          month: 12,
          weekday: ours,
          nth: 2,
        });
    });
    it("with an exception or an extra day it is written out, and so are events of several days", () => {
      expect(dates("20380105", "FREQ=YEARLY", "EXDATE;VALUE=DATE:20390105")).toEqual(["2038-01-05", "2040-01-05"]);
      expect(dates("20390105", "FREQ=YEARLY", "RDATE;VALUE=DATE:20390201,20390203")).toEqual([
        "2039-01-05",
        "2039-02-01",
        "2039-02-03",
        "2040-01-05",
      ]);
      expect(dates("20390105", "FREQ=YEARLY", "DURATION:P2D")).toEqual([
        "2039-01-05",
        "2039-01-06",
        "2040-01-05",
        "2040-01-06",
      ]);
    });
  });
  it("how long it is: to the day before its end, so many days or weeks, never more than a year", () => {
    const many = (...lines: string[]) => {
      const list = read(ics(["DTSTART;VALUE=DATE:20240101", ...lines], ["DTSTART;VALUE=DATE:20000101"]));
      return list.skipped ? "not read" : list.days.length - 1;
    };
    expect(many("DTEND;VALUE=DATE:20240101")).toBe(1);
    expect(many("DTEND;VALUE=DATE:20231231")).toBe("not read");
    expect(many("DTEND;VALUE=DATE:20250101")).toBe(366);
    expect(many("DTEND;VALUE=DATE:20250102")).toBe("not read");
    expect(many("DURATION:P2W")).toBe(14);
    expect(many("DURATION:P1W2D")).toBe(9);
    expect(many("DURATION:P366D")).toBe(366);
    expect(many("DURATION:P367D")).toBe("not read");
    expect(many("DURATION:P0D")).toBe("not read");
    expect(many("DURATION:PT8H")).toBe("not read");
    // Without a first day there is nothing to close.
    expect(read(ics(["SUMMARY:Nothing"], ["DTSTART;VALUE=DATE:20260501"]))).toMatchObject({ skipped: 1 });
  });
  it("as programs write it: a mark at the beginning, small letters, blanks, long names, quotes around a parameter", () => {
    const list = read(
      `\uFEFF  ${ics(
        ["dtstart;value=date: 20260501", "Summary: May Day "],
        ['DTSTART;VALUE="DATE":20260502', `SUMMARY:${"x".repeat(100)}`],
        ["A LINE WITHOUT A COLON", "DTSTART;VALUE=DATE:20260503"],
      )}  `,
    );
    expect(list.days).toEqual([
      { date: "2026-05-01", name: "May Day" },
      { date: "2026-05-02", name: "x".repeat(80) },
      { date: "2026-05-03" },
    ]);
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
  it("names are trimmed and cut, a date said twice is one, anything else in the list is counted", () => {
    const list = read(
      JSON.stringify([
        { name: " Labour Day ", date: " 2026-05-01 " },
        { title: "y".repeat(100), date: "2026-05-02" },
        { name: "", date: "2026-05-03" },
        { name: "Again", date: "2026-05-01" },
        null,
        7,
        "2026-05-04",
      ]),
    );
    expect([list.days, list.skipped]).toEqual([
      [
        { date: "2026-05-01", name: "Labour Day" },
        { date: "2026-05-02", name: "y".repeat(80) },
        { date: "2026-05-03" },
        { date: "2026-05-04" },
      ],
      2,
    ]);
    expect(refused('{"US":null,"DE":7,"FR":{"events":7},"GB":{}}')).toMatch(/^There is no whole-day holiday/);
  });
  it("2,000 days are taken and 2,001 are not, in any of its lists", () => {
    const days = (n: number) => Array.from({ length: n }, (_, i) => dateOfDay(20_000 + i));
    expect(read(JSON.stringify(days(2000))).days).toHaveLength(2000);
    expect(refused(JSON.stringify({ US: days(1), DE: days(2001) }))).toMatch(/more than 2000 days/);
  });
  const shared = path.join(process.cwd(), "../shared/data/sla");
  it.skipIf(!existsSync(shared))("the shared files: seven countries, three divisions", () => {
    const lists = (name: string) => {
      const file = readHolidayFile(readFileSync(path.join(shared, name), "utf8"));
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
