/** Which business events a change of a record means. Names are the ones processes wait for. */
import type { Plain, Values } from "@/server/engine/model.ts";
import { isOutboundTouch, isReply } from "./derive/activities.ts";

/** A field that becomes a value, and what has then happened. */
type Becoming = { type: string; field: string; values: readonly string[]; event: string };

const becomings: readonly Becoming[] = [
  { type: "order", field: "status", values: ["activated"], event: "order.activated" },
  { type: "quote", field: "status", values: ["accepted"], event: "quote.accepted" },
  { type: "quote", field: "status", values: ["in_approval"], event: "quote.submitted" },
  { type: "contract", field: "status", values: ["signed"], event: "contract.signed" },
  { type: "invoice", field: "status", values: ["issued"], event: "invoice.issued" },
  { type: "invoice", field: "status", values: ["overdue"], event: "invoice.overdue" },
  { type: "lead", field: "meeting_status", values: ["held", "no_show", "cancelled"], event: "meeting.concluded" },
  { type: "payment", field: "status", values: ["succeeded"], event: "payment.received" },
];

/**
 * Events of a record that changed from `before` (null: it is new) to `after`. An activity is logged once, so only a new one
 * tells of a reply or a touch; whether a touch is the first since the run started is for the one who knows the run.
 */
export function businessEvents(type: string, before: Values | null, after: Values): string[] {
  const became = becomings
    .filter(
      (rule) =>
        rule.type === type &&
        rule.values.includes(textOf(after[rule.field])) &&
        after[rule.field] !== before?.[rule.field],
    )
    .map(({ event }) => event);
  return type === "activity" ? [...became, ...activityEvents(before, after)] : became;
}

function activityEvents(before: Values | null, after: Values): string[] {
  const logged = before === null ? ["activity.logged"] : [];
  const replied = isReply(after) && !(before && isReply(before)) ? ["reply.received"] : [];
  const touched =
    before === null && isOutboundTouch(after) && after.is_first_touch !== false ? ["activity.first_touch"] : [];
  return [...logged, ...replied, ...touched];
}

const textOf = (value: Plain | undefined): string => (typeof value === "string" ? value : "");

/**
 * The record an event is told to: the one it happened to, or the one it is about (a payment's invoice, the record an activity
 * was logged on). Null when it is about none.
 */
export function subjectOf(
  type: string,
  id: string,
  values: Values,
  event: string,
): { type: string; id: string } | null {
  if (event === "payment.received")
    return typeof values.invoice_id === "string" ? { type: "invoice", id: values.invoice_id } : null;
  if (type !== "activity") return { type, id };
  const { related_type: on, related_id: onId } = values;
  return typeof on === "string" && typeof onId === "string" ? { type: on, id: onId } : null;
}

/** Every event that follows from a record, for pickers. The rest come from outside or from processes. */
export const recordEvents: readonly string[] = [
  ...new Set(becomings.map(({ event }) => event)),
  "reply.received",
  "activity.first_touch",
  "activity.logged",
];
export const outsideEvents: readonly string[] = [
  "billing.trigger",
  "product.activated",
  "invoice.delivery_confirmed",
  "golive.reached",
  "reminder.sent",
];
