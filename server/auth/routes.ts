/** The few addresses for people who are not signed in yet, or want out: /api/auth/*. Everything else is a procedure. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { type Address, clientAddress } from "@/server/http/hosts.ts";
import { headersOf, readJson } from "@/server/http/read.ts";
import { refuse, sendJson } from "@/server/http/refuse.ts";
import { megabyte, type Route } from "@/server/http/route.ts";
import type { Services } from "@/server/runtime/boot.ts";
import { contextOf } from "@/server/api/context.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { passwordRule } from "./password.ts";
import { isEmpty, setUp, setUpInput } from "./set-up.ts";
import { countFailure, forgive, mustWait } from "./sign-in-limit.ts";

const signInInput = z.strictObject({
  email: z.string().trim().min(1).max(200),
  password: z.string().min(1).max(passwordRule.max),
});
const passwordInput = z.strictObject({
  current: z.string().min(1).max(passwordRule.max),
  next: z.string().min(passwordRule.min).max(passwordRule.max),
});

export function authRoutes(services: Services, address: Address): Route[] {
  const { store, sessions, clock, newId, log } = services;
  const post = (path: string, handle: Route["handle"]): Route => ({
    path,
    methods: ["POST"],
    accepts: "application/json",
    limit: megabyte,
    from: "page",
    handle,
  });
  const no = (
    response: ServerResponse,
    status: number,
    code: string,
    text: string,
    headers: Record<string, string> = {},
  ) => refuse(response, status, { code, text, id: newId("ref") }, headers);
  const inTurn = oneAtATime();

  return [
    post("/api/auth/sign-in", async (request, response) => {
      const input = await readJson(request, signInInput);
      if (!input.ok) return no(response, 400, "INVALID", input.text);
      const { email, password } = input.value;
      const who = { email, address: clientAddress(request, address) };
      // In turn for each account: tries sent side by side would all be checked before the first is counted.
      await inTurn(email.toLowerCase(), async () => {
        const wait = await mustWait(store, who, clock.now());
        if (wait > 0) {
          const minutes = Math.ceil(wait / 60_000);
          return no(
            response,
            429,
            "BUSY",
            `Too many tries. Wait ${minutes} ${minutes === 1 ? "minute" : "minutes"}, then sign in again.`,
            { "retry-after": String(Math.ceil(wait / 1000)) },
          );
        }
        const signedIn = await sessions.signIn(email, password, headersOf(request));
        if (!signedIn) {
          await countFailure(store, who, clock.now());
          log.warn("a sign-in failed", { code: "SIGN_IN" });
          return no(response, 401, "SIGN_IN", "This e-mail and password do not go together. Check both and try again.");
        }
        await forgive(store, who);
        if (!services.demo && (await isDemo(store, signedIn.userId))) {
          await sessions.endAll(signedIn.userId);
          return no(
            response,
            403,
            "NOT_ALLOWED",
            "This is a demo account: its password is public. Start the demo with npm run demo to use it.",
          );
        }
        sendJson(response, 200, { ok: true }, cookies(response, signedIn.cookies));
      });
    }),

    post("/api/auth/sign-out", async (request, response) => {
      const cleared = await sessions.signOut(headersOf(request));
      sendJson(response, 200, { ok: true }, cookies(response, cleared));
    }),

    post("/api/auth/set-up", async (request, response) => {
      const input = await readJson(request, setUpInput);
      if (!input.ok) return no(response, 400, "INVALID", input.text);
      const made = await inTurn("set-up", () => setUp({ store, sessions, newId, now: clock.now() }, input.value));
      if (!made.ok)
        return no(response, { CONFLICT: 409, UNAVAILABLE: 503 }[String(made.code)] ?? 403, made.code, made.text);
      const signedIn = await sessions.signIn(input.value.email, input.value.password, headersOf(request));
      sendJson(response, 200, { ok: true }, cookies(response, signedIn?.cookies ?? []));
    }),

    post("/api/auth/password", async (request, response) => {
      const input = await readJson(request, passwordInput);
      if (!input.ok) return no(response, 400, "INVALID", input.text);
      const { person } = await contextOf(services, headersOf(request));
      if (!person?.userId || person.key)
        return no(
          response,
          401,
          "SIGN_IN",
          "You are not signed in, or your session has ended. The password was not changed.",
        );
      const { userId, email } = person;
      const who = { email, address: clientAddress(request, address) };
      await inTurn(email, async () => {
        const wait = await mustWait(store, who, clock.now());
        if (wait > 0 || !(await sessions.checkPassword(userId, input.value.current))) {
          if (wait === 0) await countFailure(store, who, clock.now());
          return no(response, 403, "NOT_ALLOWED", "The current password is not right. The password was not changed.");
        }
        await sessions.setPassword(userId, input.value.next);
        const signedIn = await sessions.signIn(email, input.value.next, headersOf(request));
        sendJson(response, 200, { ok: true }, cookies(response, signedIn?.cookies ?? []));
      });
    }),

    {
      path: "/api/auth/state",
      methods: ["GET"],
      accepts: "application/json",
      limit: 0,
      from: "page",
      async handle(request: IncomingMessage, response: ServerResponse) {
        const { person } = await contextOf(services, headersOf(request));
        sendJson(response, 200, { signedIn: person !== null, empty: await isEmpty(store) });
      },
    },
  ];
}

function cookies(response: ServerResponse, values: string[]): Record<string, string> {
  if (values.length) response.setHeader("set-cookie", values);
  return {};
}

/** Demo passwords stand on the sign-in page: they open nothing but the demo. */
async function isDemo(store: Services["store"], userId: string): Promise<boolean> {
  const { member, workspace } = store.t;
  const rows = await store.read
    .select({ demo: workspace.demo })
    .from(member)
    .innerJoin(workspace, eq(workspace.id, member.workspaceId))
    .where(eq(member.userId, userId));
  return rows.some((row) => row.demo);
}
