/** What became of handoffs, told by their facts, and the KPIs over them. Formulas: the catalogue's. */
import type { Process } from "@/server/engine/process.ts";
import { hourMs, type KpiFacts, type KpiFormula, type KpiHandoff, median, percentOf, within } from "./facts.ts";

/** Facts of one or several runs, each run's in the order of its log. Times: epoch ms. */
export type HandoffFact = { runId: string; seq: number } & (
  | { type: "HandoffSubmitted"; at: number; edge: string; token?: string | undefined }
  | { type: "HandoffAccepted" | "HandoffRejected"; at: number; edge: string; token: string }
  /** A completion taken back, by its place in the log: what it decided was not. */
  | { type: "WorkUndone"; undone: number }
);

/**
 * Each handoff with every time it was handed over: what was sent back is the same one when it comes again. Submissions of earlier
 * releases name no token, and nothing ever said how they were decided; they are left out.
 */
export function handoffsOf(facts: readonly HandoffFact[]): KpiHandoff[] {
  const found: KpiHandoff[] = [];
  for (const [runId, all] of grouped(facts, (fact) => fact.runId)) {
    const undone = all.flatMap((fact) => (fact.type === "WorkUndone" ? [fact] : []));
    const own: KpiHandoff[] = [];
    for (const fact of all) {
      if (fact.type === "WorkUndone" || undone.some((one) => one.undone < fact.seq && fact.seq < one.seq)) continue;
      const { edge, token, at } = fact;
      /** The one with that token, else the oldest: tokens that were joined go on as another. */
      const one = (fits: (last: KpiHandoff["passes"][number]) => boolean) => {
        const those = own.filter((known) => known.edge === edge && fits(known.passes.at(-1)!));
        return those.find((known) => known.passes.at(-1)!.token === token) ?? those[0];
      };
      switch (fact.type) {
        case "HandoffSubmitted": {
          if (token === undefined) break;
          const pass = { token, submittedAt: at, acceptedAt: null, rejectedAt: null };
          const again = one((last) => last.rejectedAt !== null);
          if (again) again.passes.push(pass);
          else own.push({ runId, edge, passes: [pass] });
          break;
        }
        case "HandoffAccepted": {
          const last = one(({ acceptedAt, rejectedAt }) => acceptedAt === null && rejectedAt === null)?.passes.at(-1);
          if (last) last.acceptedAt = at;
          break;
        }
        case "HandoffRejected": {
          const last = one(({ rejectedAt }) => rejectedAt === null)?.passes.at(-1);
          if (last) last.rejectedAt = at;
          break;
        }
        default:
          fact satisfies never;
      }
    }
    found.push(...own);
  }
  return found;
}

function grouped<T>(all: readonly T[], by: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(by(one));
    if (group) group.push(one);
    else groups.set(by(one), [one]);
  }
  return groups;
}

/** Who may receive what an edge hands over: the first people on all ways from it, rework left out. By edge. */
export function receiversOf({ nodes, edges }: Pick<Process, "nodes" | "edges">): Map<string, Set<string>> {
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const onwards = grouped(
    edges.filter(({ rework }) => !rework),
    ({ from }) => from,
  );
  return new Map(
    edges.flatMap(({ id, to, handoff }) => {
      if (!handoff) return [];
      const people = new Set<string>();
      const seen = new Set([to]);
      for (const node of seen) {
        if (kinds.get(node) === "task" || kinds.get(node) === "approval") people.add(node);
        else for (const next of onwards.get(node) ?? []) seen.add(next.to);
      }
      return [[id, people] as const];
    }),
  );
}

export const handoffFormulas: Readonly<Record<string, KpiFormula>> = {
  handoff_acceptance_rate: (facts, node) =>
    percentOf(
      facts.handoffs.filter(
        (one) =>
          receivedBy(facts, one, node) &&
          one.passes.some(({ acceptedAt, rejectedAt }) => within(facts, acceptedAt) || within(facts, rejectedAt)),
      ),
      ({ passes }) => passes.every(({ rejectedAt }) => rejectedAt === null),
    ),
  /** Each time it was handed over, to the first answer. */
  handoff_time_median: (facts, node) =>
    median(
      facts.handoffs
        .filter((one) => receivedBy(facts, one, node))
        .flatMap(({ passes }) => passes.map((pass) => [pass.submittedAt, decidedAt(pass)] as const))
        .flatMap(([from, to]) => (to !== null && within(facts, to) ? [facts.open(from, to) / hourMs] : [])),
    ),
};

const decidedAt = ({ acceptedAt, rejectedAt }: KpiHandoff["passes"][number]) => acceptedAt ?? rejectedAt;

/** Without a step: every handoff of the process. Where an edge leads to one of several people, the visit tells to whom it did. */
function receivedBy(
  { receivers, visits }: KpiFacts,
  { runId, edge, passes }: KpiHandoff,
  node: string | null,
): boolean {
  if (node === null) return true;
  const those = receivers.get(edge);
  if (those && !those.has(node)) return false;
  return (
    those?.size === 1 ||
    passes.some((pass) => {
      const until = decidedAt(pass);
      return visits.some(
        (v) =>
          v.runId === runId &&
          v.node === node &&
          v.enteredAt >= pass.submittedAt &&
          (until === null || v.enteredAt <= until),
      );
    })
  );
}
