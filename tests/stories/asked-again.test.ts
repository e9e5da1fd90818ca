/** Whoever lost the answer asks again under the same key, and hears what was said. */
import { expect, it } from "vitest";
import { undoWork } from "@/server/commands/undo-work.ts";
import { describeOnBoth } from "../support/databases.ts";
import { newLead } from "../support/flow-play.ts";
import { textGraph } from "../support/text-graph.ts";
import { openBench } from "./bench.ts";

describeOnBoth("asked again under its key", (open) => {
  it("an undo that was done is told as done, and done once (simulation seed 103)", async () => {
    const bench = await openBench(await open());
    await bench.publish(textGraph("calls", "call:task\nlook:task\nstart -> call -> look -> done"));
    const runId = await bench.start("calls", await newLead(bench), "lead");
    const by = (await bench.run(runId)).work.w1!.assignee!;
    await bench.send({ type: "completeWork", runId, work: "w1", outcome: null, values: {} }, by);
    const undo = () => undoWork(bench.engine, { ...bench.ask(by), commandId: "undo_1" }, `${runId}.w1`);
    expect(await undo()).toEqual({ ok: true });
    expect(await undo()).toEqual({ ok: true });
    expect((await bench.factsOf(runId)).filter(({ type }) => type === "WorkUndone")).toHaveLength(1);
    // Another key is another wish.
    expect(await undoWork(bench.engine, { ...bench.ask(by), commandId: "undo_2" }, `${runId}.w1`)).toMatchObject({
      ok: false,
    });
  });
});
