/** Where branches part and meet (semantics, section 2). What is open counts within one scope only. */
import type { Evaluated } from "../events.ts";
import { joinKey } from "../evolve.ts";
import { numberOf } from "../counted-ids.ts";
import { type CompiledEdge, type CompiledNode, edgeAt, exitBy } from "../graph.ts";
import { type Arrival, cancelToken, leaving, move, raise } from "./leave.ts";
import type { Token } from "../model.ts";
import { type Turn, emit, evaluate, nodeOf, standAt } from "../turn.ts";

/** Exclusive choice: in stated order, the first true one; none and no otherwise is an incident, never a silent stop. */
export function choose(turn: Turn, token: string, node: CompiledNode): Arrival[] {
  standAt(turn, token);
  const conditions: Evaluated[] = [];
  for (const edge of node.out) {
    if (edge.otherwise || (!edge.condition && !edge.when))
      return move(turn, token, node, edge.id, edge.exit, leaving(undefined, undefined, conditions));
    if (holds(turn, edge, conditions))
      return move(turn, token, node, edge.id, edge.exit, leaving(undefined, undefined, conditions));
  }
  return noBranch(turn, token, node);
}

/** Inclusive split: every true one; none: the otherwise branch, else an incident. */
export function chooseMany(turn: Turn, token: string, node: CompiledNode): Arrival[] {
  standAt(turn, token);
  const conditions: Evaluated[] = [];
  const taken = node.out.filter(
    (edge) => !edge.otherwise && ((!edge.condition && !edge.when) || holds(turn, edge, conditions)),
  );
  const edges = taken.length ? taken : node.out.filter((edge) => edge.otherwise).slice(0, 1);
  return edges.length
    ? move(turn, token, node, edges.map((e) => e.id).join(" "), exitBy(edges), { conditions })
    : noBranch(turn, token, node);
}

function holds(turn: Turn, edge: CompiledEdge, conditions: Evaluated[]): boolean {
  const looked = edge.condition ? evaluate(turn, edge.condition) : null;
  if (!looked) return false;
  looked.seen.edge = edge.id;
  conditions.push(looked.seen);
  return looked.isTrue;
}

const noBranch = (turn: Turn, token: string, node: CompiledNode) =>
  raise(
    turn,
    token,
    node,
    "NO_BRANCH",
    `No branch of “${node.node.name}” fits this record, and none is marked otherwise.`,
  );

/** AND join: the oldest token of each incoming edge; the rest queue for the next round. */
export function mergeAll(turn: Turn, node: CompiledNode, scope: string | null): Arrival[] {
  const round = roundAt(turn, node, scope);
  return round.length === node.in.length ? pass(turn, node, round) : [];
}

/**
 * Joins that depend on what else may still come: looked at when no token is about to move. Each that can go on does; the caller
 * asks again until none can.
 */
export function mergeOthers(turn: Turn): Arrival[] {
  if (!turn.process.looseJoins) return [];
  const looked = new Set<string>();
  for (const { node: id, state, scope = null } of Object.values(turn.run.tokens)) {
    const node = nodeOf(turn, id);
    if (node.node.kind !== "join" || node.config.mode === "all" || state !== "in") continue;
    const place = joinKey(id, scope);
    if (looked.has(place)) continue;
    looked.add(place);
    const moved = node.config.mode === "taken" ? mergeTaken(turn, node, scope) : mergeSome(turn, node, scope);
    if (moved) return moved;
  }
  return [];
}

/**
 * OR join: every incoming edge has a token, or no token elsewhere can come by one that has none yet. A path through the join
 * itself, or through the split that all its branches come from, does not count: that is a later round.
 */
function mergeTaken(turn: Turn, node: CompiledNode, scope: string | null): Arrival[] | null {
  const round = roundAt(turn, node, scope);
  const empty = node.in.filter((edge) => !round.some((t) => t.edge === edge.id));
  const others = Object.values(turn.run.tokens).filter((t) => t.node !== node.id && (t.scope ?? null) === scope);
  const awaited = empty.some((edge) => others.some((t) => node.upstream.get(edge.id)?.has(t.node)));
  return round.length === 0 || awaited ? null : pass(turn, node, round);
}

/** N of M: goes on when `count` edges have a token. The rest is cancelled, or taken in as it comes until all edges have come. */
function mergeSome(turn: Turn, node: CompiledNode, scope: string | null): Arrival[] | null {
  const place = joinKey(node.id, scope);
  const open = turn.run.passed[place];
  const late = open ? roundAt(turn, node, scope).find((t) => t.edge !== null && open.includes(t.edge)) : undefined;
  if (open && late) {
    emit(turn, "TokenLeft", { token: late.id, node: node.id, port: "late", edges: [], ended: true });
    emit(turn, "JoinPassed", {
      node: node.id,
      ...(scope && { scope }),
      open: open.filter((edge) => edge !== late.edge),
    });
    // Nothing goes on, but the next round may be complete now.
    return mergeSome(turn, node, scope) ?? mergeOthers(turn);
  }
  const round = roundAt(turn, node, scope);
  if (open || round.length < Math.min(Number(node.config.count), node.in.length)) return null;
  if (round.length === 0) return null;
  if (node.config.cancelRest) {
    const upstream = (token: Token) => node.in.some((edge) => node.upstream.get(edge.id)?.has(token.node));
    for (const token of Object.values(turn.run.tokens))
      if ((token.scope ?? null) === scope && !round.includes(token) && (token.node === node.id || upstream(token)))
        cancelToken(turn, token, "enough branches were done");
  } else {
    const missing = node.in.filter((edge) => !round.some((t) => t.edge === edge.id)).map((edge) => edge.id);
    if (missing.length) emit(turn, "JoinPassed", { node: node.id, ...(scope && { scope }), open: missing });
  }
  return pass(turn, node, round);
}

/** The oldest token standing at the join for each incoming edge that has one. */
function roundAt(turn: Turn, node: CompiledNode, scope: string | null): Token[] {
  const { tokens } = turn.run;
  const round: Token[] = [];
  for (const edge of node.in) {
    let first: Token | null = null;
    for (const id in tokens) {
      const token = tokens[id]!;
      if (
        token.edge === edge.id &&
        token.node === node.id &&
        token.state === "in" &&
        (token.scope ?? null) === scope &&
        (first === null || numberOf(token.id) < numberOf(first.id))
      )
        first = token;
    }
    if (first) round.push(first);
  }
  return round;
}

function pass(turn: Turn, node: CompiledNode, round: readonly Token[]): Arrival[] {
  const [kept] = round;
  if (!kept) return [];
  const edge = edgeAt(node, "done") ?? node.out[0];
  return edge
    ? move(
        turn,
        kept.id,
        node,
        "done",
        edge.exit,
        leaving(
          undefined,
          undefined,
          undefined,
          round.slice(1).map((t) => t.id),
        ),
      )
    : raise(turn, kept.id, node, "NO_EXIT", `Nothing follows “${node.node.name}”.`);
}
