/** How the server is: what waits, what is late, what it has answered, and what it has left of disk and memory. */
import { readDepths, type Depths } from "@/db/queries/health.ts";
import type { CommandCounts } from "@/server/commands/command-meter.ts";
import type { Services } from "./boot.ts";

export type Health = Depths &
  CommandCounts & {
    /** Ms that the oldest due job, and the oldest due timer, has waited. */
    lag: number;
    timerLag: number;
    /** Bytes. `diskFree` is null where the database is on another machine. */
    databaseBytes: number;
    diskFree: number | null;
    memoryBytes: number;
    heapBytes: number;
    uptimeSeconds: number;
  };

/** Of one workspace (its machine's figures beside it), or of all. */
export async function readHealth(
  { store, clock, engine }: Pick<Services, "store" | "clock" | "engine">,
  workspaceId: string | null,
): Promise<Health> {
  const now = clock.now();
  const [depths, space] = await Promise.all([readDepths(store, workspaceId, now), store.space()]);
  const memory = process.memoryUsage();
  const since = (at: number | null) => (at === null ? 0 : Math.max(0, now - at));
  return {
    ...depths,
    ...engine.loop.counts(workspaceId, now),
    lag: since(depths.oldestDue),
    timerLag: since(depths.oldestTimer),
    databaseBytes: space.bytes,
    diskFree: space.free,
    memoryBytes: memory.rss,
    heapBytes: memory.heapUsed,
    uptimeSeconds: Math.round(process.uptime()),
  };
}

const metrics: readonly [string, "gauge" | "counter", string, (health: Health) => number | null][] = [
  ["uptime_seconds", "gauge", "Since the process started.", (h) => h.uptimeSeconds],
  ["resident_bytes", "gauge", "Memory of the process.", (h) => h.memoryBytes],
  ["heap_used_bytes", "gauge", "Memory its objects use.", (h) => h.heapBytes],
  ["commands_total", "counter", "Commands answered since the start, refused ones too.", (h) => h.answered],
  ["refusals_total", "counter", "Commands refused since the start.", (h) => h.refused],
  ["commands_per_second", "gauge", "Mean of the last minute.", (h) => h.answeredLastMinute / 60],
  ["jobs", "gauge", "Timers and effects that wait.", (h) => h.jobs],
  ["jobs_due", "gauge", "Of them, those whose time has come.", (h) => h.due],
  ["jobs_dead", "gauge", "Given up, waiting for an operator.", (h) => h.dead],
  ["job_lag_seconds", "gauge", "How long the oldest due job has waited.", (h) => h.lag / 1000],
  ["timer_lag_seconds", "gauge", "How long the oldest due timer has waited.", (h) => h.timerLag / 1000],
  ["incidents_open", "gauge", "Runs that stand still.", (h) => h.incidents],
  ["batches_running", "gauge", "Batches over runs.", (h) => h.runningBatches],
  ["events_total", "counter", "Facts in the log.", (h) => h.events],
  ["outgoing_held", "gauge", "1 while nothing goes out after a restore.", (h) => (h.heldSince === null ? 0 : 1)],
  ["database_bytes", "gauge", "Size of the database.", (h) => h.databaseBytes],
  ["disk_free_bytes", "gauge", "Free on the database's disk.", (h) => h.diskFree],
];

/** The Prometheus text format, version 0.0.4. */
export const metricsText = (health: Health): string =>
  metrics
    .flatMap(([name, type, help, of]) => {
      const value = of(health);
      const key = `millrace_${name}`;
      return value === null ? [] : [`# HELP ${key} ${help}`, `# TYPE ${key} ${type}`, `${key} ${value}`];
    })
    .join("\n")
    .concat("\n");
