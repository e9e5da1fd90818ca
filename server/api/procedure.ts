/**
 * The ladder every procedure stands on. `action("records.read")` is the only way to make one: it names its row in the
 * authorisation table, and by the time the resolver runs there is a person, the right, and how far it reaches (`scope`).
 */
import { initTRPC } from "@trpc/server";
import { type Action, keyAllows, type Scope, scopeOf } from "./authorisation.ts";
import type { Context } from "./context.ts";
import { errorBody, refusalError } from "./errors.ts";
import type { Person } from "@/server/auth/person.ts";
import { transformer } from "./transformer.ts";

const t = initTRPC
  .context<Context>()
  .meta<{ action: Action }>()
  .create({
    transformer,
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 30_000 } },
    errorFormatter({ shape, error, ctx, path }) {
      const id = ctx?.services.newId("err") ?? "err";
      const body = errorBody(error, id);
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

export const router = t.router;
export const mergeRouters = t.mergeRouters;
export const callerFactory = t.createCallerFactory;

export type Allowed = Context & { person: Person; scope: Scope };

/** A procedure that does `name`. Refuses strangers with SIGN_IN and the rest with NOT_ALLOWED, and notes each refusal. */
export const action = (name: Action) =>
  t.procedure.meta({ action: name }).use(async ({ ctx, next, path }) => {
    const { person, services } = ctx;
    if (!person)
      throw refusalError({
        code: "SIGN_IN",
        text: "You are not signed in, or your session has ended. What was saved is kept. Sign in and go on.",
      });
    const scope = scopeOf(name, person.roles);
    if (!scope || (person.key && !keyAllows(name, person.key.scopes))) {
      await services.noteRefusal(person, name);
      services.log.info("a right was refused", {
        action: name,
        path,
        workspaceId: person.workspaceId,
        memberId: person.memberId,
      });
      throw refusalError({
        code: "NOT_ALLOWED",
        text: person.key
          ? "This key may not do that. Nothing was changed; an admin can make one with the scope."
          : "Your role may not do that. Nothing was changed; an admin can give you the role.",
      });
    }
    return next({ ctx: { ...ctx, person, scope } satisfies Allowed });
  });
