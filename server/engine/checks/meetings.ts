/**
 * Where two tokens could ever meet. The pairs of places that could hold a token at once are drawn too large, never too small:
 * the least relation in which the outcomes of one firing stand beside each other, and what stands beside all a firing takes
 * stands beside all it puts (A. Kovalyov, "Concurrency relations and the safety problem for Petri nets", 1992; for sound
 * processes of plain splits and joins it is exact).
 */
import type { FlowNode } from "./flow-graph.ts";
import type { Game } from "./token-game.ts";

/** `edge`: before a join, by this edge. */
export type Meeting = { node: FlowNode; edge: string | null };

/**
 * Places to look at. If two tokens came one after the other through one node that lets them pass singly, they could have met
 * in that node already; so what counts are nodes with several edges into them, what follows a split that its own branches lead
 * back to, and what lies past the last way to an OR-join, which does not fire before. Where tokens may be cancelled, all do. Where
 * a game begins with several tokens, so do the places they begin in.
 */
export function meetings(game: Game, meant: ReadonlySet<string>): Meeting[] {
  const { flow, nodes, indexOf } = game;
  const parted = game.start.length > 1;
  if (!parted && !nodes.some((n) => n.firings.some((f) => f.length > 1) || n.beside.length > 0)) return [];
  const twice = metPlaces(game);
  if (twice.size === 0) return [];
  const all = game.joins.some(({ node: { join } }) => cancels(join));
  const orJoins = game.joins.filter((j) => j.node.join?.mode === "taken");
  const frees = (from: number, to: number) =>
    orJoins.some((j) => j.at !== to && j.reach.some((marks) => marks[from] && !marks[to]));
  const counts = (e: string) => {
    const { from, to } = flow.edges.get(e)!;
    return all || (forks(flow.nodes.get(from)!) && again(game, from)) || frees(indexOf.get(from)!, indexOf.get(to)!);
  };
  const begins = new Set(parted ? game.start : []);
  return nodes.flatMap((node, at): Meeting[] => {
    if (node.ends || meant.has(node.id)) return [];
    const here = game.places.flatMap((p, i) => (p.node === at && twice.has(i) ? p : []));
    if (here.length === 0) return [];
    const first = game.places.flatMap((p, i) => (p.node === at && begins.has(i) ? p : []));
    if (node.join)
      return here.flatMap(({ edge }) =>
        edge !== null && (counts(edge) || first.some((p) => p.edge === edge)) ? { node, edge } : [],
      );
    const goesOn = node.beside.length > 0 && again(game, node.id);
    return node.in.length > 1 || goesOn || first.length > 0 || node.in.some(counts) ? [{ node, edge: null }] : [];
  });
}

export const cancels = (join: FlowNode["join"]) => join?.mode === "n_of_m" && join.cancelRest;
const forks = (node: FlowNode) => node.beside.length > 0 || node.firings.some((f) => f.length > 1);

/** Whether ways lead from a node back to it. */
function again({ flow }: Game, id: string): boolean {
  const found = new Set<string>();
  const next = (one: string) => {
    const node = flow.nodes.get(one)!;
    for (const e of [...node.firings.flat(), ...node.beside]) found.add(flow.edges.get(e)!.to);
  };
  next(id);
  for (const one of found) {
    if (one === id) return true;
    next(one);
  }
  return false;
}

/** Places that could hold two tokens at once; a node whose event has rung is the same node. */
function metPlaces(game: Game): Set<number> {
  const { places, moves, joins } = game;
  const size = places.length;
  const beside = new Uint8Array(size * size);
  const open: number[] = [];
  const add = (a: number, b: number) => {
    if (beside[a * size + b]) return;
    beside[a * size + b] = beside[b * size + a] = 1;
    open.push(a, b);
  };
  const joinOf = new Map(joins.flatMap((join) => join.edges.map(({ place }) => [place, join] as const)));
  /** What stands beside `other` once the token in `place` has moved. */
  const spread = (place: number, other: number) => {
    for (const { to } of moves[place]!) for (const next of to) add(next, other);
    const join = joinOf.get(place);
    if (!join) return;
    const needs = join.node.join?.mode === "all" ? join.edges : [];
    if (needs.every((e) => beside[e.place * size + other])) for (const next of join.move.to) add(next, other);
  };
  for (const [i, a] of game.start.entries()) for (const b of game.start.slice(i + 1)) add(a, b);
  for (const some of moves)
    for (const { to } of some) for (const [i, a] of to.entries()) for (const b of to.slice(i + 1)) add(a, b);
  while (open.length > 0) {
    const b = open.pop()!;
    const a = open.pop()!;
    spread(a, b);
    spread(b, a);
  }
  const ofNode: number[][] = [];
  for (const [a, { node }] of places.entries()) (ofNode[node] ??= []).push(a);
  const meets = (a: number): boolean => {
    const { node, kind } = places[a]!;
    if (kind === "edge") return beside[a * size + a] === 1;
    return kind === "node" && ofNode[node]!.some((b) => beside[a * size + b]);
  };
  return new Set([...places.keys()].filter(meets));
}
