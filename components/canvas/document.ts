/** Every edit of a drawn process, as a function from document to document. Nothing here knows the screen. */
import { isStep, type Process, type ProcessEdge, type ProcessNode, type StepKindId } from "@/server/engine/process.ts";
import { steps } from "@/server/steps/registry.ts";
import { branches, exitsOf, portFor } from "./exits.ts";
import { cell, placeOf, type Point } from "./geometry.ts";

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

/** The nearest free place at or below a point. */
export function freePlace(doc: Process, { x, y }: Point): Point {
  const taken = (at: number) =>
    doc.nodes.some((n) => Math.abs(placeOf(n).x - x) < cell.width && Math.abs(placeOf(n).y - at) < cell.height);
  let free = y;
  while (taken(free)) free += rowGap;
  return { x, y: free };
}

const rightOf = (doc: Process, node: ProcessNode) =>
  freePlace(doc, { x: placeOf(node).x + columnGap, y: placeOf(node).y });

/**
 * Adds a step after another, connected. A step with one way on keeps it: the new one is put between. A decision or a split gets
 * one more branch.
 */
export function addAfter(
  doc: Process,
  after: string,
  kind: StepKindId,
  port: string | null = null,
  at: Point | null = null,
): { doc: Process; id: string } {
  const node = doc.nodes.find((n) => n.id === after);
  if (!node || node.kind === "end") return { doc, id: after };
  const out = doc.edges.filter((e) => e.from === after);
  const [only] = out;
  if (only && !branches(node) && out.length === 1 && kind !== "end" && port === null)
    return insertOnEdge(doc, only.id, kind);
  const made = fresh(doc, kind, at ?? rightOf(doc, node));
  const edge: ProcessEdge = {
    id: freeId(edgeIds(doc), "edge"),
    from: after,
    to: made.id,
    ...portFor(doc, node, port),
  };
  return { doc: { ...doc, nodes: [...doc.nodes, made], edges: [...doc.edges, edge] }, id: made.id };
}

/** Adds a step before another: on the connection that leads to it, or in front of it when none does. */
export function addBefore(doc: Process, before: string, kind: StepKindId): { doc: Process; id: string } {
  const node = doc.nodes.find((n) => n.id === before);
  if (!node || node.kind === "start" || kind === "end") return { doc, id: before };
  const edge = doc.edges.find((e) => e.to === before);
  if (edge) return insertOnEdge(doc, edge.id, kind);
  const made = fresh(doc, kind, freePlace(doc, { x: placeOf(node).x - columnGap, y: placeOf(node).y }));
  const onward = { id: freeId(edgeIds(doc), "edge"), from: made.id, to: before, ...portFor(doc, made) };
  return { doc: { ...doc, nodes: [...doc.nodes, made], edges: [...doc.edges, onward] }, id: made.id };
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
    ...portFor(doc, made),
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
export function connect(doc: Process, from: string, to: string, port: string | null = null): Process {
  const node = doc.nodes.find((n) => n.id === from);
  const target = doc.nodes.find((n) => n.id === to);
  if (!node || !target || node.kind === "end" || target.kind === "start") return doc;
  const made = { id: freeId(edgeIds(doc), "edge"), from, to, ...portFor(doc, node, port) };
  if (doc.edges.some((e) => e.from === from && e.to === to && (branches(node) || (e.port ?? "") === (made.port ?? ""))))
    return doc;
  return { ...doc, edges: [...doc.edges, made] };
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

/** Removes steps and connections; KPIs set on a step go with it. */
export const removeAll = (doc: Process, ids: readonly string[]): Process =>
  ids.reduce((d, id) => (d.nodes.some((n) => n.id === id) ? removeNode(d, id) : removeEdge(d, id)), doc);

export const moveNodes = (doc: Process, places: Readonly<Record<string, Point>>): Process => ({
  ...doc,
  nodes: doc.nodes.map((n) => (places[n.id] ? { ...n, position: places[n.id] } : n)),
});

/** The steps become a stage of their own. */
export function groupSteps(doc: Process, ids: readonly string[], name: string): Process {
  const id = freeId(
    doc.groups.map((g) => g.id),
    "group",
  );
  return {
    ...doc,
    groups: [...doc.groups, { id, name }],
    nodes: doc.nodes.map((n) => (ids.includes(n.id) ? { ...n, group: id } : n)),
  };
}

/** Another kind in the same place: name, note and connections stay, what only the old kind had goes. */
export function changeKind(doc: Process, id: string, kind: StepKindId): Process {
  const node = doc.nodes.find((n) => n.id === id);
  if (!node || node.kind === kind || node.kind === "start" || kind === "start") return doc;
  if (kind === "end" && doc.edges.some((e) => e.from === id)) return doc;
  const made = fresh(doc, kind, placeOf(node));
  const kept: Partial<ProcessNode> = isStep(node.kind) && isStep(kind) ? node : {};
  const own: Partial<ProcessNode> = { id, name: node.name, note: node.note };
  const next: ProcessNode = clean({
    ...kept,
    ...made,
    ...(kept.role && { role: kept.role }),
    ...(kept.actions && { actions: kept.actions }),
    ...own,
  });
  const changed = { ...doc, nodes: doc.nodes.map((n) => (n.id === id ? next : n)) };
  const exits = exitsOf(changed, next).map((e) => e.port);
  const edges: ProcessEdge[] = [];
  for (const edge of doc.edges) {
    if (edge.from !== id) edges.push(edge);
    else {
      const { port, otherwise: _, ...rest } = edge;
      const kept = port !== undefined && exits.includes(port) ? { port } : portFor({ ...changed, edges }, next);
      edges.push({ ...rest, ...kept });
    }
  }
  return { ...changed, edges };
}

/** The connection leaves or arrives somewhere else. */
export function reconnect(doc: Process, id: string, from: string, to: string, port: string | null): Process {
  const edge = doc.edges.find((e) => e.id === id);
  const node = doc.nodes.find((n) => n.id === from);
  const target = doc.nodes.find((n) => n.id === to);
  if (!edge || !node || !target || node.kind === "end" || target.kind === "start") return doc;
  const rest = { ...doc, edges: doc.edges.filter((e) => e.id !== id) };
  const kept = from === edge.from && (port === null || port === (edge.port ?? "done"));
  const moved = clean({
    ...edge,
    from,
    to,
    ...(kept ? {} : { port: undefined, otherwise: undefined, ...portFor(rest, node, port) }),
  });
  return { ...doc, edges: doc.edges.map((e) => (e.id === id ? moved : e)) };
}

/** A connection's place among its sisters: decisions try them in this order. */
export function moveEdge(doc: Process, id: string, by: -1 | 1): Process {
  const edge = doc.edges.find((e) => e.id === id);
  const sisters = doc.edges.filter((e) => e.from === edge?.from);
  const other = sisters[sisters.findIndex((e) => e.id === id) + by];
  if (!edge || !other) return doc;
  return { ...doc, edges: doc.edges.map((e) => (e.id === id ? other : e.id === other.id ? edge : e)) };
}

/** An undefined entry is no entry: documents are compared and stored as JSON. */
export const clean = <T extends object>(value: T): T =>
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
