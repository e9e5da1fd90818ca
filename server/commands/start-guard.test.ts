/** The condition of a start, judged on the record, on those it names, on the day it is; and what it read for whoever asks why. */
import { expect, it } from "vitest";
import type { EngineRecord, Values } from "@/server/engine/model.ts";
import { processSchema } from "@/server/engine/process.ts";
import { recordRules } from "@/server/records/rules.ts";
import { compileVersion } from "@/server/steps/index.ts";
import { textGraph } from "@/tests/support/text-graph.ts";
import { startGuard } from "./start-guard.ts";

const zone = "Asia/Ho_Chi_Minh";
const model = recordRules({ baseCurrency: "USD", zone });
const at = Date.UTC(2026, 2, 15, 2);
const record = (type: string, values: Values): EngineRecord => ({
  type,
  id: `${type}_1`,
  version: 1,
  createdAt: 0,
  values,
});
const account = record("account", { name: "Lotus", segment: "enterprise" });
const invoice = record("invoice", {
  account_id: account.id,
  due_date: "2026-03-05",
  subtotal: 500,
  balance: 500,
  days_past_due: 0,
});

function judge(when: string | undefined, more: object = {}) {
  const drawn = textGraph("dunning", "ask:task\nstart -> ask -> done", {
    recordType: "invoice",
    related: { account: { path: "invoice.account_id" } },
    nodes: { start: { config: { trigger: "event", event: "invoice.sent", ...(when !== undefined && { when }) } } },
    ...more,
  });
  const process = compileVersion(processSchema.parse(drawn), 1);
  return startGuard(process, invoice, (id) => (id === account.id ? account : null), { at, model, zone });
}

it.each([
  ["none", undefined, true],
  ["blanks", "  ", true],
  ["of its own record", "invoice.balance > 0", true],
  ["of one it names", 'account.segment = "enterprise"', true],
  ["that does not hold", 'account.segment = "smb"', false],
  ["of a count of days, as of then and not as written", "invoice.days_past_due = 10", true],
  ["of the day in the workspace's zone", 'today() = @"2026-03-15"', true],
  ["of what a run would have only later", "run.answer = 1", false],
  ["that is neither yes nor no", "invoice.balance", false],
  ["that cannot be read", "((", false],
])("a condition %s", (_, when, holds) => expect(judge(when).holds).toBe(holds));

it("says what it read", () => {
  expect(judge("invoice.days_past_due > 30 and account.segment != null").seen).toEqual({
    text: "invoice.days_past_due > 30 and account.segment != null",
    inputs: { "invoice.days_past_due": 10, "account.segment": "enterprise" },
    result: false,
  });
  expect(judge(undefined).seen).toBeNull();
});
