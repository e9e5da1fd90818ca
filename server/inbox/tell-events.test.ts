import { expect, it } from "vitest";
import en from "@/messages/en.json" with { type: "json" };
import vi from "@/messages/vi.json" with { type: "json" };
import { isRecorded } from "@/tests/golden/recorded-events.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { finish, newLead, playOn } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import { tellEvents } from "./tell-events.ts";

/** Facts of processes and settings are on no record's page. */
const elsewhere = new Set(["ProcessPublished", "ProcessRetired", "SettingChanged"]);
const types = Object.keys(isRecorded).filter((type) => !elsewhere.has(type));

it("every fact of a run or a record has its sentence in both languages", () => {
  for (const { record } of [en, vi]) expect(types.filter((type) => !Object.hasOwn(record.event, type))).toEqual([]);
});

it("what got stuck, was skipped, or is suspended says why", async () => {
  const bench = openBareBench();
  const { runId } = await playOn(
    bench,
    "stuck",
    `write:automation
     call:task
     start -> write -> call -> done`,
    {
      nodes: { write: { actions: [{ verb: "set", field: "run.note", value: 'number("x")' }] } },
      variables: { note: { type: "text" } },
    },
  );
  await bench.send({ type: "retryIncident", runId, incident: "i1", how: "skip", reason: "not needed" }, "mai");
  await bench.send({ type: "suspendRun", runId, reason: "holiday" }, "mai");
  const facts = bench.storyOf(runId);
  const told = tellEvents(bench.process(await bench.run(runId)), facts, String);
  expect(
    facts.flatMap(({ seq, type }) => (told.has(seq) ? [[type, told.get(seq)?.facts]] : [])),
  ).toMatchInlineSnapshot(`
    [
      [
        "ActionReached",
        {
          "n": 1,
          "what": "write",
        },
      ],
      [
        "IncidentRaised",
        {
          "what": "write",
          "why": "run.note could not be set: number has no answer for these arguments.",
        },
      ],
      [
        "EffectRequested",
        {
          "kind": "notice",
          "text": "write",
        },
      ],
      [
        "IncidentResolved",
        {
          "how": "skip",
          "why": "not needed",
        },
      ],
      [
        "RunSuspended",
        {
          "why": "holiday",
        },
      ],
    ]
  `);
});

it("a handoff that was sent back says why in words, whether the reason was chosen or written", async () => {
  const bench = openBareBench();
  const document = textGraph(
    "handing",
    `write:task
     take:task
     good:decision
     start -> write -> take -> good
     good -> write [run.back_reason != "none"] max 3
     good -> done otherwise`,
    {
      roles: { ae: { name: "Account executive" }, csm: { name: "Customer success" } },
      nodes: { write: { role: "ae" }, take: { role: "csm", form: "look" } },
      variables: { back_reason: { type: "picklist", values: ["none", "promises_unclear"], default: "none" } },
      forms: { look: { title: "Look", fields: [{ field: "run.back_reason" }] } },
    },
  ) as { edges: { from: string; handoff?: string }[] };
  document.edges.find(({ from }) => from === "write")!.handoff = "the note";
  await bench.publish(document);
  const run = await bench.start("handing", await newLead(bench), "lead");
  const values = { "run.back_reason": "promises_unclear" };
  for (const comment of ["", "Ask Huy first."]) {
    await finish(bench, run, "write");
    const [work] = Object.keys((await bench.run(run))!.work);
    await bench.send({ type: "completeWork", runId: run, work: work!, outcome: null, values, comment }, "lan");
  }
  const facts = bench.storyOf(run);
  const told = tellEvents(bench.process(await bench.run(run)), facts, String);
  const whys = facts.flatMap(({ type, seq }) => (type === "HandoffRejected" ? [told.get(seq)?.facts.why] : []));
  expect(whys).toEqual(["Promises unclear", "Ask Huy first."]);
});
