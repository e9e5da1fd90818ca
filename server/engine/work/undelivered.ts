/** Mail, messages and calls that nobody waits for and that were given up: an incident with them in it, so that a retry sends them once more. */
import type { Outgoing } from "../events.ts";
import type { Incident, Plain } from "../model.ts";
import { emit, nextId, request, type Turn } from "../turn.ts";

export type Letter = Omit<Extract<Outgoing, { kind: "mail" }>, "kind">;

/** What an incident has in it to be sent again. */
export const outgoingOf = (incident: Incident | undefined) => incident?.mail ?? incident?.sent;

/** Also on a run that has ended: its last mail is given up a day later. No token waits for it, so none is stopped. */
export function raiseUndelivered(turn: Turn, given: Outgoing, result: Plain): void {
  const node = (given.node && turn.process.nodes.get(given.node)) || turn.process.start;
  const text = typeof result === "string" ? result : "The mail could not be sent.";
  emit(turn, "IncidentRaised", {
    id: nextId(turn, "incident"),
    token: "",
    node: node?.node.id ?? "",
    code: given.kind === "mail" ? "MAIL_FAILED" : "EFFECT_FAILED",
    text,
    ...(given.kind === "mail" ? { mail: letterOf(given) } : { sent: given }),
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

const letterOf = ({ to, template, values, node }: Extract<Outgoing, { kind: "mail" }>): Letter => ({
  to,
  template,
  values,
  ...(node && { node }),
});

/** Sends what an incident has in it again. */
export function sendAgain(turn: Turn, { id, mail, sent }: Incident): void {
  emit(turn, "IncidentResolved", { id });
  if (mail) request(turn, { kind: "mail", ...mail });
  else if (sent) request(turn, sent);
}
