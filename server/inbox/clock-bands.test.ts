import { expect, test } from "vitest";
import { always, compileCalendar } from "@/server/engine/calendar/calendar.ts";
import { clockBands, timeLeft } from "./clock-bands.ts";

const office = [
  { from: "09:00", to: "12:00" },
  { from: "13:00", to: "18:00" },
];
const hanoi = compileCalendar(
  { week: { mon: office, tue: office, wed: office, thu: office, fri: office, sat: [], sun: [] }, holidays: [] },
  "Asia/Ho_Chi_Minh",
);
if (!hanoi.ok) throw new Error(hanoi.problems[0]?.text);
const calendar = hanoi.calendar;
const at = (text: string) => Date.parse(`${text}:00+07:00`);
const shown = (bands: ReturnType<typeof clockBands>) =>
  bands.map(
    (b) =>
      `${b.kind} ${new Date(b.from + 7 * 3_600_000).toISOString().slice(8, 16)}–${new Date(b.to + 7 * 3_600_000).toISOString().slice(11, 16)}`,
  );

test("a clock over a night and a lunch is drawn as what ran and what was closed", () => {
  expect(shown(clockBands(calendar, at("2026-11-25T16:00"), at("2026-11-26T15:00"), []))).toEqual([
    "open 25T16:00–18:00",
    "closed 25T18:00–09:00",
    "open 26T09:00–12:00",
    "closed 26T12:00–13:00",
    "open 26T13:00–15:00",
  ]);
});

test("a pause hides the hours under it", () => {
  expect(
    shown(
      clockBands(calendar, at("2026-11-25T16:00"), at("2026-11-26T10:00"), [
        [at("2026-11-25T17:00"), at("2026-11-26T09:30")],
      ]),
    ),
  ).toEqual(["open 25T16:00–17:00", "paused 25T17:00–09:30", "open 26T09:30–10:00"]);
});

test("bands have no gaps and end where the clock ends, whatever is asked", () => {
  const start = at("2026-11-20T17:30");
  for (let hour = 1; hour < 24 * 16; hour += 5) {
    const bands = clockBands(calendar, start, start + hour * 3_600_000, [[start + 3_600_000, start + 7_200_000]]);
    expect(bands[0]?.from).toBe(start);
    expect(bands.at(-1)?.to).toBe(start + hour * 3_600_000);
    for (const [i, band] of bands.entries()) if (i > 0) expect(band.from).toBe(bands[i - 1]!.to);
  }
  expect(clockBands(always, start, start, [])).toEqual([]);
});

test("time left is counted in the clock's own calendar, and is negative once late", () => {
  expect(timeLeft(calendar, at("2026-11-26T15:00"), at("2026-11-26T11:00"))).toBe(3 * 3_600_000);
  expect(timeLeft(calendar, at("2026-11-25T17:00"), at("2026-11-26T10:00"))).toBe(-2 * 3_600_000);
});
