/** A run as it was at a past instant, where one process calls another: both are looked at then, and lead to each other. */
import { expect, it } from "vitest";
import { runAsOf } from "@/server/inbox/run-as-of.ts";
import { runStory } from "@/server/inbox/run-story.ts";
import { recordLabels } from "@/server/records/rules.ts";
import { describeOnBoth } from "../support/databases.ts";
import { finish, playOn } from "../support/flow-play.ts";
import { textGraph } from "../support/text-graph.ts";
import { openBench } from "./bench.ts";

const hour = 3_600_000;

describeOnBoth("a called process as it was", (open) => {
  it("is seen at any instant from both sides, and nothing of it before it was called", async () => {
    const bench = await openBench(await open());
    const { engine, workspaceId, clock } = bench;
    await bench.publish(textGraph("called", "ask:task\ncheck:task\nstart -> ask -> check -> done"));
    const run = await playOn(
      bench,
      "caller",
      "first:task\ncall:subprocess process=called record=same\nlast:task\nstart -> first -> call -> last -> done",
    );
    const began = clock.now();
    await bench.advance(hour);
    await run.done("first");
    const called = clock.now();
    const child = (await bench.runsOf(run.id)).find(({ process }) => process === "called")!.id;
    await bench.advance(hour);
    await finish(bench, child, "ask");
    const asked = clock.now();
    await bench.advance(hour);
    await finish(bench, child, "check");
    await bench.engine.worker.drain();
    const over = clock.now();
    await bench.advance(hour);
    const seen = async (id: string, at: number) => {
      const story = (await runStory(engine, workspaceId, id, clock.now()))!;
      const view = runAsOf(story, { at }, clock.now(), {
        name: (member) => member ?? null,
        labels: recordLabels("en"),
        say: (text) => text,
      });
      return { ...view, at: view.state?.places.map(({ node, child: of }) => (of ? [node, of] : [node])) ?? null };
    };
    expect((await seen(run.runId, began)).at).toEqual([["first"]]);
    expect((await seen(run.runId, called)).at).toEqual([["call", child]]);
    expect((await seen(run.runId, asked)).at).toEqual([["call", child]]);
    expect(await seen(run.runId, over)).toMatchObject({ at: [["last"]], parent: null });
    expect(await seen(child, began)).toMatchObject({ at: null, state: null, parent: run.runId });
    expect(await seen(child, called)).toMatchObject({ at: [["ask"]], record: { id: run.id }, standing: { ask: 1 } });
    expect((await seen(child, asked)).at).toEqual([["check"]]);
    expect(await seen(child, over)).toMatchObject({
      at: [],
      state: { status: "completed", end: "done" },
      differences: [],
    });
  });
});
