import type { CommandOf } from "../commands.ts";
import type { Event } from "../events.ts";
import { type Plain, type Refusal, type Run, refuse } from "../model.ts";
import { changedNow } from "../records.ts";
import { type Turn, emit } from "../turn.ts";

/**
 * Takes a completion back: the run's state from before it, the record fields it wrote, its work item, clocks and timers.
 * The caller has checked that everything up to the revision it saw was caused by it, that nothing has left, and that 10 s have not passed.
 */
export function undo(
  turn: Turn,
  command: CommandOf<"undoWork">,
  { rev }: Run,
): { ok: true; run: Run; events: Event[]; answer: Plain } | Refusal {
  if (command.seen !== undefined && command.seen !== rev)
    return refuse("UNDO_REFUSED", "Something else has happened since. Nothing was undone.");
  for (const { id, changes } of command.records) {
    const record = turn.world.records.get(id);
    if (!record) return refuse("UNDO_REFUSED", "A record this completion wrote is gone. Nothing was changed.");
    for (const [field, { to }] of Object.entries(changes))
      if (JSON.stringify(record.values[field] ?? null) !== JSON.stringify(to))
        return refuse(
          "UNDO_REFUSED",
          `${turn.world.model.label(record.type, field)} was changed since. Nothing was undone.`,
        );
  }
  for (const { id, changes } of command.records) {
    const record = turn.world.records.get(id)!;
    const values = {
      ...record.values,
      ...Object.fromEntries(Object.entries(changes).map(([field, { from }]) => [field, from])),
    };
    const next = { ...changedNow(turn, record), values };
    turn.world.records.set(id, next);
    emit(
      turn,
      "RecordChanged",
      {
        type: record.type,
        changes: Object.fromEntries(Object.entries(changes).map(([field, c]) => [field, { from: c.to, to: c.from }])),
        source: "undo",
      },
      { kind: "record", id },
      next.version,
    );
  }
  emit(turn, "WorkUndone", { work: command.work, undone: command.undone, restored: JSON.stringify(command.before) });
  return { ok: true, run: turn.run, events: turn.events, answer: null };
}
