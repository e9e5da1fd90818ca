/**
 * The one way a call leaves the house (D23). The host must be allowed; its name is resolved once, every address is checked, and
 * the connection goes to exactly a checked one, whose peer is looked at before anything is sent: a name that changes its mind in
 * between leads nowhere. Redirects are followed by hand, each checked anew, without credentials for another origin. Proxies
 * that the environment names are not used, as every socket is opened here.
 */
import { lookup } from "node:dns/promises";
import http from "node:http";
import net from "node:net";
import tls from "node:tls";
import { createGunzip } from "node:zlib";
import type { InnerNetwork } from "./inner-network.ts";
import { isOpen, isOwn } from "./public-address.ts";

export type Call = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers: Record<string, string>;
  /** Headers that only the first origin may see. */
  credentials: Record<string, string>;
  body: string | null;
};

/** `answer`: what came back, whatever its status. `text` is what a JSON or plain answer held, decoded. */
export type Answered =
  | { ok: true; status: number; type: string; text: string; retryAfterMs: number | null }
  | { ok: false; code: CallProblem; text: string; unread?: Unread };
/** What was answered with success and not read, as it is no text of ours. `type` is empty where it says none. */
export type Unread = { status: number; type: string };
/** `CLOSED`: may not go there. `AWAY`: no connection, or it broke. `SLOW`, `LARGE`: beyond a limit. `GARBAGE`: nothing to be read. */
export type CallProblem = "CLOSED" | "AWAY" | "SLOW" | "LARGE" | "GARBAGE";

export type Guard = {
  /** Whether calls to this host (`name`, or `name:port` for a port of its own) are allowed. */
  allows(host: string): boolean;
  /** Whether the machine itself may be called, and without https. */
  loopback: boolean;
  /** The installation's own networks that may be called; none without. */
  inside?: InnerNetwork;
  /** Addresses of a name; the machine's own resolver unless given. */
  resolve?: (name: string) => Promise<string[]>;
  limits?: Partial<typeof usualLimits>;
};

/** The table of limits: connect 3 s, all of it 15 s, an answer of 1 MB, three redirects. */
export const usualLimits = { connectMs: 3_000, totalMs: 15_000, bytes: 1024 * 1024, redirects: 3 };

/** A refusal on the way, told to the caller as its answer. */
class Halt extends Error {
  readonly code: CallProblem;
  readonly unread: Unread | undefined;
  constructor(code: CallProblem, text: string, unread?: Unread) {
    super(text);
    this.code = code;
    this.unread = unread;
  }
}

/** Makes the call. Never rejects: what went wrong is part of the answer. */
export async function guardedCall(call: Call, guard: Guard): Promise<Answered> {
  const limits = { ...usualLimits, ...guard.limits };
  const sockets = new Set<net.Socket>();
  let late: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, halt) => {
    late = setTimeout(
      () => halt(new Halt("SLOW", `${hostOf(call.url)} did not answer within ${limits.totalMs / 1000} seconds.`)),
      limits.totalMs,
    );
  });
  try {
    return await Promise.race([follow(call, guard, limits, sockets), tooLate]);
  } catch (error) {
    if (error instanceof Halt) {
      const { code, message: text, unread } = error;
      return { ok: false, code, text, ...(unread && { unread }) };
    }
    return { ok: false, ...broken(error, hostOf(call.url)) };
  } finally {
    clearTimeout(late);
    for (const socket of sockets) socket.destroy();
  }
}

type Limits = typeof usualLimits;

async function follow(first: Call, guard: Guard, limits: Limits, sockets: Set<net.Socket>): Promise<Answered> {
  let call = first;
  for (let hop = 0; ; hop++) {
    const url = checked(call.url, guard);
    const address = await addressOf(url, guard);
    const socket = await connect(url, address, limits, sockets);
    const answer = await exchange(call, url, socket, limits);
    socket.destroy();
    if (answer.to === null) return answer.answered;
    if (hop >= limits.redirects)
      throw new Halt("CLOSED", `${url.host} sent the call on more than ${limits.redirects} times, so it was given up.`);
    call = redirected(call, url, answer.to, answer.answered.status);
  }
}

/** The address of a call as this guard allows it. */
function checked(text: string, guard: Guard): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) throw new Halt("CLOSED", `“${text.slice(0, 200)}” is not an address, so nothing was sent.`);
  const plain = url.protocol === "http:" && (guard.loopback || guard.inside?.anyPlain);
  if (url.protocol !== "https:" && !plain)
    throw new Halt("CLOSED", `Calls go over https only, so nothing was sent to ${url.host}.`);
  if (url.username || url.password)
    throw new Halt("CLOSED", `The address of ${url.host} carries a password, so nothing was sent.`);
  if (!guard.allows(url.host))
    throw new Halt(
      "CLOSED",
      `No connection allows calls to ${url.host}, so nothing was sent. Add one in the settings.`,
    );
  return url;
}

/** One address of the host, after all of them were found to be open: one closed among them closes the host. */
async function addressOf(url: URL, guard: Guard): Promise<string> {
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const found = net.isIP(name) ? [name] : await (guard.resolve ?? resolved)(name).catch(() => []);
  const [address] = found;
  if (address === undefined) throw new Halt("AWAY", `The name ${url.hostname} is not known, so nothing was sent.`);
  const reachable = (one: string) => isOpen(one, guard.loopback) || guard.inside?.allows(name, one);
  const plain = (one: string) => isOwn(one) || guard.inside?.plain(name, one);
  if (!found.every(reachable) || (url.protocol === "http:" && !found.every(plain)))
    throw new Halt("CLOSED", `${url.hostname} lies in a private network, so nothing was sent.`);
  return address;
}

const resolved = async (name: string): Promise<string[]> =>
  (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address);

/** A connection to exactly this address, encrypted where the address of the call says so. */
async function connect(url: URL, address: string, limits: Limits, sockets: Set<net.Socket>): Promise<net.Socket> {
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  const plain = net.connect({ host: address, port });
  sockets.add(plain);
  await within(
    opened(plain, "connect"),
    limits.connectMs,
    `${url.host} could not be reached within ${limits.connectMs / 1000} seconds.`,
  );
  if (plain.remoteAddress !== address)
    throw new Halt("CLOSED", `${url.host} answered from another address than the one that was checked.`);
  if (url.protocol === "http:") return plain;
  const name = net.isIP(url.hostname) ? {} : { servername: url.hostname };
  const secure = tls.connect({ socket: plain, ALPNProtocols: ["http/1.1"], ...name });
  sockets.add(secure);
  await within(
    opened(secure, "secureConnect"),
    limits.connectMs,
    `${url.host} could not be reached within ${limits.connectMs / 1000} seconds.`,
  );
  return secure;
}

const opened = (socket: net.Socket, event: "connect" | "secureConnect") =>
  new Promise<void>((done, failed) => {
    socket.once(event, () => done());
    socket.once("error", failed);
    // A peer that leaves in the middle of the handshake.
    socket.once("close", () => failed(new Halt("AWAY", "The connection was closed before it stood.")));
  });

async function within(work: Promise<void>, ms: number, text: string): Promise<void> {
  let late: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, halt) => {
    late = setTimeout(() => halt(new Halt("SLOW", text)), ms);
  });
  await Promise.race([work, tooLate]).finally(() => clearTimeout(late));
}

type Exchanged = { to: string | null; answered: Extract<Answered, { ok: true }> };

function exchange(call: Call, url: URL, socket: net.Socket, limits: Limits): Promise<Exchanged> {
  return new Promise((done, failed) => {
    const request = http.request({
      createConnection: () => socket,
      method: call.method,
      path: `${url.pathname}${url.search}`,
      headers: {
        accept: "application/json, text/plain;q=0.5",
        "accept-encoding": "identity",
        "user-agent": "Millrace",
        ...call.headers,
        ...call.credentials,
        host: url.host,
        connection: "close",
        ...(call.body !== null && { "content-length": String(Buffer.byteLength(call.body)) }),
      },
    });
    request.once("error", failed);
    socket.once("error", failed);
    request.once("response", (response) => {
      response.once("error", failed);
      const status = response.statusCode ?? 0;
      const to = [301, 302, 303, 307, 308].includes(status) ? (response.headers.location ?? null) : null;
      const retryAfterMs = waitOf(response.headers["retry-after"]);
      if (to !== null) {
        response.destroy();
        return done({ to, answered: { ok: true, status, type: "", text: "", retryAfterMs } });
      }
      read(response, url.host, limits).then(
        ({ type, text }) => done({ to: null, answered: { ok: true, status, type, text, retryAfterMs } }),
        failed,
      );
    });
    request.end(call.body ?? undefined);
  });
}

/** The text of an answer, at most `limits.bytes` of it, unpacked too. */
function read(response: http.IncomingMessage, host: string, limits: Limits): Promise<{ type: string; text: string }> {
  const type = (response.headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
  const encoding = (response.headers["content-encoding"] ?? "identity").toLowerCase();
  const status = response.statusCode ?? 0;
  const refused = status >= 400;
  // An error page may be written for people; its first words say what went wrong.
  const readable = isText(type) || (type === "text/html" && refused);
  const tooLarge = () =>
    new Halt("LARGE", `${host} answered with more than ${limits.bytes / 1024} kB, which was not read.`);
  return new Promise((done, failed) => {
    const no = (halt: Halt) => {
      failed(halt);
      response.destroy();
    };
    if (Number(response.headers["content-length"] ?? 0) > limits.bytes) return no(tooLarge());
    if (encoding !== "identity" && encoding !== "gzip")
      return no(new Halt("GARBAGE", `${host} answered in a packing that was not asked for.`));
    const gunzip = encoding === "gzip" ? createGunzip() : null;
    const body = gunzip ? response.pipe(gunzip) : response;
    gunzip?.once("error", () => no(new Halt("GARBAGE", `${host} answered with something that cannot be unpacked.`)));
    const chunks: Buffer[] = [];
    let size = 0;
    body.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.bytes) return no(tooLarge());
      if (!readable && refused) {
        // Its status says enough.
        done({ type, text: "" });
        response.destroy();
        return;
      }
      if (!readable)
        return no(
          new Halt(
            "GARBAGE",
            type
              ? `${host} answered with ${type}, which cannot be read.`
              : `${host} answered without saying what it is (no Content-Type), so it was not read.`,
            { status, type },
          ),
        );
      chunks.push(chunk);
    });
    body.once("end", () => done({ type, text: Buffer.concat(chunks).toString("utf8") }));
    response.once("aborted", () => no(new Halt("AWAY", `${host} broke off in the middle of its answer.`)));
  });
}

export const isJson = (type: string): boolean =>
  type === "application/json" || /^application\/[\w.-]+\+json$/.test(type);
const isText = (type: string) => isJson(type) || type === "text/plain";

/** Where a redirect leads, as browsers do it: 303, and a POST sent on by 301 or 302, become a GET. */
function redirected(call: Call, from: URL, location: string, status: number): Call {
  if (!URL.canParse(location, from))
    throw new Halt("GARBAGE", `${from.host} sent the call on to something that is not an address.`);
  const to = new URL(location, from);
  const asGet = status === 303 || (call.method === "POST" && (status === 301 || status === 302));
  return {
    method: asGet ? "GET" : call.method,
    url: to.href,
    headers: asGet ? withoutBody(call.headers) : call.headers,
    credentials: to.origin === from.origin ? call.credentials : {},
    body: asGet ? null : call.body,
  };
}

const withoutBody = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith("content-")));

/** `Retry-After` in seconds, at most a day. Dates are left out: their clock is not ours. */
function waitOf(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,5}$/.test(header.trim()) ? Number(header) * 1000 : null;
}

/** What a fault of the network or of the other side's words means. */
function broken(error: unknown, host: string): { code: CallProblem; text: string } {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  if (code.startsWith("HPE_")) return { code: "GARBAGE", text: `${host} answered with something that is not HTTP.` };
  if (/CERT|SELF_SIGNED|ALTNAME|SIGNATURE/.test(code))
    return { code: "CLOSED", text: `${host} could not prove who it is (${code}), so nothing was sent.` };
  return { code: "AWAY", text: `${host} could not be reached or broke off${code ? ` (${code})` : ""}.` };
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "The other side");
