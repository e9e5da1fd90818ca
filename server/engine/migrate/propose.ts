/** The map as it is proposed: every step that is there still, and what the others most likely became. */
import type { CompiledNode, CompiledProcess } from "../graph.ts";
import type { Pair } from "./map.ts";

/** `unsure`: found by its name or its place only; a person should look. */
export type Proposal = { from: string; to: string; unsure: boolean };
export type Proposed = {
  nodes: Proposal[];
  /** Steps of the source for which nothing fits. */
  open: string[];
};

/** Below this likeness of names a step is not the same one renamed. */
const alike = 0.5;

/**
 * By id and kind first. What is left: the most alike of the same kind in the same scope, by name and by what stands before and after
 * it. Outer steps are placed before those inside them, for what is inside must stay inside.
 */
export function proposeMap(source: CompiledProcess, target: CompiledProcess): Proposed {
  const map = new Map<string, Proposal>();
  const taken = new Set<string>();
  const take = (from: string, to: string, unsure: boolean) => {
    map.set(from, { from, to, unsure });
    taken.add(to);
  };
  const ours = [...source.nodes.values()].sort((a, b) => depth(source, a) - depth(source, b));
  const scopeOf = (node: CompiledNode): string | null | undefined =>
    node.node.in === undefined ? null : map.get(node.node.in)?.to;
  for (const node of ours) {
    const same = target.nodes.get(node.id);
    if (same && comparable(node, same) && (same.node.in ?? null) === scopeOf(node)) take(node.id, same.id, false);
  }
  for (let deep = 0; deep <= Math.max(0, ...ours.map((node) => depth(source, node))); deep++) {
    const rivals = ours
      .filter((node) => depth(source, node) === deep && !map.has(node.id))
      .flatMap((node) =>
        [...target.nodes.values()].flatMap((other) => {
          if (taken.has(other.id) || !comparable(node, other) || (other.node.in ?? null) !== scopeOf(node)) return [];
          const score = likeness(node, other, map);
          return score >= alike ? [{ from: node.id, to: other.id, score }] : [];
        }),
      )
      .sort((a, b) => b.score - a.score || (a.from < b.from ? -1 : 1));
    for (const { from, to } of rivals) if (!map.has(from) && !taken.has(to)) take(from, to, true);
  }
  return {
    nodes: [...source.nodes.keys()].flatMap((id) => map.get(id) ?? []),
    open: [...source.nodes.keys()].filter((id) => !map.has(id)),
  };
}

/** The proposal as the pairs of a plan. */
export const pairsOf = ({ nodes }: Proposed): Pair[] => nodes.map(({ from, to }) => ({ from, to }));

/** Of one kind, and of one way of being it: a sub-process stays called or drawn inside, a join keeps its rule. */
export function comparable(one: CompiledNode, other: CompiledNode): boolean {
  if (one.node.kind !== other.node.kind) return false;
  switch (one.node.kind) {
    case "join":
      return one.config.mode === other.config.mode;
    case "subprocess":
      return (one.config.inline === true) === (other.config.inline === true);
    case "for_each":
      return one.config.mode === other.config.mode && one.config.over === other.config.over;
    default:
      return true;
  }
}

/** 0 … 1: how alike the names are, raised by neighbours that were placed next to each other. */
function likeness(one: CompiledNode, other: CompiledNode, map: ReadonlyMap<string, Proposal>): number {
  const names = Math.max(similar(one.node.name, other.node.name), similar(one.id, other.id));
  const before = one.in.some(({ from }) => other.in.some((edge) => edge.from === map.get(from)?.to));
  const after = one.out.some(({ to }) => other.out.some((edge) => edge.to === map.get(to)?.to));
  return Math.min(1, names * 0.7 + (before ? 0.3 : 0) + (after ? 0.3 : 0));
}

/** Share of pairs of letters that two texts have in common (Dice's coefficient). */
function similar(one: string, other: string): number {
  const [a, b] = [pairsIn(one), pairsIn(other)];
  if (a.length === 0 || b.length === 0) return one.trim().toLowerCase() === other.trim().toLowerCase() ? 1 : 0;
  const left = [...b];
  let common = 0;
  for (const pair of a) {
    const at = left.indexOf(pair);
    if (at < 0) continue;
    left.splice(at, 1);
    common++;
  }
  return (2 * common) / (a.length + b.length);
}

const pairsIn = (text: string): string[] => {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  return Array.from({ length: Math.max(0, plain.length - 1) }, (_, i) => plain.slice(i, i + 2));
};

function depth(process: CompiledProcess, node: CompiledNode): number {
  let deep = 0;
  for (let at = node.node.in; at && deep < 20; at = process.nodes.get(at)?.node.in) deep++;
  return deep;
}
