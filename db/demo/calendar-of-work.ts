/** When a person gets to something: their own working hours, without the days they are away. */
import { resolveCalendar } from "@/server/commands/resolve-calendar.ts";
import { addOpenTime, nextOpening } from "@/server/engine/calendar/calendar.ts";
import type { ProcessCalendar } from "@/server/engine/process.ts";
import type { Person } from "@/server/engine/world.ts";

const day = [{ from: "09:00", to: "17:30" }];
const office: ProcessCalendar = {
  zone: "",
  week: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: [], sun: [] },
  holidays: "by_country",
};
const hour = 3_600_000;
/** Plans meet on the quarter of an hour, so that what happens together is committed together. */
const grid = hour / 4;

const hoursOf = ({ zone, country }: Pick<Person, "zone" | "country">) =>
  resolveCalendar("office", office, zone, country);

/** The instant `hours` of this person's working time after `from`. */
export function afterWorkOf(person: Person, from: number, hours: number): number {
  const calendar = hoursOf(person);
  let at = addOpenTime(calendar, from, hours * hour);
  for (const away of person.absences) if (away.from <= at && at < away.to) at = addOpenTime(calendar, away.to, hour);
  return Math.ceil(at / grid) * grid;
}

/** Some time in the office hours that follow `from`. */
export const inOffice = (place: Pick<Person, "zone" | "country">, from: number): number =>
  nextOpening(hoursOf(place), from);
