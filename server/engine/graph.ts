/**
 * A process version, compiled once: nodes with their edges in order, parsed configs, expressions as closures. The engine
 * reads only this. Compiling never fails: an expression that does not parse evaluates to null with an error, and `problems.ts`
 * says so while drawing.
 */
import { compileDecisionTable, type CompiledDecisionTable } from "./tables/decision-table.ts";
import { dominators } from "./flow/dominator.ts";
import { compile, type Compiled } from "./expression/index.ts";
import {
  type Action,
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
import { type Outcome, type StepDefinition, portOf } from "./step.ts";

export type CompiledEdge = ProcessEdge & { condition: Compiled | null; exit: Exit; target: CompiledNode | null };
/** Edges that are taken together, and their ids as the log says them: made once, and shared by every fact that names them. */
export type Exit = { edges: readonly CompiledEdge[]; ids: string[] };
export type CompiledNode = {
  node: ProcessNode;
  id: string;
  definition: StepDefinition;
  config: Record<string, unknown>;
  out: CompiledEdge[];
  in: CompiledEdge[];
  /** All its edges at once. */
  every: Exit;
  actions: readonly Action[];
  onComplete: readonly Action[];
  /** What it did can be taken back. */
  compensates: boolean;
  /** What its kind says on entry, which follows from the node alone: asked once. */
  entered: Outcome | null;
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
  /** The calendar a visit is measured in: its first SLA's. */
  calendar: string | undefined;
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
  /** Some SLA's conditions change by time alone. */
  timed: boolean;
  /** Some join waits for what can still come. */
  looseJoins: boolean;
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
  const edges = document.edges.map((edge): CompiledEdge => {
    // Written out, so that every edge has one shape: what moves tokens looks at all of them.
    const compiled: Required<{ [K in keyof CompiledEdge]: unknown }> & CompiledEdge = {
      id: edge.id,
      from: edge.from,
      port: edge.port,
      to: edge.to,
      when: edge.when,
      otherwise: edge.otherwise,
      label: edge.label,
      rework: edge.rework,
      cap: edge.cap,
      handoff: edge.handoff,
      condition: optional(edge.when),
      exit: noExit,
      target: null,
    };
    compiled.exit = exitBy([compiled]);
    return compiled;
  });
  const nodes = new Map<string, CompiledNode>();
  for (const node of document.nodes) {
    const definition = steps[node.kind];
    const parsed = definition.config.safeParse(node.config);
    const config = parsed.success ? parsed.data : node.config;
    const out = inOrder(edges.filter((e) => e.from === node.id));
    const ofNode = (node.slas ?? []).flatMap((key) => slas.get(key) ?? []);
    nodes.set(node.id, {
      node,
      id: node.id,
      definition,
      config,
      out,
      in: edges.filter((e) => e.to === node.id),
      every: exitBy(out),
      actions: node.actions ?? [],
      onComplete: node.onComplete ?? [],
      compensates: (node.compensate?.length ?? 0) > 0,
      entered: null,
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
      slas: ofNode,
      calendar: ofNode.find(({ sla }) => sla.calendar)?.sla.calendar,
    });
  }
  for (const node of nodes.values()) {
    const owner = node.node.in ? nodes.get(node.node.in) : undefined;
    if (owner && node.in.length === 0) owner.entryNode ??= node;
  }
  for (const edge of edges) edge.target = nodes.get(edge.to) ?? null;
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
    timed: [...slas.values()].some(({ time }) => time.today || time.fields.length > 0),
    looseJoins: [...nodes.values()].some(({ node, config }) => node.kind === "join" && config.mode !== "all"),
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
      : (dominators(start, (id) => nodes.get(id)?.out.flatMap(({ to }) => (nodes.has(to) ? to : [])) ?? []).get(
          join.id,
        ) ?? null);
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

export const exitBy = (edges: readonly CompiledEdge[]): Exit => ({ edges, ids: edges.map(({ id }) => id) });
export const noExit: Exit = exitBy([]);

/** Edges as drawn, the otherwise edge last. */
const inOrder = (edges: CompiledEdge[]) => [...edges.filter((e) => !e.otherwise), ...edges.filter((e) => e.otherwise)];

/** The one edge that leaves through this port, if it is drawn. */
export function edgeAt({ out }: CompiledNode, port: string): CompiledEdge | null {
  for (const edge of out) if (portOf(edge) === port) return edge;
  return null;
}

/** Every exit a node offers: its kind's ports, its boundary events, and `late` when one of its SLAs escalates. */
export function portsOf(node: CompiledNode): string[] {
  const own = node.definition.ports(node.node, node.config);
  if (own === "none") return [];
  if (own === "one_per_edge") return node.out.map((e) => e.id);
  return [...own, ...node.boundary.map((b) => b.id), ...(node.slas.some((s) => s.sla.escalate) ? ["late"] : [])];
}

/** The record type behind a name of this process, which is about records of `recordType`. */
export function typeOf(process: CompiledProcess, { recordType }: { recordType: string }, object: string): string {
  if (object === recordType) return object;
  return process.document.related[object]?.newest ?? object;
}
