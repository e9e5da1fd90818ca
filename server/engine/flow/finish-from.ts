/** Whether a run that stands somewhere can still come to its end: asked before somebody moves it by hand, or to another version. */
import { scopesOf } from "../checks/flow-graph.ts";
import type { CompiledProcess } from "../graph.ts";
import { troubleFrom } from "../checks/soundness.ts";
import { type Game, gameOf, sorted } from "../checks/token-game.ts";
import { joinKey } from "../evolve.ts";
import type { Run } from "../model.ts";

/** A token inside a node, or before a join on the edge it came by. `arrived`: no token, but an n-of-m join has had that edge's. */
export type Standing = { node: string; edge: string | null; arrived?: true };

/** `at`: where it would get stuck, or two branches `meet` that is drawn for one; `path`: the nodes left on the way there, in order. */
export type Finish = { ok: true } | { ok: false; at: string; meet: boolean; path: string[] };

/**
 * Plays every way the tokens of one scope can go, as far as the checks of a drawing would. Within the scope of `owner` only; null is
 * the run itself.
 */
export function canFinishFrom(process: CompiledProcess, owner: string | null, tokens: readonly Standing[]): Finish {
  const flow = scopesOf(process).flows.find((one) => one.owner === owner);
  if (!flow) return { ok: true };
  const game = gameOf(flow);
  const trouble = troubleFrom(game, sorted(tokens.flatMap((token) => placeOf(game, token) ?? [])));
  if (!trouble) return { ok: true };
  return {
    ok: false,
    at: trouble.node,
    meet: trouble.code === "LACK_OF_SYNCHRONISATION",
    path: trouble.game.steps.map(({ node }) => node),
  };
}

/** What the n-of-m joins of one scope have had already in the round that they went on from. */
export function arrivedIn(process: CompiledProcess, run: Pick<Run, "passed">, scope: string | null): Standing[] {
  return [...process.nodes.values()].flatMap((join) => {
    const open = run.passed[joinKey(join.id, scope)];
    if (!open) return [];
    return join.in
      .filter((edge) => !open.includes(edge.id))
      .map((edge) => ({ node: join.id, edge: edge.id, arrived: true as const }));
  });
}

function placeOf({ places, indexOf }: Game, { node, edge, arrived }: Standing): number | null {
  const index = indexOf.get(node);
  const at = places.findIndex(
    (place) =>
      place.node === index &&
      (place.kind === "node" || (place.edge === edge && (place.kind === "arrived") === !!arrived)),
  );
  return at < 0 ? null : at;
}
