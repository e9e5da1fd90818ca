import { dayMs, instantOfWall, localDay } from "./zone.ts";

const usual = "06:00";

/** The next instant after `after` at which clocks of the zone show this time of day (`HH:MM`; 06:00 when it is none). */
export function nextAtTime(time: string, zone: string, after: number): number {
  const [hour = 6, minute = 0] = (/^\d\d:\d\d$/.test(time) ? time : usual).split(":").map(Number);
  for (let day = localDay(zone, after); ; day++) {
    const at = instantOfWall(zone, day * dayMs + hour * 3_600_000 + minute * 60_000);
    if (at > after) return at;
  }
}
