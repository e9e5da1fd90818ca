/**
 * A handoff is decided by what its receiver does (glossary): accepted when they begin the work, or approve; rejected by the next
 * rework edge back to the sender's role. Work that is done without having been begun is accepted as it goes on, unless it goes back.
 */
import { announce } from "../clocks/clocks.ts";
import type { CompiledEdge, CompiledNode, CompiledProcess } from "../graph.ts";
import type { Handoff, Work } from "../model.ts";
import { type Turn, emit, nodeOf } from "../turn.ts";

/** Whoever begins the work has taken over what was handed to them; an approval is not given by beginning it. */
export function begun(turn: Turn, { token, approval }: Work): void {
  if (!turn.run.handoffs || approval) return;
  for (const handoff of turn.run.handoffs) if (handoff.token === token && !handoff.accepted) accept(turn, handoff);
}

/** A token leaves by these edges: back to the sender, on, or to where that is still decided. */
export function goneOn(turn: Turn, token: string, edges: readonly CompiledEdge[]): void {
  for (const handoff of turn.run.handoffs ?? []) {
    if (handoff.token !== token) continue;
    const back = edges.find((edge) => edge.rework && leadsBack(turn.process, handoff.edge, edge));
    if (back) reject(turn, handoff, back.id);
    else if (handoff.worked && !handoff.accepted && edges.every((edge) => decidesNothing(nodeOf(turn, edge.to))))
      accept(turn, handoff);
  }
}

function accept(turn: Turn, { edge, artefact, token }: Handoff): void {
  emit(turn, "HandoffAccepted", { edge, artefact, token, ...byOf(turn) });
  announce(turn, "handoff.accepted");
}

function reject(turn: Turn, { edge, artefact, token }: Handoff, back: string): void {
  emit(turn, "HandoffRejected", { edge, artefact, token, back, ...byOf(turn), ...turn.said });
  announce(turn, "handoff.rejected");
}

const byOf = ({ actor }: Turn) => (actor.kind === "member" ? { by: actor.id } : {});

/** What comes behind a gateway may still be the way back. */
const decidesNothing = ({ isStep, node }: CompiledNode): boolean => isStep || node.kind === "end";

const known = new WeakMap<CompiledProcess, Map<string, boolean>>();

/** Whether a rework edge leads to who handed over by this one: to a person of that role, or to the very step. */
function leadsBack(process: CompiledProcess, handoff: string, back: CompiledEdge): boolean {
  let answers = known.get(process);
  if (!answers) known.set(process, (answers = new Map()));
  const key = `${handoff} ${back.id}`;
  let answer = answers.get(key);
  if (answer === undefined) answers.set(key, (answer = workOut(process, handoff, back)));
  return answer;
}

function workOut({ nodes, document }: CompiledProcess, handoff: string, back: CompiledEdge): boolean {
  const from = document.edges.find(({ id }) => id === handoff)?.from;
  if (from === undefined) return false;
  const senders = nearest(nodes, from, (node) => node.in.flatMap((edge) => (edge.rework ? [] : edge.from)));
  const takers = nearest(nodes, back.to, (node) => node.out.flatMap((edge) => (edge.rework ? [] : edge.to)));
  return senders.size === 0 ? back.to === from : [...takers].some((who) => senders.has(who));
}

/** Roles of the first people on all ways from there; a step without a role stands for itself. */
function nearest(
  nodes: CompiledProcess["nodes"],
  start: string,
  next: (node: CompiledNode) => readonly string[],
): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const waiting = [start];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const node = nodes.get(id);
    if (!node || seen.has(id)) continue;
    seen.add(id);
    if (node.isHuman) found.add(node.node.role ?? id);
    else waiting.push(...next(node));
  }
  return found;
}
