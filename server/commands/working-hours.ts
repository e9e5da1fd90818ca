import { isOpen } from "@/server/engine/calendar/calendar.ts";
import { resolveCalendar } from "./resolve-calendar.ts";
import type { WorkspaceContext } from "./workspace-context.ts";

/** Zones that mean "whose calendar it is": here the person's. */
const whose = new Set(["record", "owner", "team", ""]);

/**
 * Whether somebody's working hours are on: their team's calendar, else the workspace's, in the zone it names or their own, with the
 * holidays of their country. Without a calendar every hour is a working hour.
 */
export function isAtWork(context: WorkspaceContext, member: string, at: number): boolean {
  const person = context.directory.people.get(member);
  if (!person) return false;
  const shared = context.settings.calendar;
  const key =
    (person.teamId ? context.teamCalendars.get(person.teamId) : undefined) ??
    (typeof shared === "string" ? shared : undefined);
  const definition = key ? context.calendars.get(key)?.definition : undefined;
  if (!key || !definition) return true;
  const { holidays } = definition;
  const country = holidays === "by_country" ? person.country : holidays === "none" ? "" : holidays;
  return isOpen(
    resolveCalendar(key, definition, whose.has(definition.zone) ? person.zone : definition.zone, country),
    at,
  );
}
