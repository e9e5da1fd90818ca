/** What a date or a date and time means as an instant. */
import { expect, it } from "vitest";
import { compileCalendar } from "./calendar.ts";
import { compile, type FeelValue } from "../expression/index.ts";
import { instantOf, nextMidnight } from "./instant.ts";

const zone = "Asia/Ho_Chi_Minh";
const nine = [{ from: "09:00", to: "17:00" }];
const compiled = compileCalendar({ week: { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine } }, zone);
if (!compiled.ok) throw new Error("refused");
const office = compiled.calendar;

const value = (text: string): FeelValue => {
  const result = compile(text);
  if (!result.ok) throw new Error(text);
  return result.expression.evaluate({ get: () => undefined, now: 0, zone }).value;
};
const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

it.each([
  ["a date without a calendar: 00:00 of that day there", '@"2026-03-04"', false, "2026-03-03T17:00:00.000Z"],
  ["a date with a calendar: its opening", '@"2026-03-04"', true, "2026-03-04T02:00:00.000Z"],
  ["a Saturday with a calendar: Monday's opening", '@"2026-03-07"', true, "2026-03-09T02:00:00.000Z"],
  ["a date and time as it stands", '@"2026-03-07T20:00:00Z"', true, "2026-03-07T20:00:00.000Z"],
  ["a date and time without an offset: that of the zone", '@"2026-03-04T10:00:00"', true, "2026-03-04T03:00:00.000Z"],
  ["a text", '"2026-03-04"', true, null],
  ["nothing", "null", false, null],
  ["a number", "5", true, null],
])("%s", (_, text, business, at) => {
  expect(iso(instantOf(value(text), zone, business ? office : null))).toBe(at);
});

it("the next midnight of a zone, also from midnight itself", () => {
  expect(iso(nextMidnight(Date.parse("2026-03-03T16:59:59Z"), zone))).toBe("2026-03-03T17:00:00.000Z");
  expect(iso(nextMidnight(Date.parse("2026-03-03T17:00:00Z"), zone))).toBe("2026-03-04T17:00:00.000Z");
});
