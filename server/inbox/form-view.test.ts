import { expect, it } from "vitest";
import { recordLabels } from "@/server/records/rules.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn } from "@/tests/support/flow-play.ts";
import { formView } from "./form-view.ts";

it("what was typed stands before what is stored, also where a field was emptied", async () => {
  const bench = openBareBench();
  const { runId } = await playOn(
    bench,
    "form",
    `call:task
     start -> call -> done`,
    {
      forms: { about: { title: "About", fields: [{ field: "lead.job_title" }, { field: "lead.persona" }] } },
      nodes: { call: { form: "about" } },
    },
    { job_title: "Buyer", persona: "Champion" },
  );
  const run = await bench.run(runId);
  const process = bench.process(run);
  const { model, records } = bench.world();
  const shown = formView({
    process,
    node: process.nodes.get("call")!,
    run,
    recordNamed: () => records.get(run.recordId) ?? null,
    labels: recordLabels("en"),
    sources: model.sources,
    draft: { "lead.job_title": null },
  });
  expect(shown.map(({ path, value }) => [path, value])).toEqual([
    ["lead.job_title", null],
    ["lead.persona", "Champion"],
  ]);
});
