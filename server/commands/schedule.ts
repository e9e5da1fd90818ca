/**
 * Start triggers by the clock: one job a process and local day. What was missed while nobody ran is caught up day by day, each
 * job putting the next; its id is its day, so that no day begins twice.
 */
import { newJobRow } from "@/server/engine/rows.ts";
import type { Row } from "@/db/store.ts";
import type { Process } from "@/server/engine/process.ts";
import { dateOfDay, dayMs, instantOfWall, localDay } from "@/server/engine/calendar/zone.ts";

/** Local time of day of a start that names none. */
const usualTime = "06:00";

/** The time of day at which this process looks for records to start with, or null when it starts otherwise. */
export function dailyTime(document: Process): string | null {
  const config = document.nodes.find((node) => node.kind === "start")?.config;
  if (config?.trigger !== "schedule") return null;
  return typeof config.at === "string" ? config.at : usualTime;
}

/** The job of the first local day whose time comes after `after`. */
export function scheduleJob(
  workspaceId: string,
  process: string,
  time: string,
  zone: string,
  after: number,
): Row<"job"> {
  const wall = (Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))) * 60_000;
  const today = localDay(zone, after);
  const day = instantOfWall(zone, today * dayMs + wall) > after ? today : today + 1;
  const dueAt = instantOfWall(zone, day * dayMs + wall);
  return newJobRow({
    id: `${workspaceId}:schedule:${process}:${dateOfDay(day)}:${time}`,
    workspaceId,
    kind: "schedule",
    payload: { kind: "schedule", process, time, at: dueAt },
    dueAt,
  });
}
