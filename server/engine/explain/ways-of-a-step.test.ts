/** Each way a step ends, told in full: why it was left, why not by the other exits, and what would have moved it. */
import { describe, expect, it } from "vitest";
import type { openBareBench } from "@/tests/support/bare-bench.ts";
import { finish } from "@/tests/support/flow-play.ts";
import { beginWay as begin, drawn, end, task, toldMoves as moves, toldWhy as why } from "@/tests/support/told-way.ts";

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
