/** May this person do that? The one question every procedure and every address asks before it does anything. */
import { languageOf, type Person } from "@/server/auth/person.ts";
import type { Language } from "@/server/records/field.ts";
import { type Action, keyAllows, type Scope, scopeOf } from "./authorisation.ts";
import { asItIs, type Say } from "@/server/wording/translator.ts";
import type { Context } from "./context.ts";

export type Allowed = Context & { person: Person; scope: Scope; language: Language; say: Say };
type Refused = { ok: false; code: "SIGN_IN" | "NOT_ALLOWED"; text: string };

/** Strangers are asked to sign in; the others' refusal is noted in the audit and the log. */
export async function rightTo(action: Action, ctx: Context): Promise<{ ok: true; allowed: Allowed } | Refused> {
  const { person, services } = ctx;
  if (!person) {
    const text = "You are not signed in, or your session has ended. What was saved is kept. Sign in and go on.";
    return { ok: false, code: "SIGN_IN", text };
  }
  const scope = scopeOf(action, person.roles);
  if (scope && (!person.key || keyAllows(action, person.key.scopes)))
    return {
      ok: true,
      allowed: {
        ...ctx,
        // Whatever it does is dated by the workspace's time.
        services: { ...services, clock: services.engine.clocks.of(person.workspaceId) },
        language: ctx.language ?? languageOf(person),
        say: ctx.say ?? asItIs,
        person,
        scope,
      },
    };
  await services.noteRefusal(person, action);
  services.log.info("a right was refused", { action, workspaceId: person.workspaceId, memberId: person.memberId });
  const text = person.key
    ? "This key may not do that. Nothing was changed; an admin can make one with the scope."
    : "Your role may not do that. Nothing was changed; an admin can give you the role.";
  return { ok: false, code: "NOT_ALLOWED", text };
}
