/** Which target of an SLA fits, in which calendar: the first rule whose condition holds, else the definition's own. */
import { always, type BusinessCalendar } from "../calendar/calendar.ts";
import type { CompiledSla } from "./compile-sla.ts";
import type { Evaluated } from "../events.ts";
import { instantOf } from "../calendar/instant.ts";
import type { Visit } from "../model.ts";
import { isFieldTarget, parseTarget, type Target } from "../calendar/read-target.ts";
import { type Turn, evaluate, primary } from "../turn.ts";
import type { CalendarRef } from "../world.ts";

export type FittingGoal = {
  target: Target;
  calendar: BusinessCalendar;
  ref: CalendarRef | null;
  /** -1: none of the rules, the definition's own target. */
  rule: number;
  text: string;
  seen: Evaluated[];
};

/** Null while its target is a date of the record that is empty. A target that cannot be read was reported while drawing. */
export function goalOf(turn: Turn, definition: CompiledSla, visit: Visit | null, zone: string): FittingGoal | null {
  const seen: Evaluated[] = [];
  const rule = definition.targets.findIndex(({ when }) => {
    const looked = when ? evaluate(turn, when, visit, zone) : null;
    if (looked) seen.push(looked.seen);
    return looked?.isTrue === true;
  });
  const fitting = definition.targets[rule];
  const text = fitting?.target ?? definition.sla.target;
  const key = fitting?.calendar ?? definition.sla.calendar;
  const place = placeOf(turn, key, visit);
  const target = targetOf(turn, text, key !== undefined, visit, place?.zone ?? zone, place?.calendar ?? null);
  return target && { target, calendar: place?.calendar ?? always, ref: place?.ref ?? null, rule, text, seen };
}

function targetOf(
  turn: Turn,
  text: string,
  hasCalendar: boolean,
  visit: Visit | null,
  zone: string,
  calendar: BusinessCalendar | null,
): Target | null {
  if (isFieldTarget(text)) {
    const field = turn.process.expression(text.trim());
    const at = field ? instantOf(evaluate(turn, field, visit, zone).value, zone, calendar) : null;
    return at === null ? null : { kind: "instant", at };
  }
  const read = parseTarget(text, hasCalendar);
  return "kind" in read ? read : null;
}

/** The calendar of this key as it would be fixed now: by its zone rule, in the revision in force. */
export const placeOf = (turn: Turn, key: string | undefined, visit: Visit | null) =>
  turn.world.calendar(turn.process, key, { record: primary(turn), assignee: visit?.assignee ?? null });
