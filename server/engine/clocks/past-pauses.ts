/**
 * Pauses that had happened before a clock was attached: its pause condition, looked at over the record's values as they were
 * then, related records included (ServiceNow sees only the last value of those).
 */
import type { CompiledSla } from "./compile-sla.ts";
import { isTrue } from "../expression/index.ts";
import { instantOf, nextMidnight } from "../calendar/instant.ts";
import type { EngineRecord, Values, Visit } from "../model.ts";
import { type Turn, recordNamed, scopeOf } from "../turn.ts";

/** Midnights looked at one by one: some ten years. */
const mostMidnights = 4000;

/** Stretches of [from, to) in which the pause condition held, in order and disjoint. */
export function pastPauses(
  turn: Turn,
  { pause, time }: CompiledSla,
  visit: Visit | null,
  from: number,
  to: number,
  zone: string,
): [number, number][] {
  const condition = pause.when;
  if (!condition) return [];
  const moments = new Set([from]);
  const add = (at: number) => void (at > from && at < to && moments.add(at));
  for (const name of recordNames(turn)) {
    const record = recordNamed(turn, name);
    for (const { at } of record ? pastOf(turn, record) : []) add(at);
  }
  if (condition.usesToday)
    for (let at = nextMidnight(from, zone), n = 0; at < to && n < mostMidnights; n++, at = nextMidnight(at, zone))
      add(at);
  const changes = [...moments];
  for (const moment of changes)
    for (const field of time.fields) {
      const at = instantOf(field.evaluate(scopeAt(turn, visit, zone, moment)).value, zone, null);
      if (at !== null) [at, at + 1].forEach(add);
    }
  const pauses: [number, number][] = [];
  const sorted = [...moments].sort((a, b) => a - b);
  for (const [i, at] of sorted.entries()) {
    if (!isTrue(condition.evaluate(scopeAt(turn, visit, zone, at)))) continue;
    const end = sorted[i + 1] ?? to;
    const last = pauses.at(-1);
    if (last?.[1] === at) last[1] = end;
    else pauses.push([at, end]);
  }
  return pauses;
}

const recordNames = (turn: Turn): string[] => [turn.run.recordType, ...Object.keys(turn.run.related)];

const pastOf = (turn: Turn, { id }: EngineRecord): readonly { at: number; values: Values }[] =>
  turn.world.past?.(id) ?? [];

/** What expressions saw at an earlier instant. A record that was not there yet is null. */
function scopeAt(turn: Turn, visit: Visit | null, zone: string, at: number) {
  const { model } = turn.world;
  const scope = scopeOf(turn, visit, zone);
  return {
    ...scope,
    now: at,
    get(name: string) {
      if (!recordNames(turn).includes(name)) return scope.get(name);
      const record = recordNamed(turn, name);
      if (!record) return scope.get(name);
      const past = pastOf(turn, record);
      if (past.length === 0) return scope.get(name);
      const then = past.findLast((state) => state.at <= at);
      return then ? model.toFeel(model.onDay({ ...record, values: then.values }, at)) : null;
    },
  };
}
