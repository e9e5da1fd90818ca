/** Which steps of a drawing reports show over time, and in which order. */
import { isStep, type Process, type ProcessNode } from "@/server/engine/process.ts";

/** Where work or things wait. What a frame holds is in the steps inside it, which would count it twice. */
export const takesTime = ({ nodes }: Process, { id, kind }: ProcessNode): boolean =>
  isStep(kind) && !nodes.some((inner) => inner.in === id);

/** From left to right as it is drawn, else as it is written; steps of earlier drawings last. */
export function inDrawingOrder({ nodes }: Process, found: ReadonlySet<string>): string[] {
  const drawn = nodes
    .map((node, at) => ({ id: node.id, at, x: node.position?.x ?? 0, y: node.position?.y ?? 0 }))
    .sort((a, b) => a.x - b.x || a.y - b.y || a.at - b.at)
    .map(({ id }) => id);
  const known = new Set(drawn);
  return [...drawn.filter((id) => found.has(id)), ...[...found].filter((id) => !known.has(id)).sort()];
}
