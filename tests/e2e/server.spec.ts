import { mkdtempSync, rmSync, statSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { setUp, startServer } from "../../scripts/server.mjs";
import { freePort, owner } from "./own-server.ts";

let port: number;
let data: string;
test.beforeEach(async () => {
  port = await freePort();
  data = mkdtempSync(path.join(tmpdir(), "millrace-process-"));
});
test.afterEach(() => rmSync(data, { recursive: true, force: true }));

const me = async (url: string, cookie: string) =>
  (await fetch(`${url}/api/trpc/me.read`, { headers: { cookie } })).status;

test("keys and sessions outlive a restart, and the second start takes under five seconds", async () => {
  const first = await startServer({ data, port });
  const cookie = await setUp(first.url, owner);
  expect(await me(first.url, cookie)).toBe(200);
  expect(await first.stop()).toBe(0);
  expect(statSync(path.join(data, "secrets.json")).mode & 0o777).toBe(0o600);
  const begun = performance.now();
  const second = await startServer({ data, port });
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(await me(second.url, cookie)).toBe(200);
  expect(await second.stop()).toBe(0);
});

test("a second server on the same data, or on the same port, says so in one sentence and leaves", async () => {
  const first = await startServer({ data, port });
  await expect(startServer({ data, port: await freePort() })).rejects.toThrow(
    /Another Millrace is running on .*millrace\.db\. Stop it first/,
  );
  const elsewhere = mkdtempSync(path.join(tmpdir(), "millrace-process-"));
  await expect(startServer({ data: elsewhere, port, sameHealth: false })).rejects.toThrow(
    new RegExp(`Port ${port} is taken`),
  );
  rmSync(elsewhere, { recursive: true, force: true });
  expect((await fetch(`${first.url}/api/health`)).status).toBe(200);
  await first.stop();
});

test("stopping ends open event streams at once and leaves cleanly", async () => {
  const server = await startServer({ data, port });
  const cookie = await setUp(server.url, owner);
  const stream = await fetch(`${server.url}/api/trpc/live.changes`, {
    headers: { cookie, accept: "text/event-stream" },
  });
  expect(stream.headers.get("content-type")).toContain("text/event-stream");
  const ended = stream.text();
  const begun = performance.now();
  expect(await server.stop()).toBe(0);
  expect(performance.now() - begun).toBeLessThan(2500);
  await ended;
});

test("nothing can be upgraded", async () => {
  const server = await startServer({ data, port });
  for (const target of ["/", "/_next/hmr", "/api/trpc"]) {
    const answer = await new Promise<string>((done, failed) => {
      const socket = net.connect(port, "127.0.0.1", () =>
        socket.write(
          `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
        ),
      );
      let text = "";
      socket.on("data", (chunk) => (text += chunk.toString()));
      socket.on("close", () => done(text));
      socket.on("error", failed);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
  }
  await server.stop();
});
