import { always } from "@/server/engine/calendar/calendar.ts";
import { dueAt, parseTarget } from "@/server/engine/calendar/calendar-target.ts";
import type { CommandOf } from "@/server/engine/commands.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import { type Refusal, refuse } from "@/server/engine/model.ts";

/** How often a record may go through a process, and how soon again. */
export function reentryRefused(
  process: CompiledProcess,
  command: CommandOf<"startRun">,
  /** When the last run of `process/record` ended, UTC ms. */
  ended: ReadonlyMap<string, number>,
): Refusal | null {
  const { reentry = "always", name } = process.document;
  const last = ended.get(`${command.process}/${command.recordId}`);
  if (reentry === "always" || last === undefined) return null;
  if (reentry === "never")
    return refuse(
      "ALREADY_RUNNING",
      `This record has been through “${name}”, and it may come in only once. Nothing was started.`,
    );
  return command.at >= (comesAgainAt(process, last) ?? last)
    ? null
    : refuse(
        "ALREADY_RUNNING",
        `This record was in “${name}” not long ago, and it may come in again only ${reentry.after} after. Nothing was started.`,
      );
}

/** When a record that left at `last` may come in again, UTC ms; null where it may at once or never. */
export function comesAgainAt({ document: { reentry = "always" } }: CompiledProcess, last: number): number | null {
  if (reentry === "always" || reentry === "never") return null;
  const target = parseTarget(reentry.after, false);
  return "kind" in target ? dueAt(always, target, last) : last;
}
