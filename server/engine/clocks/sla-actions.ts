/**
 * What a clock does when it warns or breaches. An action that fails holds nobody up, as no step waits for it; it is an incident with the
 * action in it, so that somebody learns of it and can have it done after all.
 */
import { act, type Done, type Place } from "../actions.ts";
import { type Incident, type Refusal, refuse } from "../model.ts";
import type { Action } from "../process.ts";
import { emit, nextId, request, type Turn } from "../turn.ts";

export function actOfClock(turn: Turn, clock: string, action: Action, place: Place): void {
  const result = act(turn, action, place);
  if (!result.done && !result.waits) fail(turn, clock, action, place, result);
}

type Failed = Extract<Done, { waits: false }>;
function fail(turn: Turn, clock: string, action: Action, place: Place, { code, text, cycle }: Failed): void {
  const node = place.node ?? turn.process.start;
  emit(turn, "IncidentRaised", {
    id: nextId(turn, "incident"),
    token: "",
    node: node?.node.id ?? "",
    code,
    text,
    sla: { clock, action },
    ...(cycle && { cycle }),
  });
  if (turn.world.processOwner)
    request(turn, {
      kind: "notice",
      to: turn.world.processOwner,
      title: node?.node.name ?? turn.process.document.name,
      text,
      urgency: "breach",
      link: `/records/${turn.run.recordId}`,
    });
}

/** The action once more, at the step as it stands now; or without it, also when the run has ended. */
export function retryOfClock(
  turn: Turn,
  { id, node: at, sla }: Incident & { sla: NonNullable<Incident["sla"]> },
  how: "action" | "step" | "run" | "skip",
  reason: string | undefined,
): Refusal | null {
  switch (how) {
    case "skip":
      emit(turn, "IncidentResolved", { id, how, reason: reason ?? "" });
      return null;
    case "action": {
      emit(turn, "IncidentResolved", { id });
      const visit = Object.values(turn.run.visits).find((one) => one.node === at) ?? null;
      const item = visit && Object.values(turn.run.work).find((one) => one.visit === visit.id);
      actOfClock(turn, sla.clock, sla.action, {
        token: visit?.token ?? null,
        node: turn.process.nodes.get(at) ?? null,
        visit,
        assignee: item?.assignee ?? visit?.assignee ?? null,
        work: item?.id,
      });
      return null;
    }
    case "step":
    case "run":
      return refuse(
        "INVALID",
        "No step stands still here: a clock's action failed. Nothing was changed; try it again or skip it.",
      );
    default:
      return how satisfies never;
  }
}
