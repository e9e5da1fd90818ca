/** Targets of SLAs, waits and timers, turned into a due instant. */
import {
  addBusinessDays,
  addOpenTime,
  type BusinessCalendar,
  endOfBusinessDay,
  insideHours,
  timeOnBusinessDay,
} from "./calendar.ts";
import type { Target } from "./read-target.ts";

export { isRelative, parseTarget, type Target } from "./read-target.ts";

/** When a target that starts now is due, before any pause; an instant may lie before the start. */
export function dueAt(calendar: BusinessCalendar, target: Target, start: number): number {
  switch (target.kind) {
    case "open_time":
      return addOpenTime(calendar, start, target.ms);
    case "business_days":
      return addBusinessDays(calendar, start, target.days);
    case "end_of_business_day":
      return endOfBusinessDay(calendar, start, target.days);
    case "time_on_business_day":
      return timeOnBusinessDay(calendar, start, target.days, target.minute);
    case "instant":
      return insideHours(calendar, target.at);
    default:
      return target satisfies never;
  }
}
