/** The door for messages of other systems: /api/hooks/<connection>. What it demands is checked on the raw bytes. */
import { receiveWebhook } from "@/server/commands/receive-webhook.ts";
import { refuse, sendJson } from "@/server/http/refuse.ts";
import { megabyte, type Route } from "@/server/http/route.ts";
import type { Services } from "@/server/runtime/boot.ts";

const prefix = "/api/hooks/";
const statusOf = new Map<string, number>([
  ["UNSIGNED", 401],
  ["INVALID", 400],
  ["IDEMPOTENCY_MISMATCH", 409],
  ["BUSY", 429],
  ["TOO_LARGE", 413],
]);

export const hookRoutes = (services: Services): Route[] => [
  {
    path: `${prefix}*`,
    methods: ["POST"],
    accepts: "application/json",
    limit: megabyte,
    from: "outside",
    async handle(request, response, url) {
      const { engine, calls, clock, log, newId } = services;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
      const given = {
        connection: url.pathname.slice(prefix.length),
        id: headerOf(request.headers["webhook-id"]),
        timestamp: headerOf(request.headers["webhook-timestamp"]),
        signature: headerOf(request.headers["webhook-signature"]),
        body: Buffer.concat(chunks),
      };
      const received = await receiveWebhook({ ...engine, calls }, given, clock.now());
      if (received.ok) return sendJson(response, 202, { ok: true, duplicate: received.duplicate });
      const { code, text, waitSeconds } = received;
      const id = newId("ref");
      const status = statusOf.get(code) ?? 503;
      log.info("a message was refused", { id, code, status, path: prefix });
      refuse(response, status, { code, text, id }, waitSeconds ? { "retry-after": String(waitSeconds) } : {});
    },
  },
];

const headerOf = (value: string | string[] | undefined): string => (typeof value === "string" ? value : "");
