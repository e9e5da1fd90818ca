/**
 * What outlives a restart of the server, but not of its machine: the engine's time at an instant, and how long the machine had been
 * up then. While the machine stays up, that tells what time it must be, however its clock was set meanwhile.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";

/** `boot`: names this start of the machine. `up`: ms since then. */
export type Uptime = { boot: string; up: number };

const anchorFile = z.object({ boot: z.string(), up: z.number(), time: z.number() });
const fileOf = (folder: string) => path.join(folder, "clock.json");

/** Null where the machine does not say which start of it this is; then every clock is believed at the start. */
export function thisUptime(): Uptime | null {
  try {
    return { boot: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(), up: os.uptime() * 1000 };
  } catch {
    return null;
  }
}

/** UTC epoch ms that it must be by now; null where nothing of this start of the machine is known. */
export function expectedTime(folder: string, now: Uptime | null): number | null {
  try {
    const { boot, up, time } = anchorFile.parse(JSON.parse(readFileSync(fileOf(folder), "utf8")));
    return now && now.boot === boot && now.up >= up ? time + (now.up - up) : null;
  } catch {
    return null;
  }
}

/** Keeps it. A disk that is full or fails is no reason to stop: then the last one counts. */
export function keepAnchor(folder: string, now: Uptime | null, time: number): void {
  if (!now) return;
  const half = `${fileOf(folder)}.${process.pid}`;
  try {
    writeFileSync(half, `${JSON.stringify({ ...now, time })}\n`, { mode: 0o600 });
    renameSync(half, fileOf(folder));
  } catch {
    // The next hour tries again.
  }
}
