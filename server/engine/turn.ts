/**
 * One command being decided: the run as it changes, the events so far, and how to look at records, expressions and time.
 * Everything a decision does goes through `emit`, so that what is stored is all that happened.
 */
import { type Evaluation, type Compiled, type FeelValue, isTrue, toFeel, toFeelDateTime } from "./expression/index.ts";
import type { Effect, Event, EventType, Evaluated, Facts, Stream } from "./events.ts";
import { evolve } from "./evolve.ts";
import type { CompiledNode, CompiledProcess } from "./graph.ts";
import type { Actor, EngineRecord, Plain, Run, Values, Visit, Work } from "./model.ts";
import type { World } from "./world.ts";

/** Sees each event of the run before and after it is applied: projections. */
export type Watch = { before(event: Event, run: Run | null): void; after(event: Event, run: Run): void };

export type Turn = {
  process: CompiledProcess;
  run: Run;
  world: World;
  command: { id: string; actor: Actor };
  /** When it is processed. */
  now: number;
  /** When it counts: a timer's due instant while what it caused is decided, else `now`. */
  instant: number;
  actor: Actor;
  events: Event[];
  watch: Watch | null;
  /** Records changed in this turn: their business events are told to other runs once. */
  touched: Map<string, { type: string; events: Set<string>; created: boolean }>;
  emitted: Set<string>;
  created: number;
  /** Highest token number given out to an edge that was not entered yet. */
  tokensGiven: number;
  /** The last end a token reached in this turn. */
  lastEnd: { node: string; outcome: "success" | "neutral" | "negative" } | null;
  /** An end of the whole run was reached: what is on its way goes nowhere. */
  ended: boolean;
  /** Something a pause condition may read has changed. */
  dirty: boolean;
};

/** Appends a fact to the run's stream and applies it. */
export function emit<T extends EventType>(
  turn: Turn,
  type: T,
  data: Facts[T],
  stream: Stream = { kind: "run", id: turn.run.id },
  version?: number,
): void {
  const event = {
    type,
    stream,
    version: version ?? turn.run.rev + 1,
    at: turn.now,
    actor: turn.actor,
    cause: turn.command.id,
    data,
  } as Event;
  if (turn.instant !== turn.now) event.due = turn.instant;
  turn.events.push(event);
  if (stream.kind === "run") {
    turn.watch?.before(event, turn.run);
    turn.run = evolve(turn.run, event);
    turn.watch?.after(event, turn.run);
  }
}

const letters = { token: "t", visit: "v", work: "w", clock: "c", timer: "m", incident: "i", effect: "e" } as const;

/** The next counted id of a kind: t1, v1, w1, c1, m1 (timers), i1, e1. */
export const nextId = (turn: Turn, kind: keyof Run["counters"]): string =>
  letters[kind] + (turn.run.counters[kind] + 1);

export function request(turn: Turn, effect: Effect, token: string | null = null): string {
  const id = nextId(turn, "effect");
  emit(turn, "EffectRequested", { id, effect, token });
  return id;
}

/** A record by the name expressions use: the primary record's type, or a related name. */
export function recordNamed(turn: Turn, name: string): EngineRecord | null {
  const id = name === turn.run.recordType ? turn.run.recordId : turn.run.related[name];
  return (id && turn.world.records.get(id)) || null;
}

export const primary = (turn: Turn): EngineRecord | null => turn.world.records.get(turn.run.recordId) ?? null;

/** What expressions see: the records by name, `run.*`, `step.*`. */
export function scopeOf(turn: Turn, visit?: Visit | null) {
  return {
    now: turn.instant,
    zone: turn.world.workspace.zone,
    get(name: string): FeelValue | undefined {
      if (name === "run") return variablesOf(turn);
      if (name === "step") return visit ? stepOf(visit) : undefined;
      if (
        name === turn.run.recordType ||
        name in turn.process.document.related ||
        Object.hasOwn(turn.run.related, name)
      ) {
        const record = recordNamed(turn, name);
        return record ? turn.world.model.toFeel(record) : null;
      }
      return undefined;
    },
  };
}

function variablesOf(turn: Turn): FeelValue {
  const context: { [key: string]: FeelValue } = {};
  for (const [name, variable] of Object.entries(turn.process.document.variables))
    context[name] = toFeel(turn.run.variables[name] ?? null, variable.type);
  return context;
}

const stepOf = (visit: Visit): FeelValue => ({
  entered_at: toFeelDateTime(visit.enteredAt),
  assignee: visit.assignee ?? null,
  blocked_reason: visit.pauseReason ?? null,
  visit_no: visit.no,
});

/** Evaluates and keeps what was read, for the log. An expression that failed counts as null. */
export function evaluate(
  turn: Turn,
  expression: Compiled,
  visit?: Visit | null,
): { value: FeelValue; seen: Evaluated; isTrue: boolean } {
  const scope = scopeOf(turn, visit);
  const result: Evaluation = expression.evaluate(scope);
  const inputs: Values = {};
  for (const name of expression.reads) inputs[name] = inputAt(turn, name, visit);
  const seen: Evaluated = { text: expression.text, inputs, result: plainOf(result.value) };
  if (result.error) seen.error = result.error;
  return { value: result.value, isTrue: isTrue(result), seen };
}

/** The stored value behind a qualified name, as it was at that moment. */
function inputAt(turn: Turn, name: string, visit?: Visit | null): Plain {
  const dot = name.indexOf(".");
  const [object, field] = dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
  if (object === "run") return turn.run.variables[field] ?? null;
  if (object === "step")
    return visit
      ? ({
          entered_at: visit.enteredAt,
          assignee: visit.assignee ?? null,
          blocked_reason: visit.pauseReason ?? null,
          visit_no: visit.no,
        }[field] ?? null)
      : null;
  return recordNamed(turn, object)?.values[field] ?? null;
}

/** A FEEL result as plain JSON for the log: dates and durations as their text. */
export function plainOf(value: FeelValue): Plain {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  if (Array.isArray(value)) return value.map(plainOf);
  const text = "text" in value && typeof value.text === "string" ? value.text : null;
  return text ?? null;
}

export const nodeOf = (turn: Turn, id: string): CompiledNode => {
  const node = turn.process.nodes.get(id);
  if (!node) throw new Error(`version ${turn.process.version} of ${turn.process.document.key} has no node ${id}`);
  return node;
};

/** The open task of a visit. */
export function workOf(turn: Turn, visit: string): Work | undefined {
  const { work } = turn.run;
  for (const id in work) if (work[id]!.visit === visit) return work[id];
  return undefined;
}
