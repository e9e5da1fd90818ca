/** A handoff is an event of the run: the promise to look at what was handed over counts from the moment the edge was taken. */
import { expect, it } from "vitest";
import type { Event } from "@/server/engine/events.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { finish, newLead } from "@/tests/support/flow-play.ts";
import { textGraph } from "@/tests/support/text-graph.ts";

it("handed over, the clock of who accepts it starts; handed over again, it starts again", async () => {
  const bench = openBareBench();
  const document = textGraph(
    "handed",
    `write:task
     check:task
     accept:task
     good:decision
     start -> write -> check -> accept -> good
     good -> write [lead.fit_score < 50] max 3
     good -> done otherwise`,
    {
      nodes: { accept: { slas: ["accepting"] } },
      slas: { accepting: { name: "Accept", target: "PT4H", starts: "handoff.submitted", stops: "step.completed" } },
    },
  ) as { edges: { from: string; handoff?: string }[] };
  document.edges.find(({ from }) => from === "write")!.handoff = "the brief";
  await bench.publish(document);
  const lead = await newLead(bench, { fit_score: 10 });
  const run = await bench.start("handed", lead, "lead");
  const clocks = async () =>
    ((await bench.factsOf(run)) as Event[]).flatMap((fact) =>
      fact.type === "ClockStarted" || fact.type === "ClockCompleted" ? `${fact.type} ${fact.data.clock.startedAt}` : [],
    );
  const handed = bench.now();
  await finish(bench, run, "write");
  await bench.advance(3_600_000);
  await finish(bench, run, "check");
  await finish(bench, run, "accept");
  expect(await clocks()).toEqual([`ClockStarted ${handed}`, `ClockCompleted ${handed}`]);
  await bench.change(lead, { fit_score: 90 });
  const again = bench.now();
  await finish(bench, run, "write");
  await finish(bench, run, "check");
  await finish(bench, run, "accept");
  expect((await clocks()).slice(2)).toEqual([`ClockStarted ${again}`, `ClockCompleted ${again}`]);
});
