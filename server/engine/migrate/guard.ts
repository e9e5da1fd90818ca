/** Whether every token of a run could still reach an end once it stands in the target, and every join be satisfied. */
import { arrivedIn, canFinishFrom, type Finish, type Standing } from "../flow/finish-from.ts";
import type { CompiledProcess } from "../graph.ts";
import type { Run } from "../model.ts";
import type { MigrationMap } from "./map.ts";

/** `from`: the step of the source in whose scope it happens. */
export type Stuck = { at: string; meet: boolean; path: string[]; from: string };

/** Runs of a batch stand in the same few places: each is played once. */
const known = new WeakMap<CompiledProcess, Map<string, Finish>>();

/** Null when it can always finish. Each scope is played by itself: the process, and each round of what runs inside a step. */
export function stuckAfter(
  source: CompiledProcess,
  target: CompiledProcess,
  run: Run,
  map: MigrationMap,
): Stuck | null {
  const scopes = new Map<string | null, { from: string; owner: string | null; tokens: Standing[] }>();
  for (const { node, edge, scope = null, alone } of Object.values(run.tokens)) {
    if (alone) continue;
    const around = scope ? (run.scopes[scope]?.node ?? null) : null;
    const place = scopes.get(scope) ?? { from: node, owner: around && (map.nodes[around] ?? null), tokens: [] };
    const to = map.nodes[node]!;
    place.tokens.push({ node: to, edge: edge === null ? null : (map.edges[edge] ?? null) });
    scopes.set(scope, place);
  }
  for (const [scope, { tokens }] of scopes)
    for (const { node, edge } of arrivedIn(source, run, scope)) {
      const to = map.nodes[node];
      const now = edge === null ? undefined : map.edges[edge];
      if (to && now) tokens.push({ node: to, edge: now, arrived: true });
    }
  for (const { from, owner, tokens } of scopes.values()) {
    const finish = playedOnce(target, owner, tokens);
    if (!finish.ok) return { at: finish.at, meet: finish.meet, path: finish.path, from };
  }
  return null;
}

function playedOnce(target: CompiledProcess, owner: string | null, tokens: readonly Standing[]): Finish {
  let played = known.get(target);
  if (!played) known.set(target, (played = new Map()));
  const places = tokens.map(
    ({ node, edge, arrived }) => `${node}/${isJoin(target, node) ? edge : ""}/${arrived ?? ""}`,
  );
  const key = `${owner ?? ""}|${places.sort().join()}`;
  let finish = played.get(key);
  if (!finish) played.set(key, (finish = canFinishFrom(target, owner, tokens)));
  return finish;
}

const isJoin = (process: CompiledProcess, id: string) => process.nodes.get(id)?.node.kind === "join";
