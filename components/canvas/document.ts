/** Every edit of a drawn process, as a function from document to document. Nothing here knows the screen. */
import { isStep, type Process, type ProcessEdge, type ProcessNode, type StepKindId } from "@/server/engine/process.ts";
import { steps } from "@/server/steps/registry.ts";
import { bodyOf, boxOf, frame, isOwner, ownerOf, withInsides } from "../process/nesting.ts";
import { branches, exitsOf, portFor } from "./exits.ts";
import { cell, placeOf, type Point } from "./geometry.ts";
import { makeRoom, placeInside } from "./nest.ts";

const columnGap = 320;
const rowGap = 168;

/** A free id that says the kind: `task_3`. */
export function freeId(taken: Iterable<string>, stem: string): string {
  const used = new Set(taken);
  for (let n = 1; ; n++) if (!used.has(`${stem}_${n}`)) return `${stem}_${n}`;
}

const nodeIds = (doc: Process) => doc.nodes.map((n) => n.id);
const edgeIds = (doc: Process) => doc.edges.map((e) => e.id);

/** What a node of this kind holds when it is drawn; `owner`: the frame it is drawn in. */
function fresh(
  doc: Process,
  kind: StepKindId,
  position: { x: number; y: number },
  owner: string | null = null,
): ProcessNode {
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
    ...(owner && { in: owner }),
  };
}

/** A step into the document. One that has an inside comes with a first step and an end in it. */
function put(doc: Process, made: ProcessNode): Process {
  const next = { ...doc, nodes: [...doc.nodes, made] };
  return isOwner(made) ? withBody(next, made.id) : next;
}

/** Something to do, and its end, inside a step that has nothing inside yet. */
export function withBody(doc: Process, id: string): Process {
  const owner = doc.nodes.find((n) => n.id === id);
  if (!owner || !isOwner(owner) || bodyOf(doc, id).length > 0) return doc;
  const at = { x: placeOf(owner).x + frame.side, y: placeOf(owner).y + frame.top };
  const first = fresh(doc, "task", at, id);
  const end = fresh({ ...doc, nodes: [...doc.nodes, first] }, "end", { x: at.x + columnGap, y: at.y }, id);
  const edge = { id: freeId(edgeIds(doc), "edge"), from: first.id, to: end.id };
  return { ...doc, nodes: [...doc.nodes, first, end], edges: [...doc.edges, edge] };
}

/** What a new step of this kind takes: its cell, or its frame with what it comes with. */
const sizeOfNew = (kind: StepKindId) =>
  kind === "for_each" ? { width: columnGap + cell.width + 2 * frame.side, height: frame.height } : cell;

/** Adds a step inside another: before the end in there; where there is none, it stands for itself. */
export function addInside(doc: Process, owner: string, kind: StepKindId): { doc: Process; id: string } {
  const around = doc.nodes.find((n) => n.id === owner);
  if (!around || !isOwner(around)) return { doc, id: owner };
  const ends = new Set(bodyOf(doc, owner).flatMap((n) => (n.kind === "end" ? [n.id] : [])));
  const last = doc.edges.findLast((e) => ends.has(e.to));
  if (last && kind !== "end") return insertOnEdge(doc, last.id, kind);
  const body = bodyOf(doc, owner).map((n) => boxOf(doc, n));
  const at = body.length
    ? { x: Math.min(...body.map((b) => b.x)), y: Math.max(...body.map((b) => b.y + b.height)) + rowGap - cell.height }
    : { x: placeOf(around).x + frame.side, y: placeOf(around).y + frame.top };
  const made = fresh(doc, kind, at, owner);
  return { doc: makeRoom(doc, put(doc, made), owner), id: made.id };
}

/** A step into a frame, or out of it (null), to a free place there. */
export function putInside(doc: Process, id: string, owner: string | null): Process {
  const node = doc.nodes.find((n) => n.id === id);
  if (!node || (node.in ?? null) === owner) return doc;
  const { doc: next } = placeInside(doc, [id], owner);
  if (next === doc) return doc;
  const around = doc.nodes.find((n) => n.id === (owner ?? node.in));
  const box = around ? boxOf(doc, around) : boxOf(doc, node);
  const at = owner
    ? { x: box.x + frame.side, y: box.y + box.height - frame.bottom + 64 }
    : { x: box.x, y: box.y + box.height + 64 };
  return makeRoom(doc, moveNodes(next, { [id]: freePlace(next, at, owner) }), owner);
}

/** The nearest free place at or below a point; `owner`: in this frame. */
export function freePlace(doc: Process, { x, y }: Point, owner: string | null = null, size = cell): Point {
  const around = new Set<string>();
  for (let id = owner; id && !around.has(id); id = ownerOf(doc, id)) around.add(id);
  const boxes = doc.nodes.filter((n) => !around.has(n.id)).map((n) => boxOf(doc, n));
  const taken = (at: number) =>
    boxes.some((b) => x < b.x + b.width && b.x < x + size.width && at < b.y + b.height && b.y < at + size.height);
  let free = y;
  while (taken(free)) free += rowGap;
  return { x, y: free };
}

const rightOf = (doc: Process, node: ProcessNode, kind: StepKindId) => {
  const { x, y, width } = boxOf(doc, node);
  return freePlace(doc, { x: x + width + columnGap - cell.width, y }, node.in ?? null, sizeOfNew(kind));
};

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
  const made = fresh(doc, kind, at ?? rightOf(doc, node, kind), node.in);
  const next = put(doc, made);
  const edge: ProcessEdge = {
    id: freeId(edgeIds(next), "edge"),
    from: after,
    to: made.id,
    ...portFor(doc, node, port),
  };
  return { doc: makeRoom(doc, { ...next, edges: [...next.edges, edge] }, node.in), id: made.id };
}

/** Adds a step before another: on the connection that leads to it, or in front of it when none does. */
export function addBefore(doc: Process, before: string, kind: StepKindId): { doc: Process; id: string } {
  const node = doc.nodes.find((n) => n.id === before);
  if (!node || node.kind === "start" || kind === "end") return { doc, id: before };
  const edge = doc.edges.find((e) => e.to === before);
  if (edge) return insertOnEdge(doc, edge.id, kind);
  const at = freePlace(doc, { x: placeOf(node).x - columnGap, y: placeOf(node).y }, node.in, sizeOfNew(kind));
  const made = fresh(doc, kind, at, node.in);
  const next = put(doc, made);
  const onward = { id: freeId(edgeIds(next), "edge"), from: made.id, to: before, ...portFor(doc, made) };
  return { doc: makeRoom(doc, { ...next, edges: [...next.edges, onward] }, node.in), id: made.id };
}

/** Puts a step on a connection: what came before leads to it, it leads to what came after. */
export function insertOnEdge(doc: Process, edgeId: string, kind: StepKindId): { doc: Process; id: string } {
  const edge = doc.edges.find((e) => e.id === edgeId);
  const from = edge && doc.nodes.find((n) => n.id === edge.from);
  const to = edge && doc.nodes.find((n) => n.id === edge.to);
  if (!edge || !from || !to) return { doc, id: "" };
  const left = boxOf(doc, from);
  const x = left.x + left.width + columnGap - cell.width;
  const made = fresh(doc, kind, { x, y: from.position?.y ?? 0 }, from.in);
  // Neighbours to the right make room, with what is inside them; nothing else moves.
  const needed = sizeOfNew(kind).width + columnGap - cell.width;
  const room = boxOf(doc, to).x - x < needed && boxOf(doc, to).x >= x;
  const beside = doc.nodes.filter((n) => (n.in ?? null) === (from.in ?? null) && n.position && n.position.x >= x);
  const moving = new Set(
    room
      ? withInsides(
          doc,
          beside.map((n) => n.id),
        )
      : [],
  );
  const wide: Process = {
    ...doc,
    nodes: doc.nodes.map((n) =>
      moving.has(n.id) && n.position ? { ...n, position: { ...n.position, x: n.position.x + needed } } : n,
    ),
    edges: doc.edges.map((e) => (e.id === edgeId ? { ...e, to: made.id } : e)),
  };
  const next = put(wide, made);
  const onward: ProcessEdge = {
    id: freeId(edgeIds(next), "edge"),
    from: made.id,
    to: edge.to,
    ...portFor(doc, made),
  };
  return { doc: makeRoom(doc, { ...next, edges: [...next.edges, onward] }, from.in), id: made.id };
}

/** Removes a step with all inside it; where one way led in and one out, they are joined. */
export function removeNode(doc: Process, id: string): Process {
  const gone = new Set(withInsides(doc, [id]));
  const out = doc.edges.filter((e) => e.from === id && e.to !== id);
  const [only] = out;
  const edges = doc.edges.flatMap((e): ProcessEdge[] =>
    e.from === id || (e.to !== id && (gone.has(e.from) || gone.has(e.to)))
      ? []
      : e.to === id
        ? only && out.length === 1 && only.to !== e.from
          ? [{ ...e, to: only.to }]
          : []
        : [e],
  );
  return {
    ...doc,
    nodes: doc.nodes.filter((n) => !gone.has(n.id)),
    edges,
    kpis: doc.kpis.filter((k) => !k.node || !gone.has(k.node)),
  };
}

/** Whether a connection between two steps would cross the border of a frame: a run goes in and out by the owner only. */
export const crossesBorder = (doc: Process, from: string, to: string): boolean => {
  const around = (id: string) => doc.nodes.find((n) => n.id === id)?.in ?? null;
  return around(from) !== around(to);
};

/** Connects two steps; the same connection is not drawn twice, and none crosses the border of a frame. */
export function connect(doc: Process, from: string, to: string, port: string | null = null): Process {
  const node = doc.nodes.find((n) => n.id === from);
  const target = doc.nodes.find((n) => n.id === to);
  if (!node || !target || node.kind === "end" || target.kind === "start" || crossesBorder(doc, from, to)) return doc;
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

/** Steps to their places; what is inside one goes along, unless it is given a place of its own. */
export function moveNodes(doc: Process, places: Readonly<Record<string, Point>>): Process {
  const shifts = new Map<string, Point>();
  for (const node of doc.nodes) {
    const to = places[node.id];
    if (!to || !isOwner(node)) continue;
    const by = { x: to.x - placeOf(node).x, y: to.y - placeOf(node).y };
    for (const inner of withInsides(doc, [node.id])) if (!shifts.has(inner)) shifts.set(inner, by);
  }
  return {
    ...doc,
    nodes: doc.nodes.map((n) => {
      const by = shifts.get(n.id);
      const to = places[n.id] ?? (by && { x: placeOf(n).x + by.x, y: placeOf(n).y + by.y });
      return to ? { ...n, position: to } : n;
    }),
  };
}

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
  const made = fresh(doc, kind, placeOf(node), node.in);
  const kept: Partial<ProcessNode> = isStep(node.kind) && isStep(kind) ? node : {};
  const own: Partial<ProcessNode> = { id, name: node.name, note: node.note };
  const next: ProcessNode = clean({
    ...kept,
    ...made,
    ...(kept.role && { role: kept.role }),
    ...(kept.actions && { actions: kept.actions }),
    ...own,
  });
  // Both kinds that have an inside keep it; with any other it goes.
  const inside = new Set(withInsides(doc, [id]));
  if (inside.size > 1 && kind === "subprocess") next.config = { ...next.config, inline: true };
  const stays = (n: string) => n === id || isOwner(next) || !inside.has(n);
  const bare: Process = {
    ...doc,
    nodes: doc.nodes.filter((n) => stays(n.id)).map((n) => (n.id === id ? next : n)),
    edges: doc.edges.filter((e) => stays(e.from) && stays(e.to)),
    kpis: doc.kpis.filter((k) => !k.node || stays(k.node)),
  };
  const changed = makeRoom(doc, withBody(bare, id), id);
  const exits = exitsOf(changed, next).map((e) => e.port);
  const edges: ProcessEdge[] = [];
  for (const edge of changed.edges) {
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
  if (!edge || !node || !target || node.kind === "end" || target.kind === "start" || crossesBorder(doc, from, to))
    return doc;
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

/** Steps in the order of the flow, what is inside a step right after it: what the keyboard walks and the problems list follows. */
export function readingOrder(doc: Process): string[] {
  const start = doc.nodes.find((n) => n.kind === "start");
  const seen = new Set<string>();
  const walk = (from: readonly string[]) => {
    const queue = [...from];
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      if (seen.has(id)) continue;
      seen.add(id);
      inside(id);
      for (const e of doc.edges) if (e.from === id) queue.push(e.to);
    }
  };
  const inside = (id: string) => {
    const body = bodyOf(doc, id).map((n) => n.id);
    walk(body.filter((one) => !doc.edges.some((e) => e.to === one)));
    for (const one of body) walk([one]);
  };
  walk(start ? [start.id] : []);
  for (const n of doc.nodes) if (!seen.has(n.id) && !ownerOf(doc, n.id)) walk([n.id]);
  return [...seen, ...doc.nodes.filter((n) => !seen.has(n.id)).map((n) => n.id)];
}
