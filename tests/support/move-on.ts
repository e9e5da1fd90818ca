/** A run played on one drawing and moved to another of the same process: what the stories about versions in flight need. */
import { pairsOf, proposeMap } from "@/server/engine/migrate/propose.ts";
import type { MigrationPlan, Pair } from "@/server/engine/migrate/map.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import { processSchema } from "@/server/engine/process.ts";
import type { Refusal, Run } from "@/server/engine/model.ts";
import { compileVersion } from "@/server/steps/index.ts";
import { type FlowBench, playOn } from "./flow-play.ts";
import { textGraph } from "./text-graph.ts";

type More = Parameters<typeof textGraph>[2];
export type Drawn = string | { text: string; more?: More };

export const drawn = (key: string, what: Drawn): object =>
  typeof what === "string" ? textGraph(key, what) : textGraph(key, what.text, what.more);
export const compiled = (key: string, what: Drawn, version = 1): CompiledProcess =>
  compileVersion(processSchema.parse(drawn(key, what)), version);

/** Pairs as `review>check`; without any the proposal is taken. */
export const pairs = (text: string): Pair[] =>
  text.split(/\s+/).map((pair) => {
    const [from = "", to = from] = pair.split(">");
    return { from, to };
  });

export async function playThenPublish(bench: FlowBench, key: string, first: Drawn, second: Drawn) {
  const { text, more = {} } = typeof first === "string" ? { text: first } : first;
  const run = await playOn(bench, key, text, more);
  await bench.publish(drawn(key, second));
  const proposed = pairsOf(proposeMap(compiled(key, first), compiled(key, second, 2)));
  return {
    ...run,
    /** To version 2, by the proposal where nothing is said of the steps. */
    move: (plan: Partial<MigrationPlan> = {}, to = { process: key, version: 2 }, reason = "the new steps are better") =>
      bench.send(
        { type: "migrateRun", runId: run.runId, to, plan: { nodes: proposed, ...plan }, reason },
        "linh",
      ) as Promise<{ ok: true } | Refusal>,
    back: async (before: Run) =>
      bench.send(
        {
          type: "undoMigration",
          runId: run.runId,
          before,
          reason: "it was too early",
          seen: (await bench.run(run.runId)).rev,
        },
        "linh",
      ),
    only: async <T extends string>(type: T) => (await bench.factsOf(run.runId)).filter((fact) => fact.type === type),
  };
}

/** Everything of a run but where its log stands. */
export const stateOf = (run: Run): unknown =>
  JSON.parse(JSON.stringify({ ...run, rev: 0, lastAt: 0, toldAt: undefined }, (_, value: unknown) => value));
