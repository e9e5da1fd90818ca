/** Which records hear of a change, and which processes it may start. */
import type { CompiledProcess } from "@/server/engine/graph.ts";
import type { Values } from "@/server/engine/model.ts";
import type { RecordRules } from "@/server/engine/world.ts";
import { subjectOf } from "@/server/records/business-events.ts";

/**
 * Whom a record's events are told to, each with its own: the record itself hears of everything, and what it is about (an
 * activity's lead, a payment's invoice) hears of what was done to it.
 */
export function aboutOf(
  type: string,
  id: string,
  values: Values,
  events: readonly string[],
): { type: string; id: string; events: string[] }[] {
  const told = new Map([[id, { type, id, events: [...events] }]]);
  for (const event of events) {
    const subject = event === "record.created" ? null : subjectOf(type, id, values, event);
    if (!subject || subject.id === id) continue;
    const known = told.get(subject.id);
    if (known) known.events.push(event);
    else told.set(subject.id, { ...subject, events: [event] });
  }
  return [...told.values()];
}

/** Whether this change of a record may start a run of that process. */
export function isTriggered(
  process: CompiledProcess,
  recordType: string,
  events: readonly string[],
  created: boolean,
  model: RecordRules,
): boolean {
  const config = process.start?.config;
  if (!config) return false;
  if (config.trigger === "record_created") return created && process.document.recordType === recordType;
  if (config.trigger !== "event" || typeof config.event !== "string" || !events.includes(config.event)) return false;
  return (
    process.document.recordType === recordType ||
    model.references(process.document.recordType).some((r) => r.to === recordType)
  );
}
