/**
 * The process document: what ops draw, one JSON value, lossless as YAML.
 *
 * It is data only. What it means is decided in `graph.ts` (checks, compiled form), `decide.ts` (how a run moves) and the
 * step kinds in `server/steps`. Names in it (roles, queues, calendars) are bound to the workspace's objects of the same key.
 */
import { z } from "zod";
import { gateSchema } from "./work/gate-schema.ts";

/** An identifier inside a process: letters, digits, `_`, at most 64, starts with a letter. */
export const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/i, "letters, digits and _ only, starting with a letter, at most 64");
/** FEEL text. Whether it parses and fits the record type is a matter of `graph.ts`, so that a draft may hold a broken one. */
export const feel = z.string().max(4096);
const durationText = z.string().min(1).max(32);
const label = z.string().max(200);

export const stepKinds = [
  "start",
  "task",
  "approval",
  "decision",
  "parallel",
  "inclusive",
  "join",
  "wait",
  "automation",
  "for_each",
  "subprocess",
  "end",
] as const;
export type StepKindId = (typeof stepKinds)[number];

/** "assignee", "owner" (of the record), "process_owner", or the key of a role of this process. */
export const recipient = z.string().min(1).max(64);

/**
 * How often a call is tried before it is an incident: the usual ladder (at once, 5 s, 5 min, 30 min … 10 h) unless said otherwise.
 * `first`: the wait after the first try, doubled from then on. `final`: statuses after which no further try is made.
 */
export const retrySchema = z.strictObject({
  tries: z.number().int().min(1).max(20).optional(),
  first: durationText.optional(),
  final: z.array(z.number().int().min(100).max(599)).max(50).optional(),
});
/** What an answer is written to: field → FEEL over `answer.status` and `answer.body`. */
const answerMap = z.record(z.string().max(130), feel);

/** One thing the system does. `when` is FEEL; a false or null condition skips the action. */
export const actionSchema = z.discriminatedUnion("verb", [
  z.strictObject({
    verb: z.literal("set"),
    field: z.string(),
    value: feel,
    when: feel.optional(),
    ifEmpty: z.boolean().optional(),
    until: feel.optional(),
  }),
  z.strictObject({
    verb: z.literal("create"),
    type: identifier,
    from: identifier.optional(),
    with: z.record(z.string(), feel).optional(),
    into: z.string().max(130).optional(),
    when: feel.optional(),
  }),
  z.strictObject({ verb: z.literal("match"), type: identifier, when: feel.optional() }),
  z.strictObject({
    verb: z.literal("assign"),
    field: z.string().optional(),
    queue: identifier.optional(),
    role: identifier.optional(),
    when: feel.optional(),
  }),
  z.strictObject({
    verb: z.literal("notify"),
    to: recipient,
    text: z.string().max(2000).optional(),
    byHand: z.boolean().optional(),
    when: feel.optional(),
  }),
  z.strictObject({
    verb: z.literal("send_template"),
    template: identifier,
    to: recipient.optional(),
    when: feel.optional(),
  }),
  z.strictObject({
    verb: z.literal("connector"),
    connector: identifier,
    operation: z.string().max(200).optional(),
    map: answerMap.optional(),
    retry: retrySchema.optional(),
    when: feel.optional(),
  }),
  z.strictObject({
    verb: z.literal("http"),
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    /** A path of the connection, or a whole address; `{…}` holds an expression. */
    url: z.string().max(2048),
    /** Whom it goes to; without one, the connection of that host. */
    connection: identifier.optional(),
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/), z.string().max(1000)).optional(),
    body: feel.optional(),
    /** The field that the whole answer goes to. */
    result: z.string().optional(),
    map: answerMap.optional(),
    /** Statuses that mean it was done; 200 to 299 when left out. */
    expect: z.array(z.number().int().min(100).max(599)).max(50).optional(),
    retry: retrySchema.optional(),
    when: feel.optional(),
  }),
  z.strictObject({
    verb: z.literal("chat"),
    connection: identifier,
    /** What is written, with expressions in `{…}`. */
    text: z.string().min(1).max(2000),
    retry: retrySchema.optional(),
    when: feel.optional(),
  }),
  /** Lets a reference point to a record that this run knows; `to` empty takes the reference away. */
  z.strictObject({
    verb: z.literal("link"),
    field: z.string().max(130),
    to: identifier.optional(),
    when: feel.optional(),
  }),
  /** A lead becomes an account (the matched one, if there is one), a contact and, unless said otherwise, an opportunity. */
  z.strictObject({ verb: z.literal("convert"), withoutOpportunity: z.boolean().optional(), when: feel.optional() }),
  z.strictObject({
    verb: z.literal("start_process"),
    process: identifier,
    after: durationText.optional(),
    when: feel.optional(),
  }),
  z.strictObject({ verb: z.literal("emit"), event: z.string().max(80), when: feel.optional() }),
  z.strictObject({ verb: z.literal("lock"), object: identifier, when: feel.optional() }),
  z.strictObject({ verb: z.literal("unlock"), object: identifier, when: feel.optional() }),
  z.strictObject({
    verb: z.literal("escalate"),
    to: recipient,
    text: z.string().max(2000).optional(),
    when: feel.optional(),
  }),
  z.strictObject({ verb: z.literal("reassign"), role: identifier.optional(), when: feel.optional() }),
  z.strictObject({ verb: z.literal("log"), text: z.string().max(2000), when: feel.optional() }),
  /** Stops the step with an error of this code: the nearest error boundary takes it, else it is an incident. */
  z.strictObject({
    verb: z.literal("throw"),
    code: identifier,
    text: z.string().max(2000).optional(),
    when: feel.optional(),
  }),
  /** Does what completed steps left to be done to take them back, the last first; `node`: of that step only. */
  z.strictObject({ verb: z.literal("compensate"), node: identifier.optional(), when: feel.optional() }),
]);
export type Action = z.infer<typeof actionSchema>;

export const formFieldSchema = z.strictObject({
  /** `object.field` of the record model or `run.variable`. */
  field: z.string().min(1).max(130),
  required: z.boolean().optional(),
  requiredWhen: feel.optional(),
  readOnly: z.boolean().optional(),
  help: z.string().max(500).optional(),
});
export const formSchema = z.strictObject({ title: label, fields: z.array(formFieldSchema).max(100) });
export type Form = z.infer<typeof formSchema>;

/** A rule's answer for one output: a plain value, or FEEL that is worked out when the rule counts. */
const outputCell = z.union([z.string().max(4096), z.number(), z.boolean(), z.null(), z.strictObject({ feel })]);
export type OutputCell = z.infer<typeof outputCell>;

export const decisionTableSchema = z.strictObject({
  name: label.optional(),
  hitPolicy: z.enum(["first", "unique", "any", "priority", "collect", "rule_order", "output_order"]),
  /** Of `collect`: what is made of the outputs; without it they are a list. */
  aggregator: z.enum(["sum", "min", "max", "count"]).optional(),
  note: z.string().max(2000).optional(),
  inputs: z.array(feel).max(30),
  /** What each input may hold, as a cell (`"new", "won"`, `[0..100]`); empty = anything. */
  inputValues: z.array(z.string().max(4096)).max(30).optional(),
  outputs: z.array(z.string().max(130)).min(1).max(30),
  /** What each output may be (`"high", "low"`), the most important first; empty = anything. */
  outputValues: z.array(z.string().max(4096)).max(30).optional(),
  /** Outputs when no rule matches. */
  defaults: z.array(outputCell).max(30).optional(),
  rules: z
    .array(
      z.strictObject({
        when: z.array(z.string().max(4096)),
        then: z.array(outputCell),
        note: z.string().max(500).optional(),
      }),
    )
    .max(2000),
});
export type DecisionTableDefinition = z.infer<typeof decisionTableSchema>;

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const interval = z.strictObject({ from: z.string(), to: z.string() });
const ruleName = z.string().max(80).optional();
/** `observed`: where it is kept when it falls on a weekend. `nearest`: Saturday → Friday, Sunday → Monday; `monday`: both → Monday. */
const observed = z.enum(["nearest", "monday"]).optional();
export const holidayRuleSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("date"),
    month: z.number().int().min(1).max(12),
    day: z.number().int().min(1).max(31),
    observed,
    name: ruleName,
  }),
  z.strictObject({
    kind: z.literal("weekday"),
    month: z.number().int().min(1).max(12),
    weekday: z.enum(weekdays),
    /** 1 = the first of the month, -1 = the last. */
    nth: z.number().int().min(-5).max(5),
    name: ruleName,
  }),
  z.strictObject({ kind: z.literal("easter"), days: z.number().int().min(-100).max(100), name: ruleName }),
]);
export type HolidayRule = z.infer<typeof holidayRuleSchema>;
export const calendarSchema = z.strictObject({
  name: label.optional(),
  /** IANA zone, or whose zone counts: the record's, the assignee's, the team's; empty means the workspace's. */
  zone: z.string().max(64),
  week: z.strictObject(
    Object.fromEntries(weekdays.map((d) => [d, z.array(interval).max(12)])) as Record<
      (typeof weekdays)[number],
      z.ZodArray<typeof interval>
    >,
  ),
  /** "none", "by_country" (of the zone rule's subject) or an ISO country code. */
  holidays: z.string().max(40).default("none"),
  /** Holidays of one's own that come every year: a date, the n-th weekday of a month (-1 the last), so many days after Easter. */
  holidayRules: z.array(holidayRuleSchema).max(100).optional(),
  /** Days of one's own without hours, beside the holidays: local dates. */
  closed: z
    .array(z.strictObject({ date: z.iso.date(), name: z.string().max(80).optional() }))
    .max(2000)
    .optional(),
  /** Dates with hours of their own: they replace the week's and override a holiday. No intervals: closed. */
  special: z
    .array(
      z.strictObject({ date: z.iso.date(), hours: z.array(interval).max(12), name: z.string().max(80).optional() }),
    )
    .max(400)
    .optional(),
});
export type ProcessCalendar = z.infer<typeof calendarSchema>;

/** Whether two calendars open and close alike, whatever they are called and why they are closed. */
export function sameHours(one: ProcessCalendar, other: ProcessCalendar): boolean {
  const said = ({ zone, week, holidays, holidayRules = [], closed = [], special = [] }: ProcessCalendar) =>
    JSON.stringify([
      zone,
      holidays,
      weekdays.map((day) => week[day].map(({ from, to }) => [from, to])),
      closed.map(({ date }) => date).sort(),
      holidayRules.map((rule) => ({ ...rule, name: undefined })),
      special.map(({ date, hours }) => [date, hours.map(({ from, to }) => [from, to])]).sort(),
    ]);
  return said(one) === said(other);
}

/** `PT8H`/`8h` = calendar time, `P1D`/`1bd` = business days in a calendar, a relative target, or a date field. */
const targetText = z.string().min(1).max(130);
const eventName = z.string().max(80);
export const rungSchema = z.strictObject({
  /** `150%` of the target, `1h left` before it is due, `2h late` after. */
  at: z.string().min(2).max(32),
  do: z.array(actionSchema).max(20).default([]),
});
export type LadderRung = z.infer<typeof rungSchema>;

/**
 * A promise about time: six conditions (start, stop, pause, resume, reset, cancel), each a public event, a FEEL condition or both.
 * A start needs both of what is given; of the others either is enough. What they mean: semantics, section 1.
 */
export const slaSchema = z.strictObject({
  name: label,
  target: targetText,
  /** Tried in order; the first whose condition holds gives the target, else `target` does. */
  targets: z
    .array(z.strictObject({ when: feel, target: targetText, calendar: identifier.optional() }))
    .max(50)
    .optional(),
  /** When another target fits: elapsed is kept (the default) or starts anew. */
  goalSwitch: z.enum(["keep", "restart"]).optional(),
  calendar: identifier.optional(),
  starts: eventName.default("step.entered"),
  /** The step whose event it is: with it and `stopStep` a clock runs between two points. */
  startStep: identifier.optional(),
  /** Starts when this comes to hold; unlike `appliesWhen` the clock then counts from that instant. */
  startWhen: feel.optional(),
  /** Counts from this date instead, also when it lies before the start. */
  startFrom: feel.optional(),
  stops: eventName.default("step.completed"),
  stopStep: identifier.optional(),
  stopWhen: feel.optional(),
  appliesWhen: feel.optional(),
  pauses: eventName.optional(),
  pauseWhen: feel.optional(),
  /** Goes on as soon as the pause condition no longer holds (the default), or only when the resume condition matches. */
  resume: z.enum(["pause_no_longer_holds", "resume_matches"]).optional(),
  resumes: eventName.optional(),
  resumeWhen: feel.optional(),
  /** Pauses that happened between `startFrom` and the moment it was attached count too. */
  retroPause: z.boolean().optional(),
  resets: eventName.optional(),
  resetWhen: feel.optional(),
  resetBeforeStop: z.boolean().optional(),
  cancel: z.enum(["start_no_longer_holds", "cancel_matches", "never"]).optional(),
  cancels: eventName.optional(),
  cancelWhen: feel.optional(),
  /** Started anew after it was stopped, it begins its next cycle; else it runs once. */
  reopens: z.boolean().optional(),
  /** Percent of the target from which it is shown as at risk; 80 when left out. */
  riskAt: z.number().int().min(1).max(99).optional(),
  warnAt: z.array(z.number().int().min(1).max(99)).max(10).default([]),
  onWarn: z.array(actionSchema).max(20).default([]),
  onBreach: z.array(actionSchema).max(20).default([]),
  /** Further rungs with what is done at each, also after the breach. */
  ladder: z.array(rungSchema).max(20).optional(),
  /** Already late when it is attached: the ladder is run (the default), or the breach is only recorded. */
  lateAttach: z.enum(["fire", "suppress"]).optional(),
  /** Take the step's `late` port (interrupting) at breach. */
  escalate: z.boolean().optional(),
});
export type Sla = z.infer<typeof slaSchema>;

export const kpiSchema = z.strictObject({
  /** Key of the KPI catalogue. */
  kpi: identifier,
  node: identifier.optional(),
  target: z.number().optional(),
});
export type ProcessKpi = z.infer<typeof kpiSchema>;

export const variableSchema = z.strictObject({
  type: z.enum(["text", "long_text", "integer", "decimal", "percent", "boolean", "date", "datetime", "picklist"]),
  values: z.array(z.string().max(80)).max(200).optional(),
  default: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
  label: label.optional(),
});
export type Variable = z.infer<typeof variableSchema>;

export const checklistItemSchema = z.strictObject({
  id: identifier,
  text: z.string().max(500),
  byHand: z.boolean().optional(),
});
/** What may happen at a step while it is open. `id` is also the name of the port that its edge leaves. */
export const boundarySchema = z.discriminatedUnion("kind", [
  z.strictObject({
    id: identifier,
    kind: z.literal("timer"),
    after: durationText,
    calendar: identifier.optional(),
    interrupting: z.boolean().default(true),
    /** A non-interrupting timer may come again after the same time. */
    repeat: z.boolean().optional(),
  }),
  /** An error of this code, of any without one; it always interrupts. */
  z.strictObject({ id: identifier, kind: z.literal("error"), code: identifier.optional() }),
  z.strictObject({
    id: identifier,
    kind: z.literal("message"),
    event: z.string().min(1).max(80),
    /** FEEL, looked at when the step begins: only a message with this key is meant. */
    correlate: feel.optional(),
    interrupting: z.boolean().default(true),
  }),
  z.strictObject({
    id: identifier,
    kind: z.literal("record_changed"),
    /** FEEL: happens when it becomes true; without one, at any change that others make. */
    when: feel.optional(),
    interrupting: z.boolean().default(true),
  }),
]);
export type Boundary = z.infer<typeof boundarySchema>;
export type BoundaryTimer = Extract<Boundary, { kind: "timer" }>;

export const queueStrategies = [
  "round_robin",
  "least_loaded",
  "record_owner",
  "pull",
  "named",
  "manager",
  "territory",
  "expression",
] as const;
export type QueueStrategy = (typeof queueStrategies)[number];

/**
 * Whose record it is. A rule counts when the field holds one of the values and the condition is true, as far as either is given.
 * `to`: a person's id or e-mail, the key of a queue, or the key of a role.
 */
export const territorySchema = z.strictObject({
  name: label.optional(),
  /** `object.field`; values are compared without regard to case and space around. */
  field: z.string().min(1).max(130).optional(),
  values: z.array(z.string().max(120)).max(500).optional(),
  when: feel.optional(),
  to: z.string().max(200),
});
export type Territory = z.infer<typeof territorySchema>;

/** How a queue picks, beside its strategy: what a process says of it, and what the workspace may say instead. */
export const routingShape = {
  /** Of `manager`: "owner" (of the record), "worker" (who did the last step), or the field of a person. */
  managerOf: z.string().min(1).max(130).optional(),
  /** Of `territory`: the first rule that counts. */
  territories: z.array(territorySchema).max(500).optional(),
  /** Of `expression`: FEEL that gives a person's id or e-mail, the key of a queue, or the key of a role. */
  who: feel.optional(),
  /**
   * Who comes first: who worked for the role in this run (the default), who last had this record or anything of its account
   * in any run, or nobody. But for "off" the record's owner comes next, when in the pool.
   */
  sticky: z.enum(["run", "record", "account", "off"]).optional(),
  /** Working hours of the person's team, else of the workspace: no matter (the default), who is at work first, or only they. */
  hours: z.enum(["ignore", "prefer", "only"]).optional(),
};

const position = z.strictObject({ x: z.number().int(), y: z.number().int() });

export const nodeSchema = z.strictObject({
  id: identifier,
  kind: z.enum(stepKinds),
  name: label,
  position: position.optional(),
  group: identifier.optional(),
  /** The for-each or inline sub-process this node is part of. */
  in: identifier.optional(),
  /** Several tokens may come here one after the other, each for itself (multi-merge); else that is an error. */
  multiMerge: z.boolean().optional(),
  note: z.string().max(4000).optional(),
  /** What only this kind has; its shape is the kind's `config` schema in `server/steps`. */
  config: z.record(z.string(), z.unknown()).default({}),
  // What every activity (task, approval, automation, wait, subprocess) may have:
  role: identifier.optional(),
  /** What a person must be able to do to be given this: all of these tags. */
  skills: z.array(z.string().min(1).max(60)).max(20).optional(),
  form: identifier.optional(),
  playbook: z.string().max(32_000).optional(),
  checklist: z.array(checklistItemSchema).max(50).optional(),
  slas: z.array(identifier).max(10).optional(),
  entryCriteria: feel.optional(),
  /** What has to be there before it begins and before it is finished, and who may move past it. */
  gate: gateSchema.optional(),
  skipWhen: feel.optional(),
  decisionTables: z.array(identifier).max(20).optional(),
  actions: z.array(actionSchema).max(50).optional(),
  onComplete: z.array(actionSchema).max(50).optional(),
  boundary: z.array(boundarySchema).max(10).optional(),
  /** What takes this step back after it was completed, when a later step compensates. */
  compensate: z.array(actionSchema).max(20).optional(),
  /** How often its calls are tried, where an action does not say. */
  retry: retrySchema.optional(),
});
export type ProcessNode = z.infer<typeof nodeSchema>;

export const edgeSchema = z.strictObject({
  id: identifier,
  from: identifier,
  /** The named exit of `from`; `done` when left out. A decision's edges need none: they are tried in order. */
  port: identifier.optional(),
  to: identifier,
  when: feel.optional(),
  /** The edge taken when no other condition holds. */
  otherwise: z.boolean().optional(),
  label: label.optional(),
  rework: z.boolean().optional(),
  /** How often a run may take this rework edge; once more is an incident. */
  cap: z.number().int().min(1).max(1000).optional(),
  /** Name of the artefact that changes hands. */
  handoff: label.optional(),
});
export type ProcessEdge = z.infer<typeof edgeSchema>;

const named = <T extends z.ZodType>(schema: T) => z.record(identifier, schema).default({});

export const processSchema = z.strictObject({
  schema: z.literal("millrace-process/1").default("millrace-process/1"),
  key: identifier,
  name: label.min(1),
  summary: z.string().max(2000).default(""),
  recordType: identifier,
  /**
   * Name → how the other object is found: `quote.opportunity_id`, or the newest of a type that refers to the record (or to
   * `of`, another related name), else one that refers to `through`. `where` is FEEL over the found record.
   */
  related: z
    .record(
      identifier,
      z.strictObject({
        path: z.string().max(130).optional(),
        newest: identifier.optional(),
        of: identifier.optional(),
        through: identifier.optional(),
        where: feel.optional(),
        note: z.string().max(300).optional(),
      }),
    )
    .default({}),
  valueAtRisk: feel.optional(),
  runPolicy: z.enum(["one_active_per_record", "many"]).default("one_active_per_record"),
  /** Whether a record whose run has ended may come in again: always, never, or after this time. */
  reentry: z.union([z.enum(["always", "never"]), z.strictObject({ after: durationText })]).optional(),
  idleLimit: durationText.optional(),
  /** How long a message that came early waits for a step to take it; seven days when left out. */
  keepMessages: durationText.optional(),
  roles: named(z.strictObject({ name: label, queue: identifier.optional(), fallback: identifier.optional() })),
  queues: named(
    z.strictObject({
      name: label.optional(),
      role: identifier,
      strategy: z.enum(queueStrategies),
      ownerField: z.string().optional(),
      /** What one person is planned to do in a day: least loaded measures open work against it. */
      capacityPerDay: z.number().int().positive().optional(),
      ...routingShape,
      /** Of `territory`: a decision table of the process whose first output says who, before the rules. */
      territoryTable: identifier.optional(),
    }),
  ),
  calendars: named(calendarSchema),
  variables: named(variableSchema),
  forms: named(formSchema),
  decisionTables: named(decisionTableSchema),
  slas: named(slaSchema),
  kpis: z.array(kpiSchema).max(100).default([]),
  groups: z
    .array(z.strictObject({ id: identifier, name: label }))
    .max(50)
    .default([]),
  nodes: z.array(nodeSchema).max(1000),
  edges: z.array(edgeSchema).max(3000),
});
export type Process = z.infer<typeof processSchema>;

/** Where the record comes from or when the run starts: the `config` of a start node. */
export const startConfig = z.strictObject({
  trigger: z.enum(["manual", "form", "record_created", "event", "schedule", "import"]).default("manual"),
  /** Public event name for `event`. */
  event: z.string().max(80).optional(),
  /** FEEL guard over the record. */
  when: feel.optional(),
  /** Local time of day in the workspace's zone for `schedule`. */
  at: z
    .string()
    .regex(/^\d\d:\d\d$/)
    .optional(),
});

/** Kinds where time passes or work happens: SLAs, KPIs and plays attach to them, and each stay is a step visit. */
export const isStep = (kind: StepKindId) =>
  kind === "task" ||
  kind === "approval" ||
  kind === "automation" ||
  kind === "wait" ||
  kind === "for_each" ||
  kind === "subprocess";
/** Kinds whose work is done by a person. */
export const isHuman = (kind: StepKindId) => kind === "task" || kind === "approval";
