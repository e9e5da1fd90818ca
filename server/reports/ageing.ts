/** How old what is open is, beside how long what was finished took (domain/reports, section 4). Pure. */
import type { Process } from "@/server/engine/process.ts";
import { inDrawingOrder, takesTime } from "./drawn-steps.ts";
import { ascending, percentile } from "./statistics.ts";

/** `days`: business days in the step, blocked ones included: until it left, or until the end of the period. */
export type Stay = { node: string; days: number };
export type AgeingStep = {
  node: string;
  open: number;
  /** Finished in the period, and their times; null under n = 5. */
  n: number;
  p50: number | null;
  p85: number | null;
  p95: number | null;
  /** Open ones that are older than 85 % of the finished. */
  old: number;
};
export type AgeingFinding = { node: string; old: number; open: number } | { node: null; open: number };
export type Ageing<S extends Stay> = {
  /** In the order of the drawing. */
  steps: AgeingStep[];
  /** The furthest on in the step first. `pace`: the share of the finished that took less time; null under n = 5. */
  stays: (S & { pace: number | null })[];
  /** The step with the most old ones; `node` is null where there are none. Null where nothing is open. */
  finding: AgeingFinding | null;
};

const few = 5;

export function ageingOf<S extends Stay>(open: readonly S[], finished: readonly Stay[], document: Process): Ageing<S> {
  const shown = open.filter(({ node }) => isShown(document, node));
  const times = new Map<string, number[]>();
  for (const { node, days } of finished) {
    const list = times.get(node);
    if (list) list.push(days);
    else times.set(node, [days]);
  }
  const held = new Set(shown.map(({ node }) => node));
  const sorted = new Map([...times].map(([node, days]) => [node, ascending(days)]));
  const stays = shown
    .map((stay) => ({ ...stay, pace: paceOf(stay.days, sorted.get(stay.node) ?? []) }))
    .sort((a, b) => (b.pace ?? -1) - (a.pace ?? -1) || b.days - a.days);
  const finishing = document.nodes.filter(
    (node) => times.has(node.id) && node.kind !== "automation" && takesTime(document, node),
  );
  const steps = inDrawingOrder(document, new Set([...held, ...finishing.map(({ id }) => id)])).map(
    (node): AgeingStep => {
      const done = sorted.get(node) ?? [];
      const at = (p: number) => (done.length < few ? null : percentile(done, p));
      const p85 = at(0.85);
      const here = stays.filter((stay) => stay.node === node);
      const old = p85 === null ? 0 : here.filter(({ days }) => days > p85).length;
      return { node, open: here.length, n: done.length, p50: at(0.5), p85, p95: at(0.95), old };
    },
  );
  return { steps, stays, finding: findingOf(steps) };
}

/** Open in a step of an earlier drawing counts too. */
function isShown(document: Process, id: string): boolean {
  const node = document.nodes.find((one) => one.id === id);
  return !node || takesTime(document, node);
}

function paceOf(days: number, done: readonly number[]): number | null {
  if (done.length < few) return null;
  const longer = done.findIndex((one) => one >= days);
  return (longer < 0 ? done.length : longer) / done.length;
}

function findingOf(steps: readonly AgeingStep[]): AgeingFinding | null {
  const open = steps.reduce((sum, step) => sum + step.open, 0);
  if (open === 0) return null;
  const [worst] = [...steps].sort((a, b) => b.old - a.old);
  return worst && worst.old > 0 ? { node: worst.node, old: worst.old, open: worst.open } : { node: null, open };
}
