import { expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn } from "@/tests/support/flow-play.ts";

const bench = openBareBench();
const text = `ask:task
   met:end outcome=success goal={lead.fit_score > 90}
   paid:end outcome=success goalEvent=invoice.paid
   start -> ask -> done`;
const goals = async (runId: string) =>
  (await bench.factsOf(runId)).filter((fact) => fact.type === "GoalReached").map((fact) => fact.data);
const cancelled = async (runId: string) =>
  (await bench.factsOf(runId)).filter((fact) => fact.type === "WorkCancelled").map((fact) => fact.data);

it("a goal whose condition becomes true ends the run there; the log says what was seen and why work went", async () => {
  const run = await playOn(bench, "goal_met", text);
  await run.change({ fit_score: 90 });
  expect(await run.at()).toBe("ask");
  await run.change({ fit_score: 91 });
  expect(await run.at()).toBe("met");
  expect(await goals(run.runId)).toEqual([
    {
      node: "met",
      token: "t2",
      condition: { text: "lead.fit_score > 90", inputs: { "lead.fit_score": 91 }, result: true },
    },
  ]);
  expect(await cancelled(run.runId)).toEqual([{ work: "w1", reason: "the goal “met” was reached" }]);
});

it("a goal that waits for an event is reached by it, and by no other", async () => {
  const run = await playOn(bench, "goal_paid", text);
  expect(await run.send("invoice.sent")).toMatchObject({ ok: false, code: "INVALID" });
  expect(await run.at()).toBe("ask");
  await run.send("invoice.paid");
  expect(await run.at()).toBe("paid");
  expect(await goals(run.runId)).toEqual([{ node: "paid", token: "t2", event: "invoice.paid" }]);
});
