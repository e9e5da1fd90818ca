import { type AttributeValue, type Attributes, type EventLog, type LogEvent, eventsByCase } from "../log.ts";

/**
 * A log as XES 1.0 text, trace by trace. Times are written in UTC with milliseconds. An event that names its own start (and
 * when it was enabled) becomes its schedule, start and complete; text that is an instant is written as a date.
 */
export function* writeXes(log: EventLog): Generator<string> {
  yield head;
  for (const [caseId, events] of eventsByCase(log.events)) {
    yield "  <trace>\n";
    yield attribute("concept:name", caseId, 4);
    for (const [key, value] of Object.entries(log.cases.get(caseId) ?? {})) yield attribute(key, value, 4);
    for (const event of events) for (const single of singles(event)) yield eventText(single);
    yield "  </trace>\n";
  }
  yield "</log>\n";
}

const head = `<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/" xes.version="1.0" xes.features="">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
`;

function singles(event: LogEvent): LogEvent[] {
  const { startAt, enabledAt, ...rest } = event;
  if (startAt === undefined && enabledAt === undefined) return [event];
  const bare = { ...rest, attributes: {} };
  return [
    ...(enabledAt === undefined ? [] : [{ ...bare, at: enabledAt, lifecycle: "schedule" as const }]),
    ...(startAt === undefined ? [] : [{ ...bare, at: startAt, lifecycle: "start" as const }]),
    { ...rest, lifecycle: rest.lifecycle ?? "complete" },
  ];
}

function eventText({ activity, at, lifecycle, resource, attributes }: LogEvent): string {
  const known: Attributes = {
    "concept:name": activity,
    ...(resource !== undefined && { "org:resource": resource }),
    ...(lifecycle !== undefined && { "lifecycle:transition": lifecycle }),
  };
  const lines = [...Object.entries(known), ...Object.entries(attributes)].map(([key, value]) =>
    attribute(key, value, 6),
  );
  const time = `      <date key="time:timestamp" value="${new Date(Math.floor(at)).toISOString()}"/>\n`;
  return `    <event>\n${lines.join("")}${time}    </event>\n`;
}

function attribute(key: string, value: AttributeValue, indent: number): string {
  const name = key === "concept:name" ? "string" : elementFor(value);
  return `${" ".repeat(indent)}<${name} key="${escape(key)}" value="${escape(String(value))}"/>\n`;
}

function elementFor(value: AttributeValue): "string" | "date" | "int" | "float" | "boolean" {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(value) ? "date" : "string";
}

/** Line breaks and tabs survive in attributes only as references; what XML 1.0 cannot hold at all is replaced. */
const escape = (text: string): string => text.replace(/[&<>"]|[^\x20-\ud7ff\ue000-\ufffd]/gu, reference);

function reference(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const holds = code >= 0x20 ? code < 0xd800 || code > 0xffff : code === 0x09 || code === 0x0a || code === 0x0d;
  return holds ? `&#${code};` : "\ufffd";
}
