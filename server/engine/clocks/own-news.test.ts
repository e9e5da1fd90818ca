/** What a run writes itself is news to its own clocks: a promise that ends with an event ends whoever makes it happen. */
import { expect, it } from "vitest";
import type { Event } from "@/server/engine/events.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn } from "@/tests/support/flow-play.ts";

const bench = openBareBench();
const text = `call:task
   mark:automation
   start -> call -> mark -> done`;
const held = { verb: "set", field: "lead.meeting_status", value: '"held"' };
const marking = { nodes: { mark: { actions: [held] } } };
const clocks = async (runId: string) =>
  ((await bench.factsOf(runId)) as Event[]).flatMap((fact) =>
    fact.type === "ClockStarted" || fact.type === "ClockCompleted" || fact.type === "ClockCancelled" ? fact.type : [],
  );

it("the run itself concludes the meeting: the promise that ends with it is kept", async () => {
  const run = await playOn(bench, "own_stop", text, {
    ...marking,
    slas: { meet: { name: "Meet", target: "PT2H", starts: "run.started", stops: "meeting.concluded" } },
  });
  await run.done("call");
  expect(await run.at()).toBe("done");
  expect(await clocks(run.runId)).toEqual(["ClockStarted", "ClockCompleted"]);
});

it("and one that begins with it begins", async () => {
  const run = await playOn(
    bench,
    "own_start",
    `call:task
     mark:automation
     thank:task
     start -> call -> mark -> thank -> done`,
    {
      nodes: { mark: { actions: [held] }, thank: { slas: ["thanks"] } },
      slas: { thanks: { name: "Thank them", target: "PT2H", starts: "meeting.concluded", stops: "step.completed" } },
    },
  );
  await run.done("call");
  await run.done("thank");
  expect(await clocks(run.runId)).toEqual(["ClockStarted", "ClockCompleted"]);
});

it("a form that concludes it does the same", async () => {
  const run = await playOn(
    bench,
    "own_form",
    `call:task
     more:task
     start -> call -> more -> done`,
    {
      nodes: { call: { form: "result" } },
      forms: { result: { title: "Result", fields: [{ field: "lead.meeting_status" }] } },
      slas: { meet: { name: "Meet", target: "PT2H", starts: "run.started", stops: "meeting.concluded" } },
    },
  );
  await run.done("call", { "lead.meeting_status": "held" });
  expect(await run.at()).toBe("more");
  expect(await clocks(run.runId)).toEqual(["ClockStarted", "ClockCompleted"]);
});
