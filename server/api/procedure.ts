/**
 * The ladder every procedure stands on. `action("records.read")` is the only way to make one: it names its row in the
 * authorisation table, and by the time the resolver runs there is a person, the right, and how far it reaches (`scope`).
 */
import { initTRPC } from "@trpc/server";
import type { Action } from "./authorisation.ts";
import type { Context } from "./context.ts";
import { asItIs } from "@/server/wording/translator.ts";
import { troubleIn } from "@/db/trouble.ts";
import { errorBody, refusalError, saidTo } from "./errors.ts";
import { rightTo } from "./right.ts";
import { transformer } from "./transformer.ts";

const t = initTRPC
  .context<Context>()
  .meta<{ action: Action }>()
  .create({
    transformer,
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 30_000 } },
    errorFormatter({ shape, error, ctx, path }) {
      const id = ctx?.services.newId("err") ?? "err";
      const body = saidTo(errorBody(error, id), ctx?.say ?? asItIs);
      if (body.code === "INTERNAL")
        ctx?.services.log.error("a procedure failed", {
          id,
          path: path ?? "",
          workspaceId: ctx.person?.workspaceId,
          memberId: ctx.person?.memberId,
          error: error.cause ?? error,
        });
      return {
        ...shape,
        message: body.text,
        data: {
          code: body.code,
          httpStatus: shape.data.httpStatus,
          text: body.text,
          id: body.id,
          ...(body.details && { details: body.details }),
        },
      };
    },
  });

export type { Allowed } from "./right.ts";
export const router = t.router;
export const mergeRouters = t.mergeRouters;
export const callerFactory = t.createCallerFactory;

/** A procedure that does `name`: its resolver is given the person and how far the right reaches (`scope`). */
export const action = (name: Action) =>
  t.procedure.meta({ action: name }).use(async ({ ctx, next }) => {
    const right = await rightTo(name, ctx);
    if (!right.ok) throw refusalError(right);
    const done = await next({ ctx: right.allowed });
    // The store refuses by throwing when its disk is full or its database away: to the caller it is a refusal like any other.
    const trouble = done.ok ? null : troubleIn(done.error.cause);
    if (trouble)
      throw Object.assign(refusalError({ code: trouble.code, text: trouble.message }), { digest: trouble.digest });
    return done;
  });
