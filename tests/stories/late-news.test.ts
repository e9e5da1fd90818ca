/** A worker that is behind: what other runs do to a record counts when they did it, not when the news came. */
import { expect, it } from "vitest";
import { verifyWorkspace } from "@/server/commands/verify.ts";
import { describeOnBoth } from "../support/databases.ts";
import { playOn } from "../support/flow-play.ts";
import { openBench } from "./bench.ts";

const hour = 3_600_000;

describeOnBoth("late news", (open) => {
  it("pauses a clock from the change on, although the run hears of it an hour later", async () => {
    const bench = await openBench(await open());
    const run = await playOn(bench, "late_news", "ask:task\nstart -> ask -> done", {
      nodes: { ask: { slas: ["answer"] } },
      slas: { answer: { name: "Answer", target: "8h", pauseWhen: "lead.fit_score > 50" } },
    });
    await bench.advance(hour);
    const changed = bench.clock.now();
    await bench.change(run.id, { fit_score: 80 });
    bench.clock.advance(hour);
    await bench.engine.worker.drain();
    const { clock } = Object.values((await run.run()).clocks)[0]!;
    expect(clock).toMatchObject({ state: "paused", pausedAt: changed });
    await run.change({ fit_score: 10 });
    const going = Object.values((await run.run()).clocks)[0]!.clock;
    expect(going).toMatchObject({ state: "in_progress", pausedWall: hour });
    expect(await verifyWorkspace(bench.engine, bench.workspaceId)).toMatchObject({ ok: true, problems: [] });
  });
});
