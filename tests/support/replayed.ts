/** The clocks of a bench computed anew from what it would have stored. */
import { mapRecords } from "@/server/commands/load-world.ts";
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { RunClock } from "@/server/engine/model.ts";
import { replayClocks } from "@/server/engine/clocks/replay-clocks.ts";
import type { ClockBench } from "./clock-bench.ts";

export function replayed(bench: ClockBench, process: CompiledProcess = bench.process): RunClock[] {
  const records = mapRecords(new Map());
  const versions = ({ version }: { version: number }) => bench.versions[version - 1] ?? null;
  return replayClocks({
    process,
    versions,
    events: bench.log,
    world: bench.world(records),
    records,
    until: bench.now(),
  });
}
