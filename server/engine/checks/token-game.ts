/**
 * The token game of a drawn process: where tokens may stand, and what may fire. Any token that can move may move next;
 * conditions may come out either way, a step may leave by any of its exits. The checks play it ahead, the map plays one game.
 */
import { dominators } from "../flow/dominator.ts";
import type { Flow, FlowNode } from "./flow-graph.ts";

/**
 * A place a token stands in: inside a node, or before a join on the edge it came by. `rung`: which events on the border have
 * already put their token out. `arrived` is no token but a note: this edge of an n-of-m join has had its token in this round.
 */
export type Place = { node: number; kind: "node" | "edge" | "arrived"; edge: string | null; rung: number };
/** One firing: `edges` get a token each; none at an end. `stays`: an event on the border rang, the step goes on. */
export type Step = { node: string; edges: readonly string[]; stays?: true };
export type Move = { step: Step; to: readonly number[]; terminates: boolean };
/** Tokens as place numbers in ascending order, a number twice for two tokens. */
export type Marking = readonly number[];

export type Join = {
  node: FlowNode;
  at: number;
  /** Place and note of each edge, in drawn order. */
  edges: readonly { place: number; note: number }[];
  move: Move;
  /** By edge, whether a token inside or before the node of this number may still come by it in this round. */
  reach: readonly Uint8Array[];
};

export type Game = {
  flow: Flow;
  nodes: readonly FlowNode[];
  places: readonly Place[];
  /** What a token in this place may do; empty before a join. */
  moves: readonly (readonly Move[])[];
  joins: readonly Join[];
  joinAt: ReadonlyMap<number, Join>;
  start: Marking;
  indexOf: ReadonlyMap<string, number>;
  /** Where a token comes to stand that takes this edge; null at an end. */
  arrival: (edge: string) => number | null;
};

export function gameOf(flow: Flow): Game {
  const nodes = inWalkOrder(flow);
  const indexOf = new Map(nodes.map((n, i) => [n.id, i]));
  const places: Place[] = [];
  const first: number[] = [];
  const ofEdge = new Map<string, number>();
  for (const [at, node] of nodes.entries()) {
    first.push(places.length);
    if (node.join) {
      for (const edge of node.in) {
        ofEdge.set(edge, places.length);
        places.push({ node: at, kind: "edge", edge, rung: 0 });
        places.push({ node: at, kind: "arrived", edge, rung: 0 });
      }
    } else if (!node.ends)
      for (let rung = 0; rung < 1 << node.beside.length; rung++)
        places.push({ node: at, kind: "node", edge: null, rung });
  }
  const nodeAt = (edge: string) => nodes[indexOf.get(flow.edges.get(edge)!.to)!]!;
  const arrival = (edge: string): number | null => {
    const node = nodeAt(edge);
    if (node.ends && !node.terminates) return null;
    if (node.ends) return null;
    return node.join ? ofEdge.get(edge)! : first[indexOf.get(node.id)!]!;
  };
  const move = (node: FlowNode, edges: readonly string[], also: number | null): Move => {
    const to = edges.flatMap((e) => arrival(e) ?? []);
    if (also !== null) to.push(also);
    return {
      step: { node: node.id, edges, ...(also !== null && { stays: true as const }) },
      to,
      terminates: edges.some((e) => nodeAt(e).terminates),
    };
  };
  const moves = places.map(({ node: at, kind, rung }): Move[] => {
    const node = nodes[at]!;
    if (kind !== "node") return [];
    const leave = node.firings.map((edges) => move(node, edges, null));
    const ring = node.beside.flatMap((edge, i) =>
      rung & (1 << i) ? [] : move(node, [edge], first[at]! + (rung | (1 << i))),
    );
    return [...leave, ...ring];
  });
  const splits = nodes.some(({ join }) => join) ? dominators(flow.start, (id) => successors(flow, id)) : null;
  const joins = nodes.flatMap((node, at): Join[] => {
    if (!node.join) return [];
    const edges = node.in.map((e) => ({ place: ofEdge.get(e)!, note: ofEdge.get(e)! + 1 }));
    const split = splits?.get(node.id) ?? null;
    const reach = node.in.map((e) => reachBack(flow, indexOf, e, node.id, split));
    return [{ node, at, edges, move: move(node, node.firings[0]!, null), reach }];
  });
  const startAt = indexOf.get(flow.start)!;
  return {
    flow,
    nodes,
    places,
    moves,
    joins,
    joinAt: new Map(joins.map((j) => [j.at, j])),
    // Inside a step, the first node may be an end: then it is over as it begins.
    start: nodes[startAt]!.ends ? [] : [first[startAt]!],
    indexOf,
    arrival,
  };
}

/** Nodes branch by branch, so that a lower number means an earlier branch: the order in which branches are played. */
function inWalkOrder({ start, nodes, edges }: Flow): FlowNode[] {
  const order: FlowNode[] = [];
  const seen = new Set<string>();
  const visit = [start];
  for (let id = visit.pop(); id !== undefined; id = visit.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const node = nodes.get(id)!;
    order.push(node);
    const next = [...node.firings.flat(), ...node.beside].map((e) => edges.get(e)!.to);
    visit.push(...next.reverse());
  }
  return [...order, ...[...nodes.values()].filter((n) => !seen.has(n.id))];
}

const successors = ({ nodes, edges }: Flow, id: string): string[] => {
  const node = nodes.get(id)!;
  return [...node.firings.flat(), ...node.beside].map((e) => edges.get(e)!.to);
};

/**
 * The nodes from which a token may come by `edge`, on ways that lead neither through `join` nor through the split that all its
 * branches come from: those are the next round's.
 */
function reachBack(
  flow: Flow,
  indexOf: ReadonlyMap<string, number>,
  edge: string,
  join: string,
  split: string | null,
): Uint8Array {
  const marks = new Uint8Array(flow.nodes.size);
  const { from } = flow.edges.get(edge)!;
  const found = new Set(from === join ? [] : [from]);
  for (const id of found) {
    marks[indexOf.get(id)!] = 1;
    if (id === split) continue;
    for (const e of flow.nodes.get(id)!.in) {
      const before = flow.edges.get(e)!.from;
      if (before !== join) found.add(before);
    }
  }
  return marks;
}

const has = (marking: Marking, place: number) => marking.includes(place);

export function without(marking: Marking, gone: readonly number[]): number[] {
  const rest = [...marking];
  for (const place of gone) {
    const at = rest.indexOf(place);
    if (at >= 0) rest.splice(at, 1);
  }
  return rest;
}
export const sorted = (tokens: number[]): number[] => tokens.sort((a, b) => a - b);

/** What a firing of the join leaves of the marking, or null while it may not fire. `rest`: an n-of-m join eats a late token. */
export function fire(game: Game, marking: Marking, join: Join): { marking: Marking; step: Step; over: boolean } | null {
  const rule = join.node.join!;
  const standing = join.edges.filter(({ place }) => has(marking, place));
  if (standing.length === 0) return null;
  const put = (rest: number[], to: readonly number[]) => sorted([...rest, ...to]);
  const went = (rest: number[]) => ({
    marking: put(rest, join.move.to),
    step: join.move.step,
    over: join.move.terminates,
  });
  const eaten = standing.map(({ place }) => place);
  switch (rule.mode) {
    case "all":
      return standing.length === join.edges.length ? went(without(marking, eaten)) : null;
    case "taken":
      return mayStillCome(game, marking, join) ? null : went(without(marking, eaten));
    case "n_of_m": {
      const arrived = join.edges.filter(({ note }) => has(marking, note));
      if (arrived.length === 0) {
        if (standing.length < Math.min(rule.count, join.edges.length)) return null;
        if (rule.cancelRest) return went(cancelled(game, without(marking, eaten), join));
        return went(round(without(marking, eaten), join, standing));
      }
      const late = standing.filter(({ note }) => !has(marking, note));
      const [one] = late;
      if (!one) return null;
      const rest = round(without(marking, [one.place]), join, [one]);
      return { marking: sorted(rest), step: { node: join.node.id, edges: [] }, over: false };
    }
    default:
      return rule satisfies never;
  }
}

/** Notes that these edges have come; when all have, the round is over and the notes go. */
function round(rest: number[], join: Join, come: readonly { note: number }[]): number[] {
  const noted = [...rest, ...come.map(({ note }) => note)];
  const all = join.edges.map(({ note }) => note);
  return all.every((note) => noted.includes(note)) ? without(noted, all) : noted;
}

function cancelled(game: Game, rest: number[], join: Join): number[] {
  return rest.filter((place) => {
    const { node, kind } = game.places[place]!;
    if (kind === "arrived") return true;
    return node !== join.at && !join.reach.some((marks) => marks[node]);
  });
}

/** OR-join: some other token may still come by an edge that has none yet. */
function mayStillCome(game: Game, marking: Marking, join: Join): boolean {
  return join.edges.some(({ place }, i) => {
    if (has(marking, place)) return false;
    const marks = join.reach[i]!;
    return marking.some((token) => {
      const { node, kind } = game.places[token]!;
      return kind !== "arrived" && node !== join.at && marks[node] === 1;
    });
  });
}

/** Tokens only: notes are none. */
export const tokensOf = (game: Game, marking: Marking) =>
  marking.filter((place) => game.places[place]!.kind !== "arrived");

export type Standing = { node: string; edge: string | null };
/** One picture of a game: what fired, and where the tokens stand then. `over`: a terminating end took the rest along. */
export type Frame = { step: Step | null; standing: Standing[] };

/**
 * Plays the steps from the start, each as the rules allow it. Null when a step cannot be played: no counter-example of ours.
 * Where a node holds several tokens the one that has rung least moves.
 */
export function replay(flow: Flow, steps: readonly Step[]): Frame[] | null {
  const game = gameOf(flow);
  let marking: Marking = game.start;
  const frames: Frame[] = [{ step: null, standing: standing(game, marking) }];
  for (const step of steps) {
    const next = play(game, marking, step);
    if (!next) return null;
    marking = next;
    frames.push({ step, standing: standing(game, marking) });
  }
  return frames;
}

export function play(game: Game, marking: Marking, step: Step): Marking | null {
  const same = (move: Move) => move.step.stays === step.stays && move.step.edges.join() === step.edges.join();
  const at = game.indexOf.get(step.node);
  const join = at === undefined ? undefined : game.joinAt.get(at);
  if (join) {
    const fired = fire(game, marking, join);
    return fired && fired.step.edges.join() === step.edges.join() ? (fired.over ? [] : fired.marking) : null;
  }
  for (const place of marking) {
    if (game.places[place]!.node !== at) continue;
    const move = game.moves[place]!.find(same);
    if (move) return move.terminates ? [] : sorted([...without(marking, [place]), ...move.to]);
  }
  return null;
}

export const standing = (game: Game, marking: Marking): Standing[] =>
  tokensOf(game, marking).map((place) => {
    const { node, edge } = game.places[place]!;
    return { node: game.nodes[node]!.id, edge };
  });
