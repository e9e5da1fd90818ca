/**
 * Where nodes stand when nobody has placed them: columns from left to right by how far they are from the start, few crossings,
 * on the canvas's 8 px grid. Pure and deterministic; nodes that have a place keep it.
 */
import type { Process, ProcessEdge } from "@/server/engine/process.ts";

const grid = 8;
const card = { width: 240, height: 104 };
/** Between columns; wider where a connection carries words. Between rows. */
const gap = { column: 64, labelled: 96, row: 64 };

type Layered = { ids: string[]; rank: Map<string, number>; down: Map<string, string[]>; up: Map<string, string[]> };
/** A node, or a bend of a connection that passes over a column; ids of nodes hold no slash. */
type Slot = string;
const isBend = (slot: Slot) => slot.includes("/");

export function layoutProcess(process: Process): Process {
  if (process.nodes.every((node) => node.position)) return process;
  const positions = layout(
    process.nodes.map(({ id }) => id),
    process.edges,
    process.nodes.find((node) => node.kind === "start")?.id,
  );
  return {
    ...process,
    nodes: process.nodes.map((node) =>
      node.position ? node : insertPosition(node, positions.get(node.id) ?? { x: 0, y: 0 }),
    ),
  };
}

/** The position stands where the schema has it, so that a document keeps one order of keys. */
const insertPosition = (
  node: Process["nodes"][number],
  position: { x: number; y: number },
): Process["nodes"][number] => {
  const { id, kind, name, ...rest } = node;
  return { id, kind, name, position, ...rest };
};

export function layout(
  ids: readonly string[],
  edges: readonly Pick<ProcessEdge, "from" | "to" | "label">[],
  start: string | undefined,
): Map<string, { x: number; y: number }> {
  const known = new Set(ids);
  const drawn = edges.filter((edge) => known.has(edge.from) && known.has(edge.to) && edge.from !== edge.to);
  const forward = withoutBackEdges(ids, drawn, start);
  const rank = longestPaths(ids, forward);
  const layered = withBends(ids, forward, rank);
  const rows = crossingsReduced(layered);
  const y = rowPlaces(rows, layered);
  const x = columnPlaces(rows.length, drawn, rank);
  return new Map(ids.map((id) => [id, { x: x[rank.get(id)!]!, y: y.get(id)! }]));
}

type Link = { from: string; to: string };

/** Depth-first from the start in drawn order; a connection to a node still being visited leads back. */
function withoutBackEdges(ids: readonly string[], edges: readonly Link[], start: string | undefined): Link[] {
  const out = new Map<string, Link[]>(ids.map((id) => [id, []]));
  for (const edge of edges) out.get(edge.from)!.push(edge);
  const state = new Map<string, "open" | "done">();
  const forward: Link[] = [];
  for (const root of start ? [start, ...ids] : ids) {
    if (state.has(root)) continue;
    const stack = [{ id: root, next: 0 }];
    state.set(root, "open");
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const edge = out.get(top.id)![top.next++];
      if (!edge) {
        state.set(top.id, "done");
        stack.pop();
      } else if (state.get(edge.to) !== "open") {
        forward.push(edge);
        if (!state.has(edge.to)) {
          state.set(edge.to, "open");
          stack.push({ id: edge.to, next: 0 });
        }
      }
    }
  }
  return forward;
}

/** The column of a node: the longest way to it. */
function longestPaths(ids: readonly string[], forward: readonly Link[]): Map<string, number> {
  const waiting = new Map<string, number>(ids.map((id) => [id, 0]));
  const next = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of forward) {
    waiting.set(to, waiting.get(to)! + 1);
    next.get(from)!.push(to);
  }
  const rank = new Map<string, number>(ids.map((id) => [id, 0]));
  const ready = ids.filter((id) => waiting.get(id) === 0);
  for (const id of ready) {
    for (const to of next.get(id)!) {
      rank.set(to, Math.max(rank.get(to)!, rank.get(id)! + 1));
      waiting.set(to, waiting.get(to)! - 1);
      if (waiting.get(to) === 0) ready.push(to);
    }
  }
  return rank;
}

/** A connection over several columns gets a bend in each of them, so that it is given room. */
function withBends(ids: readonly string[], forward: readonly Link[], rank: Map<string, number>): Layered {
  const layered: Layered = { ids: [...ids], rank: new Map(rank), down: new Map(), up: new Map() };
  const link = (from: Slot, to: Slot) => {
    layered.down.set(from, [...(layered.down.get(from) ?? []), to]);
    layered.up.set(to, [...(layered.up.get(to) ?? []), from]);
  };
  const pairs = new Map(forward.map((edge) => [`${edge.from}/${edge.to}`, edge]));
  for (const [name, { from, to }] of pairs) {
    let at: Slot = from;
    for (let column = rank.get(from)! + 1; column < rank.get(to)!; column++) {
      const bend = `${name}/${column}`;
      layered.ids.push(bend);
      layered.rank.set(bend, column);
      link(at, bend);
      at = bend;
    }
    link(at, to);
  }
  return layered;
}

/** Sweeps to and fro, each column ordered by the mean place of its neighbours; the order with the fewest crossings is kept. */
function crossingsReduced({ ids, rank, down, up }: Layered): Slot[][] {
  let columns: Slot[][] = [];
  for (const id of ids) (columns[rank.get(id)!] ??= []).push(id);
  columns = Array.from(columns, (column) => column ?? []);
  let best = columns.map((column) => [...column]);
  let fewest = crossings(best, down);
  for (let sweep = 0; sweep < 12 && fewest > 0; sweep++) {
    const forward = sweep % 2 === 0;
    const order = columns.map((_, i) => (forward ? i : columns.length - 1 - i)).slice(1);
    for (const i of order)
      columns[i] = byMeanPlace(columns[i]!, columns[forward ? i - 1 : i + 1]!, forward ? up : down);
    const count = crossings(columns, down);
    if (count < fewest) {
      fewest = count;
      best = columns.map((column) => [...column]);
    }
  }
  return best;
}

function byMeanPlace(column: Slot[], beside: Slot[], neighbours: Map<Slot, Slot[]>): Slot[] {
  const place = new Map(beside.map((slot, i) => [slot, i]));
  const mean = (slot: Slot, own: number) => {
    const places = (neighbours.get(slot) ?? []).flatMap((n) => place.get(n) ?? []);
    return places.length ? places.reduce((a, b) => a + b, 0) / places.length : own;
  };
  return column
    .map((slot, own) => ({ slot, own, mean: mean(slot, own) }))
    .sort((a, b) => a.mean - b.mean || a.own - b.own)
    .map(({ slot }) => slot);
}

function crossings(columns: Slot[][], down: Map<Slot, Slot[]>): number {
  let count = 0;
  for (let i = 0; i + 1 < columns.length; i++) {
    const place = new Map(columns[i + 1]!.map((slot, at) => [slot, at]));
    const targets = columns[i]!.flatMap((slot) =>
      (down.get(slot) ?? []).map((to) => place.get(to)!).sort((a, b) => a - b),
    );
    count += inversions(targets);
  }
  return count;
}

/** Pairs that stand in the wrong order, by a binary indexed tree. */
function inversions(places: number[]): number {
  const tree: number[] = Array.from({ length: Math.max(0, ...places) + 2 }, () => 0);
  let count = 0;
  places.forEach((place, seen) => {
    let notAbove = 0;
    for (let i = place + 1; i > 0; i -= i & -i) notAbove += tree[i]!;
    count += seen - notAbove;
    for (let i = place + 1; i < tree.length; i += i & -i) tree[i]! += 1;
  });
  return count;
}

/** Rows: as near to the neighbours' as the order and the room of each card allow. Bends take a third of a card's room. */
function rowPlaces(columns: Slot[][], { up, down }: Layered): Map<Slot, number> {
  const step = (slot: Slot) => (isBend(slot) ? 56 : card.height + gap.row);
  const y = new Map<Slot, number>();
  for (const column of columns) stack(column, (slot) => meanOf(up.get(slot), y), step, y);
  for (let pass = 0; pass < 4; pass++) {
    for (const column of [...columns].reverse())
      stack(column, (slot) => meanOf(down.get(slot), y) ?? y.get(slot), step, y);
    for (const column of columns) stack(column, (slot) => meanOf(up.get(slot), y) ?? y.get(slot), step, y);
  }
  const top = Math.min(...[...y].flatMap(([slot, at]) => (isBend(slot) ? [] : [at])));
  for (const [slot, at] of y) y.set(slot, Math.round((at - top) / grid) * grid);
  // Rounding may bring two cards a pixel step nearer than the room between rows.
  for (const column of columns) {
    let free = Number.NEGATIVE_INFINITY;
    for (const slot of column) {
      if (isBend(slot)) continue;
      y.set(slot, Math.max(y.get(slot)!, free));
      free = y.get(slot)! + card.height + gap.row;
    }
  }
  return y;
}

const meanOf = (slots: Slot[] | undefined, y: Map<Slot, number>): number | undefined => {
  const known = (slots ?? []).flatMap((slot) => y.get(slot) ?? []);
  return known.length ? known.reduce((a, b) => a + b, 0) / known.length : undefined;
};

/** Puts a column's slots near where they want to be without overlaps, then centres what was pushed down. */
function stack(
  column: Slot[],
  wish: (slot: Slot) => number | undefined,
  step: (slot: Slot) => number,
  y: Map<Slot, number>,
): void {
  let free = Number.NEGATIVE_INFINITY;
  let pushed = 0;
  const placed = column.map((slot) => {
    const wanted = wish(slot) ?? (Number.isFinite(free) ? free : 0);
    const at = Math.max(wanted, free);
    free = at + step(slot);
    pushed += at - wanted;
    return at;
  });
  const shift = column.length ? pushed / column.length / 2 : 0;
  column.forEach((slot, i) => y.set(slot, placed[i]! - shift));
}

function columnPlaces(
  columns: number,
  edges: readonly (Link & { label?: string | undefined })[],
  rank: Map<string, number>,
): number[] {
  const labelled = new Set(
    edges.filter((edge) => edge.label && rank.get(edge.to)! > rank.get(edge.from)!).map((edge) => rank.get(edge.from)!),
  );
  const x: number[] = [];
  for (let i = 0, at = 0; i < columns; i++) {
    x.push(at);
    at += card.width + (labelled.has(i) ? gap.labelled : gap.column);
  }
  return x;
}
