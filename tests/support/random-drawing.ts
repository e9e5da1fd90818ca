/**
 * Random drawings of any shape: nodes of random kinds, edges wherever they fall. Most are broken in some way; the share of each
 * verdict is printed by the test. A new kind is one line in `kinds` and, where its exits differ, one case in `exitsOf`.
 */
import fc from "fast-check";
import type { Sketch } from "@/server/engine/checks/flow-graph.ts";
import type { DrawnEdge, DrawnNode, Drawing } from "./plain-game.ts";

type Draw = { kind: (typeof kinds)[number]; count: number; flag: boolean; timer: "none" | "ends" | "beside" };
const kinds = [
  "task",
  "task",
  "wait",
  "automation",
  "decision",
  "decision",
  "parallel",
  "parallel",
  "inclusive",
  "join",
  "join",
  "taken",
  "n_of_m",
  "end",
] as const;

const draws = (only: readonly Draw["kind"][]) =>
  fc.record({
    kind: fc.constantFrom(...only),
    count: fc.integer({ min: 1, max: 3 }),
    flag: fc.boolean(),
    timer: fc.constantFrom("none" as const, "none" as const, "none" as const, "ends" as const, "beside" as const),
  });

/** Up to 9 nodes: start, one end for sure, and up to seven others. `wires` are the targets, drawn from in turn. */
export const drawings = (only: readonly Draw["kind"][] = kinds): fc.Arbitrary<Drawing> =>
  fc
    .record({
      inner: fc.array(draws(only), { minLength: 1, maxLength: 7, size: "max" }),
      wires: fc.array(fc.nat(1000), { minLength: 24, maxLength: 24 }),
      forward: fc.nat(3),
    })
    .map(({ inner, wires, forward }) => draw(inner, wires, forward));

/** A sketch of the drawing, as the checks take it. */
export const sketchesOf = ({ nodes, edges }: Drawing): Sketch[] =>
  nodes.map((node) => {
    const onePerEdge = node.kind === "decision" || node.kind === "parallel" || node.kind === "inclusive";
    const exits = edges.filter((e) => e.from === node.id).map((e) => e.port ?? "done");
    return { node: { config: {}, ...node } as unknown as Sketch["node"], exits, onePerEdge };
  });

function draw(inner: readonly Draw[], wires: readonly number[], forward: number): Drawing {
  const nodes: DrawnNode[] = [
    { id: "start", kind: "start" },
    ...inner.map((one, i) => nodeOf(one, `n${i + 1}`)),
    { id: "done", kind: "end", config: { terminate: false } },
  ];
  const edges: DrawnEdge[] = [];
  let wire = 0;
  const free = nodes.slice(1).map((n) => n.id);
  const target = (from: number): string => {
    const pick = wires[wire++ % wires.length]!;
    // Mostly what nothing leads to yet, so that few graphs fall apart; then onward, or anywhere, back too.
    const onward = nodes.slice(from + 1).map((n) => n.id);
    const lonely = onward.filter((id) => !edges.some((e) => e.to === id));
    if (pick % 7 !== 0 && lonely.length > 0) return lonely[pick % Math.min(2, lonely.length)]!;
    if (pick % 4 < forward && onward.length > 0) return onward[pick % onward.length]!;
    return free[pick % free.length]!;
  };
  for (const [i, node] of nodes.entries()) {
    const exits = exitsOf(node, inner[i - 1], wires[i]!);
    for (const exit of exits) edges.push({ id: `e${edges.length + 1}`, from: node.id, to: target(i), ...exit });
  }
  // Nine times in ten without what nothing leads to: it would end the check before it began.
  return wires.at(-1)! % 10 === 0 ? { nodes, edges } : reachable({ nodes, edges });
}

function reachable({ nodes, edges }: Drawing): Drawing {
  const seen = new Set(["start"]);
  for (const id of seen) for (const e of edges) if (e.from === id) seen.add(e.to);
  return { nodes: nodes.filter((n) => seen.has(n.id)), edges: edges.filter((e) => seen.has(e.from)) };
}

function nodeOf({ kind, count, flag, timer }: Draw, id: string): DrawnNode {
  if (kind === "taken") return { id, kind: "join", config: { mode: "taken" } };
  if (kind === "n_of_m")
    return { id, kind: "join", config: { mode: "n_of_m", count: Math.min(count, 2), cancelRest: flag || count === 1 } };
  if (kind === "end") return { id, kind, config: { terminate: flag } };
  if (kind !== "task") return { id, kind, config: kind === "join" ? { mode: "all" } : {} };
  const config =
    count > 1 ? { outcomes: Array.from({ length: count - 1 }, (_, i) => ({ id: `o${i}`, label: `${i}` })) } : {};
  return { id, kind, config, ...(timer !== "none" && { boundary: [{ id: "rings", interrupting: timer === "ends" }] }) };
}

/** The drawing as a process over leads that can be run: conditions read `run.n`, which every automation counts up. */
export function processOfDrawing({ nodes, edges }: Drawing): object {
  const branches = (id: string) => edges.filter((e) => e.from === id && !e.otherwise);
  const when = (e: DrawnEdge) => {
    const kind = nodes.find((n) => n.id === e.from)?.kind;
    if (e.otherwise || (kind !== "decision" && kind !== "inclusive")) return {};
    const all = branches(e.from);
    if (kind === "inclusive") return { when: `modulo(run.n, ${all.indexOf(e) + 2}) = 0` };
    return { when: `modulo(run.n, ${all.length + 1}) = ${all.indexOf(e)}` };
  };
  return {
    key: "drawn",
    name: "Drawn",
    recordType: "lead",
    roles: { ae: { name: "Account executive" } },
    variables: { n: { type: "integer", default: 0 } },
    slas: { fast: { name: "Fast", target: "PT4H", warnAt: [50] } },
    nodes: nodes.map(({ id, kind, config = {}, boundary = [] }, i) => ({
      id,
      kind,
      name: id,
      config: kind === "wait" ? waits[i % waits.length] : kind === "end" ? { ...config, outcome: "success" } : config,
      boundary: boundary.map((b) => ({ ...b, kind: "timer", after: "PT3H" })),
      ...(kind === "task" && { role: "ae", ...(i % 2 === 0 && { slas: ["fast"] }) }),
      ...(kind === "automation" && { actions: [{ verb: "set", field: "run.n", value: "run.n + 1" }] }),
    })),
    edges: edges.map((e) => {
      const at = nodes.findIndex((n) => n.id === e.from);
      const event = nodes[at]?.kind === "wait" && waits[at % waits.length]!.for === "event";
      return { ...e, ...when(e), ...(event && { port: "event" }) };
    }),
  };
}
const waits = [
  { for: "duration", duration: "PT2H" },
  { for: "event", event: "news" },
] as const;

type Exit = { port?: string; otherwise?: boolean };
function exitsOf(node: DrawnNode, drawn: Draw | undefined, wire: number): Exit[] {
  switch (node.kind) {
    case "end":
      return [];
    case "task": {
      const outcomes = node.config?.outcomes as { id: string }[] | undefined;
      const own: Exit[] = outcomes ? outcomes.map((o) => ({ port: o.id })) : [{}];
      return [...own, ...(node.boundary ?? []).map((b) => ({ port: b.id }))];
    }
    case "decision":
    case "inclusive": {
      const count = Math.max(2, drawn?.count ?? 2);
      return Array.from({ length: count }, (_, i) =>
        i === count - 1 && (node.kind === "decision" || wire % 2 === 0) ? { otherwise: true } : {},
      );
    }
    case "parallel":
      return Array.from({ length: Math.max(2, drawn?.count ?? 2) }, () => ({}));
    default:
      return [{}];
  }
}
