/**
 * A process version, compiled once: nodes with their edges in order, parsed configs, expressions as closures. The engine
 * reads only this. Compiling never fails: an expression that does not parse evaluates to null with an error, and `problems.ts`
 * says so while drawing.
 */
import { compileDecisionTable, type CompiledDecisionTable } from "./tables/decision-table.ts";
import { nearestDominator } from "./flow/dominator.ts";
import { compile, type Compiled } from "./expression/index.ts";
import {
  type Boundary,
  type Form,
  type Process,
  type ProcessEdge,
  type ProcessNode,
  type StepKindId,
  isHuman,
  isStep,
} from "./process.ts";
import { type CompiledSla, compileSla } from "./clocks/compile-sla.ts";
import { type StepDefinition, portOf } from "./step.ts";

export type CompiledEdge = ProcessEdge & { condition: Compiled | null };
export type CompiledNode = {
  node: ProcessNode;
  id: string;
  definition: StepDefinition;
  config: Record<string, unknown>;
  out: CompiledEdge[];
  in: CompiledEdge[];
  isStep: boolean;
  isHuman: boolean;
  entry: Compiled | null;
  skip: Compiled | null;
  condition: Compiled | null;
  tables: CompiledDecisionTable[];
  /** The table that says who approves. */
  matrix: CompiledDecisionTable | null;
  form: Form | null;
  boundary: Boundary[];
  /** The goal of an end that is reached from anywhere. */
  goal: Compiled | null;
  /** Where a token goes in: the one node inside this one that nothing leads to. */
  entryNode: CompiledNode | null;
  /** Of joins that depend on what else may come: incoming edge → nodes from which a token can still come by it in this round. */
  upstream: ReadonlyMap<string, ReadonlySet<string>>;
  slas: CompiledSla[];
};
export type CompiledProcess = {
  document: Process;
  version: number;
  start: CompiledNode | null;
  nodes: ReadonlyMap<string, CompiledNode>;
  slas: ReadonlyMap<string, CompiledSla>;
  tables: ReadonlyMap<string, CompiledDecisionTable>;
  /** Ends that are reached from anywhere. */
  goals: readonly CompiledNode[];
  /** Events that some SLA names, those of one step as `step.entered:review`: the run keeps their instants. */
  latched: ReadonlySet<string>;
  valueAtRisk: Compiled | null;
  expression: (text: string) => Compiled | null;
};

/** The registry of step kinds; `server/steps` provides it, so that the engine knows none by name. */
export type StepRegistry = Record<StepKindId, StepDefinition>;

export function compileProcess(document: Process, version: number, steps: StepRegistry): CompiledProcess {
  const cache = new Map<string, Compiled | null>();
  const expression = (text: string) => {
    let compiled = cache.get(text);
    if (compiled === undefined) {
      const result = compile(text);
      cache.set(text, (compiled = result.ok ? result.expression : null));
    }
    return compiled;
  };
  const optional = (text: string | undefined) => (text?.trim() ? expression(text) : null);

  const slas = new Map<string, CompiledSla>();
  for (const [key, sla] of Object.entries(document.slas)) slas.set(key, compileSla(key, sla, optional));
  const tables = new Map(
    Object.entries(document.decisionTables).map(([key, table]) => [key, compileDecisionTable(key, table)]),
  );
  const edges = document.edges.map((edge): CompiledEdge => ({ ...edge, condition: optional(edge.when) }));
  const nodes = new Map<string, CompiledNode>();
  for (const node of document.nodes) {
    const definition = steps[node.kind];
    const parsed = definition.config.safeParse(node.config);
    const config = parsed.success ? parsed.data : node.config;
    nodes.set(node.id, {
      node,
      id: node.id,
      definition,
      config,
      out: inOrder(edges.filter((e) => e.from === node.id)),
      in: edges.filter((e) => e.to === node.id),
      isStep: isStep(node.kind),
      isHuman: isHuman(node.kind),
      entry: optional(node.entryCriteria),
      skip: optional(node.skipWhen),
      condition: typeof config.condition === "string" ? optional(config.condition) : null,
      tables: (node.decisionTables ?? []).flatMap((key) => tables.get(key) ?? []),
      matrix: typeof config.matrix === "string" ? (tables.get(config.matrix) ?? null) : null,
      form: node.form ? (document.forms[node.form] ?? null) : null,
      boundary: node.boundary ?? [],
      goal: typeof config.goal === "string" ? optional(config.goal) : null,
      entryNode: null,
      upstream: new Map(),
      slas: (node.slas ?? []).flatMap((key) => slas.get(key) ?? []),
    });
  }
  for (const node of nodes.values()) {
    const owner = node.node.in ? nodes.get(node.node.in) : undefined;
    if (owner && node.in.length === 0) owner.entryNode ??= node;
  }
  const start = document.nodes.find((n) => n.kind === "start");
  for (const node of nodes.values()) {
    if (node.node.kind !== "join" || node.config.mode === "all") continue;
    const first = node.node.in ? nodes.get(node.node.in)?.entryNode?.id : start?.id;
    node.upstream = upstreamOf(node, nodes, first ?? null);
  }
  return {
    document,
    version,
    start: start ? nodes.get(start.id)! : null,
    nodes,
    slas,
    tables,
    goals: [...nodes.values()].filter(({ goal, config }) => goal !== null || typeof config.goalEvent === "string"),
    latched: new Set([...slas.values()].flatMap(({ events }) => [...events])),
    valueAtRisk: optional(document.valueAtRisk),
    expression,
  };
}

/**
 * By edge, where a token stands that can still come by it: on ways that lead neither through the join nor through the split that all
 * its branches come from. Those are the next round's.
 */
function upstreamOf(
  join: CompiledNode,
  nodes: ReadonlyMap<string, CompiledNode>,
  start: string | null,
): Map<string, Set<string>> {
  const split =
    start === null
      ? null
      : nearestDominator(
          start,
          join.id,
          (id) => nodes.get(id)?.out.flatMap(({ to }) => (nodes.has(to) ? to : [])) ?? [],
        );
  return new Map(
    join.in.map((edge) => {
      const before = new Set(edge.from === join.id ? [] : [edge.from]);
      for (const id of before) {
        if (id === split) continue;
        for (const { from } of nodes.get(id)?.in ?? []) if (from !== join.id) before.add(from);
      }
      return [edge.id, before];
    }),
  );
}

/** Edges as drawn, the otherwise edge last. */
const inOrder = (edges: CompiledEdge[]) => [...edges.filter((e) => !e.otherwise), ...edges.filter((e) => e.otherwise)];

/** The one edge that leaves through this port, if it is drawn. */
export const edgeAt = (node: CompiledNode, port: string) => node.out.find((e) => portOf(e) === port) ?? null;

/** Every exit a node offers: its kind's ports, its boundary events, and `late` when one of its SLAs escalates. */
export function portsOf(node: CompiledNode): string[] {
  const own = node.definition.ports(node.node, node.config);
  if (own === "none") return [];
  if (own === "one_per_edge") return node.out.map((e) => e.id);
  return [...own, ...node.boundary.map((b) => b.id), ...(node.slas.some((s) => s.sla.escalate) ? ["late"] : [])];
}
