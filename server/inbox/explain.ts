/** Why a run is where it is: for each token a sentence's parts, each pointing at the event it stands on. */
import type { Evaluated, StoredEvent } from "@/server/engine/events.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Plain, Run } from "@/server/engine/model.ts";

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
  /** What the decision tables of the step said, with the values of that moment. */
  decided: Decided[];
  seq: number | null;
};

/** One decision table as it was asked. `rules` are 1-based; none = no rule matched. */
export type Decided = {
  seq: number;
  table: string;
  rules: { no: number; note: string | null; cells: { input: string; value: Plain; cell: string }[] }[];
  inputs: { input: string; value: Plain }[];
  outputs: { field: string; value: Plain }[];
  error: string | null;
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
    // What was chosen before a round of a loop began says why the loop is there, not why it is at this step of it.
    const begun = events.find((e) => e.type === "ScopeOpened" && e.data.id === token.scope);
    const choice = [...events]
      .reverse()
      .find(
        (e) =>
          e.type === "TokenLeft" &&
          e.seq <= (entered?.seq ?? 0) &&
          e.seq > (begun?.seq ?? 0) &&
          (e.data.conditions?.length ?? 0) > 0,
      );
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
      missing: token.state === "held" && held?.type === "TokenHeld" ? heldBy(held.data) : [],
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
              label:
                process.document.edges
                  .flatMap((e) => (choice.data.edges.includes(e.id) && e.label ? [e.label] : []))
                  .join(", ") || null,
              conditions: choice.data.conditions ?? [],
              seq: choice.seq,
            }
          : null,
      decided: decisionsOf(process, events, token.id),
      seq: entered?.seq ?? null,
    };
  });
}

/** The tables of the step that asked any last on this token's way. */
function decisionsOf(process: CompiledProcess, events: readonly StoredEvent[], token: string): Decided[] {
  const made = events.flatMap((e) => (e.type === "DecisionMade" && e.data.token === token ? e : []));
  const last = made.at(-1);
  if (!last) return [];
  return made
    .filter((e) => e.data.node === last.data.node && e.data.visit === last.data.visit)
    .map(({ seq, data }): Decided => {
      const table = process.document.decisionTables[data.table];
      return {
        seq,
        table: table?.name ?? data.table.replaceAll("_", " "),
        rules: data.rules.map((rule) => ({
          no: rule + 1,
          note: table?.rules[rule]?.note ?? null,
          // A cell that takes anything decided nothing.
          cells: (table?.inputs ?? []).flatMap((input, i) => {
            const cell = table?.rules[rule]?.when[i]?.trim() ?? "-";
            return cell === "-" ? [] : [{ input, value: data.inputs[input] ?? null, cell }];
          }),
        })),
        inputs: Object.entries(data.inputs).map(([input, value]) => ({ input, value })),
        outputs: Object.entries(data.outputs).map(([field, value]) => ({ field, value })),
        error: data.error ?? null,
      };
    });
}

/** What keeps a token before a step: the parts of its criteria that are missing, or that the step is stopped. */
const heldBy = ({ missing, stopped }: { missing: string[]; stopped?: string }): string[] =>
  stopped === undefined ? missing : [`The step is stopped: ${stopped}`];
