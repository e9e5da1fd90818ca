import type { CompiledProcess } from "./graph.ts";
import type { Run } from "./model.ts";
import { type Turn, newTurn } from "./turn.ts";
import type { World } from "./world.ts";

/** A turn of nobody's command: to look at a run, or to replay it. What it emits goes nowhere. */
export const quietTurn = (process: CompiledProcess, run: Run, world: World, at: number): Turn =>
  newTurn(process, run, world, { id: "quiet", actor: { kind: "system" }, at });
