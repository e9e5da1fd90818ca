/** The engine's compiler and checker with the product's step kinds. */
import { compileProcess } from "@/server/engine/graph.ts";
import { scopesOf } from "@/server/engine/checks/flow-graph.ts";
import { type CheckContext, checkProcess } from "@/server/engine/checks/problems.ts";
import type { Process } from "@/server/engine/process.ts";
import { type Frame, type Step, replay } from "@/server/engine/checks/token-game.ts";
import { steps } from "./registry.ts";

export { steps };

/** A process document compiled with the product's step kinds. */
export const compileVersion = (document: Process, version: number) => compileProcess(document, version, steps);

/** What is wrong with a drawn process, checked with the product's step kinds. */
export const checkDraft = (document: Process, context?: CheckContext) => checkProcess(document, steps, context);

/** The pictures of a game of a drawn process, one before each step and one at the end; null when it cannot be played. */
export function playGame(document: Process, steps: readonly Step[]): Frame[] | null {
  const { flows } = scopesOf(compileVersion(document, 0));
  const flow = flows.find(({ nodes, start }) =>
    steps[0] ? nodes.has(steps[0].node) && steps[0].node === start : true,
  );
  return flow ? replay(flow, steps) : null;
}
