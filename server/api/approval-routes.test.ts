/** Approvals over http: a mail's link, a preview or a crawler may fetch any address, and nothing is decided by that. */
import { beforeAll, describe, expect, it } from "vitest";
import { createKey } from "@/server/auth/api-keys.ts";
import { ask, startServer, type TestServer } from "@/tests/support/server.ts";
import { type Side, twoWorkspaces } from "@/tests/support/two-workspaces.ts";

let server: TestServer;
let own: Side;
let bearer: Record<string, string>;
beforeAll(async () => {
  server = await startServer();
  const { engine, store, newId, clock } = server.services;
  ({ own } = await twoWorkspaces(engine, clock.now()));
  const { secret } = await createKey(store, newId, clock.now(), {
    workspaceId: own.workspaceId,
    memberId: own.people.admin.memberId,
    name: "approvals",
    scopes: ["*"],
    days: 1,
  });
  bearer = { authorization: `Bearer ${secret}` };
});

const written = async () => {
  const { read, t } = server.services.store;
  return (await read.select().from(t.event)).filter(({ type }) => /^(Work|Approval|Token|Run)/.test(type)).length;
};

describe("an approval", () => {
  it.each([
    ["inbox.complete", (side: Side) => ({ id: side.workId, outcome: "approved", values: {} })],
    ["inbox.undo", (side: Side) => ({ id: side.workId })],
    ["inbox.claim", (side: Side) => ({ id: side.workId })],
    ["inbox.release", (side: Side) => ({ id: side.workId })],
    ["inbox.handOver", (side: Side) => ({ id: side.workId, to: side.memberId })],
    ["inbox.assign", (side: Side) => ({ id: side.workId, to: side.memberId })],
    ["runs.withdraw", (side: Side) => ({ id: side.runId, token: "t1" })],
    [
      "delegations.add",
      (side: Side) => ({ memberId: side.memberId, delegateId: side.memberId, from: 1, to: 2, reason: "x" }),
    ],
    ["delegations.end", () => ({ id: "del_1" })],
  ])("is not touched by a GET of %s", async (procedure, input) => {
    const before = await written();
    const query = encodeURIComponent(JSON.stringify({ json: input(own) }));
    const path = `/api/trpc/${procedure}?input=${query}`;
    expect((await ask(server, "GET", path, bearer)).status).toBe(405);
    await ask(server, "HEAD", path, bearer);
    expect(await written()).toBe(before);
  });

  it("is not touched by reading its card, its record or its page's address", async () => {
    const before = await written();
    for (const [procedure, input] of [
      ["inbox.card", { id: own.workId }],
      ["records.read", { id: own.recordId }],
    ] as const)
      await ask(
        server,
        "GET",
        `/api/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`,
        bearer,
      );
    for (const path of [`/inbox/${own.workId}`, `/inbox?task=${own.workId}&outcome=approved`])
      await ask(server, "GET", path, bearer);
    expect(await written()).toBe(before);
  });
});
