/** The door for messages, as a sender meets it. */
import { beforeAll, describe, expect, it } from "vitest";
import { saveConnection } from "@/server/commands/save-connection.ts";
import { signed } from "@/server/connections/signature.ts";
import { type Answer, ask, startServer, type TestServer } from "@/tests/support/server.ts";
import { twoWorkspaces } from "@/tests/support/two-workspaces.ts";

let server: TestServer;
let path: string;
let secret: string;
beforeAll(async () => {
  server = await startServer();
  const { services } = server;
  const { own } = await twoWorkspaces(services.engine, services.clock.now(), "bare");
  const saved = await saveConnection(
    { ...services.engine, calls: services.calls },
    { workspaceId: own.workspaceId, actor: { kind: "member", id: own.memberId }, now: services.clock.now() },
    {
      id: null,
      key: "pay",
      name: "Pay",
      config: { kind: "hook", takes: { what: "message", event: "payment.received" } },
    },
  );
  if (!saved.ok) throw new Error(saved.text);
  secret = saved.secret!;
  path = `/api/hooks/${saved.id}`;
});
const json = { "content-type": "application/json" };
const post = (body: string, headers: Record<string, string> = {}, to = path): Promise<Answer> =>
  ask(
    server,
    "POST",
    to,
    { ...json, ...signed(secret, { id: "m1", at: server.services.clock.now(), body }), ...headers },
    body,
  );

describe("the door for messages", () => {
  it("answers 202 once it is stored, without a session and without an origin", async () => {
    const answer = await post('{"order":1}');
    expect([answer.status, JSON.parse(answer.body)]).toEqual([202, { ok: true, duplicate: false }]);
    expect(JSON.parse((await post('{"order":1}')).body)).toEqual({ ok: true, duplicate: true });
    expect((await post('{"order":2}')).status).toBe(409);
  });
  it("refuses what is too large without reading it, and what is no JSON", async () => {
    const ten = "x".repeat(10 * 1024 * 1024);
    expect((await ask(server, "POST", path, { ...json, "content-length": String(ten.length) }, "{")).status).toBe(413);
    expect((await post("{}", { "content-type": "text/plain" })).status).toBe(415);
    expect((await post("{")).status).toBe(400);
    expect((await ask(server, "GET", path)).status).toBe(405);
  });
  it("tells a stranger nothing: a wrong signature, an address nobody has and one that is cut read alike", async () => {
    const wrong = await post("{}", { "webhook-signature": "v1,AAAA" });
    const absent = await post("{}", {}, "/api/hooks/con_absent");
    const bare = await ask(server, "POST", "/api/hooks/", json, "{}");
    const said = (answer: Answer) => [
      answer.status,
      JSON.parse(answer.body).error.code,
      JSON.parse(answer.body).error.text,
    ];
    expect(said(absent)).toEqual(said(wrong));
    expect(said(bare)).toEqual(said(wrong));
    expect(wrong.status).toBe(401);
  });
  it("writes no secret and no content into the log", () => {
    const log = server.lines.join("\n");
    expect(log).not.toContain(secret);
    expect(log).not.toContain("order");
  });
});
