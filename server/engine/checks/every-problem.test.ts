/** What is said of a faulty drawing: each fault drawn into one small process, and all that is said of it. */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { checkDraft } from "@/server/steps/index.ts";
import { type Process, processSchema } from "../process.ts";
import type { CheckContext } from "./problems.ts";

type Drawn = Record<string, unknown> & { nodes: Node[]; edges: Edge[] };
type Node = Record<string, unknown> & { id: string };
type Edge = Record<string, unknown> & { id: string };

/** Came in → call → done, and nothing wrong with it. */
const base = (): Drawn => ({
  key: "tiny",
  name: "Tiny",
  recordType: "lead",
  roles: { sdr: { name: "Rep", queue: "reps" }, lead: { name: "Team lead" } },
  queues: { reps: { role: "sdr", name: "Reps", strategy: "round_robin" } },
  calendars: {
    office: {
      zone: "UTC",
      week: { mon: [{ from: "09:00", to: "17:00" }], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
    },
  },
  variables: { budget: { type: "integer" } },
  slas: { touch: { name: "First touch", target: "PT4H", calendar: "office" } },
  nodes: [
    { id: "start", kind: "start", name: "Came in" },
    { id: "call", kind: "task", name: "Call", role: "sdr", slas: ["touch"] },
    { id: "end", kind: "end", name: "Done" },
  ],
  edges: [
    { id: "e1", from: "start", to: "call" },
    { id: "e2", from: "call", to: "end" },
  ],
});

/** What is said, a line each: how bad, the code, where, and the sentence. */
function said(change: (drawn: Drawn) => void, context: CheckContext = {}): string[] {
  const drawn = base();
  change(drawn);
  return checkDraft(processSchema.parse(drawn) satisfies Process, context).map(
    ({ severity, code, node, edge, field, text }) =>
      `${severity} ${code} at ${[node, edge, field].map((part) => part ?? "-").join(" ")}: ${text}`,
  );
}

const node = ({ nodes }: Drawn, id: string) => nodes.find((one) => one.id === id)!;
const call = (more: Record<string, unknown>) => (drawn: Drawn) => void Object.assign(node(drawn, "call"), more);
const other = (more: Record<string, unknown>) => (drawn: Drawn) => void Object.assign(drawn, more);
/** Puts a node in the place of the call. */
const instead =
  (kind: string, config: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  (drawn: Drawn) =>
    void (drawn.nodes[1] = { id: "call", kind, name: "Call", config, ...more });
const and =
  (...changes: ((drawn: Drawn) => void)[]) =>
  (drawn: Drawn) =>
    changes.forEach((change) => change(drawn));
const add =
  (...nodes: Node[]) =>
  (drawn: Drawn) =>
    void drawn.nodes.push(...nodes);
const line =
  (...edges: Edge[]) =>
  (drawn: Drawn) =>
    void drawn.edges.push(...edges);
const without = (id: string) => (drawn: Drawn) => {
  drawn.nodes = drawn.nodes.filter((one) => one.id !== id);
  drawn.edges = drawn.edges.filter((one) => one.id !== id && one.from !== id && one.to !== id);
};
const task = (id: string, more: Record<string, unknown> = {}): Node => ({
  id,
  kind: "task",
  name: id.toUpperCase(),
  role: "sdr",
  slas: ["touch"],
  ...more,
});
const end = (id: string, more: Record<string, unknown> = {}): Node => ({
  id,
  kind: "end",
  name: id.toUpperCase(),
  ...more,
});
/** The call becomes an approval by levels. */
const approval = (config: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  instead("approval", config, { role: "sdr", slas: ["touch"], ...more });
const matrix = (table: Record<string, unknown>, config: Record<string, unknown> = {}) =>
  and(
    approval({ matrix: "who", ...config }),
    other({
      decisionTables: {
        who: {
          name: "Who",
          hitPolicy: "first",
          inputs: ["lead.status"],
          outputs: ["approvers"],
          rules: [{ when: ["-"], then: ["sdr"] }],
          ...table,
        },
      },
    }),
  );

it("every code that is said is said in a test of this folder", () => {
  const files = readdirSync(import.meta.dirname).map((name) => path.join(import.meta.dirname, name));
  const [tests, sources] = [files.filter((f) => f.endsWith(".test.ts")), files.filter((f) => !f.endsWith(".test.ts"))];
  const read = (those: string[]) => those.map((file) => readFileSync(file, "utf8")).join("");
  const codes = new Set(read(sources).match(/(?<=")[A-Z]{2,}(_[A-Z]+)+(?=")/g));
  // The graph's own errors come before it.
  codes.delete("BODY_ENTRY");
  const tested = read(tests);
  expect([...codes].filter((code) => !tested.includes(code))).toEqual([]);
});

it("nothing is wrong with the process itself", () => {
  expect(said(() => {})).toEqual([]);
});

describe("the graph", () => {
  it("nothing starts it", () => {
    expect(said(without("start"))).toMatchInlineSnapshot(`
      [
        "error GRAPH_NO_START at - - -: Nothing starts this process. Add a start.",
      ]
    `);
  });

  it("two starts", () => {
    expect(
      said(and(add({ id: "again", kind: "start", name: "Again" }), line({ id: "e3", from: "again", to: "call" }))),
    ).toMatchInlineSnapshot(`
      [
        "error GRAPH_TWO_STARTS at again - -: A process has one start.",
      ]
    `);
  });

  it("nothing ends it", () => {
    expect(said(without("end"))).toMatchInlineSnapshot(`
      [
        "error GRAPH_NO_END at - - -: This process never ends. Add an end.",
        "error DEAD_END at call - -: Nothing follows “Call”.",
      ]
    `);
  });

  it("two nodes of one id", () => {
    expect(said(add(task("call")))).toMatchInlineSnapshot(`
      [
        "error GRAPH_DUPLICATE_ID at call - -: Two nodes have the id call.",
      ]
    `);
  });

  it("two connections of one id", () => {
    expect(said(line({ id: "e2", from: "start", to: "end" }))).toMatchInlineSnapshot(`
      [
        "error GRAPH_DUPLICATE_ID at - e2 -: Two connections have the id e2.",
        "error TWO_EDGES at start - done: Two connections leave “Came in” the same way. Put a decision or a parallel split between.",
      ]
    `);
  });

  it("a connection to nowhere", () => {
    expect(said(line({ id: "e3", from: "call", to: "gone", port: "later" }))).toMatchInlineSnapshot(`
      [
        "error GRAPH_DANGLING_EDGE at - e3 -: A connection leads to gone, which does not exist.",
        "error UNKNOWN_PORT at call e3 -: “Call” has no exit “later”.",
      ]
    `);
  });

  it("a connection into the start", () => {
    expect(said(line({ id: "e3", from: "call", to: "start", port: "later" }))).toMatchInlineSnapshot(`
      [
        "error GRAPH_INTO_START at - e3 -: Nothing can lead into the start.",
        "error UNKNOWN_PORT at call e3 -: “Call” has no exit “later”.",
      ]
    `);
  });

  it("a connection out of an end", () => {
    expect(said(line({ id: "e3", from: "end", to: "call" }))).toMatchInlineSnapshot(`
      [
        "error GRAPH_OUT_OF_END at - e3 -: Nothing can follow an end.",
      ]
    `);
  });

  it("a step without a name", () => {
    expect(said(call({ name: " " }))).toMatchInlineSnapshot(`
      [
        "warning NO_NAME at call - name: This step has no name yet.",
      ]
    `);
  });

  it("a step without a role", () => {
    expect(said(call({ role: undefined }))).toMatchInlineSnapshot(`
      [
        "error NO_ROLE at call - role: No owner role. Items would land with nobody.",
      ]
    `);
  });

  it("a step without an SLA", () => {
    expect(said(call({ slas: [] }))).toMatchInlineSnapshot(`
      [
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
        "warning NO_SLA at call - slas: “Call” has no SLA, so nobody is told when it waits too long.",
      ]
    `);
  });

  it("nothing follows a step", () => {
    expect(
      said(and(without("e2"), line({ id: "e3", from: "start", to: "end", port: "other" }))),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_PORT at start e3 -: “Came in” has no exit “other”.",
        "error DEAD_END at call - -: Nothing follows “Call”.",
        "error NEVER_ENDS at call - -: From “Call” no end can be reached.",
        "error UNREACHABLE at end - -: Nothing leads to “Done”.",
      ]
    `);
  });

  it("a step that nothing leads to", () => {
    expect(said(and(add(task("b")), line({ id: "e3", from: "b", to: "end" })))).toMatchInlineSnapshot(`
      [
        "error UNREACHABLE at b - -: Nothing leads to “B”.",
      ]
    `);
  });

  it("a step from which no end is reached", () => {
    expect(
      said(
        and(add(task("b")), line({ id: "e3", from: "call", to: "b", port: "late" }, { id: "e4", from: "b", to: "b" })),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_PORT at call e3 -: “Call” has no exit “late”.",
        "error UNREACHABLE at b - -: Nothing leads to “B”.",
      ]
    `);
  });

  it("two connections leave a step the same way", () => {
    expect(said(and(add(end("b")), line({ id: "e3", from: "call", to: "b" })))).toMatchInlineSnapshot(`
      [
        "error TWO_EDGES at call - done: Two connections leave “Call” the same way. Put a decision or a parallel split between.",
      ]
    `);
  });

  it("an exit that the step does not have", () => {
    expect(
      said(and(add(end("b")), line({ id: "e3", from: "call", to: "b", port: "sideways" }))),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_PORT at call e3 -: “Call” has no exit “sideways”.",
        "error UNREACHABLE at b - -: Nothing leads to “B”.",
      ]
    `);
  });

  it("an exit that nothing is drawn for", () => {
    expect(said(call({ boundary: [{ id: "late", kind: "timer", after: "2h" }] }))).toMatchInlineSnapshot(`
      [
        "error NO_EXIT at call - late: Nothing is drawn for “late” of “Call”.",
      ]
    `);
  });

  it("a limit on a connection that does not lead back", () => {
    expect(said((drawn) => void Object.assign(drawn.edges[1]!, { cap: 3 }))).toMatchInlineSnapshot(`
      [
        "error CAP_WITHOUT_REWORK at call e2 cap: Only a connection that leads back (rework) can have a limit.",
      ]
    `);
  });
});

describe("choices, splits and joins", () => {
  it("a choice without otherwise", () => {
    expect(
      said(and(instead("decision"), (drawn) => void Object.assign(drawn.edges[1]!, { when: "true" }))),
    ).toMatchInlineSnapshot(`
      [
        "error NO_OTHERWISE at call - -: “Call” has no otherwise branch: a record that fits no condition would get stuck.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("a choice with two otherwise", () => {
    expect(
      said(
        and(
          instead("decision"),
          add(end("b")),
          line({ id: "e3", from: "call", to: "b", otherwise: true }),
          (drawn) => void Object.assign(drawn.edges[1]!, { otherwise: true }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error TWO_OTHERWISE at call e3 -: “Call” has two otherwise branches.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("a branch without a condition", () => {
    expect(
      said(and(instead("inclusive"), add(end("b")), line({ id: "e3", from: "call", to: "b", otherwise: true }))),
    ).toMatchInlineSnapshot(`
      [
        "error NO_CONDITION at call e2 when: A branch of “Call” has no condition.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("a choice without a name", () => {
    expect(
      said(
        and(instead("decision", {}, { name: "" }), (drawn) => void Object.assign(drawn.edges[1]!, { otherwise: true })),
      ),
    ).toMatchInlineSnapshot(`
      [
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
        "warning NO_NAME at call - name: This step has no name yet.",
      ]
    `);
  });

  it("a split into one", () => {
    expect(said(instead("parallel"))).toMatchInlineSnapshot(`
      [
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
        "warning SPLIT_OF_ONE at call - -: “Call” splits into fewer than two branches.",
      ]
    `);
  });

  it("a join of one", () => {
    expect(said(instead("join"))).toMatchInlineSnapshot(`
      [
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
        "warning JOIN_OF_ONE at call - -: “Call” joins fewer than two branches.",
      ]
    `);
  });

  it("a join of more branches than come", () => {
    expect(
      said(
        and(
          add({ id: "fork", kind: "parallel", name: "Fork" }, task("a"), task("b"), {
            id: "meet",
            kind: "join",
            name: "Meet",
            config: { mode: "n_of_m", count: 3 },
          }),
          without("e1"),
          without("call"),
          line(
            { id: "f", from: "start", to: "fork" },
            { id: "fa", from: "fork", to: "a" },
            { id: "fb", from: "fork", to: "b" },
            { id: "am", from: "a", to: "meet" },
            { id: "bm", from: "b", to: "meet" },
            { id: "me", from: "meet", to: "end" },
          ),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "warning JOIN_COUNT at meet - config.count: “Meet” goes on after 3 branches, and only 2 come to it. It waits for all of them.",
      ]
    `);
  });

  it("branches that meet without a join", () => {
    expect(
      said(
        and(
          add({ id: "fork", kind: "parallel", name: "Fork" }, task("b")),
          without("e1"),
          line(
            { id: "f", from: "start", to: "fork" },
            { id: "fa", from: "fork", to: "call" },
            { id: "fb", from: "fork", to: "b" },
            { id: "bc", from: "b", to: "call" },
          ),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error LACK_OF_SYNCHRONISATION at call - -: Parallel branches meet at “Call” without a join, so it would be done twice. Put a join before it.",
      ]
    `);
  });

  it("a join that waits for a branch of a choice", () => {
    expect(
      said(
        and(
          add({ id: "which", kind: "decision", name: "Which" }, { id: "meet", kind: "join", name: "Meet" }, task("b")),
          without("e1"),
          without("e2"),
          line(
            { id: "f", from: "start", to: "which" },
            { id: "fa", from: "which", to: "call", when: "true" },
            { id: "fb", from: "which", to: "b", otherwise: true },
            { id: "cm", from: "call", to: "meet" },
            { id: "bm", from: "b", to: "meet" },
            { id: "me", from: "meet", to: "end" },
          ),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error DEADLOCK at meet - -: A run can get stuck at “Meet”: it waits for a branch that may never come.",
      ]
    `);
  });

  it("a loop that never waits", () => {
    expect(
      said(
        and(
          instead("automation", {}, { actions: [{ verb: "log", text: "again" }] }),
          add({ id: "more", kind: "decision", name: "More?" }),
          without("e2"),
          line(
            { id: "cm", from: "call", to: "more" },
            { id: "mc", from: "more", to: "call", when: "true", rework: true },
            { id: "me", from: "more", to: "end", otherwise: true },
          ),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error ENDLESS_LOOP at call - -: This loop has no step that waits: Call → More?. Put a task or a wait into it.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("more branches than can be tried", () => {
    const ends = Array.from({ length: 24 }, (_, i) => `b${i}`);
    expect(
      said(
        and(
          instead("inclusive"),
          add(...ends.map((id) => end(id))),
          without("end"),
          line(...ends.map((id, i) => ({ id: `x${id}`, from: "call", to: id, when: "true", otherwise: i === 0 }))),
        ),
      ).filter((one) => !one.includes("SLA_NEVER_STARTS")),
    ).toMatchInlineSnapshot(`
      [
        "warning TOO_MANY_BRANCHES at - - -: There are too many parallel branches to check that every run can finish.",
      ]
    `);
  });

  it("a join of a refused kind", () => {
    expect(said(instead("join", { mode: "thread_merge" }))).toMatchInlineSnapshot(`
      [
        "error BAD_CONFIG at call - config.mode: “Call”: Thread merge (pattern 41) is not available: several tokens of one branch cannot be counted together. Draw a “for each”, which goes on when its instances have ended.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
        "warning JOIN_OF_ONE at call - -: “Call” joins fewer than two branches.",
      ]
    `);
  });

  it("an automation that does nothing", () => {
    expect(said(instead("automation"))).toMatchInlineSnapshot(`
      [
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
        "warning NO_ACTION at call - actions: This automation does nothing yet.",
      ]
    `);
  });
});

describe("what is named and is not there", () => {
  it("a role, a form, an SLA and a table of a step", () => {
    expect(
      said(call({ role: "cfo", form: "card", slas: ["touch", "answer"], decisionTables: ["route"] })),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_REFERENCE at call - role: The role cfo is not in this process.",
        "error UNKNOWN_REFERENCE at call - form: The form card is not in this process.",
        "error UNKNOWN_REFERENCE at call - slas: The SLA answer is not in this process.",
        "error UNKNOWN_REFERENCE at call - decisionTables: The decision table route is not in this process.",
      ]
    `);
  });

  it("the calendars of a wait and of a timer", () => {
    expect(
      said(
        and(
          instead(
            "wait",
            { for: "duration", duration: "2h", calendar: "night" },
            { boundary: [{ id: "late", kind: "timer", after: "1h", calendar: "shift" }] },
          ),
          add(end("b")),
          line({ id: "e3", from: "call", to: "b", port: "late" }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_REFERENCE at call - calendar: The calendar night is not in this process.",
        "error UNKNOWN_REFERENCE at call - calendar: The calendar shift is not in this process.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("the queue of an assignment", () => {
    expect(said(call({ onComplete: [{ verb: "assign", queue: "closers" }] }))).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_REFERENCE at call - actions: The queue closers is not in this process.",
      ]
    `);
  });

  it("the calendar of an SLA", () => {
    expect(
      said(other({ slas: { touch: { name: "First touch", target: "PT4H", calendar: "night" } } })),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_REFERENCE at - - slas.touch.calendar: The calendar night of the SLA First touch is not in this process.",
      ]
    `);
  });

  it("the queue and the fallback of a role", () => {
    expect(
      said(other({ roles: { sdr: { name: "Rep", queue: "hunters", fallback: "cfo" } }, queues: {} })),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_REFERENCE at - - roles.sdr.queue: The queue hunters of the role Rep is not in this process.",
        "error UNKNOWN_REFERENCE at - - roles.sdr.fallback: The fallback cfo of the role Rep is not in this process.",
      ]
    `);
  });

  it("the role of a queue", () => {
    expect(said(other({ queues: { reps: { role: "cfo", strategy: "pull" } } }))).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_REFERENCE at - - queues.reps.role: The role cfo of a queue is not in this process.",
      ]
    `);
  });

  it("the step of a KPI", () => {
    expect(
      said(
        other({
          kpis: [
            { kpi: "speed_to_lead", node: "gone" },
            { kpi: "speed_to_lead", node: "call" },
          ],
        }),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_REFERENCE at - - kpis: A KPI is set on gone, which does not exist.",
      ]
    `);
  });

  it("fields of forms, actions, SLAs and tables", () => {
    expect(
      said(
        and(
          call({
            form: "card",
            onComplete: [
              { verb: "set", field: "lead.mood", value: "1" },
              { verb: "link", field: "lead.uncle" },
            ],
          }),
          other({
            forms: {
              card: {
                title: "Card",
                fields: [
                  { field: "lead.status" },
                  { field: "lead.mood" },
                  { field: "run.budget" },
                  { field: "run.purse" },
                ],
              },
              spare: { title: "Spare", fields: [{ field: "lead.mood" }] },
            },
            slas: {
              touch: {
                name: "First touch",
                target: "PT4H",
                calendar: "office",
                onWarn: [{ verb: "set", field: "lead.w", value: "1" }],
                onBreach: [{ verb: "set", field: "lead.b", value: "1" }],
                ladder: [{ at: "150%", do: [{ verb: "set", field: "lead.l", value: "1" }] }],
              },
            },
            decisionTables: {
              route: {
                hitPolicy: "first",
                inputs: ["lead.status"],
                outputs: ["lead.path"],
                rules: [{ when: ["-"], then: ["x"] }],
              },
            },
          }),
        ),
        { hasField: (_, field) => field === "status" },
      ),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_FIELD at - - forms.spare.fields.0: There is no field lead.mood.",
        "error UNKNOWN_FIELD at - - decisionTables.route.outputs: There is no field lead.path.",
        "error UNKNOWN_FIELD at - - slas.touch: There is no field lead.w.",
        "error UNKNOWN_FIELD at - - slas.touch: There is no field lead.b.",
        "error UNKNOWN_FIELD at - - slas.touch: There is no field lead.l.",
        "error UNKNOWN_FIELD at call - forms.card.fields.1: There is no field lead.mood.",
        "error UNKNOWN_FIELD at call - forms.card.fields.3: There is no field run.purse.",
        "error UNKNOWN_FIELD at call - actions: There is no field lead.mood.",
        "error UNKNOWN_FIELD at call - actions: There is no field lead.uncle.",
      ]
    `);
  });

  it("a process to call", () => {
    expect(said(instead("subprocess"))).toMatchInlineSnapshot(`
      [
        "error NO_PROCESS at call - config.process: No process to call is chosen.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("a process that is not here", () => {
    expect(said(instead("subprocess", { process: "billing" }), { processes: ["tiny"] })).toMatchInlineSnapshot(`
      [
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
        "warning PROCESS_NOT_HERE at call - config.process: The process billing is not in this workspace yet. Import or draw it before the first run gets here.",
      ]
    `);
  });

  it("a connection that is not made, and one of another kind", () => {
    expect(
      said(
        call({
          onComplete: [
            { verb: "chat", connection: "sales", text: "Hi" },
            { verb: "http", method: "GET", url: "/x", connection: "crm" },
          ],
        }),
        { connections: new Map([["crm", "chat"]]) },
      ),
    ).toMatchInlineSnapshot(`
      [
        "warning NOT_CONNECTED at call - onComplete: “sales” is not connected yet. A run that comes here stops until it is.",
        "warning NOT_CONNECTED at call - onComplete: “crm” is not connected yet. A run that comes here stops until it is.",
      ]
    `);
  });

  it("a skill that nobody has", () => {
    expect(
      said(call({ skills: ["french", "welsh"] }), { hasSkill: (skill) => skill === "french" }),
    ).toMatchInlineSnapshot(`
      [
        "warning NO_SKILL at call - skills: Nobody has the skill welsh. What asks for it goes to the fallback.",
      ]
    `);
  });

  it("nobody in a queue", () => {
    expect(said(() => {}, { queueMembers: () => 0 })).toMatchInlineSnapshot(`
      [
        "warning EMPTY_QUEUE at call - role: Nobody is in the queue of Rep. Items go to its fallback or to the process owner.",
      ]
    `);
  });
});

describe("times", () => {
  it("of a wait", () => {
    expect(said(instead("wait", { for: "duration", duration: "soon" }))).toMatchInlineSnapshot(`
      [
        "error BAD_DURATION at call - config: “soon” is not a duration. Write 8h, 2bd or PT8H.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("of a wait's limit", () => {
    expect(
      said(
        and(
          instead("wait", { for: "event", event: "reply.received", timeout: "later" }),
          add(end("b")),
          line({ id: "e3", from: "call", to: "b", port: "timeout" }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error NO_EXIT at call - event: Nothing is drawn for “event” of “Call”.",
        "error UNKNOWN_PORT at call e2 -: “Call” has no exit “done”.",
        "error BAD_DURATION at call - config: “later” is not a duration. Write 8h, 2bd or PT8H.",
        "error UNREACHABLE at end - -: Nothing leads to “Done”.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("of a timer", () => {
    expect(
      said(
        and(
          call({ boundary: [{ id: "late", kind: "timer", after: "a while" }] }),
          add(end("b")),
          line({ id: "e3", from: "call", to: "b", port: "late" }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error BAD_DURATION at call - boundary: “a while” is not a duration. Write 8h, 2bd or PT8H.",
      ]
    `);
  });

  it("of a retry", () => {
    expect(
      said(call({ onComplete: [{ verb: "chat", connection: "sales", text: "Hi", retry: { first: "soon" } }] })),
    ).toMatchInlineSnapshot(`
      [
        "error BAD_DURATION at call - onComplete: “soon” is not a duration. Write 8h, 2bd or PT8H.",
      ]
    `);
  });

  it("of kept messages and of coming in again", () => {
    expect(said(other({ keepMessages: "long", reentry: { after: "never" } }))).toMatchInlineSnapshot(`
      [
        "error BAD_DURATION at - - keepMessages: “long” is not a duration. Write 8h, 2bd or PT8H.",
        "error BAD_DURATION at - - reentry: “never” is not a duration. Write 8h, 2bd or PT8H.",
      ]
    `);
  });

  it("an SLA of business days without a calendar", () => {
    expect(said(other({ slas: { touch: { name: "First touch", target: "2bd" } } }))).toMatchInlineSnapshot(`
      [
        "warning NO_CALENDAR at call - slas.touch: “First touch” has no calendar: nights and weekends count.",
      ]
    `);
  });

  it("a wait of days without a calendar", () => {
    expect(said(instead("wait", { for: "duration", duration: "2bd" }))).toMatchInlineSnapshot(`
      [
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });
});

describe("waits", () => {
  it("for nothing that is said", () => {
    expect(said(instead("wait", { for: "event" }))).toMatchInlineSnapshot(`
      [
        "error NO_EXIT at call - event: Nothing is drawn for “event” of “Call”.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("for a time that is not said", () => {
    expect(said(instead("wait", { for: "duration" }))).toMatchInlineSnapshot(`
      [
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("for a date that is not said", () => {
    expect(said(instead("wait", { for: "date" }))).toMatchInlineSnapshot(`
      [
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("for a condition that is not said", () => {
    expect(said(instead("wait", { for: "condition" }))).toMatchInlineSnapshot(`
      [
        "error NO_EXIT at call - event: Nothing is drawn for “event” of “Call”.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("for the first of one", () => {
    expect(
      said(instead("wait", { for: "first", branches: [{ id: "one", for: "event", event: "reply.received" }] })),
    ).toMatchInlineSnapshot(`
      [
        "error NO_EXIT at call - one: Nothing is drawn for “one” of “Call”.",
        "error WAIT_WITHOUT_BRANCHES at call - config.branches: “Call” waits for the first of several things: name at least two.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("for the first of several, none of which says when", () => {
    expect(
      said(
        and(
          instead("wait", {
            for: "first",
            branches: [
              { id: "a", for: "event" },
              { id: "a", for: "condition" },
              { id: "b", for: "duration", duration: "soon" },
              { id: "c", for: "date" },
            ],
          }),
          without("e2"),
          line(
            { id: "xa", from: "call", to: "end", port: "a" },
            { id: "xb", from: "call", to: "end", port: "b" },
            { id: "xc", from: "call", to: "end", port: "c" },
          ),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error TWO_BRANCHES at call - config.branches: Two things “Call” waits for have the same exit.",
        "error BRANCH_WITHOUT_SETTING at call - config.branches: “Call” does not say when it goes on by “a”.",
        "error BRANCH_WITHOUT_SETTING at call - config.branches: “Call” does not say when it goes on by “a”.",
        "error BAD_DURATION at call - config.branches: “soon” is not a duration. Write 8h, 2bd or PT8H.",
        "error BRANCH_WITHOUT_SETTING at call - config.branches: “Call” does not say when it goes on by “c”.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });
});

describe("inside of others", () => {
  it("nothing inside", () => {
    expect(said(instead("for_each", { over: "list", list: "[1, 2]", as: "one" }))).toMatchInlineSnapshot(`
      [
        "error GRAPH_NOTHING_INSIDE at call - -: “Call” has no steps inside.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("inside of what holds nothing", () => {
    expect(
      said(and(add(task("b", { in: "call" }), end("be", { in: "call" })), line({ id: "e3", from: "b", to: "be" }))),
    ).toMatchInlineSnapshot(`
      [
        "error GRAPH_NOT_INSIDE at b - in: “B” is inside call, which holds no steps.",
        "error GRAPH_NOT_INSIDE at be - in: “BE” is inside call, which holds no steps.",
      ]
    `);
  });

  it("inside of itself", () => {
    expect(
      said(
        add({
          id: "loop",
          kind: "for_each",
          name: "Loop",
          in: "loop",
          config: { over: "list", list: "[1]", as: "one" },
        }),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error DEAD_END at loop - -: Nothing follows “Loop”.",
        "error GRAPH_NOT_INSIDE at loop - in: “Loop” is inside loop, which holds no steps.",
        "error GRAPH_NO_END_INSIDE at loop - -: What is inside “Loop” never ends. Add an end.",
      ]
    `);
  });

  it("a connection over the border", () => {
    expect(
      said(
        and(
          instead("for_each", { over: "list", list: "[1]", as: "one" }),
          add(task("b", { in: "call" }), end("be", { in: "call" })),
          line({ id: "e3", from: "b", to: "be" }, { id: "e4", from: "b", to: "end", port: "x" }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_PORT at b e4 -: “B” has no exit “x”.",
        "error GRAPH_CROSSES_BORDER at b e4 -: A connection leads from “B” over a border to “Done”. What is inside a sub-process or “for each” ends there; connect its frame instead.",
      ]
    `);
  });

  it("a start inside", () => {
    expect(
      said(
        and(
          instead("subprocess", { inline: true }),
          add({ id: "s", kind: "start", name: "S", in: "call" }, end("be", { in: "call" })),
          line({ id: "e3", from: "s", to: "be" }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error GRAPH_TWO_STARTS at s - -: A process has one start.",
        "error GRAPH_START_INSIDE at s - -: A start cannot stand inside a step: the first step inside is where it begins.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("no first step inside", () => {
    expect(
      said(
        and(
          instead("subprocess", { inline: true }),
          add(task("b", { in: "call" }), task("c", { in: "call" }), end("be", { in: "call" })),
          line(
            { id: "e3", from: "b", to: "c" },
            { id: "e4", from: "c", to: "b", port: "x" },
            { id: "e5", from: "c", to: "be", port: "y" },
          ),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error GRAPH_NO_FIRST_INSIDE at call - -: Inside “Call” no step is the first: each has something before it.",
        "error NO_EXIT at c - done: Nothing is drawn for “done” of “C”.",
        "error UNKNOWN_PORT at c e4 -: “C” has no exit “x”.",
        "error UNKNOWN_PORT at c e5 -: “C” has no exit “y”.",
      ]
    `);
  });

  it("two first steps inside", () => {
    expect(
      said(
        and(
          instead("subprocess", { inline: true }),
          add(task("b", { in: "call" }), task("c", { in: "call" }), end("be", { in: "call" })),
          line({ id: "e3", from: "b", to: "be" }, { id: "e4", from: "c", to: "be" }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error GRAPH_TWO_FIRST_INSIDE at c - -: Inside “Call” two steps have nothing before them. Connect them, or begin with a parallel split.",
      ]
    `);
  });

  it("no end inside", () => {
    expect(said(and(instead("subprocess", { inline: true }), add(task("b", { in: "call" }))))).toMatchInlineSnapshot(`
      [
        "error GRAPH_NO_END_INSIDE at call - -: What is inside “Call” never ends. Add an end.",
        "error DEAD_END at b - -: Nothing follows “B”.",
      ]
    `);
  });

  it("an item whose name is taken", () => {
    expect(
      said(and(instead("for_each", { over: "list", list: "[1]", as: "lead" }), add(end("be", { in: "call" })))),
    ).toMatchInlineSnapshot(`
      [
        "error NAME_TAKEN at call - config.as: “lead” means something else already. Give the item of “Call” another name.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("for each of nothing", () => {
    expect(
      said(and(instead("for_each", { over: "list", as: "one" }), add(end("be", { in: "call" })))),
    ).toMatchInlineSnapshot(`
      [
        "error FOR_EACH_WITHOUT_LIST at call - config.list: “Call” does not say for each of what.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("for each of no records", () => {
    expect(
      said(and(instead("for_each", { over: "records", records: " ", as: "one" }), add(end("be", { in: "call" })))),
    ).toMatchInlineSnapshot(`
      [
        "error BAD_CONFIG at call - config.records: “Call”: letters, digits and _ only, starting with a letter, at most 64.",
        "error FOR_EACH_WITHOUT_LIST at call - config.records: “Call” does not say for each of what.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });
});

describe("events and goals", () => {
  it("two events of one exit", () => {
    expect(
      said(
        and(
          call({
            boundary: [
              { id: "late", kind: "timer", after: "2h" },
              { id: "late", kind: "error" },
            ],
          }),
          add(end("b")),
          line({ id: "e3", from: "call", to: "b", port: "late" }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error TWO_BOUNDARIES at call - boundary: Two events at the edge of “Call” have the same exit.",
      ]
    `);
  });

  it("an event at no step", () => {
    expect(
      said(
        and(
          instead("parallel", {}, { boundary: [{ id: "late", kind: "timer", after: "2h" }] }),
          add(end("b"), end("c")),
          line({ id: "e3", from: "call", to: "b", port: "late" }, { id: "e4", from: "call", to: "c" }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error NOT_A_STEP at call - boundary: Events can stand at the edge of a step only, not of “Call”.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("an exit for any error before one for a single error", () => {
    expect(
      said(
        and(
          call({
            boundary: [
              { id: "any", kind: "error" },
              { id: "one", kind: "error", code: "gone" },
            ],
          }),
          add(end("b"), end("c")),
          line({ id: "e3", from: "call", to: "b", port: "any" }, { id: "e4", from: "call", to: "c", port: "one" }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "warning MASKED_ERROR at call - boundary: At “Call” an exit for any error stands before one for a single error, which is never taken.",
      ]
    `);
  });

  it("a goal inside", () => {
    expect(
      said(
        and(
          instead("subprocess", { inline: true }),
          add(
            end("be", { in: "call", config: { goal: "lead.status = 1" } }),
            task("b", { in: "call" }),
            end("bf", { in: "call" }),
          ),
          line({ id: "e3", from: "b", to: "bf" }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error GOAL_INSIDE at be - config.goal: A goal ends the whole run, so it cannot stand inside a sub-process or “for each”.",
      ]
    `);
  });

  it("a goal that is an error", () => {
    expect(said(add(end("b", { config: { goal: "lead.status = 1", error: "lost" } })))).toMatchInlineSnapshot(`
      [
        "error GOAL_WITH_ERROR at b - config.goal: An end is a goal or an error, not both.",
      ]
    `);
  });
});

describe("who gets the work", () => {
  it("fallbacks that go round", () => {
    expect(
      said(
        other({
          roles: { sdr: { name: "Rep", fallback: "lead" }, lead: { name: "Team lead", fallback: "sdr" } },
          queues: {},
        }),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error FALLBACK_CIRCLE at - - roles.sdr.fallback: The fallbacks of Rep go round in a circle and never come to a person. Let the last one fall back to the process owner.",
      ]
    `);
  });

  it("nobody at the end of the fallbacks", () => {
    expect(said(() => {}, { hasOwner: () => false })).toMatchInlineSnapshot(`
      [
        "error NO_FALLBACK at - - roles.sdr.fallback: What nobody in Rep can take falls back to the process owner, and this process has none who works here. Choose an owner.",
      ]
    `);
  });

  it("a queue without its rule", () => {
    expect(
      said(
        other({
          queues: {
            reps: { role: "sdr", name: "Reps", strategy: "expression" },
            land: { role: "sdr", strategy: "territory" },
          },
        }),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error NO_RULE at - - queues.reps.who: The queue Reps picks by an expression, and there is none.",
        "error NO_RULE at - - queues.land.territories: The queue land picks by territory, and it has no rule.",
      ]
    `);
  });

  it("a territory table that is not there", () => {
    expect(
      said(other({ queues: { reps: { role: "sdr", strategy: "territory", territoryTable: "map" } } })),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_REFERENCE at - - queues.reps.territoryTable: The decision table map of the queue reps is not in this process.",
      ]
    `);
  });

  it("a territory that says nobody, and one that nobody is called", () => {
    expect(
      said(
        other({
          queues: {
            reps: {
              role: "sdr",
              name: "Reps",
              strategy: "territory",
              territories: [
                { when: "true", to: " " },
                { when: "true", to: "bob" },
                { when: "true", to: "sdr" },
                { when: "true", to: "reps" },
              ],
            },
          },
        }),
        { knowsWho: () => false },
      ),
    ).toMatchInlineSnapshot(`
      [
        "error NO_RULE at - - queues.reps.territories.0.to: Rule 1 of the queue Reps does not say who.",
        "warning NAMES_NOBODY at - - queues.reps.territories.1.to: Rule 2 of the queue Reps names bob, and nobody here is called that. What it takes goes to the fallback.",
      ]
    `);
  });
});

describe("approvals", () => {
  it("a role that is not there, a person who is gone, one person twice", () => {
    expect(
      said(
        approval({
          levels: [{ ask: ["cfo", "*board", "@bob", "@bob"] }],
          whenNobody: { ask: ["@ann", "@ann"], needs: 3 },
        }),
        { members: ["ann"] },
      ),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_REFERENCE at call - config.levels.0: The role cfo is not in this process.",
        "error UNKNOWN_REFERENCE at call - config.levels.0: The role board is not in this process.",
        "error APPROVER_TWICE at call - config.levels.0: Level 1 asks the same person twice. Nobody decides twice at one level.",
        "error APPROVER_TWICE at call - config.whenNobody: The default level asks the same person twice. Nobody decides twice at one level.",
        "error TOO_MANY_NEEDED at call - config.whenNobody: The default level needs 3 to approve and asks 2, so it would always be rejected.",
        "warning APPROVER_GONE at call - config.levels.0: @bob is nobody who works here now. Their stand-in or the owner of the process would be asked.",
        "warning APPROVER_GONE at call - config.levels.0: @bob is nobody who works here now. Their stand-in or the owner of the process would be asked.",
      ]
    `);
  });

  it("more votes than are asked", () => {
    expect(
      said(
        approval({
          levels: [
            { ask: ["sdr"], needs: 1 },
            { ask: ["sdr", "lead"], needs: 3 },
            { ask: ["*sdr"], needs: 9 },
          ],
        }),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error TOO_MANY_NEEDED at call - config.levels.1: Level 2 needs 3 to approve and asks 2, so it would always be rejected.",
      ]
    `);
  });

  it("a matrix that is not there", () => {
    expect(said(approval({ matrix: "who" }))).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_REFERENCE at call - config.matrix: The decision table who is not in this process.",
      ]
    `);
  });

  it("a matrix that does not say who", () => {
    expect(said(matrix({ outputs: ["people"] }))).toMatchInlineSnapshot(`
      [
        "error MATRIX_NO_APPROVERS at call - config.matrix: The table Who does not say who approves. Give it an output that is called approvers.",
      ]
    `);
  });

  it("a matrix that may name nobody", () => {
    expect(said(matrix({ rules: [{ when: ['"hot"'], then: ["sdr"] }] }))).toMatchInlineSnapshot(`
      [
        "warning TABLE_GAP at - - decisionTables.who.rules: No rule of the table Who matches. Example: lead.status = "other".",
        "warning MATRIX_NOBODY at call - config.whenNobody: The table Who may name nobody. That would be an incident, never an approval: name a level for it.",
      ]
    `);
  });

  it("a matrix that names somebody by default", () => {
    expect(said(matrix({ rules: [{ when: ['"hot"'], then: ["sdr"] }], defaults: ["lead"] }))).toMatchInlineSnapshot(
      `[]`,
    );
  });

  it("a matrix that names nobody, with levels beside it", () => {
    expect(
      said(matrix({ rules: [{ when: ["-"], then: [""] }] }, { levels: [{ ask: ["sdr"] }] })),
    ).toMatchInlineSnapshot(`[]`);
  });

  it("a matrix of too many votes, an unknown role, and a level in words", () => {
    expect(
      said(
        matrix({
          outputs: ["approvers", "level"],
          rules: [
            { when: ['"a"'], then: ["3 of sdr, lead", 1] },
            { when: ['"b"'], then: ["cfo", "two"] },
            { when: ["-"], then: [{ feel: "lead.who" }, 1] },
          ],
        }),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error TOO_MANY_NEEDED at call - decisionTables.who.rules.0: Rule 1 of the table Who needs 3 to approve and asks 2.",
        "error UNKNOWN_REFERENCE at call - decisionTables.who.rules.1: The role cfo is not in this process.",
        "error BAD_TABLE at call - decisionTables.who.rules.1: Rule 2 of the table Who needs a number as its level.",
      ]
    `);
  });

  it("a request taken back by an exit that is not there", () => {
    expect(said(approval({ withdraw: "withdrawn" }))).toMatchInlineSnapshot(`
      [
        "error WITHDRAW_NO_EXIT at call - config.withdraw: “Call” has one exit only, so a request that is taken back cannot leave by another. Let it cancel the run, or give the step one exit for each decision.",
      ]
    `);
  });

  it("a time limit that approves", () => {
    expect(said(approval({ timeout: { after: "2h", do: "approve" } }))).toMatchInlineSnapshot(`
      [
        "error TIMEOUT_APPROVES at call - config.timeout: Time running out would approve “Call”. A timeout never approves: let it remind, escalate, reject or return.",
      ]
    `);
  });

  it("a time limit that cannot be read, of a calendar and to a role that are not there", () => {
    expect(
      said(approval({ timeout: { after: "soon", do: "escalate", calendar: "night", to: "cfo" } })),
    ).toMatchInlineSnapshot(`
      [
        "error BAD_DURATION at call - config.timeout: “soon” is not a duration. Write 8h, 2bd or PT8H.",
        "error UNKNOWN_REFERENCE at call - config.timeout: The calendar night is not in this process.",
        "error UNKNOWN_REFERENCE at call - config.timeout: The role cfo is not in this process.",
      ]
    `);
  });

  it("a timer that leads where approval leads", () => {
    expect(
      said(
        and(
          approval({ exits: "decision" }, { boundary: [{ id: "late", kind: "timer", after: "2h" }] }),
          without("e2"),
          add(end("no")),
          line(
            { id: "a", from: "call", to: "end", port: "approved" },
            { id: "b", from: "call", to: "no", port: "rejected" },
            { id: "c", from: "call", to: "no", port: "returned" },
            { id: "d", from: "call", to: "end", port: "late" },
          ),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error TIMEOUT_APPROVES at call - boundary: Time running out would approve “Call”. A timeout never approves: let it remind, escalate, reject or return.",
      ]
    `);
  });

  it("an SLA that writes the approval", () => {
    expect(
      said(
        and(
          approval({ decisionField: "run.decision" }),
          other({
            variables: { decision: { type: "text" } },
            slas: {
              touch: {
                name: "First touch",
                target: "PT4H",
                calendar: "office",
                onBreach: [{ verb: "set", field: "run.decision", value: '"approved"' }],
              },
            },
          }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error TIMEOUT_APPROVES at call - slas: Time running out would approve “Call”. A timeout never approves: let it remind, escalate, reject or return.",
      ]
    `);
  });

  it("a setting that approvals do not have", () => {
    expect(said(approval({ selfApproval: "maybe" }))).toMatchInlineSnapshot(`
      [
        "error BAD_CONFIG at call - config.selfApproval: “Call”: Invalid option: expected one of "forbid"|"allow".",
      ]
    `);
  });
});

describe("gates", () => {
  it("an exit gate where no person finishes", () => {
    expect(
      said(
        instead(
          "automation",
          {},
          { actions: [{ verb: "log", text: "x" }], gate: { exit: [{ kind: "field", field: "lead.status" }] } },
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error GATE_WITHOUT_PERSON at call - gate.exit: “Call” is not finished by a person, so nobody can meet its exit gate. Put what has to be there before the step after it.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("a guard on what is no step", () => {
    expect(
      said(
        and(
          instead("decision", {}, { gate: { noSkip: true } }),
          (drawn) => void Object.assign(drawn.edges[1]!, { otherwise: true }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error NOT_A_STEP at call - gate.noSkip: Only a step can be guarded against being passed over, not “Call”.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("a role, a record, a field and an item that are not there", () => {
    expect(
      said(
        call({
          checklist: [{ id: "a", text: "A" }],
          gate: {
            who: ["cfo"],
            entry: [{ kind: "checklist" }, { kind: "record", record: "quote" }, { kind: "field", field: "lead.mood" }],
            exit: [
              { kind: "checklist", item: "b" },
              { kind: "checklist", item: "a" },
              { kind: "checklist" },
              { kind: "field", field: "run.purse" },
              { kind: "field", field: "run.budget" },
            ],
          },
        }),
        { hasField: (_, field) => field === "status" },
      ),
    ).toMatchInlineSnapshot(`
      [
        "error UNKNOWN_REFERENCE at call - gate.who: The role cfo is not in this process.",
        "error CHECKLIST_AT_ENTRY at call - gate.entry.0: The checklist of “Call” is ticked while it is done, so it cannot be asked for before.",
        "error UNKNOWN_REFERENCE at call - gate.entry.1: There is no related record quote in this process.",
        "error UNKNOWN_FIELD at call - gate.entry.2: There is no field lead.mood.",
        "error UNKNOWN_REFERENCE at call - gate.exit.0: “Call” has no such item in its checklist.",
        "error UNKNOWN_FIELD at call - gate.exit.3: There is no field run.purse.",
      ]
    `);
  });
});

describe("conditions and values that cannot be read", () => {
  it("of a step", () => {
    expect(
      said(
        call({
          entryCriteria: "1 +",
          skipWhen: "(",
          gate: {
            entry: [{ kind: "condition", when: "[", text: "T" }],
            exit: [{ kind: "condition", when: "{", text: "T" }],
          },
        }),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error BAD_EXPRESSION at call - entryCriteria: Something is missing at the end.",
        "error BAD_EXPRESSION at call - gate.entry.0: Something is missing at the end.",
        "error BAD_EXPRESSION at call - gate.exit.0: The name of an entry is missing.",
        "error BAD_EXPRESSION at call - skipWhen: Something is missing at the end.",
      ]
    `);
  });

  it("of its actions", () => {
    expect(
      said(
        call({
          actions: [{ verb: "set", field: "lead.status", value: "1 +", until: "2 +", when: "3 +" }],
          onComplete: [
            { verb: "create", type: "activity", with: { subject: "4 +" } },
            { verb: "chat", connection: "sales", text: "{5 +}" },
          ],
          compensate: [{ verb: "http", method: "POST", url: "/x", body: "6 +", map: { "lead.status": "7 +" } }],
        }),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error BAD_EXPRESSION at call - actions.0.when: Something is missing at the end.",
        "error BAD_EXPRESSION at call - actions.0.value: Something is missing at the end.",
        "error BAD_EXPRESSION at call - actions.0.until: Something is missing at the end.",
        "error BAD_EXPRESSION at call - onComplete.0.with.subject: Something is missing at the end.",
        "error BAD_EXPRESSION at call - onComplete.1: Something is missing at the end.",
        "error BAD_EXPRESSION at call - compensate.0: Something is missing at the end.",
        "error BAD_EXPRESSION at call - compensate.0.map.lead.status: Something is missing at the end.",
      ]
    `);
  });

  it("of a connection", () => {
    expect(
      said(
        and(
          instead("decision"),
          add(end("b")),
          line({ id: "e3", from: "call", to: "b", when: "1 +" }),
          (drawn) => void Object.assign(drawn.edges[1]!, { otherwise: true }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error BAD_EXPRESSION at call e3 when: Something is missing at the end.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("of waits and boundary events", () => {
    expect(
      said(
        and(
          instead(
            "wait",
            {
              for: "first",
              branches: [
                { id: "a", for: "condition", condition: "1 +" },
                { id: "b", for: "date", until: "2 +" },
                { id: "c", for: "event", event: "reply.received", correlate: "3 +" },
              ],
            },
            {
              boundary: [
                { id: "m", kind: "message", event: "reply.received", correlate: "4 +" },
                { id: "r", kind: "record_changed", when: "5 +" },
              ],
            },
          ),
          without("e2"),
          line(...["a", "b", "c", "m", "r"].map((port) => ({ id: `x${port}`, from: "call", to: "end", port }))),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error BAD_EXPRESSION at call - config.branches: Something is missing at the end.",
        "error BAD_EXPRESSION at call - config.branches: Something is missing at the end.",
        "error BAD_EXPRESSION at call - config.branches: Something is missing at the end.",
        "error BAD_EXPRESSION at call - boundary: Something is missing at the end.",
        "error BAD_EXPRESSION at call - boundary: Something is missing at the end.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("of a called process", () => {
    expect(
      said(instead("subprocess", { process: "billing", input: { amount: "1 +" }, output: { paid: "2 +" } })),
    ).toMatchInlineSnapshot(`
      [
        "error BAD_EXPRESSION at call - config.input.amount: Something is missing at the end.",
        "error BAD_EXPRESSION at call - config.output.paid: Something is missing at the end.",
        "warning SLA_NEVER_STARTS at - - slas.touch.startStep: “First touch” starts with an event of a step, but belongs to none. Add it to a step, or choose the step it starts at.",
      ]
    `);
  });

  it("of the process, its queues, forms and SLAs", () => {
    expect(
      said(
        and(
          call({ form: "card" }),
          other({
            valueAtRisk: "1 +",
            queues: {
              reps: { role: "sdr", strategy: "expression", who: "2 +" },
              land: { role: "sdr", strategy: "territory", territories: [{ when: "3 +", to: "sdr" }] },
            },
            forms: { card: { title: "Card", fields: [{ field: "lead.status", requiredWhen: "4 +" }] } },
            slas: {
              touch: {
                name: "First touch",
                target: "PT4H",
                calendar: "office",
                onWarn: [{ verb: "log", text: "w", when: "5 +" }],
                onBreach: [{ verb: "log", text: "w", when: "6 +" }],
                ladder: [{ at: "150%", do: [{ verb: "log", text: "w", when: "7 +" }] }],
              },
            },
          }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "error BAD_EXPRESSION at - - valueAtRisk: Something is missing at the end.",
        "error BAD_EXPRESSION at - - slas.touch.onWarn.0.when: Something is missing at the end.",
        "error BAD_EXPRESSION at - - slas.touch.onBreach.0.when: Something is missing at the end.",
        "error BAD_EXPRESSION at - - slas.touch.ladder.0.do.0.when: Something is missing at the end.",
        "error BAD_EXPRESSION at - - queues.reps.who: Something is missing at the end.",
        "error BAD_EXPRESSION at - - queues.land.territories.0.when: Something is missing at the end.",
        "error BAD_EXPRESSION at - - forms.card.fields.0.requiredWhen: Something is missing at the end.",
      ]
    `);
  });
});
