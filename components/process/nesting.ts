/**
 * Which steps are drawn inside which: the bodies of a for-each and of an inline sub-process. Places in the document are those of the
 * whole drawing, also inside; an owner is drawn as a frame around its body, as large as that is.
 */
import type { Process, ProcessNode } from "@/server/engine/process.ts";

export type Box = { x: number; y: number; width: number; height: number };

/** Room in a frame: its title above, its borders around the body, and what it has when nothing is in it. */
export const frame = { top: 56, side: 40, bottom: 32, width: 400, height: 192 };
const card = { width: 240, height: 104 };

/** A step with steps of its own inside. */
export const isOwner = (node: ProcessNode): boolean =>
  node.kind === "for_each" || (node.kind === "subprocess" && node.config.inline === true);

type Nesting = {
  /** Owner → the steps directly inside. */
  bodies: ReadonlyMap<string, readonly ProcessNode[]>;
  boxes: ReadonlyMap<string, Box>;
  depths: ReadonlyMap<string, number>;
};
const known = new WeakMap<Process["nodes"], Nesting>();

function nestingOf({ nodes }: Process): Nesting {
  const found = known.get(nodes);
  if (found) return found;
  const owners = new Map(nodes.filter(isOwner).map((n) => [n.id, n]));
  const bodies = new Map<string, ProcessNode[]>();
  if (owners.size > 0)
    for (const node of nodes)
      if (node.in && owners.has(node.in) && node.in !== node.id)
        bodies.set(node.in, [...(bodies.get(node.in) ?? []), node]);
  const boxes = new Map<string, Box>();
  const depths = new Map<string, number>();
  // An owner that stands inside itself is an error of the document, not a reason to hang.
  const measure = (node: ProcessNode, around: readonly string[]): Box => {
    const known = boxes.get(node.id);
    if (known) return known;
    depths.set(node.id, around.length);
    const { x, y } = node.position ?? { x: 0, y: 0 };
    if (!isOwner(node)) return { x, y, ...card };
    const inner = around.includes(node.id)
      ? []
      : (bodies.get(node.id) ?? []).map((one) => measure(one, [...around, node.id]));
    const left = Math.min(x, ...inner.map((b) => b.x - frame.side));
    const top = Math.min(y, ...inner.map((b) => b.y - frame.top));
    const right = Math.max(
      ...(inner.length ? inner.map((b) => b.x + b.width + frame.side) : [x + frame.width]),
      left + frame.width,
    );
    const bottom = Math.max(
      ...(inner.length ? inner.map((b) => b.y + b.height + frame.bottom) : [y + frame.height]),
      top + frame.height,
    );
    const box = { x: left, y: top, width: right - left, height: bottom - top };
    boxes.set(node.id, box);
    return box;
  };
  if (owners.size > 0) for (const node of nodes) if (!node.in || !owners.has(node.in)) measure(node, []);
  const nesting = { bodies, boxes, depths };
  known.set(nodes, nesting);
  return nesting;
}

/** The steps directly inside. */
export const bodyOf = (doc: Process, owner: string): readonly ProcessNode[] => nestingOf(doc).bodies.get(owner) ?? [];

/** The frame of an owner; null for a step without an inside. */
export const frameOf = (doc: Process, id: string): Box | null => nestingOf(doc).boxes.get(id) ?? null;

/** The place a step takes in the drawing: its cell, or its frame. */
export const boxOf = (doc: Process, node: ProcessNode): Box =>
  frameOf(doc, node.id) ?? { ...(node.position ?? { x: 0, y: 0 }), ...card };

/** How many frames are around a step. */
export const nestedIn = (doc: Process, id: string): number => nestingOf(doc).depths.get(id) ?? 0;

/** These steps with everything inside them, in the order of the document. */
export function withInsides(doc: Process, ids: Iterable<string>): string[] {
  const all = new Set(ids);
  if (nestingOf(doc).bodies.size === 0) return [...all];
  for (const id of all) for (const node of bodyOf(doc, id)) all.add(node.id);
  return doc.nodes.filter((n) => all.has(n.id)).map((n) => n.id);
}

/** The owner of the frame that a step stands in; null outside any. */
export const ownerOf = (doc: Process, id: string): string | null => {
  const owner = doc.nodes.find((n) => n.id === id)?.in;
  return owner && nestingOf(doc).bodies.has(owner) ? owner : null;
};

/** Whether a run enters a frame here: the one step inside that nothing leads to. */
export const isEntry = (doc: Process, node: ProcessNode): boolean =>
  ownerOf(doc, node.id) !== null && !doc.edges.some((e) => e.to === node.id);
