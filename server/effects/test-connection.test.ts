/** What the test of a connection says of servers that really listen. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, it } from "vitest";
import type { OpenConnection } from "@/server/connections/build-call.ts";
import { testConnection } from "./test-connection.ts";

const closing: http.Server[] = [];
afterAll(() => {
  for (const server of closing) server.close();
});

/** Tests an address that answers like this. */
async function tested(status: number, type: string | null, body: string, more: Partial<OpenConnection> = {}) {
  const server = http.createServer((_, response) => {
    response.writeHead(status, type === null ? {} : { "content-type": type }).end(body);
  });
  closing.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection: OpenConnection = {
    id: "con_1",
    key: "billing",
    name: "Billing",
    host,
    config: { kind: "api", base: `http://${host}/v1`, auth: { how: "none" }, operations: {} },
    secret: null,
    ...more,
  };
  connection.secret = connection.secret?.replace("HOST", host) ?? null;
  return testConnection({ guard: { loopback: true } }, connection, { key: "test_1", at: 0, language: "en" });
}

it.each([
  ["JSON", 200, "application/json", "{}", { ok: true, status: 200, other: null }],
  ["JSON of its own kind", 200, "application/problem+json", "{}", { ok: true, status: 200, other: null }],
  ["nothing", 204, null, "", { ok: true, status: 204, other: null }],
  ["a page", 200, "text/html; charset=utf-8", "<h1>Hi</h1>", { ok: true, status: 200, other: "text/html" }],
  ["a picture", 201, "image/png", "…", { ok: true, status: 201, other: "image/png" }],
  ["plain text", 200, "text/plain", "pong", { ok: true, status: 200, other: "text/plain" }],
  ["something it does not name", 200, null, "pong", { ok: true, status: 200, other: "" }],
  [
    "what is not the JSON it says",
    200,
    "application/json",
    "<h1>",
    { ok: true, status: 200, other: "application/json" },
  ],
] as const)("an address that answers with %s was reached", async (_, status, type, body, answer) => {
  expect(await tested(status, type, body)).toEqual(answer);
});

it.each([
  [404, "text/html", "<h1>Not here</h1>", "“Billing” answered 404: “<h1>Not here</h1>”"],
  [503, "image/png", "…", "“Billing” answered 503 and said nothing more."],
  [401, "application/json", '{"error":"who?"}', '“Billing” answered 401: “{"error":"who?"}”'],
] as const)("one that answers %d with %s says no, and with which status", async (status, type, body, text) => {
  expect(await tested(status, type, body)).toMatchObject({ ok: false, code: "UNAVAILABLE", text });
});

it("a chat may answer anything that can be read; a page is no chat", async () => {
  const chat = async (type: string | null) =>
    tested(200, type, "ok", { config: { kind: "chat", style: "slack" }, secret: "http://HOST/hook" });
  expect(await chat("text/plain")).toEqual({ ok: true, status: 200, other: null });
  const check =
    "A chat answers in plain text or JSON, so the message has probably not arrived. Copy the address of its incoming webhook anew and save it in the connection.";
  expect(await chat("text/html")).toMatchObject({
    ok: false,
    code: "UNAVAILABLE",
    text: `“Billing” answered 200 with text/html. ${check}`,
  });
  expect(await chat(null)).toMatchObject({
    ok: false,
    text: `“Billing” answered 200 without saying what it is. ${check}`,
  });
});

it("a place where nobody answers was not reached", async () => {
  const answer = await tested(200, "application/json", "{}", {
    host: "127.0.0.1:9",
    config: { kind: "api", base: "http://127.0.0.1:9", auth: { how: "none" }, operations: {} },
  });
  expect(answer).toMatchObject({ ok: false, text: expect.stringContaining("could not be reached") as string });
});
