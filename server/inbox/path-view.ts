/** Where a run is on its way: what was done, where it stands, what likely comes. */
import type { CompiledNode, CompiledProcess } from "@/server/engine/graph.ts";

export type PathStep = {
  node: string;
  name: string;
  kind: string;
  state: "done" | "skipped" | "now" | "stuck" | "likely";
  at: number | null;
  enteredAt?: number;
  leftAt?: number | null;
  owner?: string | null;
  outcome?: string | null;
};

/** Steps in the order they were first visited, the open ones, then the most direct way on to a good end. */
export function pathView(
  process: CompiledProcess,
  visits: readonly {
    node: string;
    enteredAt: number;
    leftAt: number | null;
    skipped: boolean;
    owner?: string | null;
    outcome?: string | null;
  }[],
  /** Steps that stand before an incident. */
  stuck: ReadonlySet<string>,
  most = 12,
): PathStep[] {
  const seen = new Map<string, PathStep>();
  for (const visit of [...visits].sort((a, b) => a.enteredAt - b.enteredAt)) {
    const node = process.nodes.get(visit.node);
    const isStuck = visit.leftAt === null && stuck.has(visit.node);
    if (!node || !(isStuck || node.isHuman || node.node.kind === "wait" || node.node.kind === "subprocess")) continue;
    const state = isStuck ? "stuck" : visit.leftAt === null ? "now" : visit.skipped ? "skipped" : "done";
    seen.delete(visit.node);
    seen.set(visit.node, {
      node: visit.node,
      name: node.node.name,
      kind: node.node.kind,
      state,
      at: visit.leftAt ?? visit.enteredAt,
      enteredAt: visit.enteredAt,
      leftAt: visit.leftAt,
      owner: visit.owner ?? null,
      outcome: visit.outcome ?? null,
    });
  }
  const isOpen = ({ state }: PathStep) => state === "now" || state === "stuck";
  const open = [...seen.values()].filter(isOpen);
  const done = [...seen.values()].filter((step) => !isOpen(step));
  const now = open.at(-1);
  const likely = now
    ? wayOn(process, now.node)
        .filter((n) => !seen.has(n.id))
        .map((n): PathStep => ({ node: n.id, name: n.node.name, kind: n.node.kind, state: "likely", at: null }))
    : [];
  return [...done, ...open, ...likely].slice(-most);
}

/** Human and waiting steps on the shortest way from here to an end that counts as success. */
export function wayOn(process: CompiledProcess, from: string): CompiledNode[] {
  const before = new Map<string, string | null>([[from, null]]);
  const queue = [from];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    const node = process.nodes.get(id)!;
    if (node.node.kind === "end" && node.config.outcome === "success") {
      const way: CompiledNode[] = [];
      for (let at: string | null | undefined = id; at && at !== from; at = before.get(at))
        way.unshift(process.nodes.get(at)!);
      return way.filter((n) => n.isHuman);
    }
    for (const edge of node.out) {
      if (edge.rework || before.has(edge.to)) continue;
      before.set(edge.to, id);
      queue.push(edge.to);
    }
  }
  return [];
}

/** What may come right after a step: the next human steps and ends, each with the branch that leads there. */
export function nextSteps(
  process: CompiledProcess,
  from: string,
  most = 4,
): { node: string; name: string; kind: string; role: string | null; label: string | null }[] {
  const found: { node: string; name: string; kind: string; role: string | null; label: string | null }[] = [];
  const seen = new Set([from]);
  const walk = (id: string, label: string | null): void => {
    for (const edge of process.nodes.get(id)?.out ?? []) {
      const node = process.nodes.get(edge.to);
      if (!node || seen.has(node.id)) continue;
      seen.add(node.id);
      const said = label ?? edge.label ?? null;
      if (node.isHuman || node.node.kind === "end" || node.node.kind === "wait" || node.node.kind === "subprocess")
        found.push({
          node: node.id,
          name: node.node.name,
          kind: node.node.kind,
          role: node.node.role ? (process.document.roles[node.node.role]?.name ?? null) : null,
          label: said,
        });
      else walk(node.id, said);
    }
  };
  walk(from, null);
  return found.slice(0, most);
}
