/** What of the installation's own networks calls may reach, and what nobody can open. */
import http from "node:http";
import type net from "node:net";
import os from "node:os";
import { describe, expect, it } from "vitest";
import { type Guard, guardedCall } from "./guarded-http.ts";
import { readInnerNetwork } from "./inner-network.ts";

describe("what is named", () => {
  it("may be called, and nothing beside it", () => {
    const open = readInnerNetwork("10.1.0.0/16, 192.168.7.7 erp.internal, fd12:3456::/32");
    const cases: [string, string, boolean][] = [
      ["any.example", "10.1.255.1", true],
      ["any.example", "10.2.0.1", false],
      ["any.example", "192.168.7.7", true],
      ["any.example", "192.168.7.8", false],
      ["any.example", "fd12:3456:9::1", true],
      ["any.example", "fd12:3457::1", false],
      ["erp.internal", "172.20.1.1", true],
      ["ERP.internal", "172.20.1.1", true],
      ["other.internal", "172.20.1.1", false],
      // A name that is allowed leads nowhere else: not to the machine, not to the cloud's metadata.
      ["erp.internal", "127.0.0.1", false],
      ["erp.internal", "::1", false],
      ["erp.internal", "169.254.169.254", false],
      ["erp.internal", "fe80::1", false],
      ["erp.internal", "::ffff:10.1.0.1", false],
      ["erp.internal", "no address", false],
    ];
    for (const [name, address, may] of cases) expect(open.allows(name, address), `${name} ${address}`).toBe(may);
    expect(open.anyPlain).toBe(false);
  });

  it("is nothing at all by default", () => {
    for (const text of [undefined, "", " , "])
      expect(readInnerNetwork(text).allows("erp.internal", "10.0.0.1")).toBe(false);
  });

  it("may be called without https only where that was written", () => {
    const open = readInnerNetwork("http://10.1.0.0/16 10.2.0.0/16");
    expect([open.plain("a", "10.1.0.1"), open.plain("a", "10.2.0.1")]).toEqual([true, false]);
    expect(open.anyPlain).toBe(true);
  });

  it.each([
    ["0.0.0.0/0", "no private network"],
    ["10.0.0.0/7", "no private network"],
    ["127.0.0.1", "no private network"],
    ["169.254.169.254", "no private network"],
    ["8.8.8.8", "no private network"],
    ["::1", "no private network"],
    ["fe80::/10", "no private network"],
    ["10.1.0.0/33", "no private network"],
    ["10.1.0.0/x", "no private network"],
    ["10.1/16", "neither"],
    ["erp.internal/24", "neither"],
    ["*.internal", "neither"],
    ["10.1.0", "neither"],
  ])("refuses %s", (text, why) => {
    expect(() => readInnerNetwork(text)).toThrow(why);
  });
});

/** An address of this machine in a private network, where it has one. */
const own = Object.values(os.networkInterfaces())
  .flatMap((all) => all ?? [])
  .map(({ address }) => address)
  .find((address) => readInnerNetwork("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7").allows("", address));

describe.skipIf(!own)("a server in a private network", () => {
  const address = own ?? "";
  async function calling(named: string | undefined, url: (port: number) => string): Promise<string> {
    const server = http.createServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end("{}");
    });
    await new Promise<void>((done) => server.listen(0, address, done));
    const guard: Guard = {
      allows: () => true,
      loopback: false,
      inside: readInnerNetwork(named),
      resolve: async (name) => (name === "two.internal" ? [address, "127.0.0.1"] : [address]),
    };
    const { port } = server.address() as net.AddressInfo;
    const call = { method: "GET", url: url(port), headers: {}, credentials: {}, body: null } as const;
    const answer = await guardedCall(call, guard);
    server.closeAllConnections();
    await new Promise<void>((closed) => server.close(() => closed()));
    return answer.ok ? String(answer.status) : answer.code;
  }
  const literal = address.includes(":") ? `[${address}]` : address;

  it("is closed unless it was named, by address or by name, and answers then", async () => {
    const byAddress = (port: number) => `http://${literal}:${port}/`;
    const byName = (port: number) => `http://erp.internal:${port}/`;
    expect(await calling(undefined, byAddress)).toBe("CLOSED");
    expect(await calling("http://10.99.0.0/16", byAddress)).toBe("CLOSED");
    expect(await calling(`http://${address}`, byAddress)).toBe("200");
    expect(await calling("http://other.internal", byName)).toBe("CLOSED");
    expect(await calling("http://erp.internal", byName)).toBe("200");
  });

  it("is not called without https unless that was written", async () => {
    expect(await calling(address, (port) => `http://${literal}:${port}/`)).toBe("CLOSED");
    // Asked with https, it is reached; it only speaks none.
    expect(await calling(address, (port) => `https://${literal}:${port}/`)).toBe("AWAY");
    expect(await calling(undefined, (port) => `https://${literal}:${port}/`)).toBe("CLOSED");
  });

  it("one of whose addresses is closed is closed", async () => {
    expect(await calling("http://two.internal", (port) => `http://two.internal:${port}/`)).toBe("CLOSED");
  });
});
