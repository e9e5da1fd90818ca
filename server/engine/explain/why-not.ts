/**
 * Why a token did not leave by the other exits of a node: branches that were false or came later, answers nobody gave, timers that had
 * not rung, messages that had not come. Values are those of the moment it left.
 */
import type { Evaluated, StoredEvent } from "../events.ts";
import { type CompiledNode, portsOf } from "../graph.ts";
import type { Run } from "../model.ts";
import { evaluate, standAt } from "../turn.ts";
import { lookingTurn } from "./looking.ts";
import { instantOfEvent, recordsUntil } from "./past.ts";
import type { Past } from "./why.ts";

export type NotTaken = {
  /** The exit: a port's name, or the edge of a gateway. */
  exit: string;
  edge: string | null;
  to: string | null;
  /**
   * `false`: its condition did not hold. `later`: an earlier branch counted first, whether or not this one held too. `otherwise`:
   * it is for when no branch holds. `answer`: the person answered something else. `not_due`: its timer had not rung. `no_message`,
   * `no_change`, `no_error`, `in_time`: nothing of that kind had happened. `first`: something else came first.
   */
  why:
    | "false"
    | "later"
    | "otherwise"
    | "answer"
    | "not_due"
    | "no_message"
    | "no_change"
    | "no_error"
    | "in_time"
    | "first";
  /** The condition with the values then; null where there is none. */
  seen: Evaluated | null;
  /** When its timer would have rung. */
  due: number | null;
  /** The message it listens for, the error's code. */
  text: string | null;
};

type Leaving = {
  entered: StoredEvent;
  left: Extract<StoredEvent, { type: "TokenLeft" }>;
  /** Events of the stay. */
  during: readonly StoredEvent[];
  before: Run;
};

export function exitsNotTaken(past: Past, node: CompiledNode, leaving: Leaving): NotTaken[] {
  const { left } = leaving;
  const taken = new Set(left.data.edges);
  const gateway = node.definition.ports(node.node, node.config) === "one_per_edge";
  if (gateway) return branchesNotTaken(past, node, leaving, taken);
  return portsOf(node).flatMap((port) => {
    const edge = node.out.find((e) => (e.port ?? "done") === port);
    if (port === left.data.port || (edge && taken.has(edge.id))) return [];
    return edge ? [portNotTaken(past, node, port, edge, leaving)] : [];
  });
}

function branchesNotTaken(
  past: Past,
  node: CompiledNode,
  { left, before }: Leaving,
  taken: ReadonlySet<string>,
): NotTaken[] {
  const looked = new Map((left.data.conditions ?? []).flatMap((seen) => (seen.edge ? [[seen.edge, seen]] : [])));
  const records = recordsUntil(past.events, (e) => e.seq < left.seq, past.world.records);
  const turn = lookingTurn(past.process, before, { ...past.world, records }, instantOfEvent(left));
  standAt(turn, left.data.token);
  return node.out.flatMap((edge): NotTaken[] => {
    if (taken.has(edge.id)) return [];
    const base = { exit: edge.id, edge: edge.id, to: edge.to, due: null, text: null };
    if (edge.otherwise) return [{ ...base, why: "otherwise", seen: null }];
    const known = looked.get(edge.id);
    if (known) return [{ ...base, why: "false", seen: known }];
    if (!edge.condition) return [{ ...base, why: "later", seen: null }];
    return [{ ...base, why: "later", seen: { ...evaluate(turn, edge.condition).seen, edge: edge.id } }];
  });
}

function portNotTaken(
  past: Past,
  node: CompiledNode,
  port: string,
  edge: { id: string; to: string },
  { left, during, before }: Leaving,
): NotTaken {
  const base = { exit: port, edge: edge.id, to: edge.to, seen: null, due: null, text: null };
  const dueOf = (name: string): number | null =>
    during.findLast(
      (e): e is Extract<StoredEvent, { type: "TimerSet" }> =>
        e.type === "TimerSet" && e.data.token === left.data.token && e.data.name === name,
    )?.data.due ?? null;
  const boundary = node.boundary.find(({ id }) => id === port);
  if (boundary)
    switch (boundary.kind) {
      case "timer":
        return { ...base, why: "not_due", due: dueOf(`boundary:${boundary.id}`) };
      case "message":
        return { ...base, why: "no_message", text: boundary.event };
      case "record_changed": {
        const condition = boundary.when?.trim() ? past.process.expression(boundary.when) : null;
        if (!condition) return { ...base, why: "no_change" };
        const records = recordsUntil(past.events, (e) => e.seq < left.seq, past.world.records);
        const turn = lookingTurn(past.process, before, { ...past.world, records }, instantOfEvent(left));
        standAt(turn, left.data.token);
        const visit = left.data.visit ? before.visits[left.data.visit] : null;
        return { ...base, why: "no_change", seen: evaluate(turn, condition, visit).seen };
      }
      case "error":
        return { ...base, why: "no_error", text: boundary.code ?? null };
      default:
        return boundary satisfies never;
    }
  if (port === "late" && node.slas.some(({ sla }) => sla.escalate)) return { ...base, why: "in_time" };
  if (node.isHuman) return { ...base, why: "answer" };
  const due = dueOf(port);
  return due !== null ? { ...base, why: "not_due", due } : { ...base, why: "first" };
}
