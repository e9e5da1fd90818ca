/** Where things are on the canvas. A step owns a cell of 240 × 104; starts, ends and gateways are drawn smaller in its middle. */
import type { Process, ProcessEdge, ProcessNode, StepKindId } from "@/server/engine/process.ts";

import { boxOf } from "../process/nesting.ts";

export type Point = { x: number; y: number };
export const cell = { width: 240, height: 104 };
const pill = { width: 232, height: 48 };
const knot = { width: 48, height: 48 };

export const isPill = (kind: StepKindId) => kind === "start" || kind === "end";
export const isKnot = (kind: StepKindId) => kind === "parallel" || kind === "inclusive" || kind === "join";

export const sizeOf = (kind: StepKindId) => (isPill(kind) ? pill : isKnot(kind) ? knot : cell);

/** From the corner of the cell, which is what the document stores, to the corner of what is drawn. */
export const insetOf = (kind: StepKindId): Point => {
  const { width, height } = sizeOf(kind);
  return { x: (cell.width - width) / 2, y: (cell.height - height) / 2 };
};

export const placeOf = (node: ProcessNode): Point => node.position ?? { x: 0, y: 0 };

export const snap = (value: number) => Math.round(value / 8) * 8;

/** A connection that leads back to what came before: drawn above the steps, so that it crosses none. */
export function leadsBack(doc: Process, edge: ProcessEdge): boolean {
  const from = doc.nodes.find((n) => n.id === edge.from);
  const to = doc.nodes.find((n) => n.id === edge.to);
  if (!from || !to) return false;
  const [a, b] = [boxOf(doc, from), boxOf(doc, to)];
  return edge.rework === true || (b.x + b.width <= a.x && b.y <= a.y + a.height);
}

/** Out of the top, over everything between, into the top: `M … L …` with rounded corners, and where a label fits. */
export function backPath(from: Point, to: Point, lift = 40): { path: string; label: Point } {
  const y = Math.min(from.y, to.y) - lift;
  const side = to.x < from.x ? -1 : 1;
  const r = Math.min(8, Math.abs(to.x - from.x) / 2);
  const path = [
    `M ${from.x} ${from.y}`,
    `L ${from.x} ${y + r}`,
    `Q ${from.x} ${y} ${from.x + side * r} ${y}`,
    `L ${to.x - side * r} ${y}`,
    `Q ${to.x} ${y} ${to.x} ${y + r}`,
    `L ${to.x} ${to.y}`,
  ].join(" ");
  return { path, label: { x: (from.x + to.x) / 2, y } };
}
