import { always, type BusinessCalendar, compileCalendar } from "@/server/engine/calendar.ts";
import { holidaysOf } from "@/server/engine/holidays.ts";
import type { ProcessCalendar } from "@/server/engine/process.ts";

const compiled = new WeakMap<ProcessCalendar, Map<string, BusinessCalendar>>();

/** A calendar in one zone with one country's holidays ("" = none), compiled once. One without hours counts every hour. */
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
    const result = compileCalendar({ week: definition.week, holidays: holidaysOf(country) }, zone);
    byPlace.set(place, (calendar = result.ok ? result.calendar : always));
  }
  return calendar;
}
