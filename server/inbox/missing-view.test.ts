import { expect, it } from "vitest";
import { recordLabels } from "@/server/records/rules.ts";
import { openBareBench } from "@/tests/support/bare-bench.ts";
import { playOn } from "@/tests/support/flow-play.ts";
import { missingView } from "./missing-view.ts";

it("a field of another record than the run's own says whose it is", async () => {
  const bench = openBareBench();
  const company = await bench.record("account", { name: "Lotus" });
  const { runId } = await playOn(
    bench,
    "held",
    `call:task
     start -> call -> done`,
    {
      related: { account: { path: "lead.matched_account_id" } },
      nodes: { call: { entryCriteria: "account.industry != null and lead.persona != null" } },
    },
    { matched_account_id: company },
  );
  const run = await bench.run(runId);
  const { model, records } = bench.world();
  const known = {
    model,
    records: new Map([...records.values()].map((one) => [one.id, one])),
    zone: "UTC",
    title: String,
    now: bench.now(),
  };
  const [token] = Object.keys(run.tokens);
  const parts = missingView(bench.process(run), run, token!, known, recordLabels("en"));
  expect(parts.flatMap(({ fields }) => fields.map(({ label, fix }) => [label, fix?.label]))).toEqual([
    ["Account: Industry", "Account: Industry"],
    ["Persona", "Persona"],
  ]);
});
