/** What is said of work that nobody gets, and of approvals and gates that are drawn wrong. */
import { describe, expect, it } from "vitest";
import {
  said,
  call,
  other,
  instead,
  and,
  add,
  line,
  without,
  end,
  approval,
  matrix,
} from "@/tests/support/faulty-drawing.ts";

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
