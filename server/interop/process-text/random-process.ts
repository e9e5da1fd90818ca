/** Processes nobody would draw, for the tests: every key of the document, texts that YAML could mistake for something else. */
import fc from "fast-check";
import { type Process, processSchema, stepKinds } from "@/server/engine/process.ts";
import { reservedNames } from "../problem.ts";

const awkward = [
  "",
  " ",
  "null",
  "~",
  "true",
  "no",
  "0",
  "1e3",
  "0x1F",
  "08:30",
  "2026-01-02",
  "- a",
  "a: b",
  "# c",
  "'",
  '"',
  "{x}",
  "[y]",
  "&z",
  "*z",
  "!t",
  "%d",
  "|",
  ">",
  "?",
  "---",
  "...",
  "a\nb",
  "a\n\n  b \n",
  "\n",
  " lead",
  "trail ",
  "tab\there",
  "a\r\nb",
  "x\u0085y",
  "\ufeffz",
  "\u2028",
  "\ud800",
  "\u0000",
  "Đơn hàng 🚀",
  "a \"b\" and 'c'",
  "x".repeat(300),
];
const text = (max: number) =>
  fc.oneof(fc.constantFrom(...awkward), fc.string(), fc.string({ unit: "binary" })).map((value) => value.slice(0, max));
const name = fc
  .oneof(
    fc.constantFrom("true", "null", "no", "y", "Yes", "start", "with", "config"),
    fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/),
  )
  .filter((value) => !reservedNames.has(value));
const feel = fc.oneof(
  fc.constantFrom('lead.priority in ("hot", "warm")', "run.count + 1", 'today() + duration("P1D")', "1", "true", "-"),
  text(200),
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });
const flag = maybe(fc.boolean());
const named = <T>(value: fc.Arbitrary<T>) => fc.dictionary(name, value, { maxKeys: 3 });
const list = <T>(value: fc.Arbitrary<T>, maxLength = 3) => fc.array(value, { maxLength });
const plain = fc.oneof(
  text(80),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
  fc.boolean(),
  fc.constant(null),
);
const recipient = fc.oneof(fc.constantFrom("assignee", "process_owner"), name);
const duration = fc.constantFrom("PT8H", "2bd", "P1D", "30");

const action = fc.oneof(
  fc.record({
    verb: fc.constant("set" as const),
    field: text(60),
    value: feel,
    when: maybe(feel),
    ifEmpty: flag,
    until: maybe(feel),
  }),
  fc.record({
    verb: fc.constant("create" as const),
    type: name,
    from: maybe(name),
    with: maybe(
      fc.dictionary(
        fc.oneof(name, text(20)).filter((k) => !reservedNames.has(k)),
        feel,
        { maxKeys: 3 },
      ),
    ),
    into: maybe(text(40)),
    when: maybe(feel),
  }),
  fc.record({
    verb: fc.constant("notify" as const),
    to: recipient,
    text: maybe(text(200)),
    byHand: flag,
    when: maybe(feel),
  }),
  fc.record({
    verb: fc.constant("http" as const),
    method: fc.constantFrom("GET", "POST"),
    url: text(100),
    body: maybe(feel),
    result: maybe(text(40)),
  }),
  fc.record({ verb: fc.constant("start_process" as const), process: name, after: maybe(duration), when: maybe(feel) }),
  fc.record({ verb: fc.constant("log" as const), text: text(200), when: maybe(feel) }),
  fc.record({ verb: fc.constant("throw" as const), code: name, text: maybe(text(60)), when: maybe(feel) }),
  fc.record({ verb: fc.constant("compensate" as const), node: maybe(name), when: maybe(feel) }),
);
const form = fc.record({
  title: text(60),
  fields: list(
    fc.record({
      field: text(60).filter((v) => v !== ""),
      required: flag,
      requiredWhen: maybe(feel),
      readOnly: flag,
      help: maybe(text(60)),
    }),
  ),
});
const intervals = list(fc.record({ from: text(5), to: text(5) }), 2);
const calendar = fc.record({
  name: maybe(text(40)),
  zone: text(40),
  week: fc.record({
    mon: intervals,
    tue: intervals,
    wed: intervals,
    thu: intervals,
    fri: intervals,
    sat: intervals,
    sun: intervals,
  }),
  holidays: text(40),
  closed: maybe(
    list(fc.record({ date: fc.constantFrom("2026-12-24", "2026-02-28", "2028-02-29"), name: maybe(text(40)) }), 2),
  ),
  holidayRules: maybe(
    list(
      fc.oneof(
        fc.record({
          kind: fc.constant("date" as const),
          month: fc.integer({ min: 1, max: 12 }),
          day: fc.integer({ min: 1, max: 31 }),
          observed: maybe(fc.constantFrom("nearest" as const, "monday" as const)),
          name: maybe(text(40)),
        }),
        fc.record({
          kind: fc.constant("weekday" as const),
          month: fc.integer({ min: 1, max: 12 }),
          weekday: fc.constantFrom("mon" as const, "sun" as const),
          nth: fc.integer({ min: -5, max: 5 }),
        }),
        fc.record({ kind: fc.constant("easter" as const), days: fc.integer({ min: -100, max: 100 }) }),
      ),
      2,
    ),
  ),
  special: maybe(list(fc.record({ date: fc.constant("2026-12-24"), hours: intervals, name: maybe(text(40)) }), 2)),
});
const sla = fc.record({
  name: text(60),
  target: duration,
  calendar: maybe(name),
  targets: maybe(list(fc.record({ when: feel, target: duration, calendar: maybe(name) }), 2)),
  goalSwitch: maybe(fc.constantFrom("keep" as const, "restart" as const)),
  starts: text(40),
  startStep: maybe(name),
  startWhen: maybe(feel),
  startFrom: maybe(feel),
  stops: text(40),
  stopStep: maybe(name),
  stopWhen: maybe(feel),
  appliesWhen: maybe(feel),
  pauses: maybe(text(40)),
  pauseWhen: maybe(feel),
  resume: maybe(fc.constantFrom("pause_no_longer_holds" as const, "resume_matches" as const)),
  resumes: maybe(text(40)),
  resumeWhen: maybe(feel),
  retroPause: flag,
  resets: maybe(text(40)),
  resetWhen: maybe(feel),
  resetBeforeStop: flag,
  cancel: maybe(fc.constantFrom("start_no_longer_holds" as const, "cancel_matches" as const, "never" as const)),
  cancels: maybe(text(40)),
  cancelWhen: maybe(feel),
  reopens: flag,
  riskAt: maybe(fc.integer({ min: 1, max: 99 })),
  ladder: maybe(list(fc.record({ at: fc.constantFrom("150%", "1h left", "2h late"), do: list(action, 2) }), 2)),
  lateAttach: maybe(fc.constantFrom("fire" as const, "suppress" as const)),
  warnAt: list(fc.integer({ min: 1, max: 99 })),
  onWarn: list(action, 2),
  onBreach: list(action, 2),
  escalate: flag,
});
const asked = fc.constantFrom("manager", "*directors", "@mem_1");
const level = fc.record({
  name: text(40),
  ask: fc.array(asked, { minLength: 1, maxLength: 3 }),
  needs: fc.constantFrom("all", "any", "majority", 2),
});
const requirement = fc.oneof(
  fc.record({ kind: fc.constant("field" as const), field: fc.constant("lead.phone"), text: maybe(text(60)) }),
  fc.record({ kind: fc.constant("condition" as const), when: feel }),
  fc.record({
    kind: fc.constant("note" as const),
    field: fc.constant("run.why"),
    atLeast: fc.integer({ min: 1, max: 99 }),
  }),
  fc.record({ kind: fc.constant("record" as const), record: name, where: maybe(feel) }),
  fc.record({ kind: fc.constant("checklist" as const), item: maybe(name), outcomes: maybe(list(text(20))) }),
);
const configs: Record<(typeof stepKinds)[number], fc.Arbitrary<Record<string, unknown>>> = {
  start: fc.record({ trigger: fc.constantFrom("manual", "event"), event: text(40), when: feel }),
  task: fc.record({ outcomes: list(fc.record({ id: name, label: text(40) })), outcomeField: text(40) }),
  approval: fc.record({
    selfApproval: fc.constantFrom("forbid", "allow"),
    decisionField: text(40),
    exits: fc.constantFrom("done", "decision"),
    levels: list(level),
    matrix: name,
    whenNobody: level,
    comment: fc.subarray(["approved", "rejected", "returned"]),
    reasons: list(text(40)),
    mail: fc.boolean(),
    timeout: fc.record({ after: duration, do: fc.constantFrom("remind", "escalate", "reject"), to: asked }),
    withdraw: fc.constantFrom("returned", "withdrawn", "cancel", "forbid"),
  }),
  decision: fc.constant({}),
  parallel: fc.constant({}),
  inclusive: fc.constant({}),
  join: fc.oneof(
    fc.record({ mode: fc.constantFrom("all", "taken") }),
    fc.record({ mode: fc.constant("n_of_m"), count: fc.integer({ min: 2, max: 9 }), cancelRest: fc.boolean() }),
  ),
  for_each: fc.record({
    over: fc.constant("list"),
    list: feel,
    as: name,
    mode: fc.constantFrom("sequential", "parallel"),
    completeWhen: feel,
    rest: fc.constant("cancel"),
    output: fc.dictionary(name, feel, { maxKeys: 2 }),
  }),
  wait: fc.record({
    for: fc.constantFrom("duration", "event", "first"),
    branches: list(fc.record({ id: name, for: fc.constant("event"), event: text(40), correlate: feel }), 2),
    correlate: feel,
    transient: fc.boolean(),
    output: fc.dictionary(name, feel, { maxKeys: 2 }),
    duration,
    until: feel,
    event: text(40),
    timeout: duration,
    calendar: name,
  }),
  automation: fc.constant({}),
  subprocess: fc.record({
    process: name,
    record: fc.constantFrom("same", "related"),
    inline: fc.boolean(),
    version: fc.integer({ min: 1, max: 99 }),
    input: fc.dictionary(name, feel, { maxKeys: 2 }),
    output: fc.dictionary(name, feel, { maxKeys: 2 }),
  }),
  end: fc.record({
    outcome: fc.constantFrom("success", "negative"),
    terminate: fc.boolean(),
    goal: feel,
    goalEvent: text(40),
    error: name,
  }),
};
const node = fc.constantFrom(...stepKinds).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    name: text(60),
    position: maybe(fc.record({ x: fc.integer(), y: fc.integer() })),
    note: maybe(text(100)),
    config: configs[kind],
    role: maybe(name),
    skills: maybe(list(name)),
    playbook: maybe(text(300)),
    checklist: maybe(list(fc.record({ id: name, text: text(100), byHand: flag }))),
    slas: maybe(list(name)),
    entryCriteria: maybe(feel),
    gate: maybe(
      fc.record({
        entry: maybe(list(requirement)),
        exit: maybe(list(requirement)),
        who: maybe(list(name)),
        noSkip: flag,
        noBack: flag,
      }),
    ),
    actions: maybe(list(action)),
    onComplete: maybe(list(action)),
    boundary: maybe(
      list(
        fc.oneof(
          fc.record({
            id: name,
            kind: fc.constant("timer" as const),
            after: duration,
            interrupting: fc.boolean(),
            repeat: flag,
          }),
          fc.record({ id: name, kind: fc.constant("error" as const), code: maybe(name) }),
          fc.record({
            id: name,
            kind: fc.constant("message" as const),
            event: text(40).filter((value) => value !== ""),
            correlate: maybe(feel),
            interrupting: fc.boolean(),
          }),
          fc.record({
            id: name,
            kind: fc.constant("record_changed" as const),
            when: maybe(feel),
            interrupting: fc.boolean(),
          }),
        ),
      ),
    ),
    in: maybe(name),
    multiMerge: flag,
    compensate: maybe(list(action)),
  }),
);
const output = fc.oneof(plain, fc.record({ feel }));
const table = fc.record({
  name: maybe(text(40)),
  hitPolicy: fc.constantFrom("first", "unique", "any", "priority", "collect", "rule_order", "output_order"),
  aggregator: maybe(fc.constantFrom("sum", "min", "max", "count")),
  note: maybe(text(100)),
  inputs: list(feel),
  inputValues: maybe(list(text(40))),
  outputs: fc.array(text(40), { minLength: 1, maxLength: 2 }),
  outputValues: maybe(list(text(40))),
  defaults: maybe(list(output)),
  rules: list(fc.record({ when: list(text(40)), then: list(output), note: maybe(text(40)) })),
});

/** Undefined means absent, in the document as in JSON. */
const withoutAbsent = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutAbsent);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, withoutAbsent(item)]])),
  );
};

export const randomProcess: fc.Arbitrary<Process> = fc
  .record({
    key: name,
    name: text(60).filter((value) => value !== ""),
    summary: text(200),
    recordType: name,
    related: named(
      fc.record({
        path: maybe(text(40)),
        newest: maybe(name),
        through: maybe(name),
        where: maybe(feel),
        note: maybe(text(40)),
      }),
    ),
    valueAtRisk: maybe(feel),
    runPolicy: fc.constantFrom("one_active_per_record", "many"),
    idleLimit: maybe(duration),
    reentry: maybe(fc.oneof(fc.constantFrom("always", "never"), fc.record({ after: duration }))),
    keepMessages: maybe(duration),
    roles: named(fc.record({ name: text(40), queue: maybe(name), fallback: maybe(name) })),
    queues: named(
      fc.record({
        role: name,
        strategy: fc.constantFrom("pull", "record_owner", "territory", "expression"),
        ownerField: maybe(text(40)),
        managerOf: maybe(text(40).filter((value) => value !== "")),
        territories: maybe(
          list(fc.record({ name: maybe(text(40)), values: maybe(list(text(20))), when: maybe(feel), to: name })),
        ),
        territoryTable: maybe(name),
        who: maybe(feel),
        sticky: maybe(fc.constantFrom("run", "record", "account", "off")),
        hours: maybe(fc.constantFrom("ignore", "prefer", "only")),
        capacityPerDay: maybe(fc.integer({ min: 1, max: 99 })),
      }),
    ),
    calendars: named(calendar),
    variables: named(
      fc.record({
        type: fc.constantFrom("text", "picklist"),
        values: maybe(list(text(20))),
        default: maybe(plain),
        label: maybe(text(20)),
      }),
    ),
    forms: named(form),
    decisionTables: named(table),
    slas: named(sla),
    kpis: list(fc.record({ kpi: name, node: maybe(name), target: maybe(fc.integer()) })),
    groups: list(fc.record({ id: name, name: text(20) })),
    nodes: list(node, 5),
    joined: list(
      fc.record({
        from: fc.nat(),
        to: fc.nat(),
        port: maybe(name),
        when: maybe(feel),
        otherwise: flag,
        label: maybe(text(40)),
        rework: flag,
        cap: maybe(fc.integer({ min: 1, max: 1000 })),
        handoff: maybe(text(40)),
      }),
      6,
    ),
  })
  .map(({ joined, nodes, ...rest }) => {
    const edges =
      nodes.length === 0
        ? []
        : joined.map(({ from, to, ...edge }, i) => ({
            id: `e${i}`,
            from: `n${from % nodes.length}`,
            to: `n${to % nodes.length}`,
            ...edge,
          }));
    return processSchema.parse(
      withoutAbsent({ ...rest, nodes: nodes.map((drawn, i) => ({ id: `n${i}`, ...drawn })), edges }),
    );
  });
