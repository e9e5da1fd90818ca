/** What a run keeps of its handoffs, as its facts change it. */
import type { Event, Facts } from "./events.ts";
import type { Handoff, Work } from "./model.ts";
import { decisionOf } from "./work/approval.ts";

type HandoffFact = Extract<Event, { type: "HandoffSubmitted" | "HandoffAccepted" | "HandoffRejected" }>;

/** Facts of earlier releases name no token: nobody can say whose such a handoff is. */
export function handedOver(handoffs: readonly Handoff[] | undefined, { type, data }: HandoffFact) {
  const { edge, artefact, token } = data;
  const others = (handoffs ?? []).filter((one) => one.edge !== edge || one.token !== token);
  switch (type) {
    case "HandoffSubmitted":
      return token === undefined ? handoffs : [...others, { edge, artefact, token }];
    case "HandoffAccepted":
      return [...others, { edge, artefact, token: data.token, accepted: true as const }];
    case "HandoffRejected":
      return others.length ? others : undefined;
    default:
      return type satisfies never;
  }
}

/** Work of its receiver is done; a vote of an approval counts for it only where it says yes, and the last one tells. */
export const workedOn = (handoffs: readonly Handoff[], { token, approval }: Work, outcome: string | null): Handoff[] =>
  handoffs.map((one) => {
    if (one.token !== token) return one;
    const { edge, artefact, accepted } = one;
    const worked = !approval || decisionOf(outcome) === "approved";
    return { edge, artefact, token, ...(accepted && { accepted }), ...(worked && { worked }) };
  });

/** They go with their token: through joins, and no farther than it. */
export function followed(
  handoffs: readonly Handoff[],
  { token, merged, edges }: Pick<Facts["TokenLeft"], "token" | "merged" | "edges">,
): Handoff[] | undefined {
  const moved = handoffs.map((one) => (merged?.includes(one.token) ? { ...one, token } : one));
  const left = edges.length ? moved : moved.filter((one) => one.token !== token);
  return left.length ? left : undefined;
}
