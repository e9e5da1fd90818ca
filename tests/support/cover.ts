/**
 * What is drawn in a process and what of it has happened, by the same names: each node, connection and end, each answer of an
 * approval, each promise in each of its states with every rung of its ladder, each rule of a table, each step that was held or
 * passed over, and the event that begins a run. What has happened is read from the log alone.
 */
import type { Event } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Process } from "@/server/engine/process.ts";
import { decisionOf } from "@/server/engine/work/approval.ts";
import { outcomeField } from "@/server/engine/work/form.ts";
import { standardModel } from "@/server/records/model.ts";
import { workspaceRules } from "@/server/records/rules.ts";

const model = workspaceRules({ currency: "USD", zone: "UTC", settings: {} }, standardModel);

/** Everything that can happen in it: what a story of it must have shown. */
export function drawn(process: CompiledProcess): string[] {
  const { document } = process;
  return [
    ...document.nodes.map(({ id, kind }) => `${kind === "end" ? "end" : "node"} ${id}`),
    ...document.edges.map(({ id }) => `edge ${id}`),
    ...document.nodes.flatMap(({ id, kind, entryCriteria, skipWhen }) => [
      ...(kind === "approval" ? answersOf(process, id).map((how) => `approval ${id} ${how}`) : []),
      ...(entryCriteria?.trim() ? [`gate ${id} held`, `gate ${id} opened`] : []),
      ...(skipWhen?.trim() ? [`step ${id} passed over`] : []),
    ]),
    ...Object.entries(document.slas).flatMap(([key, sla]) => statesOf(sla).map((state) => `sla ${key} ${state}`)),
    ...Object.entries(document.decisionTables).flatMap(([key, table]) =>
      table.rules.map((_, i) => `rule ${key} ${i + 1}`),
    ),
    ...(begunBy(process) ? [`begun by ${begunBy(process)}`] : []),
  ];
}

/** The event that starts it, as the log of a run names it; null when a person does. */
function begunBy({ start }: CompiledProcess): string | null {
  const { trigger, event } = start?.config ?? {};
  if (trigger === "event") return typeof event === "string" ? event : null;
  if (trigger === "record_created") return "record.created";
  return trigger === "schedule" ? "timer.daily" : null;
}

/** What its approver can say: what the values of the deciding field mean, or yes where there is none. */
function answersOf(process: CompiledProcess, id: string): string[] {
  const field = outcomeField(process, process.nodes.get(id)!, model, {
    recordType: process.document.recordType,
    related: {},
  });
  return field ? [...new Set(field.values.map(decisionOf))] : ["approved"];
}

/** A promise is kept, warned of at each rung, broken, and kept late; where it can stand still, it does and goes on. */
const statesOf = (sla: Process["slas"][string]): string[] => [
  "started",
  "met",
  ...sla.warnAt.map((percent) => `warned ${percent}`),
  "breached",
  "late",
  ...(sla.pauseWhen?.trim() || sla.pauses ? ["paused", "resumed"] : []),
];

/** What of that this log of one run shows. */
export function happened(log: readonly Event[]): Set<string> {
  const found = new Set<string>();
  const slas = new Map<string, string>();
  const works = new Map<string, string>();
  const held = new Map<string, string>();
  const sla = (id: string, state: string) => {
    const key = slas.get(id);
    if (key) found.add(`sla ${key} ${state}`);
  };
  for (const e of log) {
    switch (e.type) {
      case "RunStarted":
        found.add(`begun by ${e.data.trigger.event}`);
        break;
      case "TokenHeld":
        found.add(`gate ${e.data.node} held`);
        held.set(e.data.token, e.data.node);
        break;
      case "TokenEntered":
        found.add(`node ${e.data.node}`);
        if (held.get(e.data.token) === e.data.node) found.add(`gate ${e.data.node} opened`);
        held.delete(e.data.token);
        break;
      case "TokenLeft":
        for (const edge of e.data.edges) found.add(`edge ${edge}`);
        if (e.data.end) found.add(`end ${e.data.node}`);
        if (e.data.skipped) found.add(`step ${e.data.node} passed over`);
        break;
      case "GoalReached":
      case "RunCompleted":
        found.add(`end ${e.type === "RunCompleted" ? e.data.end : e.data.node}`);
        break;
      case "WorkOffered":
        works.set(e.data.work, e.data.node);
        break;
      case "ApprovalDecided":
        found.add(`approval ${works.get(e.data.work)} ${e.data.decision}`);
        break;
      case "DecisionMade":
        for (const rule of e.data.rules) found.add(`rule ${e.data.table} ${rule + 1}`);
        break;
      case "ClockStarted":
        slas.set(e.data.id, e.data.sla);
        sla(e.data.id, "started");
        break;
      case "ClockWarned":
        sla(e.data.id, `warned ${e.data.percent}`);
        break;
      case "ClockBreached":
        sla(e.data.id, "breached");
        break;
      case "ClockPaused":
        sla(e.data.id, "paused");
        break;
      case "ClockResumed":
        sla(e.data.id, "resumed");
        break;
      case "ClockCompleted":
        sla(e.data.id, e.data.clock.breachedAt === undefined ? "met" : "late");
        break;
      default:
        break;
    }
  }
  return found;
}
