import { describe, expect, it } from "vitest";
import { dayOfRule, holidayCountries, holidaysOf, hoursOf } from "./holidays.ts";
import { dateOfDay, weekdayOf } from "./zone.ts";

const of = (country: string, year: number) =>
  holidaysOf(country)
    .filter((date) => date.startsWith(String(year)))
    .map((date) => date.slice(5))
    .sort()
    .join(" ");

describe("public holidays of a country", () => {
  it("United States: a Saturday is kept on the Friday before, a Sunday on the Monday after", () => {
    expect(of("US", 2026)).toBe("01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25");
    // 2021: Juneteenth and Christmas on Saturdays, 4 July on a Sunday; and New Year of 2022, a Saturday, on 31 December.
    expect(of("US", 2021)).toBe("01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31");
    expect(of("US", 2022)).not.toContain("01-01");
  });
  it("United Kingdom: weekend days move to the next working day, and so does Christmas with Boxing Day", () => {
    expect(of("GB", 2025)).toBe("01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26");
    // New Year of 2022 was a Saturday, of 2023 a Sunday.
    expect(of("GB", 2022).slice(0, 5)).toBe("01-03");
    expect(of("GB", 2023).slice(0, 5)).toBe("01-02");
    const christmas = (year: number) => of("GB", year).slice(-11);
    // 25 December on a Friday, a Saturday, a Sunday, a Monday, a Thursday.
    expect([2020, 2021, 2022, 2023, 2025].map(christmas)).toEqual([
      "12-25 12-28",
      "12-27 12-28",
      "12-26 12-27",
      "12-25 12-26",
      "12-25 12-26",
    ]);
  });
  it("Germany and France: fixed days stay where they are, others hang on Easter", () => {
    expect(of("DE", 2026)).toBe("01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26");
    expect(of("FR", 2026)).toBe("01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25");
    expect(of("FR", 2027)).toBe("01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25");
  });
  it("Australia: those of the whole country", () => {
    expect(of("AU", 2027)).toBe("01-01 01-26 03-26 03-29 04-25 12-27 12-28");
    expect(of("AU", 2025)).toBe("01-01 01-27 04-18 04-21 04-25 12-25 12-26");
  });
  it("Viet Nam: Tết from the day before for five days, and the Hung Kings by the moon", () => {
    expect(of("VN", 2025)).toBe("01-01 01-28 01-29 01-30 01-31 02-01 04-07 04-30 05-01 09-01 09-02");
    expect(of("VN", 2026)).toBe("01-01 02-16 02-17 02-18 02-19 02-20 04-26 04-30 05-01 09-01 09-02");
    // A month later in China: the new moon of 2 February 2030 comes at 23:07 in Hà Nội, at 0:07 in Beijing.
    expect(of("VN", 2030)).toBe("01-01 02-01 02-02 02-03 02-04 02-05 04-12 04-30 05-01 09-01 09-02");
  });
  it("the lunar days of 26 years: each Tết lies 354 or 384 days, give or take one, after the one before", () => {
    const tet = Array.from({ length: 26 }, (_, i) => {
      const [, , second] = of("VN", 2015 + i).split(" ");
      return Date.parse(`${2015 + i}-${second}`) / 86_400_000;
    });
    const gaps = tet.slice(1).map((day, i) => day - tet[i]!);
    expect(gaps.filter((gap) => ![353, 354, 355, 383, 384, 385].includes(gap))).toEqual([]);
    expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBe(
      (Date.parse("2040-02-12") - Date.parse("2015-02-19")) / 86_400_000,
    );
    // From Tết to the tenth of the third month are two months and nine days, three where a month is doubled before it.
    const kings = Array.from({ length: 26 }, (_, i) => {
      const dates = of("VN", 2015 + i).split(" ");
      return Date.parse(`${2015 + i}-${dates[6]}`) / 86_400_000 - tet[i]!;
    });
    expect(kings.filter((days) => days < 67 || (days > 70 && days < 96) || days > 99)).toEqual([]);
  });
  it("from 2015 to 2040, each date once; a country that we know nothing of has none", () => {
    for (const country of holidayCountries) {
      const dates = holidaysOf(country);
      const years = new Set(dates.map((date) => date.slice(0, 4)));
      expect([country, years.has("2015"), years.has("2040"), new Set(dates).size]).toEqual([
        country,
        true,
        true,
        dates.length,
      ]);
    }
    expect(holidaysOf("DE")).toHaveLength(26 * 9);
    expect(holidaysOf("XX")).toEqual([]);
    expect(holidaysOf("")).toEqual([]);
  });
});

describe("Easter", () => {
  it("as published", () => {
    const sundays = [
      "2015-04-05",
      "2016-03-27",
      "2017-04-16",
      "2018-04-01",
      "2019-04-21",
      "2020-04-12",
      "2021-04-04",
      "2022-04-17",
      "2023-04-09",
      "2024-03-31",
      "2025-04-20",
      "2026-04-05",
      "2027-03-28",
      "2028-04-16",
      "2029-04-01",
      "2030-04-21",
      "2031-04-13",
      "2032-03-28",
      "2033-04-17",
      "2034-04-09",
      "2035-03-25",
      "2036-04-13",
      "2037-04-05",
      "2038-04-25",
      "2039-04-10",
      "2040-04-01",
      // The exceptions of the rule: it would come on 26 April and on 25 April for the second time in a cycle of the moon.
      "1981-04-19",
      "1954-04-18",
      "2049-04-18",
      "2076-04-19",
      "1818-03-22",
      "1943-04-25",
      "2285-03-22",
    ];
    expect(sundays.map((date) => dateOfDay(dayOfRule({ kind: "easter", days: 0 }, Number(date.slice(0, 4)))!))).toEqual(
      sundays,
    );
    expect(sundays.every((date) => weekdayOf(Date.parse(date) / 86_400_000) === 6)).toBe(true);
  });
});

describe("a rule of one's own", () => {
  const on = (rule: Parameters<typeof dayOfRule>[0], year: number) => {
    const day = dayOfRule(rule, year);
    return day === null ? null : dateOfDay(day);
  };
  it("the fifth Monday is there in some months only; there is no zeroth", () => {
    const monday = (nth: number, month: number) => on({ kind: "weekday", weekday: "mon", month, nth }, 2026);
    expect([monday(1, 6), monday(5, 6), monday(5, 8), monday(-5, 8), monday(-5, 9), monday(0, 6)]).toEqual([
      "2026-06-01",
      "2026-06-29",
      "2026-08-31",
      "2026-08-03",
      null,
      null,
    ]);
    expect([monday(1, 12), monday(-1, 12)]).toEqual(["2026-12-07", "2026-12-28"]);
    // The first of the month, and the day after its last.
    expect(on({ kind: "weekday", weekday: "thu", month: 1, nth: 1 }, 2026)).toBe("2026-01-01");
    expect(on({ kind: "weekday", weekday: "fri", month: 1, nth: 5 }, 2026)).toBe("2026-01-30");
    expect(on({ kind: "weekday", weekday: "sun", month: 2, nth: 5 }, 2026)).toBeNull();
    // The day five weeks on is the first of the next month: not this one's.
    expect(on({ kind: "weekday", weekday: "wed", month: 6, nth: 5 }, 2026)).toBeNull();
  });
  it("every year from 2015 to 2040, beside closed days; none without rules", () => {
    const nobody = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
    const hours = hoursOf(
      { week: nobody, holidayRules: [{ kind: "date", month: 2, day: 29 }], closed: [{ date: "2026-06-02" }] },
      "",
    );
    expect(hours.holidays).toEqual([
      "2026-06-02",
      ...[2016, 2020, 2024, 2028, 2032, 2036, 2040].map((year) => `${year}-02-29`),
    ]);
    expect("special" in hours).toBe(false);
    expect(hoursOf({ week: nobody }, "").holidays).toEqual([]);
    expect(hoursOf({ week: nobody, closed: [], special: [{ date: "2026-01-02", hours: [] }] }, "").special).toEqual({
      "2026-01-02": [],
    });
  });
});
