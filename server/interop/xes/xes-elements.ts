import { type SaxesParser, type SaxesTagPlain } from "saxes";
import { type Clock, readInstant } from "../instant.ts";
import {
  type AttributeValue,
  type EventLog,
  type LogEvent,
  ProblemList,
  createInterner,
  lifecycleOf,
  noAttributes,
} from "../log.ts";
import { type Problem, reservedNames } from "../problem.ts";
import { type XmlGuard } from "./guard-xml.ts";

type Values = Map<string, AttributeValue>;
export type XesReader = {
  log: EventLog;
  found: ProblemList;
  notices: Problem[];
  rows(): number;
  sawLog(): boolean;
};

/**
 * Follows the elements of an XES log. An attribute inside another stands under `outer.inner`; the log's own attributes,
 * extensions and defaults are not events and are passed over. `activity` falls back to the log's first classifier.
 */
export function createXesReader(
  parser: SaxesParser,
  guard: XmlGuard,
  options: { clock: Clock; activity?: readonly string[]; rows: number },
): XesReader {
  const log: EventLog = { events: [], cases: new Map() };
  const found = new ProblemList();
  const notices: Problem[] = [];
  const intern = createInterner();
  const path: string[] = [];
  const keys: string[] = [];
  let rows = 0;
  let traces = 0;
  let seen = false;
  let classifier: string[] | undefined;
  let trace: Trace | undefined;
  let event: { values: Values; line: number } | undefined;
  let repeatTold = false;

  const enter = (tag: SaxesTagPlain) => {
    guard.entered(tag.name, tag.attributes);
    if (guard.stopped()) return;
    const name = localName(tag.name);
    const parent = path.at(-1);
    path.push(name);
    if (path.length === 1) {
      seen = name === "log";
      if (!seen) guard.stop("not_xes", `The file begins with <${name.slice(0, 40)}>, so it is not an event log.`);
    } else if (name === "trace" && parent === "log") {
      traces += 1;
      trace = { values: new Map(), waiting: [], line: parser.line };
    } else if (name === "event") {
      rows += 1;
      event = { values: new Map(), line: parser.line };
      if (rows > options.rows)
        guard.stop("too_many_rows", `The log has more than ${options.rows.toLocaleString("en")} events.`);
    } else if (name === "classifier" && tag.attributes.scope !== "trace")
      classifier ??= classifierKeys(tag.attributes.keys ?? "");
    else readAttribute(name, tag.attributes);
  };
  const readAttribute = (type: string, { key, value }: Record<string, string>) => {
    const target = event?.values ?? trace?.values;
    if (key === undefined || target === undefined) return;
    const full = [...keys, key].join(".");
    keys.push(key);
    if (value === undefined || reservedNames.has(full)) return;
    target.set(intern(full), valueOf(type, value, intern));
  };
  const leave = (tag: SaxesTagPlain) => {
    guard.left();
    if (guard.stopped()) return;
    const name = path.pop();
    if (name === "event" && event) {
      if (trace) trace.waiting.push(event);
      else
        found.add({
          code: "case_missing",
          text: `Line ${event.line}: the event stands outside any trace. It was left out.`,
          row: event.line,
        });
      event = undefined;
    } else if (name === "trace" && trace) {
      endTrace(trace);
      trace = undefined;
    } else if (tag.attributes.key !== undefined && (event ?? trace)) keys.pop();
  };
  const endTrace = (ended: Trace) => {
    const id = ended.values.get("concept:name");
    const caseId = id === undefined ? `case ${traces}` : String(id);
    if (id === undefined)
      found.add({
        code: "case_missing",
        text: `Line ${ended.line}: the trace has no name; it is called “${caseId}” here.`,
        row: ended.line,
      });
    if (log.cases.has(caseId)) {
      if (!repeatTold)
        notices.push({
          code: "case_repeated",
          text: `Several traces are called “${caseId}”; traces of one name were taken as one case.`,
          row: ended.line,
        });
      repeatTold = true;
    } else log.cases.set(caseId, plain(ended.values, caseAttributes));
    for (const { values, line } of ended.waiting) {
      const made = eventOf(caseId, values, line);
      if ("code" in made) found.add(made);
      else log.events.push(made);
    }
  };
  const eventOf = (caseId: string, values: Values, line: number): LogEvent | Problem => {
    const activity = activityOf(values, options.activity, classifier);
    if (activity === undefined)
      return { code: "activity_missing", text: `Line ${line}: the event has no activity. It was left out.`, row: line };
    const time = String(values.get("time:timestamp") ?? "").trim();
    const reading = time === "" ? undefined : readInstant(time, "dmy", options.clock);
    if (!reading) {
      return time === ""
        ? { code: "time_missing", text: `Line ${line}: the event has no time. It was left out.`, row: line }
        : {
            code: "time_unreadable",
            text: `Line ${line}: “${time.slice(0, 60)}” is not a time. The event was left out.`,
            row: line,
            value: time,
          };
    }
    const made: LogEvent = {
      caseId,
      activity: intern(activity),
      at: reading.at,
      attributes: plain(values, eventAttributes),
    };
    const lifecycle = String(values.get("lifecycle:transition") ?? "").trim();
    if (lifecycle !== "") made.lifecycle = lifecycleOf(lifecycle);
    const resource = String(values.get("org:resource") ?? "").trim();
    if (resource !== "") made.resource = intern(resource);
    return made;
  };
  parser.on("opentag", enter);
  parser.on("closetag", leave);
  return { log, found, notices, rows: () => rows, sawLog: () => seen };
}

type Trace = { values: Values; waiting: { values: Values; line: number }[]; line: number };

const caseAttributes: ReadonlySet<string> = new Set(["concept:name"]);
const eventAttributes: ReadonlySet<string> = new Set([
  "concept:name",
  "time:timestamp",
  "lifecycle:transition",
  "org:resource",
]);

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

/** Keys are parted by spaces; a key that has spaces itself stands in single quotes. */
const classifierKeys = (text: string): string[] =>
  [...text.matchAll(/'([^']+)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? "");

function valueOf(type: string, value: string, intern: (text: string) => string): AttributeValue {
  const numeric = (type === "int" || type === "float") && value.trim() !== "" ? Number(value) : Number.NaN;
  // A whole number past 2^53 would change its digits as a number, so it stays text.
  if (Number.isFinite(numeric) && (type === "float" || Number.isSafeInteger(numeric))) return numeric;
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  return intern(value);
}

function activityOf(
  values: Values,
  wanted: readonly string[] | undefined,
  classifier: readonly string[] | undefined,
): string | undefined {
  const join = (from: readonly string[]): string | undefined => {
    const parts = from.map((key) => String(values.get(key) ?? "").trim());
    return parts.length > 0 && parts.every((part) => part !== "") ? parts.join("+") : undefined;
  };
  if (wanted) return join(wanted);
  return join(["concept:name"]) ?? (classifier && join(classifier));
}

function plain(values: Values, without: ReadonlySet<string>): Readonly<Record<string, AttributeValue>> {
  const record: Record<string, AttributeValue> = {};
  let any = false;
  for (const [key, value] of values) {
    if (without.has(key)) continue;
    record[key] = value;
    any = true;
  }
  return any ? record : noAttributes;
}
