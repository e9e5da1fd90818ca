/**
 * Parts of a map that are mostly found by themselves and sometimes have to be said: connections into joins, by which a branch that
 * waits there came, and events at the edge of steps, whose timers and subscriptions go on.
 */
import type { CompiledProcess } from "../graph.ts";
import { portOf } from "../step.ts";
import { type MigrationPlan, wholeMap } from "./map.ts";

/** `node`: the step of the source it is at. `to`: what it becomes as the plan stands; null: nothing. `may`: what it could become. */
export type PairOffer = {
  from: string;
  name: string;
  node: string;
  to: string | null;
  may: { id: string; name: string }[];
};

export function pairOffers(
  source: CompiledProcess,
  target: CompiledProcess,
  plan: MigrationPlan,
): { edges: PairOffer[]; boundaries: PairOffer[] } {
  const map = wholeMap(source, target, plan);
  const edges: PairOffer[] = [];
  const boundaries: PairOffer[] = [];
  for (const node of source.nodes.values()) {
    const there = target.nodes.get(map.nodes[node.id] ?? "");
    if (!there) continue;
    if (node.node.kind === "join")
      for (const { id } of node.in)
        edges.push({
          from: id,
          name: edgeName(source, id),
          node: node.id,
          to: map.edges[id] ?? null,
          may: there.in.map((edge) => ({ id: edge.id, name: edgeName(target, edge.id) })),
        });
    for (const { id, kind } of node.boundary) {
      const to = map.boundaries[`${node.id}.${id}`];
      boundaries.push({
        from: `${node.id}.${id}`,
        name: eventName(source, node.id, id),
        node: node.id,
        to: to === undefined ? null : `${there.id}.${to}`,
        may: there.boundary
          .filter((other) => other.kind === kind)
          .map((other) => ({ id: `${there.id}.${other.id}`, name: eventName(target, there.id, other.id) })),
      });
    }
  }
  return { edges, boundaries };
}

const nameOf = (process: CompiledProcess, id: string): string => process.nodes.get(id)?.node.name || id;

/** "Call (done) → Both ready". */
function edgeName(process: CompiledProcess, id: string): string {
  const edge = process.document.edges.find((one) => one.id === id);
  if (!edge) return id;
  const way = edge.label || (portOf(edge) === "done" ? "" : portOf(edge));
  return `${nameOf(process, edge.from)}${way ? ` (${way})` : ""} → ${nameOf(process, edge.to)}`;
}

/** "Call: reminder", by where it leads if that says more than its id. */
function eventName(process: CompiledProcess, node: string, event: string): string {
  const out = process.document.edges.find((edge) => edge.from === node && portOf(edge) === event);
  return `${nameOf(process, node)}: ${event.replaceAll("_", " ")}${out ? ` → ${nameOf(process, out.to)}` : ""}`;
}
