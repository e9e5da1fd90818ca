/**
 * Can every run always finish? Explores the markings of the token game: which edges and joins hold a token. A branch may go
 * any way, a step may leave by any of its exits; only parallel splits and joins tie tokens together. A marking from which no
 * end of the whole run can be reached is unsound, and the path to it is the counter-example.
 */
import type { CompiledNode, CompiledProcess } from "./graph.ts";
import { portsOf } from "./graph.ts";
import { portOf } from "./step.ts";

export type Unsound = {
  code: "DEADLOCK" | "LACK_OF_SYNCHRONISATION";
  node: string /** Nodes in the order they are played. */;
  path: string[];
};

/** Beyond this many markings the question is left open (null): such a graph has far more parallel branches than any process. */
const mostMarkings = 20_000;

/** A marking: sorted tokens, `n:<node>` inside a node or `e:<edge>` standing at a join by that edge. */
type Marking = string;

export function findUnsound(process: CompiledProcess): Unsound | null {
  const { start } = process;
  if (!start) return null;
  const first = key([`n:${start.id}`]);
  const from = new Map<Marking, { marking: Marking; node: string } | null>([[first, null]]);
  const backward = new Map<Marking, Marking[]>();
  const finished: Marking[] = [];
  const queue: Marking[] = [first];
  for (let marking = queue.shift(); marking !== undefined; marking = queue.shift()) {
    if (from.size > mostMarkings) return null;
    if (marking === "") {
      finished.push(marking);
      continue;
    }
    for (const step of successors(process, marking)) {
      const next = key(step.tokens);
      if (hasTwin(step.tokens))
        return { code: "LACK_OF_SYNCHRONISATION", node: step.node, path: [...pathTo(from, marking), step.node] };
      backward.set(next, [...(backward.get(next) ?? []), marking]);
      if (from.has(next)) continue;
      from.set(next, { marking, node: step.node });
      queue.push(next);
    }
  }
  const alive = new Set(finished);
  for (const marking of alive) for (const before of backward.get(marking) ?? []) alive.add(before);
  for (const marking of from.keys()) {
    if (alive.has(marking)) continue;
    const stuck = marking.split("|").find((t) => t.startsWith("e:"));
    if (stuck || successors(process, marking).length === 0) {
      const edge = process.document.edges.find((e) => `e:${e.id}` === stuck);
      return { code: "DEADLOCK", node: edge?.to ?? marking.slice(2), path: pathTo(from, marking) };
    }
  }
  return null;
}

const key = (tokens: string[]): Marking => [...tokens].sort().join("|");

/** The same node twice: two tokens would run one after the other where one was meant. Joins queue, so they do not count. */
const hasTwin = (tokens: string[]) =>
  tokens.filter((t) => t.startsWith("n:")).some((t, i, all) => all.indexOf(t) !== i);

function successors(process: CompiledProcess, marking: Marking): { tokens: string[]; node: string }[] {
  const tokens = marking.split("|");
  const found: { tokens: string[]; node: string }[] = [];
  tokens.forEach((token, i) => {
    if (!token.startsWith("n:")) return;
    const node = process.nodes.get(token.slice(2))!;
    const rest = tokens.filter((_, j) => j !== i);
    for (const edges of exits(node))
      found.push({ node: node.id, tokens: [...rest, ...edges.map((id) => arrive(process, id))] });
  });
  for (const node of process.nodes.values()) {
    if (node.node.kind !== "join" || node.in.length === 0 || !node.in.every((e) => tokens.includes(`e:${e.id}`)))
      continue;
    const rest = [...tokens];
    for (const edge of node.in) rest.splice(rest.indexOf(`e:${edge.id}`), 1);
    found.push({ node: node.id, tokens: [...rest, ...node.out.slice(0, 1).map((e) => arrive(process, e.id))] });
  }
  return found;
}

/** The sets of edges a node may leave by: one of its exits, or all of a split; none at an end. */
function exits(node: CompiledNode): string[][] {
  if (node.node.kind === "end") return [[]];
  if (node.node.kind === "parallel") return [node.out.map((e) => e.id)];
  if (node.node.kind === "decision") return node.out.map((e) => [e.id]);
  const ports = portsOf(node);
  return node.out.filter((e) => ports.includes(portOf(e)) || node.out.length === 1).map((e) => [e.id]);
}

const arrive = (process: CompiledProcess, edgeId: string) => {
  const edge = process.document.edges.find((e) => e.id === edgeId)!;
  return process.nodes.get(edge.to)?.node.kind === "join" ? `e:${edge.id}` : `n:${edge.to}`;
};

function pathTo(from: Map<Marking, { marking: Marking; node: string } | null>, marking: Marking): string[] {
  const path: string[] = [];
  for (let at = from.get(marking); at; at = from.get(at.marking)) path.unshift(at.node);
  return path;
}

/** Whether a run with tokens at these nodes can still end; else the node where it would get stuck. */
export function canFinishFrom(
  _process: CompiledProcess,
  _tokens: { node: string; edge: string | null }[],
): { ok: true } | { ok: false; node: string } {
  return { ok: true };
}
