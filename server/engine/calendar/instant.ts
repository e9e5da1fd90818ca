import type { BusinessCalendar } from "./calendar.ts";
import { nextOpening } from "./calendar.ts";
import { type FeelValue, instantOfFeel, startOfFeelDate } from "../expression/index.ts";
import { nextMidnight } from "./zone.ts";

/** A FEEL date (00:00 of that day in the zone, moved to the calendar's next opening) or date and time as epoch ms; else null. */
export function instantOf(value: FeelValue, zone: string, calendar: BusinessCalendar | null): number | null {
  const midnight = startOfFeelDate(value, zone);
  if (midnight !== null) return calendar ? nextOpening(calendar, midnight) : midnight;
  return instantOfFeel(value, zone);
}

export { nextMidnight };
