/** Why a run is where it is: for each token a sentence's parts, each pointing at the event it stands on. */
import type { Evaluated, StoredEvent } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Run } from "@/server/engine/model.ts";

export type Where = {
  token: string;
  node: string;
  name: string;
  state: "held" | "working" | "waiting" | "failed" | "joining";
  since: number;
  /** Who has it, what it waits for, or what is missing. */
  assignee: string | null;
  events: string[];
  until: number | null;
  missing: string[];
  /** Why somebody blocked it, or which time limit holds it still; null when it goes on. */
  blocked: { by: "member" | "clock"; reason: string; since: number } | null;
  incident: { id: string; code: string; text: string } | null;
  /** The branch that led here, with the values of that moment. */
  because: { name: string; label: string | null; conditions: Evaluated[]; seq: number } | null;
  seq: number | null;
};

export function explainRun(
  process: CompiledProcess,
  run: Run,
  events: readonly StoredEvent[],
  name: (member: string | null | undefined) => string | null,
): Where[] {
  return Object.values(run.tokens).map((token) => {
    const node = process.nodes.get(token.node);
    const entered = [...events]
      .reverse()
      .find(
        (e) =>
          (e.type === "TokenEntered" || e.type === "TokenHeld") &&
          e.data.token === token.id &&
          e.data.node === token.node,
      );
    const held = [...events].reverse().find((e) => e.type === "TokenHeld" && e.data.token === token.id);
    const choice = [...events]
      .reverse()
      .find((e) => e.type === "TokenLeft" && e.seq <= (entered?.seq ?? 0) && (e.data.conditions?.length ?? 0) > 0);
    const item = Object.values(run.work).find((w) => w.token === token.id);
    const incident = Object.values(run.incidents).find((i) => i.token === token.id);
    const visit = token.visit ? run.visits[token.visit] : undefined;
    const timers = Object.values(run.timers).filter((t) => t.token === token.id && !t.name.startsWith("boundary:"));
    return {
      token: token.id,
      node: token.node,
      name: node?.node.name ?? token.node,
      state:
        token.state === "failed"
          ? "failed"
          : token.state === "held"
            ? "held"
            : node?.node.kind === "join"
              ? "joining"
              : item
                ? "working"
                : "waiting",
      since: token.since,
      assignee: name(item?.assignee),
      events: token.events ?? [],
      until: timers.length ? Math.min(...timers.map((t) => t.due)) : null,
      missing: token.state === "held" && held?.type === "TokenHeld" ? held.data.missing : [],
      blocked:
        visit?.pausedAt !== undefined
          ? {
              by: visit.pausedBy ?? "member",
              reason: item?.blockedReason ?? visit.pauseReason ?? "",
              since: visit.pausedAt,
            }
          : null,
      incident: incident ? { id: incident.id, code: incident.code, text: incident.text } : null,
      because:
        choice?.type === "TokenLeft"
          ? {
              name: process.nodes.get(choice.data.node)?.node.name ?? choice.data.node,
              label: process.document.edges.find((e) => e.id === choice.data.edges[0])?.label ?? null,
              conditions: choice.data.conditions ?? [],
              seq: choice.seq,
            }
          : null,
      seq: entered?.seq ?? null,
    };
  });
}
