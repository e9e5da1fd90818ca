/** The way of one token among others, through loops, gates, lists and moves by hand: each stay at its own time, and no other's. */
import { expect, it } from "vitest";
import { finish } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import { beginWay, toldMoves, toldWhy } from "@/tests/support/told-way.ts";
import { whyHere } from "./why.ts";

const hour = 3_600_000;
type More = Parameters<typeof textGraph>[2];
const begin = (text: string, more: More = {}, values: Record<string, string | null> = {}) =>
  beginWay(textGraph("ways", text, more), values);
type Bench = Awaited<ReturnType<typeof begin>>["bench"];
const later = (bench: Bench) => bench.advance(hour);

it("a step that is done again: each stay is its own, with its gate, its table and who had it", async () => {
  const { bench, lead, runId } = await begin(
    `write:task
     rate:automation
     check:decision
     ship:task
     start -> write -> rate -> check
     check -> write [lead.country = "US"] max 5
     check -> ship otherwise
     ship -> done`,
    {
      variables: { level: { type: "text" } },
      decisionTables: {
        level: {
          hitPolicy: "first",
          inputs: ["lead.country", "lead.persona"],
          outputs: ["run.level"],
          rules: [
            { when: ['"VN"', '"A"'], then: ["high"] },
            { when: ['"VN"', "-"], then: ["middle"] },
            { when: ["-", "-"], then: ["low"] },
          ],
        },
      },
      nodes: { rate: { decisionTables: ["level"] }, write: { entryCriteria: "lead.website = null" } },
    },
    { country: "US", website: "https://sen.com" },
  );
  await later(bench);
  await bench.change(lead, { website: null });
  await later(bench);
  await finish(bench, runId, "write");
  await later(bench);
  await bench.send(
    { type: "assignWork", runId, work: "w2", how: { kind: "hand_over", to: "tom", note: "mine" } },
    "lan",
  );
  await bench.change(lead, { country: "VN", website: "https://sen.vn" });
  await later(bench);
  await finish(bench, runId, "write");
  await later(bench);
  expect(await toldWhy(bench, runId)).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T03:00 write no. 1 held 02T02:00 to 02T03:00 [lead.website = null with {"lead.website":"https://sen.com"} = false] → lan (rule, record_owner) left 02T04:00 by work, port done",
      "02T04:00 rate no. 1 left 02T04:00 by passed, port done",
      "02T04:00 check left 02T04:00 by choice, port e4 [lead.country = "US" with {"lead.country":"US"} = true]",
      "  not e5 to ship: otherwise",
      "02T04:00 write no. 2 again → lan (rule, sticky) → tom (hand_over, -) left 02T06:00 by work, port done",
      "02T06:00 rate no. 2 again left 02T06:00 by passed, port done",
      "02T06:00 check left 02T06:00 by choice, port e5",
      "  not e4 to write: false [lead.country = "US" with {"lead.country":"VN"} = false]",
      "02T06:00 ship no. 1 → tom (rule, sticky)",
    ]
  `);
  const run = await bench.run(runId);
  const past = { process: bench.process(run), events: bench.storyOf(runId), world: bench.world() };
  const { way } = whyHere(past, null)!;
  expect(
    way.flatMap(({ node, tables }) =>
      tables.map(({ rules, misses, outputs, name }) => [
        node,
        name,
        rules[0]!.no,
        outputs["run.level"],
        misses.map(
          ({ no, cells }) => `${no}: ${cells.map(({ input, value }) => `${input} ${String(value)}`).join(", ")}`,
        ),
      ]),
    ),
  ).toMatchInlineSnapshot(`
    [
      [
        "rate",
        "level",
        3,
        "low",
        [
          "2: lead.country US",
          "1: lead.country US, lead.persona null",
        ],
      ],
      [
        "rate",
        "level",
        2,
        "middle",
        [
          "3: ",
          "1: lead.persona null",
        ],
      ],
    ]
  `);
  expect(
    way.flatMap(({ assigned }) =>
      assigned.map(({ to, from, why, by, note }) => [to, from, why, "id" in by ? by.id : by.kind, note]),
    ),
  ).toMatchInlineSnapshot(`
    [
      [
        "lan",
        null,
        "rule",
        "system",
        null,
      ],
      [
        "lan",
        null,
        "rule",
        "lan",
        null,
      ],
      [
        "tom",
        "lan",
        "hand_over",
        "lan",
        "mine",
      ],
      [
        "tom",
        null,
        "rule",
        "tom",
        null,
      ],
    ]
  `);
});

it("two branches: each token has its own way from the split on", async () => {
  const { bench, lead, runId } = await begin(
    `both:parallel
     a:task
     b:task
     c:task
     d:task
     meet:join
     start -> both -> a -> c -> meet -> done
     both -> b -> d -> meet`,
    { nodes: { c: { entryCriteria: 'lead.country = "VN"' } } },
  );
  await later(bench);
  await finish(bench, runId, "b");
  await later(bench);
  await finish(bench, runId, "a");
  await later(bench);
  expect(await toldWhy(bench, runId, "t1")).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 both left 02T02:00 by passed, port all",
      "02T02:00 a no. 1 → lan (rule, record_owner) left 02T04:00 by work, port done",
      "02T04:00 c held 02T04:00 to - [lead.country = "VN" with {"lead.country":null} = false]",
    ]
  `);
  expect(await toldWhy(bench, runId, "t2")).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 both left 02T02:00 by passed, port all",
      "02T02:00 b no. 1 → lan (rule, record_owner) left 02T03:00 by work, port done",
      "02T03:00 d no. 1 → lan (rule, sticky)",
    ]
  `);
  await bench.change(lead, { country: "VN" });
  await later(bench);
  expect(await toldMoves(bench, runId)).toMatchInlineSnapshot(`
    [
      "t2 at d",
      "  lan completes w3 → meet",
      "t1 at c",
      "  lan completes w4 → meet",
    ]
  `);
  await finish(bench, runId, "c");
  await later(bench);
  await finish(bench, runId, "d");
  expect(await toldWhy(bench, runId)).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 both left 02T02:00 by passed, port all",
      "02T02:00 a no. 1 → lan (rule, record_owner) left 02T04:00 by work, port done",
      "02T05:00 c no. 1 held 02T04:00 to 02T05:00 [lead.country = "VN" with {"lead.country":null} = false] → lan (rule, sticky) left 02T06:00 by work, port done",
      "02T06:00 meet left 02T07:00 by joined, port done",
      "02T07:00 done left 02T07:00 by passed, port end",
    ]
  `);
});

it("the same step for each item of a list: every round is told by itself", async () => {
  const { bench, runId } = await begin(
    `each:for_each list={["a","b"]} as=one mode=parallel
     look:task in=each
     note:task in=each
     seen:end in=each
     look -> note -> seen
     after:task
     start -> each -> after -> done`,
  );
  await later(bench);
  const works = Object.values((await bench.run(runId)).work);
  await bench.send({ type: "completeWork", runId, work: works[1]!.id, outcome: null, values: {} }, "lan");
  await later(bench);
  const tokens = Object.keys((await bench.run(runId)).tokens);
  expect(
    await Promise.all(tokens.map(async (one) => [one, ...(await toldWhy(bench, runId, one))])),
  ).toMatchInlineSnapshot(`
    [
      [
        "t1",
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 each no. 1",
      ],
      [
        "t2",
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 each no. 1",
        "02T02:00 look no. 1 → lan (rule, record_owner)",
      ],
      [
        "t3",
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 each no. 1",
        "02T02:00 look no. 1 → lan (rule, record_owner) left 02T03:00 by work, port done",
        "02T03:00 note no. 1 → lan (rule, sticky)",
      ],
    ]
  `);
  expect(await toldMoves(bench, runId)).toMatchInlineSnapshot(`
    [
      "t1 at each after t2 t3",
      "t2 at look",
      "  lan completes w1 → note",
      "t3 at note",
      "  lan completes w3 → ",
    ]
  `);
  await finish(bench, runId, "look");
  await later(bench);
  await finish(bench, runId, "note");
  await later(bench);
  await finish(bench, runId, "note");
  await later(bench);
  expect(await toldWhy(bench, runId)).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 each no. 1 left 02T06:00 by inside, port done",
      "02T06:00 after no. 1 → lan (rule, sticky)",
    ]
  `);
});

it("moved by hand out of a branch, and taken off for a goal while two tokens stood", async () => {
  const text = `both:parallel
     a:task
     b:task
     meet:join
     start -> both -> a -> meet -> done
     both -> b -> meet
     won:end`;
  const goal = { nodes: { won: { config: { outcome: "success", goal: 'lead.country = "VN"' } } } };
  const { bench, lead, runId } = await begin(text, goal);
  await later(bench);
  await bench.send({ type: "jump", runId, how: { kind: "jump", token: "t2", to: "b" }, reason: "once more" }, "linh");
  await later(bench);
  expect(await toldWhy(bench, runId, "t1")).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 both left 02T02:00 by passed, port all",
      "02T02:00 a no. 1 → lan (rule, record_owner)",
    ]
  `);
  const other = Object.keys((await bench.run(runId)).tokens).find((id) => id !== "t1")!;
  expect([other, ...(await toldWhy(bench, runId, other))]).toMatchInlineSnapshot(`
    [
      "t3",
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 both left 02T02:00 by passed, port all",
      "02T02:00 b no. 1 → lan (rule, record_owner) left 02T03:00 by jumped “once more”, port cancelled",
      "  not done to meet: answer",
      "02T03:00 b no. 2 again → lan (rule, record_owner)",
    ]
  `);
  await bench.change(lead, { country: "VN" });
  await later(bench);
  expect(await toldWhy(bench, runId)).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 both left 02T02:00 by passed, port all",
      "02T02:00 a no. 1 → lan (rule, record_owner) left 02T04:00 by goal, port cancelled [lead.country = "VN" with {"lead.country":"VN"} = true]",
      "  not done to meet: answer",
      "02T04:00 won left 02T04:00 by passed, port end",
    ]
  `);
});

it("a reminder that comes again stands beside the step, each time with the step's own way behind it", async () => {
  const { bench, runId } = await begin(
    `call:task
     look:task
     nagged:task
     start -> call -> look -> done
     look.nag -> nagged
     nagged -> over`,
    { nodes: { look: { boundary: [{ id: "nag", kind: "timer", after: "2h", interrupting: false, repeat: true }] } } },
  );
  await later(bench);
  await finish(bench, runId, "call");
  await bench.advance(5 * hour);
  const tokens = Object.values((await bench.run(runId)).tokens).filter(({ node }) => node === "nagged");
  expect(tokens).toHaveLength(2);
  expect(
    await Promise.all(tokens.map(async ({ id }) => [id, ...(await toldWhy(bench, runId, id))])),
  ).toMatchInlineSnapshot(`
    [
      [
        "t2",
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 call no. 1 → lan (rule, record_owner) left 02T03:00 by work, port done",
        "02T03:00 look no. 1 → lan (rule, sticky)",
        "02T05:00 nagged no. 1 → lan (rule, sticky)",
      ],
      [
        "t3",
        "02T02:00 manual by linh",
        "02T02:00 start left 02T02:00 by passed, port done",
        "02T02:00 call no. 1 → lan (rule, record_owner) left 02T03:00 by work, port done",
        "02T03:00 look no. 1 → lan (rule, sticky)",
        "02T07:00 nagged no. 2 again → lan (rule, sticky)",
      ],
    ]
  `);
});

it("a promise that ran out ends the step by its exit; in time it was not taken", async () => {
  const text = `call:task
     after:task
     start -> call -> after -> done
     call.late -> after`;
  const slas = {
    slas: { answer: { name: "Answer", target: "PT4H", warnAt: [50], escalate: true } },
    nodes: { call: { slas: ["answer"] } },
  };
  const late = await begin(text, slas);
  await later(late.bench);
  expect(await toldMoves(late.bench, late.runId)).toMatchInlineSnapshot(`
    [
      "t1 at call",
      "  lan completes w1 → after",
      "  at 02T06:00 → after",
    ]
  `);
  await late.bench.advance(4 * hour);
  expect(await toldWhy(late.bench, late.runId)).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 call no. 1 → lan (rule, record_owner) left 02T06:00 by late, port late",
      "  not done to after: answer",
      "02T06:00 after no. 1 → lan (rule, record_owner)",
    ]
  `);
  const early = await begin(text, slas);
  await later(early.bench);
  await finish(early.bench, early.runId, "call");
  expect(await toldWhy(early.bench, early.runId)).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 call no. 1 → lan (rule, record_owner) left 02T03:00 by work, port done",
      "  not late to after: in_time",
      "02T03:00 after no. 1 → lan (rule, sticky)",
    ]
  `);
});

it("a step that failed and was tried again", async () => {
  const { bench, lead, runId } = await begin(
    `call:task
     size:automation
     after:task
     start -> call -> size -> after -> done`,
    {
      nodes: { size: { actions: [{ verb: "throw", code: "too_big", text: "too big", when: 'lead.country = "US"' }] } },
    },
    { country: "US" },
  );
  await later(bench);
  await finish(bench, runId, "call");
  await later(bench);
  expect(await toldWhy(bench, runId)).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 call no. 1 → lan (rule, record_owner) left 02T03:00 by work, port done",
      "02T03:00 size no. 1",
    ]
  `);
  expect(await toldMoves(bench, runId)).toMatchInlineSnapshot(`
    [
      "t1 at size",
      "  skip → after",
      "  jump to after → after",
    ]
  `);
  await bench.change(lead, { country: "VN" });
  await bench.send({ type: "retryIncident", runId, incident: "i1" }, "linh");
  expect(await toldWhy(bench, runId)).toMatchInlineSnapshot(`
    [
      "02T02:00 manual by linh",
      "02T02:00 start left 02T02:00 by passed, port done",
      "02T02:00 call no. 1 → lan (rule, record_owner) left 02T03:00 by work, port done",
      "02T03:00 size no. 1 left 02T04:00 by retried, port done",
      "02T04:00 after no. 1 → lan (rule, sticky)",
    ]
  `);
});

it("nothing is told of a run that has not begun, nor of a token that never was", async () => {
  const { bench, runId } = await begin("call:task\n start -> call -> done");
  const run = await bench.run(runId);
  const past = { process: bench.process(run), events: bench.storyOf(runId), world: bench.world() };
  expect(whyHere({ ...past, events: past.events.filter(({ stream }) => stream.kind === "record") }, null)).toBeNull();
  expect(whyHere(past, "t9")!.way).toEqual([]);
  expect(whyHere(past, "t1")).toMatchObject({ token: "t1", started: { version: 1, trigger: "manual", parent: null } });
  expect(whyHere(past, null)!.token).toBe("t1");
});
