/** Each way by which a token goes on, told in full: why it left, why not by the other exits, and what would have moved it. */
import { describe, expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { finish } from "@/tests/support/flow-play.ts";
import { beginWay as begin, drawn, end, task, toldMoves as moves, toldWhy as why } from "@/tests/support/told-way.ts";
import { whyOwner } from "./owner.ts";
import { whyHere } from "./why.ts";

type Bench = ReturnType<typeof openBareBench>;
const hour = 3_600_000;

const settle = (bench: Bench) => bench.engine.worker.drain();

describe("a step that several things can end", () => {
  const document = drawn(
    [
      task("call", {
        boundary: [
          { id: "late", kind: "timer", after: "2h" },
          { id: "nag", kind: "timer", after: "1h", interrupting: false },
          { id: "reply", kind: "message", event: "reply.received", correlate: "lead.email" },
          { id: "hot", kind: "record_changed", when: 'lead.country = "VN"' },
          { id: "wrong", kind: "error", code: "bad" },
        ],
        onComplete: [{ verb: "throw", code: "bad", text: "no good", when: 'lead.company_name = "bad"' }],
      }),
      task("after"),
      task("nagged"),
      end("done"),
    ],
    "start>call call>after call:late>after call:nag>nagged call:reply>after call:hot>after call:wrong>after after>done nagged>done",
  );

  it("finished by a person", async () => {
    const { bench, runId } = await begin(document);
    expect(await moves(bench, runId)).toMatchInlineSnapshot(`
      [
        "t1 at call",
        "  lan completes w1 → after",
        "  message reply.received for "hoa@sen.com" → after",
        "  set lead.country to "VN" → after",
        "  at 02T04:00 → nagged, after",
      ]
    `);
    await bench.advance(60_000);
    await finish(bench, runId, "call");
    expect(await why(bench, runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 call no. 1 → lan (rule, record_owner) left 02T02:01 by work, port done",
        "  not late to after: not_due until 02T04:00",
        "  not nag to nagged: not_due until 02T03:00",
        "  not reply to after: no_message “reply.received”",
        "  not hot to after: no_change [lead.country = "VN" with {"lead.country":null} = false]",
        "  not wrong to after: no_error “bad”",
        "02T02:01 after no. 1 → lan (rule, sticky)",
      ]
    `);
  });

  it("ended by its timer, with one beside it that rang before", async () => {
    const { bench, runId } = await begin(document);
    await bench.advance(2 * hour);
    expect(await why(bench, runId, "t1")).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 call no. 1 → lan (rule, record_owner) left 02T04:00 by boundary “late”, port late",
        "  not done to after: answer",
        "  not nag to nagged: not_due until 02T03:00",
        "  not reply to after: no_message “reply.received”",
        "  not hot to after: no_change [lead.country = "VN" with {"lead.country":null} = false]",
        "  not wrong to after: no_error “bad”",
        "02T04:00 after no. 1 → lan (rule, record_owner)",
      ]
    `);
    expect(await why(bench, runId, "t2")).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 call no. 1 → lan (rule, record_owner)",
        "02T03:00 nagged no. 1 → lan (rule, record_owner)",
      ]
    `);
  });

  it("ended by a message", async () => {
    const { bench, runId } = await begin(document);
    await bench.send({ type: "receiveMessage", runId, event: "reply.received", payload: {}, key: "hoa@sen.com" });
    expect(await why(bench, runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 call no. 1 → lan (rule, record_owner) left 02T02:00 by boundary “reply”, port reply",
        "  not done to after: answer",
        "  not late to after: not_due until 02T04:00",
        "  not nag to nagged: not_due until 02T03:00",
        "  not hot to after: no_change [lead.country = "VN" with {"lead.country":null} = false]",
        "  not wrong to after: no_error “bad”",
        "02T02:00 after no. 1 → lan (rule, record_owner)",
      ]
    `);
  });

  it("ended by a change of its record", async () => {
    const { bench, lead, runId } = await begin(document, { country: "US" });
    await bench.change(lead, { country: "VN" });
    await settle(bench);
    expect(await why(bench, runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 call no. 1 → lan (rule, record_owner) left 02T02:00 by boundary “hot”, port hot [lead.country = "VN" with {"lead.country":"VN"} = true]",
        "  not done to after: answer",
        "  not late to after: not_due until 02T04:00",
        "  not nag to nagged: not_due until 02T03:00",
        "  not reply to after: no_message “reply.received”",
        "  not wrong to after: no_error “bad”",
        "02T02:00 after no. 1 → lan (rule, record_owner)",
      ]
    `);
  });

  it("ended by an error", async () => {
    const { bench, runId } = await begin(document, { company_name: "bad" });
    await finish(bench, runId, "call");
    expect(await why(bench, runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 call no. 1 → lan (rule, record_owner) left 02T02:00 by error “bad”, port wrong",
        "  not done to after: answer",
        "  not late to after: not_due until 02T04:00",
        "  not nag to nagged: not_due until 02T03:00",
        "  not reply to after: no_message “reply.received”",
        "  not hot to after: no_change [lead.country = "VN" with {"lead.country":null} = false]",
        "02T02:00 after no. 1 → lan (rule, sticky)",
      ]
    `);
  });

  it("passed over by hand, and moved elsewhere by hand", async () => {
    const { bench, runId } = await begin(document);
    await bench.send({ type: "jump", runId, how: { kind: "skip", token: "t1" }, reason: "known already" }, "linh");
    await bench.send(
      { type: "jump", runId, how: { kind: "jump", token: "t1", to: "call" }, reason: "after all" },
      "linh",
    );
    expect(await why(bench, runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 call no. 1 → lan (rule, record_owner) left 02T02:00 by skipped “known already”, port done",
        "  not late to after: not_due until 02T04:00",
        "  not nag to nagged: not_due until 02T03:00",
        "  not reply to after: no_message “reply.received”",
        "  not hot to after: no_change [lead.country = "VN" with {"lead.country":null} = false]",
        "  not wrong to after: no_error “bad”",
        "02T02:00 after no. 1 → lan (rule, record_owner) left 02T02:00 by jumped “after all”, port cancelled",
        "  not done to done: answer",
        "02T02:00 call no. 2 again → lan (rule, record_owner)",
      ]
    `);
  });
});

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

describe("faults", () => {
  it("a date that is not there: what would move it sets one and tries again", async () => {
    const document = drawn(
      [
        { id: "wait", kind: "wait", name: "wait", config: { for: "date", until: "lead.recycle_until" } },
        task("after"),
        end("done"),
      ],
      "start>wait wait>after after>done",
    );
    const { bench, runId } = await begin(document);
    expect(await moves(bench, runId)).toMatchInlineSnapshot(`
      [
        "t1 at wait",
        "  set lead.recycle_until to "2026-03-02", retry i1 → wait",
        "  set lead.recycle_until to "2026-03-03", retry i1 → wait",
        "  set lead.recycle_until to "2026-03-01", retry i1 → wait",
        "  set lead.recycle_until to "2026-04-01", retry i1 → wait",
      ]
    `);
    const [incident] = Object.keys((await bench.run(runId)).incidents);
    expect(incident).toBe("i1");
  });

  it("a goal from anywhere", async () => {
    const { bench, lead, runId } = await begin(
      drawn(
        [task("call"), end("done"), { id: "won", kind: "end", name: "won", config: { goal: 'lead.country = "VN"' } }],
        "start>call call>done",
      ),
    );
    await bench.change(lead, { country: "VN" });
    await settle(bench);
    expect(await why(bench, runId)).toMatchInlineSnapshot(`
      [
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 call no. 1 → lan (rule, record_owner) left 02T02:00 by goal, port cancelled [lead.country = "VN" with {"lead.country":"VN"} = true]",
        "  not done to done: answer",
        "02T02:00 won left 02T02:00 by passed, port end",
      ]
    `);
  });

  it("a run that is suspended is resumed first; one that is over moves no more", async () => {
    const { bench, runId } = await begin(drawn([task("call"), end("done")], "start>call call>done"));
    await bench.send({ type: "suspendRun", runId, reason: "holiday" }, "linh");
    expect(await moves(bench, runId)).toMatchInlineSnapshot(`
      [
        "t1 at call",
        "  resume, lan completes w1 → done",
      ]
    `);
    await bench.send({ type: "cancelRun", runId, reason: "over" }, "linh");
    expect(await moves(bench, runId)).toEqual([]);
  });
});

describe("why a record has its owner", () => {
  const document = drawn(
    [
      { id: "which", kind: "decision", name: "which" },
      {
        id: "route",
        kind: "automation",
        name: "route",
        decisionTables: ["level"],
        actions: [{ verb: "assign", role: "ae" }],
      },
      task("call"),
      end("done"),
    ],
    'start>which which>route?lead.country~=~"VN" which>done* route>call call>done',
    {
      decisionTables: {
        level: {
          hitPolicy: "first",
          inputs: ["lead.country"],
          outputs: ["run.n"],
          rules: [
            { when: ['"VN"'], then: [2] },
            { when: ["-"], then: [3] },
          ],
        },
      },
    },
  );

  it("a step gave it, after a table and by a branch", async () => {
    const { bench, lead, runId } = await begin(document, { owner_id: null, country: "VN" });
    expect(whyOwner(bench.storyOf(runId), lead)).toMatchInlineSnapshot(`
      {
        "at": 1772416800000,
        "branch": {
          "node": "which",
          "seen": {
            "edge": "which_route",
            "inputs": {
              "lead.country": "VN",
            },
            "result": true,
            "text": "lead.country = "VN"",
          },
          "seq": 6,
        },
        "by": {
          "id": "linh",
          "kind": "member",
        },
        "from": null,
        "pick": {
          "chosen": "lan",
          "next": "tom",
          "pool": [
            {
              "available": true,
              "member": "lan",
              "open": 0,
            },
            {
              "available": true,
              "member": "tom",
              "open": 0,
            },
          ],
          "queue": null,
          "role": "ae",
          "rule": "least_loaded",
          "seq": 10,
        },
        "seq": 11,
        "step": {
          "node": "route",
          "run": "run_2",
          "seq": 7,
        },
        "tables": [
          {
            "inputs": {
              "lead.country": "VN",
            },
            "outputs": {
              "run.n": 2,
            },
            "rules": [
              0,
            ],
            "seq": 8,
            "table": "level",
          },
        ],
        "to": "lan",
      }
    `);
  });

  it("a person gave it, or nobody has it", async () => {
    const { bench, lead, runId } = await begin(document, { owner_id: null, country: "US" });
    expect(whyOwner(bench.storyOf(runId), lead)).toBeNull();
    await bench.advance(hour);
    await bench.change(lead, { owner_id: "tom" });
    await bench.change(lead, { country: "SG" });
    expect(whyOwner(bench.storyOf(runId), lead)).toMatchInlineSnapshot(`
      {
        "at": 1772420400000,
        "branch": null,
        "by": {
          "id": "linh",
          "kind": "member",
        },
        "from": null,
        "pick": null,
        "seq": 10,
        "step": null,
        "tables": [],
        "to": "tom",
      }
    `);
    expect(whyOwner(bench.storyOf(runId), "lead_99")).toBeNull();
    const made = await bench.record("lead", { last_name: "An", email: "an@sen.com", owner_id: "tom" });
    expect(whyOwner(bench.storyOf(runId), made)).toMatchObject({
      to: "tom",
      from: null,
      step: null,
      pick: null,
      branch: null,
      tables: [],
    });
  });
});
