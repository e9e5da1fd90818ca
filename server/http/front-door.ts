/**
 * What happens to a request: is it for us, is it for /api or for a page, may it be asked at all. /api is answered here;
 * pages go to Next, which sees only plain GETs that passed (no actions, no foreign hosts, no steering headers).
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { troubleIn } from "@/db/trouble.ts";
import type { Log } from "@/server/runtime/log.ts";
import { type Address, isOurs } from "./hosts.ts";
import { refuse, sendJson } from "./refuse.ts";
import { type Route, refusalOf, routeOf } from "./route.ts";
import { dropSteeringHeaders, setContentPolicy, setSecurityHeaders } from "./security-headers.ts";

export type FrontDoor = {
  address: Address;
  dev: boolean;
  version: string;
  log: Log;
  newId(kind: string): string;
  newNonce(): string;
  /** Null until everything is ready. */
  ready(): {
    routes: readonly Route[];
    pages(request: IncomingMessage, response: ServerResponse): Promise<void>;
  } | null;
};

/** Answers every request; never rejects. */
export function frontDoor(door: FrontDoor): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      await answer(door, request, response);
    } catch (error) {
      const id = door.newId("err");
      const trouble = troubleIn(error);
      if (trouble) return refuse(response, 503, { code: trouble.code, text: trouble.message, id }, {}, pathOf(request));
      door.log.error("a request failed", { id, method: request.method, path: pathOf(request), error });
      const body = {
        code: "INTERNAL",
        text: "Something went wrong on the server. What was saved before is kept. Try again; if it stays, give this id to whoever runs the server.",
        id,
      };
      refuse(response, 500, body, {}, pathOf(request));
    }
  };
}

async function answer(door: FrontDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { address } = door;
  setSecurityHeaders(response, address.secure);
  const no = (status: number, code: string, text: string, headers?: Record<string, string>) => {
    const id = door.newId("ref");
    door.log.info("a request was refused", { id, code, status, method: request.method, path: pathOf(request) });
    refuse(response, status, { code, text, id }, headers, pathOf(request));
  };

  if (!isOurs(request, address))
    return no(
      421,
      "HOST",
      `This server answers to ${address.baseUrl}. Set BASE_URL to the https address people use if it has another one.`,
    );
  if (!request.url?.startsWith("/")) return no(400, "PATH", "That is not a path of this server.");
  const url = new URL(`http://millrace${request.url.replace(/^\/{2,}/, "/")}`);
  // Where monitors look by habit.
  url.pathname = usual[url.pathname] ?? url.pathname;
  const ready = door.ready();

  if (url.pathname === "/api/health") {
    if (request.method !== "GET" && request.method !== "HEAD")
      return no(405, "METHOD", "The health address takes GET only.", { allow: "GET, HEAD" });
    return ready
      ? sendJson(response, 200, { status: "ok", version: door.version })
      : sendJson(response, 503, { status: "starting", version: door.version }, { "retry-after": "1" });
  }
  if (!ready)
    return no(503, "STARTING", "The server is still starting. Try again in a few seconds.", { "retry-after": "2" });

  if (url.pathname === "/api" || url.pathname.startsWith("/api/")) {
    const route = routeOf(ready.routes, url.pathname);
    if (!route) return no(404, "NOT_FOUND", "There is nothing at this address.");
    const refusal = refusalOf(request, route, address.origins);
    if (refusal) return no(refusal.status, refusal.code, refusal.text, refusal.headers);
    return route.handle(request, response, url);
  }

  const plain = request.method === "GET" || request.method === "HEAD";
  if (!plain || request.headers["next-action"] !== undefined)
    return no(405, "METHOD", "Pages can only be read.", { allow: "GET, HEAD" });
  dropSteeringHeaders(request);
  // Pages do not know their own address: whoever has to sign in first comes back here.
  url.searchParams.delete("_rsc");
  request.headers[askedPage] = url.pathname + url.search;
  setContentPolicy(request, response, door.newNonce(), door.dev);
  return ready.pages(request, response);
}

/** The header in which a page finds the address it was asked under; what a client sends by this name is written over. */
const askedPage = "x-millrace-page";

const usual: Readonly<Record<string, string>> = {
  "/healthz": "/api/health",
  "/readyz": "/api/ready",
  "/metrics": "/api/metrics",
};

const pathOf = (request: IncomingMessage): string => (request.url ?? "").split("?")[0] ?? "";
