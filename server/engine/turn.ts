/**
 * One command being decided: the run as it changes, the events so far, and how to look at records, expressions and time.
 * Everything a decision does goes through `emit`, so that what is stored is all that happened.
 */
import {
  type Compiled,
  type Evaluation,
  type FeelValue,
  isTagged,
  isTrue,
  toFeel,
  toFeelDateTime,
} from "./expression/index.ts";
import { countedId, tokenId } from "./counted-ids.ts";
import type { Effect, Event, EventType, Evaluated, Facts, Hop, Stream } from "./events.ts";
import { evolve } from "./evolve.ts";
import type { CompiledNode, CompiledProcess } from "./graph.ts";
import type { Actor, EngineRecord, Loop, Plain, Refusal, Run, RunScope, Values, Visit, Work } from "./model.ts";
import { refuse } from "./model.ts";
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
  touched: Map<string, { type: string; events: Set<string>; created: boolean }> | null;
  emitted: Set<string> | null;
  /** The run's own stream, which most facts go to. */
  stream: Stream | null;
  created: number;
  /** Highest token number given out to an edge that was not entered yet. */
  tokensGiven: number;
  /** The scope of the token that is dealt with: what expressions call the item. */
  scope: string | null;
  /** Names that expressions see besides, for a moment: `message`, `child`, `loop`. */
  beside: Record<string, FeelValue> | null;
  /** A terminating end was reached in this scope (null: of the whole run): what is on its way there goes nowhere. */
  ended: { scope: string | null } | null;
  /** Something a pause condition may read has changed. */
  dirty: boolean;
  /** Steps that led to this command, the first one first. */
  chain: readonly Hop[];
  /** The step that last did something which may set others off. */
  doer: Hop | null;
  /** What whoever completed the work in this turn chose and said. */
  said: { outcome?: string; reason?: string } | null;
};

/** Why nothing enters or leaves this step now; null where it goes on. */
export const stopOf = (turn: Turn, node: string) => turn.world.stopped?.(node) ?? null;

export const stoppedRefusal = (turn: Turn, node: string): Refusal =>
  refuse(
    "UNAVAILABLE",
    `“${nodeOf(turn, node).node.name || node}” is stopped: ${stopOf(turn, node)?.reason ?? ""}. Nothing was changed.`,
  );

/** A turn before anything has happened in it. The caller owns the run. */
export const newTurn = (
  process: CompiledProcess,
  run: Run,
  world: World,
  { id, actor, at, chain = [] }: { id: string; actor: Actor; at: number; chain?: readonly Hop[] },
  watch: Watch | null = null,
): Turn => ({
  process,
  run,
  world,
  command: { id, actor },
  now: notBefore(run, at),
  instant: notBefore(run, at),
  actor,
  events: [],
  watch,
  touched: null,
  emitted: null,
  stream: null,
  created: 0,
  tokensGiven: 0,
  scope: null,
  beside: null,
  ended: null,
  dirty: false,
  chain,
  doer: null,
  said: null,
});

/** A command that waited its turn carries an earlier time than one that overtook it: a run's time never runs back. */
const notBefore = (run: Run | null, at: number): number => (run ? Math.max(at, run.toldAt ?? run.lastAt) : at);

/** Appends a fact to the run's stream and applies it. */
export function emit<T extends EventType>(turn: Turn, type: T, data: Facts[T], other?: Stream, version?: number): void {
  const stream = other ?? (turn.stream ??= { kind: "run", id: turn.run.id });
  const event = {
    type,
    stream,
    version: version ?? turn.run.rev + 1,
    at: other?.kind === "record" ? (turn.world.records.get(other.id)?.changedAt ?? turn.now) : turn.now,
    actor: turn.actor,
    cause: turn.command.id,
    data,
    due: turn.instant === turn.now ? undefined : turn.instant,
  } as Event;
  turn.events.push(event);
  if (stream.kind === "run") {
    turn.watch?.before(event, turn.run);
    turn.run = evolve(turn.run, event);
    turn.watch?.after(event, turn.run);
  }
}

/** The next counted id of a kind: t1, v1, w1, c1, m1 (timers), i1, e1. */
export const nextId = (turn: Turn, kind: keyof Run["counters"]): string => countedId(kind, turn.run.counters[kind] + 1);

/** A token that is not in the run yet: the next number, edges that were given one and not entered yet counted in. */
export function freshToken(turn: Turn): string {
  turn.tokensGiven = Math.max(turn.run.counters.token, turn.tokensGiven) + 1;
  return tokenId(turn.tokensGiven);
}

export function request(turn: Turn, effect: Effect, token: string | null = null): string {
  const id = nextId(turn, "effect");
  emit(turn, "EffectRequested", { id, effect: turn.doer ? chained(turn, effect) : effect, token });
  return id;
}

/** What may set others off names the steps that led to it. */
function chained(turn: Turn, effect: Effect): Effect {
  switch (effect.kind) {
    case "notice":
    case "mail":
    case "cancel_child":
      return effect;
    default:
      return { ...effect, chain: [...turn.chain, turn.doer!] };
  }
}

/** A record by the name expressions use: the primary record's type, a related name, or the item of a for-each. */
export function recordNamed(turn: Turn, name: string): EngineRecord | null {
  const item = turn.scope ? itemNamed(turn, name) : undefined;
  if (item) return (item.records && typeof item.value === "string" && turn.world.records.get(item.value)) || null;
  const id = name === turn.run.recordType ? turn.run.recordId : turn.run.related[name];
  return (id && turn.world.records.get(id)) || null;
}

/** What a for-each around the token calls by this name, the innermost first. */
function itemNamed(turn: Turn, name: string): { value: Plain; records: boolean } | undefined {
  for (let id = turn.scope; id; ) {
    const scope: RunScope | undefined = turn.run.scopes[id];
    const loop = scope && turn.run.tokens[scope.token]?.loop;
    if (loop?.as === name) return { value: scope?.item ?? null, records: loop.records };
    id = scope?.parent ?? null;
  }
  return undefined;
}

/** How far the for-each is that a token stands in, or `owner`'s own: what `loop` means in expressions. */
export function loopOf(turn: Turn, loop: Loop, index?: number): FeelValue {
  const { items, opened, success, neutral, negative } = loop;
  const done = success + neutral + negative;
  return {
    total: items.length,
    done,
    open: opened - done,
    success,
    neutral,
    negative,
    ...(index !== undefined && { index: index + 1 }),
  };
}

/** From here on expressions see what this token sees. */
export const standAt = (turn: Turn, token: string | null | undefined): void => {
  turn.scope = (token && turn.run.tokens[token]?.scope) || null;
};

export const primary = (turn: Turn): EngineRecord | null => turn.world.records.get(turn.run.recordId) ?? null;

/** What expressions see: the records by name, `run.*`, `step.*`. `zone`: whose `today()` it is, else the workspace's. */
export function scopeOf(turn: Turn, visit?: Visit | null, zone: string = turn.world.workspace.zone) {
  return {
    now: turn.instant,
    zone,
    get(name: string): FeelValue | undefined {
      if (name === "run") return variablesOf(turn);
      if (name === "step") return visit ? stepOf(visit) : undefined;
      if (turn.beside && Object.hasOwn(turn.beside, name)) return turn.beside[name];
      if (turn.scope) {
        const item = itemNamed(turn, name);
        if (item && !item.records) return toFeel(item.value);
        if (item) {
          const record = recordSeen(turn, name);
          return record ? turn.world.model.toFeel(record) : null;
        }
        const scope = turn.run.scopes[turn.scope];
        const loop = scope && turn.run.tokens[scope.token]?.loop;
        if (name === "loop" && loop) return loopOf(turn, loop, scope.index);
      }
      if (
        name === turn.run.recordType ||
        name in turn.process.document.related ||
        Object.hasOwn(turn.run.related, name)
      ) {
        const record = recordSeen(turn, name);
        return record ? turn.world.model.toFeel(record) : null;
      }
      return undefined;
    },
  };
}

/** A record as conditions see it: days go on in it though nobody writes them. */
function recordSeen(turn: Turn, name: string): EngineRecord | null {
  const record = recordNamed(turn, name);
  return record && turn.world.model.onDay(record, turn.instant);
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
  zone?: string,
): { value: FeelValue; seen: Evaluated; isTrue: boolean } {
  // A clock's conditions are looked at out of turn: what they see follows from the visit.
  if (visit) standAt(turn, visit.token);
  const result: Evaluation = expression.evaluate(scopeOf(turn, visit, zone));
  const inputs: Values = {};
  for (const { name, object, field } of expression.paths) inputs[name] = inputAt(turn, object, field, visit);
  const seen: Evaluated = { text: expression.text, inputs, result: plainOf(result.value) };
  if (result.error) seen.error = result.error;
  return { value: result.value, isTrue: isTrue(result), seen };
}

/** The stored value behind a qualified name, as it was at that moment. */
function inputAt(turn: Turn, object: string, field: string, visit?: Visit | null): Plain {
  const item = turn.scope ? itemNamed(turn, object) : undefined;
  if (item && !item.records) return item.value;
  const beside = turn.beside && Object.hasOwn(turn.beside, object) ? turn.beside[object] : undefined;
  if (beside !== undefined) {
    const held = plainOf(beside);
    if (!field) return held;
    return held !== null && typeof held === "object" && !Array.isArray(held) ? (held[field] ?? null) : null;
  }
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
  return recordSeen(turn, object)?.values[field] ?? null;
}

/** A FEEL result as plain JSON for the log: dates and durations as their text. */
export function plainOf(value: FeelValue): Plain {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(plainOf);
  if (isTagged(value)) return value.text;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, plainOf(held)]));
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
