/** Versions of processes by a key, and the one that a command is about besides its run's own. */
import type { RunCommand } from "@/server/engine/commands.ts";
import type { VersionRef } from "@/server/engine/migrate/map.ts";

export const versionKey = (process: string, version: number) => `${process}@${version}`;

/** The version a run is to go on under. */
export function targetOf(command: RunCommand): VersionRef | null {
  if (command.type === "migrateRun") return command.to;
  return command.type === "undoMigration" ? { process: command.before.process, version: command.before.version } : null;
}
