import type { ProcessCalendar } from "@/server/engine/process.ts";

/** Office hours from Monday to Friday, in the workspace's zone. */
export function freshCalendar(name: string): ProcessCalendar {
  const day = () => [{ from: "09:00", to: "17:00" }];
  return {
    name,
    zone: "",
    week: { mon: day(), tue: day(), wed: day(), thu: day(), fri: day(), sat: [], sun: [] },
    holidays: "by_country",
  };
}
