/** What happened in a run, in the words a person would tell a colleague. */
import type { StoredEvent } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import { sentence } from "@/server/engine/work/form.ts";

export type Activity = NonNullable<ReturnType<typeof activityOf>>;

/** The facts a person would tell a colleague; what the engine does in between is left out. */
export function activityOf(
  process: CompiledProcess,
  event: StoredEvent,
  name: (member: string | null | undefined) => string | null,
) {
  const step = (node: string) => process.nodes.get(node)?.node.name ?? node;
  const told = { seq: event.seq, at: event.at, by: event.actor.kind === "member" ? name(event.actor.id) : null };
  switch (event.type) {
    case "RunStarted":
      return { ...told, what: "started" as const, of: process.document.name, detail: null };
    case "TokenLeft": {
      const node = process.nodes.get(event.data.node);
      if (!node?.isHuman || event.data.skipped || event.data.cancelled) return null;
      return {
        ...told,
        what: "finished" as const,
        of: step(event.data.node),
        detail: event.data.outcome ? sentence(event.data.outcome) : null,
      };
    }
    case "WorkAssigned":
      return event.data.why === "rule" && !event.data.from
        ? null
        : { ...told, what: "assigned" as const, of: name(event.data.assignee) ?? "–", detail: event.data.note ?? null };
    case "StepPaused":
      return { ...told, what: "paused" as const, of: event.data.reason, detail: null };
    case "StepResumed":
      return { ...told, what: "resumed" as const, of: "", detail: null };
    case "ClockBreached":
      return {
        ...told,
        what: "breached" as const,
        of: process.document.slas[event.data.clock.policy]?.name ?? event.data.clock.policy,
        detail: null,
      };
    case "IncidentRaised":
      return { ...told, what: "stuck" as const, of: step(event.data.node), detail: event.data.text };
    default:
      return null;
  }
}
