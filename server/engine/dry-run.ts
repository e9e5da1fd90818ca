/** What one action would do for a record, worked out by the engine itself on a run that is thrown away. */
import { type Done, act } from "./actions.ts";
import type { Effect, Event, Facts } from "./events.ts";
import type { CompiledProcess } from "./graph.ts";
import type { EngineRecord, Run, Values } from "./model.ts";
import type { Action } from "./process.ts";
import { findRelated } from "./records.ts";
import { emit, evaluate, newTurn, standAt } from "./turn.ts";
import type { World } from "./world.ts";

export type DryRun = {
  /** `passed_over`: its condition does not hold. `waits`: a run would stand there until the answer comes. */
  outcome: "done" | "waits" | "passed_over" | "failed";
  /** Why it would fail. */
  problem: string | null;
  /** What would be written, in order. */
  events: Event[];
  effects: Effect[];
};

/** `node`: the step it stands in; an action of an SLA has none. The caller's world is used up by it. */
export function dryRun(
  process: CompiledProcess,
  { action, node: nodeId, record, now }: { action: Action; node: string | null; record: EngineRecord; now: number },
  world: World,
): DryRun {
  const turn = newTurn(process, null as never, world, { id: "dry", actor: { kind: "system" }, at: now });
  const variables: Values = {};
  for (const [name, variable] of Object.entries(process.document.variables)) variables[name] = variable.default ?? null;
  const related: Record<string, string | null> = {};
  const seed = { run: { recordType: record.type, recordId: record.id, related, lastAt: now } as Run, world, process };
  for (const [name, rule] of Object.entries(process.document.related)) related[name] = findRelated(seed, rule);
  const started: Facts["RunStarted"] = {
    workspaceId: world.workspace.id,
    process: process.document.key,
    version: process.version,
    recordType: record.type,
    recordId: record.id,
    trigger: { event: "manual", at: now },
    variables,
    related,
    parent: null,
  };
  emit(turn, "RunStarted", started, { kind: "run", id: "dry" }, 1);
  const node = nodeId ? (process.nodes.get(nodeId) ?? null) : null;
  if (node)
    emit(turn, "TokenEntered", {
      token: "t1",
      node: node.id,
      edge: null,
      from: null,
      ...(node.isStep && { visit: { id: "v1", no: 1, valueAtRisk: null, assumed: true, rework: false } }),
    });
  const visit = turn.run.visits.v1 ?? null;
  const before = turn.events.length;
  const nothing = { problem: null, events: [], effects: [] };
  if (action.when?.trim()) {
    standAt(turn, node && "t1");
    const condition = process.expression(action.when);
    if (condition && !evaluate(turn, condition, visit).isTrue) return { outcome: "passed_over", ...nothing };
  }
  const result: Done = act(turn, action, { token: node && "t1", node, visit, assignee: null }, node && "dry");
  const events = turn.events.slice(before);
  return {
    outcome: result.done ? "done" : result.waits ? "waits" : "failed",
    problem: result.done || result.waits ? null : result.text,
    events,
    effects: events.flatMap((event) => (event.type === "EffectRequested" ? [event.data.effect] : [])),
  };
}
