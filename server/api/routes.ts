/** Every address under /api, and what each demands of a request. A new one is a row here and a handler of its own. */
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { authRoutes } from "@/server/auth/routes.ts";
import { type Address, isLoopback } from "@/server/http/hosts.ts";
import { headersOf } from "@/server/http/read.ts";
import { refuse } from "@/server/http/refuse.ts";
import { megabyte, type Route } from "@/server/http/route.ts";
import type { Services } from "@/server/runtime/boot.ts";
import { hookRoutes } from "./hook-routes.ts";
import { importRoutes } from "./import-routes.ts";
import { contextOf } from "./context.ts";
import { appRouter } from "./router.ts";

export const apiRoutes = (services: Services, address: Address): Route[] => [
  procedures(services),
  ...authRoutes(services, address),
  ...importRoutes(services),
  ...hookRoutes(services),
  metrics(services),
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
        }),
    }),
});

/** A few numbers for whoever runs the server; only for callers on the same machine. */
const metrics = (services: Services): Route => ({
  path: "/api/metrics",
  methods: ["GET"],
  accepts: "application/json",
  limit: 0,
  from: "page",
  handle(request, response) {
    if (!isLoopback(request.socket.remoteAddress ?? "") || request.headers["x-forwarded-for"])
      return refuse(response, 404, {
        code: "NOT_FOUND",
        text: "There is nothing at this address.",
        id: services.newId("ref"),
      });
    const memory = process.memoryUsage();
    const lines = [
      ["millrace_uptime_seconds", Math.round(process.uptime())],
      ["millrace_resident_bytes", memory.rss],
      ["millrace_heap_used_bytes", memory.heapUsed],
    ];
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4", "cache-control": "no-store" });
    response.end(`${lines.map(([name, value]) => `# TYPE ${name} gauge\n${name} ${value}`).join("\n")}\n`);
  },
});
