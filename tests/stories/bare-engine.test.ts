/** Stories of control flow on the engine alone, in memory: fast enough for mutation testing, which leaves out what needs a database. */
import { describe, expect, it } from "vitest";
import { evolve } from "@/server/engine/evolve.ts";
import type { Run } from "@/server/engine/model.ts";
import { copyRun } from "@/server/engine/run-shape.ts";
import { openBareBench } from "../support/bare-bench.ts";
import { errorsAndMoves } from "./errors-and-moves.ts";
import { workflowPatterns } from "./workflow-patterns.ts";

describe.each([
  ["workflow pattern", workflowPatterns],
  ["errors and moves", errorsAndMoves],
])("%s on the bare engine", (_, stories) => {
  const bench = openBareBench();
  stories(async () => bench);

  it("the log rebuilds all of these", async () => {
    for (const run of bench.runs()) {
      let rebuilt: Run | null = null;
      for (const event of await bench.factsOf(run.id)) rebuilt = evolve(rebuilt && copyRun(rebuilt), event);
      expect(JSON.stringify(rebuilt)).toBe(JSON.stringify(run));
    }
  });
});
