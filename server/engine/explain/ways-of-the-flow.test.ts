/** Each way a token goes on where no person is asked: waits, choices, branches and what runs inside. */
import { describe, expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { finish } from "@/tests/support/flow-play.ts";
import { beginWay as begin, drawn, end, task, toldMoves as moves, toldWhy as why } from "@/tests/support/told-way.ts";
import { whyHere } from "./why.ts";

type Bench = ReturnType<typeof openBareBench>;
const hour = 3_600_000;
const settle = (bench: Bench) => bench.engine.worker.drain();

describe("waits", () => {
  it("for a message, a condition, a date or a time, whichever is first", async () => {
    const document = drawn(
      [
        {
          id: "wait",
          kind: "wait",
          name: "wait",
          config: {
            for: "first",
            branches: [
              { id: "said", for: "event", event: "reply.received" },
              { id: "true", for: "condition", condition: 'lead.country = "VN"' },
              { id: "time", for: "duration", duration: "3h" },
            ],
          },
        },
        task("after"),
        end("done"),
      ],
      "start>wait wait:said>after wait:true>after wait:time>after after>done",
    );
    const one = await begin(document);
    expect(await moves(one.bench, one.runId)).toMatchInlineSnapshot(`
      [
        "t1 at wait",
        "  message reply.received → after",
        "  set lead.country to "VN" → after",
        "  at 02T05:00 → after",
      ]
    `);
    await one.bench.change(one.lead, { country: "VN" });
    await settle(one.bench);
    expect(await why(one.bench, one.runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 wait no. 1 left 02T02:00 by condition, port true",
        "  not said to after: first",
        "  not time to after: not_due until 02T05:00",
        "02T02:00 after no. 1 → lan (rule, record_owner)",
      ]
    `);
    const two = await begin(document);
    await two.bench.advance(3 * hour);
    expect(await why(two.bench, two.runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 wait no. 1 left 02T05:00 by timer “time”, port time",
        "  not said to after: first",
        "  not true to after: first",
        "02T05:00 after no. 1 → lan (rule, record_owner)",
      ]
    `);
    const three = await begin(document);
    await three.bench.send({ type: "receiveMessage", runId: three.runId, event: "reply.received", payload: {} });
    expect(await why(three.bench, three.runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 wait no. 1 left 02T02:00 by message “reply.received”, port said",
        "  not true to after: first",
        "  not time to after: not_due until 02T05:00",
        "02T02:00 after no. 1 → lan (rule, record_owner)",
      ]
    `);
  });

  it("for a change of the record", async () => {
    const { bench, lead, runId } = await begin(
      drawn(
        [
          { id: "wait", kind: "wait", name: "wait", config: { for: "event", event: "meeting.concluded" } },
          task("after"),
          end("done"),
        ],
        "start>wait wait:event>after after>done",
      ),
    );
    await bench.change(lead, { meeting_status: "held" });
    await settle(bench);
    expect(await why(bench, runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 wait no. 1 left 02T02:00 by news “meeting.concluded”, port event",
        "02T02:00 after no. 1 → lan (rule, record_owner)",
      ]
    `);
  });

  it("what a record lacks besides is named too: without it nobody could save it", async () => {
    const { bench, runId } = await begin(
      drawn([task("call", { entryCriteria: 'lead.country = "VN"' }), end("done")], "start>call call>done"),
      { company_name: null },
    );
    expect(await moves(bench, runId)).toMatchInlineSnapshot(`
      [
        "t1 at call",
        "  set lead.country to "VN", lead.company_name to "text" → call",
      ]
    `);
  });

  it("at a gate, until what is asked for is there", async () => {
    const { bench, lead, runId } = await begin(
      drawn(
        [task("call", { entryCriteria: 'lead.country = "VN" and run.n > 0' }), end("done")],
        "start>call call>done",
      ),
    );
    expect(await moves(bench, runId)).toMatchInlineSnapshot(`
      [
        "t1 at call",
        "  set lead.country to "VN" → call",
      ]
    `);
    await bench.advance(hour);
    await bench.change(lead, { country: "VN" });
    await settle(bench);
    expect(await why(bench, runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T03:00 call no. 1 held 02T02:00 to 02T03:00 [lead.country = "VN" and run.n > 0 with {"lead.country":null,"run.n":1} = false] → lan (rule, record_owner)",
      ]
    `);
  });
});

describe("choices and branches", () => {
  const document = drawn(
    [
      { id: "which", kind: "decision", name: "which" },
      { id: "both", kind: "parallel", name: "both" },
      task("a"),
      task("b", { skipWhen: 'lead.country = "US"' }),
      { id: "meet", kind: "join", name: "meet" },
      task("small"),
      end("done"),
      end("lost", "negative"),
    ],
    "start>which which>both?run.n~=~1 which>small?run.n~>~0 which>lost* both>a both>b a>meet b>meet meet>done small>done",
  );

  it("a choice, a split, a join that waits, and a step that its own rule passes over", async () => {
    const { bench, runId } = await begin(document, { country: "US" });
    expect(await moves(bench, runId)).toMatchInlineSnapshot(`
      [
        "t1 at a",
        "  lan completes w1 → done",
        "t2 at meet after t1",
      ]
    `);
    expect(await why(bench, runId, "t2")).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 which left 02T02:00 by choice, port which_both [run.n = 1 with {"run.n":1} = true]",
        "  not which_small to small: later [run.n > 0 with {"run.n":1} = true]",
        "  not which_lost to lost: otherwise",
        "02T02:00 both left 02T02:00 by passed, port all",
        "02T02:00 b no. 1 left 02T02:00 by skip_rule, port done",
        "02T02:00 meet",
      ]
    `);
    await finish(bench, runId, "a");
    expect(await why(bench, runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 which left 02T02:00 by choice, port which_both [run.n = 1 with {"run.n":1} = true]",
        "  not which_small to small: later [run.n > 0 with {"run.n":1} = true]",
        "  not which_lost to lost: otherwise",
        "02T02:00 both left 02T02:00 by passed, port all",
        "02T02:00 a no. 1 → lan (rule, record_owner) left 02T02:00 by work, port done",
        "02T02:00 meet left 02T02:00 by joined, port done",
        "02T02:00 done left 02T02:00 by passed, port end",
      ]
    `);
  });

  it("a choice that no branch fits is tried again when its condition has come true", async () => {
    const { bench, lead, runId } = await begin(
      drawn(
        [{ id: "which", kind: "decision", name: "which" }, task("a"), end("done"), end("other")],
        "start>which which>a?lead.annual_revenue~/~lead.employee_count~>~1 which>other* a>done",
      ),
    );
    expect(await why(bench, runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 which left 02T02:00 by choice, port which_other",
        "  not which_a to a: false [lead.annual_revenue / lead.employee_count > 1 with {"lead.annual_revenue":null,"lead.employee_count":null} = null]",
        "02T02:00 other left 02T02:00 by passed, port end",
      ]
    `);
    expect(lead).toBe("lead_1");
  });
});

describe("what runs inside", () => {
  it("a sub-process that has ended, and what a run waits for inside", async () => {
    const { bench, runId } = await begin(
      drawn(
        [
          { id: "sub", kind: "subprocess", name: "sub", config: { inline: true } },
          task("inner", { in: "sub" }),
          { ...end("out"), in: "sub" },
          task("after"),
          end("done"),
        ],
        "start>sub sub>after inner>out after>done",
      ),
    );
    expect(await moves(bench, runId)).toMatchInlineSnapshot(`
      [
        "t1 at sub after t2",
        "t2 at inner",
        "  lan completes w1 → after",
      ]
    `);
    expect(await why(bench, runId, "t2")).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 sub no. 1",
        "02T02:00 inner no. 1 → lan (rule, record_owner)",
      ]
    `);
    await finish(bench, runId, "inner");
    expect(await why(bench, runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 sub no. 1 left 02T02:00 by inside, port done",
        "02T02:00 after no. 1 → lan (rule, sticky)",
      ]
    `);
  });

  it("a called process that has ended", async () => {
    const bench = openBareBench();
    await bench.publish({ ...drawn([task("inner"), end("done")], "start>inner inner>done"), key: "called" });
    await bench.publish(
      drawn(
        [{ id: "sub", kind: "subprocess", name: "sub", config: { process: "called" } }, task("after"), end("done")],
        "start>sub sub>after after>done",
      ),
    );
    const lead = await bench.record("lead", {
      last_name: "Hoa",
      email: "hoa@sen.com",
      company_name: "Sen",
      source: "inbound_web",
      owner_id: "lan",
    });
    const runId = await bench.start("ways", lead, "lead");
    await settle(bench);
    expect(await moves(bench, runId)).toMatchInlineSnapshot(`
      [
        "t1 at sub",
        "  child e1 ends → after",
      ]
    `);
    const child = bench.runs().find(({ process }) => process === "called")!;
    await finish(bench, child.id, "inner");
    await settle(bench);
    expect(await why(bench, runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 sub no. 1 left 02T02:00 by child, port done",
        "02T02:00 after no. 1 → lan (rule, record_owner)",
      ]
    `);
    const run = await bench.run(child.id);
    const past = { process: bench.process(run), events: bench.storyOf(child.id), world: bench.world() };
    expect(whyHere(past, null)!.started.parent).toBe(runId);
  });
});
