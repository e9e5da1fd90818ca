import type { CompiledNode } from "../graph.ts";
import type { Run } from "../model.ts";
import { primary, request, type Turn } from "../turn.ts";
import { approvalOf } from "./approval-config.ts";

/**
 * The page where one approval is decided. Opening it decides nothing. `of`: the run's revision when it was asked, for after an undo
 * another request can have the same number.
 */
export const decisionPage = ({ id, rev }: Pick<Run, "id" | "rev">, work: string): string =>
  `/decide/${id}.${work}?of=${rev}`;

/** The name of the mail that asks; a workspace may write its own wording for it. */
export const askingMail = "approval_asked";

/** Tells an approver by mail too, where the step says so. */
export function askByMail(turn: Turn, node: CompiledNode, work: string, member: string): void {
  if (node.node.kind !== "approval" || approvalOf(node).mail !== true) return;
  const record = primary(turn);
  request(turn, {
    kind: "mail",
    to: member,
    template: askingMail,
    values: {
      title: record ? turn.world.model.title(record.type, record.values) : "",
      step: node.node.name || node.id,
      page: decisionPage(turn.run, work),
    },
    node: node.id,
  });
}
