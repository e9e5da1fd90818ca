/** Whether a run that stands somewhere can still come to its end: asked before somebody moves it by hand. */
import { scopesOf } from "../checks/flow-graph.ts";
import type { CompiledProcess } from "../graph.ts";
import { everyMove } from "../checks/soundness.ts";
import { type Game, type Marking, gameOf, sorted, tokensOf } from "../checks/token-game.ts";

/** A token inside a node, or before a join on the edge it came by. */
export type Standing = { node: string; edge: string | null };

/** Markings looked at; with more parallel branches than that, nobody can say. */
const mostMarkings = 20_000;

/**
 * Plays every way the tokens of one scope can go. `at`: a node where some of them would get stuck or meet. Within the scope of
 * `owner` only; null is the run itself.
 */
export function canFinishFrom(
  process: CompiledProcess,
  owner: string | null,
  tokens: readonly Standing[],
): { ok: true } | { ok: false; at: string } {
  const flow = scopesOf(process).flows.find((one) => one.owner === owner);
  if (!flow) return { ok: true };
  const game = gameOf(flow);
  const start = sorted(tokens.flatMap((token) => placeOf(game, token) ?? []));
  const states: Marking[] = [start];
  const known = new Map([[start.join(), 0]]);
  const before: number[][] = [[]];
  const over = new Set<number>();
  for (let i = 0; i < states.length; i++) {
    if (states.length > mostMarkings) return { ok: true };
    const marking = states[i]!;
    if (tokensOf(game, marking).length === 0) over.add(i);
    for (const next of everyMove(game, marking)) {
      const twin = twinIn(game, next.marking);
      if (twin !== null) return { ok: false, at: twin };
      const key = next.marking.join();
      let at = known.get(key);
      if (at === undefined) {
        known.set(key, (at = states.length));
        states.push(next.marking);
        before.push([]);
      }
      before[at]!.push(i);
    }
  }
  for (const at of over) for (const from of before[at]!) over.add(from);
  const dead = states.findIndex((_, i) => !over.has(i));
  if (dead < 0) return { ok: true };
  const stuck = states.find((marking, i) => !over.has(i) && everyMove(game, marking).length === 0) ?? states[dead]!;
  const [token] = tokensOf(game, stuck);
  return { ok: false, at: game.nodes[game.places[token!]!.node]!.id };
}

function placeOf({ places, indexOf }: Game, { node, edge }: Standing): number | null {
  const index = indexOf.get(node);
  const at = places.findIndex((place) => place.node === index && (place.kind === "node" || place.edge === edge));
  return at < 0 ? null : at;
}

/** The node where two tokens meet that is drawn for one. */
function twinIn(game: Game, marking: Marking): string | null {
  const seen = new Set<number>();
  for (const place of marking) {
    const { node, kind } = game.places[place]!;
    if (kind !== "node") continue;
    if (seen.has(node) && !game.nodes[node]!.many) return game.nodes[node]!.id;
    seen.add(node);
  }
  return null;
}
