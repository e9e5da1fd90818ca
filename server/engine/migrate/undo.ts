import type { CommandOf } from "../commands.ts";
import type { Event } from "../events.ts";
import { type Plain, type Refusal, type Run, refuse } from "../model.ts";
import { type Turn, emit } from "../turn.ts";

/**
 * Takes a migration back: the run's state from before it, its clocks, timers and waits included. The caller has rebuilt that state
 * from the log and checked that nothing has happened since and that the time for it has not passed.
 */
export function undoMigration(
  turn: Turn,
  { before, reason, seen }: CommandOf<"undoMigration">,
): { ok: true; run: Run; events: Event[]; answer: Plain } | Refusal {
  const { process, version, rev } = turn.run;
  if (seen !== rev) return refuse("UNDO_REFUSED", "The run has moved on since. Nothing was undone.");
  emit(turn, "RunMigrated", {
    how: "undone",
    from: { process, version },
    to: { process: before.process, version: before.version },
    reason,
    restored: JSON.stringify(before),
  });
  return { ok: true, run: turn.run, events: turn.events, answer: null };
}
