/**
 * What the checks of the flow need of a drawn process, and nothing else: for each scope (the process, and the body of every
 * node that has one) its nodes as ways to fire, its joins with their rule, and what makes a token wait. The only place of the
 * checks that knows kinds; a new kind with named exits needs nothing here.
 */
import { type CompiledNode, type CompiledProcess, portsOf } from "../graph.ts";
import { type ProcessNode, isHuman } from "../process.ts";

/** The edges a node puts tokens on when it fires; none where the token ends. */
export type Firing = readonly string[];
export type JoinRule =
  /** One token from each edge. */
  | { mode: "all" }
  /** One token from each edge that has one, when no other can still come. */
  | { mode: "taken" }
  /** When so many edges have one; the rest is eaten as it comes, or cancelled at once. */
  | { mode: "n_of_m"; count: number; cancelRest: boolean };

export type FlowNode = {
  id: string;
  name: string;
  /** Edges into it, as drawn. */
  in: string[];
  /** How it may fire. A join fires by its rule and has one way. */
  firings: Firing[];
  join: JoinRule | null;
  /** Its token ends here. */
  ends: boolean;
  /** An end that takes every other token of its scope along. */
  terminates: boolean;
  /** Edges of events on its border that do not end it: each may put one token out while it is active. */
  beside: string[];
  /** A token may come to rest here. */
  waits: boolean;
  /** Two tokens at once are meant: drawn as a multi-merge. */
  many: boolean;
  /** A goal may be reached from anywhere and needs no edge. */
  goal: boolean;
};
export type FlowEdge = { id: string; from: string; to: string };
export type Flow = {
  /** The node whose body this is; null for the process itself. */
  owner: string | null;
  start: string;
  nodes: ReadonlyMap<string, FlowNode>;
  edges: ReadonlyMap<string, FlowEdge>;
  /** An inclusive split so wide that not every choice of its branches is looked at. */
  tooWide: boolean;
};
/** A body must begin somewhere, and at one place only. */
export type Scopes = { flows: Flow[]; headless: { owner: string; name: string; entries: string[] }[] };

/** A document may have these; those of before have not. */
type Drawn = ProcessNode & { in?: string; multiMerge?: boolean };
/** What one has to know of a node to place it: made from a compiled process, or from a drawing in tests. */
export type Sketch = { node: Drawn; exits: string[]; onePerEdge: boolean };

/** An inclusive split of more branches than this is tried with one, two, or all of them only. */
const widest = 9;

export function scopesOf(process: CompiledProcess): Scopes {
  const sketches = [...process.nodes.values()].map(sketchOf);
  return scopesOfSketches(sketches, process.document.edges);
}

const sketchOf = (node: CompiledNode): Sketch => ({
  node: node.node,
  exits: node.node.kind === "end" ? [] : portsOf(node),
  onePerEdge: node.definition.ports(node.node, node.config) === "one_per_edge",
});

type DrawnEdge = { id: string; from: string; to: string; port?: string | undefined; otherwise?: boolean | undefined };

export function scopesOfSketches(sketches: readonly Sketch[], edges: readonly DrawnEdge[]): Scopes {
  const owners = [null, ...new Set(sketches.flatMap(({ node }) => node.in ?? []))];
  const flows: Flow[] = [];
  const headless: Scopes["headless"] = [];
  const passes = new Map<string, boolean>();
  // Bodies first: whether a body may be passed without a wait decides whether its owner is one.
  const order = owners.sort((a, b) => depth(sketches, b) - depth(sketches, a));
  for (const owner of order) {
    const inside = sketches.filter(({ node }) => (node.in ?? null) === owner);
    const ids = new Set(inside.map(({ node }) => node.id));
    const between = edges.filter((e) => ids.has(e.from) && ids.has(e.to));
    const into = new Map<string, string[]>();
    for (const e of between) into.set(e.to, [...(into.get(e.to) ?? []), e.id]);
    let tooWide = false;
    const nodes = new Map<string, FlowNode>();
    for (const sketch of inside) {
      const out = between.filter((e) => e.from === sketch.node.id);
      if (sketch.node.kind === inclusive && out.length > widest) tooWide = true;
      nodes.set(sketch.node.id, flowNode(sketch, into.get(sketch.node.id) ?? [], out, owner !== null, passes));
    }
    const entries =
      owner === null
        ? inside.filter(({ node }) => node.kind === "start").map(({ node }) => node.id)
        : [...nodes.values()].filter((n) => n.in.length === 0 && !n.goal).map((n) => n.id);
    const [start] = entries;
    if (owner !== null && entries.length !== 1) headless.push({ owner, name: nameOf(sketches, owner), entries });
    if (start === undefined || entries.length > 1) continue;
    const flow: Flow = { owner, start, nodes, edges: new Map(between.map((e) => [e.id, e])), tooWide };
    if (owner !== null) passes.set(owner, passedWithoutWait(flow));
    flows.push(flow);
  }
  return { flows: flows.reverse(), headless };
}

const nameOf = (sketches: readonly Sketch[], id: string): string =>
  sketches.find(({ node }) => node.id === id)?.node.name || id;

/** Kinds by name that older releases do not have. */
const inclusive: string = "inclusive";
const forEach: string = "for_each";

function depth(sketches: readonly Sketch[], owner: string | null): number {
  let deep = 0;
  for (let at = owner; at !== null && deep <= sketches.length; deep++)
    at = sketches.find(({ node }) => node.id === at)?.node.in ?? null;
  return deep;
}

function flowNode(
  { node, exits, onePerEdge }: Sketch,
  into: string[],
  out: readonly DrawnEdge[],
  inBody: boolean,
  passes: ReadonlyMap<string, boolean>,
): FlowNode {
  const ends = node.kind === "end";
  const goal = ends && (node.config.goal !== undefined || node.config.goalEvent !== undefined);
  const error = ends && node.config.error !== undefined && node.config.error !== false;
  const quiet = new Set((node.boundary ?? []).flatMap((b) => (b.kind === "error" || b.interrupting ? [] : b.id)));
  const beside = out.filter((e) => quiet.has(portName(e))).map((e) => e.id);
  const join = node.kind === "join" ? joinRule(node.config) : null;
  return {
    id: node.id,
    name: node.name || node.id,
    in: into,
    firings: ends
      ? [[]]
      : join
        ? [out.slice(0, 1).map((e) => e.id)]
        : firings(node.kind, exits, onePerEdge, out, beside),
    join,
    ends,
    terminates: ends && (node.config.terminate === true || goal || (error && inBody)),
    beside,
    waits: waits(node, passes),
    many: node.multiMerge === true,
    goal,
  };
}

/** `portOf` of step.ts, for a drawing too. */
const portName = (e: DrawnEdge) => e.port ?? "done";

function joinRule(config: Readonly<Record<string, unknown>>): JoinRule {
  if (config.mode === "taken") return { mode: "taken" };
  if (config.mode !== "n_of_m") return { mode: "all" };
  const count = typeof config.count === "number" && config.count >= 1 ? config.count : 1;
  return { mode: "n_of_m", count, cancelRest: config.cancelRest === true };
}

/** One exit at a time; all of a parallel split; any of an inclusive one. */
function firings(
  kind: string,
  exits: readonly string[],
  onePerEdge: boolean,
  out: readonly DrawnEdge[],
  beside: readonly string[],
): Firing[] {
  if (kind === "parallel") return [out.map((e) => e.id)];
  if (kind === inclusive) return choices(out);
  const leaving = out.filter((e) => !beside.includes(e.id));
  const known = onePerEdge ? leaving : leaving.filter((e) => exits.includes(portName(e)) || leaving.length === 1);
  return known.map((e) => [e.id]);
}

/** Any one or more of the branches; the otherwise edge stands for none of them. */
function choices(out: readonly DrawnEdge[]): Firing[] {
  const plain = out.filter((e) => !e.otherwise).map((e) => e.id);
  const alone = out.filter((e) => e.otherwise).map((e) => [e.id]);
  if (plain.length > widest) {
    const pairs = plain.flatMap((a, i) => plain.slice(i + 1).map((b) => [a, b]));
    return [...plain.map((e) => [e]), ...pairs, plain, ...alone];
  }
  const sets: string[][] = [];
  for (let bits = 1; bits < 1 << plain.length; bits++) sets.push(plain.filter((_, i) => bits & (1 << i)));
  return [...sets.sort((a, b) => a.length - b.length), ...alone];
}

/** For G13 a human step, a wait and a called process are a wait; a for-each over an empty list is none. */
function waits(node: Drawn, passes: ReadonlyMap<string, boolean>): boolean {
  if (isHuman(node.kind) || node.kind === "wait") return true;
  if (node.kind !== "subprocess" || (node.kind as string) === forEach) return false;
  return !(passes.get(node.id) ?? false);
}

function passedWithoutWait({ start, nodes, edges }: Flow): boolean {
  const seen = new Set([start]);
  for (const id of seen) {
    const node = nodes.get(id)!;
    if (node.ends) return true;
    if (!node.waits) for (const firing of node.firings) for (const e of firing) seen.add(edges.get(e)!.to);
  }
  return false;
}
