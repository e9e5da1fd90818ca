import { type Clock, type DateOrder, dateOrderOf, readInstant } from "../instant.ts";
import {
  type AttributeValue,
  type Attributes,
  type EventLog,
  type LogEvent,
  type LogProgress,
  type LogResult,
  ProblemList,
  createInterner,
  lifecycleOf,
  noAttributes,
} from "../log.ts";
import { type Problem, type Refused, refuse } from "../problem.ts";
import { type FileBytes } from "../unpack.ts";
import { type LogColumns, detectLogColumns } from "./log-columns.ts";
import { type CsvFile, type CsvOptions, type CsvRow, readCsv } from "./read-csv.ts";

export type LogCsvOptions = CsvOptions & {
  clock?: Clock;
  dateOrder?: DateOrder;
  onProgress?: LogProgress;
};

/**
 * Reads a table of events as a log; columns not named are found by their names. A row without case, activity or a readable
 * time is left out and told. Columns called `case:…` say something of the case (its first value stands), other columns of
 * the event; empty cells say nothing.
 */
export async function readLogCsv(
  source: FileBytes,
  columns: Partial<LogColumns> = {},
  options: LogCsvOptions = {},
): Promise<LogResult> {
  const file = await readCsv(source, options);
  if (!file.ok) return file;
  const chosen = chooseColumns(file, columns);
  if (!chosen.ok) return chosen;

  const log: EventLog = { events: [], cases: new Map() };
  const found = new ProblemList();
  const notices = [...file.notices];
  let rows = 0;
  let builder: RowBuilder | undefined;
  for await (const piece of file.pieces) {
    if (piece.type === "refused") return { ok: false, problem: piece.problem };
    rows += piece.rows.length + piece.problems.length;
    notices.push(...piece.notices);
    for (const problem of piece.problems) found.add(problem);
    if (piece.rows.length > 0) builder ??= createRowBuilder(file.columns, chosen.columns, piece.rows, options, notices);
    for (const row of piece.rows) {
      const problem = builder?.add(row, log);
      if (problem) found.add(problem);
    }
    options.onProgress?.({ bytesRead: piece.bytesRead, events: log.events.length });
  }
  if (log.events.length === 0) return noEvents(found.problems[0]);
  if (builder?.unzoned()) notices.push(unzonedNotice);
  return { ok: true, log, rows, problems: found.problems, problemCounts: found.counts, notices };
}

function chooseColumns(file: CsvFile, wanted: Partial<LogColumns>): { ok: true; columns: LogColumns } | Refused {
  for (const column of Object.values(wanted)) {
    if (column !== undefined && !file.columns.includes(column)) {
      return refuse("column_missing", `The file has no column “${column}”. It has: ${file.columns.join(", ")}.`, {
        column,
      });
    }
  }
  const taken = new Set(Object.values(wanted));
  const chosen = { ...detectLogColumns(file.columns.filter((column) => !taken.has(column))), ...wanted };
  const { case: caseColumn, activity, time } = chosen;
  if (caseColumn !== undefined && activity !== undefined && time !== undefined) {
    return { ok: true, columns: { ...chosen, case: caseColumn, activity, time } };
  }
  const missing = [caseColumn ?? "case", activity ?? "activity", time ?? "time"].filter(
    (_, i) => [caseColumn, activity, time][i] === undefined,
  );
  return refuse(
    "column_missing",
    `It is not clear which column holds the ${missing.join(" and the ")}. Choose among: ${file.columns.join(", ")}.`,
  );
}

type RowBuilder = { add(row: CsvRow, log: EventLog): Problem | undefined; unzoned(): boolean };

function createRowBuilder(
  columns: string[],
  roles: LogColumns,
  sample: CsvRow[],
  options: LogCsvOptions,
  notices: Problem[],
): RowBuilder {
  const place = (column: string | undefined) => (column === undefined ? -1 : columns.indexOf(column));
  const at = {
    case: place(roles.case),
    activity: place(roles.activity),
    time: place(roles.time),
    start: place(roles.start),
    enabled: place(roles.enabled),
    resource: place(roles.resource),
    lifecycle: place(roles.lifecycle),
  };
  const used = new Set(Object.values(at));
  const rest = columns.map((name, index) => ({ name, index })).filter(({ index }) => !used.has(index));
  const ofCase = rest
    .filter(({ name }) => name.startsWith("case:"))
    .map(({ name, index }) => ({ name: name.slice(5), index }));
  const ofEvent = rest.filter(({ name }) => !name.startsWith("case:"));
  const intern = createInterner();
  const order = dateOrder(
    options,
    sample.map((row) => row.values[at.time] ?? ""),
    notices,
  );
  let sawUnzoned = false;

  const instant = (row: CsvRow, index: number): number | undefined => {
    const text = index < 0 ? "" : (row.values[index] ?? "").trim();
    const reading = text === "" ? undefined : readInstant(text, order, options.clock);
    if (reading && !reading.zoned) sawUnzoned = true;
    return reading?.at;
  };
  const add = (row: CsvRow, log: EventLog): Problem | undefined => {
    const caseId = intern((row.values[at.case] ?? "").trim());
    const activity = intern((row.values[at.activity] ?? "").trim());
    if (caseId === "") return missing("case_missing", row, roles.case, "no case");
    if (activity === "") return missing("activity_missing", row, roles.activity, "no activity");
    const time = instant(row, at.time);
    if (time === undefined) return timeProblem(row, roles.time, row.values[at.time] ?? "");
    const event: LogEvent = { caseId, activity, at: time, attributes: attributesOf(ofEvent, row, intern) };
    const startAt = instant(row, at.start);
    if (startAt !== undefined) event.startAt = startAt;
    else if ((row.values[at.start] ?? "").trim() !== "")
      return timeProblem(row, roles.start ?? "", row.values[at.start] ?? "");
    const enabledAt = instant(row, at.enabled);
    if (enabledAt !== undefined) event.enabledAt = enabledAt;
    const lifecycle = (row.values[at.lifecycle] ?? "").trim();
    if (lifecycle !== "") event.lifecycle = lifecycleOf(lifecycle);
    const resource = (row.values[at.resource] ?? "").trim();
    if (resource !== "") event.resource = intern(resource);
    log.events.push(event);
    if (!log.cases.has(caseId)) log.cases.set(caseId, attributesOf(ofCase, row, intern));
    return undefined;
  };
  return { add, unzoned: () => sawUnzoned };
}

function attributesOf(
  from: { name: string; index: number }[],
  row: CsvRow,
  intern: (text: string) => string,
): Attributes {
  if (from.length === 0) return noAttributes;
  const attributes: Record<string, AttributeValue> = {};
  for (const { name, index } of from) {
    const text = row.values[index] ?? "";
    if (text !== "") attributes[name] = intern(text);
  }
  return attributes;
}

function dateOrder(options: LogCsvOptions, sample: string[], notices: Problem[]): DateOrder | undefined {
  const seen = options.dateOrder ? undefined : dateOrderOf(sample);
  if (seen && !seen.certain) {
    notices.push({
      code: "time_order_assumed",
      text: "The dates do not show whether day or month comes first; they were read day first. Choose month first and import again if that is wrong.",
    });
  }
  return options.dateOrder ?? seen?.order;
}

const missing = (code: "case_missing" | "activity_missing", row: CsvRow, column: string, what: string): Problem => ({
  code,
  text: `Row ${row.row} has ${what}. It was left out.`,
  row: row.row,
  column,
});

const timeProblem = ({ row }: CsvRow, column: string, value: string): Problem =>
  value.trim() === ""
    ? { code: "time_missing", text: `Row ${row} has no time. It was left out.`, row, column }
    : {
        code: "time_unreadable",
        text: `Row ${row}: “${value.slice(0, 60)}” is not a time. It was left out.`,
        row,
        column,
        value,
      };

const unzonedNotice: Problem = {
  code: "time_without_zone",
  text: "Times without an offset were read as UTC.",
};

const noEvents = (first: Problem | undefined): Refused =>
  refuse(
    "no_events",
    `No row could be read as an event, so nothing was imported.${first ? ` The first one: ${first.text}` : ""}`,
  );
