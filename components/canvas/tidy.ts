/** Tidy: the steps laid out from left to right in drawn order, worked out in a worker. What goes in and out is pure. */
import type { ELK, ElkNode } from "elkjs/lib/elk-api.js";
import type { Process } from "@/server/engine/process.ts";
import { cell, leadsBack, placeOf, type Point, snap } from "./geometry.ts";

/** The graph as elk wants it. Only the given steps; back-links do not pull. */
export function toElk(doc: Process, ids: readonly string[]): ElkNode {
  const chosen = new Set(ids);
  return {
    id: "process",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      "elk.layered.spacing.nodeNodeBetweenLayers": "80",
      "elk.spacing.nodeNode": "64",
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
      "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
      "elk.layered.cycleBreaking.strategy": "DEPTH_FIRST",
    },
    children: doc.nodes.filter((n) => chosen.has(n.id)).map((n) => ({ id: n.id, ...cell })),
    edges: doc.edges
      .filter((e) => chosen.has(e.from) && chosen.has(e.to) && e.from !== e.to && !leadsBack(doc, e))
      .map((e) => ({ id: e.id, sources: [e.from], targets: [e.to] })),
  };
}

/** Places on the grid; the upper left corner of what was laid out stays where it was. */
export function fromElk(doc: Process, laid: ElkNode): Record<string, Point> {
  const children = laid.children ?? [];
  const before = doc.nodes.filter((n) => children.some((c) => c.id === n.id)).map(placeOf);
  const corner = { x: Math.min(...before.map((p) => p.x)), y: Math.min(...before.map((p) => p.y)) };
  const first = { x: Math.min(...children.map((c) => c.x ?? 0)), y: Math.min(...children.map((c) => c.y ?? 0)) };
  return Object.fromEntries(
    children.map((c) => [c.id, { x: snap(corner.x + (c.x ?? 0) - first.x), y: snap(corner.y + (c.y ?? 0) - first.y) }]),
  );
}

let elk: Promise<ELK> | null = null;

/** Where tidied steps would stand. The worker is started with the first one and kept. */
export async function tidied(doc: Process, ids: readonly string[]): Promise<Record<string, Point>> {
  elk ??= import("elkjs/lib/elk-api.js").then(
    ({ default: Elk }) => new Elk({ workerFactory: () => new Worker(new URL("./layout.worker.ts", import.meta.url)) }),
  );
  return fromElk(doc, await (await elk).layout(toElk(doc, ids)));
}
