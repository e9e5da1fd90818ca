import { expect, it } from "vitest";
import { outcomeField } from "@/server/engine/work/form.ts";
import { recordRules } from "@/server/records/rules.ts";
import { compileVersion } from "@/server/steps/index.ts";
import { readShippedTemplate } from "@/server/templates/index.ts";

it.each([
  ["signature", "run.signature_result"],
  ["qualify", "run.qualify_decision"],
  ["deal_review", "run.manager_review"],
])("the buttons of %s are the values of %s, which the decision after it asks about", async (node, field) => {
  const document = await readShippedTemplate("opportunity_to_close");
  if (!document) throw new Error("the template is gone");
  const process = compileVersion(document, 1);
  const step = process.nodes.get(node);
  if (!step) throw new Error(`there is no ${node}`);
  expect(
    outcomeField(process, step, recordRules({ baseCurrency: "USD", zone: "UTC" }), {
      recordType: "opportunity",
      related: {},
    })?.field,
  ).toBe(field);
});
