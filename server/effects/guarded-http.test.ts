/** The guarded client against servers that really listen: what it may reach, and what no answer can do to it. */
import http from "node:http";
import net from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { type Call, type Guard, guardedCall } from "./guarded-http.ts";

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

async function listen(
  answer: http.RequestListener,
): Promise<{ url: string; port: number; seen: http.IncomingMessage[] }> {
  const seen: http.IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(() => closed()));
  });
  const { port } = server.address() as net.AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, seen };
}
async function listenRaw(answer: (socket: net.Socket) => void): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    answer(socket);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((closed) => server.close(() => closed()));
  });
  return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

const open: Guard = { allows: () => true, loopback: true };
const get = (url: string, more: Partial<Call> = {}): Call => ({
  method: "GET",
  url,
  headers: {},
  credentials: {},
  body: null,
  ...more,
});
const json = (response: http.ServerResponse, body: unknown, status = 200) => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};

describe("where a call may go", () => {
  it("is only a host that a connection allows", async () => {
    const { url, port, seen } = await listen((_, response) => json(response, {}));
    const allows = (host: string) => host === `127.0.0.1:${port}`;
    expect(await guardedCall(get(url), { ...open, allows })).toMatchObject({ ok: true, status: 200 });
    const other = await guardedCall(get(url.replace("127.0.0.1", "localhost")), { ...open, allows });
    expect(other).toMatchObject({ ok: false, code: "CLOSED", text: expect.stringContaining("No connection allows") });
    expect(seen).toHaveLength(1);
  });

  it("is https, but for the machine itself where that is allowed", async () => {
    const { url, seen } = await listen((_, response) => json(response, {}));
    for (const address of [
      url,
      "http://example.com/",
      "ftp://example.com/",
      "file:///etc/passwd",
      "gopher://x",
      "nonsense",
    ])
      expect(await guardedCall(get(address), { ...open, loopback: false })).toMatchObject({
        ok: false,
        code: "CLOSED",
      });
    // Loopback opens http to the machine itself, not to a neighbour.
    const resolve = async () => ["93.184.215.14"];
    expect(await guardedCall(get("http://example.com/"), { ...open, resolve })).toMatchObject({ code: "CLOSED" });
    expect(seen).toHaveLength(0);
  });

  it.each([
    "10.1.2.3",
    "127.0.0.1",
    "169.254.169.254",
    "172.31.255.1",
    "192.168.0.1",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:db8::1",
  ])("is never %s, not even beside a public address", async (address) => {
    for (const found of [[address], ["93.184.215.14", address]]) {
      const answer = await guardedCall(get("https://inner.example/"), {
        allows: () => true,
        loopback: false,
        resolve: async () => found,
      });
      expect(answer).toMatchObject({ ok: false, code: "CLOSED", text: expect.stringContaining("private network") });
    }
  });

  it.each([
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:7f00:1]/",
  ])("is not the machine itself in disguise: %s", async (address) => {
    expect(await guardedCall(get(address), { ...open, loopback: false })).toMatchObject({ ok: false, code: "CLOSED" });
  });

  it("is the address that was checked, however the name changes meanwhile", async () => {
    const { port, seen } = await listen((_, response) => json(response, { from: "the checked one" }));
    let asked = 0;
    const resolve = async () => (asked++ === 0 ? ["127.0.0.1"] : ["10.0.0.1"]);
    const answer = await guardedCall(get(`http://rebinding.example:${port}/`), { ...open, resolve });
    expect(answer).toMatchObject({ ok: true, text: '{"from":"the checked one"}' });
    expect(asked).toBe(1);
    expect(seen[0]?.headers.host).toBe(`rebinding.example:${port}`);
    // The next call is checked anew, and goes nowhere.
    const again = await guardedCall(get(`http://rebinding.example:${port}/`), { ...open, resolve });
    expect(again).toMatchObject({ ok: false, code: "CLOSED" });
    expect(seen).toHaveLength(1);
  });
});

describe("a redirect", () => {
  it("to a private address or to a host that is not allowed is not followed", async () => {
    for (const location of [
      "https://169.254.169.254/latest/meta-data",
      "https://10.0.0.8/",
      "https://other.example/",
    ]) {
      const { url, port } = await listen((_, response) => {
        response.writeHead(302, { location });
        response.end();
      });
      const allows = (host: string) => host !== "other.example";
      expect(await guardedCall(get(url), { ...open, allows })).toMatchObject({ ok: false, code: "CLOSED" });
      expect(port).toBeGreaterThan(0);
    }
  });

  it("to another origin takes no credentials along, to the same one it does", async () => {
    const there = await listen((_, response) => json(response, {}));
    const here = await listen((request, response) => {
      if (request.url === "/same") return json(response, {});
      response.writeHead(307, { location: request.url === "/out" ? `${there.url}/x` : "/same" });
      response.end();
    });
    const credentials = { authorization: "Bearer secret" };
    const call = { method: "POST" as const, credentials, headers: { "idempotency-key": "k1" }, body: "{}" };
    expect(await guardedCall(get(`${here.url}/out`, call), open)).toMatchObject({ ok: true });
    expect(there.seen[0]?.headers).toMatchObject({ "idempotency-key": "k1" });
    expect(there.seen[0]?.headers.authorization).toBeUndefined();
    expect(there.seen[0]?.method).toBe("POST");
    expect(await guardedCall(get(`${here.url}/in`, call), open)).toMatchObject({ ok: true });
    expect(here.seen.at(-1)?.headers.authorization).toBe("Bearer secret");
  });

  it("is followed three times and no more", async () => {
    const { url, seen } = await listen((request, response) => {
      const n = Number(request.url?.slice(1));
      if (n === 3) return json(response, { arrived: true });
      response.writeHead(303, { location: `/${n + 1}` });
      response.end();
    });
    expect(await guardedCall(get(`${url}/0`), open)).toMatchObject({ ok: true, text: '{"arrived":true}' });
    expect(await guardedCall(get(`${url}/4`), open)).toMatchObject({ ok: false, code: "CLOSED" });
    expect(seen).toHaveLength(8);
  });
});

describe("an answer", () => {
  const short = { ...open, limits: { totalMs: 300, connectMs: 200 } };

  it("of any status is given with its text", async () => {
    const { url } = await listen((_, response) => {
      response.writeHead(503, { "content-type": "text/html; charset=utf-8", "retry-after": "7" });
      response.end("<h1>away</h1>");
    });
    expect(await guardedCall(get(url), open)).toEqual({
      ok: true,
      status: 503,
      type: "text/html",
      text: "<h1>away</h1>",
      retryAfterMs: 7000,
    });
  });

  it("that never comes, that drips or that never ends is given up in time", async () => {
    const never = await listenRaw(() => {});
    expect(await guardedCall(get(never), short)).toMatchObject({ ok: false, code: "SLOW" });
    const drip = await listen((_, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      const timer = setInterval(() => response.write("."), 50);
      response.once("close", () => clearInterval(timer));
    });
    expect(await guardedCall(get(drip.url), short)).toMatchObject({ ok: false, code: "SLOW" });
  });

  it("of more than a megabyte is not read, said or unsaid", async () => {
    const ten = Buffer.alloc(10 * 1024 * 1024, "a");
    const said = await listen((_, response) => {
      response.writeHead(200, { "content-type": "text/plain", "content-length": ten.length });
      response.end(ten);
    });
    const endless = await listen((_, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      const more = () => {
        while (!response.destroyed && response.write(ten.subarray(0, 65_536)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    for (const { url } of [said, endless])
      expect(await guardedCall(get(url), open)).toMatchObject({ ok: false, code: "LARGE" });
  });

  it("that is small packed and huge unpacked is not unpacked to the end", async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(200_000);
    const { url } = await listen((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end(bomb);
    });
    const before = process.memoryUsage().arrayBuffers;
    expect(await guardedCall(get(url), open)).toMatchObject({ ok: false, code: "LARGE" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024);
    const fine = await listen((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end(gzipSync('{"a":1}'));
    });
    expect(await guardedCall(get(fine.url), open)).toMatchObject({ ok: true, text: '{"a":1}' });
  });

  it("of garbage is called that", async () => {
    const noHttp = await listenRaw((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    const picture = await listen((_, response) => {
      response.writeHead(200, { "content-type": "image/png" });
      response.end(Buffer.from([137, 80, 78, 71]));
    });
    const notGzip = await listen((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
      response.end("not packed at all");
    });
    const brotli = await listen((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "br" });
      response.end("x");
    });
    const longHeaders = await listenRaw((socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(200_000)}`));
    for (const url of [noHttp, picture.url, notGzip.url, brotli.url, longHeaders])
      expect(await guardedCall(get(url), open)).toMatchObject({ ok: false, code: "GARBAGE" });
  });

  it("that breaks off is no answer", async () => {
    const half = await listenRaw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
      setTimeout(() => socket.destroy(), 20);
    });
    const closed = await listenRaw((socket) => socket.destroy());
    for (const url of [half, closed])
      expect(await guardedCall(get(url), open)).toMatchObject({ ok: false, code: "AWAY" });
  });

  it("without content is whole", async () => {
    const { url } = await listen((_, response) => {
      response.writeHead(204);
      response.end();
    });
    expect(await guardedCall(get(url), open)).toMatchObject({ ok: true, status: 204, text: "" });
  });
});

it("goes past the proxies that the environment names", async () => {
  const proxy = await listen((_, response) => json(response, { proxy: true }));
  const { url } = await listen((_, response) => json(response, { direct: true }));
  const before = { ...process.env };
  for (const name of ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "NODE_USE_ENV_PROXY"]) process.env[name] = proxy.url;
  expect(await guardedCall(get(url), open)).toMatchObject({ ok: true, text: '{"direct":true}' });
  process.env = before;
  expect(proxy.seen).toHaveLength(0);
});

it("sends nothing over https to who cannot prove who it is", async () => {
  const plain = await listenRaw((socket) => socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\n\r\n")));
  const answer = await guardedCall(get(plain.replace("http:", "https:")), open);
  expect(answer).toMatchObject({ ok: false });
});
