/**
 * What becomes what when a run goes on under another version of its process, or under another process (semantics, section 3).
 * A plan is what a person decided; the map is the plan made whole, with everything that it leaves open filled in by id.
 */
import { portOf } from "../step.ts";
import type { CompiledProcess } from "../graph.ts";

export type Pair = { from: string; to: string };
/** Which version of which process. */
export type VersionRef = { process: string; version: number };

export type MigrationPlan = {
  /** Steps of the source and what they become. A step that is in no pair is in no run's way unless a run stands there. */
  nodes: readonly Pair[];
  /** Connections, where they are not found by id or by what they connect. */
  edges?: readonly Pair[] | undefined;
  /** Events at the edge of a step as `step.event`; found by id, else by kind, where they are left out. */
  boundaries?: readonly Pair[] | undefined;
  /** Promises by key; `to` null: its clocks are closed. By key where they are left out. */
  slas?: readonly { from: string; to: string | null }[] | undefined;
  /** Promises of the source whose open clocks take the new target, with what has elapsed. */
  rebase?: readonly string[] | undefined;
  /** Steps of the source whose open tasks are handed out anew, or whose forms begin empty. */
  reassign?: readonly string[] | undefined;
  renewForm?: readonly string[] | undefined;
};

/** The plan made whole: names of the source → names of the target. What is in none has nothing to become. */
export type MigrationMap = {
  nodes: Readonly<Record<string, string>>;
  edges: Readonly<Record<string, string>>;
  /** `step.event` of the source → the event's id at the step that its host becomes. */
  boundaries: Readonly<Record<string, string>>;
  slas: Readonly<Record<string, string>>;
};

/** Fills in what a plan leaves open. Pairs that the rules refuse stay as they are; `planProblems` says so. */
export function wholeMap(source: CompiledProcess, target: CompiledProcess, plan: MigrationPlan): MigrationMap {
  const nodes = Object.fromEntries(plan.nodes.map(({ from, to }) => [from, to]));
  return {
    nodes,
    edges: edgesOf(source, target, nodes, plan.edges ?? []),
    boundaries: boundariesOf(source, target, nodes, plan.boundaries ?? []),
    slas: slasOf(source, target, plan.slas ?? []),
  };
}

/** By what was said, by id where it leads to the same step, by both ends and the exit, by both ends. Each of the target's is taken once. */
function edgesOf(
  source: CompiledProcess,
  target: CompiledProcess,
  nodes: Readonly<Record<string, string>>,
  said: readonly Pair[],
): Record<string, string> {
  const map: Record<string, string> = {};
  const taken = new Set<string>();
  const take = (from: string, to: string) => {
    map[from] = to;
    taken.add(to);
  };
  for (const { from, to } of said) if (!taken.has(to)) take(from, to);
  type Edge = CompiledProcess["document"]["edges"][number];
  const alike: ((one: Edge, other: Edge) => boolean)[] = [
    (one, other) => one.id === other.id,
    (one, other) => nodes[one.from] === other.from && portOf(one) === portOf(other),
    (one, other) => nodes[one.from] === other.from,
  ];
  for (const isLike of alike)
    for (const edge of source.document.edges) {
      if (map[edge.id] !== undefined) continue;
      const found = target.document.edges.find(
        (other) => !taken.has(other.id) && nodes[edge.to] === other.to && isLike(edge, other),
      );
      if (found) take(edge.id, found.id);
    }
  return map;
}

/** An event stays at the step its host becomes: the one of the same id, else the only other one of its kind. */
function boundariesOf(
  source: CompiledProcess,
  target: CompiledProcess,
  nodes: Readonly<Record<string, string>>,
  said: readonly Pair[],
): Record<string, string> {
  const map: Record<string, string> = {};
  const spoken = new Map(said.map(({ from, to }) => [from, to]));
  for (const [from, to] of Object.entries(nodes)) {
    const theirs = target.nodes.get(to)?.boundary ?? [];
    const ours = source.nodes.get(from)?.boundary ?? [];
    const taken = new Set<string>();
    const take = (event: string, other: string) => {
      map[`${from}.${event}`] = other;
      taken.add(other);
    };
    for (const { id } of ours) {
      const place = spoken.get(`${from}.${id}`);
      if (place !== undefined) take(id, place.startsWith(`${to}.`) ? place.slice(to.length + 1) : place);
    }
    const left = ours.filter(({ id }) => map[`${from}.${id}`] === undefined && !spoken.has(`${from}.${id}`));
    for (const { id, kind } of left) {
      const same = theirs.find((one) => one.id === id && one.kind === kind && !taken.has(one.id));
      if (same) take(id, same.id);
    }
    for (const { id, kind } of left) {
      if (map[`${from}.${id}`] !== undefined) continue;
      const alike = theirs.filter((one) => one.kind === kind && !taken.has(one.id));
      const rivals = left.filter((one) => one.kind === kind && map[`${from}.${one.id}`] === undefined);
      if (alike.length === 1 && rivals.length === 1) take(id, alike[0]!.id);
    }
  }
  return map;
}

function slasOf(
  source: CompiledProcess,
  target: CompiledProcess,
  said: readonly { from: string; to: string | null }[],
): Record<string, string> {
  const spoken = new Map(said.map(({ from, to }) => [from, to]));
  const taken = new Set(said.flatMap(({ to }) => to ?? []));
  const map: Record<string, string> = {};
  for (const key of source.slas.keys()) {
    const to = spoken.get(key);
    if (to != null) map[key] = to;
    else if (!spoken.has(key) && target.slas.has(key) && !taken.has(key)) map[key] = key;
  }
  return map;
}
