/** Whom the target asks for the seats of open approvals that are to be handed out anew. */
import type { CompiledNode, CompiledProcess } from "../graph.ts";
import type { Visit } from "../model.ts";
import type { Turn } from "../turn.ts";
import { roleAsked } from "../work/approval-path.ts";
import { isLevelled } from "../work/open-approval.ts";
import { planApproval } from "../work/plan-approval.ts";
import type { MigrationMap } from "./map.ts";

export type AskThere = { ask: string; role: string; queue: string | null };

/**
 * By the work of each seat. A seat whose ask is asked there too keeps it, the others take in their order what is asked there besides;
 * what is left over stays as it is, and so does a level that the target does not have. The turn stands in the target, its run in the
 * source.
 */
export function asksThere(
  turn: Turn,
  target: CompiledProcess,
  map: MigrationMap,
  nodes: readonly string[],
): Map<string, AskThere> {
  const asks = new Map<string, AskThere>();
  for (const visit of Object.values(turn.run.visits)) {
    const node = nodes.includes(visit.node) ? target.nodes.get(map.nodes[visit.node] ?? "") : undefined;
    const open = visit.approval?.levels[visit.approval.level]?.seats;
    if (!node || !open) continue;
    const there = askedAt(turn, node, visit, visit.approval!.level);
    if (!there) continue;
    const kept = new Set(open.map(({ ask }) => ask));
    const besides = there.filter((ask) => !kept.has(ask));
    for (const seat of open) {
      const ask = there.includes(seat.ask) ? seat.ask : besides.shift();
      if (!ask || !seat.work || !turn.run.work[seat.work]) continue;
      const role = roleAsked(ask) ?? node.node.role ?? "process_owner";
      asks.set(seat.work, { ask, role, queue: target.document.roles[role]?.queue ?? null });
    }
  }
  return asks;
}

/** Undefined where there is no such level. */
function askedAt(turn: Turn, node: CompiledNode, visit: Visit, level: number): readonly string[] | undefined {
  if (!isLevelled(node)) return level === 0 ? [node.node.role ?? "process_owner"] : undefined;
  const planned = planApproval(turn, node, visit);
  return planned.ok ? planned.levels[level]?.ask : undefined;
}
