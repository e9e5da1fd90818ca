import { beforeAll, describe, expect, it } from "vitest";
import { startServer, type TestServer } from "@/tests/support/server.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";
import { createCaller } from "./router.ts";

let server: TestServer;
let own: Side;
beforeAll(async () => {
  server = await startServer();
  const { engine, clock } = server.services;
  ({ own } = await twoWorkspaces(engine, clock.now()));
});

const as = (role: "admin" | "ops") =>
  createCaller({ services: server.services, person: own.people[role], signal: undefined });
const eventsOf = async (cause: string) => {
  const { read, t } = server.services.store;
  return (await read.select().from(t.event)).filter((event) => event.cause === cause).map((event) => event.type);
};

describe("a request whose answer was lost", () => {
  it("makes its record once, and answers the same again", async () => {
    const ask = { type: "account", values: { name: "Lotus Foods" }, commandId: "create-lotus" };
    const first = await as("admin").records.create(ask);
    expect(await as("admin").records.create(ask)).toEqual(first);
    expect(await eventsOf("create-lotus")).toEqual(["RecordCreated"]);
    await expect(as("admin").records.create({ ...ask, values: { name: "Other" } })).rejects.toThrow(/used before/);
  });

  it("changes its record once, also when it had seen the version before", async () => {
    const { id } = await as("admin").records.create({ type: "account", values: { name: "Pho 24" } });
    const ask = { id, values: { billing_city: "Hanoi" }, seen: 1, commandId: "change-pho" };
    expect(await as("admin").records.change(ask)).toEqual({ ok: true, version: 2 });
    expect(await as("admin").records.change(ask)).toEqual({ ok: true, version: 2 });
    expect(await eventsOf("change-pho")).toEqual(["RecordChanged"]);
  });

  it("starts its run once", async () => {
    const ask = { process: own.processKey, recordId: own.recordId, commandId: "start-care" };
    const [first, together] = await Promise.all([as("admin").runs.start(ask), as("admin").runs.start(ask)]);
    expect(first.value).toEqual({ runId: "run_start-care" });
    expect(together.value).toEqual(first.value);
    expect((await as("admin").runs.start(ask)).value).toEqual(first.value);
    expect((await eventsOf("start-care")).filter((type) => type === "RunStarted")).toHaveLength(1);
  });

  it("completes its task once; the same key for something else is refused", async () => {
    const ask = { id: own.workId, outcome: null, values: {}, commandId: "complete-call" };
    await as("ops").inbox.complete(ask);
    expect(await as("ops").inbox.complete(ask)).toMatchObject({ ok: true });
    expect((await eventsOf("complete-call")).filter((type) => type === "WorkCompleted")).toHaveLength(1);
    await expect(as("ops").inbox.complete({ ...ask, outcome: "other" })).rejects.toThrow(/used before/);
    await expect(as("ops").inbox.complete({ ...ask, commandId: "another-key" })).rejects.toThrow(/done this task/);
  });
});
