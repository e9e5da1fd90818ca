import type { CompiledNode } from "../graph.ts";
import type { Waiting } from "../step.ts";

/** What a token would wait for at this step; null where it would not stay. */
export function waitingAt(node: CompiledNode): Waiting | null {
  const outcome = node.definition.enter(node.node, node.config);
  return outcome.type === "wait" ? outcome.waiting : null;
}
