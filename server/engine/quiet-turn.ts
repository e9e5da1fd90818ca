import type { CompiledProcess } from "./graph.ts";
import type { Run } from "./model.ts";
import type { Turn } from "./turn.ts";
import type { World } from "./world.ts";

/** A turn of nobody's command: to look at a run, or to replay it. What it emits goes nowhere. */
export const quietTurn = (process: CompiledProcess, run: Run, world: World, at: number): Turn => ({
  process,
  run,
  world,
  command: { id: "quiet", actor: { kind: "system" } },
  now: at,
  instant: at,
  actor: { kind: "system" },
  events: [],
  watch: null,
  touched: new Map(),
  emitted: new Set(),
  created: 0,
  tokensGiven: 0,
  scope: null,
  beside: null,
  ended: null,
  dirty: false,
});
