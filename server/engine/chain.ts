/**
 * Automations that set each other off (G10). Each change tells which steps led to it; a person, a clock or the outside world begins
 * a new chain. At 16 steps that go round in a circle, and at 100 in any case, the step stops with an incident that names them.
 */
import type { Hop } from "./events.ts";
import type { CompiledNode } from "./graph.ts";
import type { Action } from "./process.ts";
import type { Turn } from "./turn.ts";

const mostInCircle = 16;
const mostInChain = 100;

const starters = new Set<Action["verb"]>([
  "set",
  "match",
  "link",
  "create",
  "convert",
  "assign",
  "start_process",
  "emit",
]);
/** Whether this may set another automation off. */
export const setsOff = (verb: Action["verb"]): boolean => starters.has(verb);

/** Notes that this step acts now. Null, or why it must not any more. */
export function endless(
  turn: Turn,
  node: CompiledNode | null,
): { code: string; text: string; cycle: readonly Hop[] } | null {
  if (node) turn.doer = { process: turn.process.document.key, node: node.id, name: node.node.name };
  const { chain, doer } = turn;
  if (!doer || chain.length < mostInCircle) return null;
  const circle = circleOf([...chain, doer]);
  if (!circle && chain.length < mostInChain) return null;
  const cycle = circle ?? chain.slice(-3);
  const steps = cycle.map(({ name, node: id }) => `“${name || id}”`).join(" → ");
  return {
    code: "ENDLESS_CHAIN",
    text: `These steps set each other off again and again: ${steps}. Change the condition of one of them, then retry.`,
    cycle,
  };
}

/** The steps of the last round: what lies between the last one and its like before it. Null when nothing repeats. */
function circleOf(hops: readonly Hop[]): readonly Hop[] | null {
  const last = hops.at(-1)!;
  const before = hops.findLastIndex(
    ({ process, node }, i) => i < hops.length - 1 && process === last.process && node === last.node,
  );
  return before < 0 ? null : hops.slice(before + 1);
}
