import { always, type BusinessCalendar, compileCalendar } from "@/server/engine/calendar/calendar.ts";
import { hoursOf } from "@/server/engine/calendar/holidays.ts";
import type { Process, ProcessCalendar } from "@/server/engine/process.ts";
import type { CalendarRef } from "@/server/engine/world.ts";

const compiled = new WeakMap<ProcessCalendar, Map<string, BusinessCalendar>>();

/** A calendar in one zone with one country's holidays ("" = none) and its own closed days, compiled once. One without hours counts every hour. */
export function resolveCalendar(
  _key: string,
  definition: ProcessCalendar,
  zone: string,
  country: string,
): BusinessCalendar {
  let byPlace = compiled.get(definition);
  if (!byPlace) compiled.set(definition, (byPlace = new Map()));
  const place = `${zone}/${country}`;
  let calendar = byPlace.get(place);
  if (!calendar) {
    const result = compileCalendar(hoursOf(definition, country), zone);
    byPlace.set(place, (calendar = result.ok ? result.calendar : always));
  }
  return calendar;
}

/** The calendar a clock was started under: the revision it names, or the process's own; without one every hour counts. */
export function calendarAt(
  revisions: ReadonlyMap<string, ProcessCalendar>,
  document: Process,
  ref: CalendarRef | null,
): BusinessCalendar {
  if (!ref) return always;
  const definition = ref.revision > 0 ? revisions.get(`${ref.key}@${ref.revision}`) : document.calendars[ref.key];
  return definition ? resolveCalendar(ref.key, definition, ref.zone, ref.country) : always;
}
