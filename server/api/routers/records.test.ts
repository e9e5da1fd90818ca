import { beforeAll, expect, it } from "vitest";
import { recordsById } from "@/db/queries/world.ts";
import { startServer, type TestServer } from "@/tests/support/server.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";
import { createCaller } from "../router.ts";

let server: TestServer;
let own: Side;
beforeAll(async () => {
  server = await startServer();
  const { engine, clock } = server.services;
  ({ own } = await twoWorkspaces(engine, clock.now()));
});

it("a list, a record and a sample show the days past due of today, not those of the last time it was written", async () => {
  const { store } = server.services;
  const { records } = createCaller({ services: server.services, person: own.people.admin, signal: undefined });
  const account = await records.create({ type: "account", values: { name: "Lotus", domain: "lotus.com" } });
  const values = { account_id: account.id, number: "I-1", currency: "EUR", subtotal: 75_000, due_date: "2020-01-01" };
  const { id } = await records.create({ type: "invoice", values });
  const [row] = await recordsById(store, { workspaceId: own.workspaceId, ids: [id] });
  const today = row!.values.days_past_due;
  expect(today).toBeGreaterThan(2000);
  // As it stood the last time somebody wrote it, years ago.
  const written = { ...row!, values: { ...row!.values, days_past_due: 3 } };
  await store.commit([{ workspaceId: own.workspaceId, guards: [], events: [], put: { record: [written] }, drop: {} }]);

  const { rows } = await records.list({ type: "invoice" });
  expect(rows.find((one) => one.id === id)?.values).toMatchObject({ days_past_due: today });
  const { fields } = await records.read({ id });
  expect(fields.find(({ name }) => name === "days_past_due")?.value).toBe(today);
  const sample = await records.sample({ id, related: {} });
  expect(sample.values).toMatchObject({ invoice: { days_past_due: { $number: String(today) } } });
});
