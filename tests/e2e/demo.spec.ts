/** What the demo has none of is made before its pages are looked at: stuck runs, a batch, connections, somebody who is away. */
import { expect, test } from "@playwright/test";
import { post, signIn, stuckProcess } from "./act.ts";

test("the pages of the demo have something to show", async ({ context, baseURL }) => {
  await signIn(context, String(baseURL), "admin");
  await stuckProcess(context, "Goes round");
  await post(context, "batches.start", {
    kind: "suspend",
    filter: { process: "goes_round" },
    reason: "Prices are wrong",
  });
  await post(context, "connections.save", {
    id: null,
    key: "billing",
    name: "Billing",
    config: {
      kind: "api",
      base: "https://billing.example/v1",
      auth: { how: "bearer" },
      operations: { invoice: { method: "POST", path: "/invoices/{record.id}" } },
    },
    secret: "a token",
  });
  await post(context, "connections.save", {
    id: null,
    key: "payments",
    name: "Payments",
    config: { kind: "hook", takes: { what: "message", event: "payment.received" } },
  });
  await post(context, "fields.save", {
    recordType: "opportunity",
    key: "x_region",
    type: "text",
    label: { en: "Sales region", vi: "Khu vực bán hàng" },
  });
  const { people } = await post<{ people: { id: string; signsIn: boolean }[] }>(
    context,
    "people.list",
    undefined,
    "query",
  );
  // Of those who are only named: nobody else's walk begins in their inbox.
  const [one, other] = people.filter(({ signsIn }) => !signsIn);
  expect(other).toBeDefined();
  const [from, to] = [Date.now() - 3_600_000, Date.now() + 3 * 86_400_000];
  await post(context, "delegations.add", {
    memberId: one!.id,
    delegateId: other!.id,
    from,
    to,
    reason: "Two weeks of parental leave, as agreed with the team",
  });
  await post(context, "absences.add", { memberId: one!.id, from, to, reason: "Parental leave" });
});
