import { beforeAll, expect, it } from "vitest";
import { startServer, type TestServer } from "@/tests/support/server.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";
import { createCaller } from "./router.ts";

let server: TestServer;
let own: Side;
let foreign: Side;
beforeAll(async () => {
  server = await startServer();
  const { engine, clock } = server.services;
  ({ own, foreign } = await twoWorkspaces(engine, clock.now()));
});

it("a workspace's own field is offered, kept and shown in words, and in no other workspace", async () => {
  const caller = createCaller({ services: server.services, person: own.people.admin, signal: undefined });
  await caller.fields.save({
    recordType: "account",
    key: "x_tier",
    type: "picklist",
    label: { en: "Tier", vi: "Hạng" },
    values: [{ value: "gold", label: { en: "Gold", vi: "Vàng" } }],
  });
  const described = { name: "x_tier", label: "Tier", options: [{ value: "gold", label: "Gold" }] };
  const describedFields = await caller.records.describe({ type: "account" });
  expect(describedFields.find((field) => field.name === "x_tier")).toMatchObject(described);

  const { id } = await caller.records.create({ type: "account", values: { name: "Lotus Foods", x_tier: " gold " } });
  const { fields } = await caller.records.read({ id });
  expect(fields.find((field) => field.name === "x_tier")).toMatchObject({ ...described, value: "gold" });

  const elsewhere = createCaller({ services: server.services, person: foreign.people.admin, signal: undefined });
  const theirs = await elsewhere.records.describe({ type: "account" });
  expect(theirs.some((field) => field.name === "x_tier")).toBe(false);
});
