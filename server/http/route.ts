/** An address under /api that the front door answers itself, and what it demands before it hands a request over. */
import type { IncomingMessage, ServerResponse } from "node:http";

export type Route = {
  /** The exact path, or everything below it when it ends in `/*`. */
  path: string;
  methods: ("GET" | "POST" | "DELETE")[];
  /** The one content type a body may have (without parameters); ignored for GET. */
  accepts: "application/json" | "application/octet-stream" | "text/csv";
  /** Largest body in bytes. */
  limit: number;
  /** "page": writes need this origin's own `Origin`, or a bearer key. "outside": the handler checks a signature itself. */
  from: "page" | "outside";
  handle(request: IncomingMessage, response: ServerResponse, url: URL): void | Promise<void>;
};

export const megabyte = 1024 * 1024;

/** The route of a path; exact ones win over prefixes, longer prefixes over shorter. */
export function routeOf(routes: readonly Route[], path: string): Route | undefined {
  const exact = routes.find((route) => route.path === path);
  if (exact) return exact;
  const below = routes.filter((route) => route.path.endsWith("/*") && path.startsWith(route.path.slice(0, -1)));
  return below.sort((a, b) => b.path.length - a.path.length)[0];
}

type Demand = { status: number; code: string; text: string; headers?: Record<string, string> };

/** Why a request may not reach its route's handler, or null when it may. */
export function refusalOf(request: IncomingMessage, route: Route, origins: ReadonlySet<string>): Demand | null {
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "");
  const known = route.methods.find((m) => m === method);
  if (!known)
    return {
      status: 405,
      code: "METHOD",
      text: `This address does not take ${method}.`,
      headers: { allow: route.methods.join(", ") },
    };
  if (known === "GET") return null;
  const bearer = /^Bearer /i.test(request.headers.authorization ?? "");
  if (route.from === "page" && !bearer && !origins.has(request.headers.origin ?? "")) {
    return {
      status: 403,
      code: "ORIGIN",
      text: "This request did not come from a page of this server, so nothing was done. Open the page again and retry.",
    };
  }
  const length = request.headers["content-length"];
  if (length === undefined || request.headers["transfer-encoding"] !== undefined)
    return {
      status: 411,
      code: "LENGTH",
      text: "The request did not say how long it is, so nothing was read. Send a Content-Length.",
    };
  if (Number(length) > route.limit)
    return {
      status: 413,
      code: "TOO_LARGE",
      text: `The request is larger than ${Math.floor(route.limit / 1024)} kB, so nothing was read. Send less at a time.`,
    };
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  const empty = Number(length) === 0 && type === "";
  if (type !== route.accepts && !empty)
    return {
      status: 415,
      code: "CONTENT_TYPE",
      text: `This address takes ${route.accepts} only, so nothing was read.`,
    };
  return null;
}
