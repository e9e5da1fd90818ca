/** What is said of waits, of what runs inside others, and of events and goals that are drawn wrong. */
import { describe, expect, it } from "vitest";
import { said, call, instead, and, add, line, without, task, end } from "@/tests/support/faulty-drawing.ts";

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

  it("for a moment that nobody can work out", () => {
    const hourly = (condition: string) =>
      said(instead("wait", { for: "condition", condition })).filter((line) => line.includes("LOOKED_AT_HOURLY"));
    expect(hourly("now().hour >= 9")).toMatchInlineSnapshot(`
      [
        "warning LOOKED_AT_HOURLY at call - config.condition: A condition of “Call” asks for now() in a way that cannot be worked out beforehand, so it is looked at each full hour. To be exact to the moment, compare now() with a date and time, plus or minus some hours or days.",
      ]
    `);
    expect(hourly('now() - @"P1M" > lead.created_at')).toHaveLength(1);
    expect(hourly('now() - lead.created_at > @"P30D"')).toEqual([]);
    expect(hourly("today().day = 1")).toEqual([]);
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
