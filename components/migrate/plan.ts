/** What somebody has chosen on the screen, and the plan it makes. */
import type { z } from "zod";
import type { migrationPlan } from "@/server/commands/batches/migrate.ts";
import type { Caller } from "@/server/api/router.ts";

export type Versions = Awaited<ReturnType<Caller["migration"]["versions"]>>;
export type Proposed = Awaited<ReturnType<Caller["migration"]["propose"]>>;
export type Batch = Awaited<ReturnType<Caller["batches"]["list"]>>["batches"][number];
export type Between = { from: { process: string; version: number }; to: { process: string; version: number } };
export type Previewed = Awaited<ReturnType<Caller["migration"]["preview"]>>["runs"][number];

/** As the server takes it. */
export type Plan = z.infer<typeof migrationPlan>;

/** By step or SLA of the source; null: it becomes nothing. */
export type Choice = {
  nodes: Readonly<Record<string, string | null>>;
  slas: Readonly<Record<string, string | null>>;
  rebase: readonly string[];
  reassign: readonly string[];
  renewForm: readonly string[];
};

/** What of a proposal is chosen from. */
type Pairs = {
  source: readonly Pick<Proposed["source"][number], "id" | "to">[];
  slas: readonly Pick<Proposed["slas"][number], "key" | "to">[];
};

export const proposedChoice = ({ source, slas }: Pairs): Choice => ({
  nodes: Object.fromEntries(source.map(({ id, to }) => [id, to])),
  slas: Object.fromEntries(slas.map(({ key, to }) => [key, to])),
  rebase: [],
  reassign: [],
  renewForm: [],
});

export const planOf = ({ nodes, slas, rebase, reassign, renewForm }: Choice): Plan => ({
  nodes: Object.entries(nodes).flatMap(([from, to]) => (to === null ? [] : [{ from, to }])),
  slas: Object.entries(slas).map(([from, to]) => ({ from, to })),
  rebase: rebase.filter((key) => slas[key] !== null),
  reassign: [...reassign],
  renewForm: [...renewForm],
});

export const toggled = (list: readonly string[], one: string): string[] =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one];

/** At most so many runs are named one by one. */
export const mostNamed = 1000;

/** The runs of a batch: named where they are few, else all of the version but those that were left out; null when neither can be said. */
export function chosenRuns(
  between: Between,
  fit: readonly string[],
  chosen: ReadonlySet<string>,
): { filter: { runs: string[] } | { process: string; version: number }; except: string[] } | null {
  const named = fit.filter((id) => chosen.has(id));
  if (named.length <= mostNamed) return { filter: { runs: named }, except: [] };
  const except = fit.filter((id) => !chosen.has(id));
  return except.length <= mostNamed ? { filter: between.from, except } : null;
}
