/**
 * The calendar each visit is measured in: the one stored with it, in the zone it had then (semantics, section 4). A visit whose
 * step has no SLA takes its owner's team's calendar, else the workspace's; where there is none every hour counts.
 */
import { resolveCalendar } from "@/server/commands/resolve-calendar.ts";
import type { WorkspaceContext } from "@/server/commands/workspace-context.ts";
import { always, type BusinessCalendar } from "@/server/engine/calendar/calendar.ts";
import type { Process, ProcessCalendar } from "@/server/engine/process.ts";
import { countryCodes, zoneOf } from "@/server/records/countries.ts";
import type { VisitFacts } from "./measure.ts";

export type CalendarOf = (visit: VisitFacts) => BusinessCalendar;

export function visitCalendars(
  context: WorkspaceContext,
  document: Process,
  time: "work" | "wall",
  teamCalendars: ReadonlyMap<string, string>,
): CalendarOf {
  if (time === "wall") return () => always;
  const known = new Map<string, BusinessCalendar>();
  const definitionOf = (key: string): ProcessCalendar | undefined =>
    context.calendars.get(`${document.key}.${key}`)?.definition ??
    context.calendars.get(key)?.definition ??
    document.calendars[key];
  const own = context.settings.calendar;
  return (visit) => {
    const person = visit.owner ? context.directory.people.get(visit.owner) : undefined;
    const key =
      visit.calendar ??
      (person?.teamId ? teamCalendars.get(person.teamId) : undefined) ??
      (typeof own === "string" ? own : null);
    if (!key) return always;
    const owner = `${key}/${visit.zone ?? ""}/${visit.zone ? "" : (person?.zone ?? "")}`;
    let calendar = known.get(owner);
    if (!calendar) known.set(owner, (calendar = make(key, visit.zone, person)));
    return calendar;
  };

  function make(key: string, stored: string | null, person: { zone: string; country: string } | undefined) {
    const definition = definitionOf(key);
    if (!definition) return always;
    const named = !["record", "owner", "team", ""].includes(definition.zone);
    const zone =
      stored ?? (named ? definition.zone : definition.zone === "" ? context.zone : (person?.zone ?? context.zone));
    const country = definition.holidays === "by_country" ? countryIn(zone, context) : definition.holidays;
    return resolveCalendar(key, definition, zone, country === "none" ? "" : country);
  }
}

/** Visits keep their zone, not their country: the workspace's or a colleague's where the zone is theirs, else who mostly has it. */
function countryIn(zone: string, context: WorkspaceContext): string {
  if (zone === context.zone) return context.country;
  for (const person of context.directory.people.values()) if (person.zone === zone) return person.country;
  return countryCodes().find((code) => zoneOf(code) === zone) ?? context.country;
}
