import { expect, it } from "vitest";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn } from "@/tests/support/flow-play.ts";

const bench = openBareBench();

/** A task whose completion writes the score of the lead, done with 80 where 20 stood; and the way back from it. */
async function scored(key: string) {
  const run = await playOn(
    bench,
    key,
    "ask:task\nnext:task\nstart -> ask -> next -> done",
    {
      nodes: {
        ask: { onComplete: [{ verb: "set", field: "lead.fit_score", value: "80" }] },
        next: { onComplete: [{ verb: "set", field: "lead.fit_score", value: "95" }] },
      },
    },
    { fit_score: 20 },
  );
  const before = structuredClone(await run.run());
  await run.done("ask");
  const takeBack = (record = run.id, to = 80) =>
    bench.send(
      {
        type: "undoWork",
        runId: run.runId,
        work: "w1",
        before,
        records: [{ type: "lead", id: record, changes: { fit_score: { from: 20, to } } }],
        undone: 12,
      },
      "lan",
    );
  return { ...run, before, takeBack, score: async () => (await bench.valuesOf(run.id)).fit_score };
}

it("the run stands where it stood, and the record has its former values, as the log says", async () => {
  const run = await scored("taken_back");
  expect([await run.at(), await run.score()]).toEqual(["next", 80]);
  expect(await run.takeBack()).toMatchObject({ ok: true });
  expect([await run.at(), await run.score()]).toEqual(["ask", 20]);
  expect((await run.run()).work.w1).toEqual(run.before.work.w1);
  expect((await bench.factsOf(run.runId)).at(-1)).toMatchObject({
    type: "WorkUndone",
    data: { work: "w1", undone: 12 },
  });
  const [last] = (await bench.recordFactsOf(run.id)).slice(-1);
  expect(last).toMatchObject({
    type: "RecordChanged",
    data: { type: "lead", changes: { fit_score: { from: 80, to: 20 } }, source: "undo" },
  });
});

it("what was changed since stays: the completion is not undone, and the person hears which field it is", async () => {
  const run = await scored("changed_since");
  await run.change({ fit_score: 85 });
  expect(await run.takeBack()).toMatchObject({
    ok: false,
    code: "UNDO_REFUSED",
    text: "Fit score was changed since. Nothing was undone.",
  });
  expect([await run.at(), await run.score()]).toEqual(["next", 85]);
});

it("a record that is gone cannot be put back", async () => {
  const run = await scored("gone_since");
  expect(await run.takeBack("lead_nowhere")).toMatchObject({
    ok: false,
    code: "UNDO_REFUSED",
    text: "A record this completion wrote is gone. Nothing was changed.",
  });
  expect(await run.at()).toBe("next");
});

it("the completion that ended the run is taken back as well", async () => {
  const run = await scored("ended");
  const before = structuredClone(await run.run());
  await run.done("next");
  expect(await run.at()).toBe("done");
  await bench.send({ type: "undoWork", runId: run.runId, work: "w2", before, records: [], undone: 20 }, "lan");
  expect([await run.at(), (await run.run()).status]).toEqual(["next", "active"]);
});
