/** What was handed over is taken over by who begins the work or approves it, and sent back by the next way back to the sender. */
import { expect, it } from "vitest";
import type { Event } from "@/server/engine/events.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { finish, newLead } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";

const hour = 3_600_000;
const began = Date.UTC(2026, 2, 2, 2);
const flow = `write:task
     tier:decision
     take:task
     good:decision
     use:task
     start -> write -> tier
     tier -> take otherwise
     take -> good
     good -> write [lead.fit_score < 50] max 3
     good -> use otherwise
     use -> done`;

async function handed(text = flow, more: Record<string, object> = {}, fit = 90) {
  const bench = openBareBench(began);
  const nodes = { write: { role: "ae" }, take: { role: "csm" }, use: { role: "csm" } };
  const roles = { ae: { name: "Account executive" }, csm: { name: "Customer success" } };
  const document = textGraph("handed", text, { roles, nodes: { ...nodes, ...more.nodes }, ...more.rest }) as {
    edges: { from: string; handoff?: string }[];
  };
  document.edges.find(({ from }) => from === "write")!.handoff = "the note";
  await bench.publish(document);
  const lead = await newLead(bench, { fit_score: fit });
  const run = await bench.start("handed", lead, "lead");
  const facts = async () => (await bench.factsOf(run)) as Event[];
  const told = async () =>
    (await facts()).flatMap((one) =>
      one.type === "HandoffSubmitted" || one.type === "HandoffAccepted" || one.type === "HandoffRejected"
        ? [[one.type.slice("Handoff".length), (one.due ?? one.at) - began]]
        : [],
    );
  return { bench, lead, run, facts, told };
}

it("whoever begins the work has taken it over; after that nothing is decided but the way back", async () => {
  const { bench, run, told, facts } = await handed();
  await finish(bench, run, "write");
  await bench.advance(hour);
  const [work] = Object.keys((await bench.run(run))!.work);
  await bench.send({ type: "startWork", runId: run, work: work! }, "lan");
  await bench.advance(hour);
  await finish(bench, run, "take");
  expect(await told()).toEqual([
    ["Submitted", 0],
    ["Accepted", hour],
  ]);
  const accepted = (await facts()).find((one) => one.type === "HandoffAccepted");
  expect(accepted?.data).toMatchObject({ artefact: "the note", by: "lan" });
});

it("work that is done without having been begun is taken over when it goes on, behind the gateway that decides", async () => {
  const { bench, run, told } = await handed();
  await finish(bench, run, "write");
  await bench.advance(hour);
  await finish(bench, run, "take");
  expect(await told()).toEqual([
    ["Submitted", 0],
    ["Accepted", hour],
  ]);
});

it("the way back to the sender sends it back, and the next time is another handoff", async () => {
  const { bench, run, told, lead, facts } = await handed(flow, {}, 10);
  await finish(bench, run, "write");
  await finish(bench, run, "take");
  expect((await told()).map(([what]) => what)).toEqual(["Submitted", "Rejected"]);
  const rejected = (await facts()).find((one) => one.type === "HandoffRejected");
  expect(rejected?.data).toMatchObject({ artefact: "the note", by: "lan" });
  await bench.change(lead, { fit_score: 90 });
  await finish(bench, run, "write");
  await finish(bench, run, "take");
  await finish(bench, run, "use");
  expect((await told()).map(([what]) => what)).toEqual(["Submitted", "Rejected", "Submitted", "Accepted"]);
  expect((await bench.run(run))!.handoffs).toBeUndefined();
});

it("an approval takes it over by a yes, and promises can end by it", async () => {
  const text = `write:task
     take:approval
     use:task
     start -> write -> take
     take.approved -> use -> done
     take.rejected -> no
     no:end
     take.returned -> write max 2`;
  const slas = {
    taken: { name: "Taken over", target: "PT4H", starts: "handoff.submitted", stops: "handoff.accepted" },
  };
  const { bench, run, told, facts } = await handed(text, {
    nodes: { take: { role: "csm", slas: ["taken"], config: { exits: "decision" } } },
    rest: { slas },
  });
  await finish(bench, run, "write");
  await bench.advance(hour);
  const [work] = Object.keys((await bench.run(run))!.work);
  const by = (await bench.run(run))!.work[work!]!.assignee!;
  await bench.send({ type: "startWork", runId: run, work: work! }, by);
  expect((await told()).map(([what]) => what)).toEqual(["Submitted"]);
  const values = {};
  const decided = await bench.send({ type: "completeWork", runId: run, work: work!, outcome: "approved", values }, by);
  expect(decided).toMatchObject({ ok: true });
  expect(await told()).toEqual([
    ["Submitted", 0],
    ["Accepted", hour],
  ]);
  const stopped = (await facts()).find((one) => one.type === "ClockCompleted");
  expect(stopped?.data.why).toMatchObject({ clause: "stop", event: "handoff.accepted" });
});

it("a reason chosen as a variable of the run is the reason it was sent back for; one that was left at its start is none", async () => {
  const text = `write:task
     take:task
     good:decision
     use:task
     start -> write -> take -> good
     good -> write [run.taken = "no"] max 3
     good -> use otherwise
     use -> done`;
  const rest = {
    variables: {
      taken: { type: "picklist", values: ["none", "yes", "no"], default: "none" },
      sent_back_reason: { type: "picklist", values: ["none", "promises_unclear"], default: "none" },
    },
    forms: {
      look: {
        title: "Look",
        fields: [
          { field: "run.taken", required: true },
          { field: "run.sent_back_reason", requiredWhen: 'run.taken = "no" and lead.fit_score > 50' },
        ],
      },
    },
  };
  const nodes = { take: { role: "csm", form: "look" } };
  const said = async (fit: number, given: Record<string, string>, comment?: string) => {
    const { bench, run, facts } = await handed(text, { nodes, rest }, fit);
    await finish(bench, run, "write");
    const [work] = Object.keys((await bench.run(run))!.work);
    const values = { "run.taken": "no", ...given };
    const more = comment === undefined ? {} : { comment };
    await bench.send({ type: "completeWork", runId: run, work: work!, outcome: "no", values, ...more }, "lan");
    return (await facts()).find((one) => one.type === "HandoffRejected")?.data;
  };
  const why = { "run.sent_back_reason": "promises_unclear" };
  expect(await said(90, why)).toMatchObject({ outcome: "no", reason: "promises_unclear" });
  expect(await said(90, why, "Ask Huy first.")).toMatchObject({ reason: "Ask Huy first." });
  expect(await said(10, { "run.sent_back_reason": "none" })).not.toHaveProperty("reason");
  expect(await said(10, {})).not.toHaveProperty("reason");
});
