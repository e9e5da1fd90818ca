import { setRing } from "./clocks.ts";
import type { CommandOf } from "../commands.ts";
import type { Event } from "../events.ts";
import { type Plain, type Refusal, type Run, refuse } from "../model.ts";
import { type Turn, emit } from "../turn.ts";

/**
 * Adopts clocks that were computed anew from the log, or takes that back: each change is a fact that holds both. Refused whole when
 * the run has moved since it was looked at: the difference that was shown would not be the one that is made.
 */
export function recompute(
  turn: Turn,
  command: CommandOf<"recomputeClocks">,
): { ok: true; run: Run; events: Event[]; answer: Plain } | Refusal {
  const moved = refuse("CONFLICT", "This run has moved on since. Nothing was changed; look at the differences again.");
  if (command.seen !== turn.run.rev) return moved;
  for (const { id, was } of command.clocks) {
    const open = turn.run.clocks[id];
    if (open ? !same(open.clock, was) : was.stoppedAt === undefined) return moved;
  }
  for (const clock of command.clocks) {
    emit(turn, "ClockRecomputed", { ...clock, how: command.how, reason: command.reason });
    const open = turn.run.clocks[clock.id];
    if (open) setRing(turn, open);
    else
      for (const timer of Object.values(turn.run.timers))
        if (timer.clock === clock.id) emit(turn, "TimerCancelled", { id: timer.id });
  }
  return { ok: true, run: turn.run, events: turn.events, answer: { clocks: command.clocks.length } };
}

/** Equal as stored: a field that is undefined is one that is absent. */
const same = (a: object, b: object): boolean => canonical(a) === canonical(b);
const canonical = (value: object): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
      : inner,
  );
