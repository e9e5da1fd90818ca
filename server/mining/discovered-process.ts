/** A discovered graph as a process that can be drawn, published and run: an activity is a task, its successors are its outcomes. */
import { layoutProcess } from "@/server/interop/layout.ts";
import { type Process, type ProcessEdge, type ProcessNode, processSchema } from "@/server/engine/process.ts";
import type { DiscoveredGraph } from "./discover-graph.ts";
import type { Visit } from "./visits.ts";

export type DiscoveredProcess = {
  document: Process;
  /** Activity name → node id. */
  nodeOf: Map<string, string>;
};

/** More ways on than buttons fit beside a task: the rarest go. */
const mostOutcomes = 30;

/**
 * `valueAtRisk`: FEEL over the record type, if the log says what a case is worth. A log does not say why a case went where it
 * went, so a person who runs the process chooses: each way on is an outcome of the task before it.
 */
export function discoveredProcess(
  graph: DiscoveredGraph,
  about: { key: string; name: string; summary: string; recordType: string; valueAtRisk?: string | undefined },
): DiscoveredProcess {
  const nodeOf = new Map<string, string>();
  const taken = new Set(["start", "end", "first"]);
  for (const { name } of graph.activities) nodeOf.set(name, freeName(taken, slug(name)));
  const edges: ProcessEdge[] = [];
  const connect = (from: string, to: string, more: Partial<ProcessEdge> = {}) =>
    edges.push({ id: `e${edges.length + 1}`, from, to, ...more });

  const nodes: ProcessNode[] = [{ id: "start", kind: "start", name: "Start", config: { trigger: "import" } }];
  const firsts = graph.starts.flatMap(({ name }) => nodeOf.get(name) ?? []);
  if (firsts.length === 1) connect("start", firsts[0]!);
  else {
    nodes.push({ id: "first", kind: "decision", name: "How it began", config: {} });
    connect("start", "first");
    // The most frequent beginning is the otherwise one.
    for (const id of firsts.slice(1)) connect("first", id, { when: `run.first_step = "${id}"` });
    connect("first", firsts[0]!, { otherwise: true });
  }
  for (const { name } of graph.activities) {
    const id = nodeOf.get(name)!;
    const ways = [
      ...graph.edges
        .filter((e) => e.from === name)
        .map((e) => ({ to: nodeOf.get(e.to)!, label: e.to, count: e.count })),
      ...graph.ends.filter((e) => e.name === name).map((e) => ({ to: "end", label: "End", count: e.count })),
    ]
      .sort((a, b) => b.count - a.count)
      .slice(0, mostOutcomes);
    const outcomes = ways.map((way) => ({
      id: way.to === id ? "again" : `to_${way.to}`.slice(0, 64),
      label: way.label.slice(0, 80),
    }));
    nodes.push({
      id,
      kind: "task",
      name: name.slice(0, 200),
      role: "performer",
      config: ways.length > 1 ? { outcomes } : {},
    });
    for (const [i, way] of ways.entries())
      connect(id, way.to, {
        ...(ways.length > 1 && { port: outcomes[i]!.id }),
        ...(way.to === id && { rework: true }),
      });
  }
  nodes.push({ id: "end", kind: "end", name: "End", config: { outcome: "neutral" } });
  const document = processSchema.parse({
    ...about,
    valueAtRisk: about.valueAtRisk,
    roles: { performer: { name: "Performer" } },
    ...(firsts.length > 1 && {
      variables: { first_step: { type: "picklist", values: firsts, label: "First step" } },
    }),
    nodes,
    edges,
  });
  return { document: layoutProcess(document), nodeOf };
}

/**
 * The graph with the activities that were begun or planned and never completed, which counting completions does not see: each
 * comes after the activity that was last completed before it, most often, and leads to the end.
 */
export function withUnfinished(graph: DiscoveredGraph, visits: readonly Visit[]): DiscoveredGraph {
  const known = new Set(graph.activities.map((a) => a.name));
  const after = new Map<string, Map<string | null, number>>();
  let before = null as Visit | null;
  for (const visit of visits) {
    if (before?.caseId !== visit.caseId) before = null;
    if (!known.has(visit.activity)) {
      const counts = after.get(visit.activity) ?? new Map<string | null, number>();
      const from = before && before.completedAt! <= visit.enteredAt ? before.activity : null;
      counts.set(from, (counts.get(from) ?? 0) + 1);
      after.set(visit.activity, counts);
    } else if (visit.completedAt !== undefined && visit.completedAt >= (before?.completedAt ?? 0)) before = visit;
  }
  const whole: DiscoveredGraph = {
    ...graph,
    activities: [...graph.activities],
    edges: [...graph.edges],
    starts: [...graph.starts],
    ends: [...graph.ends],
  };
  for (const [name, counts] of after) {
    const [from, count] = [...counts].sort(([, a], [, b]) => b - a)[0]!;
    whole.activities.push({ name, count: 0, cases: 0 });
    if (from === null) whole.starts.push({ name, count });
    else whole.edges.push({ from, to: name, count });
    whole.ends.push({ name, count: 0 });
  }
  return whole;
}

/** A name as an identifier: folded to ASCII, at most 56 letters. */
export function slug(name: string): string {
  const text = name
    .normalize("NFD")
    .replaceAll(/[đĐ]/g, "d")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+/, "")
    .replace(/_+$/, "")
    .slice(0, 56);
  return text || "step";
}

function freeName(taken: Set<string>, stem: string): string {
  let name = stem;
  for (let n = 2; taken.has(name); n++) name = `${stem}_${n}`;
  taken.add(name);
  return name;
}
