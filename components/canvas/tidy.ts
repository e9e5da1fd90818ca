/** Tidy: the steps laid out from left to right in drawn order, worked out in a worker. What goes in and out is pure. */
import type { ELK, ElkNode } from "elkjs/lib/elk-api.js";
import type { Process } from "@/server/engine/process.ts";
import { boxOf, frame, isOwner, ownerOf, withInsides } from "../process/nesting.ts";
import { leadsBack, type Point, snap } from "./geometry.ts";

const layout = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.layered.spacing.nodeNodeBetweenLayers": "80",
  "elk.spacing.nodeNode": "64",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.cycleBreaking.strategy": "DEPTH_FIRST",
};
const inFrame = {
  ...layout,
  "elk.padding": `[top=${frame.top},left=${frame.side},bottom=${frame.bottom},right=${frame.side}]`,
  "elk.nodeSize.constraints": "MINIMUM_SIZE",
  "elk.nodeSize.minimum": `(${frame.width},${frame.height})`,
};

/** The graph as elk wants it: only the given steps, each with what is inside it. Back-links do not pull. */
export function toElk(doc: Process, ids: readonly string[]): ElkNode {
  const chosen = new Set(withInsides(doc, ids));
  const within = (owner: string | null): ElkNode[] =>
    doc.nodes
      .filter((n) => chosen.has(n.id) && ownerIn(doc, n.id, chosen) === owner)
      .map((n) => {
        const children = isOwner(n) ? within(n.id) : [];
        if (children.length) return { id: n.id, layoutOptions: inFrame, children, edges: between(n.id) };
        const { width, height } = boxOf(doc, n);
        return { id: n.id, width, height };
      });
  const between = (owner: string | null) =>
    doc.edges
      .filter(
        (e) =>
          chosen.has(e.from) &&
          chosen.has(e.to) &&
          ownerIn(doc, e.from, chosen) === owner &&
          e.from !== e.to &&
          !leadsBack(doc, e),
      )
      .map((e) => ({ id: e.id, sources: [e.from], targets: [e.to] }));
  return { id: "process", layoutOptions: layout, children: within(null), edges: between(null) };
}

/** The frame a step stands in, as far as that is laid out too. */
const ownerIn = (doc: Process, id: string, chosen: ReadonlySet<string>): string | null => {
  const owner = ownerOf(doc, id);
  return owner && chosen.has(owner) ? owner : null;
};

/** Places on the grid; the upper left corner of what was laid out stays where it was. */
export function fromElk(doc: Process, laid: ElkNode): Record<string, Point> {
  const children = laid.children ?? [];
  const before = doc.nodes.filter((n) => children.some((c) => c.id === n.id)).map((n) => boxOf(doc, n));
  const corner = { x: Math.min(...before.map((p) => p.x)), y: Math.min(...before.map((p) => p.y)) };
  const first = { x: Math.min(...children.map((c) => c.x ?? 0)), y: Math.min(...children.map((c) => c.y ?? 0)) };
  const places: Record<string, Point> = {};
  const put = (node: ElkNode, from: Point) => {
    const at = { x: from.x + (node.x ?? 0), y: from.y + (node.y ?? 0) };
    places[node.id] = { x: snap(at.x), y: snap(at.y) };
    for (const inner of node.children ?? []) put(inner, at);
  };
  for (const child of children) put(child, { x: corner.x - first.x, y: corner.y - first.y });
  return places;
}

let elk: Promise<ELK> | null = null;

/** Where tidied steps would stand. The worker is started with the first one and kept. */
export async function tidied(doc: Process, ids: readonly string[]): Promise<Record<string, Point>> {
  elk ??= import("elkjs/lib/elk-api.js").then(
    ({ default: Elk }) => new Elk({ workerFactory: () => new Worker(new URL("./layout.worker.ts", import.meta.url)) }),
  );
  return fromElk(doc, await (await elk).layout(toElk(doc, ids)));
}
