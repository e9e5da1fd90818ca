import { describe, expect, it } from "vitest";
import {
  addBusinessDays,
  addOpenTime,
  always,
  type BusinessCalendar,
  compileCalendar,
  endOfBusinessDay,
  insideHours,
  isOpen,
  meanOpenDay,
  neverDue,
  nextOpening,
  openTime,
} from "./calendar.ts";
import type { CalendarDefinition, Weekday } from "./calendar-hours.ts";

const at = (text: string) => Date.parse(text);
const iso = (instant: number) => new Date(instant).toISOString();
const h = 3_600_000;
const workdays: Weekday[] = ["mon", "tue", "wed", "thu", "fri"];
const everyDay: Weekday[] = [...workdays, "sat", "sun"];

/** `09:00-12:00 13:00-17:00` on those days, in a zone. */
function hours(
  spans: string,
  zone = "UTC",
  more: Omit<CalendarDefinition, "week"> = {},
  days: Weekday[] = workdays,
): BusinessCalendar {
  const intervals = spans.split(" ").map((span) => ({ from: span.slice(0, 5), to: span.slice(6) }));
  const result = compileCalendar({ week: Object.fromEntries(days.map((day) => [day, intervals])), ...more }, zone);
  if (!result.ok) throw new Error(result.problems[0]!.text);
  return result.calendar;
}

describe("golden vectors of the rule book", () => {
  it("(a) Mon–Fri 09–17 from 14:00 to 09:00 of the next weekday: 3 h business, 19 h wall", () => {
    const [from, to] = [at("2026-03-03T14:00Z"), at("2026-03-04T09:00Z")];
    expect(openTime(hours("09:00-17:00"), from, to)).toBe(3 * h);
    expect(openTime(always, from, to)).toBe(19 * h);
  });
  it("(b) Mon–Fri 08–17 from Friday 21:00 to Monday 09:30: 1.5 h business, 60.5 h wall; of 8 h 18.75 % against 756 %", () => {
    const [from, to] = [at("2026-03-06T21:00Z"), at("2026-03-09T09:30Z")];
    const business = openTime(hours("08:00-17:00"), from, to);
    expect([business, to - from]).toEqual([1.5 * h, 60.5 * h]);
    expect([(business / (8 * h)) * 100, Math.round(((to - from) / (8 * h)) * 100)]).toEqual([18.75, 756]);
  });
  it("(c) no calendar, 10 h from 10:30 are due at 20:30", () =>
    expect(iso(addOpenTime(always, at("2026-03-03T10:30Z"), 10 * h))).toBe("2026-03-03T20:30:00.000Z"));
  it("(d) 08–16: due Wednesday 20:30 becomes Thursday 08:00", () =>
    expect(iso(insideHours(hours("08:00-16:00"), at("2026-03-04T20:30Z")))).toBe("2026-03-05T08:00:00.000Z"));
  it("1 h on 08:30–18:30 Berlin, entered Friday 18:10, is due Monday 09:10", () =>
    expect(addOpenTime(hours("08:30-18:30", "Europe/Berlin"), at("2026-03-06T18:10+01:00"), h)).toBe(
      at("2026-03-09T09:10+01:00"),
    ));
});

describe("open time", () => {
  const lunch = hours("09:00-12:00 13:00-18:00", "Asia/Ho_Chi_Minh", { holidays: ["2026-09-02"] });
  it("stands still over lunch, at night and on a holiday", () => {
    expect(openTime(lunch, at("2026-03-03T11:00+07:00"), at("2026-03-03T14:00+07:00"))).toBe(2 * h);
    expect(openTime(lunch, at("2026-09-01T17:00+07:00"), at("2026-09-03T10:00+07:00"))).toBe(2 * h);
    expect(openTime(lunch, at("2026-09-02T00:00+07:00"), at("2026-09-03T00:00+07:00"))).toBe(0);
  });
  it("is due at closing time, not at the next opening, when the last second is used up then", () => {
    expect(addOpenTime(lunch, at("2026-03-03T10:00+07:00"), 2 * h)).toBe(at("2026-03-03T12:00+07:00"));
    expect(addOpenTime(lunch, at("2026-03-03T10:00+07:00"), 2 * h + 1)).toBe(at("2026-03-03T13:00+07:00") + 1);
    expect(addOpenTime(lunch, at("2026-03-06T17:00+07:00"), h)).toBe(at("2026-03-06T18:00+07:00"));
  });
  it("started outside hours runs from the next opening", () => {
    expect(addOpenTime(lunch, at("2026-03-07T10:00+07:00"), 2 * h)).toBe(at("2026-03-09T11:00+07:00"));
    expect(addOpenTime(lunch, at("2026-03-07T10:00+07:00"), 0)).toBe(at("2026-03-07T10:00+07:00"));
  });
  it("half-open: open at the opening instant, closed at the closing instant", () => {
    const ends = ["09:00", "12:00", "13:00", "18:00"].map((time) => at(`2026-03-03T${time}+07:00`));
    expect(ends.map((end) => isOpen(lunch, end))).toEqual([true, false, true, false]);
    expect(ends.map((end) => isOpen(lunch, end - 1))).toEqual([false, true, false, true]);
    expect(nextOpening(lunch, ends[1]!)).toBe(ends[2]);
    expect(nextOpening(lunch, ends[0]! + 5)).toBe(ends[0]! + 5);
    expect(nextOpening(lunch, at("2026-09-01T18:00+07:00"))).toBe(at("2026-09-03T09:00+07:00"));
  });
  it("special hours replace the week's and override a holiday", () => {
    const eve = [{ from: "09:00", to: "12:00" }];
    const calendar = hours("09:00-17:00", "UTC", {
      holidays: ["2026-12-24", "2026-12-25"],
      special: { "2026-12-24": eve, "2026-12-26": eve, "2026-12-28": [] },
    });
    const on = (date: string) => openTime(calendar, at(`${date}T00:00Z`), at(`${date}T23:59Z`)) / h;
    expect(["2026-12-23", "2026-12-24", "2026-12-25", "2026-12-26", "2026-12-28"].map(on)).toEqual([8, 3, 0, 3, 0]);
  });
  it("adds up over years as it does day by day", () => {
    let sum = 0;
    for (let day = at("2024-01-01T00:00Z"); day < at("2027-01-01T00:00Z"); day += 24 * h)
      sum += openTime(lunch, day, day + 24 * h);
    expect(openTime(lunch, at("2024-01-01T00:00Z"), at("2027-01-01T00:00Z"))).toBe(sum);
    expect(addOpenTime(lunch, at("2024-01-01T00:00Z"), sum)).toBe(at("2026-12-31T11:00Z"));
  });
});

describe("when the clocks change", () => {
  const office = hours("09:00-17:00", "America/New_York");
  const night = hours("00:00-06:00", "America/New_York", {}, ["sun"]);
  const round = hours("00:00-24:00", "America/New_York", {}, everyDay);
  it("a day shift stays eight hours, at the same clock time", () => {
    expect(openTime(office, at("2026-03-06T00:00-05:00"), at("2026-03-10T00:00-04:00"))).toBe(16 * h);
    expect(addOpenTime(office, at("2026-03-06T16:00-05:00"), 2 * h)).toBe(at("2026-03-09T10:00-04:00"));
    expect(addOpenTime(office, at("2026-10-30T16:00-04:00"), 2 * h)).toBe(at("2026-11-02T10:00-05:00"));
  });
  it("a shift that spans the change holds an hour less in spring and an hour more in autumn", () => {
    expect(openTime(night, at("2026-03-08T00:00-05:00"), at("2026-03-09T00:00-04:00"))).toBe(5 * h);
    expect(openTime(night, at("2026-11-01T00:00-04:00"), at("2026-11-02T00:00-05:00"))).toBe(7 * h);
    expect(addOpenTime(night, at("2026-03-08T01:00-05:00"), 2 * h)).toBe(at("2026-03-08T04:00-04:00"));
    expect(addOpenTime(night, at("2026-11-01T00:30-04:00"), 2 * h)).toBe(at("2026-11-01T01:30-05:00"));
  });
  it("around the clock real seconds count", () =>
    expect(openTime(round, at("2026-03-08T00:00-05:00"), at("2026-03-09T00:00-04:00"))).toBe(23 * h));
  it("an end inside a gap is read with the offset before it, and no minute counts twice", () => {
    const sunday: Weekday[] = ["sun"];
    const on = (spans: string) =>
      openTime(
        hours(spans, "America/New_York", {}, sunday),
        at("2026-03-08T00:00-05:00"),
        at("2026-03-09T00:00-04:00"),
      );
    expect(on("01:00-02:30") / h).toBe(1.5);
    expect(on("02:30-05:00") / h).toBe(1.5);
    expect(on("02:30-03:15")).toBe(0);
    expect(on("02:00-02:30 03:00-04:00") / h).toBe(1);
  });
  it("a repeated clock time is the first: 01:30–03:00 in autumn lasts two hours and a half", () => {
    const calendar = hours("01:30-03:00", "America/New_York", {}, ["sun"]);
    expect(openTime(calendar, at("2026-11-01T00:00-04:00"), at("2026-11-02T00:00-05:00"))).toBe(2.5 * h);
  });
  it("an evening that a gap at 23:00 pushes past midnight counts on that night, from whichever side one asks", () => {
    // Greenland goes from Saturday 23:00 straight to Sunday 00:00.
    const calendar = hours("20:00-23:30", "America/Nuuk", {}, ["sat"]);
    const [opens, closes] = [at("2026-03-28T22:00Z"), at("2026-03-29T01:30Z")];
    expect(openTime(calendar, opens, closes + h)).toBe(3.5 * h);
    expect(openTime(calendar, closes - 10, closes + h)).toBe(10);
    expect([isOpen(calendar, closes - 1), isOpen(calendar, closes)]).toEqual([true, false]);
  });
  it("such an evening takes nothing from the morning that it is pushed behind", () => {
    const calendar = hours("00:00-00:15 23:15-23:30", "America/Nuuk", {}, ["sat", "sun"]);
    // The evening is pushed to 00:15–00:30 of Sunday, right behind that day's first quarter of an hour.
    const midnight = at("2026-03-29T01:00Z");
    expect(openTime(calendar, midnight - h, midnight + h)).toBe(0.5 * h);
    expect([isOpen(calendar, midnight), isOpen(calendar, midnight + 0.5 * h)]).toEqual([true, false]);
  });
  it("a date that a zone left out has no hours", () => {
    const samoa = hours("09:00-17:00", "Pacific/Apia", {}, everyDay);
    expect(openTime(samoa, at("2011-12-29T00:00-10:00"), at("2012-01-01T00:00+14:00"))).toBe(2 * 8 * h);
    expect(addBusinessDays(samoa, at("2011-12-29T10:00-10:00"), 1)).toBe(at("2011-12-31T10:00+14:00"));
  });
});

describe("business days", () => {
  const lunch = hours("09:00-12:00 13:00-18:00", "Asia/Ho_Chi_Minh", {
    holidays: ["2026-09-02"],
    special: { "2026-06-10": [{ from: "10:30", to: "15:00" }] },
  });
  it.each([
    ["a weekday, same clock time", "2026-03-03T10:00", 1, "2026-03-04T10:00"],
    ["over the weekend", "2026-03-06T16:00", 1, "2026-03-09T16:00"],
    ["from a Saturday: counted from Monday's opening", "2026-03-07T16:00", 1, "2026-03-10T09:00"],
    ["from lunch, over a holiday: counted from 13:00", "2026-09-01T12:30", 1, "2026-09-03T13:00"],
    ["from closing time: counted from the next opening", "2026-03-03T18:00", 1, "2026-03-05T09:00"],
    ["to a day that opens later", "2026-06-09T09:30", 1, "2026-06-10T10:30"],
    ["to a day that closes earlier", "2026-06-09T17:00", 1, "2026-06-10T15:00"],
    ["ten days", "2026-03-02T10:00", 10, "2026-03-16T10:00"],
  ])("%s", (_, from, days, due) => {
    expect(addBusinessDays(lunch, at(`${from}+07:00`), days)).toBe(at(`${due}+07:00`));
  });
  it("falls to the next opening of the day when that clock time lies in its break", () => {
    const calendar = hours("09:00-17:00", "UTC", {
      special: {
        "2026-06-10": [
          { from: "09:00", to: "12:00" },
          { from: "14:00", to: "17:00" },
        ],
      },
    });
    expect(addBusinessDays(calendar, at("2026-06-09T13:00Z"), 1)).toBe(at("2026-06-10T14:00Z"));
    expect(addBusinessDays(calendar, at("2026-06-09T12:00Z"), 1)).toBe(at("2026-06-10T12:00Z"));
  });
  it("keep the clock time over a change of the clocks, also around the clock", () => {
    expect(addBusinessDays(hours("00:00-24:00", "Europe/Berlin", {}, everyDay), at("2026-03-28T12:00+01:00"), 1)).toBe(
      at("2026-03-29T12:00+02:00"),
    );
    expect(
      addBusinessDays(hours("00:00-06:00", "America/New_York", {}, ["sat", "sun"]), at("2026-03-07T02:30-05:00"), 1),
    ).toBe(at("2026-03-08T03:30-04:00"));
  });
  it("end of day: today's closing, the next open day's when it is past, the n-th after today", () => {
    expect(endOfBusinessDay(lunch, at("2026-03-03T10:00+07:00"), 0)).toBe(at("2026-03-03T18:00+07:00"));
    expect(endOfBusinessDay(lunch, at("2026-03-03T19:00+07:00"), 0)).toBe(at("2026-03-04T18:00+07:00"));
    expect(endOfBusinessDay(lunch, at("2026-03-07T10:00+07:00"), 0)).toBe(at("2026-03-09T18:00+07:00"));
    expect(endOfBusinessDay(lunch, at("2026-03-06T10:00+07:00"), 2)).toBe(at("2026-03-10T18:00+07:00"));
  });
  it("is worth the mean open day", () => {
    expect(meanOpenDay(lunch)).toBe(8 * h);
    expect(meanOpenDay(always)).toBe(24 * h);
  });
});

describe("a calendar that cannot be used is refused with sentences", () => {
  const nine = [{ from: "09:00", to: "17:00" }];
  it.each([
    ["no hours", { week: {} }, "UTC", "NO_HOURS"],
    ["only closed special days", { week: {}, special: { "2026-01-01": [] } }, "UTC", "NO_HOURS"],
    ["an unknown zone", { week: { mon: nine } }, "Mars/Base", "UNKNOWN_ZONE"],
    ["overlapping intervals", { week: { mon: [...nine, { from: "16:59", to: "18:00" }] } }, "UTC", "OVERLAP"],
    [
      "an interval that ends before it begins",
      { week: { mon: [{ from: "17:00", to: "09:00" }] } },
      "UTC",
      "BAD_INTERVAL",
    ],
    ["a minute that does not exist", { week: { mon: [{ from: "09:60", to: "17:00" }] } }, "UTC", "BAD_INTERVAL"],
    ["an hour past midnight", { week: { mon: [{ from: "09:00", to: "24:01" }] } }, "UTC", "BAD_INTERVAL"],
    ["a holiday that is no date", { week: { mon: nine }, holidays: ["2026-02-30"] }, "UTC", "BAD_DATE"],
  ] satisfies [string, CalendarDefinition, string, string][])("%s", (_, definition, zone, code) => {
    const result = compileCalendar(definition, zone);
    expect(result).toMatchObject({ ok: false, problems: [{ code }] });
    expect(result.ok || result.problems[0]!.text).toMatch(/\.$/);
  });
  it("but intervals in any order, that touch, or without a leading zero are fine", () => {
    const result = compileCalendar(
      {
        week: {
          mon: [
            { from: "10:00", to: "12:00" },
            { from: "9:00", to: "10:00" },
          ],
        },
      },
      "UTC",
    );
    expect(result.ok && openTime(result.calendar, at("2026-03-02T00:00Z"), at("2026-03-03T00:00Z"))).toBe(3 * h);
  });
  it("one that never opens again is never due, at a date that every field can hold", () => {
    const result = compileCalendar({ week: {}, special: { "2020-01-02": nine } }, "UTC");
    if (!result.ok) throw new Error("refused");
    const { calendar } = result;
    const now = at("2026-03-02T00:00Z");
    expect([addOpenTime(calendar, now, h), nextOpening(calendar, now), addBusinessDays(calendar, now, 1)]).toEqual([
      neverDue,
      neverDue,
      neverDue,
    ]);
    expect(iso(neverDue)).toBe("9999-12-31T23:59:59.999Z");
  });
});
