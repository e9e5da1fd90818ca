import http from "node:http";
import { beforeAll, expect, it } from "vitest";
import { createKey } from "@/server/auth/api-keys.ts";
import { startServer, type TestServer } from "@/tests/support/server.ts";
import { twoWorkspaces } from "@/tests/support/two-workspaces.ts";
import { actionRoute } from "./action-route.ts";

let server: TestServer;
let keyOf: (role: "ops" | "rep", scopes?: string[]) => Promise<string>;
beforeAll(async () => {
  server = await startServer();
  const { engine, store, newId, clock } = server.services;
  const { own } = await twoWorkspaces(engine, clock.now());
  keyOf = async (role, scopes = ["*"]) => {
    const { workspaceId, people } = own;
    return (
      await createKey(store, newId, clock.now(), {
        workspaceId,
        memberId: people[role].memberId,
        name: role,
        scopes,
        days: 1,
      })
    ).secret;
  };
});

/** The route alone on a server of its own. */
async function answer(headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const route = actionRoute(server.services, {
    path: "/api/imports",
    methods: ["POST"],
    accepts: "text/csv",
    limit: 1024,
    action: "records.import",
    handle: ({ person, scope }, _request, response) => void response.end(`${person.name} ${scope}`),
  });
  const alone = http.createServer(
    (request, response) => void route.handle(request, response, new URL("http://x/api/imports")),
  );
  await new Promise<void>((listening) => alone.listen(0, "127.0.0.1", listening));
  const address = alone.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const found = await fetch(`http://127.0.0.1:${port}/`, { headers: { ...headers, connection: "close" } });
  const text = await found.text();
  await new Promise((closed) => alone.close(closed));
  return { status: found.status, text };
}

it("an address outside the procedures asks for the same rights", async () => {
  expect(await answer({})).toMatchObject({ status: 401, text: expect.stringContaining("SIGN_IN") });
  expect(await answer({ authorization: `Bearer ${await keyOf("rep")}` })).toMatchObject({
    status: 403,
    text: expect.stringContaining("NOT_ALLOWED"),
  });
  expect(await answer({ authorization: `Bearer ${await keyOf("ops", ["reports.*"])}` })).toMatchObject({ status: 403 });
  expect(await answer({ authorization: `Bearer ${await keyOf("ops")}` })).toEqual({
    status: 200,
    text: "Ownmark ops all",
  });
});
