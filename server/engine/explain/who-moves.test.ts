/** Who would have to do what so that a task or an approval goes on: never somebody who may not. */
import { expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { type BarePerson, barePerson } from "@/tests/support/bare-world.ts";
import { newLead } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import { toldMoves } from "@/tests/support/told-way.ts";
import type { Values } from "../model.ts";

type More = Parameters<typeof textGraph>[2];
async function begin(text: string, more: More = {}, values: Values = {}, people: BarePerson[] = []) {
  const bench = openBareBench(undefined, people);
  await bench.publish(textGraph("moves", text, more));
  const lead = await newLead(bench, { company_name: "Sen", ...values });
  const runId = await bench.start("moves", lead, "lead");
  await bench.engine.worker.drain();
  return { bench, lead, runId, moves: () => toldMoves(bench, runId) };
}
const someone = (id: string, ...roles: string[]) => barePerson(id, { roles });

it("each answer of a task, or each value of the field that the choice after it reads", async () => {
  const outcomes = await begin("call:task\n start -> call\n call.yes -> won\n call.no -> lost", {
    nodes: {
      call: {
        config: {
          outcomes: [
            { id: "yes", label: "Yes" },
            { id: "no", label: "No" },
          ],
        },
      },
    },
  });
  expect(await outcomes.moves()).toMatchInlineSnapshot(`
    [
      "t1 at call",
      "  lan completes w1 “yes” → won",
      "  lan completes w1 “no” → lost",
    ]
  `);
  const field = await begin(
    'call:task\n which:decision\n start -> call -> which -> won [run.answer = "good"]\n which -> lost otherwise',
    {
      variables: { answer: { type: "picklist", values: ["good", "bad"] } },
      forms: {
        ask: {
          title: "Ask",
          fields: [
            { field: "run.answer", required: true },
            { field: "lead.website", required: true },
          ],
        },
      },
      nodes: { call: { form: "ask" } },
    },
  );
  expect(await field.moves()).toMatchInlineSnapshot(`
    [
      "t1 at call",
      "  lan completes w1 “good” filling lead.website → won",
      "  lan completes w1 “bad” filling lead.website → lost",
    ]
  `);
});

it("what nobody has is taken by the first of its role who is here", async () => {
  const people = [barePerson("an", { roles: ["ae"], active: false }), someone("binh", "ae"), someone("chi", "ae")];
  const { bench, runId, moves } = await begin("call:task\n start -> call -> done", {}, { owner_id: "chi" }, people);
  expect(await moves()).toMatchInlineSnapshot(`
    [
      "t1 at call",
      "  chi completes w1 → done",
    ]
  `);
  await bench.send({ type: "assignWork", runId, work: "w1", how: { kind: "release" } }, "chi");
  expect(await moves()).toMatchInlineSnapshot(`
    [
      "t1 at call",
      "  binh takes and completes w1 → done",
    ]
  `);
});

it("an approval is decided by somebody else than who owns the record or worked on it last, unless that is allowed", async () => {
  const people = [someone("an", "ae"), someone("binh", "ae"), someone("chi", "ae")];
  const approval = (config: object) => ({
    nodes: { ok: { config } },
  });
  const text =
    "call:task\n ok:approval\n start -> call -> ok\n ok.approved -> won\n ok.rejected -> lost\n ok.returned -> call";
  const decided = async (config: object) => {
    const one = await begin(text, approval({ exits: "decision", ...config }), { owner_id: "an" }, people);
    await one.bench.send({ type: "completeWork", runId: one.runId, work: "w1", outcome: null, values: {} }, "an");
    const { work } = await one.bench.run(one.runId);
    const [item] = Object.values(work);
    if (item?.assignee)
      await one.bench.send(
        { type: "assignWork", runId: one.runId, work: item.id, how: { kind: "release" } },
        item.assignee,
      );
    return one.moves();
  };
  expect(await decided({})).toMatchInlineSnapshot(`
    [
      "t1 at ok",
      "  binh takes and completes w2 “approved” → won",
      "  binh takes and completes w2 “rejected” → lost",
      "  binh takes and completes w2 “returned” → call",
    ]
  `);
  expect(await decided({ selfApproval: "allow" })).toMatchInlineSnapshot(`
    [
      "t1 at ok",
      "  an takes and completes w2 “approved” → won",
      "  an takes and completes w2 “rejected” → lost",
      "  an takes and completes w2 “returned” → call",
    ]
  `);
});

it("where nobody of the role is here the owner of the process does it; a suspended run is resumed first", async () => {
  const { moves, bench, runId } = await begin("call:task\n start -> call -> done", {}, {}, [
    barePerson("an", { active: false }),
  ]);
  expect(await moves()).toMatchInlineSnapshot(`
    [
      "t1 at call",
      "  lan completes w1 → done",
    ]
  `);
  await bench.send({ type: "suspendRun", runId, reason: "holiday" }, "linh");
  expect(await moves()).toMatchInlineSnapshot(`
    [
      "t1 at call",
      "  resume, lan completes w1 → done",
    ]
  `);
});

it("a message, a changed record or the clock, whichever the step listens to", async () => {
  const { moves, bench, lead } = await begin(
    "call:task\n start -> call -> done\n call.late -> out\n call.reply -> out\n call.any -> out\n call.hot -> out\n call.cold -> out",
    {
      nodes: {
        call: {
          boundary: [
            { id: "late", kind: "timer", after: "PT2H" },
            { id: "reply", kind: "message", event: "reply.received", correlate: "lead.email" },
            { id: "any", kind: "message", event: "any.news" },
            { id: "hot", kind: "record_changed", when: "lead.employee_count > 10" },
            { id: "cold", kind: "record_changed" },
          ],
        },
      },
    },
    { email: "a@sen.com" },
  );
  expect(await moves()).toMatchInlineSnapshot(`
    [
      "t1 at call",
      "  lan completes w1 → done",
      "  message reply.received for "a@sen.com" → out",
      "  message any.news → out",
      "  set lead.employee_count to 11 → out",
      "  set lead.employee_count to 100 → out",
      "  set lead.employee_count to 1000 → out",
      "  set lead.employee_count to 100000 → out",
      "  set lead.employee_count to 10000000 → out",
      "  at 02T04:00 → out",
    ]
  `);
  // An event without a condition is any change: the run has ended by it.
  await bench.change(lead, { employee_count: 5 });
  await bench.engine.worker.drain();
  expect(await moves()).toMatchInlineSnapshot(`[]`);
});
