/** What is said of names that nothing bears, of times and of conditions that cannot be read. */
import { describe, expect, it } from "vitest";
import { said, call, other, instead, and, add, line, without, end } from "@/tests/support/faulty-drawing.ts";

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
