/** Where the arrow keys go: along the flow, between the branches beside each other, and down into what is inside a step. */
import type { Process } from "@/server/engine/process.ts";
import { ownerOf } from "../process/nesting.ts";
import { readingOrder } from "./document.ts";
import { chooses } from "./exits.ts";
import { isKnot, placeOf } from "./geometry.ts";
import { waitBranches } from "./map-model.ts";

export type Direction = "right" | "left" | "down" | "up";

/** The step next to this one in a direction; from none, the first. */
export function stepBeside(doc: Process, from: string | null, direction: Direction): string | null {
  const order = readingOrder(doc);
  const at = from === null ? -1 : order.indexOf(from);
  if (at < 0) return order[0] ?? null;
  const id = order[at]!;
  const forward = direction === "right" || direction === "down";
  const inOrder = order[forward ? Math.min(order.length - 1, at + 1) : Math.max(0, at - 1)] ?? null;
  if (direction === "right")
    return doc.edges.find((e) => e.from === id && !e.rework && order.indexOf(e.to) > at)?.to ?? inOrder;
  if (direction === "left")
    return doc.edges.find((e) => e.to === id && !e.rework && order.indexOf(e.from) < at)?.from ?? inOrder;
  const inside = order[at + 1];
  if (direction === "down" && inside !== undefined && ownerOf(doc, inside) === id) return inside;
  const parents = new Set(doc.edges.filter((e) => e.to === id).map((e) => e.from));
  const high = (one: string) => placeOf(doc.nodes.find((n) => n.id === one)!).y;
  const siblings = [
    ...new Set([id, ...doc.edges.filter((e) => parents.has(e.from) && !e.rework).map((e) => e.to)]),
  ].sort((a, b) => high(a) - high(b) || order.indexOf(a) - order.indexOf(b));
  return siblings[siblings.indexOf(id) + (forward ? 1 : -1)] ?? inOrder;
}

/** How deep a step stands in the outline: branches are one deeper than what they leave, bodies than their owner. */
export function depths(doc: Process): Map<string, number> {
  const order = readingOrder(doc);
  const depth = new Map<string, number>();
  for (const id of order) {
    const into = doc.edges.find((e) => e.to === id && depth.has(e.from));
    const owner = ownerOf(doc, id);
    if (!into) depth.set(id, owner ? Math.min(8, (depth.get(owner) ?? 0) + 1) : 0);
    else {
      const sisters = doc.edges.filter((e) => e.from === into.from && !e.rework);
      depth.set(id, Math.min(8, (depth.get(into.from) ?? 0) + (sisters.length > 1 ? 1 : 0)));
    }
  }
  return depth;
}

/** The next step or branch without a name, after this one and round again. */
export function nextUnnamed(doc: Process, from: string | null): string | null {
  const order = readingOrder(doc);
  const at = order.indexOf(from ?? "");
  const round = [...order.slice(at + 1), ...order.slice(0, at + 1)];
  for (const id of round) {
    const node = doc.nodes.find((n) => n.id === id);
    if (node && !node.name.trim() && !isKnot(node.kind)) return id;
    const bare = doc.edges.find((e) => e.from === id && chooses(node) && !e.otherwise && !e.label && !e.when);
    if (bare) return bare.id;
  }
  return null;
}

/** Folds case, accents and đ, so that "hoa don" finds "Hoá đơn". */
export const folded = (text: string) =>
  text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");

export type Found = {
  id: string;
  step: string;
  where: "name" | "role" | "field" | "note" | "guidance" | "condition";
  text: string;
};

/** Looks through names, owners, fields, notes, guidance and conditions. */
export function findInDocument(doc: Process, wanted: string): Found[] {
  const needle = folded(wanted.trim());
  if (!needle) return [];
  const found: Found[] = [];
  const name = (id: string) => doc.nodes.find((n) => n.id === id)?.name || id;
  const look = (id: string, step: string, where: Found["where"], text: string | undefined) => {
    if (text && folded(text).includes(needle)) found.push({ id, step, where, text });
  };
  for (const id of readingOrder(doc)) {
    const node = doc.nodes.find((n) => n.id === id)!;
    look(id, name(id), "name", node.name);
    look(id, name(id), "role", node.role && doc.roles[node.role]?.name);
    for (const field of (node.form && doc.forms[node.form]?.fields) || []) look(id, name(id), "field", field.field);
    look(id, name(id), "note", node.note);
    look(id, name(id), "guidance", node.playbook);
    look(id, name(id), "condition", node.entryCriteria);
    look(id, name(id), "condition", node.skipWhen);
    for (const one of [...(node.gate?.entry ?? []), ...(node.gate?.exit ?? [])])
      look(id, name(id), "condition", one.text ?? ("field" in one ? one.field : "when" in one ? one.when : undefined));
    for (const key of ["condition", "until", "event", "list", "completeWhen", "goal", "goalEvent", "error"])
      if (typeof node.config[key] === "string") look(id, name(id), "condition", node.config[key]);
    for (const one of waitBranches(node))
      look(id, name(id), "condition", one.event ?? one.condition ?? one.until ?? one.duration);
    for (const one of node.boundary ?? [])
      look(
        id,
        name(id),
        "condition",
        one.kind === "message"
          ? one.event
          : one.kind === "record_changed"
            ? one.when
            : one.kind === "error"
              ? one.code
              : undefined,
      );
    for (const edge of doc.edges.filter((e) => e.from === id)) {
      look(edge.id, name(id), "name", edge.label);
      look(edge.id, name(id), "condition", edge.when);
    }
  }
  return found.slice(0, 100);
}
