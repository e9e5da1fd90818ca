/** How old what is open is, as of any day, beside what was finished by then. */
import { expect, it } from "vitest";
import { readAgeing } from "@/server/reports/read-ageing.ts";
import { describeOnBoth } from "../support/databases.ts";
import { textGraph } from "../support/text-graph.ts";
import { openBench } from "./bench.ts";

const day = 24 * 3_600_000;

describeOnBoth("ageing", (open) => {
  it("counts what was open at the end of the period, and compares it with what was finished in it", async () => {
    const bench = await openBench(await open());
    const { store, engine, clock, workspaceId } = bench;
    const drawing = { recordType: "account", runPolicy: "many" } as const;
    await bench.publish(textGraph("care", "call:task\nstart -> call -> done", drawing));
    const account = await bench.record("account", { name: "Sen" });
    const runs = await Promise.all([1, 2, 3, 4, 5, 6].map(() => bench.start("care", account, "account")));
    for (const run of runs.slice(0, 5)) {
      await bench.advance(day);
      await bench.send({ type: "completeWork", runId: run, work: "w1", outcome: null, values: {} }, "lan");
    }
    await bench.advance(2 * day);
    const now = clock.now();
    const read = (to: number, more = {}) =>
      readAgeing(
        { store, contexts: engine.contexts },
        workspaceId,
        { process: "care", from: now - 30 * day, to, time: "wall", ...more },
        now,
      );
    expect(await read(now)).toMatchObject({
      steps: [{ node: "call", open: 1, n: 5, p50: 3, old: 1 }],
      stays: [{ runId: runs[5], title: "Sen", days: 7, pace: 1, paused: false, breached: false }],
      finding: { node: "call", old: 1, open: 1 },
      at: now,
      total: 1,
    });
    // Four days ago: two were finished, too few to compare with.
    expect(await read(now - 4 * day)).toMatchObject({
      steps: [{ node: "call", open: 4, n: 2, p50: null }],
      stays: [{ days: 3, pace: null }, { days: 3 }, { days: 3 }, { days: 3 }],
      finding: { node: null, open: 4 },
    });
    expect(await read(now, { owner: "nobody" })).toMatchObject({ steps: [], stays: [], finding: null });
  });
});
