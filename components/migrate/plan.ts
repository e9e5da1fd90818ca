/** What somebody has chosen on the screen, and the plan it makes. */
import type { z } from "zod";
import type { migrationPlan } from "@/server/commands/batches/migrate.ts";
import type { Caller } from "@/server/api/router.ts";

export type Versions = Awaited<ReturnType<Caller["migration"]["versions"]>>;
export type Proposed = Awaited<ReturnType<Caller["migration"]["propose"]>>;
export type Batch = Awaited<ReturnType<Caller["batches"]["list"]>>["batches"][number];
export type Between = { from: { process: string; version: number }; to: { process: string; version: number } };
export type Checked = Awaited<ReturnType<Caller["migration"]["check"]>>;
/** One version's runs, and the map they would go by. */
export type Move = { between: Between; plan: Plan };
export type Previewed = Awaited<ReturnType<Caller["migration"]["preview"]>>["runs"][number] & {
  /** The version it is on. */
  version: number;
};

/** As the server takes it. */
export type Plan = z.infer<typeof migrationPlan>;

/** By step or SLA of the source; null: it becomes nothing. */
export type Choice = {
  nodes: Readonly<Record<string, string | null>>;
  slas: Readonly<Record<string, string | null>>;
  rebase: readonly string[];
  reassign: readonly string[];
  renewForm: readonly string[];
  /** Connections and events at the edge of steps (`step.event`) that were said; the others are found. */
  edges: Readonly<Record<string, string>>;
  boundaries: Readonly<Record<string, string>>;
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
  edges: {},
  boundaries: {},
});

/** Another step for one of the source: what was said of its connections and events does not hold for that one. */
export function withStep(
  choice: Choice,
  step: string,
  to: string | null,
  { edges, boundaries }: Omit<Checked, "problems">,
): Choice {
  const without = (said: Choice["edges"], offers: Checked["edges"]) =>
    Object.fromEntries(Object.entries(said).filter(([from]) => offers.find((one) => one.from === from)?.node !== step));
  return {
    ...choice,
    nodes: { ...choice.nodes, [step]: to },
    edges: without(choice.edges, edges),
    boundaries: without(choice.boundaries, boundaries),
  };
}

const pairs = (said: Choice["edges"]) => Object.entries(said).map(([from, to]) => ({ from, to }));

export const planOf = ({ nodes, slas, rebase, reassign, renewForm, edges, boundaries }: Choice): Plan => ({
  nodes: Object.entries(nodes).flatMap(([from, to]) => (to === null ? [] : [{ from, to }])),
  slas: Object.entries(slas).map(([from, to]) => ({ from, to })),
  rebase: rebase.filter((key) => slas[key] !== null),
  reassign: [...reassign],
  renewForm: [...renewForm],
  ...(Object.keys(edges).length > 0 && { edges: pairs(edges) }),
  ...(Object.keys(boundaries).length > 0 && { boundaries: pairs(boundaries) }),
});

export const toggled = (list: readonly string[], one: string): string[] =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one];

/** At most so many runs are named one by one. */
export const mostNamed = 1000;

type Which = { runs: string[] } | { process: string; version: number } | { process: string; versions: number[] };

/** The runs of a batch: named where they are few, else all of the versions but those that were left out; null when neither can be said. */
export function chosenRuns(
  moves: readonly Pick<Move, "between">[],
  fit: readonly string[],
  chosen: ReadonlySet<string>,
): { filter: Which; except: string[] } | null {
  const named = fit.filter((id) => chosen.has(id));
  if (named.length <= mostNamed) return { filter: { runs: named }, except: [] };
  const except = fit.filter((id) => !chosen.has(id));
  const [first] = moves;
  if (except.length > mostNamed || !first) return null;
  const { process } = first.between.from;
  const versions = moves.map(({ between }) => between.from.version);
  return { filter: moves.length === 1 ? { ...first.between.from } : { process, versions }, except };
}
