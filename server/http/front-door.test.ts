import { beforeAll, describe, expect, it } from "vitest";
import { type Answer, ask, startServer, type TestServer } from "@/tests/support/server.ts";
import { readAddress } from "./hosts.ts";
import { networkOf } from "../auth/sign-in-limit.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});

const json = { "content-type": "application/json" };
const fromPage = () => ({ ...json, origin: server.url });
const code = (answer: Answer) =>
  (JSON.parse(answer.body) as { error: { code: string; text: string; id: string } }).error.code;
const owner = JSON.stringify({
  workspace: "Acme",
  name: "Linh",
  email: "linh@acme.test",
  password: "correct horse battery",
  zone: "Europe/Berlin",
  locale: "en",
});

describe("the front door", () => {
  it("is healthy, and says which version it is", async () => {
    const answer = await ask(server, "GET", "/api/health");
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { status: "ok", version: "1.2.3" }]);
  });

  it.each([
    ["a foreign host", "GET", "/", { host: "evil.test" }, 421],
    ["a host without the port", "GET", "/", { host: "127.0.0.1" }, 421],
    ["a write to a page", "POST", "/", {}, 405],
    ["a server action", "GET", "/", { "Next-Action": "abc" }, 405],
    ["an unknown method", "PUT", "/api/auth/sign-in", {}, 405],
    ["options", "OPTIONS", "/records", {}, 405],
    ["an address nobody has", "GET", "/api/nothing", {}, 404],
    ["a write to health", "POST", "/api/health", {}, 405],
    ["a read of a write", "GET", "/api/auth/sign-in", {}, 405],
  ])("refuses %s", async (_, method, path, headers, status) => {
    const answer = await ask(server, method, path, headers);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: expect.any(String), text: expect.stringMatching(/\.$/), id: expect.stringMatching(/^ref_/) },
    });
  });

  it.each([
    ["no origin", {}],
    ["another origin", { origin: "http://evil.test" }],
    ["another port", { origin: "http://127.0.0.1:1" }],
    ["an opaque origin", { origin: "null" }],
    ["https of the same name", { origin: "https://127.0.0.1" }],
  ])("refuses a write with %s", async (_, headers) => {
    const answer = await ask(server, "POST", "/api/auth/set-up", { ...json, ...headers }, owner);
    expect([answer.status, code(answer)]).toEqual([403, "ORIGIN"]);
    expect(await server.services.isEmpty()).toBe(true);
  });

  it("reads JSON only, and only so much of it", async () => {
    expect(
      (await ask(server, "POST", "/api/auth/sign-in", { origin: server.url, "content-type": "text/plain" }, "{}"))
        .status,
    ).toBe(415);
    expect(
      (
        await ask(
          server,
          "POST",
          "/api/auth/sign-in",
          { origin: server.url, "content-type": "application/x-www-form-urlencoded" },
          "a=b",
        )
      ).status,
    ).toBe(415);
    expect(
      (await ask(server, "POST", "/api/auth/sign-in", { ...fromPage(), "content-length": String(2 * 1024 * 1024) }))
        .status,
    ).toBe(413);
    expect(
      (await ask(server, "POST", "/api/auth/sign-in", { ...fromPage(), "transfer-encoding": "chunked" })).status,
    ).toBe(411);
    expect(code(await ask(server, "POST", "/api/auth/sign-in", fromPage(), "{not json"))).toBe("INVALID");
    expect(
      code(
        await ask(
          server,
          "POST",
          "/api/auth/sign-in",
          fromPage(),
          '{"email":"a@b.c","password":"x","__proto__":{"admin":true}}',
        ),
      ),
    ).toBe("INVALID");
    expect(
      code(
        await ask(server, "POST", "/api/auth/sign-in", fromPage(), '{"email":"a@b.c","password":"x","role":"admin"}'),
      ),
    ).toBe("INVALID");
  });

  it("gives each page its own nonce, and lets nobody bring one along", async () => {
    const pages = await Promise.all(
      [1, 2].map(() =>
        ask(server, "GET", "/records", {
          "x-nonce": "mine",
          "content-security-policy": "script-src 'nonce-mine'",
          "x-forwarded-host": "evil.test",
          "x-middleware-subrequest": "1",
        }),
      ),
    );
    const policies = pages.map((page) => String(page.headers["content-security-policy"]));
    expect(new Set(policies).size).toBe(2);
    for (const policy of policies) expect(policy).not.toMatch(/mine|unsafe-eval|script-src[^;]*unsafe-inline/);
    const reached = server.seen.at(-1)?.headers ?? {};
    expect(policies).toContain(reached["content-security-policy"]);
    expect([reached["x-forwarded-host"], reached["x-middleware-subrequest"]]).toEqual([undefined, undefined]);
  });

  it("tells every browser what not to do", async () => {
    for (const path of ["/", "/api/health", "/api/nothing"]) {
      expect((await ask(server, "GET", path)).headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
      });
    }
  });

  it("shuts an account for a quarter of an hour after five wrong passwords, known or not, in the same words", async () => {
    expect((await ask(server, "POST", "/api/auth/set-up", fromPage(), owner)).status).toBe(200);
    const tryAs = (email: string, password: string) =>
      ask(server, "POST", "/api/auth/sign-in", fromPage(), JSON.stringify({ email, password }));
    const words: string[][] = [];
    for (const email of ["linh@acme.test", "nobody@acme.test"]) {
      // Side by side, as a guesser would send them.
      const answers = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => tryAs(email, "wrong")));
      expect(answers.map((a) => a.status).sort((a, b) => a - b)).toEqual([401, 401, 401, 401, 401, 429, 429]);
      words.push([...new Set(answers.map((a) => (JSON.parse(a.body) as { error: { text: string } }).error.text))]);
    }
    expect(words[0]).toEqual(words[1]);
    const right = await tryAs("linh@acme.test", "correct horse battery");
    expect(right.status).toBe(429);
    expect(Number(right.headers["retry-after"])).toBeGreaterThan(800);
  });

  it("does not let demo people in where the demo does not run", async () => {
    const { store, sessions, newId, clock } = server.services;
    const userId = await sessions.addUser({ email: "dana@demo.test", name: "Dana", password: "a public password" });
    const [owned] = await store.read.select().from(store.t.member);
    const [workspace] = await store.read.select().from(store.t.workspace);
    if (!owned || !workspace) throw new Error("not set up");
    const workspaceId = newId("ws");
    const put = {
      workspace: [{ ...workspace, id: workspaceId, demo: true, createdAt: clock.now() }],
      member: [{ ...owned, workspaceId, id: newId("mem"), userId, email: "dana@demo.test" }],
    };
    await store.commit([{ workspaceId, guards: [], events: [], put, drop: {} }]);
    const answer = await ask(
      server,
      "POST",
      "/api/auth/sign-in",
      fromPage(),
      JSON.stringify({ email: "dana@demo.test", password: "a public password" }),
    );
    expect([answer.status, code(answer), answer.headers["set-cookie"]]).toEqual([403, "NOT_ALLOWED", undefined]);
    expect(await store.read.$count(store.t.authSession)).toBe(1);
  });

  it("never writes a password, a cookie or an e-mail into the log", () => {
    const log = server.lines.join("");
    expect(log).toContain("a sign-in failed");
    for (const secret of ["correct horse", "wrong", "linh@acme", "millrace="]) expect(log).not.toContain(secret);
  });
});

describe("the address", () => {
  it.each([
    [{}, "http://127.0.0.1:3000"],
    [{ PORT: "4000", HOST: "0.0.0.0" }, "http://localhost:4000"],
    [{ BASE_URL: "https://millrace.example.com" }, "https://millrace.example.com"],
  ])("is read from %j", (env, url) => {
    expect(readAddress(env)).toMatchObject({ ok: true, address: { baseUrl: url } });
  });

  it.each([
    [{ PORT: "http" }],
    [{ PORT: "70000" }],
    [{ BASE_URL: "millrace.example.com" }],
    [{ BASE_URL: "https://x.test/app" }],
    [{ BASE_URL: "http://millrace.example.com" }],
  ])("refuses %j in one sentence", (env) => {
    const read = readAddress(env);
    expect(read).toMatchObject({ ok: false, text: expect.stringMatching(/\.$/) });
  });

  it.each([
    ["203.0.113.7", "203.0.113.0/24"],
    ["::ffff:203.0.113.7", "203.0.113.0/24"],
    ["2001:DB8:0:1:aaaa::1", "2001:db8:0:1::/64"],
    ["::1", "0:0:0:0::/64"],
  ])("puts %s in the network %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
