/** A due date a year of working days away, across nights, weekends, holidays and both changes of the clock. */
import { addBusinessDays, addOpenTime } from "@/server/engine/calendar/calendar.ts";
import { resolveCalendar } from "@/server/commands/resolve-calendar.ts";
import { calendarSchema } from "@/server/engine/process.ts";
import { type Figure, perCall } from "./figure.ts";

const office = [
  { from: "09:00", to: "12:00" },
  { from: "13:00", to: "18:00" },
];
const weekend: typeof office = [];
const definition = calendarSchema.parse({
  zone: "Europe/Berlin",
  week: { mon: office, tue: office, wed: office, thu: office, fri: office, sat: weekend, sun: weekend },
  holidays: "DE",
});

export function calendar(): Figure[] {
  const berlin = resolveCalendar("office", definition, "Europe/Berlin", "DE");
  const start = Date.UTC(2026, 0, 5, 9);
  let at = 0;
  const days = perCall(50_000, () => addBusinessDays(berlin, start + (at++ % 1000) * 60_000, 250));
  const hours = perCall(50_000, () => addOpenTime(berlin, start + (at++ % 1000) * 60_000, 2000 * 3_600_000));
  const figure = (name: string, value: number): Figure => ({
    name,
    value,
    unit: "µs",
    reference: null,
    ratio: null,
    goal: "≤ 20 µs",
    ok: value <= 20,
  });
  return [
    figure("a due date 250 working days away, in a calendar of a year", days),
    figure("a due date 2,000 working hours away", hours),
  ];
}
