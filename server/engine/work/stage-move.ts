/**
 * The stage of a record changed by hand while a run is at work on it. A step whose actions write a stage is where that stage
 * begins, so moving the record there is held to what moving the run there is: what the steps it leaves ask for at their exit, what
 * that step asks for before it begins, and which steps are neither passed over nor gone back before.
 */
import { guardedBetween, isAhead } from "../flow/guarded.ts";
import type { CompiledNode } from "../graph.ts";
import type { Token } from "../model.ts";
import type { Action } from "../process.ts";
import { standAt, type Turn } from "../turn.ts";
import { entryUnmet, exitUnmet, type Unmet, whoElse } from "./gate.ts";

/** `field`: of the run's own record. `ticked`: what is ticked already on the tasks of the run, by task. */
export type StageMove = { field: string; from: string; to: string; member: string | null };

/** What keeps a stage from being changed. `missing`: what `node` still asks for, as the shortest list. */
export type StageHeld =
  | { how: "who"; node: CompiledNode; roles: string }
  | { how: "skip" | "back"; node: CompiledNode }
  | { how: "missing"; node: CompiledNode; unmet: Unmet[] };

/** Null when the stage may be changed, as far as this run goes. The turn sees the record as it would be. */
export function stageHeld(turn: Turn, move: StageMove): StageHeld | null {
  const tokens = Object.values(turn.run.tokens).sort((a, b) => a.since - b.since);
  const places = tokens.flatMap((token) => {
    const node = turn.process.nodes.get(token.node);
    return node ? [{ token, node }] : [];
  });
  const begins = stepsOf(turn, move.field, move.to);
  if (begins.length === 0) {
    // The process says nothing of that stage: only the step that this one began with has its say.
    const own = new Set(stepsOf(turn, move.field, move.from).map(({ node }) => node.id));
    return firstOf(places.filter(({ node }) => own.has(node.id)).map((place) => leaving(turn, place, move)));
  }
  const ways = begins.map((step) => firstOf(places.map((place) => between(turn, place, step, move))));
  // Several steps begin this stage: it is enough that one of them lets it.
  return ways.includes(null)
    ? null
    : ways.reduce((least, way) => (weight(way) < weight(least) ? way : least), ways[0]!);
}

type Place = { token: Token; node: CompiledNode };
type Begins = { node: CompiledNode; when: "entry" | "exit" };

/** Steps that write this value into the field, when they begin or when they are finished. */
function stepsOf(turn: Turn, field: string, value: string): Begins[] {
  const path = `${turn.run.recordType}.${field}`;
  const writes = (action: Action) =>
    action.verb === "set" && action.field === path && action.value.trim() === JSON.stringify(value);
  return [...turn.process.nodes.values()].flatMap((node): Begins[] =>
    node.actions.some(writes)
      ? [{ node, when: "entry" }]
      : node.onComplete.some(writes)
        ? [{ node, when: "exit" }]
        : [],
  );
}

/** From where a token stands to where the stage begins. */
function between(turn: Turn, place: Place, step: Begins, move: StageMove): StageHeld | null {
  const { token, node } = place;
  if (node.id === step.node.id)
    return token.state === "held"
      ? missing(step.node, entered(turn, token, step.node))
      : step.when === "exit"
        ? leaving(turn, place, move)
        : null;
  const guarded = guardedBetween(turn.process, turn.run, node, step.node);
  if (guarded) return { how: guarded.how, node: guarded.node };
  const left = isAhead(turn.process, node, step.node) ? leaving(turn, place, move) : null;
  if (left?.how === "who") return left;
  const before = missing(step.node, entered(turn, token, step.node));
  const after = step.when === "exit" ? missing(step.node, exits(turn, token, step.node)) : null;
  return firstOf([left, before, after]);
}

/** What the step a token stands in asks for before it may be left. A token that is held has nothing to leave. */
function leaving(turn: Turn, { token, node }: Place, { member }: StageMove): StageHeld | null {
  if (token.state === "held") return missing(node, entered(turn, token, node));
  const roles = whoElse(turn, node, member);
  return roles ? { how: "who", node, roles } : missing(node, exits(turn, token, node));
}

function entered(turn: Turn, token: Token, node: CompiledNode): Unmet[] {
  standAt(turn, token.id);
  return entryUnmet(turn, node);
}

/** A checklist is ticked on the task, when it is finished: asked for here it is still open. */
function exits(turn: Turn, token: Token, node: CompiledNode): Unmet[] {
  standAt(turn, token.id);
  const visit = token.node === node.id && token.visit ? (turn.run.visits[token.visit] ?? null) : null;
  return exitUnmet(turn, node, visit, { outcome: null, ticked: [], given: {} });
}

const missing = (node: CompiledNode, unmet: Unmet[]): StageHeld | null =>
  unmet.length > 0 ? { how: "missing", node, unmet } : null;

/** What cannot be filled in comes first; of what is missing all of it, named by the first step that asks. */
function firstOf(held: readonly (StageHeld | null)[]): StageHeld | null {
  const found = held.filter((one) => one !== null);
  const hard = found.find(({ how }) => how !== "missing");
  if (hard) return hard;
  const lists = found.flatMap((one) => (one.how === "missing" ? [one] : []));
  if (!lists[0]) return null;
  const unmet = new Map(lists.flatMap((one) => one.unmet).map((one) => [JSON.stringify(one), one]));
  return { how: "missing", node: lists[0].node, unmet: [...unmet.values()] };
}

const weight = (held: StageHeld | null): number => (held?.how === "missing" ? held.unmet.length : held ? 1000 : 0);
