/** What evolving counts: ids that were given, and how far a run has gone by itself. */
import { numberOf } from "./counted-ids.ts";
import type { Run } from "./model.ts";
import { none } from "./run-shape.ts";

/** Counted ids: the counter stands at the highest number seen. */
export function count(run: Run, kind: keyof Run["counters"], id: string): void {
  const n = numberOf(id);
  if (n > run.counters[kind]) run.counters[kind] = n;
}

/** Something outside the run is needed next: the bounds on endless loops start anew. */
export function waited(run: Run): void {
  run.automatic = 0;
  run.spins = none;
}
