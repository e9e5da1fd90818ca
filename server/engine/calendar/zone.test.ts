/** Wall clock and instants, days as numbers and as dates. */
import { expect, it } from "vitest";
import {
  dateOfDay,
  dayOfDate,
  instantOfWall,
  isZone,
  localDay,
  offsetAt,
  startOfDay,
  wallAt,
  weekdayOf,
} from "./zone.ts";

const h = 3_600_000;
const at = (text: string) => Date.parse(text);
const iso = (instant: number) => new Date(instant).toISOString();

it.each([
  ["UTC", "2026-03-08T12:00Z", 0],
  ["Asia/Ho_Chi_Minh", "2026-03-08T12:00Z", 7],
  ["America/New_York, before the change", "2026-03-08T06:59:59Z", -5],
  ["America/New_York, at the change", "2026-03-08T07:00:00Z", -4],
  ["America/New_York, before summer time ends", "2026-11-01T05:59:59Z", -4],
  ["America/New_York, when it has ended", "2026-11-01T06:00:00Z", -5],
  ["Asia/Kathmandu", "1970-01-01T00:00Z", 5.5],
  ["Europe/Berlin, long ago", "1969-07-20T20:17Z", 1],
])("%s at %s is %d hours from UTC", (name, when, hours) => {
  expect(offsetAt(name.split(",")[0]!, at(when))).toBe(hours * h);
});
it.each([
  [
    "an hour that is left out is read with the offset before",
    "America/New_York",
    "2026-03-08T02:30Z",
    "2026-03-08T07:30",
  ],
  ["the minute before the gap", "America/New_York", "2026-03-08T01:59Z", "2026-03-08T06:59"],
  ["the end of the gap", "America/New_York", "2026-03-08T03:00Z", "2026-03-08T07:00"],
  ["a repeated hour is the first", "America/New_York", "2026-11-01T01:30Z", "2026-11-01T05:30"],
  ["after the repeated hour", "America/New_York", "2026-11-01T02:00Z", "2026-11-01T07:00"],
  ["a day before a change", "America/New_York", "2026-03-07T12:00Z", "2026-03-07T17:00"],
  ["a day after a change", "America/New_York", "2026-03-09T01:00Z", "2026-03-09T05:00"],
  ["an hour that is left out east of UTC", "Europe/Berlin", "2026-03-29T02:30Z", "2026-03-29T01:30"],
  ["a repeated hour east of UTC", "Europe/Berlin", "2026-10-25T02:30Z", "2026-10-25T00:30"],
  ["after it", "Europe/Berlin", "2026-10-25T03:00Z", "2026-10-25T02:00"],
  ["UTC", "UTC", "2026-03-08T02:30Z", "2026-03-08T02:30"],
])("%s: %s %s", (_, zone, wall, instant) => {
  expect(iso(instantOfWall(zone, at(wall)))).toBe(`${instant}:00.000Z`);
});
it("the local day and its start", () => {
  const evening = at("2026-03-03T18:00Z");
  expect(dateOfDay(localDay("Asia/Ho_Chi_Minh", evening))).toBe("2026-03-04");
  expect(iso(wallAt("Asia/Ho_Chi_Minh", evening))).toBe("2026-03-04T01:00:00.000Z");
  expect(iso(startOfDay("Asia/Ho_Chi_Minh", dayOfDate("2026-03-04")!))).toBe("2026-03-03T17:00:00.000Z");
});
it("weekdays from Monday, also before 1970", () => {
  expect(
    ["2026-03-02", "2026-03-08", "1970-01-01", "1969-12-28", "1969-12-29"].map((date) => weekdayOf(dayOfDate(date)!)),
  ).toEqual([0, 6, 3, 6, 0]);
});
it.each([
  ["2026-02-28", 20_512],
  ["2024-02-29", 19_782],
  ["2026-02-29", null],
  ["2026-02-30", null],
  ["2026-13-01", null],
  ["2026-04-31", null],
  ["2026-01-00", null],
  ["2026-1-01", null],
  ["x2026-01-01", null],
  ["2026-01-01x", null],
  ["1970-01-01", 0],
])("%s is day %s", (text, day) => {
  expect(dayOfDate(text)).toBe(day);
  if (day !== null) expect(dateOfDay(day)).toBe(text);
});
it("a zone is one that the machine knows, asked once or twice", () => {
  expect(["Europe/Berlin", "Europe/Berlin", "UTC", "Mars/Base", "Mars/Base", ""].map(isZone)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
