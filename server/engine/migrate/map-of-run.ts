import type { CompiledProcess } from "../graph.ts";
import type { Run } from "../model.ts";
import type { MigrationMap } from "./map.ts";

/** The part of a map that says something of this run: a fact keeps no more than that. */
export function mapOfRun(run: Run, source: CompiledProcess, map: MigrationMap): MigrationMap {
  const nodes = new Set([
    ...Object.values(run.tokens).map(({ node }) => node),
    ...Object.values(run.incidents).map(({ node }) => node),
    ...Object.values(run.clocks).flatMap(({ node }) => node ?? []),
    ...Object.keys(run.visited).map((place) => place.split("@")[0]!),
    ...Object.keys(run.passed).map((place) => place.split("@")[0]!),
    ...Object.keys(run.latches).flatMap((event) => event.split(":")[1] ?? []),
    ...run.compensable.map(({ node }) => node),
    ...Object.values(run.scopes).flatMap(({ node, lastEnd }) => [node, ...(lastEnd ? [lastEnd.node] : [])]),
    ...(run.lastEnd ? [run.lastEnd.node] : []),
  ]);
  const edges = new Set([
    ...Object.values(run.tokens).flatMap(({ edge }) => edge ?? []),
    ...Object.keys(run.reworks),
    ...(run.handoffs ?? []).map(({ edge }) => edge),
    ...Object.values(run.passed).flat(),
  ]);
  const hosts = new Set(Object.values(run.tokens).map(({ node }) => node));
  const boundaries = new Set(
    [...hosts].flatMap((host) => source.nodes.get(host)?.boundary.map(({ id }) => `${host}.${id}`) ?? []),
  );
  return {
    nodes: only(map.nodes, nodes),
    edges: only(map.edges, edges),
    boundaries: only(map.boundaries, boundaries),
    slas: map.slas,
  };
}

const only = (map: Readonly<Record<string, string>>, names: ReadonlySet<string>): Record<string, string> =>
  Object.fromEntries(Object.entries(map).filter(([name]) => names.has(name)));
