/**
 * What a decision may know besides the run: records, people, calendars, other processes. The caller loads it; the engine
 * only reads it, but for two overlays that later commands of the same group must see: changed records and handed-out work.
 */
import type { BusinessCalendar } from "./calendar/calendar.ts";
import type { CompiledProcess } from "./graph.ts";
import type { FeelValue } from "./expression/index.ts";
import type { QueueSettings } from "./work/queue-settings.ts";
import type { Turns } from "./work/turns.ts";
import type { EngineRecord, Plain, Run, Values } from "./model.ts";

/** Records beside one, by what its derived fields call them. */
export type Beside = {
  lines?: readonly Values[];
  payments?: readonly Values[];
  activities?: readonly Values[];
  subscriptions?: readonly Values[];
  quote?: Values | null;
};

/** The rules of the record model, as the engine needs them. Provided by `server/records`. */
export type RecordRules = {
  knows(type: string): boolean;
  hasField(type: string, field: string): boolean;
  /** Fields of `from` that mean the same under another name in `to`, by that name. */
  carried(from: string, to: string): Readonly<Record<string, string>>;
  /** The record as a FEEL context: dates as dates, money as decimals. */
  toFeel(record: EngineRecord): FeelValue;
  /** The record with its counts of days as they are at that instant, not as they were written. */
  onDay(record: EngineRecord, at: number): EngineRecord;
  /** A count of days that goes on by itself, each midnight of the workspace: days past due, days to the renewal. */
  countsDays(type: string, field: string): boolean;
  /** Fields of the record that a derived field is computed from, those a person can fill in; none for any other field. */
  sources(type: string, field: string): readonly string[];
  /** A FEEL result as this field stores it; a sentence when it does not fit. */
  fromFeel(
    type: string,
    field: string,
    value: FeelValue,
    record: EngineRecord | null,
  ): { ok: true; value: Plain } | { ok: false; text: string };
  /** Null, or why this stored value does not fit the field. */
  check(type: string, field: string, value: Plain): string | null;
  /** What keeps these values from being saved: required fields, ranges, transitions. */
  problems(type: string, values: Values, before: Values | null): { field: string; text: string }[];
  /**
   * Values with every derived field computed anew. `before`: what stood there, for counters of changes; absent for a new record.
   * `beside`: the records they are computed from, as far as the caller has them.
   */
  derive(type: string, values: Values, now: number, before?: Values | null, beside?: Beside): Values;
  /** The types whose records a derived field of this type adds up, and their field that names it. */
  parts(
    type: string,
  ): readonly { type: string; field: string; as: "lines" | "payments" | "activities" | "subscriptions" }[];
  /** The records a record of this type is a part of: their type, and the field that names them. */
  wholes(type: string): readonly { type: string; field: string }[];
  defaults(type: string): Values;
  /** Values with what a new record is given unasked: the number that its type must have, made from its id. */
  numbered(type: string, id: string, values: Values): Values;
  businessEvents(type: string, before: Values | null, after: Values): string[];
  /** Fields that refer to another type. */
  references(type: string): { field: string; to: string }[];
  picklist(type: string, field: string): readonly string[] | null;
  label(type: string, field: string): string;
  title(type: string, values: Values): string;
  /** Folded text that the search looks in: title, e-mail, domain, number. */
  search(type: string, values: Values): string;
  /** Status, stage or lifecycle: what lists group by. */
  status(type: string, values: Values): string | null;
  /** The field whose values follow one another: stage, lifecycle stage, status; null for types without one. */
  stageField(type: string): string | null;
  /** Amount in base currency, for sorting. */
  amount(type: string, values: Values): number | null;
  /** Normalised keys by which records are recognised as the same (e-mail, phone, domain, name and domain). */
  matchKeys(type: string, values: Values): string[];
  /** Whether the other is surely the same record, or the account behind it. Records that share no key never are. */
  isSame(record: EngineRecord, other: EngineRecord): boolean;
  /** Converted, lost, disqualified …: no longer worked on. */
  isClosed(type: string, values: Values): boolean;
  /** Zone and country of the customer behind a record, if it says so itself. */
  place(type: string, values: Values): { zone: string | null; country: string | null };
};

export type Person = {
  id: string;
  name: string;
  zone: string;
  country: string;
  managerId: string | null;
  teamId: string | null;
  backupId: string | null;
  capacityPerDay: number | null;
  active: boolean;
  absences: { from: number; to: number }[];
  email?: string;
  /** What they can do: tags that steps ask for. */
  skills?: readonly string[];
  /** Who leads their team. */
  leadId?: string | null;
  /** Who decides on their approvals, from when (inclusive) to when. */
  delegations?: { from: number; to: number; delegate: string }[];
};

/** People and how work is handed out. `open`, `today` and `turns` are overlays: they grow as work is handed out. */
export type Directory = {
  people: ReadonlyMap<string, Person>;
  /** Members of a queue of the workspace, in order. */
  queue(key: string): readonly string[];
  /** Members who work for a process role. */
  role(key: string): readonly string[];
  /** What the workspace says of a queue, over what a process says. */
  settings(key: string): QueueSettings;
  /** Who takes what nobody else can, in order: the active admins. */
  admins: readonly string[];
  open: Map<string, number>;
  /** What was handed out on a local day of the person's, by `member` and `queue/member`. `day`: days since 1970. */
  today: Map<string, { day: number; n: number }>;
  /** Weighted round robin by queue: how many turns were given, and how many picks each member is behind (+) or ahead (-). */
  turns: Map<string, Turns>;
};

/** Loaded records by id, with the changes of this command over them. */
export type Records = {
  get(id: string): EngineRecord | undefined;
  has(id: string): boolean;
  set(id: string, record: EngineRecord): void;
  remove(id: string): void;
  values(): Iterable<EngineRecord>;
};

/** What an automation may need its publisher's right to. */
export type Right = "records.change" | "records.create" | "work.assign" | "runs.start" | "connections.use";

/** Which calendar a clock runs under, fixed at its start. */
export type CalendarRef = { key: string; revision: number; zone: string; country: string };

/** A step, or a whole process, that its operators have stopped. `clocks`: whether those of the step stand still. */
export type LineStop = { reason: string; clocks: "pause" | "go_on" };

export type World = {
  workspace: { id: string; zone: string; country: string; currency: string };
  model: RecordRules;
  /** Loaded records by id; the engine replaces changed ones. */
  records: Records;
  /** Newest record of the type that refers to `to` through one of its fields, itself created this instant included. */
  newest(type: string, to: string): EngineRecord[];
  directory: Directory;
  processOwner: string | null;
  /** Whether whoever published the version may do this to a record of that owner. Left out: nobody asks. */
  publisherMay?(right: Right, owner: Plain): boolean;
  /** Whether this person's working hours are on: their team's calendar, else the workspace's; without one they always are. */
  atWork(member: string, at: number): boolean;
  /** Who last had work of this role for the record, or for anything of the record's account, in any run. */
  heldBefore(recordId: string, role: string, within: "record" | "account"): string | null;
  /** The workspace's calendar of this key (or the process's own), in the zone and with the holidays of the subject. */
  calendar(
    process: CompiledProcess,
    key: string | undefined,
    subject: { record: EngineRecord | null; assignee: string | null },
  ): { calendar: BusinessCalendar; key: string; zone: string; ref: CalendarRef } | null;
  /** The calendar a clock was started under. */
  calendarAt(process: CompiledProcess, ref: CalendarRef): BusinessCalendar;
  /**
   * What a record's values were, oldest first, each from its instant on: for pauses that happened before a clock was attached.
   * Left out by a caller that has no log; nothing was different then.
   */
  past?(recordId: string): readonly { at: number; values: Values }[];
  /** A published version of a process, of those that a command names. */
  version?(process: string, version: number): CompiledProcess | null;
  /** The live version of a process by key. */
  live(key: string): { key: string; version: number; recordType: string } | null;
  /** Why nothing enters or leaves this step now; left out where no step of the process is stopped. */
  stopped?(node: string): LineStop | null;
  /** Whether another run or a start trigger looks at this record. */
  watched(run: Run | null, recordType: string, recordId: string, events: string[], created: boolean): boolean;
  /** Duplicate of, and account for, this record by the record model's keys, among what was loaded. */
  match(record: EngineRecord): { duplicateOf: string | null; account: string | null };
  /** A new record's id: unique, and the same again for the same command. */
  recordId(type: string, command: string, n: number): string;
};
