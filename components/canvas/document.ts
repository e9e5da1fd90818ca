/** Every edit of a drawn process, as a function from document to document. Nothing here knows the screen. */
import type { Process, ProcessEdge, ProcessNode, StepKindId } from "@/server/engine/process.ts";
import { steps } from "@/server/steps/index.ts";

const columnGap = 320;
const rowGap = 168;

/** A free id that says the kind: `task_3`. */
export function freeId(taken: Iterable<string>, stem: string): string {
  const used = new Set(taken);
  for (let n = 1; ; n++) if (!used.has(`${stem}_${n}`)) return `${stem}_${n}`;
}

const nodeIds = (doc: Process) => doc.nodes.map((n) => n.id);
const edgeIds = (doc: Process) => doc.edges.map((e) => e.id);

/** What a node of this kind holds when it is drawn. */
function fresh(doc: Process, kind: StepKindId, position: { x: number; y: number }): ProcessNode {
  const { initial } = steps[kind];
  const role = (kind === "task" || kind === "approval") && Object.keys(doc.roles)[0];
  return {
    ...initial,
    id: freeId(nodeIds(doc), kind),
    kind,
    name: initial.name ?? "",
    config: initial.config ?? {},
    position,
    ...(role && { role }),
  };
}

/** The next free place right of a node: below what already stands there. */
function placeRightOf(doc: Process, node: ProcessNode): { x: number; y: number } {
  const x = (node.position?.x ?? 0) + columnGap;
  let y = node.position?.y ?? 0;
  while (doc.nodes.some((n) => Math.abs((n.position?.x ?? 0) - x) < 240 && Math.abs((n.position?.y ?? 0) - y) < 104))
    y += rowGap;
  return { x, y };
}

const isGateway = (kind: StepKindId) => kind === "decision" || kind === "parallel";

/**
 * Adds a step after another, connected. A step with one way on keeps it: the new one is put between. A decision or a split gets
 * one more branch.
 */
export function addAfter(doc: Process, after: string, kind: StepKindId): { doc: Process; id: string } {
  const node = doc.nodes.find((n) => n.id === after);
  if (!node) return { doc, id: after };
  const out = doc.edges.filter((e) => e.from === after);
  const [only] = out;
  if (only && !isGateway(node.kind) && out.length === 1 && kind !== "end") return insertOnEdge(doc, only.id, kind);
  const made = fresh(doc, kind, placeRightOf(doc, node));
  const edge: ProcessEdge = { id: freeId(edgeIds(doc), "edge"), from: after, to: made.id, ...portFor(doc, node, out) };
  return { doc: { ...doc, nodes: [...doc.nodes, made], edges: [...doc.edges, edge] }, id: made.id };
}

/** The first exit that has no connection yet; a decision's first branch is the otherwise one. */
function portFor(_doc: Process, node: ProcessNode, out: ProcessEdge[]): Pick<ProcessEdge, "port" | "otherwise"> {
  if (node.kind === "decision") return out.some((e) => e.otherwise) ? {} : { otherwise: true };
  const config = steps[node.kind].config.safeParse(node.config);
  const ports = steps[node.kind].ports(node, config.success ? config.data : node.config);
  const free = Array.isArray(ports) ? ports.find((p) => !out.some((e) => (e.port ?? "done") === p)) : undefined;
  return free && free !== "done" ? { port: free } : {};
}

/** Puts a step on a connection: what came before leads to it, it leads to what came after. */
export function insertOnEdge(doc: Process, edgeId: string, kind: StepKindId): { doc: Process; id: string } {
  const edge = doc.edges.find((e) => e.id === edgeId);
  const from = edge && doc.nodes.find((n) => n.id === edge.from);
  const to = edge && doc.nodes.find((n) => n.id === edge.to);
  if (!edge || !from || !to) return { doc, id: "" };
  const x = (from.position?.x ?? 0) + columnGap;
  const made = fresh(doc, kind, { x, y: from.position?.y ?? 0 });
  // Neighbours to the right make room; nothing else moves.
  const room = (to.position?.x ?? 0) - x < columnGap && (to.position?.x ?? 0) >= x;
  const nodes = doc.nodes.map((n) =>
    room && n.position && n.position.x >= x ? { ...n, position: { ...n.position, x: n.position.x + columnGap } } : n,
  );
  const onward: ProcessEdge = {
    id: freeId(edgeIds(doc), "edge"),
    from: made.id,
    to: edge.to,
    ...(kind === "decision" && { otherwise: true }),
  };
  return {
    doc: {
      ...doc,
      nodes: [...nodes, made],
      edges: [...doc.edges.map((e) => (e.id === edgeId ? { ...e, to: made.id } : e)), onward],
    },
    id: made.id,
  };
}

/** Removes a step; where one way led in and one out, they are joined. */
export function removeNode(doc: Process, id: string): Process {
  const out = doc.edges.filter((e) => e.from === id && e.to !== id);
  const [only] = out;
  const edges = doc.edges.flatMap((e): ProcessEdge[] =>
    e.from === id
      ? []
      : e.to === id
        ? only && out.length === 1 && only.to !== e.from
          ? [{ ...e, to: only.to }]
          : []
        : [e],
  );
  return { ...doc, nodes: doc.nodes.filter((n) => n.id !== id), edges, kpis: doc.kpis.filter((k) => k.node !== id) };
}

/** Connects two steps; the same connection is not drawn twice. */
export function connect(doc: Process, from: string, to: string): Process {
  const node = doc.nodes.find((n) => n.id === from);
  const target = doc.nodes.find((n) => n.id === to);
  if (!node || !target || node.kind === "end" || target.kind === "start") return doc;
  const out = doc.edges.filter((e) => e.from === from);
  if (out.some((e) => e.to === to)) return doc;
  return { ...doc, edges: [...doc.edges, { id: freeId(edgeIds(doc), "edge"), from, to, ...portFor(doc, node, out) }] };
}

export const removeEdge = (doc: Process, id: string): Process => ({
  ...doc,
  edges: doc.edges.filter((e) => e.id !== id),
});
export const setNode = (doc: Process, id: string, change: Partial<ProcessNode>): Process => ({
  ...doc,
  nodes: doc.nodes.map((n) => (n.id === id ? clean({ ...n, ...change }) : n)),
});
export const setEdge = (doc: Process, id: string, change: Partial<ProcessEdge>): Process => ({
  ...doc,
  edges: doc.edges.map((e) => (e.id === id ? clean({ ...e, ...change }) : e)),
});

/** One branch is the otherwise one. */
export const setOtherwise = (doc: Process, id: string): Process => {
  const from = doc.edges.find((e) => e.id === id)?.from;
  return {
    ...doc,
    edges: doc.edges.map((e) =>
      e.from === from
        ? clean({ ...e, otherwise: e.id === id ? true : undefined, when: e.id === id ? undefined : e.when })
        : e,
    ),
  };
};

export function duplicate(doc: Process, id: string): { doc: Process; id: string } {
  const node = doc.nodes.find((n) => n.id === id);
  if (!node || node.kind === "start") return { doc, id };
  const made = {
    ...node,
    id: freeId(nodeIds(doc), node.kind),
    position: { x: node.position?.x ?? 0, y: (node.position?.y ?? 0) + rowGap },
  };
  return { doc: { ...doc, nodes: [...doc.nodes, made] }, id: made.id };
}

/** An undefined entry is no entry: documents are compared and stored as JSON. */
const clean = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;

/** Steps in the order of the flow: what the keyboard walks and the problems list follows. */
export function readingOrder(doc: Process): string[] {
  const start = doc.nodes.find((n) => n.kind === "start");
  const seen = new Set<string>();
  const queue = start ? [start.id] : [];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    if (seen.has(id)) continue;
    seen.add(id);
    queue.push(...doc.edges.filter((e) => e.from === id).map((e) => e.to));
  }
  return [...seen, ...doc.nodes.filter((n) => !seen.has(n.id)).map((n) => n.id)];
}
