/** What is said of a graph that is drawn wrong: its nodes and lines, its choices, splits and joins. */
import { describe, expect, it } from "vitest";
import { said, call, instead, and, add, line, without, task, end } from "@/tests/support/faulty-drawing.ts";

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
