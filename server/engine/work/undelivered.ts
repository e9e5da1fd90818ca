/** Mail that was given up: an incident on the run, with the letter in it, so that a retry can send it once more. */
import type { Effect } from "../events.ts";
import type { Incident, Plain } from "../model.ts";
import { emit, nextId, request, type Turn } from "../turn.ts";

export type Letter = Omit<Extract<Effect, { kind: "mail" }>, "kind">;

/** Also on a run that has ended: its last mail is given up a day later. No token waits for it, so none is stopped. */
export function raiseUndelivered(turn: Turn, mail: Letter, result: Plain): void {
  const node = (mail.node && turn.process.nodes.get(mail.node)) || turn.process.start;
  const text = typeof result === "string" ? result : "The mail could not be sent.";
  emit(turn, "IncidentRaised", {
    id: nextId(turn, "incident"),
    token: "",
    node: node?.node.id ?? "",
    code: "MAIL_FAILED",
    text,
    mail,
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

/** Sends the letter of an incident again; true when it has one. */
export function sendAgain(turn: Turn, incident: Incident): boolean {
  if (!incident.mail) return false;
  emit(turn, "IncidentResolved", { id: incident.id });
  request(turn, { kind: "mail", ...incident.mail });
  return true;
}
