/** Every address under /api, and what each demands of a request. A new one is a row here and a handler of its own. */
import type { IncomingMessage } from "node:http";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { troubleIn } from "@/db/trouble.ts";
import { authRoutes } from "@/server/auth/routes.ts";
import { type Address, isLoopback } from "@/server/http/hosts.ts";
import { headersOf } from "@/server/http/read.ts";
import { refuse, sendJson } from "@/server/http/refuse.ts";
import { megabyte, type Route } from "@/server/http/route.ts";
import type { Services } from "@/server/runtime/boot.ts";
import { hookRoutes } from "./hook-routes.ts";
import { metricsText, readHealth } from "@/server/runtime/health.ts";
import { importRoutes } from "./import-routes.ts";
import { contextOf } from "./context.ts";
import { refusalError } from "./errors.ts";
import { rightTo } from "./right.ts";
import { appRouter } from "./router.ts";

export const apiRoutes = (services: Services, address: Address): Route[] => [
  procedures(services),
  ...authRoutes(services, address),
  ...importRoutes(services),
  ...hookRoutes(services),
  metrics(services),
  readiness(services),
];

const procedures = (services: Services): Route => ({
  path: "/api/trpc/*",
  methods: ["GET", "POST"],
  accepts: "application/json",
  limit: megabyte,
  from: "page",
  handle: (request, response, url) =>
    nodeHTTPRequestHandler({
      router: appRouter,
      req: request,
      res: response,
      path: url.pathname.slice("/api/trpc/".length),
      maxBodySize: megabyte,
      maxBatchSize: 10,
      createContext: ({ req, res, info }) =>
        contextOf(services, headersOf(req), {
          refresh: true,
          signal: info.signal,
          cookies: (values) => res.setHeader("set-cookie", values),
        }).catch((error: unknown) => {
          // Before any procedure is asked: nobody after this tells or notes it.
          const trouble = troubleIn(error);
          if (trouble) throw refusalError({ code: trouble.code, text: trouble.message });
          services.log.error("a request failed before its procedure", { path: url.pathname, error });
          throw error;
        }),
    }),
});

/** How the server is, in numbers: for callers on the same machine, and for a key that may read them (its own workspace's). */
const metrics = (services: Services): Route => ({
  path: "/api/metrics",
  methods: ["GET"],
  accepts: "application/json",
  limit: 0,
  from: "page",
  async handle(request, response) {
    const key = request.headers.authorization ? await keyOf(services, request) : null;
    const here = isLoopback(request.socket.remoteAddress ?? "") && !request.headers["x-forwarded-for"];
    if (request.headers.authorization ? !key : !here) {
      const text = "There is nothing at this address.";
      return refuse(response, 404, { code: "NOT_FOUND", text, id: services.newId("ref") });
    }
    const health = await readHealth(services, key?.workspaceId ?? null);
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4", "cache-control": "no-store" });
    response.end(metricsText(health));
  },
});

async function keyOf(services: Services, request: IncomingMessage) {
  const right = await rightTo("metrics.read", await contextOf(services, headersOf(request)));
  return right.ok && right.allowed.person.key ? right.allowed.person : null;
}

/** Whether work can be done: the database answers, and there is room to write. */
const readiness = (services: Services): Route => ({
  path: "/api/ready",
  methods: ["GET"],
  accepts: "application/json",
  limit: 0,
  from: "page",
  async handle(_, response) {
    const why = await whyNotReady(services);
    if (!why) return sendJson(response, 200, { status: "ready", version: services.version });
    return sendJson(response, 503, { status: "not ready", version: services.version, why }, { "retry-after": "5" });
  },
});

async function whyNotReady({ store }: Services): Promise<string | null> {
  try {
    await store.read.select({ id: store.t.workspace.id }).from(store.t.workspace).limit(1);
  } catch {
    return "The database does not answer.";
  }
  return store.isNearlyFull() ? "The disk is nearly full: reading goes on, nothing is written." : null;
}
