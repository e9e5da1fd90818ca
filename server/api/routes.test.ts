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
    name: "k",
    scopes: ["*"],
    days: 1,
  });
  bearer = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
});

const call = async (path: string, input: unknown, headers = bearer) => {
  const answer = await ask(
    server,
    "POST",
    `/api/trpc/${path}`,
    headers,
    typeof input === "string" ? input : JSON.stringify({ json: input }),
  );
  const body = JSON.parse(answer.body) as { error?: { json?: { data: { code: string; text: string; id: string } } } };
  return { status: answer.status, error: body.error?.json?.data };
};
const good = { name: "reporting", scopes: ["reports.read"], days: 3 };

describe("a procedure over http", () => {
  it("takes a bearer key without an origin, and no cookie beside it", async () => {
    expect((await call("keys.create", good)).status).toBe(200);
    expect((await call("keys.create", good, { ...bearer, authorization: "Bearer mr_wrong" })).error?.code).toBe(
      "SIGN_IN",
    );
    expect(
      (await call("keys.create", good, { ...bearer, authorization: "Basic abc", cookie: "millrace=x" })).error,
    ).toMatchObject({ code: "ORIGIN", httpStatus: 403, text: expect.stringContaining("nothing was done") });
  });

  it("is not written by GET", async () => {
    const answer = await ask(
      server,
      "GET",
      `/api/trpc/keys.create?input=${encodeURIComponent(JSON.stringify({ json: good }))}`,
      bearer,
    );
    expect(answer.status).toBe(405);
  });

  it.each([
    ["a wrong type", { ...good, days: "3" }, /days/],
    ["an unknown key", { ...good, role: "admin" }, /role/],
    ["an unknown scope", { ...good, scopes: ["root"] }, /scopes/],
    ["a workspace of one's choice", { ...good, workspaceId: "ws_2" }, /workspaceId/],
  ])("refuses %s in one sentence that names it", async (_, input, named) => {
    const { status, error } = await call("keys.create", input);
    expect([status, error?.code]).toEqual([400, "INVALID"]);
    expect(error?.text).toMatch(named);
    expect(error?.text).toMatch(/Nothing was changed\.$/);
    expect(error?.id).toMatch(/^err_/);
  });

  it.each([
    ["a forbidden key", '{"json":{"name":"a","__proto__":{"x":1}}}'],
    ["a forbidden key deep inside", '{"json":{"name":{"a":[{"constructor":{"prototype":{}}}]}}}'],
    ["bottomless nesting", `{"json":${"[".repeat(10_000)}${"]".repeat(10_000)}}`],
    ["too many values", JSON.stringify({ json: Array.from({ length: 6_000 }, () => 1) })],
    ["what is not JSON", "{"],
  ])("does not read %s", async (_, body) => {
    const { status, error } = await call("keys.create", body);
    expect(status).toBe(400);
    expect(error?.text).toMatch(/\.$/);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  it("answers at most ten calls at a time", async () => {
    const eleven = Array.from({ length: 11 }, () => "me.read").join(",");
    expect((await ask(server, "GET", `/api/trpc/${eleven}?batch=1`, bearer)).status).toBe(400);
  });
});
