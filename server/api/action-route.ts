/** An address that is no procedure (an upload, a file to download) but asks for the same rights. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { headersOf } from "@/server/http/read.ts";
import { refuse } from "@/server/http/refuse.ts";
import type { Route } from "@/server/http/route.ts";
import type { Services } from "@/server/runtime/boot.ts";
import type { Action } from "./authorisation.ts";
import { contextOf } from "./context.ts";
import { type Allowed, rightTo } from "./right.ts";

export type ActionRoute = Omit<Route, "handle" | "from"> & {
  action: Action;
  handle(allowed: Allowed, request: IncomingMessage, response: ServerResponse, url: URL): void | Promise<void>;
};

export const actionRoute = (services: Services, { action, handle, ...demands }: ActionRoute): Route => ({
  ...demands,
  from: "page",
  async handle(request, response, url) {
    const context = await contextOf(services, headersOf(request));
    const right = await rightTo(action, context);
    if (right.ok) return handle(right.allowed, request, response, url);
    refuse(response, right.code === "SIGN_IN" ? 401 : 403, {
      code: right.code,
      text: context.say?.(right.text) ?? right.text,
      id: services.newId("ref"),
    });
  },
});
