/** The ways out of a step: which ports it has, where they are drawn, and which one a connection takes. */
import type { Boundary, Process, ProcessEdge, ProcessNode } from "@/server/engine/process.ts";
import { portOf } from "@/server/engine/step.ts";
import { steps } from "@/server/steps/registry.ts";

/** What stands at the edge of a step and leaves below it. */
export type Mark = Boundary["kind"] | "late";
/** `mark`: taken when that happens. `soft`: the step stays open. */
export type Exit = { port: string; mark: Mark | null; soft: boolean };

/** The one handle of a step whose connections are told apart by their order or by nothing. */
export const mainExit = "done";

export function exitsOf(doc: Process, node: ProcessNode): Exit[] {
  const parsed = steps[node.kind].config.safeParse(node.config);
  const own = steps[node.kind].ports(node, parsed.success ? parsed.data : node.config);
  if (own === "none") return [];
  const late = (node.slas ?? []).some((key) => doc.slas[key]?.escalate);
  return [
    ...(own === "one_per_edge" ? [mainExit] : own).map((port) => ({ port, mark: null, soft: false })),
    ...(node.boundary ?? []).map((b) => ({
      port: b.id,
      mark: b.kind,
      soft: b.kind !== "error" && !b.interrupting,
    })),
    ...(late ? [{ port: "late", mark: "late" as const, soft: false }] : []),
  ];
}

/** Where the connection starts: its port, or the first exit when the step has lost it. */
export function exitOf(exits: readonly Exit[], edge: ProcessEdge): Exit {
  return exits.find((e) => e.port === portOf(edge)) ?? exits[0] ?? { port: mainExit, mark: null, soft: false };
}

/** A decision or a split: any number of connections, told apart by order. */
export const branches = (node: ProcessNode) =>
  node.kind === "decision" || node.kind === "inclusive" || node.kind === "parallel";

/** A step whose branches are chosen by conditions: one of them, or every one that holds. */
export const chooses = (node: ProcessNode | undefined) => node?.kind === "decision" || node?.kind === "inclusive";

/** The port a new connection takes: the asked one, else the first that leads nowhere yet. The first of a choice is the otherwise one. */
export function portFor(
  doc: Process,
  node: ProcessNode,
  asked: string | null = null,
): Pick<ProcessEdge, "port" | "otherwise"> {
  const out = doc.edges.filter((e) => e.from === node.id);
  if (chooses(node)) return out.some((e) => e.otherwise) ? {} : { otherwise: true };
  if (node.kind === "parallel") return {};
  const exits = exitsOf(doc, node);
  const free =
    exits.find((e) => e.port === asked)?.port ??
    exits.find((e) => !out.some((o) => portOf(o) === e.port))?.port ??
    mainExit;
  return free === mainExit ? {} : { port: free };
}

/**
 * After an edit that may have changed a step's exits: connections of an exit that is no more take the next free one, in order. What
 * finds none keeps its name, and the check says so.
 */
export function rewired(before: Process, after: Process, id: string): Process {
  const [was, is] = [before, after].map((doc) => {
    const node = doc.nodes.find((n) => n.id === id);
    return node ? exitsOf(doc, node).map((e) => e.port) : [];
  });
  const gone = (was ?? []).filter((port) => !is?.includes(port));
  if (gone.length === 0) return after;
  const taken = after.edges.flatMap((e) => (e.from === id ? [portOf(e)] : []));
  const free = (is ?? []).filter((port) => !taken.includes(port));
  const to = new Map(gone.map((port, i) => [port, free[i]]));
  return {
    ...after,
    edges: after.edges.map((e) => {
      const port = e.from === id ? to.get(portOf(e)) : undefined;
      if (!port) return e;
      const { port: _, ...rest } = e;
      return port === mainExit ? rest : { ...rest, port };
    }),
  };
}
