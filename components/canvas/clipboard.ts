/**
 * Steps as text on the clipboard. They travel between processes, so what they need comes along: roles, forms, SLAs,
 * calendars, tables, answers and KPIs. What the target has under the same key and meaning is used, not doubled.
 */
import { z } from "zod";
import { type Action, type Process, type ProcessNode, processSchema } from "@/server/engine/process.ts";
import { withInsides } from "../process/nesting.ts";
import { freeId } from "./document.ts";
import { makeRoom } from "./nest.ts";
import { placeOf, type Point, snap } from "./geometry.ts";

const carried = ["roles", "queues", "calendars", "variables", "forms", "decisionTables", "slas"] as const;
type Carried = (typeof carried)[number];

const pieceSchema = z.object({
  millrace: z.literal("steps/1"),
  ...processSchema.pick({
    roles: true,
    queues: true,
    calendars: true,
    variables: true,
    forms: true,
    decisionTables: true,
    slas: true,
    kpis: true,
    nodes: true,
    edges: true,
  }).shape,
});
type Piece = z.infer<typeof pieceSchema>;

/** The chosen steps with what is inside them and the connections between them, and everything they name. */
export function copySteps(doc: Process, ids: readonly string[]): string {
  const chosen = new Set(withInsides(doc, ids));
  const nodes = doc.nodes.filter((n) => chosen.has(n.id));
  const edges = doc.edges.filter((e) => chosen.has(e.from) && chosen.has(e.to));
  const piece: Piece = {
    millrace: "steps/1",
    nodes,
    edges,
    kpis: doc.kpis.filter((k) => k.node && chosen.has(k.node)),
    forms: only(
      doc.forms,
      nodes.flatMap((n) => n.form ?? []),
    ),
    slas: only(
      doc.slas,
      nodes.flatMap((n) => n.slas ?? []),
    ),
    decisionTables: only(
      doc.decisionTables,
      nodes.flatMap((n) => n.decisionTables ?? []),
    ),
    roles: {},
    queues: {},
    calendars: {},
    variables: {},
  };
  const said = JSON.stringify(piece);
  const named = (key: string) => said.includes(`"${key}"`);
  piece.calendars = only(doc.calendars, Object.keys(doc.calendars).filter(named));
  const roles = Object.keys(doc.roles).filter(named);
  for (const key of roles) {
    const fallback = doc.roles[key]?.fallback;
    if (fallback && !roles.includes(fallback)) roles.push(fallback);
  }
  piece.roles = only(doc.roles, roles);
  piece.queues = only(
    doc.queues,
    Object.keys(doc.queues).filter((key) => named(key) || roles.some((r) => doc.roles[r]?.queue === key)),
  );
  piece.variables = only(
    doc.variables,
    Object.keys(doc.variables).filter((key) => new RegExp(`\\brun\\.${key}\\b`).test(said)),
  );
  return JSON.stringify(piece, null, 2);
}

const only = <T>(all: Record<string, T>, keys: readonly string[]): Record<string, T> =>
  Object.fromEntries(keys.flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]])));

export type Pasted = { doc: Process; ids: string[]; brought: string[] };

/** Puts copied steps in, at a point or where they stood, into a frame or outside any. Null when the text is something else. */
export function pasteSteps(doc: Process, text: string, at: Point | null, into: string | null = null): Pasted | null {
  const piece = readPiece(text);
  if (!piece) return null;
  const nodes = piece.nodes.filter(
    (n) => n.kind !== "start" || (into === null && !doc.nodes.some((o) => o.kind === "start")),
  );
  const renamed = {
    roles: bring(doc.roles, piece.roles),
    queues: bring(doc.queues, piece.queues),
    calendars: bring(doc.calendars, piece.calendars),
    variables: bring(doc.variables, piece.variables),
    forms: bring(doc.forms, piece.forms),
    decisionTables: bring(doc.decisionTables, piece.decisionTables),
    slas: bring(doc.slas, piece.slas),
  };
  const to = (part: Carried, key: string) => renamed[part].keys.get(key) ?? key;
  for (const key of renamed.roles.added) {
    const role = renamed.roles.all[key]!;
    renamed.roles.all[key] = {
      ...role,
      ...(role.queue && { queue: to("queues", role.queue) }),
      ...(role.fallback && { fallback: to("roles", role.fallback) }),
    };
  }
  for (const key of renamed.queues.added) {
    const queue = renamed.queues.all[key]!;
    renamed.queues.all[key] = { ...queue, role: to("roles", queue.role) };
  }
  for (const key of renamed.slas.added) {
    const sla = renamed.slas.all[key]!;
    renamed.slas.all[key] = { ...sla, ...(sla.calendar && { calendar: to("calendars", sla.calendar) }) };
  }
  const taken = doc.nodes.map((n) => n.id);
  const ids = new Map<string, string>();
  for (const node of nodes) {
    const id = taken.includes(node.id) ? freeId(taken, node.kind) : node.id;
    taken.push(id);
    ids.set(node.id, id);
  }
  const corner = {
    x: Math.min(...nodes.map((n) => placeOf(n).x)),
    y: Math.min(...nodes.map((n) => placeOf(n).y)),
  };
  /** The frame it comes into: its own, copied along, or the one it is pasted into. */
  const around = (node: Piece["nodes"][number]) => (node.in && ids.get(node.in)) ?? into ?? undefined;
  const action = <T extends Action>(one: T): T =>
    one.verb === "compensate" && one.node ? { ...one, node: ids.get(one.node) ?? one.node } : one;
  const shift = at ? { x: snap(at.x - corner.x), y: snap(at.y - corner.y) } : { x: 0, y: 0 };
  const edgeTaken = doc.edges.map((e) => e.id);
  const next: Process = {
    ...doc,
    roles: renamed.roles.all,
    queues: renamed.queues.all,
    calendars: renamed.calendars.all,
    variables: renamed.variables.all,
    forms: renamed.forms.all,
    decisionTables: renamed.decisionTables.all,
    slas: renamed.slas.all,
    nodes: [
      ...doc.nodes,
      ...nodes.map((node) => ({
        ...outside(node),
        ...(around(node) && { in: around(node) }),
        ...(node.actions && { actions: node.actions.map(action) }),
        ...(node.onComplete && { onComplete: node.onComplete.map(action) }),
        id: ids.get(node.id) ?? node.id,
        position: { x: placeOf(node).x + shift.x, y: placeOf(node).y + shift.y },
        config: {
          ...node.config,
          ...(typeof node.config.calendar === "string" && { calendar: to("calendars", node.config.calendar) }),
        },
        ...(node.boundary && {
          boundary: node.boundary.map((b) => ({
            ...b,
            ...(b.kind === "timer" && b.calendar && { calendar: to("calendars", b.calendar) }),
          })),
        }),
        ...(node.role && { role: to("roles", node.role) }),
        ...(node.form && { form: to("forms", node.form) }),
        ...(node.slas && { slas: node.slas.map((key) => to("slas", key)) }),
        ...(node.decisionTables && { decisionTables: node.decisionTables.map((key) => to("decisionTables", key)) }),
      })),
    ],
    edges: [
      ...doc.edges,
      ...piece.edges.flatMap((edge) => {
        const [from, end] = [ids.get(edge.from), ids.get(edge.to)];
        if (!from || !end) return [];
        const id = edgeTaken.includes(edge.id) ? freeId(edgeTaken, "edge") : edge.id;
        edgeTaken.push(id);
        return [{ ...edge, id, from, to: end }];
      }),
    ],
    kpis: [
      ...doc.kpis,
      ...piece.kpis.flatMap((k) => (k.node && ids.has(k.node) ? [{ ...k, node: ids.get(k.node)! }] : [])),
    ],
  };
  return {
    doc: makeRoom(doc, next, into),
    ids: [...ids.values()],
    brought: carried.flatMap((part) => renamed[part].added.map((key) => `${part}.${key}`)),
  };
}

/** A step without the frame it was copied from. */
function outside(node: ProcessNode): ProcessNode {
  const bare = { ...node };
  delete bare.in;
  return bare;
}

function readPiece(text: string): Piece | null {
  if (!text.includes('"steps/1"')) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = pieceSchema.safeParse(json);
  return parsed.success && parsed.data.nodes.length > 0 ? parsed.data : null;
}

/** Adds what is missing; the same key with another meaning gets a key of its own. */
function bring<T>(own: Record<string, T>, come: Record<string, T>) {
  const all = { ...own };
  const keys = new Map<string, string>();
  const added: string[] = [];
  for (const [key, value] of Object.entries(come)) {
    if (all[key] !== undefined && JSON.stringify(all[key]) === JSON.stringify(value)) continue;
    const free = all[key] === undefined ? key : freeId(Object.keys(all), key.slice(0, 56));
    all[free] = value;
    keys.set(key, free);
    added.push(free);
  }
  return { all, keys, added };
}
