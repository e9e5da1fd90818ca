import { beforeAll, describe, expect, it } from "vitest";
import type { Event } from "@/server/engine/events.ts";
import { startServer, type TestServer } from "@/tests/support/server.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";
import { createCaller } from "../router.ts";

let server: TestServer;
let own: Side;
let foreign: Side;
beforeAll(async () => {
  server = await startServer();
  const { engine, clock } = server.services;
  ({ own, foreign } = await twoWorkspaces(engine, clock.now(), "bare"));
});

let version = 0;
const renamed = (side: Side): Event => ({
  type: "SettingChanged",
  stream: { kind: "workspace", id: side.workspaceId },
  version: ++version,
  at: 1,
  actor: { kind: "system" },
  cause: null,
  data: { setting: "name", from: null, to: `n${version}` },
});
const happen = (side: Side) =>
  server.services.store.commit([
    { workspaceId: side.workspaceId, guards: [], events: [renamed(side)], put: {}, drop: {} },
  ]);

async function listener(lastEventId?: string) {
  const end = new AbortController();
  const caller = createCaller(
    { services: server.services, person: own.people.rep, signal: end.signal },
    { signal: end.signal },
  );
  const changes = (await caller.live.changes(lastEventId === undefined ? undefined : { lastEventId }))[
    Symbol.asyncIterator
  ]();
  return { next: () => changes.next(), end: () => end.abort() };
}

describe("live changes", () => {
  it("tell of one's own workspace only, put together while nobody reads", async () => {
    const { next, end } = await listener();
    const first = next();
    await new Promise((turn) => setImmediate(turn));
    await happen(foreign);
    await happen(own);
    expect((await first).value).toMatchObject(["1", { seq: 1, types: ["SettingChanged"] }, expect.anything()]);
    await happen(own);
    await happen(own);
    expect((await next()).value).toMatchObject(["3", { seq: 3 }, expect.anything()]);
    const last = next();
    end();
    expect((await last).done).toBe(true);
  });

  it("tell a listener who was away that something happened", async () => {
    const { next, end } = await listener("1");
    expect((await next()).value).toMatchObject(["3", { seq: 3, types: [] }, expect.anything()]);
    end();
  });
});
