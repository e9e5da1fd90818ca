/** The job that starts a process at its time of day: one row a day, named for the instant it is for. */
import type { Row } from "@/db/store.ts";
import type { Process } from "@/server/engine/process.ts";
import { nextAtTime } from "@/server/engine/schedule.ts";

export type DailyJob = { kind: "schedule"; process: string };

/** When a process that starts by the clock starts next after an instant; null for one that does not. */
export function nextDaily(document: Process, zone: string, after: number): number | null {
  const config = document.nodes.find((n) => n.kind === "start")?.config;
  return config?.trigger === "schedule" ? nextAtTime(String(config.at ?? ""), zone, after) : null;
}

export const dailyJob = (workspaceId: string, process: string, at: number): Row<"job"> => ({
  id: `${workspaceId}:schedule:${process}:${at}`,
  workspaceId,
  kind: "schedule",
  runId: null,
  payload: { kind: "schedule", process, effect: "", at },
  dueAt: at,
  lease: 0,
  attempts: 0,
  deadAt: null,
  lastError: null,
});
