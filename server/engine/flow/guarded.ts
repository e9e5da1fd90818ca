/** Which moves by hand the gates of a process forbid: passing a step over, going back to before one. */
import type { CompiledNode, CompiledProcess } from "../graph.ts";
import type { Run } from "../model.ts";

/** The guarded step that is in the way of a move; null when it may be made. Rework connections lead back, so they do not count. */
export function guardedBetween(
  process: CompiledProcess,
  run: Run,
  from: CompiledNode,
  to: CompiledNode,
): { node: CompiledNode; how: "skip" | "back" } | null {
  const ahead = reach(process, from, () => false);
  if (from.id !== to.id && ahead.has(to.id)) {
    const skipped = (node: CompiledNode) =>
      node.node.gate?.noSkip === true && node.id !== to.id && (node.id === from.id || !(run.visited[node.id] ?? 0));
    if (skipped(from)) return { node: from, how: "skip" };
    if (reach(process, from, skipped).has(to.id)) return null;
    const node = [...ahead].map((id) => process.nodes.get(id)!).find(skipped);
    return node ? { node, how: "skip" } : null;
  }
  const after = reach(process, to, () => false);
  const passed = [...process.nodes.values()].find(
    (node) =>
      node.node.gate?.noBack === true &&
      node.id !== from.id &&
      (run.visited[node.id] ?? 0) > 0 &&
      (node.id === to.id || after.has(node.id)),
  );
  return passed ? { node: passed, how: "back" } : null;
}

/** Whether a step comes after another, by connections that do not lead back. */
export const isAhead = (process: CompiledProcess, from: CompiledNode, to: CompiledNode): boolean =>
  from.id !== to.id && reach(process, from, () => false).has(to.id);

/** Nodes that come after one, without going through those that are closed. */
function reach(process: CompiledProcess, from: CompiledNode, closed: (node: CompiledNode) => boolean): Set<string> {
  const seen = new Set<string>();
  const open = [from];
  for (let node = open.pop(); node; node = open.pop())
    for (const { to, rework } of node.out) {
      const next = process.nodes.get(to);
      if (!next || rework || seen.has(to)) continue;
      seen.add(to);
      if (!closed(next)) open.push(next);
    }
  return seen;
}
