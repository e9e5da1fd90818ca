/** Which names this server answers to. A request for any other Host is not ours (DNS rebinding, a wrong proxy). */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

export type Address = {
  /** The interface to listen on. */
  host: string;
  port: number;
  /** The origin people are told to open, and the one that links and cookies are made for. */
  baseUrl: string;
  /** True when people reach us over https, through a proxy: cookies are then `Secure` and `__Host-`. */
  secure: boolean;
  /** Every accepted `Host` header. */
  hosts: Set<string>;
  /** Every accepted `Origin` header. */
  origins: Set<string>;
};

/** Reads HOST, PORT and BASE_URL; the answer's `text` is for the person at the terminal. */
export function readAddress(env: {
  HOST?: string;
  PORT?: string;
  BASE_URL?: string;
}): { ok: true; address: Address } | { ok: false; text: string } {
  const host = env.HOST?.trim() || "127.0.0.1";
  const port = Number(env.PORT?.trim() || 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    return { ok: false, text: `PORT is "${env.PORT}", which is not a port number. Use one from 1 to 65535.` };
  const local = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
  const hosts = new Set(port === 80 ? [...local, "127.0.0.1", "localhost", "[::1]"] : local);
  const origins = new Set([...hosts].map((name) => `http://${name}`));
  if (!env.BASE_URL) {
    const shown = isLoopback(host) && host !== "::1" ? host : "localhost";
    return { ok: true, address: { host, port, baseUrl: `http://${shown}:${port}`, secure: false, hosts, origins } };
  }
  const base = URL.canParse(env.BASE_URL) ? new URL(env.BASE_URL) : null;
  if (!base || !/^https?:$/.test(base.protocol) || base.pathname !== "/")
    return {
      ok: false,
      text: `BASE_URL is "${env.BASE_URL}". It must be an origin such as https://millrace.example.com, without a path.`,
    };
  if (base.protocol === "http:" && !isLoopback(base.hostname))
    return {
      ok: false,
      text: `BASE_URL is "${env.BASE_URL}". Passwords and sessions may cross a network only over https: put a proxy with a certificate in front, and give its https address.`,
    };
  hosts.add(base.host);
  origins.add(base.origin);
  return {
    ok: true,
    address: { host, port, baseUrl: base.origin, secure: base.protocol === "https:", hosts, origins },
  };
}

/** True when the request names this server. The loopback names count only for callers on this machine. */
export function isOurs(request: IncomingMessage, address: Address): boolean {
  const name = request.headers.host?.toLowerCase();
  if (!name || !address.hosts.has(name)) return false;
  return name === new URL(address.baseUrl).host && address.secure
    ? true
    : isLoopback(request.socket.remoteAddress ?? "");
}

/** The caller's own address: what our proxy wrote last when there is one in front of us on this machine, else the peer. */
export function clientAddress(request: IncomingMessage, address: Address): string {
  const peer = request.socket.remoteAddress ?? "";
  const forwarded = request.headers["x-forwarded-for"];
  if (!address.secure || !isLoopback(peer) || !forwarded) return peer;
  const last = String(forwarded).split(",").at(-1)?.trim() ?? "";
  return isIP(last) ? last : peer;
}

export const isLoopback = (host: string): boolean => /^(localhost|(::ffff:)?127(\.\d+){3}|\[?::1\]?)$/i.test(host);
