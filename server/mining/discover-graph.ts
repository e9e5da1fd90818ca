import { type EventLog } from "@/server/interop/log.ts";
import { casesOf } from "./cases.ts";
import { byCodePoint } from "./code-point-order.ts";

export type GraphEdge = { from: string; to: string; count: number };

/**
 * A directly-follows graph thinned for drawing. `starts` and `ends` are edges from the process's start and to its end; every
 * activity lies on a way from a start to an end. `dropped` says how many transitions the thinning left out.
 */
export type DiscoveredGraph = {
  activities: { name: string; count: number; cases: number }[];
  edges: GraphEdge[];
  starts: { name: string; count: number }[];
  ends: { name: string; count: number }[];
  dropped: { activities: number; edges: number; transitions: number };
};

/** Shares of cases, 0–1: activities and edges that occur in fewer are left out where nothing depends on them. */
export type DiscoverOptions = { activityShare?: number; edgeShare?: number };

/**
 * Draws what mostly happens. Rare activities are skipped over (their neighbours join); of the edges those often enough stay,
 * and beside them each activity's best way from the start and to the end, best meaning the one whose rarest edge is most
 * frequent, so that no activity loses its connection.
 */
export function discoverGraph(log: EventLog, options: DiscoverOptions = {}): DiscoveredGraph {
  const { activityShare = 0, edgeShare = 0.02 } = options;
  const cases = casesOf(log).map((one) => one.events.map((event) => event.activity));
  const counts = countActivities(cases);
  const kept = new Set(
    [...counts].filter(([, { cases: n }]) => n >= activityShare * cases.length).map(([name]) => name),
  );
  const paths = cases.map((path) => path.filter((name) => kept.has(name))).filter((path) => path.length > 0);

  const arcs = countArcs(paths);
  const enough = Math.max(1, edgeShare * paths.length);
  const needed = new Set([...widestTree(arcs, "forward"), ...widestTree(arcs, "backward")]);
  const chosen = arcs.filter((arc) => arc.count >= enough || needed.has(arc)).sort(byCount);
  const between = chosen.filter((arc) => arc.from !== border && arc.to !== border);
  return {
    activities: [...counts]
      .filter(([name]) => kept.has(name))
      .map(([name, count]) => ({ name, count: count.events, cases: count.cases }))
      .sort((a, b) => b.count - a.count || byCodePoint(a.name, b.name)),
    edges: between.map(({ from, to, count }) => ({ from: nameOf(from), to: nameOf(to), count })),
    starts: chosen.filter((arc) => arc.from === border).map(({ to, count }) => ({ name: nameOf(to), count })),
    ends: chosen.filter((arc) => arc.to === border).map(({ from, count }) => ({ name: nameOf(from), count })),
    dropped: {
      activities: counts.size - kept.size,
      edges: arcs.length - chosen.length,
      transitions: sum(arcs) - sum(chosen),
    },
  };
}

/** The start when an arc leaves it, the end when one enters it; no activity, whatever its name. */
const border = Symbol("border");
type Place = string | typeof border;
type Arc = { from: Place; to: Place; count: number };

const nameOf = (place: Place): string => (place === border ? "" : place);
const sum = (arcs: readonly Arc[]): number => arcs.reduce((total, arc) => total + arc.count, 0);
const byCount = (a: Arc, b: Arc): number =>
  b.count - a.count || byCodePoint(nameOf(a.from), nameOf(b.from)) || byCodePoint(nameOf(a.to), nameOf(b.to));

function countActivities(cases: readonly string[][]): Map<string, { events: number; cases: number }> {
  const counts = new Map<string, { events: number; cases: number }>();
  const countOf = (name: string) => {
    const count = counts.get(name) ?? { events: 0, cases: 0 };
    counts.set(name, count);
    return count;
  };
  for (const path of cases) {
    for (const name of path) countOf(name).events += 1;
    for (const name of new Set(path)) countOf(name).cases += 1;
  }
  return counts;
}

function countArcs(paths: readonly string[][]): Arc[] {
  const arcs = new Map<Place, Map<Place, Arc>>();
  const add = (from: Place, to: Place) => {
    const targets = arcs.get(from) ?? new Map<Place, Arc>();
    arcs.set(from, targets);
    const arc = targets.get(to) ?? { from, to, count: 0 };
    arc.count += 1;
    targets.set(to, arc);
  };
  for (const path of paths) {
    let before: Place = border;
    for (const name of path) {
      add(before, name);
      before = name;
    }
    add(before, border);
  }
  return [...arcs.values()].flatMap((targets) => [...targets.values()]);
}

/**
 * The arcs of a maximum-bottleneck tree from the start (forward) or to the end (backward): Prim's algorithm, always taking the
 * most frequent arc that reaches a new activity.
 */
function widestTree(arcs: readonly Arc[], direction: "forward" | "backward"): Set<Arc> {
  const near = (arc: Arc) => (direction === "forward" ? arc.from : arc.to);
  const far = (arc: Arc) => (direction === "forward" ? arc.to : arc.from);
  const sorted = [...arcs].filter((arc) => far(arc) !== border).sort(byCount);
  const reached = new Set<Place>([border]);
  const tree = new Set<Arc>();
  for (;;) {
    const next = sorted.find((arc) => reached.has(near(arc)) && !reached.has(far(arc)));
    if (!next) return tree;
    tree.add(next);
    reached.add(far(next));
  }
}
