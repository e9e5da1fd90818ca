/** Steps into and out of frames, and the room a frame takes when it grows. Pure, from document to document. */
import type { Process, ProcessEdge, ProcessNode } from "@/server/engine/process.ts";
import { type Box, bodyOf, boxOf, frameOf, isOwner, ownerOf, withInsides } from "../process/nesting.ts";
import type { Point } from "./geometry.ts";

/** What stands right of a step that has grown, or below it, moves on by as much; the frames around it grow too. */
export function makeRoom(before: Process, after: Process, id: string | null | undefined): Process {
  const [was, is] = [boxIn(before, id), boxIn(after, id)];
  if (!id || !was || !is) return after;
  const dx = Math.max(0, is.x + is.width - (was.x + was.width));
  const dy = Math.max(0, is.y + is.height - (was.y + was.height));
  if (dx === 0 && dy === 0) return after;
  // Those beside it, with what is inside them; further out the frame around it does the same.
  const around = ownerOf(after, id);
  const away = after.nodes.filter((n) => n.id !== id && ownerOf(after, n.id) === around);
  const shifts = new Map<string, Point>();
  for (const node of away) {
    const box = boxOf(before, node);
    const by = { x: box.x >= was.x + was.width ? dx : 0, y: box.y >= was.y + was.height ? dy : 0 };
    if (by.x || by.y) for (const one of withInsides(after, [node.id])) shifts.set(one, by);
  }
  const moved: Process = {
    ...after,
    nodes: after.nodes.map((n) => {
      const by = shifts.get(n.id);
      return by && n.position ? { ...n, position: { x: n.position.x + by.x, y: n.position.y + by.y } } : n;
    }),
  };
  return makeRoom(before, moved, around);
}

function boxIn(doc: Process, id: string | null | undefined): Box | null {
  const node = doc.nodes.find((n) => n.id === id);
  return node ? boxOf(doc, node) : null;
}

/** How far outside its border a frame still holds what is dropped there. */
const grasp = 48;

/** The innermost frame under a step that was dropped here; what is dropped itself holds nothing. */
export function frameUnder(doc: Process, dropped: readonly string[], { x, y }: Point): string | null {
  const own = new Set(withInsides(doc, dropped));
  let found: { id: string; size: number } | null = null;
  for (const node of doc.nodes) {
    const box = isOwner(node) && !own.has(node.id) ? frameOf(doc, node.id) : null;
    if (!box) continue;
    // Steps of this frame may be moved a little beyond it: it grows.
    const edge = dropped.some((id) => ownerOf(doc, id) === node.id) ? grasp : 0;
    const within =
      x > box.x - edge && x < box.x + box.width + edge && y > box.y - edge && y < box.y + box.height + edge;
    const size = box.width * box.height;
    if (within && (!found || size < found.size)) found = { id: node.id, size };
  }
  return found?.id ?? null;
}

/** Why steps cannot be put there; null: they can. */
export function whyNotInside(doc: Process, ids: readonly string[], owner: string | null): "start" | "itself" | null {
  if (owner === null) return null;
  if (doc.nodes.some((n) => n.kind === "start" && ids.includes(n.id))) return "start";
  return withInsides(doc, ids).includes(owner) ? "itself" : null;
}

/**
 * Steps into a frame, or out of it (null). Connections that would cross its border are cut; where one way led to the only step
 * that goes and one on, they are joined. `cut`: how many connections are gone.
 */
export function placeInside(doc: Process, ids: readonly string[], owner: string | null): { doc: Process; cut: number } {
  if (whyNotInside(doc, ids, owner) !== null) return { doc, cut: 0 };
  const gone = ids.filter((id) => (doc.nodes.find((n) => n.id === id)?.in ?? null) !== owner);
  if (gone.length === 0) return { doc, cut: 0 };
  const nodes = doc.nodes.map((n): ProcessNode => {
    if (!gone.includes(n.id)) return n;
    const { in: _, ...rest } = n;
    return owner ? { ...rest, in: owner } : rest;
  });
  const around = new Map(nodes.map((n) => [n.id, n.in ?? null]));
  const stays = (e: ProcessEdge) => around.get(e.from) === around.get(e.to);
  const [one] = gone;
  const on = doc.edges.filter((e) => e.from === one && !stays(e));
  const edges = doc.edges.flatMap((e): ProcessEdge[] => {
    if (stays(e)) return [e];
    const joined = gone.length === 1 && on.length === 1 && e.to === one ? { ...e, to: on[0]!.to } : null;
    return joined && joined.from !== joined.to && stays(joined) ? [joined] : [];
  });
  return { doc: { ...doc, nodes, edges }, cut: doc.edges.length - edges.length };
}

/** The steps drawn inside a sub-process in place of another process: begun with nothing, or gone again. */
export function emptied(doc: Process, owner: string): Process {
  const inside = new Set(bodyOf(doc, owner).length ? withInsides(doc, [owner]) : []);
  inside.delete(owner);
  return {
    ...doc,
    nodes: doc.nodes.filter((n) => !inside.has(n.id)),
    edges: doc.edges.filter((e) => !inside.has(e.from) && !inside.has(e.to)),
    kpis: doc.kpis.filter((k) => !k.node || !inside.has(k.node)),
  };
}
